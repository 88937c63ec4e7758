"""Checks pictures: each is measured in a process of its own, and judged here."""

from contextlib import suppress

from avatar_creator.decoding import Measures, Undecodable, isolated
from avatar_creator.domain.check import Check, Examined, Fault
from avatar_creator.errors import NotConfigured
from avatar_creator.quality.judging import judge

_PIXELS_MOST = 25_000_000  # as of uploads


def require(check: Check) -> None:
    """Raise NotConfigured where what a check needs is not installed."""
    if check is Check.FACE:
        isolated.require_faces()


def measure(data: bytes, check: Check, *, pixels_most: int = _PIXELS_MOST) -> Measures:
    """Return what a check needs to know of a picture. Raises Undecodable, NotConfigured, StorageError."""
    return isolated.measure(data, pixels_most, with_faces=check is Check.FACE)


def faults(data: bytes, check: Check) -> tuple[Fault, ...]:
    """Return what is wrong with a picture. Raises NotConfigured, StorageError."""
    return examine(data, check).faults


def examine(data: bytes, check: Check, *, asked_px: tuple[int, int] | None = None) -> Examined:
    """Return what is wrong with a picture, and a thumbnail of its face. Raises NotConfigured, StorageError."""
    try:
        measures = measure(data, check)
    except Undecodable as error:
        return Examined((Fault("damaged", f"The picture {error}."),))
    return Examined(judge(measures, asked_px=asked_px), measures.thumbnail)


def face_thumbnail(data: bytes) -> bytes | None:
    """Return a thumbnail of the largest face; None where there is none, or nothing that finds it is installed."""
    if not isolated.has_faces():
        return None
    with suppress(NotConfigured):
        return examine(data, Check.FACE).thumbnail
    return None
