"""The work on pixels: bytes in, bytes out. Whatever a decoder raises ends as Damaged or TooMuch."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from avatar_creator.decoding import JPEG, PNG, WEBP, Asked, Damaged, Normalized, Renditions, TooMuch, Undecodable
from avatar_creator.decoding.excess import excess_of
from avatar_creator.decoding.opening import opened
from avatar_creator.decoding.perceptual_hash import SIDE, difference_hash
from avatar_creator.domain.framing import CENTER, Point, middle_of_drawing

THUMBNAIL_PX = 300
_THUMBNAIL_QUALITY = 85
# Half the time of LANCZOS, none of its halos; JPEG at this quality loses more than the two differ by.
_RESAMPLING = Image.Resampling.HAMMING
_REDUCING_GAP = 1.5  # half the time of Pillow's 2.0, at 49.5 dB the same picture
_HASHED_PX = 4 * SIDE  # that a picture is made before its hash is: the same from whichever size it comes
_STRIP_PX = 2_000_000  # of a large picture are worked on at once

_ORIENTATION = 0x0112  # of EXIF
_UPRIGHT = 1
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)

# Where a point of a picture as it is shown is in the picture as it is stored, for each orientation.
_AT: Mapping[int, Callable[[float, float], tuple[float, float]]] = {
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (y, 1 - x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (1 - y, x),
}
_SMOOTH = 4  # dots a pixel, in each direction, at the edge of a circle

_DARK = 8  # of 255: black pictures, as filters give them, stay below it after JPEG
_QUICK = 2  # of WebP's methods, 0 to 6: half the time of Pillow's 4, for 5 % more bytes
_EVEN = 2  # the most that a picture of one colour differs from itself
_GLANCE_PX = 128  # enough to see whether it is blank


def thumbnail(data: bytes, orientation: int, pixels_most: int) -> bytes:
    """Return a JPEG of the figure in a drawing, 300 x 300 px, upright, in sRGB, white where it is transparent.

    ``orientation`` is EXIF's. Every pixel is decoded on the way.
    """
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=THUMBNAIL_PX)
        image.load()
        return _thumbnail(image, orientation, middle_of_drawing(*image.size))


def drawn_thumbnail(pixels: bytes, width: int, height: int) -> bytes:
    """Return the thumbnail of an opaque drawing of which there are the pixels, four bytes each."""
    image = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)  # no copy, as another mode would be
    return _thumbnail(image, _UPRIGHT, middle_of_drawing(width, height))


def examine(data: bytes, orientation: int, pixels_most: int) -> tuple[bytes, int]:
    """Return the thumbnail, and how many of the last coded bytes no pixel is made of."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=THUMBNAIL_PX, counted=True)
        source = getattr(image, "fp", None)
        image.load()
        return _thumbnail(image, orientation), excess_of(data, source)


def convert(data: bytes, wanted: str, quality: int, pixels_most: int) -> bytes:
    """Return the picture in the format that Pillow calls ``wanted``, in sRGB, without metadata."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most)
        profile = image.info.get("icc_profile")
        pixels = _in_eight_bits(image)
        if wanted == JPEG:
            pixels = _on_white(pixels)
        return _encoded(_in_srgb(pixels, profile), wanted, quality)


def normalize(data: bytes, asked: Asked) -> Normalized:
    """Return the picture in the sides and format asked for, in sRGB where it has to be encoded anew."""
    with _decoding():
        image = opened(data, pixels_most=asked.pixels_most)
        made_px = image.size
        as_asked = made_px == asked[:2] and _is_fit(image, asked.format)
        if as_asked:  # a JPEG is read whole and worked out small, in a quarter of the time
            image.draft(None, (THUMBNAIL_PX, THUMBNAIL_PX))
        image.load()
        if _is_blank(image):
            return Normalized(made_px, None, None)
        if as_asked:
            return Normalized(made_px, b"", _thumbnail(image, _UPRIGHT))
        turned = _turned(image, image.getexif().get(_ORIENTATION, _UPRIGHT))
        srgb = _in_srgb(_on_white(_in_eight_bits(turned)), image.info.get("icc_profile"))
        fitted = _fitted(srgb, (asked.width_px, asked.height_px))
        return Normalized(made_px, _encoded(fitted, asked.format, asked.quality), _thumbnail(fitted, _UPRIGHT))


def cells(data: bytes, side_px: int, pixels_most: int) -> bytes:
    """Return the picture as ``side_px`` x ``side_px`` pixels, three bytes each."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=side_px)
        return image.convert("RGB").resize((side_px, side_px), Image.Resampling.BOX).tobytes()


