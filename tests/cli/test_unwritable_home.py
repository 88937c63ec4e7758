"""A home that cannot be written to, by its disk or its mode: what only reads works, and all else says why not."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar, environment, files_below
from small_disks import read_only

DIES = f"""
import os
from avatar_creator import Persona, open_library
open_library().generate(persona=Persona("Zoe"), seed=5, engine="offline", width_px=64, height_px=64)
os.kill(os.getpid(), {int(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)})
"""


@pytest.fixture
def made(avatar: Avatar) -> str:
    return str(avatar.avatar("--persona-name", "Ana Costa", "--gender", "female", *SMALL)["id"])


@pytest.mark.parametrize(
    "argv",
    [
        ("list",),
        ("list", "--gender", "female"),
        ("list", "--sort", "name"),
        ("show", "{id}"),
        ("path", "{id}"),
        ("pick",),
        ("usage", "{id}"),
        ("export", "--output", "{out}.zip"),
        ("gallery", "--output", "{out}.html"),
        ("verify", "--all"),
        ("backup", "{out}.backup.zip"),
        ("stats",),
        ("status",),
        ("project", "list"),
    ],
    ids=" ".join,
)
def test_what_reads_works(avatar: Avatar, home: Home, tmp_path: Path, made: str, argv: tuple[str, ...]) -> None:
    avatar("list", "--text", "ana")  # which indexes it
    before = files_below(home.root)
    with read_only(home.root):
        avatar(*(word.format(id=made, out=tmp_path / "out") for word in argv))
    assert files_below(home.root) == before


def test_texts_are_found_where_they_were_indexed(avatar: Avatar, home: Home, made: str) -> None:
    avatar("list", "--text", "ana")
    with read_only(home.root):
        assert [line[0] for line in avatar("list", "--text", "ana").lines] == [made]


def test_a_backup_of_it_is_whole(avatar: Avatar, home: Home, tmp_path: Path, made: str) -> None:
    with read_only(home.root):
        avatar("backup", tmp_path / "x.zip")
    assert f"{tmp_path / 'x.zip'} is whole: 1 avatar" in avatar("backup", "--verify", tmp_path / "x.zip").err
    assert made


def test_what_a_killed_process_left_in_the_log_is_read(avatar: Avatar, home: Home, made: str) -> None:
    subprocess.run([sys.executable, "-c", DIES], env=environment({}), check=False)
    assert home.database.with_name("library.db-wal").stat().st_size
    with read_only(home.root):
        assert [line[1] for line in avatar("list").lines] == ["Zoe", "Ana Costa"]
    assert made


@pytest.mark.parametrize(
    "argv",
    [
        ("tag", "{id}", "--add", "hero"),
        ("delete", "{id}", "--yes"),
        ("use", "{id}", "--app", "a", "--action", "b"),
    ],
    ids=lambda argv: argv[0],
)
def test_what_writes_says_what_to_do(avatar: Avatar, home: Home, made: str, argv: tuple[str, ...]) -> None:
    with read_only(home.root):
        said = avatar.refused(*(word.format(id=made) for word in argv), code=6)
    assert f"The database {home.database} cannot be opened for writing." in said
    assert "Hint: " in said
