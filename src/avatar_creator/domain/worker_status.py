"""The queue as it is shown, and the worker that works on it."""

from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.records import Generation


class QueueEntry(NamedTuple):
    """A generation that is made or waits; ``expected_at`` is when it may be completed, if that can be estimated."""

    generation: Generation
    expected_at: str | None

    @property
    def id(self) -> str:
        return self.generation.id

    def as_json(self) -> dict[str, Any]:
        return self.generation.as_json() | {"expected_at": self.expected_at}


WAITS_FOR_SUSPENDED = "the worker, which is suspended"


def suspended(process: int | None) -> str:
    """Say what lets a worker go on that is suspended."""
    return " ".join(suspension(process))


def suspension(process: int | None) -> tuple[str, str]:
    """Return both parts of that: what it is, and what to do."""
    return f"The worker, process {process}, is suspended.", f"Let it go on: kill -CONT {process}"


class Start(Enum):
    """What became of the wish for a worker."""

    STARTED = auto()
    RUNS_ALREADY = auto()
    REPLACES = auto()  # one that runs and cannot pay as this process can; it makes room


class WorkerStatus(NamedTuple):
    """How the worker is doing.

    One that is ``coming`` was started and does not work yet, one that is ``suspended`` works only when its process is
    continued; ``credentials`` are the fingerprints of what it can pay with; ``last_failure`` is what the last one said
    that could not start, or crashed.
    """

    running: bool
    suspended: bool
    coming: bool
    leaving: bool
    process: int | None
    version: str | None
    concurrency: int | None
    credentials: tuple[str, ...]
    started_at: str | None
    pending: int
    processing: int
    last_failure: str | None
    log: Path

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"credentials": list(self.credentials), "log": str(self.log)}
