from io import BytesIO

import pytest
from picture_files import FORMATS, SRGB, encoded, opened
from PIL import Image, ImageCms

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.storage.pictures import containers, profiles, provenance
from avatar_creator.storage.pictures.pixels import convert, drawn_preview, examine

GREEN = (30, 200, 60)
GREEN_IN_SRGB = (0, 201, 37)


def camera_exif(*, interop: str | None = None, color_space: int = 65535) -> bytes:
    exif = Image.Exif()
    detail = exif.get_ifd(0x8769)
    detail[0xA001] = color_space
    if interop:
        detail[0xA005] = {1: interop}
    return exif.tobytes().removeprefix(b"Exif\0\0")


def close(first: object, second: tuple[int, int, int]) -> bool:
    assert isinstance(first, tuple)
    return all(abs(a - b) <= 4 for a, b in zip(first, second, strict=True))


def green(kind: PictureFormat, **options: object) -> bytes:
    return encoded(kind, Image.new("RGB", (96, 80), GREEN), quality=95, **options)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("said", [{"interop": "R03"}, {"color_space": 2}], ids=["R03", "color space"])
def test_adobe_rgb_in_words_is_heeded_and_said_by_the_kept_copy(kind: PictureFormat, said: dict[str, object]) -> None:
    data = containers.rewrite(green(kind), exif=camera_exif(**said))  # type: ignore[arg-type]
    kept = provenance.strip(data)
    assert (containers.read(kept).exif, containers.read(kept).has_icc) == (None, True)
    with opened(kept) as image:
        assert image.info["icc_profile"] == profiles.adobe_rgb()
    metadata = containers.read(data)
    other = convert(data, FORMATS[FORMATS.index(kind) - 1])
    for shown in (examine(kept, metadata)[1], drawn_preview(data, metadata)[0], other):
        with opened(shown) as image:
            assert close(image.convert("RGB").getpixel((40, 40)), GREEN_IN_SRGB)
            assert "icc_profile" not in image.info


@pytest.mark.parametrize("interop", [None, "R98", "THM"])
def test_other_words_change_nothing(interop: str | None) -> None:
    data = containers.rewrite(green(FORMATS[0]), exif=camera_exif(interop=interop))
    assert provenance.strip(data) == green(FORMATS[0])


def test_a_profile_outweighs_words() -> None:
    data = containers.rewrite(green(FORMATS[1], icc_profile=SRGB), exif=camera_exif(interop="R03"))
    with opened(provenance.strip(data)) as image:
        assert image.info["icc_profile"] == SRGB


def test_the_profile_is_one_that_color_management_takes() -> None:
    profile = ImageCms.ImageCmsProfile(BytesIO(profiles.adobe_rgb()))
    assert ImageCms.getProfileDescription(profile).strip() == "Compatible with Adobe RGB (1998)"
    white = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), "white"), profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    assert white is not None
    assert close(white.getpixel((0, 0)), (255, 255, 255))
