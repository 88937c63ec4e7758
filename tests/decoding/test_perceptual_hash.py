"""A picture that is saved again is alike, and people who are drawn in one style are not."""

from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from PIL import Image, ImageEnhance

from avatar_creator.decoding import pixels
from avatar_creator.decoding.perceptual_hash import SIDE, difference_hash
from avatar_creator.domain.picture import PictureFormat
from engines.offline.drawings import ENGINE, Quiet, asked

MOST = 10**7
PEOPLE = 12
ALIKE = 40  # bits of 1536: what saving it again changes stays below, also where it is tiny


def saved(image: Image.Image, known: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, known, **options)
    return file.getvalue()


def hashed(data: bytes) -> int:
    return int.from_bytes(pixels.perceptual_hash(data, 1, MOST))


def distance(one: bytes, other: bytes) -> int:
    return (hashed(one) ^ hashed(other)).bit_count()


@pytest.fixture(scope="module")
def drawings() -> list[bytes]:
    requests = (asked(seed=seed, size=(320, 320), format_=PictureFormat.PNG) for seed in range(PEOPLE))
    return [ENGINE.generate(each, Quiet()).data for each in requests]


@pytest.mark.parametrize(
    "again",
    [
        lambda image: saved(image, "JPEG", quality=60),
        lambda image: saved(image, "WEBP", quality=70),
        lambda image: saved(image.resize((1000, 1000), Image.Resampling.LANCZOS)),
        lambda image: saved(image.resize((128, 128), Image.Resampling.LANCZOS), "JPEG"),
        lambda image: saved(ImageEnhance.Brightness(image).enhance(1.1)),
        lambda image: saved(ImageEnhance.Contrast(image).enhance(0.9)),
    ],
    ids=["jpeg", "webp", "larger", "smaller", "brighter", "fainter"],
)
def test_what_is_saved_again_is_alike(drawings: list[bytes], again: Callable[[Image.Image], bytes]) -> None:
    for drawing in drawings:
        image = Image.open(BytesIO(drawing)).convert("RGB")
        assert distance(drawing, again(image)) < ALIKE


def test_people_of_one_style_are_not(drawings: list[bytes]) -> None:
    assert min(distance(*pair) for pair in combinations(drawings, 2)) > 2 * ALIKE


def test_colors_alone_tell_people_apart() -> None:
    """Their outlines are the same: a hash of gray would call them twins."""
    fair, dark = (
        ENGINE.generate(asked(size=(320, 320), format_=PictureFormat.PNG, hair_color=color), Quiet()).data
        for color in ("blonde", "red")
    )
    assert distance(fair, dark) > 0


def test_a_turned_picture_is_hashed_upright(drawings: list[bytes]) -> None:
    upright = Image.open(BytesIO(drawings[0])).convert("RGB")
    turned = saved(upright.transpose(Image.Transpose.ROTATE_90))
    found = int.from_bytes(pixels.perceptual_hash(turned, 6, MOST))
    assert (found ^ hashed(drawings[0])).bit_count() < ALIKE


def test_a_picture_of_one_color_has_no_bits() -> None:
    """Nor has what an encoder makes of it."""
    assert difference_hash(Image.new("RGB", (SIDE, SIDE), "teal")) == bytes(2 * 3 * 16 * 16 // 8)
    assert hashed(saved(Image.new("RGB", (500, 500), "teal"), "JPEG", quality=30)) == 0


def test_a_bit_says_where_a_color_grows() -> None:
    image = Image.new("RGB", (SIDE, SIDE))
    image.putpixel((1, 0), (0, 200, 0))
    bits = f"{int.from_bytes(difference_hash(image)):01536b}"
    assert [at for at, bit in enumerate(bits) if bit == "1"] == [1]  # of the first cell, green, to the right
