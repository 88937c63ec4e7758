"""What people see in a drawing of the avataaars art style: what its drawings show, and which color a color is.

This is looked up in the pictures and said anew here, not taken from the tables of the engine: it judges them.
"""

import math
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

_SEEN = {  # by component: what a drawing shows, all that people would call it
    "hair": {
        "none": "bald",
        "bantuKnots": "bantu-knots bun short coily",
        "bigWaves": "long wavy big shaggy curly",
        "bob": "bob medium straight",
        "bunches": "pigtails long",
        "bun": "bun",
        "cornrows": "braids cornrows short coily",
        "curly": "curly medium coily",
        "curvy": "long wavy shaggy",
        "dreads": "dreadlocks twists long coily",
        "dreads01": "dreadlocks twists short coily",
        "dreads02": "dreadlocks twists medium coily",
        "fade": "fade short undercut crop",
        "flatTop": "short flat-top fade coily afro",
        "frizzle": "undercut mohawk quiff fade spiky short",
        "fro": "afro curly coily big medium",
        "longButNotTooLong": "medium long straight fringe",
        "miaWallace": "bob fringe straight medium",
        "plaits": "braids pigtails long",
        "ponytail": "ponytail long straight",
        "shaggy": "shaggy medium wavy",
        "shaggyMullet": "mullet shaggy medium wavy",
        "shortCurly": "short curly coily fade",
        "shortFlat": "short straight spiky crop side-part",
        "shortRound": "short pixie fringe straight",
        "shortWaved": "short wavy quiff side-part",
        "sides": "balding short",
        "spaceBuns": "bun buns",
        "straight01": "long straight side-part",
        "straight02": "long straight",
        "straightAndStrand": "long straight fringe sidelocks",
        "theCaesar": "short buzz crop fade straight",
        "theCaesarAndSidePart": "short buzz crop fade side-part straight",
    },
    "beard": {
        "none": "none",
        "stubble": "stubble",
        "beardLight": "beard",
        "beardMedium": "beard full-beard",
        "beardMajestic": "beard long-beard",
        "moustacheMagnum": "moustache",
        "moustacheFancy": "moustache handlebar",
    },
    "glasses": {
        "none": "none",
        "round": "any glasses",
        "prescription01": "any glasses",
        "prescription02": "any glasses",
        "sunglasses": "sunglasses",
        "wayfarers": "sunglasses",
        "eyepatch": "eyepatch",
        "kurt": "sunglasses",
    },
    "headwear": {name: name for name in ("none", "hat", "cap", "beanie", "hijab", "turban", "headband", "flowers")}
    | {"hardHat": "hard-hat", "beret": "beret hat", "skullcap": "skullcap cap hat"},
    "earrings": {"none": "none", "stud": "any stud", "hoop": "any hoop"},
    "clothes": {
        "none": "bare",
        "shirtCrewNeck": "t-shirt casual top",
        "shirtVNeck": "t-shirt casual top v-neck",
        "shirtScoopNeck": "t-shirt casual top",
        "hoodie": "hoodie casual sporty top",
        "graphicShirt": "t-shirt casual creative top",
        "collarAndSweater": "sweater shirt smart top",
        "blazerAndSweater": "suit smart formal jacket",
        "blazerAndShirt": "suit formal jacket",
        "blazerAndTie": "suit formal jacket tie",
        "blazerAndBowTie": "suit formal jacket tie",
        "blazerAndBow": "suit formal jacket",
        "overallAndShirt": "overalls workwear jumpsuit",
        "shirtAndCollar": "shirt smart formal top blouse",
        "shirtAndTie": "shirt smart formal tie",
        "checkeredShirt": "shirt casual creative top",
        "stripedShirt": "t-shirt casual creative top",
        "blouse": "blouse top smart formal",
        "turtleneck": "turtleneck sweater top smart",
        "sweater": "sweater top casual smart",
        "scrubs": "scrubs",
        "apron": "apron workwear overalls",
        "labCoat": "lab-coat",
        "dress": "dress",
        "sari": "sari traditional",
        "kimono": "kimono traditional",
        "tunic": "tunic traditional top",
        "uniform": "uniform",
        "zipJacket": "jacket casual sporty",
        "waistcoat": "waistcoat suit formal",
    },
}
_WRAPS = frozenset({"hijab", "turban"})  # drawn in place of hair
_COMPONENTS = {"beard": "facialHair", "glasses": "accessories", "earrings": "earrings", "clothes": "clothes"}
_MOODS = {  # part of the name of a mouth, of eyes or of brows, and what it may express
    "smile": "smile laugh",
    "twinkle": "smile calm proud",
    "grin": "smile laugh",
    "open": "smile laugh",
    "soft": "smile calm",
    "slight": "smile calm",
    "half": "proud calm curious",
    "lips": "calm",
    "pressed": "serious",
    "smirk": "proud contempt",
    "drooping": "tired sad",
    "tired": "tired",
    "happy": "smile laugh",
    "default": "calm",
    "serious": "serious",
    "sad": "sad worried",
    "disbelief": "surprised worried",
    "concerned": "worried sad confused",
    "grimace": "worried contempt",
    "tongue": "tongue laugh",
    "scream": "surprised",
    "closed": "asleep tired",
    "wink": "wink",
    "squint": "contempt tired proud",
    "side": "curious contempt",
    "surprised": "surprised",
    "hearts": "smile",
    "angry": "angry",
    "flat": "serious tired",
    "raised": "surprised",
    "updown": "confused contempt",
    "frown": "serious",
}
_ROLES = {
    "haircolor": "hair",
    "skin": "skin",
    "eyes": "eyes",
    "color": "clothes",
    "beardcolor": "facialHair",
    "headwearcolor": "hat",
    "framescolor": "accessories",
    "jewellerycolor": "jewellery",
}
_SKIN = {"light": (76, 100), "mid": (45, 80), "dark": (25, 55), "deep": (0, 50), "pink": (60, 100)}  # lightness
# Between which lightnesses the skin of people from there may be drawn; wide, as people differ.
ORIGINS = {
    "african": (0, 66),
    "asian": (55, 100),
    "caribbean": (0, 85),
    "caucasus": (60, 100),
    "central-asian": (55, 100),
    "east-asian": (60, 100),
    "european": (60, 100),
    "hispanic": (40, 100),
    "middle-eastern": (55, 100),
    "mixed": (20, 100),
    "north-african": (42, 100),
    "pacific": (15, 85),
    "south-asian": (30, 88),
    "southeast-asian": (55, 93),
}
_LIGHTNESS = {"from": ORIGINS, "skin": _SKIN}
_COLORS = {  # what people call by a name: any color as near to one of these as `_NEAR`
    "amber": "#a66a1f #c98a2b",
    "aqua": "#2f9fa0 #6fd0d0 #7fd0c8",
    "auburn": "#8f4626 #a55728",
    "black": "#15100f #1c1c21 #2c2a30",
    "blonde": "#d6b370 #e0c080",
    "blue": "#3f6fb5 #4a7fc1 #2a55a0",
    "brown": "#6a4330 #7a5340 #9a7355",
    "burgundy": "#7d2f3e #5d1f2f",
    "dark": "#15100f #3b2a24 #2b2b33 #3c4f5c",
    "dark-blonde": "#a58a5a #bfa070",
    "dark-blue": "#24406f #1f3a60",
    "dark-brown": "#3f2a22 #4a312c",
    "gold": "#d9b24c #c99a3a",
    "gray": "#7d8a94 #a7a5a3 #8d949c",
    "green": "#3f7d4e #4f8a5b #6fa070",
    "honey": "#d6a860 #c9984a #d6b370",
    "light-blonde": "#ecdcbf #e6cf98",
    "light-purple": "#a98fd0 #b8a0d8",
    "mahogany": "#6b2a25 #5a2a20",
    "navy": "#2a3f66 #1b2a50",
    "orange": "#d9772b #d9803f",
    "pale-blue": "#8fb8d8 #82a7cf #a8cfe0",
    "peach": "#f0b090 #ffcba4",
    "pink": "#e58fb1 #f0a8c0",
    "platinum": "#ecdcbf #e8e1d8",
    "purple": "#7d5ba6 #75589b",
    "red": "#c0463f #b8302a #c93305",
    "salt-and-pepper": "#8a8582 #6f6a68 #a09a96",
    "silver": "#c4c6c9 #c0c0c0 #aab3b9",
    "strawberry": "#d99a6c #e0a880",
    "teal": "#2f7f86 #2f8f8b",
    "violet": "#6f5a9c #7d5ba6 #9966cc",
    "white": "#f4f4f2 #e8e1e1",
    "yellow": "#e3b84a #d8c040",
}
_BY_CHANCE = " (by chance)"
_NEAR = 26  # of CIE 1976: for these muted colors, less than from one name to the next

