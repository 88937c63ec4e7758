"""Many drawings: processes of their own draw them. Whatever happens to these or to us, each row says what is so."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from findings import levels

from avatar_creator.domain.findings import Level
from avatar_creator.home import Home
from avatar_creator.library import Library
from stored_files import half_written, stored_files
from waiting import LONG_S, until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")

SMALL = ("--persona-name", "Ann", "--width", "96", "--height", "96")
PROGRAM = (sys.executable, "-m", "avatar_creator")


@pytest.fixture(autouse=True)
def _cores(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of them, wherever the tests run."""
    assert not home.root.exists()
    monkeypatch.setenv("AVATAR_PROCESSES", "3")


def status_of(pid: int) -> list[str]:
    """Return state, parent and what follows of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def is_running(pid: int) -> bool:
    return status_of(pid)[:1] not in ([], ["Z"])


def children(pid: int) -> list[int]:
    """Return the engine processes of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and status_of(int(entry.name))[1:2] == [str(pid)]:
            try:
                found += [int(entry.name)] * (b"engine_processes" in (entry / "cmdline").read_bytes())
            except OSError:
                continue
    return found


def rows(home: Home, sql: str) -> list[tuple[Any, ...]]:
    if not home.database.exists():
        return []
    with closing(sqlite3.connect(home.database, timeout=30)) as database:
        return database.execute(sql).fetchall()


def completed(home: Home) -> int:
    return len(rows(home, "SELECT id FROM generations WHERE status = 'completed'"))


@contextmanager
def generate(*argv: str) -> Iterator["subprocess.Popen[str]"]:
    """Start it in a process group of its own, as a shell does."""
    command = [*PROGRAM, "generate", *SMALL, *argv]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
    ) as running:
        yield running


def left_in_order(library: Library) -> None:
    assert len(stored_files(library.app.pictures)) == 2 * completed(library.home)
    assert not half_written(library.app.pictures)
    assert levels(library) == {Level.OK}


