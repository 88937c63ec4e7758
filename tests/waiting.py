"""Waiting for what other threads and processes do, and never for ever."""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from avatar_creator.home import Home
from avatar_creator.library import open_library

LONG_S = 60  # far longer than a test takes, on a busy machine too


def until(holds: Callable[[], object]) -> None:
    """Return when it holds. Fails where it does not in a long time."""
    begun = now = time.monotonic()
    while not holds():
        assert now < begun + LONG_S, "it does not come"
        # What takes long is asked for more rarely: to ask takes time of the processes that are waited for.
        time.sleep(min(max(0.002, (now - begun) / 20), 0.02))
        now = time.monotonic()


def stop_worker(home: Home, patience_s: float = LONG_S) -> None:
    """Stop the worker of a home, and one that a command has just started: it might work for an hour.

    Fails with the processes that hold its lock where it does not leave in time.
    """
    end = time.monotonic() + patience_s
    with open_library(home.root) as opened:
        worker = opened.app.worker_process
        # In this order: one that comes gives up its place only when it has the lock.
        while worker.is_coming() or worker.is_running():
            if time.monotonic() > end:
                locks = [home.worker_lock, *home.standby.glob("*.lock")]
                raise AssertionError(f"the worker of {home.root} does not leave: {_opened_by(locks) or 'who is it?'}")
            worker.ask_to_leave(at_once=True)  # again and again: each is told of its own
            time.sleep(0.05)


def _opened_by(files: Collection[Path]) -> str:
    """Return the ids and commands of the processes that have files open, on a Linux."""
    wanted = {file.resolve() for file in files}
    found = {}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # it has ended, or is another user's
            if descriptor.readlink() in wanted:
                process = descriptor.parents[1]
                found[process.name] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ", ".join(f"{id_} ({command.strip()})" for id_, command in found.items())
