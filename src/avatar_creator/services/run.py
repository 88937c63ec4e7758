"""Many pictures, several at once: threads make them, and the one that iterates writes their rows.

A database connection belongs to one thread, and Ctrl-C reaches the main one only. So the threads that hang in
networks touch no row, and nothing that hangs stands between the user and the end. Whatever Ctrl-C interrupts can be
written once more: no change is lost, and none counts twice.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.records import Failure, Generation, Stage, Status
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.text import without_tokens
from avatar_creator.engines.base import Engine
from avatar_creator.errors import BUG_CODE, AvatarError, Cancelled, EngineError, NotFound, StorageError
from avatar_creator.services.keeping import paths_of
from avatar_creator.services.making import Making, stopped
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.queue import NewGeneration, Queue
from avatar_creator.storage.reading import Reading

# How long to listen for a bell before looking at the progress of all. Never without end: on Windows Ctrl-C
# does not end a wait, and elsewhere the system may give the signal to a thread that does not wait.
_LOOK_S = 0.25
_SAVED_S = 5.0  # the patience with pictures that only have to be saved when the user wants to stop
_LEFT_S = 0.25  # and with threads: for charges told late, and so that no drawing meets the end of the interpreter


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
        reading: Reading,
        queue: Queue,
        pictures: PictureStore,
        runner: str,
        on_progress: OnProgress,
    ) -> None:
        self._engine = engine
        self._request = request
        self._reading = reading
        self._queue = queue
        self._pictures = pictures
        self._runner = runner
        self._on_progress = on_progress
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._makings: dict[str, Making] = {}  # those under way, by generation
        self._untold: list[Making] = []  # those that ended, and nobody heard of yet
        self._failure: BaseException | None = None  # to be raised at the end
        self._closed = False  # no more are to be begun

    def outcomes(self, waiting: Iterator[NewGeneration], at_once: int) -> Generator[Outcome, None, None]:
        """Yield each generation as it ends, ``at_once`` of them under way."""
        try:
            while True:
                yield from self._look(waiting, at_once)
                if not self._makings:
                    break
                self._listen()
        except KeyboardInterrupt:
            under_way = [*self._untold, *self._makings.values()]
            self._stop(stopped())
            kept = [making for making in under_way if self._queue.is_completed(making.running)]
            for making in kept:
                yield Outcome(self._reading.get_generation(making.new.id), None, making.notices)
            raise _stopped(kept, under_way) from None
        except GeneratorExit:
            self._stop(stopped())
            raise
        except BaseException as error:
            self._stop(error)
            raise
        if self._failure is not None:
            raise self._failure

    def _listen(self) -> None:
        """Wait for a bell, or until it is time to look."""
        with suppress(Empty):
            self._bell.get(timeout=_LOOK_S)
            while True:
                self._bell.get_nowait()

    def _look(self, waiting: Iterator[NewGeneration], at_once: int) -> Iterator[Outcome]:
        """Write what was told since the last look, in one transaction, and begin as many as ended."""
        ended = [making for making in self._makings.values() if making.ended]
        told = {making: making.told for making in self._makings.values() if making.is_news}
        charges = {making: len(making.charges) for making in told}  # more may come while these are written
        room = self._room(at_once)
        begun: list[Making] = []
        if told or (room > 0 and not self._closed):
            with self._queue.together():
                for making, progress in told.items():
                    self._write(making, progress)
                for making in ended:
                    self._end(making)
                begun = self._begin(waiting, room)
        for making, progress in told.items():
            making.wrote(progress, charges[making])
            if not making.ended:
                self._on_progress(progress)
        for making in begun:
            self._on_progress(making.told)
            making.start(self._engine, self._request, self._pictures)
        self._untold += ended
        for making in ended:
            del self._makings[making.new.id]
        while self._untold:
            yield from self._tell_end(self._untold[0])
            del self._untold[0]

    def _room(self, at_once: int) -> int:
        """Return how many can begin. Of several at once none waits until another is saved, unless as many wait already.

        One at a time do wait, and so end in the order of their seeds.
        """
        under_way = [making for making in self._makings.values() if not making.ended]
        if at_once == 1:
            return 1 - len(under_way)
        return min(at_once - sum(not making.is_made for making in under_way), 2 * at_once - len(under_way))

    def _write(self, making: Making, progress: Progress) -> None:
        """Write where it is; steps that were overtaken by others since the last look are never written."""
        if making.charges:
            self._queue.charge(making.running, making.charges)
        if making.avatar is None:
            self._queue.advance(progress)

    def _end(self, making: Making, otherwise: BaseException | None = None) -> None:
        """Write how it ended; one that did not end by itself does with ``otherwise``."""
        if making.avatar is not None:
            try:
                self._queue.complete(making.running, making.avatar, provider=making.provider)
            except AvatarError as failure:
                making.error = failure
            else:
                return
        error = making.error
        if error is None or (otherwise is not None and isinstance(error, Cancelled)):
            error = otherwise
        assert error is not None  # noqa: S101 - what ended has an avatar or an error
        self._queue.end(making.running, _status(error), _failure(error))
        if isinstance(making.error, EngineError):
            self._closed = self._closed or making.error.ends_run
        elif self._failure is None:
            self._failure, self._closed = error, True

    def _begin(self, waiting: Iterator[NewGeneration], room: int) -> list[Making]:
        """Write the first rows of as many as there is room for."""
        begun: list[Making] = []
        while not self._closed and len(begun) < room:
            new = next(waiting, None)
            if new is None:
                self._closed = True
                break
            making = Making(new, self._runner, lambda: self._bell.put(None))
            self._makings[new.id] = making  # first: what is written and not here would stay without an end
            try:
                self._queue.begin(new, self._runner)
            except AvatarError as error:
                del self._makings[new.id]
                self._failure, self._closed = self._failure or error, True
            else:
                begun.append(making)
        return begun

    def _tell_end(self, making: Making) -> Iterator[Outcome]:
        progress, error = making.told, making.error
        if error is None:
            progress = progress._replace(stage=Stage.DONE, percent=Stage.DONE.percent)
        else:
            self._tidy(making)
        self._on_progress(progress._replace(ended=True))
        if error is None or (isinstance(error, AvatarError) and not isinstance(error, Cancelled)):
            with suppress(NotFound):  # it was deleted meanwhile, and there is nothing to tell of
                yield Outcome(self._reading.get_generation(making.new.id), error, making.notices)

    def _tidy(self, making: Making) -> None:
        """Remove the files of an avatar that has no row. The row may be there although an error says otherwise."""
        if making.avatar is not None and not self._queue.is_completed(making.running):
            self._pictures.remove(*paths_of(making.avatar))

    # -- the end before the end

    def _stop(self, error: BaseException) -> None:
        """End all that are under way with ``error``, but for pictures that only have to be saved."""
        makings = list(self._makings.values())
        with suppress(KeyboardInterrupt):  # a second one ends the patience
            for making in makings:
                making.cancel()
            until_s = time.monotonic() + _SAVED_S
            while any(making.answered for making in makings) and time.monotonic() < until_s:
                self._listen()
            until_s = time.monotonic() + _LEFT_S
            for making in makings:
                making.join(until_s - time.monotonic())
        try:
            self._end_all(makings, error)
        except KeyboardInterrupt:  # it was undone as a whole
            self._end_all(makings, error)

    def _end_all(self, makings: list[Making], error: BaseException) -> None:
        for making in makings:
            making.cancel(answered=True)
        try:
            self._write_ends(makings, error)
        except StorageError:  # of a full disk: the files that go now may make room enough
            for making in makings:
                self._tidy(making)
            self._write_ends(makings, error)
        finally:
            for making in makings:
                self._tidy(making)

    def _write_ends(self, makings: list[Making], error: BaseException) -> None:
        with self._queue.together():
            for making in makings:
                self._queue.charge(making.running, making.charges)
                if not self._queue.is_completed(making.running):
                    self._end(making, error)


def _stopped(kept: list[Making], under_way: list[Making]) -> Cancelled:
    """Say what a run ends with that the user stopped: what of it is kept, and what may have to be paid."""
    asked = sum(making.was_asked for making in under_way if making not in kept)
    charged = f" {asked} more had been asked for, and may be charged." if asked else ""
    hint = "What was made is kept: avatar list" if kept else stopped().hint
    return Cancelled(f"{stopped().message}{charged}", hint=hint)


def _status(error: BaseException) -> Status:
    return Status.CANCELLED if isinstance(error, Cancelled) else Status.FAILED


def _failure(error: BaseException) -> Failure:
    if isinstance(error, AvatarError):
        return Failure(error.code, error.message, error.hint)
    return Failure(BUG_CODE, without_tokens(f"{type(error).__name__}: {error}"), None)
