"""avatar backup: copies of the database, and one put back, whatever happens meanwhile."""

import os
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
from avatar_creator.jobs.worker_process import take_slot
from avatar_creator.library import open_library
from cli.commandline import PROGRAM, Avatar, environment, files_below, plain, terminal
from cli.jobs import queue, until_a_worker_runs, without_worker

pytestmark = pytest.mark.slow

DIES = f"""
import os
from avatar_creator import Persona, open_library
library = open_library()
for seed in range(40):
    library.generate(persona=Persona("Zoe"), seed=seed + 1, engine="offline", width_px=64, height_px=64)
os.kill(os.getpid(), {int(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)})
"""

WRITES = """
import sqlite3, sys, time
print("begun", flush=True)
while True:
    database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
    database.execute("UPDATE written SET version = version + 1 WHERE id IN (1, ?)", [int(sys.argv[2])])
    database.close()
    time.sleep(0.01)
"""


def names(avatar: Avatar) -> list[str]:
    return [line[1] for line in avatar("list").lines]


def backed_up(avatar: Avatar, *argv: object) -> str:
    return avatar("backup", "create", *argv).out.strip()


def leave_a_log() -> None:
    """Have a process die that has written: its log stays."""
    subprocess.run([sys.executable, "-c", DIES], env=environment({}), check=False)


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])


def test_a_copy_is_put_back_and_what_was_there_is_kept(avatar: Avatar, home: Home) -> None:
    avatar.generate("--persona-name", "Ann")
    copy = Path(backed_up(avatar))
    assert (copy.parent, copy.stat().st_mode & 0o077 if os.name == "posix" else 0) == (home.backups, 0)
    avatar.generate("--persona-name", "Ben")
    (listed,) = avatar("backup", "list", "--json").json
    assert (listed["path"], listed["bytes"]) == (str(copy), copy.stat().st_size)
    said = avatar("backup", "restore", copy, "--yes")
    assert (said.out, names(avatar)) == ("", ["Ann"])
    assert "Restored: 1 avatar." in said.err
    (aside,) = home.set_aside.iterdir()
    assert str(aside) in said.err
    avatar("backup", "restore", aside / "library.db", "--yes")
    assert names(avatar) == ["Ben", "Ann"]
    assert files_below(home.backups) == [copy.name]


def test_a_log_that_a_killed_process_left_does_not_get_into_the_copy(avatar: Avatar, home: Home) -> None:
    avatar.generate("--persona-name", "Ann")
    copy = backed_up(avatar)
    avatar("delete", names_ids(avatar)[0], "--yes")
    leave_a_log()
    assert home.database.with_name("library.db-wal").stat().st_size > 0
    avatar("backup", "restore", copy, "--yes")
    assert (names(avatar), integrity(home.database)) == (["Ann"], "ok")
    (aside,) = home.set_aside.iterdir()
    assert integrity(aside / "library.db") == "ok"


def names_ids(avatar: Avatar) -> list[str]:
    return avatar("list", "--quiet").out.split()


@pytest.mark.parametrize("log", [b"", b"garbage " * 1000])
def test_a_damaged_database_is_replaced(avatar: Avatar, home: Home, log: bytes) -> None:
    avatar.generate("--persona-name", "Ann")
    copy = backed_up(avatar)
    home.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    home.database.with_name("library.db-wal").write_bytes(log)
    said = avatar.refused("list", code=6)
    assert "avatar backup restore FILE" in said
    assert "library.db-wal and library.db-shm" in said
    avatar("backup", "restore", copy, "--yes")
    assert names(avatar) == ["Ann"]
    (aside,) = home.set_aside.iterdir()
    assert (aside / "library.db").read_bytes().endswith(b"\xff" * 4000)


def test_a_database_that_is_gone_is_put_back(avatar: Avatar, home: Home) -> None:
    avatar.generate("--persona-name", "Ann")
    copy = backed_up(avatar)
    for path in home.root.glob("library.db*"):
        path.unlink()
    avatar("backup", "restore", copy, "--yes")
    assert names(avatar) == ["Ann"]


