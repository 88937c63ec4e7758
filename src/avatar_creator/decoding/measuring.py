"""What is measured in a picture: its tones, and with a detector its faces. Runs in the other process."""

from collections.abc import Callable
from typing import Any

from PIL import Image, ImageStat

from avatar_creator.decoding import Face, pixels

_SIDE_PX = 1024  # of the shorter side: more is reduced first
_GLANCE_PX = 128  # enough for tones
_SURE = 0.7  # of a face that a thumbnail is cut to
_FACE_SHARE = 0.5  # of the thumbnail's height
_BRIGHT = 0.99  # of the pixels are no brighter than what `bright` says


def measure(
    data: bytes, pixels_most: int, find: Callable[[Image.Image], list[Face]] | None
) -> tuple[dict[str, Any], bytes | None]:
    """Return the fields of `Measures`, as JSON, with the faces that are found, and the thumbnail.

    Raises Damaged and TooMuch.
    """
    image, sides = pixels.upright(data, _SIDE_PX, pixels_most)
    measured = {"width_px": sides[0], "height_px": sides[1], **_tones(image)}
    if find is None:
        return {**measured, "faces": None}, None
    faces = find(image)
    seen = [face for face in faces if face.score >= _SURE and not face.tilt]
    thumbnail = pixels.part(image, _around(max(seen, key=_height), image.size)) if seen else None
    return {**measured, "faces": [face._asdict() for face in faces]}, thumbnail


def _around(face: Face, sides: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return a square with the face in its middle, as far as it lies in the picture."""
    width, height = sides
    wanted = max((face.bottom - face.top) * height / _FACE_SHARE, pixels.THUMBNAIL_PX)
    side = min(wanted, width, height)
    left = min(max((face.left + face.right) / 2 * width - side / 2, 0.0), width - side)
    top = min(max((face.top + face.bottom) / 2 * height - side / 2, 0.0), height - side)
    return left, top, min(left + side, width), min(top + side, height)  # a float may be a hair too long


def _height(face: Face) -> float:
    return face.bottom - face.top


def _tones(image: Image.Image) -> dict[str, float]:
    small = image.reduce(max(1, min(image.size) // _GLANCE_PX)).convert("L")
    left = round(_BRIGHT * small.width * small.height)
    bright = 0
    for bright, pixels_so in enumerate(small.histogram()):  # noqa: B007 - the last one is what is asked for
        left -= pixels_so
        if left <= 0:
            break
    return {"bright": float(bright), "spread": ImageStat.Stat(small).stddev[0]}
