"""What the files of a picture say of themselves."""

from typing import NamedTuple

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures import containers, pixels, provenance

PICTURE, THUMBNAIL = "picture", "thumbnail"  # the files that a picture has


class Measures(NamedTuple):
    """Sides are those that are displayed. There is no ``perceptual_hash`` unless it was asked for, and can be made."""

    format: str
    width_px: int
    height_px: int
    bytes: int
    thumbnail_bytes: int
    perceptual_hash: str | None


def measure(picture: bytes, thumbnail: bytes, name: str, hashed: str | None) -> Measures:
    """Measure a picture; of its file ``hashed``, PICTURE or THUMBNAIL, the perceptual hash is made.

    Raises InvalidInput for what is no picture, which is called ``name``.
    """
    try:
        of = {PICTURE: (picture, containers.read(picture)), THUMBNAIL: (thumbnail, containers.read(thumbnail))}
    except StorageError as error:
        raise no_picture(name) from error
    if of[THUMBNAIL][1].format is not PictureFormat.JPEG:
        raise no_picture(name)
    metadata = of[PICTURE][1]
    hash_ = None if hashed is None else pixels.perceptual_hash(*of[hashed])
    sides = provenance.displayed_sides(metadata)
    return Measures(metadata.format.value, *sides, len(picture), len(thumbnail), hash_)


def no_picture(name: str) -> InvalidInput:
    return InvalidInput(f"{shown(name)} is no picture.", hint="Export it once more.")
