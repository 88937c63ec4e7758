"""Uploads: a user's own picture, examined before anything of it is kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures import containers, pixels, provenance
from avatar_creator.storage.pictures.containers import Metadata
from avatar_creator.storage.pictures.files import read_picture

BYTES_MOST = 10 * 2**20
DECODED_BYTES_MOST = 100 * 10**6  # at 4 bytes a pixel
SIDE_LEAST_PX, SIDE_MOST_PX = 64, 8192
_NO_GAIN_MAP = (
    "The gain map of {} (Ultra HDR), which brightens it on some screens, was left out; --keep-metadata keeps it."
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
    thumbnail: bytes  # without any metadata
    notices: tuple[str, ...] = ()  # of what was left out beside metadata, a sentence each
    credit: str | None = None  # of a drawing of ours, which its licence asks for


def examine(path: Path, *, keep_metadata: bool = False, bytes_most: int = BYTES_MOST) -> Intake:
    """Return the JPEG, PNG or WebP picture at ``path``, known by its content, whatever its name.

    Unless ``keep_metadata``, what it says of places, cameras and owners is left out; its colour profile, which side
    is up, how it came to be and the credit of a drawing of ours stay. Raises InvalidInput, with nothing changed, for
    what is no such picture, is damaged, animated, over 10 MB (``bytes_most``), or outside 64 to 8192 px a side and
    100 MB decoded.
    """
    shown = f"'{visible(str(path))}'"
    original = read_picture(path, bytes_most=bytes_most)
    try:
        metadata = containers.read(original)
        _check_size(metadata, shown)
        data, preview = pixels.examine(provenance.strip(original), metadata)
    except StorageError as error:
        raise InvalidInput(f"{shown} cannot be used. {error.message}", hint=error.hint) from error
    data = original if keep_metadata else data
    width, height = provenance.displayed_sides(metadata)
    credit = provenance.owed_credit(metadata)
    return Intake(
        data,
        metadata.format,
        width,
        height,
        _sha256(data),
        _sha256(original),
        preview,
        () if keep_metadata or not metadata.has_gain_map else (_NO_GAIN_MAP.format(shown),),
        credit.text if credit else None,
    )


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
