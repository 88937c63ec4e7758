"""A merge that is killed, or finds the disk full: the same command goes on, and everything is there once."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.imports.checking import CheckLines
from avatar_creator.imports.executor import Executor
from avatar_creator.imports.shards import Merged, Result
from avatar_creator.library import Library, open_library
from avatar_creator.library.shard_merges import ShardMerge
from cli.commandline import SMALL, environment, process, start
from small_disks import Disk, disk
from stored_files import half_written, stored_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
__all__ = ["disk"]  # a fixture

PICTURES, SHARDS = 180, 3
ALONE, BESIDE = {"AVATAR_PROCESSES": "1"}, {"AVATAR_PROCESSES": "3"}  # who places the files


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a plan, all made; one shard twice."""
    folder = tmp_path_factory.mktemp("merged")
    file, plan, home = folder / "people.csv", folder / "plan", {"AVATAR_HOME": str(folder / "home")}
    rows = (f"p{n},Person {n},{20 + n % 60}" for n in range(PICTURES))
    file.write_text("\n".join(("id,name,age", *rows)), encoding="utf-8")
    process("batch", "plan", file, "--shards", SHARDS, "-o", plan, "--engine", "offline", *SMALL, **home)
    for shard in range(SHARDS):
        assert process("batch", "run", plan, "--shard", shard, **home).code == 0
    assert process("batch", "run", plan, "--shard", 0, "-o", plan / "again", **home).code == 0
    return plan


def children(of: int) -> set[int]:
    found = set[int]()
    for thread in Path(f"/proc/{of}/task").glob("*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found.update(map(int, (thread / "children").read_text("ascii").split()))
    return found


def expect_all_once(root: Path) -> None:
    with closing(sqlite3.connect(root / "library.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        counted = "SELECT count(*), count(DISTINCT recipe_hash), count(DISTINCT persona_id) FROM avatars"
        assert database.execute(counted).fetchone() == (PICTURES,) * 3
        assert database.execute("SELECT count(*) FROM avatar_versions").fetchone() == (0,)
    with open_library(root) as library:
        assert not [each for each in library.examine().findings if each.subject == "picture"]
        assert all(each.image_path.exists() and each.thumbnail_path.exists() for each in library.find())
        assert len(stored_files(library.app.pictures)) == 2 * PICTURES
        library.app.pictures.sweep(-1)
        assert half_written(library.app.pictures) == []


@pytest.mark.parametrize(("seed", "who"), [(0, ALONE), (1, BESIDE), (2, BESIDE), (3, ALONE)])
def test_the_same_merge_goes_on(made: Path, tmp_path: Path, seed: int, who: dict[str, str]) -> None:
    home, chance = Home(tmp_path / "other"), random.Random(seed)
    merge = ("batch", "merge", made, made / "again")
    for _ in range(4):
        before, more = len(list(home.pictures.glob("*/*"))), chance.randint(0, PICTURES)
        with start(*merge, AVATAR_HOME=str(home.root), **who) as running:
            while running.poll() is None and len(list(home.pictures.glob("*/*"))) <= before + more:
                time.sleep(0.001)
            time.sleep(chance.random() / 20)
            running.kill()
    again = process(*merge, AVATAR_HOME=str(home.root), **who)
    assert again.code == 0, again
    expect_all_once(home.root)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="this system does not say whose children processes are"
)
@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGTERM])
def test_what_its_processes_leave_undone_it_does_itself(made: Path, tmp_path: Path, signal_: int) -> None:
    home, killed = tmp_path / "other", set[int]()
    with start("batch", "merge", made, made / "again", AVATAR_HOME=str(home), **BESIDE) as running:
        while running.poll() is None:
            for child in children(running.pid) - killed:
                with suppress(ProcessLookupError):
                    os.kill(child, signal_)
                    killed.add(child)
        assert running.returncode == 0, running.communicate()
    assert killed
    expect_all_once(home)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="this system does not say whose children processes are"
)
def test_what_frozen_processes_leave_undone_it_does_itself(made: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "other")
    with start("batch", "merge", made, made / "again", AVATAR_HOME=str(home.root), **BESIDE) as running:
        while not (frozen := children(running.pid)) or not list(home.pictures.glob("*/*.jpg")):
            assert running.poll() is None, running.communicate()
        for child in frozen:
            os.kill(child, signal.SIGSTOP)
        try:
            assert running.wait(60) == 0, running.communicate()
        finally:
            running.kill()
    assert not [child for child in frozen if Path(f"/proc/{child}").exists()]
    expect_all_once(home.root)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="this system does not say whose children processes are"
)
def test_ctrl_c_leaves_no_file_and_no_process(made: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "other")
    with start("batch", "merge", made, AVATAR_HOME=str(home.root), **BESIDE) as running:
        while not (begun := children(running.pid)) or not list(home.pictures.glob("*/*.jpg")):
            assert running.poll() is None, running.communicate()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert not [child for child in begun if Path(f"/proc/{child}").exists()]
    with open_library(home.root) as library:
        assert half_written(library.app.pictures) == []
        assert len(stored_files(library.app.pictures)) == 2 * len(list(library.find()))


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="this system does not say whose children processes are"
)
def test_a_second_ctrl_c_ends_it_though_its_processes_are_frozen(made: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "other")
    with start("batch", "merge", made, AVATAR_HOME=str(home.root), **BESIDE) as running:
        while not (begun := children(running.pid)) or not list(home.pictures.glob("*/*.jpg")):
            assert running.poll() is None, running.communicate()
        for child in begun:
            os.kill(child, signal.SIGSTOP)
        running.send_signal(signal.SIGINT)
        time.sleep(2)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)
    assert running.returncode == 130, err
    assert not [child for child in begun if Path(f"/proc/{child}").exists()]
    assert process("batch", "merge", made, made / "again", AVATAR_HOME=str(home.root)).code == 0
    expect_all_once(home.root)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="this system does not say whose children processes are"
)
@pytest.mark.parametrize("moment", range(5))
def test_no_process_is_left_where_the_first_ones_are_only_starting(moment: int) -> None:
    before = children(os.getpid())
    with Executor(3) as executor:
        for _ in range(9):
            executor.submit(CheckLines([b"{}"], 2, "records.jsonl", {}))
        time.sleep(moment / 100)
    assert children(os.getpid()) == before


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in BESIDE.items():
        monkeypatch.setenv(name, value)


