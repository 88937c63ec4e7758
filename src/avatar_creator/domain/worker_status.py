"""The queue as it is shown, and the worker that works on it."""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
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


class ProcessState(StrEnum):
    """How an engine process is doing."""

    UNUSED = "unused"  # its transport was not asked for one yet
    STARTING = "starting"
    READY = "ready"
    BUSY = "busy"
    BROKEN = "broken"  # its transport could not start one when it was last tried, or one does not end


class EngineProcessStatus(NamedTuple):
    """One engine process of the worker, or a transport that has none: it is broken, or was not needed yet.

    ``engine`` is None for a transport that was not needed. ``why`` says why it is broken, or what a process waits for
    that starts.

    ``facts`` are what it says of where it runs, ``pictures`` how many it has made.
    """

    transport: str
    engine: str | None
    state: ProcessState
    pictures: int = 0
    facts: Mapping[str, str] = {}
    why: str | None = None

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"state": self.state.value, "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "EngineProcessStatus":
        return cls(**{**said, "state": ProcessState(said["state"])})


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
    engine_processes: tuple[EngineProcessStatus, ...] = ()

    def as_json(self) -> dict[str, Any]:
        processes = [process.as_json() for process in self.engine_processes]
        said = {"credentials": list(self.credentials), "log": str(self.log), "engine_processes": processes}
        return self._asdict() | said
