"""The one worker of a home: takes its lock, works, and gives it back, however often it is killed."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from avatar_creator._version import __version__
from avatar_creator.errors import AvatarError
from avatar_creator.home import Home
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.credentials import Credentials
from avatar_creator.jobs.worker_log import forget_failures
from avatar_creator.jobs.worker_loop import WorkerLoop, WorkerOptions, log
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.locks import Lock
from avatar_creator.storage.workers import Leave

_LEAVER_S = 5.0  # how long to wait for a worker that is about to leave
_STANDBY_S = 0.5  # between two checks whether the worker before will do after all


class Worker:
    """Runs the worker in this process."""

    def __init__(self, home: Home, context: JobContext) -> None:
        self._home = home
        self._context = context
        self._credentials = Credentials(context.generations, context.fingerprint)

    def run(
        self,
        options: WorkerOptions,
        *,
        stops: Callable[[], int] = lambda: 0,
        standby: bool = False,
        slot: int | None = None,
    ) -> None:
        """Work until it is to stop, or was idle for long enough. Raises AvatarError if this home has a worker already.

        ``stops`` returns how often it was asked to stop: once, it ends what is under way, for 20 s at most; twice, at
        once.
        ``standby``: wait until the worker before has left, unless that one will do. ``slot`` is the descriptor of the
        slot that whoever started this worker took for it (see `take_slot`); it is closed as the work begins.
        """
        self._credentials.refresh()  # first: others read it in the row as soon as there is one
        with _held_slot(slot) as give_up:
            lock = self._stand_by(give_up, stops) if standby else self._take_over()
            if lock is None:
                return
            runner = ProcessLock(self._home.runners)
            try:
                with runner:
                    for transport in options.transports:
                        transport.open()
                    self._context.workers.register(
                        runner.id, os.getpid(), __version__, options.at_once, self._credentials.held
                    )
                    give_up()  # not before: others would see no worker, and none that comes
                    forget_failures(self._home)
                    log.info(
                        "worker begins: process %s, version %s, %s at once", os.getpid(), __version__, options.at_once
                    )
                    if options.transports:
                        log.info("engine processes: %s", "; ".join(map(str, options.transports)))
                    WorkerLoop(self._context, options, runner.id, self._credentials, stops).run()
                    log.info("worker leaves")
            finally:
                with suppress(AvatarError):  # a full disk: then the lock alone says that it has left
                    self._context.workers.stop_accepting(runner.id)
                lock.give_back()

    def _take_over(self) -> Lock:
        lock = Lock(self._home.worker_lock)
        if not lock.take(_LEAVER_S):
            worker = self._context.workers.find()
            raise AvatarError(
                f"A worker of {self._home.root} runs already" + (f": process {worker.pid}." if worker else "."),
                hint="See it with: avatar worker status. Stop it with: avatar worker stop",
            )
        return lock

    def _stand_by(self, give_up: Callable[[], None], stops: Callable[[], int]) -> Lock | None:
        """Wait for the worker before to leave, and return its lock; None if that worker will do.

        Whoever finds the slot taken starts no worker. So the slot is given up first, and then it is checked once more.
        """
        lock = Lock(self._home.worker_lock)
        while not lock.take(_STANDBY_S):
            if stops():
                return None
            if self._will_do():
                give_up()
                if self._will_do():
                    return None
        return lock

    def _will_do(self) -> bool:
        """Return whether the worker before makes whatever this one was started for."""
        worker = self._context.workers.find()
        if worker is None or not worker.accepting or worker.leave is not Leave.NO:
            return False
        return worker.version == __version__ and set(self._credentials.held) <= set(worker.credentials)


@contextmanager
def _held_slot(slot: int | None) -> Iterator[Callable[[], None]]:
    """Hold a slot until the end of the block; yield a function that gives it up before."""
    with ExitStack() as until:
        if slot is not None:
            until.callback(os.close, slot)
        yield until.close
