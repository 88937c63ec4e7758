"""Ctrl-Z, in processes of their own: a suspended one holds no transaction."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from waiting import until

if sys.platform == "win32":
    pytest.skip("has no Ctrl-Z", allow_module_level=True)

WRITES = """
import pathlib, select, signal, sqlite3, sys
from avatar_creator.storage.database import connect, transaction
from avatar_creator.storage.suspension import install
if sys.argv[2] == "ignores":
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
install()
def wait():
    # A signal that comes just before a read that blocks is handled after it: so none blocks for long.
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        pass
    sys.stdin.readline()
home = pathlib.Path(sys.argv[1])
connection = connect(home / "library.db", home / "backups")
print("idle", flush=True)
wait()
with transaction(connection):
    sql = "INSERT INTO projects (id, name, created_at, updated_at) VALUES ('prj_1', 'one', '', '')"
    connection.execute(sql)
    print("in it", flush=True)
    wait()
    print("still in it", flush=True)
    wait()
print("out of it", flush=True)
wait()
"""


class Writer:
    def __init__(self, process: subprocess.Popen[str], home: Path) -> None:
        self.process = process
        self._home = home

    def says(self, line: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"{line}\n"

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def ctrl_z(self) -> None:
        self.process.send_signal(signal.SIGTSTP)

    def is_stopped(self) -> bool:
        pid, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)
        return pid == self.process.pid and os.WIFSTOPPED(status)

    def can_be_written_beside(self) -> bool:
        with closing(sqlite3.connect(self._home / "library.db", timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            other.execute("ROLLBACK")
            return True


@contextmanager
def writer(home: Path, how: str = "listens") -> Iterator[Writer]:
    command = [sys.executable, "-c", WRITES, str(home), how]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    # A group of its own, whose parent is in the same session: SIGTSTP stops none that nobody could take up again, and
    # of those whose shell has gone, as in CI, the tests' own group may be one.
    with subprocess.Popen(command, text=True, process_group=0, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield Writer(process, home)
        finally:
            process.kill()


def test_a_transaction_is_finished_before_its_process_is_suspended(tmp_path: Path) -> None:
    with writer(tmp_path) as process:
        process.says("idle")
        process.go_on()
        process.says("in it")
        process.ctrl_z()
        process.go_on()
        process.says("still in it")
        assert not process.is_stopped()
        assert not process.can_be_written_beside()
        process.go_on()
        until(process.is_stopped)
        assert process.can_be_written_beside()
        process.process.send_signal(signal.SIGCONT)
        process.says("out of it")


def test_between_transactions_it_is_suspended_at_once(tmp_path: Path) -> None:
    with writer(tmp_path) as process:
        process.says("idle")
        process.ctrl_z()
        until(process.is_stopped)
        process.process.send_signal(signal.SIGCONT)
        process.go_on()
        process.says("in it")


def test_whoever_does_not_want_to_be_suspended_is_not(tmp_path: Path) -> None:
    with writer(tmp_path, "ignores") as process:
        process.says("idle")
        process.ctrl_z()
        process.go_on()
        process.says("in it")
        for line in ("still in it", "out of it"):
            process.go_on()
            process.says(line)
        assert not process.is_stopped()