unrated: set[str] = set()


class Seen:
    """What a plan's drawing shows. ``raw`` says each aspect as the recipe does, to compare two drawings."""

    def __init__(self, recipe: Mapping[str, Any], drawn: Mapping[str, str]) -> None:
        drawings, colors = recipe["drawings"], recipe["colors"]
        top = drawings.get("top", "none")
        self.raw: dict[str, str] = {
            "gender": drawn["gender"].removesuffix(_BY_CHANCE),
            "age": drawn["age"].removesuffix(_BY_CHANCE),
            "hair": "none" if top in _WRAPS else top.removesuffix("Covered"),
            "headwear": top if top in _WRAPS else drawings.get("headwear") or "none",
            **{aspect: drawings.get(component) or "none" for aspect, component in _COMPONENTS.items()},
            **{aspect: colors[role] for aspect, role in _ROLES.items() if role in colors},
        }
        self._moods = {
            mood
            for component in ("mouth", "eyes", "eyebrows")
            for part, moods in _MOODS.items()
            if part in drawings.get(component, "").lower()
            for mood in moods.split()
        }

    def shows(self, aspect: str, values: AbstractSet[str]) -> bool:
        if aspect == "age":
            return any(int(low) <= int(self.raw["age"]) <= int(high) for low, high in _ranges(values))
        if aspect == "mood":
            return bool(self._moods & values)
        if aspect in _LIGHTNESS:
            limits = [_LIGHTNESS[aspect][value] for value in values]
            return any(low <= lightness(self.raw["skin"]) <= high for low, high in limits)
        return not values.isdisjoint(self._called(aspect, values))

    def _called(self, aspect: str, values: AbstractSet[str]) -> AbstractSet[str]:
        raw = self.raw.get(aspect, "")
        if aspect in _ROLES:
            return {value for value in values if raw and is_called(raw, value)}
        if aspect in _SEEN and raw not in _SEEN[aspect]:
            unrated.add(f"{aspect} {raw}")
        return {*_SEEN.get(aspect, {}).get(raw, raw).split()}


def _ranges(values: AbstractSet[str]) -> list[tuple[str, str]]:
    return [(low, high) for low, _, high in (value.partition("-") for value in values)]


def is_called(color: str, name: str) -> bool:
    references = _COLORS.get(name, "").split()
    return any(_distance(color, reference) <= _NEAR for reference in references)


def lightness(color: str) -> float:
    return _lab(color)[0]


def _distance(one: str, other: str) -> float:
    return math.dist(_lab(one), _lab(other))


def _lab(color: str) -> tuple[float, float, float]:
    """Return a color of sRGB in CIE L*a*b*, white being D65."""
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in re.findall("..", color.removeprefix("#")))
    x = _cube((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = _cube(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _cube((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _cube(part: float) -> float:
    return float(part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116)
