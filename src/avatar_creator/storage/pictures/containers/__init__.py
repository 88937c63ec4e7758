"""JPEG, PNG and WebP as containers: what stands around the pixels, read and replaced without decoding them.

`rewrite` copies what decides how the picture looks (coded pixels, colour profile, transparency), each part as long as
it has to be, and leaves out everything else, so that nothing private survives because nobody here knew of it.
Every file is taken as hostile: its parts are counted, and whatever is wrong with it, the error is StorageError.
"""

from collections.abc import Mapping

from avatar_creator import decoding
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures.containers import jpeg, png, webp
from avatar_creator.storage.pictures.containers.metadata import Metadata

__all__ = ["Metadata", "read", "rewrite", "shortened", "sniff"]


def sniff(data: bytes) -> PictureFormat | None:
    """Return the format that the content has, whatever the file is called."""
    known = decoding.sniff(data)
    return PictureFormat[known] if known else None


def read(data: bytes) -> Metadata:
    """Return what the file says beside its pixels. Raises StorageError when it is damaged or no picture."""
    match sniff(data):
        case PictureFormat.JPEG:
            return jpeg.read(data)
        case PictureFormat.PNG:
            return png.read(data)
        case PictureFormat.WEBP:
            return webp.read(data)
        case _:
            raise _no_picture()


def rewrite(
    data: bytes,
    *,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    icc: bytes | None = None,
    text: Mapping[str, str] | None = None,
) -> bytes:
    """Return the same picture with these metadata and no others; what follows the picture's end goes too.

    ``exif`` is a bare TIFF block. ``icc`` is for a picture without a profile of its own. Only PNG has a place for
    ``text``.
    Raises StorageError when the file is damaged or no picture, or when a block is too long for JPEG.
    """
    match sniff(data):
        case PictureFormat.JPEG:
            return jpeg.rewrite(data, exif, xmp, icc)
        case PictureFormat.PNG:
            return png.rewrite(data, exif, xmp, icc, text or {})
        case PictureFormat.WEBP:
            return webp.rewrite(data, exif, xmp, icc)
        case _:
            raise _no_picture()


def shortened(data: bytes, excess: int) -> bytes:
    """Return a picture that `rewrite` gave without so many of its last coded bytes, of which no pixel is made."""
    match sniff(data) if excess > 0 else None:
        case PictureFormat.JPEG:
            return jpeg.shortened(data, excess)
        case PictureFormat.PNG:
            return png.shortened(data, excess)
        case _:
            return data


def _no_picture() -> StorageError:
    return StorageError("This is not a JPEG, PNG or WebP picture.", hint="Convert it to one of these first.")
