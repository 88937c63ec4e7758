"""Which skin and hair colors are common where: weights for a draw, and nothing else.

They apply only where no skin tone or hair color was asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Origin(NamedTuple):
    """Weighted names of `palette.SKIN` and `palette.HAIR`; ``coily`` opens the coily hair styles too."""

    skin: Mapping[str, int]
    hair: Mapping[str, int]
    coily: bool = False


_DARK_HAIR = {"black": 7, "dark brown": 3}
_EAST = Origin({"very light": 1, "light": 4, "medium light": 2}, _DARK_HAIR)
_EUROPEAN = Origin(
    {"very light": 3, "light": 5, "medium light": 2},
    {"dark brown": 4, "brown": 4, "light brown": 3, "blonde": 3, "auburn": 1, "red": 1, "black": 1},
)
_AFRICAN = Origin({"medium dark": 2, "dark": 4, "deep": 4}, {"black": 8, "dark brown": 2}, coily=True)

ORIGINS = {
    "asian": Origin({"light": 4, "medium light": 3, "medium": 3}, _DARK_HAIR),
    "east asian": _EAST,
    "southeast asian": Origin({"light": 1, "medium light": 4, "medium": 4}, _DARK_HAIR),
    "south asian": Origin({"medium light": 2, "medium": 4, "medium dark": 3, "dark": 1}, _DARK_HAIR),
    "black": Origin({"medium": 1, "medium dark": 3, "dark": 4, "deep": 2}, _AFRICAN.hair, coily=True),
    "african": _AFRICAN,
    "caucasian": _EUROPEAN,
    "white": _EUROPEAN,
    "hispanic": Origin(
        {"light": 2, "medium light": 4, "medium": 4, "medium dark": 1},
        {"dark brown": 5, "black": 4, "brown": 2},
    ),
    "middle eastern": Origin({"light": 2, "medium light": 4, "medium": 3}, {"black": 5, "dark brown": 4, "brown": 1}),
    "indigenous": Origin({"medium light": 2, "medium": 4, "medium dark": 2}, {"black": 8, "dark brown": 2}),
    "pacific islander": Origin({"medium light": 1, "medium": 4, "medium dark": 3}, {"black": 7, "dark brown": 3}),
    "mixed": Origin(
        {"light": 1, "medium light": 3, "medium": 4, "medium dark": 3, "dark": 1},
        {"black": 4, "dark brown": 4, "brown": 2},
        coily=True,
    ),
}


def origin_of(names: Iterable[str]) -> Origin:
    """Return the named origins joined to one."""
    found = [ORIGINS[name] for name in names]
    skin: Counter[str] = Counter()
    hair: Counter[str] = Counter()
    for origin in found:
        skin.update(origin.skin)
        hair.update(origin.hair)
    return Origin(skin, hair, coily=any(origin.coily for origin in found))
