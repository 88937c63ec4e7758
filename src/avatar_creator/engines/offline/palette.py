"""Colors by name: what each word for hair, eyes, skin and clothes looks like in a drawing."""

import math

_WHITE, _BLACK = "#ffffff", "#000000"
_APART = 0.15  # of lightness
_LINEAR = 0.04045  # the part of sRGB that has no gamma
_SEEN = 17.0  # distance of two colors that lie beside each other

HAIR = {
    "black": "#2c1b18",
    "dark brown": "#4a312c",
    "brown": "#6b4836",
    "light brown": "#a0714f",
    "chestnut": "#7b3f2a",
    "auburn": "#944a2b",
    "red": "#c93305",
    "ginger": "#d0632a",
    "copper": "#b8602c",
    "strawberry blonde": "#d99a6c",
    "dark blonde": "#b58f52",
    "blonde": "#d6b370",
    "platinum": "#e8d9ae",
    "salt and pepper": "#8a8582",
    "gray": "#a7a5a3",
    "silver": "#c4c6c9",
    "white": "#dfe3ea",
    "pink": "#e58fb1",
    "purple": "#7d5ba6",
    "blue": "#3f6fb5",
    "teal": "#2f8f8b",
    "green": "#4f8a4c",
    "orange": "#d9772b",
}
EYES = {
    "brown": "#5b3a1e",
    "dark brown": "#2f1d12",
    "light brown": "#8a5a2e",
    "black": "#1d1310",
    "hazel": "#7a5a2b",
    "green": "#3f7d4e",
    "blue": "#3f78b5",
    "gray": "#7d8a94",
    "amber": "#a66a1f",
    "violet": "#6f5a9c",
    "turquoise": "#3a9a9a",
}
# As light as people are, and as little colorful: chroma is at most 29, as in the Monk Skin Tone Scale.
SKIN = {
    "very light": "#fbe4d1",
    "light": "#f5d6ba",
    "medium light": "#e4bd97",
    "olive": "#c6a67c",
    "medium": "#ba8d68",
    "medium dark": "#946a4e",
    "dark": "#684938",
    "deep": "#483029",
}
# Clothes, headwear and backgrounds share the plain names of colors.
FABRIC = {
    "black": "#2b2b33",
    "charcoal": "#3c4f5c",
    "gray": "#8d949c",
    "white": "#f4f4f2",
    "cream": "#efe4cf",
    "beige": "#d9c3a0",
    "brown": "#7a5340",
    "navy": "#2a3f66",
    "blue": "#4a7fc1",
    "teal": "#2f7f86",
    "turquoise": "#4fb3b0",
    "green": "#4f8a5b",
    "olive": "#7c7f45",
    "yellow": "#e3b84a",
    "mustard": "#c99a3a",
    "orange": "#d9803f",
    "red": "#c0463f",
    "burgundy": "#7d2f3e",
    "pink": "#e08fa5",
    "lavender": "#a79bd0",
    "purple": "#75589b",
}

