"""What takes a core before a picture can be written: its format, thumbnail, marks and hash. No file is touched."""

import hashlib
from typing import NamedTuple

from avatar_creator.domain.picture import DigitalSourceType, Embed, PictureFormat
from avatar_creator.storage.pictures import containers, provenance
from avatar_creator.storage.pictures.marks import Marks, stamp
from avatar_creator.storage.pictures.pixels import convert, drawn_preview, perceptual_hash


class PreparedPicture(NamedTuple):
    """The bytes of both files of a picture, and what its row says of them. Its sides are those it is displayed with."""

    data: bytes
    thumbnail: bytes
    format: PictureFormat
    width_px: int
    height_px: int
    sha256: str
    perceptual_hash: str | None


def prepare(
    data: bytes,
    format: PictureFormat,  # noqa: A002  the column's own name
    marks: Marks | None,
    embed: Embed,
    thumbnail: bytes | None = None,
) -> PreparedPicture:
    """Return what is to be written of a picture.

    Bytes in the format wanted stay as they are, but for the marks; others are converted. An upload has no marks of
    ours: its thumbnail repeats the source type that the picture states. ``thumbnail`` was made when the picture was
    checked; one that this program drew may come without. Raises StorageError when the picture is damaged.
    """
    picture = convert(data, format)
    metadata = containers.read(picture)  # marks change neither its sides nor which one is up
    alike: str | None
    if thumbnail is None or (marks is not None and marks.source is DigitalSourceType.ALGORITHMIC):
        preview, alike = drawn_preview(picture, metadata, thumbnail)
    else:
        preview, alike = thumbnail, perceptual_hash(picture, metadata)
    if marks:
        picture = stamp(picture, marks, embed, metadata)
        # Thumbnails are passed on without a thought: they never tell of the persona.
        preview = stamp(preview, marks, Embed.NONE if embed is Embed.NONE else Embed.MARK)
    else:
        preview = containers.rewrite(preview, xmp=provenance.statement(metadata))
    width, height = provenance.displayed_sides(metadata)
    return PreparedPicture(picture, preview, format, width, height, hashlib.sha256(picture).hexdigest(), alike)
