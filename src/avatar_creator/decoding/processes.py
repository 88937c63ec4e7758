"""The processes that decode: started when needed, used again for the next picture, ended when one takes too long.

There is one for each core at most, which bounds the memory that many pictures at once take. They belong to the process
that started them: a fork of it starts its own. They have a process group of their own, which Ctrl-C does not reach.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event, Lock, Thread

from avatar_creator.decoding import Damaged, TooMuch, Undecodable
from avatar_creator.errors import AvatarError, StorageError
from avatar_creator.processes import cores, interpreter, messages
from avatar_creator.processes.messages import Message
from avatar_creator.processes.process import NT_CTRL_C, Process, signal_of

_AT_ONCE_MOST = cores.count()
_WAIT_S = 60  # for one picture, however slow the machine: the limit of its CPU time comes much sooner
_START = "from avatar_creator.decoding.serving import main; main()"
_START_DETECTING = "from avatar_creator.decoding.serving import main; main(with_faces=True)"
_OUT_OF_TIME = "SIGPROF"  # sent by the timer that `serving` sets
_CRASHES = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGFPE", "SIGTRAP"}
_NT_CRASHES_LEAST = 0xC0000000  # exit codes that Windows gives to what it ends


class _Stopped(StorageError):
    """Something else ended it, such as the system when memory is short. The picture is not the cause."""

    def __init__(self, how: str) -> None:
        super().__init__(
            f"The process that decodes pictures was stopped from outside, twice ({how}).",
            hint="If nobody did that, the system was short of memory: free some, then try again.",
        )


class _Process(Process):
    """One of them, used by one thread at a time."""

    def __init__(self, start: str) -> None:
        try:
            super().__init__(interpreter.command(start), interpreter.environment())
        except OSError as error:
            raise _unavailable(error.strerror or type(error).__name__) from error
        self._overdue = False

    def ask(self, request: Message) -> Message:
        """Return the reply. Raises Broken or OSError when there is none, for whatever reason."""
        with self._watched():
            self.send(request)
            return self.receive()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        done = Event()

        def watch() -> None:
            # Second by second: while this process is suspended, the other may be, too, and its time must not run.
            if not any(done.wait(1) for _ in range(_WAIT_S)):
                self._overdue = True
                self.kill()

        try:
            Thread(target=watch, daemon=True).start()
        except RuntimeError as error:
            raise _unavailable(str(error)) from error
        try:
            yield
        finally:
            done.set()

    def why(self) -> Undecodable | AvatarError:
        """Return why there is no reply, and end it."""
        code = self.code()
        self.end()
        how = None if code is None else signal_of(code)
        if self._overdue or how == _OUT_OF_TIME:
            return TooMuch("takes too much time or memory")
        if code is None or how in _CRASHES or _is_nt_crash(code):
            return Damaged("crashes its decoder")
        return _Stopped(how) if how else _unavailable("it ended at once")


class Pool:
    """All decoding processes that are started alike, for any number of threads."""

    def __init__(self, start: str = _START) -> None:
        self._start = start
        self._lock = Lock()
        self._places = BoundedSemaphore(_AT_ONCE_MOST)
        self._all: set[_Process] = set()
        self._idle: list[_Process] = []

    def ask(self, request: Message) -> Message:
        """Return the reply. Raises TooMuch or Damaged when the picture ended the process, StorageError without one.

        If something else ended it, a new one is asked; the idle ones may be about to end as well.
        """
        with self._places:
            try:
                return self._ask(self._take(), request)
            except _Stopped:
                return self._ask(self._started(), request)

    def _ask(self, process: _Process, request: Message) -> Message:
        try:
            reply = process.ask(request)
        except (messages.Broken, OSError):
            self._forget(process)
            raise process.why() from None
        except BaseException:  # Ctrl-C: the reply would be taken for that to the next request
            self._forget(process)
            process.end()
            raise
        with self._lock:
            self._idle.append(process)
        return reply

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if not process.has_ended:
                    return process
                self._all.discard(process)
                process.end()
        return self._started()

    def _started(self) -> _Process:
        process = _Process(self._start)
        with self._lock:
            self._all.add(process)
        return process

    def _forget(self, process: _Process) -> None:
        with self._lock:
            self._all.discard(process)

    def close(self) -> None:
        """End those that wait for work. Others may be started afterwards."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._all.difference_update(idle)
        for process in idle:
            process.end()

    def after_fork(self) -> None:
        """Begin anew in a forked process, where the other threads and the locks they held are gone."""
        inherited = self._all
        self.__init__(self._start)  # type: ignore[misc]
        for process in inherited:
            process.release()


def _is_nt_crash(code: int) -> bool:
    return code >= _NT_CRASHES_LEAST and code != NT_CTRL_C


def _unavailable(why: str) -> StorageError:
    return StorageError(
        f"Pictures are decoded in a process of its own, and it cannot be started: {why}.",
        hint="See how many processes and how much memory it may have: ulimit -u -v",
    )


POOL = Pool()
DETECTING = Pool(_START_DETECTING)  # these find faces, too
for _pool in (POOL, DETECTING):
    atexit.register(_pool.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_pool.after_fork)
