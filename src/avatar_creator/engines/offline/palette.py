"""Colors by name: what each word for hair, eyes, skin and clothes looks like in a drawing."""

from collections.abc import Mapping

_WHITE, _BLACK = "#ffffff", "#000000"
_APART = 0.15  # of lightness

HAIR = {
    "black": "#2c1b18",
    "dark brown": "#4a312c",
    "brown": "#724133",
    "light brown": "#a0714f",
    "chestnut": "#7b3f2a",
    "auburn": "#a55728",
    "red": "#c93305",
    "ginger": "#d0632a",
    "copper": "#b8602c",
    "strawberry blonde": "#d99a6c",
    "dark blonde": "#b58f52",
    "blonde": "#d6b370",
    "platinum": "#ecdcbf",
    "salt and pepper": "#8a8582",
    "gray": "#a7a5a3",
    "silver": "#c4c6c9",
    "white": "#e8e1e1",
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
SKIN = {
    "very light": "#ffe3cc",
    "light": "#ffdbb4",
    "medium light": "#edb98a",
    "olive": "#d3a06c",
    "medium": "#d08b5b",
    "medium dark": "#ae5d29",
    "dark": "#77452c",
    "deep": "#573526",
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
FORMAL_CLOTHES = ("navy", "charcoal", "black", "brown", "burgundy")
WORK_CLOTHES = ("navy", "blue", "olive", "charcoal", "brown")
HEADWEAR = ("navy", "teal", "burgundy", "charcoal", "lavender", "olive", "mustard")
FRAMES = ("#262e33", "#4b3621", "#3c4f5c", "#6b2f3a")
JEWELLERY = ("#d9b24c", "#c9ccd1")
PASTELS = ("#d6e4f0", "#dcebdf", "#f3e3d3", "#e9dff0", "#f6dfe0", "#f4ecd0", "#d5ebea", "#e4e6ec")

GRAYED = "#d2cfcc"  # what hair turns into with the years


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


def deepened(color: str, ground: str) -> str:
    """Return ``color``, or a darker one if it would not be seen on ``ground``."""
    return mix(color, _BLACK, 0.6) if abs(lightness(color) - lightness(ground)) < _APART else color


def shades(colors: Mapping[str, str]) -> dict[str, str]:
    """Return the named colors, and a dark and a light one of each where they have no color of their own."""
    dark = {f"dark {name}": mix(color, _BLACK, 0.35) for name, color in colors.items()}
    light = {f"light {name}": mix(color, _WHITE, 0.35) for name, color in colors.items()}
    return dark | light | dict(colors)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
