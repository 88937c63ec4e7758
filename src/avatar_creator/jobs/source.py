"""Where the generations of a run come from, and what a run yields and ends with, whoever makes the pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from avatar_creator.domain.records import Generation, Status, cancelled
from avatar_creator.domain.schedule import Schedule
from avatar_creator.errors import AvatarError, Cancelled, NotFound
from avatar_creator.jobs.attempt import stopped
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.submit import Submitter
from avatar_creator.storage.queries import Queries


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one generation ended, and the failure as it was raised, if it failed."""

    generation: Generation
    error: AvatarError | None = None


Ended = TypeVar("Ended")
_Ended_co = TypeVar("_Ended_co", covariant=True)


class Source(Protocol[_Ended_co]):
    """Where the generations of a run come from, and what is yielded of each that ended."""

    def add(self, owner: str | None, left: int) -> Sequence[str] | None:
        """Add more for ``owner``, the process that makes them, if only so many are ``left``; return their ids.

        Without an owner they are the worker's. None: there is nothing to add now. So it may be asked again at once
        where it found none to be made.
        """

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing will be added or awaited any more."""

    @property
    def unended(self) -> Sequence[str]:
        """The generations that were added for this run, and whose outcome nobody has asked for yet."""

    def others(self) -> Iterable[_Ended_co]:
        """Return what ended meanwhile, or had ended before, that this run does not make."""

    def outcome(self, generation: Generation, error: AvatarError | None) -> _Ended_co:
        """Return what is yielded of one that was added."""


class Plans:
    """The generations of some plans, all added at once."""

    def __init__(self, submitter: Submitter, plans: Sequence[Plan], schedule: Schedule, default_project: str) -> None:
        self._submitter = submitter
        self._plans = plans
        self._schedule = schedule
        self._default_project = default_project
        self._unended: dict[str, None] = {}
        self.is_exhausted = False

    @property
    def unended(self) -> Sequence[str]:
        return list(self._unended)

    def add(self, owner: str | None, left: int) -> Sequence[str] | None:  # noqa: ARG002 - the signature of Source
        if self.is_exhausted:
            return None
        ids = self._submitter.submit(
            self._plans,
            self._schedule,
            default_project=self._default_project,
            owner=owner,
            on_submitted=lambda ids: self._unended.update(dict.fromkeys(ids)),
        )
        self.is_exhausted = True
        return ids

    def others(self) -> Iterable[Outcome]:
        return ()

    def outcome(self, generation: Generation, error: AvatarError | None) -> Outcome:
        self._unended.pop(generation.id, None)
        return Outcome(generation, error)


def error_by_others(generation: Generation) -> AvatarError | None:
    """Return how a generation ended that others ended; one that was queued again since was cancelled before."""
    if generation.status is Status.COMPLETED:
        return None
    failure = generation.error or cancelled(generation.id)
    kind = AvatarError if generation.status is Status.FAILED else Cancelled
    return kind(failure.message, hint=failure.hint)


def deleted(number: int) -> NotFound:
    """Return what a run ends with of which so many are gone: of a project that was deleted, say."""
    many = "A generation was" if number == 1 else f"{number} generations were"
    return NotFound(f"{many} deleted meanwhile, and not made.", hint="Run the command again.")


def stopped_run(queries: Queries, left: Sequence[str], asked: int, called: int) -> Cancelled:
    """Return what a run ends with that the user stopped: what is saved of it, and what may have to be paid.

    So many were ``asked`` for, and ``left`` are those that were not made. ``called``: for so many of these a service
    was called.
    """
    charged = f" {called} more had been asked for, and may be charged." if called else ""
    hint = stopped().hint
    if not left:
        hint = "What was made is kept: avatar list"
    elif asked > 1:  # to run the command again may draw other seeds, and pays for all of them
        first = next(queries.find_by_ids(left[:1]), None)
        batch = f"--batch {first.batch_id}" if first is not None and first.batch_id else "--cancelled"
        hint = f"To make the others after all: avatar retry {batch}"
    elif called:
        hint = f"To make it after all: avatar retry {left[0]}"
    return Cancelled(f"{stopped().message}{charged}", hint=hint)
