"""What a service sent as the picture, checked and turned into what was asked for."""

import random
import struct
import zlib
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw

from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST, DigitalSourceType, PictureFormat
from avatar_creator.engines.huggingface.image_check import UnusableImage, normalize
from engines.photographs import WAYS, Watch, asked, photographed, pixels, refused, seen
from standin import LORA, Behaviour, StandIn, behaviours
from standin.pictures import Wish, picture
from standin.profile import wide_profile

NEAR = 6  # of 255: what a JPEG of quality 95 and a resize may change


def _file(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def _thirds(size: tuple[int, int], colors: tuple[str, str, str] = ("red", "lime", "blue")) -> Image.Image:
    """Return a picture of three stripes from left to right, or from top to bottom if it is higher than wide."""
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    width, height = size
    for number, color in enumerate(colors):
        if width >= height:
            draw.rectangle((width * number // 3, 0, width * (number + 1) // 3, height), fill=color)
        else:
            draw.rectangle((0, height * number // 3, width, height * (number + 1) // 3), fill=color)
    return image


def _close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


# -- through the engine


@pytest.mark.parametrize("provider", WAYS)
def test_bytes_that_are_right_already_are_kept(hub: StandIn, provider: str) -> None:
    made = photographed(**WAYS[provider])
    (paid,) = hub.pictures
    wish = Wish(paid.provider, paid.model, paid.prompt, 512, 512, paid.seed)
    assert made.data == picture(replace(wish, quality=95) if provider == "replicate" else wish).data
    assert (made.width_px, made.height_px, made.format) == (512, 512, PictureFormat.JPEG)


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.as_webp,
        behaviours.as_rgba_png,
        behaviours.as_palette_png,
        behaviours.as_cmyk_jpeg,
        behaviours.as_gray,
        behaviours.size(512, 384),
        behaviours.size(300, 900),
    ],
    ids=lambda behaviour: behaviour.name,
)
@pytest.mark.parametrize("format_", PictureFormat)
def test_another_kind_of_picture_is_made_the_right_one(
    hub: StandIn, behaviour: Behaviour, format_: PictureFormat
) -> None:
    hub.script("call", behaviour)
    watch = Watch()
    made = photographed(watch=watch, format_=format_, provider="fal-ai")
    with Image.open(BytesIO(made.data)) as image:
        image.load()
        assert (image.format, image.mode, image.size) == (format_.name, "RGB", (512, 512))
        assert "icc_profile" not in image.info
    assert (len(hub.calls), len(seen(hub, "download")), watch.waits) == (1, 1, [])
    assert made.source is DigitalSourceType.TRAINED


def test_a_profile_stays_with_the_file_that_it_came_in(hub: StandIn) -> None:
    hub.script("call", behaviours.with_profile)
    made = photographed(provider="fal-ai")
    assert (pixels(made.data).format, pixels(made.data).mode) == ("JPEG", "RGB")
    assert "icc_profile" in pixels(made.data).info
    assert "icc_profile" not in pixels(made.thumbnail or b"").info


@pytest.mark.parametrize("provider", WAYS)
@pytest.mark.parametrize("behaviour", [behaviours.black, behaviours.blank], ids=["black", "blank"])
def test_a_picture_that_was_held_back_is_made_once_more(hub: StandIn, provider: str, behaviour: Behaviour) -> None:
    hub.script("call", behaviour)
    watch = Watch()
    made = photographed(watch=watch, seed=41, **WAYS[provider])
    assert [paid.seed for paid in hub.pictures] == [41, 42]
    assert (made.seed, made.recipe["rerolled_seeds"]) == (42, [41])
    assert [reroll for _, _, reroll in watch.charges] == [False, True]
    assert watch.fractions == sorted(watch.fractions)
    assert watch.waits == []


@pytest.mark.parametrize("provider", ["fal-ai", "wavespeed"])
def test_a_picture_with_the_flag_of_the_filter_was_held_back(hub: StandIn, provider: str) -> None:
    flagged = Behaviour("flagged", paid=True, flagged=True)
    hub.script("call", flagged)
    assert photographed(provider=provider).recipe["rerolled_seeds"] == [7]
    hub.script("call", behaviours.nsfw_flag)
    assert photographed(provider=provider, model="flux-dev").recipe["rerolled_seeds"] == [7]


def test_the_seed_after_the_last_is_the_first(hub: StandIn) -> None:
    hub.script("call", behaviours.black)
    made = photographed(seed=SEED_MOST)
    assert (made.seed, [paid.seed for paid in hub.pictures]) == (SEED_LEAST, [SEED_MOST, SEED_LEAST])


def test_without_reroll_it_is_refused_at_once(hub: StandIn) -> None:
    hub.script("call", behaviours.black)
    watch = Watch()
    error = refused(asked(provider="fal-ai", reroll=False), watch)
    assert error.message == "The content filter of fal-ai held the picture back and charged it."
    assert (error.code, len(hub.calls), len(watch.charges)) == ("engine_refused", 1, 1)


def test_a_reroll_that_fails_is_a_failure_like_any(hub: StandIn) -> None:
    hub.script("call", behaviours.black, behaviours.no_credits)
    watch = Watch()
    assert "are used up" in refused(asked(), watch).message
    assert (len(hub.calls), len(watch.charges)) == (2, 1)


def test_what_a_photograph_was_made_with_is_recorded(hub: StandIn) -> None:
    made = photographed((768, 1024), seed=42, steps=20, guidance=2.5, lora_scale=0.7)
    (paid,) = hub.pictures
    recipe = dict(made.recipe)
    assert recipe.pop("client").startswith("huggingface_hub ")
    assert [license_["of"] for license_ in recipe.pop("licenses")] == ["black-forest-labs/FLUX.1-dev", LORA]
    assert recipe == {
        "provider": "fal-ai",
        "provider_model": "fal-ai/flux-lora",
        "base_model": "black-forest-labs/FLUX.1-dev",
        "lora": LORA,
        "lora_scale": 0.7,
        "model_version": "1" * 40,
        "num_inference_steps": 20,
        "guidance_scale": 2.5,
        "negative_prompt_sent": False,
        "made_px": [768, 1024],
        "rerolled_seeds": [],
    }
    assert (paid.lora, paid.lora_scale, paid.steps, paid.guidance, paid.seed) == (LORA, 0.7, 20, 2.5, 42)
    assert (made.provider, made.seed) == ("fal-ai", 42)
    assert made.model == f"black-forest-labs/FLUX.1-dev+{LORA}"


# -- by itself


@pytest.mark.parametrize("format_", PictureFormat)
@pytest.mark.parametrize(
    ("made", "size"),
    [
        ((900, 600), (512, 512)),
        ((600, 900), (512, 512)),
        ((1024, 768), (768, 1024)),
        ((512, 512), (300, 128)),
        ((1440, 512), (2048, 64)),
        ((1024, 1024), (2048, 2048)),
    ],
)
def test_the_middle_is_kept(format_: PictureFormat, made: tuple[int, int], size: tuple[int, int]) -> None:
    developed = normalize(_file(_thirds(made)), asked(size, format_=format_))
    image = pixels(developed.data)
    assert (developed.made_px, image.size, image.mode) == (made, size, "RGB")
    near = 40 if format_ is PictureFormat.WEBP else NEAR  # it keeps colours at half the size
    middle = image.getpixel((size[0] // 2, size[1] // 2))
    assert isinstance(middle, tuple)
    assert all(abs(a - b) <= near for a, b in zip(middle, (0, 255, 0), strict=True))


def test_nothing_is_stretched() -> None:
    circle = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(circle).ellipse((300, 150, 600, 450), fill="black")
    image = pixels(normalize(_file(circle), asked((512, 512), format_=PictureFormat.PNG)).data).convert("L")
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert abs((right - left) - (bottom - top)) <= 1
    assert abs((left + right) - 512) <= 2
    assert abs((top + bottom) - 512) <= 2


@given(
    made=st.tuples(st.integers(64, 700), st.integers(64, 700)),
    size=st.tuples(st.integers(64, 700), st.integers(64, 700)),
    format_=st.sampled_from(PictureFormat),
)
def test_every_size_comes_out_or_is_refused(
    made: tuple[int, int], size: tuple[int, int], format_: PictureFormat
) -> None:
    data = _file(_thirds(made))
    if max(size[0] / made[0], size[1] / made[1]) > 2.1:
        with pytest.raises(UnusableImage, match="instead of"):
            normalize(data, asked(size, format_=format_))
        return
    with Image.open(BytesIO(normalize(data, asked(size, format_=format_)).data)) as image:
        assert (image.size, image.format) == (size, format_.name)


@pytest.mark.parametrize(
    ("format_", "options"), [("JPEG", {"quality": 40}), ("PNG", {}), ("WEBP", {"lossless": True, "quality": 1})]
)
def test_right_bytes_are_not_touched(format_: str, options: dict[str, Any]) -> None:
    data = _file(_thirds((512, 512)), format_, **options)
    developed = normalize(data, asked((512, 512), format_=PictureFormat[format_]))
    assert developed.data is data
    other = normalize(data, asked((512, 511), format_=PictureFormat[format_]))
    assert other.data != data
    for made in (developed, other):
        assert made.thumbnail is not None
        assert pixels(made.thumbnail).size == (300, 300)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_what_a_service_says_in_its_file_stays_there(format_: str) -> None:
    """Its credentials are signed for these bytes."""
    exif = Image.Exif()
    exif[0x0131] = "its own program"
    data = _file(_thirds((512, 512)), format_, exif=exif, icc_profile=wide_profile())
    assert normalize(data, asked(format_=PictureFormat[format_])).data is data


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_is_turned(format_: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = normalize(_file(_thirds((512, 512)), format_, exif=exif), asked(format_=PictureFormat[format_]))
    shown = pixels(made.data)
    assert shown.getexif().get(0x0112, 1) == 1
    top, bottom = shown.getpixel((256, 40)), shown.getpixel((256, 470))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 200, top[2] < 60) == (True, True)
    assert (bottom[2] > 200, bottom[0] < 60) == (True, True)


def _srgb(color: tuple[int, int, int], profile: bytes) -> tuple[int, ...]:
    one = Image.new("RGB", (1, 1), color)
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    turned = ImageCms.profileToProfile(one, source, ImageCms.createProfile("sRGB"))
    assert turned is not None
    found = turned.getpixel((0, 0))
    assert isinstance(found, tuple)
    return tuple(int(band) for band in found)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_colors_of_a_wider_space_are_turned_into_srgb(format_: str) -> None:
    profile, color = wide_profile(), (180, 60, 40)
    image = Image.new("RGB", (512, 512), color)
    ImageDraw.Draw(image).rectangle((0, 0, 512, 40), fill=(20, 20, 90))  # not of one colour
    options = {"lossless": True} if format_ == "WEBP" else {"quality": 100} if format_ == "JPEG" else {}
    data = _file(image, format_, icc_profile=profile, **options)
    shown = pixels(normalize(data, asked((500, 500), format_=PictureFormat.PNG)).data)
    found = shown.getpixel((256, 256))
    assert isinstance(found, tuple)
    assert _close(found, _srgb(color, profile))
    assert not _close(found, color), "it was converted"
    assert "icc_profile" not in shown.info


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "RGBA"])
@pytest.mark.parametrize(
    "profile", [b"no profile at all", wide_profile()[:200], wide_profile()], ids=["no", "cut", "of"]
)
def test_a_profile_that_cannot_be_used_is_passed_over(mode: str, profile: bytes) -> None:
    image = _thirds((512, 512), ("white", "gray", "black"))
    image = image.quantize(3) if mode == "P" else image.convert(mode)
    data = _file(image, "JPEG" if mode in {"L", "CMYK"} else "PNG", icc_profile=profile)
    developed = pixels(normalize(data, asked(format_=PictureFormat.PNG)).data)
    assert (developed.mode, developed.size) == ("RGB", (512, 512))
    middle = developed.getpixel((256, 256))
    assert isinstance(middle, tuple)
    assert _close(middle, (128, 128, 128))


def test_what_is_transparent_is_white() -> None:
    image = _thirds((512, 512)).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 512, 100))
    shown = pixels(normalize(_file(image), asked()).data)
    top, middle = shown.getpixel((256, 30)), shown.getpixel((256, 300))
    assert isinstance(top, tuple)
    assert isinstance(middle, tuple)
    assert _close(top, (255, 255, 255))
    assert _close(middle, (0, 255, 0))


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_the_first_frame_of_an_animation_is_taken(format_: str) -> None:
    frames = [_thirds((512, 512)), Image.new("RGB", (512, 512), "black")]
    data = _file(frames[0], format_, save_all=True, append_images=frames[1:])
    developed = normalize(data, asked(format_=PictureFormat[format_]))
    assert not developed.blank
    assert pixels(developed.data).size == (512, 512)


@pytest.mark.parametrize("color", [(0, 0, 0), (5, 3, 6), (255, 255, 255), (90, 90, 90)])
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_picture_of_one_color_is_blank(color: tuple[int, int, int], format_: str, mode: str) -> None:
    assert normalize(_file(Image.new("RGB", (512, 640), color).convert(mode), format_), asked()).blank


def test_a_dark_photograph_is_not_blank() -> None:
    night = Image.new("RGB", (512, 512), (4, 4, 8))
    ImageDraw.Draw(night).ellipse((200, 200, 300, 300), fill=(40, 30, 30))
    assert not normalize(_file(night, "JPEG"), asked()).blank


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_picture_that_is_cut_short_is_never_taken(format_: str, share: float) -> None:
    noise = Image.frombytes("RGB", (256, 256), random.Random(1).randbytes(256 * 256 * 3))
    data = _file(noise, format_)
    with pytest.raises(UnusableImage) as raised:
        normalize(data[: int(len(data) * share)], asked(format_=PictureFormat.JPEG))
    assert raised.value.is_retryable


def _png_of(width: int, height: int) -> bytes:
    """Return the head of a large PNG."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(100))
    chunks = (struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in (head, body))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_many_scans_are_not_even_decoded() -> None:
    file = BytesIO()
    _thirds((512, 512)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    scan = b"\xff\xda\0\x08\x01\x01\0\x3f\x3f\0"
    with pytest.raises(UnusableImage, match="more scans") as raised:
        normalize(data[:-2] + scan * 50_000 + data[-2:], asked())
    assert not raised.value.is_retryable


@pytest.mark.parametrize("known", ["WEBP", "PNG", "JPEG"])
@pytest.mark.parametrize(("side", "taken"), [(2048, True), (2049, False)])
def test_pixels_are_bounded_by_what_was_asked(known: str, side: int, taken: bool) -> None:
    """A small one may come in the least size that a service has."""
    data = _file(_thirds((side, side)), known)
    if taken:
        assert normalize(data, asked((64, 64))).made_px == (side, side)
    else:
        with pytest.raises(UnusableImage, match=f"has {side}x{side} px, too many"):
            normalize(data, asked((64, 64)))


@pytest.mark.parametrize("size", [(8001, 8000), (30_000, 30_000)])
def test_too_many_pixels_are_not_even_read(size: tuple[int, int]) -> None:
    with pytest.raises(UnusableImage, match="too many") as raised:
        normalize(_png_of(*size), asked())
    assert not raised.value.is_retryable


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"<html></html>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", bytes(1000), b"<svg/>"],
    ids=range(8),
)
def test_what_is_no_picture_is_not_taken(data: bytes) -> None:
    with pytest.raises(UnusableImage) as raised:
        normalize(data, asked())
    assert (raised.value.what, raised.value.is_retryable) == ("is no picture", True)


@pytest.mark.parametrize("format_", ["TIFF", "BMP", "PPM", "ICO", "GIF", "EPS", "TGA"])
def test_other_formats_never_reach_a_decoder(format_: str) -> None:
    with pytest.raises(UnusableImage, match="is no picture"):
        normalize(_file(_thirds((128, 128)), format_), asked((64, 64)))


@given(junk=st.binary(max_size=300), at=st.integers(0, 2000))
def test_spoilt_bytes_raise_nothing_else(junk: bytes, at: int) -> None:
    good = _file(_thirds((64, 64)), "PNG")
    spoilt = good[: at % len(good)] + junk + good[at % len(good) + len(junk) :]
    with suppress(UnusableImage):
        normalize(spoilt, asked((64, 64)))


@pytest.mark.parametrize("provider", WAYS)
def test_the_client_opens_no_picture_here(hub: StandIn, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    """Each of Pillow's readers would be asked, in the process that holds the token."""

    def opened(*_arguments: object, **_options: object) -> None:
        raise AssertionError("it was opened here")

    monkeypatch.setattr(Image, "open", opened)
    assert photographed(**WAYS[provider]).width_px == 512
    assert hub.calls
