"""What a service sent, checked before it counts: a whole picture, not blank, of the size and kind asked for."""

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms

from avatar_creator.domain.picture import PictureFormat, PictureRequest

_KNOWN = ("JPEG", "PNG", "WEBP", "GIF")  # the only decoders that a stranger's bytes may reach
_MOST_PIXELS = 64_000_000
_DARK = 8  # of 255: black pictures, as filters give them, stay below it after JPEG
_EVEN = 2  # the most that a picture of one colour differs from itself
_GLANCE_PX = 128  # enough to see whether it is blank
_ENLARGED_MOST = 2.1  # Replicate's largest need 2.08; a side made larger is no photograph of the size asked for


class Unusable(Exception):
    """The bytes are no picture that can be used; the message goes on from "The answer of PROVIDER "."""

    def __init__(self, what: str, *, again: bool) -> None:
        super().__init__(what)
        self.what = what
        self.again = again


@dataclass(frozen=True, slots=True)
class Developed:
    """A picture as it was asked for, and the sides it was made with (px)."""

    data: bytes
    made_px: tuple[int, int]
    blank: bool


def develop(data: bytes, request: PictureRequest) -> Developed:
    """Return the picture in the size and format asked for, in sRGB; its bytes as they came if they are all that.

    Raises Unusable, with ``again`` when the same request may well bring a good one.
    """
    glance = _opened(data)
    made_px, asked_px = glance.size, (request.width_px, request.height_px)
    _check_size(made_px, asked_px)
    glance.draft(None, (_GLANCE_PX, _GLANCE_PX))  # a JPEG is read whole and worked out small, in a quarter of the time
    _load(glance)
    if _is_blank(glance):
        return Developed(data, made_px, blank=True)
    as_asked = glance.format == request.format.name and glance.mode == "RGB" and "icc_profile" not in glance.info
    if not as_asked or made_px != asked_px:
        image = _opened(data)
        _load(image)
        data = _encoded(_fitted(_in_srgb(image), asked_px), request)
    return Developed(data, made_px, blank=False)


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise Unusable("is cut short", again=True) from error


def _opened(data: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(data), formats=_KNOWN)
    except Image.DecompressionBombError as error:
        raise Unusable("has too many pixels to be a picture", again=False) from error
    except Exception as error:
        raise Unusable("is no picture", again=True) from error
    if image.width * image.height > _MOST_PIXELS:
        raise Unusable(f"has {image.width}x{image.height} px, too many to be one", again=False)
    return image


def _is_blank(image: Image.Image) -> bool:
    """Tell whether it is black or of one colour, as what a filter held back is."""
    small = image.convert("RGB") if image.mode != "RGB" else image
    factor = max(1, min(image.size) // _GLANCE_PX)
    extrema = small.reduce(factor).getextrema()
    bands = [band for band in extrema if isinstance(band, tuple)]
    return all(high < _DARK for _, high in bands) or all(high - low <= _EVEN for low, high in bands)


def _check_size(made_px: tuple[int, int], asked_px: tuple[int, int]) -> None:
    enlarged = max(asked / made for asked, made in zip(asked_px, made_px, strict=True))
    if enlarged > _ENLARGED_MOST:
        made, asked = ("{}x{} px".format(*sides) for sides in (made_px, asked_px))
        raise Unusable(f"is {made} instead of {asked}", again=False)


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return it as RGB, transparency on white."""
    profile = image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        canvas = Image.new("RGB", image.size, "white")
        canvas.paste(image, mask=image)
        image = canvas
    elif image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # broken, or not of this kind of picture
            source = ImageCms.getOpenProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    return image.convert("RGB")


def _fitted(image: Image.Image, asked_px: tuple[int, int]) -> Image.Image:
    """Return it cut at two sides to the ratio asked for, and resized."""
    if image.size == asked_px:
        return image
    scale = min(image.width / asked_px[0], image.height / asked_px[1])
    width, height = asked_px[0] * scale, asked_px[1] * scale
    left, top = max((image.width - width) / 2, 0.0), max((image.height - height) / 2, 0.0)
    right, bottom = min(left + width, image.width), min(top + height, image.height)  # a float may be a hair too long
    return image.resize(asked_px, Image.Resampling.LANCZOS, box=(left, top, right, bottom))


def _encoded(image: Image.Image, request: PictureRequest) -> bytes:
    file = BytesIO()
    quality = {} if request.format is PictureFormat.PNG else {"quality": request.jpeg_quality}
    image.save(file, request.format.name, icc_profile=None, **quality)
    return file.getvalue()
