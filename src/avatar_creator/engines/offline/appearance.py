"""What the person in a drawing looks like, whatever art style draws it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.request_reader import Requested
from avatar_creator.engines.offline.rng import SeededRng
from avatar_creator.engines.offline.words.topics import Topic

_ADULT = 18
_YOUNG_ADULT = (22, 34)
_GRAYING_FROM, _GRAYING_YEARS = 40, 35
_BALDING_FROM = 50
# How often what nobody asked for is drawn, of 100.
_BALDING, _BEARD, _GLASSES, _EARRINGS = 35, 28, 14, 30
_GENDERS = {"female": 1, "male": 1}
_EYES = {"brown": 6, "dark brown": 5, "hazel": 2, "green": 1, "blue": 1}
_BEARDS = {"stubble": 4, "beard": 2, "full beard": 1, "moustache": 1}
_FRAMES = {"glasses": 1, "round glasses": 1, "rectangular glasses": 1}
_LINES = ((65, "seventies"), (50, "fifties"), (40, "forties"))
_PARTS = {Topic.DRESS: "attire", Topic.GARMENT: "attire"}  # the others are called as their topic
_DERIVED = frozenset({"beard", "brows", "lines", "bare eyes", "age lines", "face"})  # from the others
_BROW = "#3b2a20"  # brows stay darker than light hair


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
    "northern european": Ancestry(
        {"very light": 4, "light": 5, "medium light": 1},
        {"blonde": 4, "light brown": 3, "dark blonde": 3, "brown": 3, "dark brown": 2, "red": 1},
    ),
    "southern european": Ancestry(
        {"light": 3, "medium light": 4, "olive": 2, "medium": 1},
        {"dark brown": 5, "black": 3, "brown": 3, "light brown": 1},
    ),
    "hispanic": Ancestry(
        {"light": 2, "medium light": 4, "medium": 4, "medium dark": 1},
        {"dark brown": 5, "black": 4, "brown": 2},
    ),
    "middle eastern": Ancestry({"light": 2, "medium light": 4, "medium": 3}, {"black": 5, "dark brown": 4, "brown": 1}),
    "north african": Ancestry(
        {"light": 1, "medium light": 3, "medium": 4, "medium dark": 2}, {"black": 6, "dark brown": 4}
    ),
    "central asian": Ancestry({"light": 4, "medium light": 4, "medium": 2}, {"black": 6, "dark brown": 4}),
    "indigenous": Ancestry({"medium light": 2, "medium": 4, "medium dark": 2}, {"black": 8, "dark brown": 2}),
    "pacific islander": Ancestry({"medium light": 1, "medium": 4, "medium dark": 3}, {"black": 7, "dark brown": 3}),
    "melanesian": Ancestry({"medium dark": 2, "dark": 5, "deep": 3}, {"black": 8, "dark brown": 2}, coily=True),
    "mixed": Ancestry(
        {"light": 1, "medium light": 3, "medium": 4, "medium dark": 3, "dark": 1},
        {"black": 4, "dark brown": 4, "brown": 2},
        coily=True,
    ),
}
# Parts of another origin: chosen by chance beside it, they would make it likelier.
_PARTS_OF_ORIGINS = {"northern european", "southern european", "north african", "central asian", "melanesian"}
_ORIGINS = tuple(name for name in ANCESTRIES if name not in _PARTS_OF_ORIGINS)


class Appearance(NamedTuple):
    """A person to draw.

    ``parts`` names what to draw for each part ("glasses": "round glasses"; "none" for nothing at all),
    ``hair`` what the hair style must be like, ``colors`` the color of each role. ``requested`` holds the parts and
    roles that someone asked for, ``wording`` the words for the parts: an art style that cannot draw them says so.
    ``by_chance`` holds the others, and "gender", "age" and "hair style" where nobody asked for one.
    """

    gender: str
    age: int
    hair: tuple[str, ...]
    coily: bool
    parts: Mapping[str, str]
    colors: Mapping[str, str]
    requested: frozenset[str]
    wording: Mapping[str, str]
    by_chance: frozenset[str]


def decide_appearance(requested: Requested, rng: SeededRng) -> Appearance:
    """Return the appearance that was requested; ``rng`` decides all that was left open."""
    words = requested.words
    age = requested.age or rng.integer("age", *_YOUNG_ADULT)
    gender = words.get(Topic.GENDER) or rng.pick("gender", _GENDERS)
    ancestry = ancestry_of(requested.ethnicities or [_one("origin", _ORIGINS, rng)])
    hair = tuple(dict.fromkeys(requested.hair))
    if not hair and gender == "male" and age >= _BALDING_FROM and rng.chance("balding", _BALDING):
        hair = ("balding",)
    parts = {
        "attire": words.get(Topic.GARMENT) or words.get(Topic.DRESS) or "casual",
        "expression": words.get(Topic.EXPRESSION, ""),
        "facial hair": words.get(Topic.BEARD) or _beard(gender, age, rng),
        "glasses": words.get(Topic.GLASSES) or _sometimes("glasses", _GLASSES, _FRAMES, rng),
        "headwear": words.get(Topic.HEADWEAR, "none"),
        "earrings": words.get(Topic.EARRINGS) or _earrings(gender, age, rng),
        "face": "",
        "age lines": next((lines for least, lines in _LINES if age >= least), "none"),
    }
    skin = requested.colors.get("skin") or palette.SKIN[rng.pick("skin", ancestry.skin)]
    natural = palette.HAIR[rng.pick("hair color", ancestry.hair)]
    hair_color = requested.colors.get("hair") or palette.mix(natural, palette.GRAYED, _grayness(age, rng))
    eyes = requested.colors.get("eyes") or palette.EYES[rng.pick("eyes", _EYES)]
    colors = {
        "skin": skin,
        "hair": hair_color,
        "beard": hair_color,
        "brows": palette.mix(hair_color, _BROW, 0.55 * palette.lightness(hair_color)),
        "lines": _line_color(skin),
        "eyes": eyes,
        "bare eyes": palette.deepened(eyes, skin),  # in art that draws no white around them
        "clothes": requested.colors.get("clothes") or palette.FABRIC[_one("clothes", _fabrics(parts["attire"]), rng)],
        "headwear": palette.FABRIC[_one("headwear", palette.HEADWEAR, rng)],
        "frames": palette.apart(_one("frames", palette.FRAMES, rng), skin),
        "jewellery": _one("jewellery", palette.JEWELLERY, rng),
        "background": requested.colors.get("background") or _one("background", palette.PASTELS, rng),
    }
    wording = {_PARTS.get(topic, str(topic)): text for topic, text in requested.texts.items()}
    if Topic.GARMENT in words:  # it is drawn, whatever style of dress was named beside it
        wording["attire"] = requested.texts[Topic.GARMENT]
    asked = {*wording, *requested.colors, *(("hair style",) if requested.hair else ())}
    left_open = {"age"} if requested.age is None else set()
    left_open |= {"gender", "hair style", *parts, *colors} - asked - _DERIVED
    return Appearance(gender, age, hair, ancestry.coily, parts, colors, frozenset(asked), wording, frozenset(left_open))


def _beard(gender: str, age: int, rng: SeededRng) -> str:
    if gender != "male" or age < _ADULT:
        return "none"
    return _sometimes("beard", _BEARD, _BEARDS, rng)


def _earrings(gender: str, age: int, rng: SeededRng) -> str:
    if gender != "female" or age < _ADULT:
        return "none"
    return _sometimes("earrings", _EARRINGS, {"stud": 2, "hoop": 1}, rng)


def _sometimes(part: str, percent: int, weights: Mapping[str, int], rng: SeededRng) -> str:
    return rng.pick(part, weights) if rng.chance(f"{part}?", percent) else "none"


def _one(part: str, choices: Iterable[str], rng: SeededRng) -> str:
    return rng.pick(part, dict.fromkeys(choices, 1))


def _fabrics(dress: str) -> tuple[str, ...]:
    if dress in {"formal", "suit"}:
        return palette.FORMAL_CLOTHES
    if dress in {"workwear", "overalls"}:
        return palette.WORK_CLOTHES
    return palette.CLOTHES


def _grayness(age: int, rng: SeededRng) -> float:
    """Return how gray hair is, 0 to 1: some people gray earlier than others, at every age alike."""
    if age < _GRAYING_FROM:
        return 0.0
    years = age - _GRAYING_FROM + rng.integer("graying", -4, 4)
    return min(max(years / _GRAYING_YEARS, 0.12), 0.95)


def _line_color(skin: str) -> str:
    """Return a color that is seen on the skin and still belongs to it."""
    return palette.mix(skin, "#170905", 0.3 + 0.5 * (1 - palette.lightness(skin)))


def ancestry_of(names: Iterable[str]) -> Ancestry:
    """Return the named ancestries joined to one."""
    found = [ANCESTRIES[name] for name in names]
    skin: Counter[str] = Counter()
    hair: Counter[str] = Counter()
    for one in found:
        skin.update(one.skin)
        hair.update(one.hair)
    return Ancestry(skin, hair, coily=any(one.coily for one in found))
