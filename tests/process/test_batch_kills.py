"""`avatar batch` killed at any moment, run twice at once, interrupted: nothing is lost and nothing is made twice."""

import csv
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from avatar_creator.home import Home
from cli.commandline import Run, environment, process
from standin import StandIn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

SMALL = ("--width", "64", "--height", "64", "--engine", "offline")
ROWS, KILLS = 60, 8
MANY = 200  # rows that are not all made before a busy machine says that the first were


def people(path: Path, count: int = ROWS) -> Path:
    rows = (f"Person {n},{20 + n % 60},{'female' if n % 2 else 'male'}" for n in range(1, count + 1))
    path.write_text("\n".join(("name,age,gender", *rows)), encoding="utf-8")
    return path


def start(*argv: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "avatar_creator", "batch", *map(str, argv), *SMALL],
        env=environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(running: subprocess.Popen[str]) -> Run:
    out, err = running.communicate(timeout=120)
    return Run(running.returncode, out, err)


def rows(home: Home, sql: str) -> list[tuple[str, ...]]:
    if not home.database.exists():
        return []
    with closing(sqlite3.connect(home.database, timeout=30)) as database:
        return database.execute(sql).fetchall()


def completed(manifest: Path, count: int = ROWS) -> dict[str, str]:
    """What a manifest says to be completed, which must be so: avatars by row."""
    with manifest.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["row"] for line in lines] == [str(n + 2) for n in range(count)], "all rows, in their order"
    assert {line["status"] for line in lines} <= {"completed", "pending"}
    done = [line for line in lines if line["status"] == "completed"]
    assert all(Path(line["path"]).is_file() for line in done)
    return {line["row"]: line["avatar_id"] for line in done}


