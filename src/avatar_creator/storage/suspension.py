"""Ctrl-Z waits for the end of a transaction: a process suspended in the middle of one would block all who write."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock, current_thread, main_thread


class _Suspension:
    """Whether this process is in a transaction, and was asked to stop meanwhile."""

    held = 0
    asked = False
    beside: Callable[[bool], None] | None = None
    lock = RLock()  # a signal's handler runs in the middle of whatever the main thread does


def install(beside: Callable[[bool], None] | None = None) -> None:
    """Have Ctrl-Z suspend this process only between transactions. For the main thread, which gets the signals.

    ``beside`` is called with True just before, and with False when the process goes on.
    """
    _Suspension.beside = beside
    if hasattr(signal, "SIGTSTP") and signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
        signal.signal(signal.SIGTSTP, _asked)


@contextmanager
def held_off() -> Iterator[None]:
    """Put off being suspended."""
    with _Suspension.lock:
        _Suspension.held += 1
    try:
        yield
    finally:
        with _Suspension.lock:
            _Suspension.held -= 1
        if _Suspension.asked and not _Suspension.held:
            _suspend()


def is_suspended(pid: int) -> bool:
    """Return whether a process of this machine is stopped, by Ctrl-Z say; False where the system does not say."""
    try:
        if sys.platform == "linux":  # "1234 (any name) T ...", of proc(5)
            state = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2]
        elif os.name == "posix":
            import subprocess  # noqa: PLC0415 - only there

            state = subprocess.run(
                ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
            ).stdout
        else:
            return False
    except OSError:
        return False
    return state.strip().startswith(("T", "t"))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C, which raises KeyboardInterrupt anywhere in the main thread."""
    handler = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or not callable(handler):
        yield
        return
    interrupted = False

    def note(_number: int, _frame: object) -> None:
        nonlocal interrupted
        interrupted = True

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if interrupted:
            handler(signal.SIGINT, None)


def _asked(_number: int, _frame: object) -> None:
    if _Suspension.held:
        _Suspension.asked = True
    else:
        _suspend()


def _suspend() -> None:
    """Do what the system does by itself; this returns when the process is continued."""
    _Suspension.asked = False
    beside = _Suspension.beside or (lambda _stops: None)
    beside(True)
    signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTSTP)
    signal.signal(signal.SIGTSTP, _asked)
    beside(False)
