"""One attempt at a picture: it calls the engine, saves what that makes, and reports.

Two sides share it, and each writes its own fields only. The thread that runs it is the engine's `Watch`: it replaces
`report`, and touches no row. The coordinator reads the report. It alone decides which call may be made, since the row
counts it, who gets a place, and what is cancelled.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from enum import IntEnum, auto
from threading import Condition
from typing import Any, NamedTuple

from avatar_creator.domain.check import Fault
from avatar_creator.domain.picture import Picture
from avatar_creator.domain.progress import Progress, Wait
from avatar_creator.domain.records import Stage
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.text import visible
from avatar_creator.engines.base import Watch
from avatar_creator.errors import Cancelled, EngineError, HomeGone, StorageError
from avatar_creator.jobs.prepare import Made, prepare
from avatar_creator.jobs.save import Stores, paths_of, save
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Charge, Lease
from avatar_creator.storage.responses import SavedResponse
from avatar_creator.storage.rows import NewAvatar

_PHASE_LONGEST = 100  # characters
_CALLS_MOST = 3  # of one generation, interrupted ones and those for another picture included


class State(IntEnum):
    """Where an attempt is. From CREATED to CALLING it takes one of the places for pictures at once."""

    CREATED = auto()  # its thread has not begun
    RUNNING = auto()  # the picture is drawn, or a service is about to be called
    CALLING = auto()  # a service, and there is no response yet
    WAITING = auto()  # for a time, to call or to download again
    READY = auto()  # for a place, to call again
    PAID = auto()  # a service has charged for it, and it is not saved yet
    SAVING = auto()
    ENDED = auto()


class Task(NamedTuple):
    """What an attempt is to make."""

    lease: Lease
    request: GenerationRequest


class Saved(NamedTuple):
    """A picture whose files are written, and what is to be known of it; with ``faults`` it failed its check."""

    avatar: NewAvatar
    provider: str | None
    not_shown: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


class Report(NamedTuple):
    """All that an attempt has reported up to now.

    ``calls_ended`` counts the calls of the generation that had a response or failed; its progress counts all.
    ``in_doubt`` is the number of the last one of which nobody knows whether it is charged. ``charges`` are all of this
    attempt. ``refusals`` counts the calls that a service refused because it was ``busy``. ``parked`` counts how often
    it became READY. ``has_response``: a response of a service is saved for it. An ENDED one has ``saved`` or ``error``.
    """

    progress: Progress
    state: State = State.CREATED
    calls_ended: int = 0
    in_doubt: int = 0
    charges: tuple[Charge, ...] = ()
    refusals: int = 0
    busy: str | None = None
    parked: int = 0
    has_response: bool = False
    saved: Saved | None = None
    error: BaseException | None = None


class Cancel(IntEnum):
    """Whether an attempt is to end."""

    NO = 0
    UNLESS_PAID = 1  # or being saved: such a picture is worth a moment
    NOW = 2


class Attempt:
    """One attempt. When it is cancelled it ends as soon as its engine calls a method of `Watch`."""

    def __init__(
        self,
        task: Task,
        stores: Stores,
        *,
        attempts_most: int,
        wake: Callable[[], None],
        prepare_place: AbstractContextManager[object],
    ) -> None:
        """``wake`` has the coordinator read the report at once; ``prepare_place`` bounds how many prepare at once."""
        self.task = task
        self.report = Report(Progress(task.lease.id, attempt=task.lease.attempt), calls_ended=task.lease.attempt)
        self._stores = stores
        self._attempts_most = attempts_most
        self._wake = wake
        self._prepare_place = prepare_place
        self._changed = Condition()
        self._uncharged = True  # no charge is recorded of the picture that comes next
        self._acknowledged = task.lease.attempt  # written by the coordinator, as the two below
        self._resumed = 0
        self._cancel = Cancel.NO

    # -- the thread's side

    def run(self, make: Callable[[Task, Watch], Picture | Made]) -> None:
        """Make the picture and save its files: all that the thread does."""
        try:
            self._report(state=State.RUNNING)
            self.progress(0.0)
            self._save(make(self.task, self))
        except BaseException as error:  # noqa: BLE001 - the coordinator writes or raises it
            if isinstance(error, EngineError):  # its message says all; its frames hold responses in memory
                error.__traceback__ = error.__context__ = error.__cause__ = None
            if not isinstance(error, Cancelled):
                self._end_call()
            self._report(error=error)
        finally:
            self._report(state=State.ENDED)
            self._wake()

    def _save(self, picture: Picture | Made) -> None:
        with self._changed:
            self._check_wanted()
            self._report(state=State.SAVING)
        self._report_stage(Stage.SAVING)
        self._wake()
        made = picture if isinstance(picture, Made) else self._prepared(picture)
        avatar = self._write(made)
        self._report_stage(Stage.RECORDING)
        with self._changed:
            if not self._is_cancelled:
                self._report(saved=Saved(avatar, made.provider, made.not_shown, made.faults))
                return
        self._stores.pictures.remove(*paths_of(avatar))
        raise stopped()

    def _prepared(self, picture: Picture) -> Made:
        with self._prepare_place:
            self._check_wanted()
            return prepare(self.task.request, self.task.request.seed, picture)

    def _write(self, made: Made) -> NewAvatar:
        """Write the picture's files into the home that the row is in, and into no other of its name."""
        check_home = self._stores.check_home
        check_home()
        try:
            avatar = save(self.task.request, self.task.lease, made, self._stores.pictures)
        except StorageError:
            check_home()  # which may be why
            raise
        try:
            check_home()
        except HomeGone:
            self._stores.pictures.remove(*paths_of(avatar))
            raise
        return avatar

    def progress(self, fraction: float, /) -> None:
        self._check_wanted()
        first, last = Stage.GENERATING.percent, Stage.SAVING.percent
        self._report_stage(Stage.GENERATING, round(first + (last - first) * min(max(fraction, 0.0), 1.0)))

    def phase(self, what: str, /) -> None:
        self._check_wanted()
        self._report(progress=self.report.progress._replace(phase=visible(what)[:_PHASE_LONGEST]))

    @property
    def is_last_attempt(self) -> bool:
        # A useless picture may be made anew even where nothing is tried twice, but never without end.
        calls = self.report.progress.attempt - self.report.refusals  # what was refused costs nothing
        unanswered = calls - self.task.lease.pictures - len(self.report.charges)
        most = max(self._attempts_most, _CALLS_MOST) + self.task.lease.rejected
        return unanswered >= self._attempts_most or calls >= most

    def begin_call(self) -> None:
        """Return once the row counts this call, which may have to be paid even if the process is killed in it.

        One whose picture was paid for and is useless has no place any more, and waits for one.
        """
        self._stores.check_home()
        with self._changed:
            self._check_wanted(anew=True)
            if self.report.state is State.PAID:
                self._await_place()
            progress = self.report.progress
            if self.is_last_attempt:
                raise EngineError(
                    f"It was asked for {progress.attempt} times already, those that were interrupted too.",
                    hint=f"To ask again: avatar retry {self.task.lease.id}",
                )
            self._uncharged = True
            self._end_call()
            call = progress.attempt + 1
            self._report(state=State.CALLING, progress=progress._replace(attempt=call))
            self._wake()
            self._changed.wait_for(lambda: self._cancel or self._acknowledged >= call)
            self._check_wanted(anew=True)

    def save_response(self, response: bytes | None, /) -> None:
        id_ = self.task.lease.id
        if response is None:
            self._stores.responses.forget(id_)
            return
        self._stores.check_home()
        pictures = self.task.lease.pictures + len(self.report.charges) + self._uncharged
        with suppress(StorageError):  # there may still be room for the picture
            self._stores.responses.save(id_, SavedResponse(pictures, response))
            self._report(has_response=True)

    def saved_response(self) -> bytes | None:
        saved = self._stores.responses.find(self.task.lease.id)
        if saved is None:
            return None
        self._report(has_response=True)
        self._uncharged = self.task.lease.pictures < saved.pictures
        return saved.data

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        with self._changed:
            new = (Charge(provider, model, reroll),) if self._uncharged else ()
            self._uncharged = False
            # Reported before anything is raised: it is paid, wanted or not.
            self._end_call()
            self._report(state=State.RUNNING, charges=self.report.charges + new)
            try:
                self._check_wanted()
                self._report(state=State.PAID)
            finally:
                self._wake()  # not before: the coordinator would see that it still takes a place

    def record_doubt(self) -> None:
        with self._changed:
            if self._uncharged:
                self._report(in_doubt=self.report.progress.attempt)

    def pause(self, seconds: float, /) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._cancel, seconds)
            self._check_wanted()

    def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
        with self._changed:
            self._check_wanted(anew=True)
            self._end_call()
            if busy is not None:
                self._report(refusals=self.report.refusals + 1, busy=busy)
            state, before = self.report.state, self.report.progress
            wait = Wait(why, now(after_s=seconds), time.monotonic() + seconds)
            self._report(state=State.WAITING, progress=before._replace(stage=Stage.WAITING, wait=wait))
            self._wake()
            self._changed.wait_for(lambda: self._cancel, seconds)
            if state is State.PAID:  # it waits for a download, which takes no place
                self._check_wanted(anew=True)
                self._report(state=state)
            else:
                self._await_place()
            self._report(progress=before)

    def _end_call(self) -> None:
        self._report(calls_ended=self.report.progress.attempt)

    def _await_place(self) -> None:
        parked = self.report.parked + 1
        self._report(state=State.READY, parked=parked)
        self._wake()
        self._changed.wait_for(lambda: self._cancel or self._resumed >= parked)
        self._check_wanted(anew=True)
        self._report(state=State.RUNNING)

    def _report_stage(self, stage: Stage, percent: int | None = None) -> None:
        percent = stage.percent if percent is None else percent
        self._report(progress=self.report.progress._replace(stage=stage, percent=percent, phase=None))

    def _report(self, **changes: Any) -> None:
        self.report = self.report._replace(**changes)

    def _check_wanted(self, *, anew: bool = False) -> None:
        """Raise Cancelled if the attempt is to end; ``anew``: before another call, even one that was paid for."""
        if self._is_cancelled or (anew and self._cancel):
            raise stopped()

    @property
    def _is_cancelled(self) -> bool:
        is_paid = self.report.state in {State.PAID, State.SAVING}
        return self._cancel is Cancel.NOW or (self._cancel is Cancel.UNLESS_PAID and not is_paid)

    # -- the coordinator's side

    def acknowledge(self, call: int) -> None:
        """Let the call of that number be made: the row counts it."""
        with self._changed:
            self._acknowledged = call
            self._changed.notify_all()

    def resume(self, parked: int) -> None:
        """Give it a place. ``parked`` says how often it had become READY then: the next time it needs another."""
        with self._changed:
            self._resumed = parked
            self._changed.notify_all()

    def cancel(self, how: Cancel) -> None:
        """Have it end. After NOW it reports no saved picture any more."""
        with self._changed:
            self._cancel = max(self._cancel, how)
            self._changed.notify_all()


def stopped() -> Cancelled:
    """Return what an attempt ends with that nobody wants any more."""
    return Cancelled("Stopped by the user.", hint="Run the command again.")
