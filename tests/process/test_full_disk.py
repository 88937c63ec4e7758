"""A disk that takes no more files, or bytes, at any moment of queueing: what is queued is told, and nothing else is."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from cli.commandline import PROGRAM, SMALL, Run, environment
from small_disks import Disk, disk

__all__ = ["disk"]  # a fixture


def avatar(root: Path, *argv: object) -> Run:
    done = subprocess.run(
        [*PROGRAM, *map(str, argv)],
        env=environment({"AVATAR_HOME": str(root / "home"), "AVATAR_WORKER_IDLE_S": "1"}),
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def rows(root: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(root / "home" / "library.db")) as database:
            return [row[0] for row in database.execute("SELECT id FROM generations ORDER BY id")]
    except sqlite3.Error:
        return []


@pytest.mark.parametrize("options", [*(f"nr_inodes={n},size=20m" for n in range(3, 11)), "size=120k", "size=250k"])
def test_what_is_queued_is_told_and_nothing_else(disk: Disk, options: str) -> None:
    root = disk(options)
    run = avatar(root, "generate", *SMALL, "--persona-name", "Ann", "--seed", 1, "--detach", "--at", "+1h", "--quiet")
    assert run.out.split() == rows(root), run
    assert (run.code, "bug" in run.err) == (0 if not run.err else 6, False), run
    if run.out and run.code:
        assert "What was queued is kept." in run.err
    if run.code and not run.out:
        assert "is full" in run.err or "No space left" in run.err, run
    avatar(root, "worker", "stop", "--now")
