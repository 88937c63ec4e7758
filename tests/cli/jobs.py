"""How tests of jobs queue and look: the worker is a real process."""

import time
from collections.abc import Callable

from avatar_creator.home import Home
from avatar_creator.storage.locks import is_held
from cli.commandline import SMALL, Avatar

PATIENCE_S = 60  # for a busy machine


def queue(avatar: Avatar, *argv: object) -> list[str]:
    """Queue small generations; return their ids."""
    return avatar("generate", *SMALL, "--persona-name", "Ann", "--detach", "--quiet", *argv).out.split()


def until(happened: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    until_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def until_a_worker_runs(home: Home) -> None:
    until(lambda: is_held(home.worker_lock))


def without_worker(avatar: Avatar, home: Home) -> None:
    """Stop the worker that a command has just started."""
    until_a_worker_runs(home)
    avatar("worker", "stop")
