"""Where attempts run: here in threads; the seam for engines in other processes and on other machines."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import NamedTuple, Protocol

from avatar_creator.domain.picture import Picture
from avatar_creator.domain.worker_status import EngineProcessStatus, ProcessState
from avatar_creator.engines.base import Engine, Watch
from avatar_creator.engines.table import ENGINES, Apart
from avatar_creator.jobs.attempt import Attempt, Cancel, Report, Task
from avatar_creator.jobs.engine_processes.place import EngineTransport
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.transport import Transport
from avatar_creator.jobs.prepare import Made
from avatar_creator.jobs.save import Stores
from avatar_creator.storage.leases import Lease

# It takes a core: more at once are no sooner done, and delay the thread that begins the next picture. Writing the files
# after that takes none, and the disk syncs many at once in the time of one.
_PREPARED_MOST = max(2, os.cpu_count() or 1)
# Attempts for each process: the picture of one is made, the others wait for that, are saved, or wait for their row. One
# that makes a picture in seconds needs no more than one that waits.
_EACH_PROCESS = {Apart.MANY: 4, Apart.ALWAYS: 2}
LOADED_S = 300.0  # for which an engine that always runs apart stays loaded without a picture, by default
_GATHER_S = 0.005  # for more reports of pictures that take no longer themselves


class Executor(Protocol):
    """Runs attempts. Each is known by its lease; all that it reports is in its latest `Report`.

    Every method is called by the coordinator, in one thread, and none waits for an attempt but `wait` and `join`.
    A call about an attempt that was not submitted, or is discarded, does nothing.
    """

    def most_at_once(self, engine: str) -> int | None:
        """Return how many pictures an engine makes at once now, None for as many as the user likes."""

    def has_places(self, engine: str) -> bool:
        """Return whether an engine has places of its own now: its pictures take none of the places that all share.

        One that is going to have some has them before it is loaded: else others that take all places would keep it
        from ever being.
        """

    def submit(self, task: Task) -> None:
        """Begin an attempt."""

    def report(self, lease: Lease) -> Report | None:
        """Return what an attempt has reported up to now, None where none was submitted."""

    def acknowledge(self, lease: Lease, call: int) -> None:
        """Let the call of that number be made."""

    def resume(self, lease: Lease, parked: int) -> None:
        """Give a READY attempt its place; ``parked`` as it reports."""

    def cancel(self, lease: Lease, how: Cancel) -> None:
        """Have an attempt end."""

    def wait(self, most_s: float) -> None:
        """Return when anything was reported that the row should say, after ``most_s`` at the latest, or on `wake`."""

    def wake(self) -> None:
        """End a `wait`; for any thread."""

    def join(self, leases: list[Lease], most_s: float) -> None:
        """Wait until these attempts have ended, for ``most_s`` at most."""

    def discard(self, lease: Lease) -> None:
        """Forget an attempt, which may have ended or not."""

    def close(self) -> None:
        """Give back what it holds beside attempts. It is used no more."""


class _Running(NamedTuple):
    attempt: Attempt
    thread: Thread


class ThreadExecutor:
    """Runs each attempt in a thread of its own.

    The threads are daemons: a process that was stopped does not wait for a network. Where an engine runs apart, its
    thread has a process make the picture, and writes the files itself.
    """

    def __init__(
        self,
        load_engine: Callable[[str], Engine],
        stores: Stores,
        *,
        attempts_most: int,
        processes_most: int = 1,
        transports: Sequence[EngineTransport] = (),
        loaded_s: float | None = None,
    ) -> None:
        """``transports`` run the engines that run apart, and this process makes none of their pictures.

        Without any there are children of this process: up to ``processes_most`` of an engine that runs apart for many
        pictures, where one would do no more than this process does, and one of an engine that always does. The latter
        is ended after ``loaded_s`` without a picture; None: no such engine is asked for one.
        """
        self._load_engine = load_engine
        self._stores = stores
        self._attempts_most = attempts_most
        self._processes_most = processes_most
        self._transports = transports
        self._loaded_s = loaded_s
        self._processes: dict[str, EngineProcesses] = {}
        self._engines: dict[str, Engine] = {}  # that were loaded
        self._running: dict[tuple[str, int], _Running] = {}
        self._woken: SimpleQueue[bool] = SimpleQueue()  # whether at once
        self._prepare_place = BoundedSemaphore(_PREPARED_MOST)

    def most_at_once(self, engine: str) -> int | None:
        if engine not in self._engines:  # its first attempt loads it, in its own thread
            return 1
        if self.has_places(engine):
            return self._processes[engine].places * _EACH_PROCESS[ENGINES[engine].apart]
        return self._engines[engine].most_at_once

    def has_places(self, engine: str) -> bool:
        if engine not in self._engines:
            return self._loaded_s is not None and self._runs_apart(engine)
        processes = self._processes.get(engine)
        return processes is not None and processes.has_places

    def _runs_apart(self, engine: str) -> bool:
        """Return whether this process makes none of an engine's pictures."""
        apart = _apart(engine)
        return apart is Apart.ALWAYS or (apart is Apart.MANY and bool(self._transports))

    def engine_processes(self) -> list[EngineProcessStatus]:
        """Return what there is of engine processes, and the transports that nothing was asked of yet."""
        found = [said for processes in tuple(self._processes.values()) for said in processes.status()]
        used = {said.transport for said in found}
        unused = (each.name for each in self._transports if each.name not in used)
        return found + [EngineProcessStatus(name, None, ProcessState.UNUSED) for name in unused]

    @property
    def has_loaded(self) -> bool:
        """Whether an engine is loaded that takes long to load, in a process that waits for more to make."""
        of = tuple(self._processes.items())
        return any(processes.ready for engine, processes in of if ENGINES[engine].apart is Apart.ALWAYS)

    def load(self, name: str) -> Engine:
        """Return an engine, loaded now if it was not. For any thread."""
        if name not in self._engines:
            self._engines[name] = self._load_engine(name)
            if (processes := self._processes_of(name)) is not None:
                self._processes[name] = processes
            self.wake()  # now it is known how many it makes at once
        return self._engines[name]

    def _processes_of(self, engine: str) -> EngineProcesses | None:
        apart, runs_apart = _apart(engine), self._runs_apart(engine)
        if apart is Apart.NO or not (runs_apart or self._processes_most > 1):
            return None
        is_always = apart is Apart.ALWAYS
        return EngineProcesses(
            engine,
            self._transports or [Transport(most=1 if is_always else self._processes_most)],
            makes_all=runs_apart,
            idle_s=self._loaded_s if is_always else None,
            on_change=self.wake,
        )

    def submit(self, task: Task) -> None:
        wake = self._wake_soon if self.has_places(task.lease.engine) else self.wake
        attempt = Attempt(
            task, self._stores, attempts_most=self._attempts_most, wake=wake, prepare_place=self._prepare_place
        )
        thread = Thread(target=attempt.run, args=(self._make,), name=task.lease.id, daemon=True)
        self._running[_key(task.lease)] = _Running(attempt, thread)
        thread.start()

    def _make(self, task: Task, watch: Watch) -> Picture | Made:
        """Return the picture that an engine makes, in the thread of an attempt."""
        engine, seed = self.load(task.lease.engine), task.request.seed
        if processes := self._processes.get(engine.name):
            made = processes.make(task.request, seed, watch)
            if made is not None:
                return made
        return engine.generate(task.request.picture(seed), watch)

    def report(self, lease: Lease) -> Report | None:
        running = self._running.get(_key(lease))
        return running and running.attempt.report

    def acknowledge(self, lease: Lease, call: int) -> None:
        if running := self._running.get(_key(lease)):
            running.attempt.acknowledge(call)

    def resume(self, lease: Lease, parked: int) -> None:
        if running := self._running.get(_key(lease)):
            running.attempt.resume(parked)

    def cancel(self, lease: Lease, how: Cancel) -> None:
        if running := self._running.get(_key(lease)):
            running.attempt.cancel(how)

    def wait(self, most_s: float) -> None:
        with suppress(Empty):
            is_urgent = self._woken.get(timeout=most_s)
            until_s = monotonic() + _GATHER_S
            while not is_urgent:
                is_urgent = self._woken.get(timeout=max(until_s - monotonic(), 0.0))
            while True:
                self._woken.get_nowait()

    def wake(self) -> None:
        self._woken.put(True)

    def _wake_soon(self) -> None:
        """End a `wait` when others have had time to report, too: one transaction then has them all."""
        self._woken.put(False)

    def join(self, leases: list[Lease], most_s: float) -> None:
        until_s = monotonic() + most_s
        for lease in leases:
            running = self._running.get(_key(lease))
            if running and running.thread.ident is not None:  # else Ctrl-C came before it began
                running.thread.join(max(until_s - monotonic(), 0.0))

    def discard(self, lease: Lease) -> None:
        self._running.pop(_key(lease), None)

    def close(self) -> None:
        for processes in self._processes.values():
            processes.close()
        for transport in self._transports:
            transport.close()


def _apart(engine: str) -> Apart:
    return ENGINES[engine].apart if engine in ENGINES else Apart.NO


def _key(lease: Lease) -> tuple[str, int]:
    """One generation may be claimed again while an attempt of an earlier lease still runs."""
    return lease.id, lease.fence
