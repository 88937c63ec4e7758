"""What is measured in a picture: its tones, and with a detector its faces. Runs in the other process."""

from collections.abc import Callable
from typing import Any

from PIL import Image, ImageStat

from avatar_creator.decoding import Face, pixels

_SIDE_PX = 1024  # of the shorter side: more is reduced first
_GLANCE_PX = 128  # enough for tones
_BRIGHT = 0.99  # of the pixels are no brighter than what `bright` says


def measure(data: bytes, pixels_most: int, find: Callable[[Image.Image], list[Face]] | None) -> dict[str, Any]:
    """Return the fields of `Measures`, as JSON, with the faces that are found. Raises Damaged and TooMuch."""
    image, sides = pixels.upright(data, _SIDE_PX, pixels_most)
    measured = {"width_px": sides[0], "height_px": sides[1], **_tones(image)}
    return {**measured, "faces": None if find is None else [face._asdict() for face in find(image)]}


def _tones(image: Image.Image) -> dict[str, float]:
    small = image.reduce(max(1, min(image.size) // _GLANCE_PX)).convert("L")
    left = round(_BRIGHT * small.width * small.height)
    bright = 0
    for bright, pixels_so in enumerate(small.histogram()):  # noqa: B007 - the last one is what is asked for
        left -= pixels_so
        if left <= 0:
            break
    return {"bright": float(bright), "spread": ImageStat.Stat(small).stddev[0]}
