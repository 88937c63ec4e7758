"""What is common where people's ancestors come from: weights for what nobody asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Ancestry(NamedTuple):
    """Weighted names of `palette.SKIN`, `palette.HAIR` and `palette.EYES`.

    Eyes are brown in most of the world: in East Asia, Africa, Oceania and among indigenous Americans next to always.
    Those of people of European descent follow the survey of the American Academy of Ophthalmology of 2014 (of all
    Americans 45 % brown, 27 % blue, 18 % hazel, 9 % green), with more blue, as Grant and Lauderdale found among
    non-Hispanic whites (a third, Annals of Human Biology, 2002). The other weights are estimates between these two.
    ``coily`` opens the coily hair styles too.
    """

    skin: Mapping[str, int]
    hair: Mapping[str, int]
    eyes: Mapping[str, int]
    coily: bool = False


_DARK_HAIR = {"black": 7, "dark brown": 3}
_DARK_EYES = {"dark brown": 3, "brown": 2}
_BROWN_EYES = {"dark brown": 12, "brown": 15, "light brown": 1, "hazel": 1}
_MOSTLY_BROWN_EYES = {"dark brown": 9, "brown": 14, "light brown": 2, "hazel": 3, "green": 1, "blue": 1}
_EAST = Ancestry({"very light": 1, "light": 4, "medium light": 2}, _DARK_HAIR, _DARK_EYES)
_EUROPEAN = Ancestry(
    {"very light": 3, "light": 5, "medium light": 2},
    {"dark brown": 4, "brown": 4, "light brown": 3, "blonde": 3, "auburn": 1, "red": 1, "black": 1},
    {"brown": 8, "dark brown": 2, "blue": 9, "hazel": 5, "green": 4, "gray": 1},
)
_AFRICAN = Ancestry({"medium dark": 2, "dark": 4, "deep": 4}, {"black": 8, "dark brown": 2}, _DARK_EYES, coily=True)

ANCESTRIES = {
    "asian": Ancestry({"light": 4, "medium light": 3, "medium": 3}, _DARK_HAIR, _DARK_EYES),
    "east asian": _EAST,
    "southeast asian": Ancestry({"light": 1, "medium light": 4, "medium": 4}, _DARK_HAIR, _DARK_EYES),
    "south asian": Ancestry({"medium light": 2, "medium": 4, "medium dark": 3, "dark": 1}, _DARK_HAIR, _BROWN_EYES),
    "black": Ancestry({"medium": 1, "medium dark": 3, "dark": 4, "deep": 2}, _AFRICAN.hair, _BROWN_EYES, coily=True),
    "african": _AFRICAN,
    "caucasian": _EUROPEAN,
    "white": _EUROPEAN,
    "northern european": Ancestry(
        {"very light": 4, "light": 5, "medium light": 1},
        {"blonde": 4, "light brown": 3, "dark blonde": 3, "brown": 3, "dark brown": 2, "red": 1},
        {"blue": 12, "gray": 2, "green": 4, "hazel": 3, "brown": 4},
    ),
    "southern european": Ancestry(
        {"light": 3, "medium light": 4, "olive": 2, "medium": 1},
        {"dark brown": 5, "black": 3, "brown": 3, "light brown": 1},
        {"brown": 10, "dark brown": 4, "hazel": 4, "green": 2, "blue": 2},
    ),
    "hispanic": Ancestry(
        {"light": 2, "medium light": 4, "medium": 4, "medium dark": 1},
        {"dark brown": 5, "black": 4, "brown": 2},
        _MOSTLY_BROWN_EYES,
    ),
    "middle eastern": Ancestry(
        {"light": 2, "medium light": 4, "medium": 3},
        {"black": 5, "dark brown": 4, "brown": 1},
        _MOSTLY_BROWN_EYES,
    ),
    "north african": Ancestry(
        {"light": 1, "medium light": 3, "medium": 4, "medium dark": 2}, {"black": 6, "dark brown": 4}, _BROWN_EYES
    ),
    "central asian": Ancestry(
        {"light": 4, "medium light": 4, "medium": 2}, {"black": 6, "dark brown": 4}, _MOSTLY_BROWN_EYES
    ),
    "indigenous": Ancestry(
        {"medium light": 2, "medium": 4, "medium dark": 2}, {"black": 8, "dark brown": 2}, _DARK_EYES
    ),
    "pacific islander": Ancestry({"medium light": 1, "medium": 4, "medium dark": 3}, _DARK_HAIR, _DARK_EYES),
    "melanesian": Ancestry(
        {"medium dark": 2, "dark": 5, "deep": 3}, {"black": 8, "dark brown": 2}, _DARK_EYES, coily=True
    ),
    "mixed": Ancestry(
        {"light": 1, "medium light": 3, "medium": 4, "medium dark": 3, "dark": 1},
        {"black": 4, "dark brown": 4, "brown": 2},
        _MOSTLY_BROWN_EYES,
        coily=True,
    ),
}

# Parts of another origin: chosen by chance beside it, they would make it likelier.
_PARTS_OF_ORIGINS = {"northern european", "southern european", "north african", "central asian", "melanesian"}
ORIGINS = tuple(name for name in ANCESTRIES if name not in _PARTS_OF_ORIGINS)


def ancestry_of(names: Iterable[str]) -> Ancestry:
    """Return the named ancestries joined to one."""
    found = [ANCESTRIES[name] for name in names]

    def joined(weights: Iterable[Mapping[str, int]]) -> Counter[str]:
        return sum(map(Counter, weights), Counter())

    skin, hair, eyes = (joined(each) for each in zip(*((one.skin, one.hair, one.eyes) for one in found), strict=True))
    return Ancestry(skin, hair, eyes, coily=any(one.coily for one in found))
