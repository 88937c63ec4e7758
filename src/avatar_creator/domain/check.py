"""Checks of pictures: which there are, and what they find."""

from enum import StrEnum
from pathlib import Path
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


class Examined(NamedTuple):
    """What is wrong with a picture, and the thumbnail that shows its face, if one is found."""

    faults: tuple[Fault, ...] = ()
    thumbnail: bytes | None = None


class Reject(NamedTuple):
    """A picture that was made for a generation and failed its check. Paths are absolute."""

    id: str
    generation_id: str
    avatar_id: str
    project_id: str
    project_name: str
    name: str
    seed: int | None
    faults: tuple[Fault, ...]
    image_path: Path
    thumbnail_path: Path
    created_at: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {
            "faults": [fault.as_json() for fault in self.faults],
            "image_path": str(self.image_path),
            "thumbnail_path": str(self.thumbnail_path),
        }
