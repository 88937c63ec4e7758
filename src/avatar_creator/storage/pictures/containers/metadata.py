"""What a picture's file says beside its pixels, and the errors that reading it can end in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError


@dataclass(frozen=True, slots=True)
class Metadata:
    """The blocks of one file, uninterpreted; sides as stored, before any EXIF orientation.

    ``exif`` is a bare TIFF block, ``c2pa`` what the boxes of the manifest hold, ``text`` PNG's alone.
    """

    format: PictureFormat
    width_px: int
    height_px: int
    exif: bytes | None = None
    xmp: bytes | None = None
    c2pa: bytes | None = None
    text: Mapping[str, str] = field(default_factory=dict)
    has_icc: bool = False
    is_animated: bool = False


def damaged(known: PictureFormat, what: str) -> StorageError:
    return StorageError(f"The {known.name} picture is damaged: {what}.", hint="Use an undamaged copy of it.")


def take(data: bytes, at: int, size: int, known: PictureFormat) -> bytes:
    """Return exactly ``size`` bytes: the one place that meets the end of a file."""
    taken = data[at : at + size]
    if len(taken) < size:
        raise damaged(known, "it ends too early")
    return taken
