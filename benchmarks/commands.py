"""Quick commands: whole processes, started and ended."""

import os
from collections.abc import Callable
from pathlib import Path

from avatar_creator import __version__, open_library
from avatar_creator.home import APP_NAME, HOME_VARIABLE
from avatar_creator.storage.ids import RUNNER, new_id
from avatar_creator.storage.locks import Lock
from benchmarks.libraries import CLAIMED
from benchmarks.measure import PROGRAMS, PYTHON, Cost, Pair, Run, command
from benchmarks.setting import FEW, MANY, Setting

AVATAR = PROGRAMS / "avatar"
# As a worker does; all is undone, so that the next round finds it as it was.
_CLAIM = f"""
import sys
from avatar_creator import open_library
with open_library(sys.argv[1]) as library:
    leases = library.app.leases
    try:
        with leases.together():
            for _ in range({CLAIMED}):
                claimed = leases.claim("run_1", ["abc"], idle=True, without=["huggingface", "local"])
                assert claimed and claimed.lease.engine == "offline"
            raise InterruptedError
    except InterruptedError:
        pass
"""


def status(setting: Setting, *options: str) -> Pair:
    home, generation = setting.libraries.generation(FEW)
    # As for most users, AVATAR_HOME is not set: the command finds its home by itself.
    default = setting.scratch / "share" / APP_NAME
    default.parent.mkdir(exist_ok=True)
    if not default.is_symlink():
        default.symlink_to(home)
    return Pair(
        command([AVATAR, "status", generation, *options], variables={"XDG_DATA_HOME": default.parent}),
        command([PYTHON, "-c", "pass"]),
    )


def status_json(setting: Setting) -> Pair:
    return status(setting, "--json")


def status_pending(setting: Setting) -> Pair:
    """While a worker runs: only then are places counted. It makes nothing, so that all go on waiting."""
    many, few = setting.libraries.pending(setting.pending), setting.libraries.pending(FEW)
    return Pair(*(_beside_worker(home, _read(home, "status", "--limit", "20")) for home in (many, few)))


def _beside_worker(home: Path, run: Run) -> Run:
    def measured() -> Cost:
        with open_library(home) as library:
            lock = Lock(library.home.worker_lock)
            assert lock.take(0), "a worker of its own runs there"
            try:
                library.app.workers.register(new_id(RUNNER), os.getpid(), __version__, 2)
                return run()
            finally:
                lock.give_back()

    return measured


def claims(setting: Setting) -> Pair:
    """Claim what can be made, behind very many that cannot."""
    many, few = setting.libraries.full(setting.pending), setting.libraries.full(FEW)
    return Pair(*(command([PYTHON, "-c", _CLAIM, home]) for home in (many, few)))


def detach(setting: Setting) -> Pair:
    """A worker is there already, as in a loop: the first command has started it."""
    home = setting.scratch / "detach"
    arguments = ("generate", "--persona-name", "Sarah", "--detach", "--priority", "-1000")
    later = ("--at", "+300d")  # queued, and not made meanwhile
    return Pair(
        command([AVATAR, *arguments, *later], variables={HOME_VARIABLE: home}),
        command([PYTHON, "-c", "pass"]),
    )


def help_(setting: Setting) -> Pair:
    offline = {"HF_HUB_DISABLE_UPDATE_CHECK": "1"}  # its wait for the network is not what is compared
    return Pair(command([AVATAR, "--help"]), command([setting.peers.hf(), "--help"], variables=offline))


def list_(setting: Setting) -> Pair:
    return _many_and_few(setting, "list", "--limit", "50")  # as on a terminal: in a pipe the whole library comes


def found(*argv: str) -> Callable[[Setting], Pair]:
    return lambda setting: _many_and_few(setting, "list", "--limit", "50", *argv)


def picked(setting: Setting) -> Pair:
    return _many_and_few(setting, "pick", "--gender", "female", "--least-used")


def stats(setting: Setting) -> Pair:
    return _many_and_few(setting, "stats")


def coverage(setting: Setting) -> Pair:
    """One project has all people."""
    return _of_people(setting, "gender,age,ethnicity")


def coverage_read(setting: Setting) -> Pair:
    """An axis that is not counted as avatars come and go: all of them are read."""
    return _of_people(setting, "gender,hair-color")


def _of_people(setting: Setting, axes: str) -> Pair:
    many, few = setting.libraries.people(MANY), setting.libraries.people(FEW)
    return Pair(*(_read(home, "coverage", "Project 0", "--balance", axes) for home in (many, few)))


def _many_and_few(setting: Setting, *argv: str) -> Pair:
    many, few = setting.libraries.of(MANY), setting.libraries.of(FEW)
    return Pair(_read(many, *argv), _read(few, *argv))


def _read(home: Path, *argv: str) -> Run:
    return command([AVATAR, *argv], variables={HOME_VARIABLE: home})
