from io import BytesIO

import pytest
from picture_files import FORMATS, SRGB, encoded, opened, picture
from PIL import Image, ImageChops, ImageCms, ImageOps

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers, exif, provenance, xmp
from avatar_creator.storage.pictures.pixels import convert, drawn_preview, examine

JPEG, PNG, WEBP = FORMATS


def thumbnail(data: bytes) -> bytes:
    """Return the thumbnail that an upload gets."""
    return examine(provenance.strip(data), containers.read(data))[1]


def corners(image: Image.Image) -> list[int]:
    """Return the colours of the four corners, one after the other."""
    far = image.width - 4, image.height - 4
    places = ((3, 3), (far[0], 3), (3, far[1]), far)
    return [
        band for place in places for band in image.convert("RGB").crop((*place, place[0] + 1, place[1] + 1)).tobytes()
    ]


def difference(first: Image.Image, second: Image.Image) -> int:
    bands = ImageChops.difference(first, second).getextrema()
    return max(int(band[1]) for band in bands if isinstance(band, tuple))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("sides", [(1024, 1024), (640, 1200), (1200, 640), (64, 90), (301, 300)])
def test_a_thumbnail_is_the_middle_of_the_picture(kind: PictureFormat, sides: tuple[int, int]) -> None:
    with opened(thumbnail(encoded(kind, picture(*sides)))) as small:
        assert (small.format, small.size, small.mode) == ("JPEG", (300, 300), "RGB")
        assert difference(small, ImageOps.fit(picture(*sides), (300, 300), Image.Resampling.LANCZOS)) <= 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_is_upright(orientation: int) -> None:
    quarters = Image.new("RGB", (200, 120), "red")
    quarters.paste("lime", (100, 0, 200, 60))
    quarters.paste("blue", (0, 60, 100, 120))
    quarters.paste("white", (100, 60, 200, 120))
    data = containers.rewrite(encoded(PNG, quarters), exif=exif.turned(orientation))
    with opened(thumbnail(data)) as small, opened(data) as stored:
        assert corners(small) == pytest.approx(corners(ImageOps.exif_transpose(stored)), abs=4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_thumbnails_are_made_of_every_kind_of_png(mode: str) -> None:
    image = Image.new("I;16", (96, 80), 0x8000) if mode == "I;16" else picture(mode=mode)
    with opened(thumbnail(encoded(PNG, image))) as small:
        left, middle = small.getpixel((20, 150)), small.getpixel((280, 150))
    if mode in {"LA", "RGBA"}:
        assert left == (255, 255, 255)
        assert middle != left
    if mode == "I;16":
        assert left == (128, 128, 128)


def test_a_clear_palette_colour_becomes_white() -> None:
    image = picture().quantize(4)
    data = encoded(PNG, image, transparency=image.getpixel((9, 9)))
    with opened(thumbnail(data)) as small:
        assert small.getpixel((9, 9)) == (255, 255, 255)


def test_cmyk_becomes_rgb() -> None:
    data = encoded(JPEG, Image.new("CMYK", (96, 80), (0, 255, 255, 0)))
    with opened(thumbnail(data)) as small:
        assert small.getpixel((9, 9)) == pytest.approx((254, 0, 0), abs=3)


def swapped() -> bytes:
    """Return a profile that is no one's sRGB: LAB for the wrong number of channels."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@pytest.mark.parametrize("profile", [SRGB, b"nonsense", swapped()])
def test_profiles_that_change_nothing_or_do_not_fit(profile: bytes) -> None:
    plain, tagged = thumbnail(encoded(PNG)), thumbnail(encoded(PNG, icc_profile=profile))
    with opened(plain) as first, opened(tagged) as second:
        assert difference(first, second) <= 2
        assert "icc_profile" not in second.info


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("wanted", FORMATS)
def test_converting_keeps_the_picture_and_its_xmp(kind: PictureFormat, wanted: PictureFormat) -> None:
    packet = xmp.write({"dc:title": "Ann"})
    data = containers.rewrite(encoded(kind, picture(200, 120)), xmp=packet, exif=exif.turned(6))
    converted = convert(data, wanted)
    metadata = containers.read(converted)
    assert (metadata.format, metadata.xmp, metadata.exif) == (wanted, packet, exif.turned(6))
    with opened(converted) as first, opened(data) as second:
        assert difference(first.convert("RGB"), second.convert("RGB")) <= 12
    assert (converted is data) == (kind is wanted)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "I;16", "1"])
def test_every_kind_of_picture_can_be_converted(mode: str) -> None:
    image = Image.new("I;16", (96, 80), 0x8000) if mode == "I;16" else picture(mode=mode)
    source = JPEG if mode == "CMYK" else PNG
    for wanted in FORMATS:
        with opened(convert(encoded(source, image, icc_profile=SRGB), wanted)) as converted:
            assert converted.size == image.size
            clear = mode in {"RGBA", "LA"} and wanted is not JPEG
            assert converted.has_transparency_data == clear or wanted is source


def test_a_source_type_outlives_a_manifest_that_cannot_be_converted() -> None:
    file = BytesIO(encoded(PNG))
    body = b"c2pa http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    data = file.getvalue()
    data = data[:33] + len(body).to_bytes(4, "big") + b"caBX" + body + bytes(4) + data[33:]
    assert b"trainedAlgorithmicMedia" in (containers.read(convert(data, WEBP)).xmp or b"")


def drawn(data: bytes) -> bytes:
    return drawn_preview(data, containers.read(data))[0]


@pytest.mark.parametrize("use", [drawn, thumbnail, lambda data: convert(data, JPEG)])
def test_damage_is_reported(use: object) -> None:
    assert callable(use)
    data = encoded(PNG)
    at = data.index(b"IDAT") + 20
    for damaged in (data[:-30], data[:at] + b"\xff" * 20 + data[at + 20 :], b"text"):
        with pytest.raises(StorageError):
            use(damaged)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_drawing_has_the_thumbnail_that_an_upload_has(kind: PictureFormat) -> None:
    data = containers.rewrite(encoded(kind, picture(640, 480)), exif=exif.turned(6))
    assert drawn(data) == thumbnail(data)
