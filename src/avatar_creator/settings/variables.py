"""The variables of the environment that set something: AVATAR_ and a key, in any case and not empty."""

import os
from collections.abc import Collection

from avatar_creator.home import PREFIX


def variable_of(key: str) -> str | None:
    """Return the name of the variable that sets a key; None if none does."""
    variable = PREFIX + key.upper()
    return variable if any(value and name.upper() == variable for name, value in os.environ.items()) else None


def is_any_set(keys: Collection[str]) -> bool:
    """Return whether a variable sets one of the keys."""
    variables = {f"{PREFIX}{key.upper()}" for key in keys}
    return any(value and name.upper() in variables for name, value in os.environ.items())
