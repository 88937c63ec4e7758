"""Thumbnails, and other formats, of pictures as they are kept: with what their metadata say heeded and kept."""

from collections.abc import Sequence

from avatar_creator.decoding import Renditions, TooMuch, Undecodable, isolated
from avatar_creator.domain.framing import CENTER, Point
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures import containers, exif, profiles, provenance

_QUALITY = 95
_RENDITION_QUALITY = 90  # of what is shown, and not worked on


def examine(data: bytes, metadata: containers.Metadata) -> tuple[bytes, bytes]:
    """Return a stripped picture without coded bytes that no pixel is made of, and its thumbnail.

    That is a JPEG of its middle, 300 x 300 px, upright, in sRGB, white where it is transparent. Every pixel is decoded
    on the way, in another process. Raises StorageError when it is damaged.
    """
    try:
        preview, excess = isolated.examine(data, exif.read(metadata.exif).orientation, _pixels(metadata))
    except Undecodable as error:
        raise _refused(error) from error
    return containers.shortened(data, excess), preview


def drawn_preview(data: bytes, metadata: containers.Metadata, thumbnail: bytes | None = None) -> tuple[bytes, str]:
    """Return the thumbnail of a picture this program drew a moment ago, and its perceptual hash.

    Nothing in it is a stranger's, as in a stored file may be, so it is done at once. A thumbnail that is there is
    decoded sooner than the picture.
    """
    from avatar_creator.decoding import pixels  # noqa: PLC0415 - whoever makes no drawing does without Pillow

    try:
        preview = thumbnail or pixels.thumbnail(*_bare(data, metadata), _pixels(metadata))
        return preview, pixels.perceptual_hash(preview, exif.UPRIGHT, pixels.THUMBNAIL_PX**2).hex()
    except Undecodable as error:
        raise _refused(error) from error


def perceptual_hash(data: bytes, metadata: containers.Metadata) -> str | None:
    """Return the perceptual hash of a picture, as hexadecimal digits; None where its pixels cannot be decoded."""
    try:
        return isolated.perceptual_hash(*_bare(data, metadata), _pixels(metadata)).hex()
    except (Undecodable, StorageError):
        return None


def square(data: bytes, side_px: int, middle: Point = CENTER) -> bytes:
    """Return the pixels of the square about a point, ``side_px`` x ``side_px``, three bytes each, on white.

    Raises StorageError when it is damaged.
    """
    metadata = containers.read(data)
    try:
        return isolated.square(*_bare(data, metadata), side_px, _pixels(metadata), middle)
    except Undecodable as error:
        raise _refused(error) from error


def convert(data: bytes, wanted: PictureFormat) -> bytes:
    """Return the picture in the format wanted, in sRGB, with its XMP; unchanged when it has that format.

    Raises StorageError when the picture is damaged.
    """
    if containers.sniff(data) is wanted:
        return data
    metadata = containers.read(data)
    try:
        bare, _ = _bare(data, metadata)
        encoded = isolated.convert(bare, wanted.name, _QUALITY, _pixels(metadata))
    except Undecodable as error:
        raise _refused(error) from error
    return containers.rewrite(
        encoded, exif=provenance.upright(metadata), xmp=metadata.xmp or provenance.statement(metadata)
    )


def renditions(
    data: bytes,
    metadata: containers.Metadata,
    sides_px: Sequence[int],
    middle: Point,
    wanted: PictureFormat,
    *,
    is_circle: bool,
) -> list[bytes]:
    """Return the picture's squares, or circles, of these sides, without metadata; without sides, the whole picture.

    They are about a point, of the sides of the picture, upright, in sRGB, and made in another process. Raises
    StorageError when the picture is damaged.
    """
    bare, orientation = _bare(data, metadata)
    asked = Renditions(sides_px, middle, is_circle, wanted.name, _RENDITION_QUALITY, orientation, _pixels(metadata))
    try:
        return isolated.renditions(bare, asked)
    except Undecodable as error:
        raise _refused(error) from error


def _bare(data: bytes, metadata: containers.Metadata) -> tuple[bytes, int]:
    """Return the picture without its metadata, which hostile files aim at decoders, and its orientation."""
    return containers.rewrite(data, icc=profiles.implied(metadata)), exif.read(metadata.exif).orientation


def _pixels(metadata: containers.Metadata) -> int:
    return metadata.width_px * metadata.height_px


def _refused(error: Undecodable) -> StorageError:
    if isinstance(error, TooMuch):
        return StorageError(
            "The picture takes too much time or memory to decode.", hint="Save it again with another program."
        )
    return StorageError("The picture is damaged: its pixels cannot be decoded.", hint="Use an undamaged copy of it.")
