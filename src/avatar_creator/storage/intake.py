"""Uploads: a user's own picture, examined before anything of it is kept."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage import containers, provenance
from avatar_creator.storage.containers import Metadata
from avatar_creator.storage.pixels import check

BYTES_MOST = 10 * 2**20
DECODED_BYTES_MOST = 100 * 10**6  # at 4 bytes a pixel
SIDE_LEAST_PX, SIDE_MOST_PX = 64, 8192

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_OTHERS = (
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"II*\0", "a TIFF or raw picture"),
    (0, b"MM\0*", "a TIFF or raw picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\3\4", "a zip archive"),
)


@dataclass(frozen=True, slots=True)
class Intake:
    """A picture fit to be kept. ``data`` shows the very pixels of the file, with or without its metadata."""

    data: bytes
    format: PictureFormat
    width_px: int  # as displayed: after the orientation that EXIF asks for
    height_px: int
    sha256: str  # of the data
    original_sha256: str  # of the file as it was given, to tell that it came before


def examine(path: Path, *, keep_metadata: bool = False) -> Intake:
    """Return the JPEG, PNG or WebP picture at ``path``, known by its content, whatever its name.

    Unless ``keep_metadata``, what it says of places, cameras and owners is left out; its colour profile,
    which side is up and how it came to be stay. Raises InvalidInput, with nothing changed, for what is no
    such picture, is damaged, animated, over 10 MB, or outside 64 to 8192 px a side and 100 MB decoded.
    """
    shown = f"'{visible(str(path))}'"
    original = _content(path, shown)
    known = containers.sniff(original)
    if known is None:
        raise InvalidInput(
            f"{shown} is {_what_it_is(original)}, not a JPEG, PNG or WebP picture.",
            hint="Convert it to one of these first.",
        )
    try:
        metadata = containers.read(original)
        _check_size(metadata, shown)
        data = original if keep_metadata else provenance.strip(original)
        check(data)
    except StorageError as error:
        raise InvalidInput(f"{shown} cannot be used. {error.message}", hint=error.hint) from error
    width, height = provenance.displayed_sides(metadata)
    return Intake(data, known, width, height, _sha256(data), _sha256(original))


def _content(path: Path, shown: str) -> bytes:
    """Return the bytes of a regular file, never waiting for a pipe or a device."""
    try:
        _refuse_special(path.stat().st_mode, shown)
        # Between the two looks a pipe may have taken its place: it must not make this wait.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            _refuse_special(os.fstat(descriptor).st_mode, shown)
            data = file.read(BYTES_MOST + 1)  # no more, even when the file grows meanwhile
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"{shown} cannot be read: {reason}.", hint="Check its name and permissions.") from error
    if not data:
        raise InvalidInput(f"{shown} is empty.", hint="Name the file of a picture.")
    if len(data) > BYTES_MOST:
        raise InvalidInput(f"{shown} is larger than {BYTES_MOST // 2**20} MB.", hint="Save it smaller, or as JPEG.")
    return data


def _refuse_special(mode: int, shown: str) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "not a file")
        raise InvalidInput(f"{shown} is {kind}, not a picture.", hint="Name the file of a picture.")


def _what_it_is(data: bytes) -> str:
    for at, signature, name in _OTHERS:
        if data.startswith(signature, at):
            return name
    try:
        data.decode()
    except UnicodeDecodeError:
        return "of an unknown kind"
    return "text"


def _check_size(metadata: Metadata, shown: str) -> None:
    """Refuse what is too small, too large or moves, before a pixel is decoded."""
    width, height = metadata.width_px, metadata.height_px
    size = f"{shown} has {width} x {height} px"
    if metadata.is_animated:
        raise InvalidInput(f"{shown} is animated.", hint="Save one of its frames as a picture.")
    if min(width, height) < SIDE_LEAST_PX:
        raise InvalidInput(f"{size}; a side needs {SIDE_LEAST_PX} or more.", hint="Use a larger picture.")
    if max(width, height) > SIDE_MOST_PX:
        raise InvalidInput(f"{size}; a side may have {SIDE_MOST_PX} at most.", hint="Scale it down first.")
    if width * height * 4 > DECODED_BYTES_MOST:
        raise InvalidInput(
            f"{size}; decoded that is over {DECODED_BYTES_MOST // 10**6} MB.", hint="Scale it down first."
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