def preview(data: bytes, side_px: int, quality: int, pixels_most: int) -> bytes:
    """Return a WebP of the picture's middle, ``side_px`` x ``side_px``, upright, in sRGB, white where transparent."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=side_px)
        side, profile = min(image.size), image.info.get("icc_profile")
        left, top = (image.width - side) // 2, (image.height - side) // 2
        square = _in_eight_bits(image).resize(
            (side_px, side_px), _RESAMPLING, box=(left, top, left + side, top + side), reducing_gap=1.0
        )
        upright = _turned(square, image.getexif().get(_ORIENTATION, _UPRIGHT))
        return _encoded(_in_srgb(_on_white(upright), profile), WEBP, quality, method=_QUICK)


def part(image: Image.Image, box: tuple[float, float, float, float]) -> bytes:
    """Return the thumbnail of a square in an RGB picture."""
    sides = (THUMBNAIL_PX, THUMBNAIL_PX)
    return _encoded(image.resize(sides, _RESAMPLING, box, _REDUCING_GAP), JPEG, _THUMBNAIL_QUALITY)


def upright(data: bytes, side_px: int, pixels_most: int) -> tuple[Image.Image, tuple[int, int]]:
    """Return an upright RGB picture with a shorter side of up to twice ``side_px``, and the sides that it has whole."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most)
        sides = image.size
        if image.format == JPEG:
            image.draft(None, (side_px, side_px))
        image.load()
        orientation = image.getexif().get(_ORIENTATION, _UPRIGHT)
        profile = image.info.get("icc_profile")
        plain = _in_eight_bits(image)
        small = plain.reduce(max(1, min(plain.size) // side_px))
        turned = _turned(_in_srgb(_on_white(small), profile), orientation)
        return turned, sides if orientation not in _SIDEWAYS else (sides[1], sides[0])


def perceptual_hash(data: bytes, orientation: int, pixels_most: int) -> bytes:
    """Return the perceptual hash of the part that the thumbnail shows."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=_HASHED_PX)
        image.load()
        return difference_hash(_square(image, orientation, _HASHED_PX).reduce(_HASHED_PX // SIDE))


def renditions(data: bytes, asked: Renditions) -> list[bytes]:
    """Return squares or circles of the picture, upright, in sRGB, without metadata; without sides, all of it."""
    with _decoding():
        image = opened(data, pixels_most=asked.pixels_most, side_px=max(asked.sides_px, default=None))
        image.load()
        profile = image.info.get("icc_profile")
        if not asked.sides_px:
            return [_rendered(_in_eight_bits(image), asked, profile)]
        box = _box(image.size, asked.middle, asked.orientation)
        return [_rendered(_cut(image, box, side, Image.Resampling.LANCZOS), asked, profile) for side in asked.sides_px]


def square(data: bytes, orientation: int, side_px: int, pixels_most: int, middle: Point = CENTER) -> bytes:
    """Return the square about a point, ``side_px`` x ``side_px`` pixels of three bytes, upright, in sRGB, on white."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=side_px)
        image.load()
        return _square(image, orientation, side_px, middle).tobytes()


def paletted(data: bytes, side_px: int, colors: int, pixels_most: int) -> bytes:
    """Return the picture as ``side_px`` x ``side_px`` bytes, each the number of a color, behind three bytes a color."""
    with _decoding():
        image = opened(data, pixels_most=pixels_most, side_px=side_px)
        image.load()
        reduced = _square(image, _UPRIGHT, side_px).quantize(colors)
        palette = bytes(reduced.getpalette() or ())[: 3 * colors]
        return palette.ljust(3 * colors, b"\0") + reduced.tobytes()


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        yield
    except Undecodable:
        raise
    except MemoryError as error:
        raise TooMuch("takes too much memory") from error
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error, AssertionError and more
        raise Damaged("is cut short") from error


def _thumbnail(image: Image.Image, orientation: int, middle: Point = CENTER) -> bytes:
    return _encoded(_square(image, orientation, THUMBNAIL_PX, middle), JPEG, _THUMBNAIL_QUALITY)


def _square(image: Image.Image, orientation: int, side_px: int, middle: Point = CENTER) -> Image.Image:
    """Return the square about a point with so many pixels a side, upright, in sRGB, white where it is transparent."""
    profile = image.info.get("icc_profile")
    small = _cut(image, _box(image.size, middle, orientation), side_px, _RESAMPLING)
    return _in_srgb(_on_white(_turned(small, orientation)), profile)


def _cut(image: Image.Image, box: tuple[int, int, int, int], side_px: int, resampling: Image.Resampling) -> Image.Image:
    """Return what is in the square box, with sides of that many pixels."""
    side = box[2] - box[0]
    within: tuple[float, float, float, float] = box
    factor = int(side / side_px / _REDUCING_GAP)
    if image.width * image.height > _STRIP_PX and factor > 1:
        image, within = _reduced(image, factor, box), (0, 0, side / factor, side / factor)
    return _in_eight_bits(image).resize((side_px, side_px), resampling, box=within, reducing_gap=_REDUCING_GAP)


def _box(size: tuple[int, int], middle: Point, orientation: int) -> tuple[int, int, int, int]:
    """Return the largest square about a point, where it is in the picture as it is stored."""
    side = min(size)
    middle = _AT[orientation](*middle) if orientation in _AT else middle
    left, top = (
        min(max(round(whole * at - side / 2), 0), whole - side) for whole, at in zip(size, middle, strict=True)
    )
    return left, top, left + side, top + side


def _rendered(image: Image.Image, asked: Renditions, profile: bytes | None) -> bytes:
    image = _in_srgb(_turned(image, asked.orientation), profile)
    if asked.is_circle:
        image = _round(image)
    return _encoded(_on_white(image) if asked.format == JPEG else image, asked.format, asked.quality)


def _round(image: Image.Image) -> Image.Image:
    """Return the circle in a square picture. What is outside is gone, and not only transparent."""
    alpha = _disc(image.width)
    if image.mode == "RGBA":
        alpha = Image.composite(image.getchannel("A"), Image.new("L", image.size), alpha)
    clear = Image.new("RGBA", image.size)
    clear.paste(image.convert("RGB"), mask=alpha.point(lambda value: 255 if value else 0))
    clear.putalpha(alpha)
    return clear


@lru_cache(maxsize=8)  # as many sizes as are asked for at once
def _disc(side_px: int) -> Image.Image:
    """Return a white circle with a smooth edge: of dots, each of which is in it or not, and then smaller."""
    disc, side = Image.new("L", (side_px, side_px)), side_px * _SMOOTH
    for top in range(side_px):
        lines = []
        for y in range(top * _SMOOTH, (top + 1) * _SMOOTH):
            half = round(math.sqrt((side / 2) ** 2 - (y + 0.5 - side / 2) ** 2))
            clear = bytes(side // 2 - half)
            lines.append(clear + b"\xff" * (2 * half) + clear)
        disc.paste(Image.frombytes("L", (side, _SMOOTH), b"".join(lines)).reduce(_SMOOTH), (0, top))
    return disc


def _reduced(image: Image.Image, factor: int, box: tuple[int, int, int, int]) -> Image.Image:
    """Return what is in the square box, smaller; strip by strip, as a copy of all takes memory."""
    left, top, right, bottom = box
    side = -(-(right - left) // factor)
    rows = max(_STRIP_PX // (right - left) // factor, 1) * factor
    small: Image.Image | None = None
    for at in range(top, bottom, rows):
        strip = _in_eight_bits(image.crop((left, at, right, min(at + rows, bottom)))).reduce(factor)
        small = small or Image.new(strip.mode, (side, side))
        small.paste(strip, (0, (at - top) // factor))
    assert small is not None  # noqa: S101 - the box has lines
    return small


def _is_fit(image: Image.Image, wanted: str) -> bool:
    """Return whether its file may be kept as it came: of that format, RGB, opaque, upright, and one picture."""
    if image.format != wanted or image.mode != "RGB" or image.has_transparency_data:
        return False
    return not getattr(image, "is_animated", False) and image.getexif().get(_ORIENTATION, _UPRIGHT) not in _TURNS


def _is_blank(image: Image.Image) -> bool:
    """Return whether it is black or of one colour, as what a filter held back is."""
    small = image.convert("RGB") if image.mode != "RGB" else image
    factor = max(1, min(image.size) // _GLANCE_PX)
    extrema = small.reduce(factor).getextrema()
    bands = [band for band in extrema if isinstance(band, tuple)]
    return all(high < _DARK for _, high in bands) or all(high - low <= _EVEN for low, high in bands)


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return gray, RGB, RGBX, RGBA or CMYK, eight bits each, which all else here can work with."""
    if image.mode.startswith("I"):  # 16 bits of gray, which Pillow would clip instead of scaling
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "RGBX", "CMYK"} else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    return canvas


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        from PIL import ImageCms  # noqa: PLC0415 - most pictures have none

        with suppress(ImageCms.PyCMSError, OSError):  # broken, or not of this kind of picture
            source = ImageCms.getOpenProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            return converted or image
    return image if image.mode == mode else image.convert(mode)


def _fitted(image: Image.Image, asked_px: tuple[int, int]) -> Image.Image:
    """Return it cut at two sides to the ratio asked for, and resized."""
    if image.size == asked_px:
        return image
    scale = min(image.width / asked_px[0], image.height / asked_px[1])
    width, height = asked_px[0] * scale, asked_px[1] * scale
    left, top = max((image.width - width) / 2, 0.0), max((image.height - height) / 2, 0.0)
    right, bottom = min(left + width, image.width), min(top + height, image.height)  # a float may be a hair too long
    return image.resize(asked_px, Image.Resampling.LANCZOS, box=(left, top, right, bottom))


class _File(BytesIO):
    """One with a name: asked for a format by its name alone, Pillow loads the writers of five first."""

    def __init__(self, known: str) -> None:
        super().__init__()
        self.name = f"picture.{known.lower()}"


def _encoded(image: Image.Image, wanted: str, quality: int, **options: Any) -> bytes:
    file = _File(wanted)
    if wanted != PNG:
        options["quality"] = quality
    try:
        image.save(file, icc_profile=None, **options)
    except (OSError, ValueError) as error:  # encoders say so where memory runs out, and of sides beyond their limit
        raise TooMuch("takes too much memory") from error
    return file.getvalue()