def test_what_is_no_backup_is_refused(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    avatar.generate("--persona-name", "Ann")
    good = Path(backed_up(avatar))
    foreign, newer, damaged = (tmp_path / name for name in ("foreign.db", "newer.db", "damaged.db"))
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE books (title TEXT)")
    newer.write_bytes(good.read_bytes())
    with closing(sqlite3.connect(newer)) as database:
        database.execute("PRAGMA user_version = 99")
    content = bytearray(good.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    damaged.write_bytes(content)
    picture = next(home.pictures.glob("*/*.jpg"))
    for path, said in [
        (tmp_path / "nothing.db", "No such file or directory"),
        (tmp_path, "is no backup"),
        (picture, "not a database"),
        (foreign, "is no backup of avatar's"),
        (newer, "made by a newer version"),
        (damaged, "is damaged"),
    ]:
        assert said in avatar.refused("backup", "restore", path, "--yes")
    assert not (tmp_path / "nothing.db").exists()
    assert names(avatar) == ["Ann"]
    assert not home.set_aside.exists()
    assert not list(home.root.glob(".*"))
    assert "is there already" in avatar.refused("backup", "create", good)


@pytest.mark.skipif(os.name != "posix", reason="needs pipes with names")
def test_what_is_no_file_is_neither_listed_nor_waited_for(avatar: Avatar, home: Home) -> None:
    avatar.generate("--persona-name", "Ann")
    good = backed_up(avatar)
    os.mkfifo(home.backups / "pipe.db")
    (home.backups / "folder.db").mkdir()
    (home.backups / "nowhere.db").symlink_to("gone")
    (home.backups / "loop.db").symlink_to("loop.db")
    assert [line[0] for line in avatar("backup", "list").lines] == [good]
    for name, said in [
        ("pipe.db", "it is no file."),
        ("folder.db", "it is no file."),
        ("nowhere.db", "No such file or directory."),
        ("loop.db", "Too many levels of symbolic links."),
    ]:
        assert said in avatar.refused("backup", "restore", home.backups / name, "--yes")
    assert names(avatar) == ["Ann"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_nothing_is_put_back_under_a_worker_or_a_command(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+1h")
    until_a_worker_runs(home)
    copy = backed_up(avatar)
    assert "avatar worker stop" in avatar.refused("backup", "restore", copy, "--yes", code=6)
    without_worker(avatar, home)
    with open_library(home.root) as library:
        library.app.queries.find_projects()
        assert "Another command has" in avatar.refused("backup", "restore", copy, "--yes", code=6)
    said = avatar("backup", "restore", copy, "--yes").err
    assert "1 generation waits in it" in said
    assert "avatar cancel --all" in said
    assert avatar("status", id_).lines[0][1] == "pending"


@pytest.mark.skipif(sys.platform == "win32", reason="no process can take a slot there")
def test_nothing_is_put_back_under_a_worker_that_is_being_started(avatar: Avatar, home: Home) -> None:
    """It comes for what has just been queued, which the copy does not hold."""
    avatar("generate", "--gender", "female", "--quiet")
    copy = backed_up(avatar)
    slot = take_slot(home, "1.0.0", None)
    assert slot is not None
    assert "A worker is being started." in avatar.refused("backup", "restore", copy, "--yes", code=6)
    os.close(slot)
    avatar("backup", "restore", copy, "--yes")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_whenever_it_is_killed_there_is_the_one_or_the_other(avatar: Avatar, home: Home) -> None:
    avatar.generate("--persona-name", "Ann")
    copy = backed_up(avatar)
    avatar.generate("--persona-name", "Ben")
    chance, before = random.Random(7), ["Ben", "Ann"]
    for _ in range(12):
        command = [*PROGRAM, "backup", "restore", copy, "--yes"]
        with subprocess.Popen(command, env=environment({}), stderr=subprocess.DEVNULL) as running:
            time.sleep(chance.uniform(0.1, 0.4))  # the moment is the point
            running.kill()
        after = names(avatar)
        assert after in (["Ann"], before)
        assert integrity(home.database) == "ok"
        if after == ["Ann"]:
            avatar.generate("--persona-name", "Ben")
    avatar("backup", "restore", copy, "--yes")
    assert names(avatar) == ["Ann"]
    avatar("doctor", "--fix")
    assert not list(home.root.glob(".*"))


def test_a_copy_made_while_others_write_holds_no_half_of_what_they_wrote(avatar: Avatar, home: Home) -> None:
    last = 30_000  # far from the first: it takes a while to copy what is between them
    avatar("project", "create", "Band")
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute("CREATE TABLE written (id INTEGER PRIMARY KEY, version INTEGER, rest BLOB)")
        database.executemany("INSERT INTO written VALUES (?, 0, zeroblob(900))", ((n + 1,) for n in range(last)))
    command = [sys.executable, "-c", WRITES, str(home.database), str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            copies = [backed_up(avatar) for _ in range(6)]
        finally:
            writer.kill()
    for copy in copies:
        with closing(sqlite3.connect(copy)) as database:
            (versions,) = database.execute(f"SELECT count(DISTINCT version) FROM written WHERE id IN (1, {last})")
        assert (versions[0], integrity(Path(copy))) == (1, "ok")


def test_a_device_is_no_place_for_a_copy(avatar: Avatar, null_device: Path) -> None:
    assert "is there already." in avatar.refused("backup", "create", null_device)
    assert null_device.is_char_device()


def test_on_a_narrow_screen_paths_fold_and_headings_stand(avatar: Avatar) -> None:
    avatar.avatar("--persona-name", "Ana")
    path = backed_up(avatar)
    for columns in (40, 60, 80):
        said = plain(terminal("backup", "list", columns=columns).out)
        first, *rest = said.splitlines()
        assert first.split() == ["file", "size", "schema", "made"]
        assert "…" not in said
        assert "".join(each[: first.index("size")].split("  ")[0].strip() for each in rest).startswith(path[:20])
