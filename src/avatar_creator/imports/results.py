"""What became of what was in an archive."""

from enum import StrEnum
from typing import Any, NamedTuple


class Result(StrEnum):
    """What became of an avatar of an archive."""

    NEW = "new"
    COMPLETED = "completed"  # it was here, and got pictures, uses or tags that it lacked
    KNOWN = "known"  # it was here with all of that
    DAMAGED = "damaged"  # a file of it is, and nothing of it was taken


class Imported(NamedTuple):
    """An avatar of an archive, or a reject; ``notices`` say what is otherwise here, a sentence each."""

    id: str
    name: str
    result: Result
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"notices": list(self.notices)}