def until_more_begin(home: Home, before: int, running: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 30
    while len(rows(home, "SELECT id FROM generations WHERE status != 'pending'")) <= before:
        if running.poll() is not None:
            return
        assert time.monotonic() < end
        time.sleep(0.005)


def test_after_any_kills_the_same_command_makes_each_row_once(home: Home, tmp_path: Path) -> None:
    file, manifest, chance = people(tmp_path / "people.csv"), tmp_path / "made.csv", random.Random(7)
    known: dict[str, str] = {}
    begun: set[tuple[str, ...]] = set()
    for _ in range(KILLS):
        before = len(rows(home, "SELECT id FROM avatars"))
        with start(file, "--manifest", manifest) as running:
            until_more_begin(home, before, running)
            time.sleep(chance.uniform(0, 0.3))  # the moment is the point
            running.kill()
            running.communicate()
        if manifest.exists():
            said = completed(manifest)
            assert said.items() >= known.items(), "what was completed stays so"
            assert {(id_,) for id_ in said.values()} <= set(rows(home, "SELECT id FROM avatars"))
            known = said
        now = set(rows(home, "SELECT recipe_hash, avatar_id, seed FROM generations"))
        assert now >= begun, "what was begun stays the same avatar, with the same seed"
        begun = now
    run = process("batch", file, "--manifest", manifest, *SMALL)
    assert run.code == 0, run
    assert len(completed(manifest)) == ROWS
    assert len(rows(home, "SELECT id FROM avatars")) == ROWS
    assert len(rows(home, "SELECT id FROM generations")) == ROWS, "none was added twice"
    assert set(rows(home, "SELECT recipe_hash, avatar_id, seed FROM generations")) == begun


def test_two_batches_of_one_file_make_each_row_once(home: Home, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv")
    both = [start(file, "--manifest", tmp_path / f"{name}.csv") for name in ("a", "b")]
    first, second = map(ended, both)
    assert (first.code, second.code) == (0, 0), (first, second)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len(rows(home, "SELECT id FROM generations")) == ROWS
    made = sum(line[1] == "made" for line in (*first.lines, *second.lines))
    assert made == ROWS
    assert len(first.lines) == len(second.lines) == ROWS


def test_one_goes_on_where_another_was_killed(home: Home, tmp_path: Path) -> None:
    """The second waits for what the first has begun, and makes it when that one is gone."""
    file = people(tmp_path / "people.csv")
    with start(file) as first:
        until_more_begin(home, 1, first)
        first.send_signal(signal.SIGSTOP)
        with start(file) as second:
            first.kill()
            first.communicate()
            run = ended(second)
    assert run.code == 0, run
    assert len(rows(home, "SELECT id FROM generations")) == ROWS
    assert len(rows(home, "SELECT id FROM avatars")) == ROWS


def test_ctrl_c_says_what_is_left_and_the_same_command_goes_on(home: Home, tmp_path: Path) -> None:
    file, manifest = people(tmp_path / "people.csv", MANY), tmp_path / "made.csv"
    with start(file, "--manifest", manifest, "--concurrency", 1) as running:
        until_more_begin(home, 3, running)
        running.send_signal(signal.SIGINT)
        run = ended(running)
    assert run.code == 130, run
    assert " left." in run.err
    assert "Run the same command again: it goes on from there." in run.err
    assert {(id_,) for id_ in completed(manifest, MANY).values()} == set(rows(home, "SELECT id FROM avatars"))
    generations = set(rows(home, "SELECT id, avatar_id FROM generations"))
    assert process("batch", file, "--manifest", manifest, *SMALL).code == 0
    assert set(rows(home, "SELECT id, avatar_id FROM generations")) == generations, "the same are taken up"
    assert len(completed(manifest, MANY)) == MANY


def test_a_reader_that_leaves_ends_nothing_by_halves(home: Home, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv")
    with start(file) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) in {0, 141}
    assert not rows(home, "SELECT id FROM generations WHERE status = 'processing'")
    assert process("batch", file, *SMALL).code == 0
    assert len(rows(home, "SELECT id FROM avatars")) == ROWS


def test_what_is_queued_is_not_queued_twice(home: Home, tmp_path: Path) -> None:
    file, manifest = people(tmp_path / "people.csv"), tmp_path / "made.csv"
    queued = process("batch", file, "--detach", "--at", "+1h", *SMALL)
    assert queued.code == 0, queued
    assert {line[1] for line in queued.lines} == {"queued"}
    again = process("batch", file, "--detach", "--manifest", manifest, *SMALL)
    assert {line[1] for line in again.lines} == {"queued"}
    assert completed(manifest) == {}
    assert len(rows(home, "SELECT id FROM generations")) == ROWS
    assert len(set(rows(home, "SELECT batch_id FROM generations"))) == 1


def test_an_again_that_is_killed_makes_each_picture_once_more_and_no_oftener(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, at_once, kills = 16, 2, 3
    file = people(tmp_path / "people.csv", count)
    with StandIn(tmp_path) as hub:
        for name, value in hub.environment().items():
            monkeypatch.setenv(name, value)
        argv = [sys.executable, "-m", "avatar_creator", "batch", str(file), "--engine", "huggingface", "--yes"]
        argv += ["--width", "512", "--height", "512", "--concurrency", str(at_once)]
        assert subprocess.run(argv, capture_output=True, check=False).returncode == 0
        hub.delay_s = 0.2
        for _ in range(kills):
            before = len(hub.pictures)
            with subprocess.Popen([*argv, "--again"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                end = time.monotonic() + 30
                while len(hub.pictures) < before + 2 * at_once and time.monotonic() < end:
                    time.sleep(0.005)
                running.kill()
        last = subprocess.run([*argv, "--again"], capture_output=True, text=True, check=False)
        assert last.returncode == 0, last.stderr
        ((made_again, pictures),) = rows(
            home, "SELECT count(*), count(DISTINCT recipe_hash) FROM generations WHERE again"
        )
        assert int(made_again) == int(pictures) == count
        assert rows(home, "SELECT DISTINCT status FROM generations") == [("completed",)]
        assert 2 * count <= len(hub.pictures) <= 2 * count + kills * at_once
