"""Which skin and hair colors are common where: weights for a draw, and nothing else.

They apply only where no skin tone or hair color was asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Ancestry(NamedTuple):
    """Weighted names of `palette.SKIN` and `palette.HAIR`; ``coily`` opens the coily hair styles too."""

    skin: Mapping[str, int]
    hair: Mapping[str, int]
    coily: bool = False


_DARK_HAIR = {"black": 7, "dark brown": 3}
_EAST = Ancestry({"very light": 1, "light": 4, "medium light": 2}, _DARK_HAIR)
_EUROPEAN = Ancestry(
    {"very light": 3, "light": 5, "medium light": 2},
    {"dark brown": 4, "brown": 4, "light brown": 3, "blonde": 3, "auburn": 1, "red": 1, "black": 1},
)
_AFRICAN = Ancestry({"medium dark": 2, "dark": 4, "deep": 4}, {"black": 8, "dark brown": 2}, coily=True)

ANCESTRIES = {
    "asian": Ancestry({"light": 4, "medium light": 3, "medium": 3}, _DARK_HAIR),
    "east asian": _EAST,
    "southeast asian": Ancestry({"light": 1, "medium light": 4, "medium": 4}, _DARK_HAIR),
    "south asian": Ancestry({"medium light": 2, "medium": 4, "medium dark": 3, "dark": 1}, _DARK_HAIR),
    "black": Ancestry({"medium": 1, "medium dark": 3, "dark": 4, "deep": 2}, _AFRICAN.hair, coily=True),
    "african": _AFRICAN,
    "caucasian": _EUROPEAN,
    "white": _EUROPEAN,
    "hispanic": Ancestry(
        {"light": 2, "medium light": 4, "medium": 4, "medium dark": 1},
        {"dark brown": 5, "black": 4, "brown": 2},
    ),
    "middle eastern": Ancestry({"light": 2, "medium light": 4, "medium": 3}, {"black": 5, "dark brown": 4, "brown": 1}),
    "indigenous": Ancestry({"medium light": 2, "medium": 4, "medium dark": 2}, {"black": 8, "dark brown": 2}),
    "pacific islander": Ancestry({"medium light": 1, "medium": 4, "medium dark": 3}, {"black": 7, "dark brown": 3}),
    "mixed": Ancestry(
        {"light": 1, "medium light": 3, "medium": 4, "medium dark": 3, "dark": 1},
        {"black": 4, "dark brown": 4, "brown": 2},
        coily=True,
    ),
}


def ancestry_of(names: Iterable[str]) -> Ancestry:
    """Return the named ancestries joined to one."""
    found = [ANCESTRIES[name] for name in names]
    skin: Counter[str] = Counter()
    hair: Counter[str] = Counter()
    for one in found:
        skin.update(one.skin)
        hair.update(one.hair)
    return Ancestry(skin, hair, coily=any(one.coily for one in found))
