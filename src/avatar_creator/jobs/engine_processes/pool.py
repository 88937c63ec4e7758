"""The engine processes of one engine: started as pictures are asked for, replaced when they die, ended when idle."""

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from threading import Condition, Thread
from typing import TYPE_CHECKING
from weakref import WeakSet

from avatar_creator.domain.progress import ITS_TURN
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.worker_status import EngineProcessStatus, ProcessState
from avatar_creator.engines.base import Watch
from avatar_creator.errors import AvatarError, EngineError, NotConfigured
from avatar_creator.jobs.attempt import stopped
from avatar_creator.jobs.engine_processes.place import EngineTransport, Place, TransportGone, unable
from avatar_creator.jobs.prepare import Made
from avatar_creator.processes.messages import Broken

if TYPE_CHECKING:
    from avatar_creator.jobs.engine_processes.process import EngineProcess

_PICTURES_EACH = 8  # that are worth another process: it takes about as long to start as to draw them
_DEATHS_MOST = 3  # of processes over one picture
_LOST_MOST = 10  # of those that others ended: it may be the picture that ends whole machines
_SILENT_S = 30  # until one that should say something is taken for frozen
_BEGINS_S = 300  # and before it has said anything: it may wait for a machine
_UNWANTED_S = 300  # for one to leave a picture that nobody wants: it may load a model, or be in a driver that hangs
_ENDS_S = 5  # for one that was killed to be gone, until that is said
_IDLE_S = 10.0
_LOOK_S = 0.5  # between two checks whether a picture that waits is still wanted
_DOES_NOT_END = "a process that was killed and does not end: the card's driver may hang"


