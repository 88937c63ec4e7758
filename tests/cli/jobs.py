"""How tests of jobs queue and look: the worker is a real process."""

from avatar_creator.home import Home
from avatar_creator.storage.locks import is_held
from cli.commandline import SMALL, Avatar
from waiting import until


def queue(avatar: Avatar, *argv: object) -> list[str]:
    """Queue small generations; return their ids."""
    return avatar("generate", *SMALL, "--persona-name", "Ann", "--detach", "--quiet", *argv).out.split()


def until_a_worker_runs(home: Home) -> None:
    until(lambda: is_held(home.worker_lock))


def without_worker(avatar: Avatar, home: Home) -> None:
    """Stop the worker that a command has just started."""
    until_a_worker_runs(home)
    avatar("worker", "stop")