def test_they_are_the_same_and_in_the_order_of_their_seeds(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for processes in ("3", "1"):
        monkeypatch.setenv("AVATAR_PROCESSES", processes)
        with generate("--count", "60", "--seed", "9", "--width", "900", "--json") as running:
            if processes == "3":
                until(lambda: children(running.pid))
            out, err = running.communicate()
        assert running.returncode == 0, err
        made.append([each["seed"] for each in json.loads(out)])
    pictures = rows(library.home, "SELECT seed, sha256, thumbnail_bytes, recipe, alt_text FROM avatars ORDER BY id")
    assert pictures[:60] == pictures[60:]
    assert made[0] == made[1] == list(library.request(prompt="x", seed=9, count=60).seeds())
    left_in_order(library)


def test_concurrency_of_one_starts_none(home: Home) -> None:
    with generate("--count", "60", "--concurrency", "1") as running:
        while running.poll() is None:
            assert children(running.pid) == []
        running.communicate()
    assert completed(home) == 60


def test_those_that_are_killed_at_any_moment_lose_nothing(library: Library) -> None:
    chance, killed, before = random.Random(4), 0, 0
    with generate("--count", "150", "--width", "1024", "--height", "1024", "--quiet") as running:
        while running.poll() is None and killed < 8:
            time.sleep(chance.uniform(0.005, 0.05))  # the moment is the point
            if completed(library.home) > before + 20:  # else the third one might be killed over the same picture
                before = completed(library.home)
                for pid in children(running.pid)[: chance.randrange(1, 3)]:
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        out, err = running.communicate(timeout=LONG_S)
    assert (running.returncode, err) == (0, "")
    assert killed >= 3
    assert len(set(out.split())) == completed(library.home) == 150
    assert rows(library.home, "SELECT DISTINCT attempt, fence, interruptions FROM generations") == [(0, 1, 0)]
    left_in_order(library)


def test_none_is_left_when_we_are_killed_and_the_rest_is_made_again(library: Library) -> None:
    with generate("--count", "250", "--quiet") as running:
        until(lambda: len(children(running.pid)) >= 2)
        pids = children(running.pid)
        running.kill()
        running.communicate()
    until(lambda: not any(map(is_running, pids)))
    assert completed(library.home) < 250
    subprocess.run([*PROGRAM, "retry", "--failed", "--quiet"], capture_output=True, check=True)
    until(lambda: completed(library.home) == 250)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_group_ends_all_and_what_is_said_is_so(library: Library, number: signal.Signals) -> None:
    with generate("--count", "400", "--quiet") as running:
        until(lambda: len(children(running.pid)) >= 2)
        pids = children(running.pid)
        os.killpg(running.pid, number)
        out, err = running.communicate(timeout=LONG_S)
    assert running.returncode == 130
    assert "Traceback" not in err
    until(lambda: not any(map(is_running, pids)))
    made = {id_ for (id_,) in rows(library.home, "SELECT id FROM generations WHERE status = 'completed'")}
    assert 0 < len(made) < 400
    assert set(out.split()) <= made
    assert len(made) - len(set(out.split())) <= 1
    assert len(rows(library.home, "SELECT id FROM generations WHERE status = 'cancelled'")) == 400 - len(made)
    left_in_order(library)


def test_so_does_a_batch(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,persona_name\n" + "".join(f"{n},Person {n}\n" for n in range(150)), "utf-8")
    with subprocess.Popen(
        [*PROGRAM, "batch", str(file), "--engine", "offline", *SMALL[2:], "--quiet"], stdout=subprocess.PIPE, text=True
    ) as running:
        until(lambda: len(children(running.pid)) >= 2)
        assert running.wait(LONG_S) == 0
    names = [name for (name,) in rows(library.home, "SELECT persona_name FROM avatars ORDER BY id")]
    assert names == [f"Person {n}" for n in range(150)]
    left_in_order(library)


def test_a_worker_has_them_too_and_ends_them_when_it_leaves(library: Library) -> None:
    argv = ("--count", "150", "--detach", "--quiet")
    subprocess.run([*PROGRAM, "generate", *SMALL, *argv], check=True, capture_output=True)
    until(lambda: (found := library.app.workers.find()) is not None and len(children(found.pid)) >= 2)
    worker = library.app.workers.find()
    assert worker is not None
    pids = children(worker.pid)
    until(lambda: completed(library.home) == 150)
    subprocess.run([*PROGRAM, "worker", "stop"], check=True, capture_output=True)
    until(lambda: not any(map(is_running, pids)))
    assert rows(library.home, "SELECT DISTINCT attempt, fence, interruptions FROM generations") == [(0, 1, 0)]
    left_in_order(library)


def test_two_runs_at_once(library: Library) -> None:
    with generate("--count", "80", "--seed", "1") as one, generate("--count", "80", "--seed", "1") as other:
        ended = [each.communicate(timeout=LONG_S) for each in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], ended
    assert completed(library.home) == 160
    assert rows(library.home, "SELECT count(DISTINCT sha256) FROM avatars") == [(80,)]
    left_in_order(library)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from avatar_creator.cli.main import run
run()
"""


def test_a_disk_that_is_full_in_the_midst(library: Library) -> None:
    library.app.queries.find_projects()
    library.close()
    limit = str(library.home.database.stat().st_size + 1_500_000)
    argv = ("generate", *SMALL, "--count", "400", "--quiet")
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, limit, *argv], capture_output=True, text=True, check=False, timeout=LONG_S
    )
    assert ended.returncode == 6
    assert "Traceback" not in ended.stderr
    assert [line.split(":")[0] for line in ended.stderr.splitlines()[-2:]] == ["Error", "Hint"]
    made = completed(library.home)
    assert 0 < made < 400
    assert len(stored_files(library.app.pictures)) == 2 * made
    assert not half_written(library.app.pictures)
