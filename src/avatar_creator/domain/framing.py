"""Which part of a picture is its square: where the person is."""

from typing import Final

Point = tuple[float, float]
"""Of a picture's sides, from its upper left corner."""

CENTER: Final[Point] = (0.5, 0.5)
FACE: Final[Point] = (0.5, 0.35)  # where it is in a portrait
NARROWEST: Final = 0.8  # of a drawing's width is always seen: no picture is so slim that it crops a face


def middle_of_drawing(width_px: int, height_px: int) -> Point:
    """Return where the middle of the figure is in a drawing, which stands at the foot of a tall picture."""
    return 0.5, 1 - 0.5 * min(1.0, width_px / height_px / NARROWEST)