def begun(library: Library, made: Path) -> tuple[ShardMerge, Generator[Merged]]:
    """A merge whose first shard is taken in, and whose other ones are on their way."""
    merge = library.shards.merge(library.shards.handed_in(made))
    pictures = merge.run()
    next(pictures)
    return merge, pictures


@pytest.mark.usefixtures("beside")
def test_files_that_another_merge_takes_back_are_missing(made: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "other")
    with open_library(home.root) as stopped, open_library(home.root) as library:
        _, pictures = begun(stopped, made)
        while len(list(home.pictures.glob("*/*.jpg"))) < 2 * PICTURES:
            time.sleep(0.01)
        merge, others = begun(library, made)
        time.sleep(0.5)  # it finds all files there
        pictures.close()
        found = [each.result for each in others]
        assert all(each.image_path.exists() and each.thumbnail_path.exists() for each in library.find())
        assert found.count(Result.DAMAGED) == merge.report.missing_pictures == PICTURES - len(list(library.find()))
    assert process("batch", "merge", made, made / "again", AVATAR_HOME=str(home.root)).code == 0
    expect_all_once(home.root)


@pytest.mark.usefixtures("beside")
def test_what_is_deleted_meanwhile_is_missing(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "other"
    assert process("batch", "merge", made, AVATAR_HOME=str(home)).code == 0
    with open_library(home) as library:
        merge, pictures = begun(library, made)
        ids = [avatar.id for avatar in library.find()]
        assert process("delete", *ids, "--yes", AVATAR_HOME=str(home)).code == 0
        late = list(pictures)[-2 * PICTURES // SHARDS :]
        assert {(each.result, (each.why or "").endswith("merge once more.")) for each in late} == {
            (Result.DAMAGED, True)
        }
        assert merge.report.missing_pictures == len(late)
    assert process("batch", "merge", made, made / "again", AVATAR_HOME=str(home)).code == 0
    expect_all_once(home)


def test_a_shard_that_was_made_twice_is_known_while_its_first_files_are_on_their_way(
    made: Path, tmp_path: Path
) -> None:
    twice = made / "done" / "00000.tar", made / "again" / "00000.tar"
    done = process("batch", "merge", *twice, "--json", AVATAR_HOME=str(tmp_path / "other"), **BESIDE)
    assert json.loads(done.out)["pictures"] == {"new": 60, "known": 60, "different": 0, "damaged": 0}


def test_two_at_once_take_each_once(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "other"
    both = [start("batch", "merge", *given, AVATAR_HOME=str(home)) for given in ((made,), (made / "again", made))]
    for each in both:
        with each as running:
            _, err = running.communicate(timeout=120)
        assert each.returncode == 0, err
    expect_all_once(home)


def test_several_share_the_files_and_a_last_one_finds_all_here(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "other"
    avatar = f"{sys.executable} -m avatar_creator batch merge --quiet"
    shared = f"ls '{made}'/done/*.tar '{made}'/again/*.tar | xargs -n 1 -P 4 {avatar}"
    changes = environment({"AVATAR_HOME": str(home)})
    done = subprocess.run(["sh", "-c", shared], env=changes, capture_output=True, text=True, check=False)
    assert len(set(done.stdout.split())) == PICTURES, done
    last = process("batch", "merge", made, AVATAR_HOME=str(home))
    assert (last.code, f"0 new, {PICTURES} were here already." in last.err) == (0, True), last
    expect_all_once(home)


@pytest.mark.parametrize(
    ("options", "who"),
    [
        ("size=700k", ALONE),
        ("size=1200k", BESIDE),
        ("size=40m,nr_inodes=150", BESIDE),
        ("size=40m,nr_inodes=330", ALONE),
    ],
)
def test_a_full_disk_ends_it_and_loses_nothing(made: Path, disk: Disk, options: str, who: dict[str, str]) -> None:
    place = disk(options)
    root = place / "home"
    full = process("batch", "merge", made, AVATAR_HOME=str(root), **who)
    assert full.code == 6, full
    assert "No space left" in full.err or "is full" in full.err, full
    with open_library(root) as library:
        there = list(library.find())
        assert all(each.image_path.exists() for each in there)
        assert half_written(library.app.pictures) == []
        assert len(stored_files(library.app.pictures)) == 2 * len(there)
    subprocess.run(["mount", "-o", "remount,size=80m,nr_inodes=10000", place], check=True)
    assert process("batch", "merge", made, AVATAR_HOME=str(root)).code == 0
    expect_all_once(root)
