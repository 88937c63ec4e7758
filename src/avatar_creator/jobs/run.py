"""The pictures of one request, made while its command waits."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from avatar_creator.domain.progress import OnProgress
from avatar_creator.domain.records import Generation, Status
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Engine
from avatar_creator.errors import AvatarError, Cancelled, EngineError
from avatar_creator.jobs.attempt import Attempt, Stores, Task, stopped
from avatar_creator.jobs.coordinator import Coordinator, finished
from avatar_creator.storage.leases import Leases, NewGeneration
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.workers import Workers

# How long to listen for a bell before looking at the progress of all. Never without end: on Windows Ctrl-C
# does not end a wait, and elsewhere the system may give the signal to a thread that does not wait.
_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one generation ended, the failure as it was raised, if it failed, and what the picture lacks."""

    generation: Generation
    error: AvatarError | None = None
    notices: tuple[str, ...] = ()


class Run:
    """Makes the pictures of one request."""

    def __init__(
        self,
        engine: Engine,
        request: GenerationRequest,
        reading: Queries,
        queue: Leases,
        service: Workers,
        stores: Stores,
        runner: str,
        on_progress: OnProgress,
        attempts_most: int,
    ) -> None:
        self._engine = engine
        self._request = request
        self._queries = reading
        self._leases = queue
        self._workers = service
        self._runner = runner
        self._on_progress = on_progress
        self._crew = Coordinator(
            queue, stores, runner, attempts_most=attempts_most, on_progress=on_progress, on_end=self._hear_end
        )
        self._seen = service.changes()
        self._untold: list[Attempt] = []  # those that ended, and nobody heard of yet
        self._failure: BaseException | None = None  # to be raised at the end
        self._closed = False  # no more are to be begun

    def outcomes(self, waiting: Iterator[NewGeneration], at_once: int) -> Generator[Outcome, None, None]:
        """Yield each generation as it ends, ``at_once`` of them under way."""
        try:
            while True:
                self._heed()
                self._untold += self._crew.look(
                    None if self._closed else lambda room: self._take(waiting, room), at_once
                )
                while self._untold:
                    yield from self._tell_end(self._untold[0])
                    del self._untold[0]
                if not self._crew.makings:
                    break
                self._crew.listen(_LOOK_S)
        except KeyboardInterrupt:
            under_way = [*self._untold, *self._crew.makings.values()]
            self._crew.stop(stopped())
            kept = [making for making in under_way if self._leases.is_completed(making.running)]
            for making in kept:
                yield Outcome(self._queries.get_generation(making.running.id), None, making.notices)
            raise _stopped(kept, under_way) from None
        except GeneratorExit:
            self._crew.stop(stopped())
            raise
        except BaseException as error:
            self._crew.stop(error)
            raise
        if self._failure is not None:
            self._leases.check_home()  # which may be why
            raise self._failure

    def _heed(self) -> None:
        """Look whether another shell wants any of them stopped, if anybody wrote anything since the last time."""
        changes = self._workers.changes()
        if changes != self._seen:
            self._seen = changes
            for making in self._crew.heed():
                making.stop_asked = True
                self._untold.append(making)

    def _take(self, waiting: Iterator[NewGeneration], room: int) -> None:
        """Write the first rows of as many as there is room for."""
        while not self._closed and room > 0:
            new = next(waiting, None)
            if new is None:
                self._closed = True
                break
            # First: what is written and not put in would stay without an end, if Ctrl-C comes in between.
            making = self._crew.add(Task(new.by(self._runner), self._request, lambda: self._engine))
            try:
                self._leases.begin(new, self._runner)
            except AvatarError as error:
                self._crew.drop(making)
                self._failure, self._closed = self._failure or error, True
            room -= 1

    def _hear_end(self, making: Attempt, error: BaseException | None) -> None:
        if error is None or making.stop_asked:
            return
        if isinstance(making.error, EngineError):
            self._closed = self._closed or making.error.ends_run
        elif self._failure is None:
            self._failure, self._closed = error, True

    def _tell_end(self, making: Attempt) -> Iterator[Outcome]:
        self._crew.settle([making])
        self._on_progress(finished(making))
        error = making.error
        if error is None or making.stop_asked or (isinstance(error, AvatarError) and not isinstance(error, Cancelled)):
            for generation in self._queries.find_by_ids([making.running.id]):  # none, if it was deleted meanwhile
                if making.stop_asked and generation.status is not Status.COMPLETED:
                    error = _cancelled(generation)
                assert error is None or isinstance(error, AvatarError)  # noqa: S101 - others are raised at the end
                yield Outcome(generation, error, making.notices)


def _cancelled(generation: Generation) -> Cancelled:
    """Say why another shell's word ended it."""
    failure = generation.error
    return Cancelled(failure.message, hint=failure.hint) if failure else Cancelled("Cancelled by the user.")


def _stopped(kept: list[Attempt], under_way: list[Attempt]) -> Cancelled:
    """Say what a run ends with that the user stopped: what of it is kept, and what may have to be paid."""
    asked = sum(making.was_asked for making in under_way if making not in kept)
    charged = f" {asked} more had been asked for, and may be charged." if asked else ""
    hint = "What was made is kept: avatar list" if kept else stopped().hint
    if asked:  # to run the command again may draw other seeds, and pays for all of them
        hint = "To make those after all: avatar retry --cancelled"
    return Cancelled(f"{stopped().message}{charged}", hint=hint)