class EngineProcesses:
    """The processes of one engine, for any number of threads."""

    def __init__(
        self,
        engine: str,
        transports: Sequence[EngineTransport],
        *,
        makes_all: bool = False,
        idle_s: float | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """``makes_all``: no picture is made in this process. Else the first ones are, and any while none is ready.

        One that has made no picture for ``idle_s`` is ended. ``on_change`` is called, in any thread, when there are
        more or fewer that are ready.
        """
        self._engine = engine
        self._transports = transports
        self._makes_all = makes_all
        self._idle_s = _IDLE_S if idle_s is None else idle_s
        self._on_change = on_change
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        self._changed = Condition()
        self._places = {transport.name: Place(transport) for transport in self._transports}
        self._started: set[EngineProcess] = set()
        self._ready: set[EngineProcess] = set()
        self._idle: list[EngineProcess] = []
        self._asked = 0  # pictures, up to now
        self._under_way = 0  # of them
        self._starting = 0
        self._is_watched = False
        self._is_closed = False

    @property
    def ready(self) -> int:
        """How many can make pictures now."""
        return len(self._ready)

    @property
    def has_places(self) -> bool:
        """Whether its pictures take no place of this process."""
        return self._makes_all or self.ready > 0

    @property
    def places(self) -> int:
        """How many pictures are to be under way for each to have one; where all are made here, one is the first."""
        return max(self.ready + self._starting, 1) if self._makes_all else self.ready

    def status(self) -> list[EngineProcessStatus]:
        """Return what there is of processes, by transport."""
        with self._changed:
            found = list(self._started)
        return [said for place in self._places.values() for said in self._status_of(place, found)]

    def _status_of(self, place: Place, started: "list[EngineProcess]") -> Iterator[EngineProcessStatus]:
        name = place.transport.name
        for process in (each for each in started if each.name == name):
            if not process.is_ending:
                busy = ProcessState.BUSY if process.is_busy else ProcessState.READY
                state = busy if process in self._ready else ProcessState.STARTING
                waits_for = process.waits_for if state is ProcessState.STARTING else None
                yield EngineProcessStatus(name, self._engine, state, process.pictures, process.facts, waits_for)
            elif process.quiet_s >= _ENDS_S:
                broken = ProcessState.BROKEN
                yield EngineProcessStatus(name, self._engine, broken, process.pictures, process.facts, _DOES_NOT_END)
        if place.why is not None and not place.running:
            yield EngineProcessStatus(name, self._engine, ProcessState.BROKEN, why=place.why.message)

    def make(self, request: GenerationRequest, seed: int, watch: Watch) -> Made | None:
        """Return a picture; None where it is to be made in this process, since no other is ready.

        One that dies is replaced, and the picture made by another, up to three times: then it is the picture's fault.
        Raises what the engine does, EngineError for such a picture, Cancelled, and what was said where none starts.
        """
        asked = _Asked({name: place.failed for name, place in self._places.items()})
        with self._changed:
            self._asked += 1
            self._under_way += 1
        try:
            while (process := self._take(watch, asked)) is not None:
                made = self._made_by(process, request, seed, watch, asked)
                if isinstance(made, NotConfigured) and self._makes_all:
                    asked.refused[process.name] = self._places[process.name].named(made)
                elif isinstance(made, Exception):
                    raise made
                elif made is not None:
                    return made
            return None
        finally:
            with self._changed:
                self._under_way -= 1

    def _made_by(
        self, process: "EngineProcess", request: GenerationRequest, seed: int, watch: Watch, asked: "_Asked"
    ) -> Made | Exception | None:
        """Return a picture or why the engine did not make it; None where the process has ended."""
        try:
            made = process.make(request, seed, watch)
        except (Broken, OSError):
            asked.ended.append(process.how_ended())
            asked.lost += process.is_lost
            self._drop(process)
            if self._is_closed or process.is_unwanted:
                raise stopped() from None
            if len(asked.ended) - asked.lost == _DEATHS_MOST or asked.lost == _LOST_MOST:
                raise _died(asked.ended) from None
            return None
        except BaseException:  # what it says next would be taken for the next picture
            self._drop(process)
            raise
        self._give_back(process)
        return made

    def _take(self, watch: Watch, asked: "_Asked") -> "EngineProcess | None":
        """Return a process that is free, waiting for it; None where none is ready and the picture has ended none."""
        with self._changed:
            while not self._is_closed:
                self._start_missing(at_least=1 if asked.ended or self._makes_all else 0, but=asked.refused)
                process = self._free(asked.refused)
                if process is not None:
                    process.is_busy, process.quiet_s = True, 0
                    return process
                if not self._ready and not asked.ended and not self._makes_all:
                    return None
                if not self._starting and not self._able(asked.refused) and not self._are_ending():
                    self._check_hope(asked)
                self._changed.wait(_LOOK_S)
                watch.phase(ITS_TURN if self._ready else self._waits_for())  # raises Cancelled
        raise stopped()

    def _waits_for(self) -> str:
        """Return what a picture waits for while no process is ready."""
        said = [process.waits_for for process in self._started if process.waits_for and not process.is_ending]
        gone = [place.why.message for place in self._places.values() if isinstance(place.why, TransportGone)]
        stuck = [_DOES_NOT_END for process in self._started if process.is_ending and process.quiet_s >= _ENDS_S]
        return (gone + said + stuck + ["starting"])[0]

    def _free(self, but: Collection[str]) -> "EngineProcess | None":
        """Return one that is idle and of no transport ``but`` these."""
        for process in reversed(self._idle):
            if process.has_ended:
                self._idle.remove(process)
                self._drop(process)
            elif process.name not in but:
                self._idle.remove(process)
                return process
        return None

    def _able(self, but: Collection[str]) -> int:
        """Return how many are ready that are of no transport ``but`` these."""
        return sum(process.name not in but for process in self._ready)

    def _are_ending(self) -> bool:
        """Return whether a process is ended, which gives another one its place."""
        return any(process.is_ending for process in self._started)

    def _check_hope(self, asked: "_Asked") -> None:
        """Raise why a picture will not be made, where no transport can make it."""
        if not self._makes_all:
            raise _died(asked.ended)
        why = dict(asked.refused)
        for name, place in self._places.items():
            if name not in why and place.why is not None and place.is_given_up(asked.failed[name]):
                why[name] = place.why
        if len(why) == len(self._places):
            raise unable(list(why.values()))

    def _give_back(self, process: "EngineProcess") -> None:
        with self._changed:
            if self._is_closed:  # after its picture came
                self._drop(process)
                return
            process.is_busy, process.quiet_s = False, 0
            process.is_unwanted, process.unwanted_s = False, 0
            self._idle.append(process)
            self._changed.notify_all() if self._makes_all else self._changed.notify()

    def _drop(self, process: "EngineProcess") -> None:
        """End a process that no thread uses any more. It has its place until it is gone, for which nobody waits.

        One in a driver that hangs does not react to being killed.
        """
        with self._changed:
            self._ready.discard(process)
            process.is_ending, process.quiet_s = True, 0
            process.kill()
            self._changed.notify_all()
        try:
            Thread(target=self._end, args=(process,), daemon=True).start()
        except RuntimeError:  # "can't start new thread"
            self._end(process)

    def _end(self, process: "EngineProcess") -> None:
        process.end()
        with self._changed:
            if process in self._started:
                self._started.remove(process)
                self._places[process.name].running -= 1
            self._changed.notify_all()

    # -- starting and ending them

    def _start_missing(self, at_least: int, but: Collection[str]) -> None:
        """Start one more if so many pictures were asked for that it pays, or if ``at_least`` so many must run.

        None of the transports ``but`` is asked, nor do those count that run there.
        """
        wanted = max(self._under_way if self._makes_all else self._asked // _PICTURES_EACH, at_least)
        if self._able(but) + self._starting >= wanted:
            return
        place = next((each for name, each in self._places.items() if name not in but and each.has_room()), None)
        if place is None:
            return
        self._starting += 1
        place.running += 1
        try:
            if not self._is_watched:
                Thread(target=self._watch_all, daemon=True).start()
                self._is_watched = True
            Thread(target=self._start, args=(place,), daemon=True).start()
        except RuntimeError as error:  # "can't start new thread"
            self._starting -= 1
            place.running -= 1
            place.note_failed(place.not_started(str(error)))

    def _start(self, place: Place) -> None:
        process: EngineProcess | None = None
        why: AvatarError | None = place.not_started("it was interrupted")
        try:
            process = place.transport.start(self._engine)
            with self._changed:
                self._started.add(process)
            process.await_ready()
            why = None
        except AvatarError as error:
            why = error if process is None else place.named(error)
        except (Broken, OSError) as error:
            how = process.how_ended() if process is not None else _said(error)
            why = TransportGone(f"{how}.") if process is not None and process.is_lost else place.not_started(how)
        finally:
            self._end_start(place, process, why)
        self._on_change()

    def _end_start(self, place: Place, process: "EngineProcess | None", why: AvatarError | None) -> None:
        with self._changed:
            self._starting -= 1
            if process is None:
                place.running -= 1
            elif why is None and not process.has_ended and not self._is_closed:
                process.is_busy, process.quiet_s = False, 0
                self._ready.add(process)
                self._idle.append(process)
                place.note_ready()
                self._changed.notify_all()
                return
            else:
                self._drop(process)
            place.note_failed(why or place.not_started("it ended at once"))
            self._changed.notify_all()

    def _watch_all(self) -> None:
        """End those that are frozen or idle. Second by second: while this process is suspended no time must run."""
        while True:
            time.sleep(1)
            with self._changed:
                for process in list(self._started):
                    process.quiet_s += 1
                    process.unwanted_s += process.is_unwanted
                    if process.is_ending:
                        continue
                    if process.unwanted_s >= _UNWANTED_S:
                        process.kill()
                    elif process.is_busy and process.quiet_s >= (_SILENT_S if process.has_begun else _BEGINS_S):
                        process.is_frozen = True
                        process.kill()  # the thread that waits for it sees that
                    elif not process.is_busy and process.quiet_s >= self._idle_s:
                        self._idle.remove(process)
                        self._drop(process)
                if not self._started and not self._starting:
                    self._is_watched = False
                    return

    def close(self) -> None:
        """End all. No picture is made any more."""
        with self._changed:
            self._is_closed = True
            for process in list(self._started):
                if process.is_busy:
                    process.kill()  # its thread drops it, which reads its pipes
                elif not process.is_ending:
                    self._drop(process)
            self._idle.clear()
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._are_ending(), _ENDS_S)

    def after_fork(self) -> None:
        """Begin anew in a forked process, where the other threads and the locks they held are gone."""
        inherited = self._started
        self._begin()
        for process in inherited:
            process.release()


class _Asked:
    """A picture that is asked for: what it was the death of, and who cannot make it."""

    def __init__(self, failed: dict[str, int]) -> None:
        """``failed``: how many tries to start a process of each transport had failed before."""
        self.failed = failed
        self.ended: list[str] = []  # how processes ended over it
        self.lost = 0  # of them, which did not end by themselves
        self.refused: dict[str, AvatarError] = {}  # by transport: its engine lacks something there


def _died(ended: list[str]) -> EngineError:
    return EngineError(
        f"The process that makes pictures ended {len(ended)} times over this one: {', '.join(dict.fromkeys(ended))}.",
        hint="If nobody stopped it, memory may be short: free some, then try again.",
    )


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


_all: "WeakSet[EngineProcesses]" = WeakSet()


def _after_fork() -> None:
    for processes in list(_all):
        processes.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
