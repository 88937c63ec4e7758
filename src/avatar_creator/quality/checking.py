"""Checks pictures: each is measured in a process of its own, and judged here."""

from avatar_creator.decoding import Measures, Undecodable, isolated
from avatar_creator.domain.check import Check, Fault
from avatar_creator.quality.judging import judge

_PIXELS_MOST = 25_000_000  # as of uploads


def require(check: Check) -> None:
    """Raise NotConfigured where what a check needs is not installed."""
    if check is Check.FACE:
        isolated.require_faces()


def measure(data: bytes, check: Check, *, pixels_most: int = _PIXELS_MOST) -> Measures:
    """Return what a check needs to know of a picture. Raises Undecodable, NotConfigured, StorageError."""
    return isolated.measure(data, pixels_most, with_faces=check is Check.FACE)


def faults(data: bytes, check: Check, *, asked_px: tuple[int, int] | None = None) -> tuple[Fault, ...]:
    """Return what is wrong with a picture. Raises NotConfigured, StorageError."""
    try:
        return judge(measure(data, check), asked_px=asked_px)
    except Undecodable as error:
        return (Fault("damaged", f"The picture {error}."),)
