"""Renditions: what they look like, and what their files say."""

import pytest
from picture_files import DRAWING, FORMATS, MARKS, encoded, opened, picture
from PIL import Image

from avatar_creator.domain.framing import CENTER
from avatar_creator.domain.picture import Embed, PictureFormat, Shape
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers
from avatar_creator.storage.pictures.inspection import describe
from avatar_creator.storage.pictures.marks import stamp
from avatar_creator.storage.pictures.renditions import Wanted, render

JPEG, PNG, WEBP = FORMATS
_ORIENTATION = 0x0112
_BACK = {  # what has to be done to a picture, so that it is shown as it was
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("embed", Embed)
def test_marks_survive_in_every_format(kind: PictureFormat, wanted: PictureFormat, embed: Embed) -> None:
    data = stamp(encoded(kind), MARKS, Embed.RECIPE)
    for rendition in render(data, Wanted((48, 32), format=wanted, embed=embed)):
        said = describe(rendition.data)
        assert (said.format, said.width_px, rendition.width_px) == (wanted, rendition.height_px, said.width_px)
        assert (said.digital_source_type is None, said.recipe is None, said.parameters is None) == (
            embed is Embed.NONE,
            embed is not Embed.RECIPE,
            embed is not Embed.RECIPE,
        )


def test_the_credit_of_a_drawing_survives() -> None:
    data = stamp(encoded(JPEG), DRAWING, Embed.RECIPE)
    (rendition,) = render(data, Wanted((64,), Shape.CIRCLE, embed=Embed.MARK))
    said = describe(rendition.data)
    assert said.format is PNG
    assert said.credit == describe(data).credit
    assert said.title is None


def test_none_is_larger_than_the_picture_and_each_is_there() -> None:
    sides = [(each.width_px, each.height_px) for each in render(encoded(PNG), Wanted((512, 128, 64)))]
    assert sides == [(80, 80), (80, 80), (64, 64)]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(embed=Embed.MARK)])
def test_without_a_wish_the_pixels_stay(wanted: Wanted) -> None:
    data = encoded(JPEG)
    (rendition,) = render(data, wanted)
    assert rendition == (data, 96, 80)


def test_another_format_alone_leaves_the_sides() -> None:
    (rendition,) = render(encoded(PNG), Wanted(format=WEBP))
    assert opened(rendition.data).size == (rendition.width_px, rendition.height_px) == (96, 80)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_square_is_of_the_upper_part_whatever_side_is_up(orientation: int) -> None:
    shown = Image.new("RGB", (40, 100), "blue")
    shown.paste("red", (0, 15, 40, 55))  # 40 rows about 35 %
    stored = shown.transpose(_BACK[orientation]) if orientation in _BACK else shown
    block = Image.Exif()
    block[_ORIENTATION] = orientation
    (rendition,) = render(encoded(PNG, stored, exif=block), Wanted((40,)))
    image = opened(rendition.data)
    assert image.size == (40, 40)
    assert image.convert("RGB").getcolors() == [(1600, (255, 0, 0))]
    assert image.getexif().get(_ORIENTATION, 1) == 1


def test_a_square_may_be_of_the_middle() -> None:
    tall = Image.new("RGB", (40, 100), "blue")
    tall.paste("red", (0, 30, 40, 70))
    (rendition,) = render(encoded(PNG, tall), Wanted((40,), middle=CENTER))
    assert opened(rendition.data).convert("RGB").getcolors() == [(1600, (255, 0, 0))]


@pytest.mark.parametrize("kind", [PNG, WEBP])
def test_what_is_outside_a_circle_is_gone(kind: PictureFormat) -> None:
    (rendition,) = render(encoded(PNG, picture(64, 64)), Wanted((64,), Shape.CIRCLE, kind))
    image = opened(rendition.data)
    pixel = image.convert("RGBA").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    assert (pixel[3], max(pixel) < 10) == (0, True)
    alpha = image.getchannel("A")
    assert alpha.getpixel((32, 32)) == 255
    assert alpha.getbbox() == (0, 0, 64, 64), "it touches all four sides"
    edge = list(alpha.crop((0, 9, 32, 10)).tobytes())
    assert edge == sorted(edge)
    assert any(0 < value < 255 for value in edge)


def test_what_is_clear_stays_clear_in_a_circle_and_is_white_in_jpeg() -> None:
    data = encoded(PNG, picture(64, 64, "RGBA"))
    (circle,), (plain,) = render(data, Wanted((64,), Shape.CIRCLE)), render(data, Wanted((64,), format=JPEG))
    assert opened(circle.data).getchannel("A").getpixel((20, 32)) == 0
    pixel = opened(plain.data).getpixel((5, 32))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 245


def test_a_damaged_picture_is_refused() -> None:
    data = encoded(PNG)
    at = data.index(b"IDAT") + 8
    with pytest.raises(StorageError):
        render(data[:at] + b"\0" * 8 + data[at + 8 :], Wanted((32,)))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16"])
def test_pictures_of_any_kind_become_some(mode: str) -> None:
    image = picture(64, 64, "L").convert("I;16") if mode == "I;16" else picture(64, 64).convert(mode)
    for each in render(encoded(PNG, image), Wanted((32,), Shape.CIRCLE)):
        assert containers.read(each.data).width_px == 32


def test_without_a_size_a_square_is_as_large_as_the_picture_and_never_huge() -> None:
    for side in (80, 1024, 1300):
        (rendition,) = render(encoded(JPEG, picture(side + 10, side)), Wanted(shape=Shape.SQUARE))
        assert (rendition.width_px, rendition.height_px) == (min(side, 1024),) * 2 == opened(rendition.data).size


def test_what_no_file_of_a_format_can_hold_is_not_called_damaged() -> None:
    with pytest.raises(StorageError, match="too much time or memory"):
        render(encoded(PNG, picture(16_400, 8)), Wanted(format=WEBP))
