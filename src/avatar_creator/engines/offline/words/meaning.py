"""One row of the tables of words."""

from typing import NamedTuple


class Meaning(NamedTuple):
    """What words can mean: ``phrases`` are the words, beside the name of the row.

    ``nearest`` is the meaning that is drawn where an art style has no drawing of this one.
    """

    nearest: str | None
    phrases: str = ""


def kinds_of(noun: str, kinds: str) -> str:
    """Return "high fade, low fade" for the kinds "high, low" of a noun."""
    return ", ".join(f"{kind} {noun}" for kind in kinds.split(", "))
