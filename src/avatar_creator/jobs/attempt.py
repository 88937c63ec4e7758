"""One picture in the making: what goes on in a thread of its own."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore, Condition, Thread
from typing import NamedTuple

from avatar_creator.domain.picture import Picture
from avatar_creator.domain.progress import Progress, Wait
from avatar_creator.domain.records import Stage
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Engine
from avatar_creator.errors import Cancelled, EngineError, HomeGone, StorageError
from avatar_creator.jobs.save import keep, paths_of
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Charge, Lease
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.responses import ResponseStore, SavedResponse
from avatar_creator.storage.rows import NewAvatar

_MADE = (Stage.SAVING, Stage.RECORDING)
_CALLS_MOST = 3  # of one generation, interrupted ones and those for another picture included
# More at once save no sooner, and stand in the way of the thread that begins the next.
_SAVERS = BoundedSemaphore(max(2, os.cpu_count() or 1))


def _after_fork() -> None:
    """Begin anew in a fork: who holds a place is a thread of the process that it left."""
    global _SAVERS  # noqa: PLW0603
    _SAVERS = BoundedSemaphore(max(2, os.cpu_count() or 1))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class Task(NamedTuple):
    """One picture to be made: its generation, what was asked, and how to get at who makes it."""

    running: Lease
    request: GenerationRequest
    load_engine: Callable[[], Engine]


class Stores(NamedTuple):
    """Where files go: pictures for good, answers of services until their picture is kept.

    ``check_home`` raises HomeGone where a folder of that name is another one by now.
    """

    pictures: PictureStore
    responses: ResponseStore
    check_home: Callable[[], None]


def stopped() -> Cancelled:
    """Return what a making that nobody wants any more ends with."""
    return Cancelled("Stopped by the user.", hint="Run the command again.")


class Attempt:
    """What stands between the thread that makes a picture and the one that writes its rows.

    The first tells, as the engine's `Watch`, and never touches the database; the second reads ``told``,
    ``charges`` and how it ended. ``ring`` wakes it for what cannot wait until it looks by itself.
    """

    def __init__(self, task: Task, stores: Stores, ring: Callable[[], None], *, attempts_most: int) -> None:
        self.task = task
        self.running = task.running
        self.told = self.written = Progress(task.running.id, attempt=task.running.attempt)
        self.charges: list[Charge] = []
        self.counted = 0  # charges that the row knows
        self.avatar: NewAvatar | None = None  # its files are kept
        self.provider: str | None = None
        self.notices: tuple[str, ...] = ()
        self.error: BaseException | None = None
        self.ended = False
        self.stop_asked = False  # by the user, in another shell
        self._stores = stores
        self._ring = ring
        self._attempts_most = attempts_most
        self._changed = Condition()
        self._thread: Thread | None = None
        self._calls = task.running.attempt
        self._calling = False
        self._answered = False  # somebody made a picture, and it is not safe yet
        self._uncharged = True  # what comes next is a picture that no charge was told of
        self._is_served = False  # the service has done its part, and others may be made in its place
        self._keeps_answer = False
        self._unwanted = False
        self._cancelled = False
        self.rests = False  # it waits, and others may be made in its place
        self.is_rested = False  # it waits no more, but for a place

    # -- in its own thread

    def _make(self) -> None:
        """Make the picture and keep its files: all that the thread does."""
        try:
            self.progress(0.0)
            engine = self.task.load_engine()
            picture = engine.generate(self.task.request.picture(self.running.seed), self)
            self._keep(picture)
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody can hear it
            if isinstance(error, EngineError):  # said in full; its frames would hold the answers of a whole run
                error.__traceback__ = error.__context__ = error.__cause__ = None
            self.error = error
        finally:
            self.ended = True
            self._ring()

    def _keep(self, picture: Picture) -> None:
        with self._changed:
            self._go_on()
            self._answered = True
        self._tell(Stage.SAVING)
        self._ring()
        with _SAVERS:
            self._go_on()
            avatar = self._write(picture)
        self._tell(Stage.RECORDING)
        with self._changed:
            if not self._cancelled:
                self.avatar, self.provider, self.notices = avatar, picture.provider, picture.notices
                return
        self._stores.pictures.remove(*paths_of(avatar))
        raise stopped()

    def _write(self, picture: Picture) -> NewAvatar:
        """Write the picture's files into the home that the row is in, and into no other of its name."""
        check_home = self._stores.check_home
        check_home()
        try:
            avatar = keep(self.task.request, self.running, picture, self._stores.pictures)
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
        self._go_on()
        first, last = Stage.GENERATING.percent, Stage.SAVING.percent
        self._tell(Stage.GENERATING, round(first + (last - first) * min(max(fraction, 0.0), 1.0)))

    @property
    def is_last_attempt(self) -> bool:
        # A useless picture may be made anew even where nothing is tried twice, but never without end.
        unanswered = self._calls - self.running.pictures - len(self.charges)
        return unanswered >= self._attempts_most or self._calls >= max(self._attempts_most, _CALLS_MOST)

    def begin_call(self) -> None:
        """Return once the row counts this call: whoever is killed in it can tell that it may have to be paid.

        One that was answered already has given its place away, and waits for another.
        """
        self._stores.check_home()
        with self._changed:
            self._go_on(anew=True)
            if self._is_served:
                self.rests = self.is_rested = True
                self._wait_for_place()
            if self.is_last_attempt:
                raise EngineError(
                    f"It was asked for {self._calls} times already, those that were interrupted too.",
                    hint=f"To ask again: avatar retry {self.running.id}",
                )
            self._answered, self._uncharged = False, True
            self._calls += 1
            if self._calls != self.told.attempt:
                self.told = self.told._replace(attempt=self._calls)
                self._ring()
                self._changed.wait_for(lambda: self._unwanted or self.written.attempt == self._calls)
                self._go_on(anew=True)
            self._calling = True

    def save_response(self, response: bytes | None, /) -> None:
        if response is None:
            self._stores.responses.forget(self.running.id)
            return
        self._stores.check_home()
        pictures = self.running.pictures + len(self.charges) + self._uncharged
        with suppress(StorageError):  # there may still be room for the picture
            self._stores.responses.keep(self.running.id, SavedResponse(pictures, response))
            self._keeps_answer = True

    def saved_response(self) -> bytes | None:
        answer = self._stores.responses.find(self.running.id)
        if answer is None:
            return None
        self._keeps_answer = True
        self._uncharged = self.running.pictures < answer.pictures
        return answer.data

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        with self._changed:
            if self._uncharged:
                self.charges.append(Charge(provider, model, reroll))  # first: it is paid, wanted or not
            self._uncharged = self._calling = False
            self._ring()
            self._go_on()
            self._answered = self._is_served = True

    def wait(self, seconds: float, why: str) -> None:
        with self._changed:
            self._calling = False
            self._go_on(anew=True)
            before = self.told
            wait = Wait(why, now(after_s=seconds), time.monotonic() + seconds)
            self.told = before._replace(stage=Stage.WAITING, wait=wait)
            self.rests = True
            self._ring()
            self._changed.wait_for(lambda: self._unwanted, seconds)
            self.is_rested = True
            self._wait_for_place()
            self.told = before

    def _wait_for_place(self) -> None:
        self._ring()
        self._changed.wait_for(lambda: self._unwanted or not self.rests)
        self._go_on(anew=True)

    def _tell(self, stage: Stage, percent: int | None = None) -> None:
        self.told = self.told._replace(stage=stage, percent=stage.percent if percent is None else percent)

    def _go_on(self, *, anew: bool = False) -> None:
        """Raise Cancelled when nobody wants the picture; ``anew``: not even one that was made already is waited for."""
        if self._cancelled or (anew and self._unwanted):
            self._cancelled = True
            raise stopped()

    # -- in the thread that writes the rows

    def start(self) -> None:
        """Begin. The thread is a daemon: a process that was stopped does not wait for a network."""
        self._thread = Thread(target=self._make, name=self.running.id, daemon=True)
        self._thread.start()

    def go_on(self) -> None:
        """Have it go on that has waited: there is a place for it."""
        with self._changed:
            self.rests = self.is_rested = self._is_served = False
            self._changed.notify_all()

    @property
    def is_started(self) -> bool:
        return self._thread is not None

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end, if it began."""
        if self._thread is not None and self._thread.ident is not None:
            self._thread.join(max(timeout_s, 0.0))

    @property
    def is_news(self) -> bool:
        """Whether the row does not say yet what was told."""
        return self.ended or self.told != self.written or len(self.charges) > self.counted

    @property
    def is_urgent(self) -> bool:
        """Whether what was told should be in the row before anything else happens."""
        told, written = self.told, self.written
        return (
            self.ended
            or (told.attempt, told.wait) != (written.attempt, written.wait)
            or len(self.charges) > self.counted
        )

    @property
    def is_made(self) -> bool:
        """Whether the engine has done its part, or the service behind it."""
        return self._is_served or self.told.stage in _MADE

    @property
    def was_asked(self) -> bool:
        """Whether a service was asked, that may charge for it."""
        return self._calls > 0

    @property
    def attempts_ended(self) -> int:
        """How many calls got an answer, or failed."""
        return max(self._calls - self._calling, 0)

    @property
    def answered(self) -> bool:
        """Whether there is a picture that is worth a moment's patience."""
        return self._answered and not self._cancelled and not self.ended

    def cancel(self, *, answered: bool = False) -> None:
        """Have it end at its next word; one that is answered already goes on, unless ``answered`` says so."""
        with self._changed:
            self._unwanted = True
            self._cancelled = self._cancelled or answered or not self._answered
            self._changed.notify_all()

    def wrote(self, progress: Progress, counted: int) -> None:
        """Note what the row says now, and how many charges it counts at least."""
        with self._changed:
            self.written = progress
            self.counted = counted
            self._changed.notify_all()

    def remove_files(self) -> None:
        """Remove the files of an avatar that has no row, and gets none any more."""
        avatar, self.avatar = self.avatar, None
        if avatar is not None:
            self._stores.pictures.remove(*paths_of(avatar))

    def forget_answer(self) -> None:
        """Remove what was kept for this generation: its picture is safe, or wanted no more."""
        if self._keeps_answer:
            self._stores.responses.forget(self.running.id)
