"""What the person in a drawing looks like, whatever art style draws it."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from avatar_creator.engines.offline import palette
from avatar_creator.engines.offline.ancestry import ORIGINS, Ancestry, ancestry_of
from avatar_creator.engines.offline.requested import Requested
from avatar_creator.engines.offline.rng import SeededRng
from avatar_creator.engines.offline.words.topics import Topic

_ADULT = 18
_YOUNG_ADULT = (22, 34)
_GRAYING_FROM, _GRAYING_YEARS = 40, 35
_BALDING_FROM = 50
# How often what nobody asked for is drawn, of 100.
_BALDING, _BEARD, _GLASSES, _EARRINGS = 35, 28, 14, 30
_GENDERS = {"female": 1, "male": 1}
_BEARDS = {"stubble": 4, "beard": 2, "full beard": 1, "moustache": 1}
_FRAMES = {"glasses": 1, "round glasses": 1, "rectangular glasses": 1}
_ORDINARY = "average"
_STAGES = ((12, "child"), (17, "teenager"))
_LINES = ((65, "seventies"), (50, "fifties"), (40, "forties"), (30, "thirties"))
_PARTS = {Topic.DRESS: "attire", Topic.GARMENT: "attire"}  # the others are called as their topic
_DERIVED = frozenset(
    {"beard", "brows", "lines", "bare eyes", "shade", "highlight", "hair edge", "age lines", "face", "age"}
)  # from the others
_SAME_ORIGIN = {"white": "caucasian", "caucasian": "white", "black": "african", "african": "black"}
_DARKER = {"dark": "deep"}  # of skins: who is not dark is not deep either
_BROW = "#3b2a20"  # brows stay darker than light hair


class Appearance(NamedTuple):
    """A person to draw.

    ``parts`` names what to draw for each part ("glasses": "round glasses"; "none" for nothing at all),
    ``hair`` what the hair style must be like, ``colors`` the color of each role. ``requested`` holds the parts and
    roles that someone asked for, ``wording`` the words for the parts: an art style that cannot draw them says so.
    ``by_chance`` holds the others, and "gender", "age" and "hair style" where nobody asked for one; ``refused`` what
    must not be drawn.
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
    refused: Mapping[Topic, Collection[str]]


def decide_appearance(requested: Requested, rng: SeededRng) -> Appearance:
    """Return the appearance that was requested; ``rng`` decides what was left open, without all that was refused."""
    words, refused = requested.words, requested.refused
    age = requested.age or rng.integer("age", *_YOUNG_ADULT)
    gender = words.get(Topic.GENDER) or rng.pick("gender", _without(refused.get(Topic.GENDER, ()), _GENDERS))
    ancestry = ancestry_of(requested.ethnicities or [_origin(refused.get(Topic.ETHNICITY, ()), rng)])
    hair = tuple(dict.fromkeys(requested.hair)) or _balding(gender, age, refused.get(Topic.HAIR, ()), rng)
    parts = {
        "attire": words.get(Topic.GARMENT) or words.get(Topic.DRESS) or "casual",
        "expression": words.get(Topic.EXPRESSION, ""),
        "facial hair": words.get(Topic.BEARD) or _beard(gender, age, rng),
        "glasses": words.get(Topic.GLASSES) or _sometimes("glasses", _GLASSES, _FRAMES, rng),
        "headwear": words.get(Topic.HEADWEAR, "none"),
        "earrings": words.get(Topic.EARRINGS) or _earrings(gender, age, rng),
        "body type": words.get(Topic.BODY, _ORDINARY),
        "face": "",
        "age": next((stage for most, stage in _STAGES if age <= most), ""),
        "age lines": next((lines for least, lines in _LINES if age >= least), "none"),
    }
    colors = _decide_colors(requested, parts, ancestry, age, rng)
    wording = {_PARTS.get(topic, str(topic)): text for topic, text in requested.texts.items()}
    if Topic.GARMENT in words:  # it is drawn, whatever style of dress was named beside it
        wording["attire"] = requested.texts[Topic.GARMENT]
    if requested.age is not None and parts["age"]:
        wording["age"] = parts["age"]
    asked = {*wording, *requested.colors, *(("hair style",) if requested.hair else ())}
    left_open = {"age"} if requested.age is None else set()
    left_open |= {"gender", "hair style", *parts, *colors} - asked - _DERIVED
    return Appearance(
        gender, age, hair, ancestry.coily, parts, colors, frozenset(asked), wording, frozenset(left_open), refused
    )


