"""Several shells at once on one home: real processes that wait for each other and then all begin."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing

import pytest

from avatar_creator.home import Home
from avatar_creator.library import open_library
from avatar_creator.storage import migrations
from avatar_creator.storage.database import connect

READY = """
import atexit, sys
from avatar_creator.library import open_library
library = open_library()
atexit.register(library.close)
print("ready", flush=True)
sys.stdin.readline()
"""
OPEN = READY + "print(library.app.generations.ensure_project('default'))"
MIGRATE = """
from avatar_creator.storage import database, migrations
step = "ALTER TABLE projects ADD COLUMN colour TEXT;"
database.MIGRATIONS = migrations.MIGRATIONS = (*migrations.MIGRATIONS, step)
"""
WRITE = """
from avatar_creator.storage.new_generation import NewGeneration
project_id = library.app.generations.ensure_project("default")
for seed in range(1, 26):
    library.app.generations.add(NewGeneration(project_id, "offline", "m", seed, {}, owner="run_1"))
    library.app.leases.claim_owned("run_1")
"""


def all_at_once(programs: Sequence[str]) -> list[str]:
    """Run the programs so that none goes on before the last is ready; return what each prints."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-W", "error", "-c", program],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for program in programs
        ]
        for process in processes:
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        ends = [(*process.communicate(timeout=60), process.returncode) for process in processes]
        assert [end[1:] for end in ends] == [("", 0)] * len(ends)
        return [printed for printed, *_ in ends]


def assert_sound(home: Home) -> None:
    with closing(connect(home.database, home.backups)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(migrations.MIGRATIONS)
        names = [row["name"] for row in connection.execute("SELECT name FROM sqlite_master")]
        assert len(set(names)) == len(names)
        assert [row["name"] for row in connection.execute("SELECT name FROM projects")] == ["default"]
    assert list(home.root.iterdir()) == [home.database]  # the last to close it has put its log in order


@pytest.mark.parametrize(("processes", "rounds"), [(2, 6), (20, 1)])
def test_all_may_be_the_first_to_open_a_library(home: Home, processes: int, rounds: int) -> None:
    for _ in range(rounds):
        printed = all_at_once([OPEN] * processes)
        assert_sound(home)
        with open_library(home.root) as library:  # the one file that all of them wrote to
            assert {f"{project.id}\n" for project in library.app.queries.find_projects()} == set(printed)
        shutil.rmtree(home.root)


def test_all_may_be_the_first_to_migrate_a_library(home: Home) -> None:
    with open_library(home.root) as library:
        library.app.generations.ensure_project("default")
    all_at_once([MIGRATE + OPEN] * 8)
    with closing(sqlite3.connect(home.database)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(projects)")]
        assert columns.count("colour") == 1
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(migrations.MIGRATIONS) + 1
    assert any(home.backups.iterdir())


def test_none_waits_in_vain_when_all_write(home: Home) -> None:
    all_at_once([READY + WRITE] * 6)
    with open_library(home.root) as library:
        assert sum(count.count for count in library.app.stats.stats().generations) == 150
        assert len(library.app.leases.find_running()) == 150
    assert_sound(home)
