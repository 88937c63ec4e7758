"""Where a copy of a picture goes. Quick to import: every plan has it."""

from collections.abc import Callable
from typing import NamedTuple


class Place(NamedTuple):
    """Where a copy of a picture goes: below ``folder``, which has to be there; missing ones below it are made."""

    path: str
    folder: str
    replace: bool = False


PlaceOf = Callable[[int, str], Place]
"""Returns where the copy of a picture goes: of the ``n``-th, counted from 1, whose avatar has that id."""
