"""Colors: whether what lies beside each other is seen."""

from itertools import pairwise, product
from math import atan2, cos, degrees, exp, hypot, radians, sqrt

import pytest

from avatar_creator.engines.offline.palette import DUSTY, HAIR, PASTELS, SKIN, background, distance, lab, seen


def ciede2000(color: str, other: str) -> float:
    """Return how different two colors look, by the formula of the CIE; 2.3 is just noticeable."""
    (l1, a1, b1), (l2, a2, b2) = lab(color), lab(other)
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    stretched = 1 + (1 - sqrt(mean**7 / (mean**7 + 25**7))) / 2
    c1, c2 = hypot(a1 * stretched, b1), hypot(a2 * stretched, b2)
    h1, h2 = degrees(atan2(b1, a1 * stretched)) % 360, degrees(atan2(b2, a2 * stretched)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    dh = 2 * sqrt(c1 * c2) * sin_degrees(turn / 2)
    light, chroma, hue = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    of_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2))
    of_chroma, of_hue = (c2 - c1) / (1 + 0.045 * chroma), dh / (1 + 0.015 * chroma * t)
    turned = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin_degrees(60 * exp(-(((hue - 275) / 25) ** 2)))
    return sqrt(of_light**2 + of_chroma**2 + of_hue**2 + turned * of_chroma * of_hue)


def sin_degrees(angle: float) -> float:
    return cos(radians(angle - 90))


@pytest.mark.parametrize(
    ("color", "other", "difference"),
    [("#ffffff", "#000000", 100.0), ("#0000ff", "#ff0000", 52.9), ("#777777",) * 2 + (0,)],
)
def test_the_difference_of_two_colors_is_that_of_the_cie(color: str, other: str, difference: float) -> None:
    assert ciede2000(color, other) == pytest.approx(difference, abs=0.1)


@pytest.mark.parametrize(("hair", "skin"), list(product(HAIR, SKIN)))
def test_hair_of_every_color_is_seen_on_every_skin_and_background(hair: str, skin: str) -> None:
    """By itself, or by its edge."""
    for pastel in PASTELS.values():
        behind = background(pastel, HAIR[hair])
        edge = seen(HAIR[hair], SKIN[skin], behind)
        assert max(ciede2000(HAIR[hair], SKIN[skin]), ciede2000(edge, SKIN[skin])) > 9
        assert max(ciede2000(HAIR[hair], behind), ciede2000(edge, behind)) > 13


@pytest.mark.parametrize(("skin", "behind"), list(product(SKIN, PASTELS | DUSTY)))
def test_every_skin_is_seen_on_every_background(skin: str, behind: str) -> None:
    assert ciede2000(SKIN[skin], (PASTELS | DUSTY)[behind]) > 8


def test_skin_is_no_more_colorful_than_peoples_is() -> None:
    """The Monk Skin Tone Scale has chroma of 4 to 28."""
    tones = {name: lab(color) for name, color in SKIN.items()}
    assert all(hypot(a, b) < 29.5 for _, a, b in tones.values())
    lightness = [light for light, _, _ in tones.values()]
    assert lightness == sorted(lightness, reverse=True)
    assert all(lighter - darker > 3.5 for lighter, darker in pairwise(lightness))
    assert 19 < lightness[-1] < 24


def test_colors_with_names_of_their_own_look_different() -> None:
    for name, other in (("brown", "chestnut"), ("auburn", "copper"), ("white", "platinum")):
        assert ciede2000(HAIR[name], HAIR[other]) > 6


def test_distance_is_none_to_itself() -> None:
    assert distance("#123456", "#123456") == 0