CLOTHES = ("navy", "blue", "teal", "green", "olive", "mustard", "burgundy", "red", "lavender", "charcoal")
_FORMAL = ("navy", "charcoal", "black", "brown", "burgundy")
_WORK = ("navy", "blue", "olive", "charcoal", "brown")
_BRIGHT = ("teal", "burgundy", "red", "mustard", "green", "purple", "pink", "blue")
# Colors of clothes that usually have them; all others are of `CLOTHES`.
FABRICS = {
    "formal": _FORMAL,
    "business": _FORMAL,
    "professional": _FORMAL,
    "suit": _FORMAL,
    "blazer": _FORMAL,
    "tuxedo": ("black", "charcoal", "navy"),
    "waistcoat": _FORMAL,
    "workwear": _WORK,
    "overalls": _WORK,
    "jumpsuit": _WORK,
    "uniform": ("navy", "charcoal", "olive"),
    "lab coat": ("white",),
    "scrubs": ("teal", "blue", "navy", "green"),
    "dress": _BRIGHT,
    "sari": _BRIGHT,
    "kimono": _BRIGHT,
}
HEADWEAR = ("navy", "teal", "burgundy", "charcoal", "lavender", "olive", "mustard")
HARD_HATS = ("yellow", "orange", "white", "blue")
ACCENTS = ("#a83a3a", "#2f5d8a", "#3d7a5a", "#7a3d63", "#c08a2e", "#2b3a55")
FRAMES = {"black": "#262e33", "dark brown": "#4b3621", "charcoal": "#3c4f5c", "burgundy": "#6b2f3a"}
JEWELLERY = {"gold": "#d9b24c", "silver": "#c9ccd1"}
PASTELS = {
    "pale blue": "#d6e4f0",
    "pale green": "#dcebdf",
    "pale lime": "#e3e9cf",
    "pale lavender": "#e9dff0",
    "pale pink": "#f6dfe0",
    "pale yellow": "#f4ecd0",
    "pale turquoise": "#d5ebea",
    "pale gray": "#e4e6ec",
}
# What light hair and light clothes are seen on, in the order of the pastels.
DUSTY = {
    "dusty blue": "#8aa4b8",
    "dusty green": "#8ea694",
    "dusty olive": "#9ca585",
    "dusty lavender": "#a99cb3",
    "dusty pink": "#bb989a",
    "dusty yellow": "#a7a088",
    "dusty turquoise": "#81a8a6",
    "blue-gray": "#97a0b9",
}
_DEEPER = dict(zip(PASTELS.values(), DUSTY.values(), strict=True))

GRAYED = "#d2cfcc"  # what hair turns into with the years
GRAYS = frozenset({HAIR["gray"], HAIR["salt and pepper"], HAIR["silver"], HAIR["white"]})


def mix(color: str, other: str, share: float) -> str:
    """Return ``color`` with a ``share`` from 0 to 1 of ``other`` in it."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightness(color: str) -> float:
    """Return how light a color looks, 0 to 1."""
    red, green, blue = _channels(color)
    return (299 * red + 587 * green + 114 * blue) / 255_000


def apart(color: str, ground: str) -> str:
    """Return ``color``, or a lighter one if it would not be seen on ``ground``."""
    return mix(color, _WHITE, 0.5) if abs(lightness(color) - lightness(ground)) < _APART else color


def background(pastel: str, *before: str) -> str:
    """Return a pastel, or its deeper color if one of the colors before it would not be seen."""
    return pastel if are_apart(pastel, *before) else _DEEPER[pastel]


def seen(color: str, *grounds: str) -> str:
    """Return ``color``, or the darker shade of it that is seen beside all of the ``grounds``."""
    shades_ = (mix(color, _BLACK, share / 10) for share in range(10))
    return next((one for one in shades_ if are_apart(one, *grounds)), mix(color, _BLACK, 0.9))


def are_apart(color: str, *grounds: str) -> bool:
    """Tell whether a color is seen beside each of the ``grounds``."""
    return all(distance(color, ground) >= _SEEN for ground in grounds)


def distance(color: str, other: str) -> float:
    """Return how far apart two colors look: the Euclidean distance in CIELAB."""
    return math.dist(lab(color), lab(other))


def deepened(color: str, ground: str) -> str:
    """Return ``color``, or a darker one if it would not be seen on ``ground``."""
    return mix(color, _BLACK, 0.6) if abs(lightness(color) - lightness(ground)) < _APART else color


def lab(color: str) -> tuple[float, float, float]:
    """Return a color of sRGB in CIELAB, under the light D65."""
    red, green, blue = (
        value / 12.92 if value <= _LINEAR else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(color))
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (cbrt if (cbrt := t ** (1 / 3)) > 6 / 29 else t / 0.1284 + 4 / 29 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
