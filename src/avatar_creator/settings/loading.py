"""Reading all settings: from AVATAR_* in the environment, else config.toml in the home, else the default."""

import os
from pathlib import Path

from avatar_creator.home import HOME_VARIABLE, PREFIX
from avatar_creator.settings.file import read_file
from avatar_creator.settings.values import DEFAULTS, KEYS, Settings, nearest
from avatar_creator.settings.variables import is_any_set


def load_settings(config: Path) -> Settings:
    """Read all settings. Raises InvalidInput naming the key, the value and where it stands."""
    in_file = read_file(config)  # a broken file is refused in our words before pydantic meets it
    if not in_file and not is_any_set(KEYS):
        return DEFAULTS  # there is nothing to check, and what checks takes longer to import than a dry run
    from avatar_creator.settings.schema import check_settings  # noqa: PLC0415

    return check_settings(config)


def misspelt_variables() -> list[tuple[str, str]]:
    """Return variables that set nothing but have almost the name of one that does, and that name.

    Others that begin with AVATAR_ are left alone: they may be another program's.
    """
    known = {f"{PREFIX}{key.upper()}" for key in KEYS} | {HOME_VARIABLE}
    unknown = [name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known]
    near = [(name, nearest(name[len(PREFIX) :], (HOME_VARIABLE.removeprefix(PREFIX).lower(),))) for name in unknown]
    return [(name, f"{PREFIX}{key.upper()}") for name, key in near if key]
