"""Colors in words: those that are mixed of known ones."""

import pytest

from avatar_creator.engines.offline.grammar.color_names import color_named
from avatar_creator.engines.offline.palette import mix

NAMES = {
    "black": "#101010",
    "white": "#f0f0f0",
    "red": "#c03030",
    "green": "#308030",
    "blue": "#3050c0",
    "brown": "#6b4836",
    "gray": "#808080",
    "blonde": "#d6b370",
    "purple": "#704090",
    "coral": "#e5786a",
    "pink": "#e08fa5",
    "dark blue": "#101840",
}


@pytest.mark.parametrize(
    ("said", "color"),
    [
        ("brown", NAMES["brown"]),
        ("dark blue", NAMES["dark blue"]),  # a name of its own
        ("#aa5522", "#aa5522"),
        ("#a52", "#aa5522"),
        ("dark brown", mix(NAMES["brown"], "#000000", 0.35)),
        ("light brown", mix(NAMES["brown"], "#ffffff", 0.35)),
        ("very light brown", mix(NAMES["brown"], "#ffffff", 0.35)),
        ("pastel pink", mix(NAMES["pink"], "#ffffff", 0.55)),
        ("ash brown", mix(NAMES["brown"], "#8a8a8a", 0.35)),
        ("bright red", NAMES["red"]),
        ("reddish brown", mix(NAMES["brown"], NAMES["red"], 0.3)),
        ("bluish green", mix(NAMES["green"], NAMES["blue"], 0.3)),
        ("purplish gray", mix(NAMES["gray"], NAMES["purple"], 0.3)),
        ("brownish black", mix(NAMES["black"], NAMES["brown"], 0.3)),
        ("reddish", NAMES["red"]),
        ("dark reddish brown", mix(mix(NAMES["brown"], NAMES["red"], 0.3), "#000000", 0.35)),
        ("blue gray", mix(NAMES["blue"], NAMES["gray"], 0.5)),
        ("gray blue", mix(NAMES["blue"], NAMES["gray"], 0.5)),
        ("coral pink", mix(NAMES["coral"], NAMES["pink"], 0.25)),
    ],
)
def test_colors_are_mixed_of_known_ones(said: str, color: str) -> None:
    assert color_named(said.split(), NAMES) == color


@pytest.mark.parametrize(
    "said",
    ["", "dark", "light", "boorish", "foolish", "ish", "dark sea", "black red", "red white", "red green", "#a5 red"],
)
def test_what_names_no_color_or_two_is_none(said: str) -> None:
    assert color_named(said.split(), NAMES) is None
