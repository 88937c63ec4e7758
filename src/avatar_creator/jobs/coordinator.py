"""Pictures under way, several at once: threads make them, and the one that calls writes their rows.

A database connection belongs to one thread, and Ctrl-C reaches the main one only. So the threads that hang in
networks touch no row, and nothing that hangs stands between the user and the end. Whatever is interrupted can be
written once more: no change is lost, and none counts twice.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.domain.text import without_tokens
from avatar_creator.errors import BUG_CODE, AvatarError, Cancelled, StorageError
from avatar_creator.jobs.attempt import Attempt, Stores, Task, stopped
from avatar_creator.storage.generations import CANCELLED
from avatar_creator.storage.leases import Leases

_REST_MOST = 16  # that wait to ask again while others are made; each has a thread
_PROGRESS_S = 0.25  # between two writes of what nobody has to know at once
_SAVED_S = 5.0  # the patience with pictures that only have to be saved when the user wants to stop
_LEFT_S = 0.25  # and with threads: for charges told late, and so that no drawing meets the end of the interpreter


class Coordinator:
    """Makes pictures for one runner.

    ``take`` puts in as many tasks as it is told there is room for, by `add`; it is called within the transaction
    that writes their rows. ``on_end`` hears of each that ended, before the next are taken.
    """

    def __init__(
        self,
        queue: Leases,
        stores: Stores,
        runner: str,
        *,
        attempts_most: int,
        on_progress: OnProgress,
        on_end: Callable[[Attempt, BaseException | None], None] = lambda _making, _error: None,
    ) -> None:
        self.makings: dict[str, Attempt] = {}  # those under way, by generation
        self._leases = queue
        self._stores = stores
        self._runner = runner
        self._attempts_most = attempts_most
        self._on_progress = on_progress
        self._on_end = on_end
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._wrote_s = 0.0
        self._lost: list[Attempt] = []  # ended by others, and perhaps still being paid

    def add(self, task: Task) -> Attempt:
        """Put in a task, to be begun when its row is written."""
        making = Attempt(task, self._stores, self.ring, attempts_most=self._attempts_most)
        before = self.makings.get(task.running.id)
        if before is not None:  # cancelled and tried again between two looks
            self._lose(before)
        self.makings[task.running.id] = making
        return making

    def drop(self, making: Attempt) -> None:
        """Take out a task that has no row."""
        del self.makings[making.running.id]

    def ring(self) -> None:
        """Wake whoever listens."""
        self._bell.put(None)

    def listen(self, most_s: float) -> None:
        """Wait for a bell, or until it is time to look."""
        with suppress(Empty):
            self._bell.get(timeout=most_s)
            while True:
                self._bell.get_nowait()

    def room(self, at_once: int) -> int:
        """Return how many can begin. Of several at once none waits until another is saved, unless as many wait already.

        Nor for one that waits to ask a service again, unless very many do. One at a time do wait, and so end in the
        order of their seeds.
        """
        under_way = [making for making in self.makings.values() if not making.ended]
        if at_once == 1:
            return 1 - len(under_way)
        resting = sum(making.rests for making in under_way)
        awake = len(under_way) - min(resting, _REST_MOST)
        return min(at_once - self._busy() - max(resting - _REST_MOST, 0), 2 * at_once - awake)

    def _busy(self) -> int:
        """Return how many have a place: they are being made by a service, or are drawn."""
        under_way = [making for making in self.makings.values() if not making.ended]
        return sum(not making.is_made and not making.rests for making in under_way)

    def _wake(self, at_once: int) -> None:
        """Have those go on that have waited, as far as there are places: the oldest first."""
        for making in self.makings.values():
            if making.is_rested and self._busy() < at_once:
                making.go_on()

    def look(self, take: Callable[[int], None] | None, at_once: int) -> list[Attempt]:
        """Write what was told since the last look, in one transaction, and begin others; return those that ended."""
        self._wake(at_once)
        ended = [making for making in self.makings.values() if making.ended]
        told = {making: making.told for making in self.makings.values() if making.is_news}
        if not any(making.is_urgent for making in told) and time.monotonic() - self._wrote_s < _PROGRESS_S:
            told = {}
        charges = {making: len(making.charges) for making in (*told, *self._lost)}  # more may come meanwhile
        room = self.room(at_once)
        taking = take is not None and room > 0
        if told or taking or self._lost:
            self._write_all(told, ended, take if taking else None, room)
            self._wrote_s = time.monotonic()
        for making, progress in told.items():
            making.wrote(progress, charges[making])
            if not making.ended:
                self._on_progress(progress)
        for making in self._lost:
            making.counted = charges.get(making, making.counted)
        gone = [making for making in self._lost if making.ended and len(making.charges) == making.counted]
        self._lost = [making for making in self._lost if making not in gone]
        self.settle(gone)
        for making in self.makings.values():
            if not making.is_started:
                self._on_progress(making.told)
                making.start()
        return ended

    def _write_all(
        self, told: dict[Attempt, Progress], ended: list[Attempt], take: Callable[[int], None] | None, room: int
    ) -> None:
        try:
            with self._leases.together():
                for making, progress in told.items():
                    self._write(making, progress)
                for making in self._lost:
                    self._leases.charge(making.running, making.charges, making.counted)
                for making in ended:
                    self._end(making)
                if take is not None:
                    take(room)
        except AvatarError:  # no row was written: those that were put in have none
            self.makings = {id_: making for id_, making in self.makings.items() if making.is_started}
            raise

    def heed(self) -> list[Attempt]:
        """Stop those that the user wants no more, and leave those that others ended or took up: they are returned."""
        wanted = self._leases.wanted(self._runner)
        lost = [making for id_, making in self.makings.items() if id_ not in wanted]
        for making in lost:
            self._lose(making)
        for id_, making in self.makings.items():
            if wanted[id_]:
                making.stop_asked = True
                making.cancel()
        return lost

    def _lose(self, making: Attempt) -> None:
        making.cancel(answered=True)
        self.drop(making)
        self._lost.append(making)

    def settle(self, ended: Iterable[Attempt]) -> None:
        """Take out those that ended, and put their files in order."""
        for making in ended:
            if self.makings.get(making.running.id) is making:
                self.drop(making)
            if self._leases.is_completed(making.running):
                making.forget_answer()
            else:
                making.remove_files()  # what was answered stays: to try it again costs nothing then

    def _write(self, making: Attempt, progress: Progress) -> None:
        """Write where it is; steps that were overtaken by others since the last look are never written."""
        if making.charges:
            self._leases.charge(making.running, making.charges, making.counted)
        if making.avatar is None and not self._leases.advance(making.running, progress, making.written):
            making.cancel(answered=True)  # before `wrote` lets it call: it is another's, or has ended

    def _end(self, making: Attempt, otherwise: BaseException | None = None) -> None:
        """Write how it ended; one that did not end by itself does with ``otherwise``."""
        if making.avatar is not None:
            try:
                self._leases.complete(making.running, making.avatar, provider=making.provider, notices=making.notices)
            except AvatarError as failure:
                making.error = failure
            else:
                making.error = None
                self._on_end(making, None)
                return
        error = _asked_to_stop(making) if making.stop_asked else making.error
        if error is None or (otherwise is not None and isinstance(error, Cancelled)):
            error = otherwise
        assert error is not None  # noqa: S101 - what ended has an avatar or an error
        self._leases.end(making.running, status_of(error), failure_of(error))
        self._on_end(making, error)

    # -- the end before the end

    def stop(self, error: BaseException | None, *, patience_s: float = _SAVED_S) -> None:
        """End all under way with ``error``, None: put them back; but for pictures that only have to be saved."""
        makings = list(self.makings.values())
        with suppress(KeyboardInterrupt):  # a second one ends the patience
            for making in makings:
                making.cancel()
            until_s = time.monotonic() + patience_s
            while any(making.answered for making in makings) and time.monotonic() < until_s:
                self.listen(until_s - time.monotonic())
            until_s = time.monotonic() + _LEFT_S
            for making in makings:
                making.join(until_s - time.monotonic())
        try:
            self._end_all(makings, error)
        except KeyboardInterrupt:  # it was undone as a whole
            self._end_all(makings, error)

    def _end_all(self, makings: list[Attempt], error: BaseException | None) -> None:
        for making in makings:
            making.cancel(answered=True)
        try:
            self._write_ends(makings, error)
        except StorageError:  # of a full disk: the files that go now may make room enough
            for making in makings:
                if not self._leases.is_completed(making.running):
                    making.remove_files()
            self._write_ends(makings, error)
        finally:
            self.settle(makings)

    def _write_ends(self, makings: list[Attempt], error: BaseException | None) -> None:
        with self._leases.together():
            wanted = self._leases.wanted(self._runner)
            for making in makings:
                making.stop_asked = making.stop_asked or wanted.get(making.running.id, False)
                self._leases.charge(making.running, making.charges, making.counted)
                if self._leases.is_completed(making.running):
                    continue
                undecided = making.avatar is None and (making.error is None or isinstance(making.error, Cancelled))
                if error is None and undecided and not making.stop_asked:
                    self._leases.release(making.running, making.attempts_ended)
                else:
                    self._end(making, error or stopped())


def finished(making: Attempt) -> Progress:
    """Return the last that is told of a generation."""
    progress = making.told
    if making.error is None:
        progress = progress._replace(stage=Stage.DONE, percent=Stage.DONE.percent)
    return progress._replace(ended=True)


def _asked_to_stop(making: Attempt) -> Cancelled:
    return Cancelled(CANCELLED.message, hint=f"To make it after all: avatar retry {making.running.id}")


def status_of(error: BaseException) -> Status:
    """Return the status of a generation that ended with an error."""
    return Status.CANCELLED if isinstance(error, Cancelled) else Status.FAILED


def failure_of(error: BaseException) -> Failure:
    """Return an error as a row keeps it."""
    if isinstance(error, AvatarError):
        return Failure(error.code, error.message, error.hint)
    return Failure(BUG_CODE, without_tokens(f"{type(error).__name__}: {error}"), None)
