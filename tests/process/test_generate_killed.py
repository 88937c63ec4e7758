"""`kill -9` at any moment of a generation: nothing is broken that the doctor cannot name."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from findings import levels

from avatar_creator.domain.findings import Level
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from stored_files import half_written, stored_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

SMALL = ("--persona-name", "Ann", "--width", "64", "--height", "64")
ROUNDS = 6
LONGEST_S = 0.15  # about ten generations


def _rows(home: Home, sql: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(home.database, timeout=30)) as database:
        return database.execute(sql).fetchall()


def _wait_until_more(home: Home, before: int) -> None:
    """Wait until a process that just started has begun its first generation."""
    end = time.monotonic() + 30
    while len(_rows(home, "SELECT id FROM generations")) <= before:
        assert time.monotonic() < end
        time.sleep(0.002)


def _missing(home: Home) -> list[str]:
    """The files that rows point to and that are not there."""
    paths = [path for row in _rows(home, "SELECT image_path, thumbnail_path FROM avatars") for path in row]
    return [path for path in paths if not (home.pictures / path).is_file()]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library in which some runs were killed."""
    home = Home(tmp_path_factory.mktemp("killed") / "home")
    chance = random.Random(9)
    with open_library(home.root) as library, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AVATAR_HOME", str(home.root))
        patch.setenv("AVATAR_PROCESSES", "1")  # so that no more than one generation is being made
        library.app.queries.find_projects()  # the database is made
        for _ in range(ROUNDS):
            before = len(_rows(home, "SELECT id FROM generations"))
            with subprocess.Popen(
                [sys.executable, "-m", "avatar_creator", "generate", *SMALL, "--count", "100"],
                stdout=subprocess.DEVNULL,
            ) as running:
                _wait_until_more(home, before)
                time.sleep(chance.uniform(0, LONGEST_S))  # the moment is the point
                running.kill()
            assert running.returncode == -signal.SIGKILL
            assert _missing(home) == []
        yield library


def test_the_doctor_names_what_was_killed(killed: Library) -> None:
    report = killed.app.doctor.examine(fix=False)
    assert report.healthy
    interrupted = {row[0] for row in _rows(killed.home, "SELECT id FROM generations WHERE status = 'processing'")}
    left = {row[0] for row in _rows(killed.home, "SELECT owner FROM generations WHERE status = 'pending'")}
    assert 0 < len(interrupted) <= ROUNDS
    assert len(left) == 1, "each run takes care of those before"
    named = [finding.message for finding in report.findings if finding.subject == "generation"]
    assert {next(word for word in message.split() if "_" in word) for message in named} == interrupted | left
    known = {path for row in _rows(killed.home, "SELECT image_path, thumbnail_path FROM avatars") for path in row}
    strays = set(stored_files(killed.app.pictures)) - known
    assert sum(finding.subject == "file" and "no avatar" in finding.message for finding in report.findings) == len(
        strays
    )


def test_the_doctor_mends_it_all(killed: Library) -> None:
    before = len(list(killed.find()))
    assert Level.FIXED in {finding.level for finding in killed.app.doctor.examine(fix=True).findings}
    assert levels(killed) == {Level.OK}
    assert len(list(killed.find())) == before
    assert not _rows(killed.home, "SELECT id FROM generations WHERE status IN ('processing', 'pending')")
    assert not half_written(killed.app.pictures)
    assert not list(killed.home.runners.iterdir()), "the locks of killed runs are swept too"


def test_a_run_that_was_killed_is_finished_by_a_retry_of_its_batch(home: Home) -> None:
    """Nothing that it made is made again, and what it makes after all is what it would have been."""
    command = [sys.executable, "-m", "avatar_creator"]
    argv = [*command, "generate", *SMALL, "--count", "60", "--seed", "7"]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL) as running:
        end = time.monotonic() + 30
        while not (home.database.exists() and _rows(home, "SELECT id FROM avatars LIMIT 5")):
            assert time.monotonic() < end
            time.sleep(0.002)
        running.kill()
    made = _rows(home, "SELECT id, seed, sha256 FROM avatars ORDER BY id")
    [(batch,)] = set(_rows(home, "SELECT batch_id FROM generations"))
    again = subprocess.run([*command, "retry", "--batch", batch, "--quiet"], capture_output=True, text=True, check=True)
    assert len(made) < 60
    assert len(again.stdout.split()) == 60 - len(made)
    subprocess.run([*command, "wait", *again.stdout.split(), "--quiet"], capture_output=True, timeout=60, check=True)
    subprocess.run([*command, "worker", "stop"], capture_output=True, timeout=60, check=True)
    seeds = [row[0] for row in _rows(home, "SELECT seed FROM generations ORDER BY id")]
    assert [row[0] for row in _rows(home, "SELECT seed FROM avatars ORDER BY id")] == seeds
    assert len(set(seeds)) == 60
    assert set(made) <= set(_rows(home, "SELECT id, seed, sha256 FROM avatars"))
