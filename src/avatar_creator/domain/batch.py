"""Batches: what is so of the pictures that a persona file asks for, and how they ended."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.records import Failure, Status


class State(StrEnum):
    """What is so of a picture before anything is done."""

    NEW = "new"
    CHANGED = "changed"  # its row has an id, and said something else before
    AGAIN = "again"  # it was made, and is asked for once more
    UNFINISHED = "unfinished"  # it was begun, and its generation is taken up again
    EXISTS = "exists"
    EARLIER = "earlier"  # it is an earlier version of its avatar, which becomes the current one
    WAITING = "waiting"  # others are to make it, or make it now
    FAILED = "failed"
    FELL_BACK = "fell_back"  # another engine made it since the one that was asked failed; that one is asked again

    @property
    def is_made(self) -> bool:
        """Whether the batch makes it."""
        return self in _MADE


_MADE = frozenset([State.NEW, State.CHANGED, State.AGAIN, State.UNFINISHED, State.FELL_BACK])


class Result(StrEnum):
    """How a picture ended in this batch."""

    MADE = "made"
    EXISTS = "exists"  # it was made before, or meanwhile by another process
    RESTORED = "restored"  # it was an earlier version of its avatar, and is the current one again
    LEFT = "left"  # its avatar has a picture by the engine that would be fallen back to: that one stays
    QUEUED = "queued"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"  # its row says the same as an earlier one
    BAD = "bad"

    @property
    def has_picture(self) -> bool:
        return self in {Result.MADE, Result.EXISTS, Result.RESTORED, Result.LEFT}

    @property
    def status(self) -> str | None:
        """What is so of the row's picture now, whoever made it and when; None where another row's says it."""
        return _STATUSES.get(self)


_STATUSES: Mapping[Result, str] = {
    Result.MADE: Status.COMPLETED,
    Result.EXISTS: Status.COMPLETED,
    Result.RESTORED: Status.COMPLETED,
    Result.LEFT: Status.COMPLETED,
    Result.QUEUED: Status.PENDING,
    Result.FAILED: Status.FAILED,
    Result.CANCELLED: Status.PENDING,  # nobody made it; the next batch does
    Result.BAD: "bad",
}


class Warned(NamedTuple):
    """What to mind of the pictures of a row, a sentence each."""

    row: int
    warnings: tuple[str, ...]


class RowOutcome(NamedTuple):
    """How the ``n``-th picture of a row ended; of a bad or doubled row there is one outcome.

    ``cells`` are those of the row, ``name`` is the persona's. ``picture`` is the avatar's, in the home, and ``path``
    where its user has it: the copy if there is one. ``charged`` is for how many pictures a service charged,
    and with ``ends_run`` no other can be made either. ``warnings`` say what to mind of it, a sentence each.
    One that ``is_instead`` is by another engine than the one that was asked, which failed.
    """

    row: int
    n: int
    result: Result
    cells: Mapping[str, str]
    name: str | None = None
    avatar_id: str | None = None
    path: Path | None = None
    seed: int | None = None
    error: Failure | None = None
    generation_id: str | None = None
    duplicate_of: int | None = None
    ends_run: bool = False
    charged: int = 0
    warnings: tuple[str, ...] = ()
    picture: Path | None = None
    is_instead: bool = False

    @property
    def id(self) -> str:
        """What ``--quiet`` prints: nothing of what failed; of a picture that was queued, what can be waited for."""
        if self.result is Result.QUEUED:
            return self.generation_id or ""
        return (self.avatar_id if self.result.has_picture else None) or ""

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "n": self.n,
            "result": self.result.value,
            "status": self.result.status,
            "name": self.name,
            "avatar_id": self.avatar_id,
            "path": None if self.path is None else str(self.path),
            "seed": self.seed,
            "error": self.error._asdict() if self.error else None,
            "generation_id": self.generation_id,
            "duplicate_of": self.duplicate_of,
            "warnings": list(self.warnings),
            "picture": None if self.picture is None else str(self.picture),
        }
