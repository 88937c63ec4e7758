"""Pictures decoded: thumbnails, and other formats. Only here is Pillow needed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import Image, ImageCms

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers, exif, provenance

THUMBNAIL_PX = 300
_THUMBNAIL_QUALITY = 85
_QUALITY = 95
# Half the time of LANCZOS, none of its halos; JPEG at this quality loses more than the two differ by.
_RESAMPLING = Image.Resampling.HAMMING
_REDUCING_GAP = 1.5  # half the time of Pillow's 2.0, at 49.5 dB the same picture
_FORMATS = [known.name for known in PictureFormat]  # the only decoders that strangers' bytes may reach

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def check(data: bytes) -> None:
    """Decode the picture. Raises StorageError unless every pixel is there."""
    with _decoding(data) as image:
        image.load()


def thumbnail(data: bytes, metadata: containers.Metadata | None = None) -> bytes:
    """Return a JPEG of the picture's middle, 300 x 300 px, upright, in sRGB, white where it is transparent.

    ``metadata`` is what was read from it, if it was. Raises StorageError when the picture is damaged.
    """
    orientation = exif.read((metadata or containers.read(data)).exif).orientation
    with _decoding(data) as image:
        profile = image.info.get("icc_profile")
        image.draft(None, (THUMBNAIL_PX, THUMBNAIL_PX))  # JPEG decodes to a half or a quarter at once
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        small = _in_eight_bits(image).resize(
            (THUMBNAIL_PX, THUMBNAIL_PX),
            _RESAMPLING,
            box=(left, top, left + side, top + side),
            reducing_gap=_REDUCING_GAP,
        )
        if orientation in _TURNS:
            small = small.transpose(_TURNS[orientation])
        return _encoded(_in_srgb(_on_white(small), profile), PictureFormat.JPEG, _THUMBNAIL_QUALITY)


def convert(data: bytes, wanted: PictureFormat, quality: int = _QUALITY) -> bytes:
    """Return the picture in the format wanted, in sRGB, with its XMP; unchanged when it has that format.

    Raises StorageError when the picture is damaged.
    """
    if containers.sniff(data) is wanted:
        return data
    metadata = containers.read(data)
    with _decoding(data) as image:
        profile = image.info.get("icc_profile")
        pixels = _in_eight_bits(image)
        if wanted is PictureFormat.JPEG:
            pixels = _on_white(pixels)
        encoded = _encoded(_in_srgb(pixels, profile), wanted, quality)
    return containers.rewrite(
        encoded, exif=provenance.upright(metadata), xmp=metadata.xmp or provenance.statement(metadata)
    )


@contextmanager
def _decoding(data: bytes) -> Iterator[Image.Image]:
    """Yield the picture, opened; whatever its decoder raises is StorageError.

    Pillow gets it without metadata: they decide nothing here, and hostile files aim at their parsers.
    """
    bare = BytesIO(containers.rewrite(data))
    try:
        with Image.open(bare, formats=_FORMATS) as image:
            yield image
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error and more
        raise StorageError(
            "The picture is damaged: its pixels cannot be decoded.", hint="Use an undamaged copy of it."
        ) from error


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return gray, RGB, RGBA or CMYK, eight bits each, which all else here can work with."""
    if image.mode.startswith("I"):  # 16 bits of gray, which Pillow would clip instead of scaling
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    return canvas


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        with suppress(ImageCms.PyCMSError):  # a profile that is broken, or not of this kind of picture
            source = ImageCms.getOpenProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            return converted or image
    return image.convert(mode)


def _encoded(image: Image.Image, wanted: PictureFormat, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, wanted.name, quality=quality, icc_profile=None)  # PNG passes over the quality
    return file.getvalue()
