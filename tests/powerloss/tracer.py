"""Runs a command and stops it, its threads and all it starts at system calls that may change files.

Of the calls that somebody wants to know the result of, one is under way at a time, so that their order is the
system's own; whoever comes meanwhile waits where it stopped.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from . import kernel
from .kernel import Call

# What becomes of a call: told its result; None if it is of no interest.
Finish = Callable[[int], None]
Watch = Callable[[Call], Finish | None]

# By number, as other systems lack them: SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU; SIGTRAP, marked as of a call.
_JOB_STOPS = {19, 20, 21, 22}
_CALL_STOP = 5 | 0x80


def run(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str], out: Path, err: Path, watch: Watch, timeout_s: int
) -> int:
    """Run a command until it and all it started have ended, and return its exit code.

    Must be called in the main thread of a process that has no other children.
    """

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"{' '.join(command)} took longer than {timeout_s} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(timeout_s)
    tracer = _Tracer(watch)
    try:
        return tracer.run(_start(command, cwd, env, out, err))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        tracer.kill()


def _start(command: Sequence[str], cwd: Path, env: Mapping[str, str], out: Path, err: Path) -> int:
    """Start the command, traced from its first moment."""
    wait, go = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.read(wait, 1)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT, 0o600), 1)
            os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT, 0o600), 2)
            os.chdir(cwd)
            kernel.stop_at_calls()
            os.execve(command[0], [*command], env)  # noqa: S606
        finally:
            os._exit(127)
    try:
        kernel.seize(process)
        os.write(go, b".")
    finally:
        os.close(wait)
        os.close(go)
    return process


class _Tracer:
    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._alive: set[int] = set()
        self._under_way: tuple[int, Finish] | None = None
        self._waiter: deque[int] = deque()  # threads stopped at a call, until the one under way is made

    def run(self, process: int) -> int:
        code = -1
        self._alive.add(process)
        for thread, status in _statuses():
            if os.WIFSTOPPED(status):
                self._alive.add(thread)
                self._stopped(thread, os.WSTOPSIG(status), status >> 16)
            else:
                self._forget(thread)
                self._alive.discard(thread)
                if thread == process:
                    code = os.waitstatus_to_exitcode(status)
            while self._waiter and self._under_way is None:
                self._enter(self._waiter.popleft())
        return code

    def kill(self) -> None:
        """End what still runs, if something went wrong here."""
        for thread in self._alive:
            with suppress(ProcessLookupError):
                os.kill(thread, signal.SIGKILL)
        for thread, status in _statuses():
            if os.WIFSTOPPED(status):  # one that was not heard of before
                with suppress(ProcessLookupError):
                    os.kill(thread, signal.SIGKILL)

    def _stopped(self, thread: int, number: int, event: int) -> None:
        if number == _CALL_STOP:
            self._leave(thread)
        elif event == kernel.EVENT_SECCOMP:
            self._waiter.append(thread)
        elif event == kernel.EVENT_STOP and number in _JOB_STOPS:
            kernel.resume(kernel.LISTEN, thread)  # it stays stopped until somebody sends SIGCONT
        elif event == kernel.EVENT_EXEC:
            # All other threads are gone, and the one that began the program has the first one's number now.
            before = kernel.former(thread)
            self._forget(before)
            self._forget(thread)
            if before != thread:
                self._alive.discard(before)
            kernel.resume(kernel.CONT, thread)
        else:  # a signal on its way; or a new thread or process, or one that makes one: no signal
            kernel.resume(kernel.CONT, thread, 0 if event else number)

    def _enter(self, thread: int) -> None:
        """Go on with a thread that stopped at a call, up to its result if somebody wants to know it."""
        try:
            finish = self._watch(kernel.call_of(thread))
        except ProcessLookupError:  # killed meanwhile
            return
        if finish is not None:
            self._under_way = thread, finish
        kernel.resume(kernel.CONT if finish is None else kernel.SYSCALL, thread)

    def _leave(self, thread: int) -> None:
        if self._under_way is not None and self._under_way[0] == thread:
            finish = self._under_way[1]
            self._under_way = None
            with suppress(ProcessLookupError):
                finish(kernel.result_of(thread))
        kernel.resume(kernel.CONT, thread)

    def _forget(self, thread: int) -> None:
        if self._under_way is not None and self._under_way[0] == thread:
            self._under_way = None
        with suppress(ValueError):
            self._waiter.remove(thread)


def _statuses() -> Iterator[tuple[int, int]]:
    """Yield what becomes of each thread, until none is left; only the system knows of all that were just made."""
    with suppress(ChildProcessError):
        while True:
            yield os.waitpid(-1, kernel.WAIT_ALL)
