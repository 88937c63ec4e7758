"""The engine processes of one engine: started as pictures are asked for, replaced when they die, ended when idle."""

import os
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import TYPE_CHECKING
from weakref import WeakSet

from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Watch
from avatar_creator.errors import EngineError
from avatar_creator.jobs import engine_processes
from avatar_creator.jobs.attempt import stopped
from avatar_creator.jobs.prepare import Made
from avatar_creator.processes.messages import Broken

if TYPE_CHECKING:
    from avatar_creator.jobs.engine_processes.process import EngineProcess

_PICTURES_EACH = 8  # that are worth another process: it takes about as long to start as to draw them
_DEATHS_MOST = 3  # of processes over one picture
_SILENT_S = 30  # until one that should say something is taken for frozen
_IDLE_S = 10
_LOOK_S = 0.5  # between two checks whether a picture that waits is still wanted
_AGAIN_S = 10.0  # after one could not be started


class EngineProcesses:
    """The processes of one engine, for any number of threads."""

    def __init__(self, engine: str, most: int, *, on_change: Callable[[], None] = lambda: None) -> None:
        """``most`` run at once; ``on_change`` is called, in any thread, when there are more or fewer that are ready."""
        self._engine = engine
        self._most = most
        self._on_change = on_change
        self._begin()
        _all.add(self)

    def _begin(self) -> None:
        self._changed = Condition()
        self._started: set[EngineProcess] = set()
        self._ready: set[EngineProcess] = set()
        self._idle: list[EngineProcess] = []
        self._asked = 0  # pictures, up to now
        self._starting = 0
        self._not_before_s = 0.0
        self._is_watched = False
        self._is_closed = False

    @property
    def ready(self) -> int:
        """How many can make pictures now."""
        return len(self._ready)

    def make(self, request: GenerationRequest, seed: int, watch: Watch) -> Made | None:
        """Return a picture; None where it is to be made in this process, since no other is ready.

        One that dies is replaced, and the picture made by another, up to three times: then it is the picture's fault.
        Raises what the engine does, EngineError for such a picture, Cancelled.
        """
        ended: list[str] = []
        while (process := self._take(watch, ended)) is not None:
            try:
                made = process.make(request, seed, watch)
            except (Broken, OSError):
                self._forget(process)
                ended.append(process.how_ended())
                if self._is_closed:
                    raise stopped() from None
                if len(ended) == _DEATHS_MOST:
                    raise _died(ended) from None
                continue
            except BaseException:  # what it says next would be taken for the next picture
                self._forget(process)
                process.end()
                raise
            self._give_back(process)
            if isinstance(made, Exception):
                raise made
            return made
        return None

    def _take(self, watch: Watch, ended: list[str]) -> "EngineProcess | None":
        """Return a process that is free, waiting for it; None where none is ready and the picture has ended none."""
        with self._changed:
            self._asked += not ended
            while not self._is_closed:
                self._start_missing(at_least=1 if ended else 0)
                while self._idle:
                    process = self._idle.pop()
                    if not process.has_ended:
                        process.is_busy, process.quiet_s = True, 0
                        return process
                    self._drop(process)
                if not self._ready and not ended:
                    return None
                if not self._ready and not self._starting:
                    raise _died(ended)
                self._changed.wait(_LOOK_S)
                watch.progress(0.0)  # raises Cancelled
        raise stopped()

    def _give_back(self, process: "EngineProcess") -> None:
        with self._changed:
            if self._is_closed:  # after its picture came
                self._drop(process)
                return
            process.is_busy, process.quiet_s = False, 0
            self._idle.append(process)
            self._changed.notify()

    def _forget(self, process: "EngineProcess") -> None:
        with self._changed:
            self._started.discard(process)
            self._ready.discard(process)
            self._changed.notify_all()

    def _drop(self, process: "EngineProcess") -> None:
        self._started.discard(process)
        self._ready.discard(process)
        process.end()

    # -- starting and ending them

    def _start_missing(self, at_least: int) -> None:
        """Start one more if so many pictures were asked for that it pays, or if ``at_least`` so many must run."""
        wanted = max(min(self._most, self._asked // _PICTURES_EACH), at_least)
        if len(self._ready) + self._starting >= wanted or time.monotonic() < self._not_before_s:
            return
        self._starting += 1
        try:
            Thread(target=self._start, daemon=True).start()
            if not self._is_watched:
                Thread(target=self._watch_all, daemon=True).start()
                self._is_watched = True
        except RuntimeError:  # "can't start new thread"
            self._starting -= 1
            self._not_before_s = time.monotonic() + _AGAIN_S

    def _start(self) -> None:
        process, is_ready = None, False
        try:
            process = engine_processes.process.EngineProcess(self._engine)  # loaded now: a few pictures need none
            with self._changed:
                self._started.add(process)
            process.await_ready()
            is_ready = True
        except (Broken, OSError):
            pass  # pictures are made here, which says what is missing
        finally:
            self._end_start(process, is_ready=is_ready)
        self._on_change()

    def _end_start(self, process: "EngineProcess | None", *, is_ready: bool) -> None:
        with self._changed:
            self._starting -= 1
            if process is not None and is_ready and not process.has_ended and not self._is_closed:
                process.is_busy, process.quiet_s = False, 0
                self._ready.add(process)
                self._idle.append(process)
            else:
                self._not_before_s = time.monotonic() + _AGAIN_S
                if process is not None:
                    self._drop(process)
            self._changed.notify_all()

    def _watch_all(self) -> None:
        """End those that are frozen or idle. Second by second: while this process is suspended no time must run."""
        while True:
            time.sleep(1)
            with self._changed:
                for process in list(self._started):
                    process.quiet_s += 1
                    if process.is_busy and process.quiet_s >= _SILENT_S:
                        process.is_frozen = True
                        process.kill()  # the thread that waits for it sees that
                    elif not process.is_busy and process.quiet_s >= _IDLE_S:
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
                    process.kill()  # its thread closes the pipes, which it reads
                else:
                    self._drop(process)
            self._idle.clear()
            self._changed.notify_all()

    def after_fork(self) -> None:
        """Begin anew in a forked process, where the other threads and the locks they held are gone."""
        inherited = self._started
        self._begin()
        for process in inherited:
            process.release()


def _died(ended: list[str]) -> EngineError:
    return EngineError(
        f"The process that makes pictures ended {len(ended)} times over this one: {', '.join(dict.fromkeys(ended))}.",
        hint="If nobody stopped it, memory may be short: free some, then try again.",
    )


_all: "WeakSet[EngineProcesses]" = WeakSet()


def _after_fork() -> None:
    for processes in list(_all):
        processes.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
