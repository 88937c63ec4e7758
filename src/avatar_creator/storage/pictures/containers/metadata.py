"""What a picture's file says beside its pixels, and the errors that reading it can end in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import StorageError

_PARTS_MOST = 20_000  # segments or chunks: encoders write a pixel row into each at the worst
_PROFILE_HEAD = 128  # bytes of an ICC profile before its table of tags

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The blocks of one file, uninterpreted; sides as stored, before any EXIF orientation.

    ``exif`` is a bare TIFF block, ``c2pa`` what the boxes of the manifest hold, ``text`` PNG's alone. A gain map
    makes the picture brighter on screens that can; it lies behind the picture.
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
    has_gain_map: bool = False


def damaged(known: PictureFormat, what: str) -> StorageError:
    return StorageError(f"The {known.name} picture is damaged: {what}.", hint="Use an undamaged copy of it.")


def laborious(known: PictureFormat, what: str) -> StorageError:
    """Return the error of a file that is made to keep whoever opens it busy."""
    return StorageError(f"The {known.name} picture has {what}.", hint="Save it again with another program.")


def take(data: bytes, at: int, size: int, known: PictureFormat) -> bytes:
    """Return exactly ``size`` bytes: the one place that meets the end of a file."""
    taken = data[at : at + size]
    if len(taken) < size:
        raise damaged(known, "it ends too early")
    return taken


def counted(parts: Iterable[_Part], known: PictureFormat) -> Iterator[_Part]:
    """Yield the parts of a file, not endlessly many."""
    for number, part in enumerate(parts):
        if number >= _PARTS_MOST:
            raise laborious(known, f"more than {_PARTS_MOST} parts")
        yield part


def profile_of(data: bytes | None) -> bytes | None:
    """Return an ICC profile without what follows its end; None where it is none."""
    if data is None or data[36:40] != b"acsp":
        return None
    size = int.from_bytes(data[:4], "big")
    return data[:size] if _PROFILE_HEAD < size <= len(data) else None