def _decide_colors(
    requested: Requested, parts: Mapping[str, str], ancestry: Ancestry, age: int, rng: SeededRng
) -> dict[str, str]:
    asked, refused = requested.colors, requested.refused
    refused_hair = refused.get(Topic.HAIR_COLOR, ())
    skin = asked.get("skin") or _color("skin", palette.SKIN, ancestry.skin, refused.get(Topic.SKIN, ()), rng)
    hair = asked.get("hair") or palette.mix(
        _color("hair color", palette.HAIR, ancestry.hair, refused_hair, rng),
        palette.GRAYED,
        0.0 if palette.GRAYS & set(refused_hair) else _grayness(age, rng),
    )
    eyes = asked.get("eyes") or _color("eyes", palette.EYES, ancestry.eyes, refused.get(Topic.EYE_COLOR, ()), rng)
    fabrics = palette.FABRICS.get(parts["attire"], palette.CLOTHES)
    clothes = asked.get("clothes") or _color(
        "clothes", palette.FABRIC, dict.fromkeys(fabrics, 1), refused.get(Topic.FABRIC, ()), rng
    )
    pastel = _one("background", palette.PASTELS.values(), rng)
    background = asked.get("background") or palette.background(pastel, hair, clothes)
    light, skin_light = palette.lightness(hair), palette.lightness(skin)
    brows = palette.mix(hair, _BROW, 0.55 * light if light < skin_light else 1.0)
    return {
        "skin": skin,
        "hair": hair,
        "hair edge": palette.seen(hair, skin, background),
        "beard": asked.get("beard", hair),
        "brows": palette.seen(brows, skin),
        "lines": _line_color(skin),
        "shade": _shade_color(skin),
        "highlight": palette.mix(skin, "#ffffff", max(0.0, 0.42 - skin_light)),  # beside ink on dark skin
        "eyes": eyes,
        "bare eyes": palette.deepened(eyes, skin),  # in art that draws no white around them
        "clothes": clothes,
        "accent": _one("accent", (accent for accent in palette.ACCENTS if palette.are_apart(accent, clothes)), rng),
        "headwear": asked.get("headwear") or palette.FABRIC[_one("headwear", _headwear_colors(parts), rng)],
        "frames": asked.get("frames") or palette.apart(_one("frames", palette.FRAMES.values(), rng), skin),
        "jewellery": asked.get("jewellery") or _one("jewellery", palette.JEWELLERY.values(), rng),
        "background": background,
    }


def _balding(gender: str, age: int, refused: Collection[str], rng: SeededRng) -> tuple[str, ...]:
    balds = gender == "male" and age >= _BALDING_FROM and not {"bald", "balding"} & set(refused)
    return ("balding",) if balds and rng.chance("balding", _BALDING) else ()


def _origin(refused: Collection[str], rng: SeededRng) -> str:
    also = {_SAME_ORIGIN[name] for name in refused if name in _SAME_ORIGIN}
    return rng.pick("origin", _without({*refused, *also}, dict.fromkeys(ORIGINS, 1)))


def _color(
    part: str, palette_: Mapping[str, str], weights: Mapping[str, int], refused: Collection[str], rng: SeededRng
) -> str:
    """Return one of a palette's colors; ``refused`` are colors, ``weights`` go by name."""
    names = [name for name, color in palette_.items() if color in refused]
    names += [_DARKER[name] for name in names if name in _DARKER]
    # "not brown" leaves no eyes of many origins: then those of all others are allowed.
    allowed = _allowed(names, weights) or _allowed(names, dict.fromkeys(palette_, 1))
    return palette_[rng.pick(part, allowed or weights)]


def _without(refused: Collection[str], weights: Mapping[str, int]) -> Mapping[str, int]:
    """Return the weights of what is not refused, where anything is left."""
    allowed = _allowed(refused, weights)
    return allowed or {name: weight for name, weight in weights.items() if name not in refused} or weights


def _allowed(refused: Collection[str], weights: Mapping[str, int]) -> Mapping[str, int]:
    """Return the weights of what is not refused: "brown" refuses "dark brown", too."""
    taken = [set(name.split()) for name in refused]
    return {name: weight for name, weight in weights.items() if not any(map(set(name.split()).issuperset, taken))}


def _headwear_colors(parts: Mapping[str, str]) -> Iterable[str]:
    return palette.HARD_HATS if parts["headwear"] == "hard hat" else palette.HEADWEAR


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


def _grayness(age: int, rng: SeededRng) -> float:
    """Return how gray hair is, 0 to 1: some people gray earlier than others, at every age alike."""
    if age < _GRAYING_FROM:
        return 0.0
    years = age - _GRAYING_FROM + rng.integer("graying", -4, 4)
    return min(max(years / _GRAYING_YEARS, 0.12), 0.95)


def _shade_color(skin: str) -> str:
    """Return the color of a soft shade that is seen on the skin."""
    return palette.mix(skin, "#120703", 0.13 + 0.55 * (1 - palette.lightness(skin)) ** 1.2)


def _line_color(skin: str) -> str:
    """Return a color that is seen on the skin and still belongs to it."""
    return palette.mix(skin, "#170905", 0.3 + 0.5 * (1 - palette.lightness(skin)))
