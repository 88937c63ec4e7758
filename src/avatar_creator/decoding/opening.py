"""Opens a picture's bytes by the one decoder of their format, no larger than needed."""

import os
from io import BytesIO

from PIL import Image, ImageFile

from avatar_creator.decoding import JPEG, SCANS_MOST, WEBP, Damaged, TooMuch, sniff, webp
from avatar_creator.decoding.excess import CountingReader

NO_PICTURE = "is no picture"
_WEBP_PLAIN_PX = 6_000_000  # Pillow decodes WebP through five copies of the picture, 20 bytes a pixel
_SCAN = b"\xff\xda"


def opened(data: bytes, *, pixels_most: int, side_px: int | None = None, counted: bool = False) -> Image.Image:
    """Return the picture, not decoded yet where its decoder can wait.

    With ``side_px`` it may come smaller, with sides of that many pixels or more; ``counted`` has `excess_of` find
    which bytes of a JPEG were needed. Raises Damaged for what is no JPEG, PNG or WebP, TooMuch where it has more pixels
    than ``pixels_most``, and whatever the decoder raises.
    """
    known = sniff(data)
    if known is None:
        raise Damaged(NO_PICTURE)
    if known == WEBP:
        _check(_webp_sides(data), pixels_most)  # its decoder takes memory for all of it at once
        return _webp(data, side_px)
    if known == JPEG and data.count(_SCAN) > 2 * SCANS_MOST:  # metadata hold the two bytes by chance
        raise TooMuch("has more scans than a picture needs")
    image = _read(data, known, counted=counted)
    _check(image.size, pixels_most)
    if image.mode == "P" and image.palette is None:  # Pillow would run into an assertion of its own
        raise Damaged(NO_PICTURE)
    if side_px is not None:
        image.draft(None, (side_px, side_px))  # only JPEG can: a half, a quarter or an eighth
    return image


def _read(data: bytes, known: str, *, counted: bool = False) -> ImageFile.ImageFile:
    """Open by the class that reads the format: `Image.open` would load the readers of fifty others."""
    try:
        match known:
            case "JPEG":
                from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415 - each picture needs but one of them

                return JpegImageFile(CountingReader(data) if counted else BytesIO(data))
            case "PNG":
                from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415

                return PngImageFile(BytesIO(data))
            case _:
                from PIL.WebPImagePlugin import WebPImageFile  # noqa: PLC0415

                return WebPImageFile(BytesIO(data))
    except MemoryError:
        raise
    except Exception as error:
        raise Damaged(NO_PICTURE) from error


def _check(sides: tuple[int, int], pixels_most: int) -> None:
    if sides[0] * sides[1] > pixels_most:
        raise TooMuch("has {}x{} px, too many".format(*sides))


def _webp(data: bytes, side_px: int | None) -> Image.Image:
    width, height = _webp_sides(data)
    if side_px is None or width * height <= _WEBP_PLAIN_PX:
        return _read(data, WEBP)
    os.environ["VIPS_CONCURRENCY"] = "1"  # its threads would each take memory
    import pyvips  # noqa: PLC0415 - only large pictures pay for it

    scale = max(side_px / min(width, height), 1 / 16)
    small = pyvips.Image.webpload_buffer(data, scale=min(scale, 1.0), fail_on="warning")
    mode = {3: "RGB", 4: "RGBA"}[small.bands]
    image = Image.frombytes(mode, (small.width, small.height), small.write_to_memory())
    if "icc-profile-data" in small.get_fields():
        image.info["icc_profile"] = small.get("icc-profile-data")
    return image


def _webp_sides(data: bytes) -> tuple[int, int]:
    """Return the sides of the canvas, as the first chunk states them."""
    sides = webp.sides(data[12:16], data[20:30])
    if sides is None:
        raise Damaged(NO_PICTURE)
    return sides
