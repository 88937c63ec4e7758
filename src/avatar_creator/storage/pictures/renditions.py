"""Renditions of pictures: smaller, square, round, in another format; with the marks of the pictures."""

from typing import NamedTuple

from avatar_creator.domain.framing import FACE, Point
from avatar_creator.domain.picture import Embed, PictureFormat, Shape
from avatar_creator.storage.pictures import containers, exif, marks, pixels, provenance

RULES = 1  # another number where the same picture becomes another rendition: what was made before is made anew then
SIZE_LEAST_PX, SIZE_MOST_PX = 32, 1024


class Wanted(NamedTuple):
    """What pictures are to become. ``sizes`` are sides in pixels; without a ``shape``, a picture is cut to a square.

    ``middle`` is of the sides of the picture: about it, the largest square is.
    """

    sizes: tuple[int, ...] = ()
    shape: Shape | None = None
    format: PictureFormat | None = None
    embed: Embed = Embed.RECIPE
    middle: Point = FACE

    def format_of(self, own: str) -> PictureFormat:
        """Return the format of what is made of a picture that has a format of its ``own``."""
        return self.format or (PictureFormat.PNG if self.shape is Shape.CIRCLE else PictureFormat(own))


class Rendition(NamedTuple):
    """A file that is made of a picture."""

    data: bytes
    width_px: int  # as displayed
    height_px: int


def render(data: bytes, wanted: Wanted) -> list[Rendition]:
    """Return a picture in each of the sizes, in their order, or one of its own size; none is larger than the picture.

    It is decoded in another process. Raises StorageError when it is damaged.
    """
    metadata = containers.read(data)
    own = provenance.displayed_sides(metadata)
    format_ = wanted.format_of(metadata.format)
    if not wanted.sizes and wanted.shape is None and format_ is metadata.format:
        return [Rendition(marks.at_most(data, wanted.embed), *own)]
    shorter = min(own)
    sides = [min(size, shorter) for size in wanted.sizes] or ([min(shorter, SIZE_MOST_PX)] if wanted.shape else [])
    different = list(dict.fromkeys(sides))
    encoded = pixels.renditions(
        data, metadata, different, wanted.middle, format_, is_circle=wanted.shape is Shape.CIRCLE
    )
    said = [_saying(each, metadata, wanted.embed) for each in encoded]
    if not sides:
        return [Rendition(said[0], *own)]
    made = dict(zip(different, said, strict=True))
    return [Rendition(made[side], side, side) for side in sides]


def _saying(encoded: bytes, source: containers.Metadata, embed: Embed) -> bytes:
    return marks.at_most(marks.carried(encoded, source, orientation=exif.UPRIGHT), embed)
