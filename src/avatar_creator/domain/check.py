"""Checks of pictures: which there are, and what they find."""

from enum import StrEnum
from typing import Any, NamedTuple

REROLLS, REROLLS_MOST = 2, 10


class Check(StrEnum):
    """What is checked of a picture before it is taken."""

    NONE = "none"
    BASIC = "basic"  # that it is a picture of something, in a usable shape
    FACE = "face"  # that, and one whole, large, frontal and sharp face


class Fault(NamedTuple):
    """What is wrong with a picture: in a word, and in a sentence with what is measured and the limit."""

    word: str
    said: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict()
