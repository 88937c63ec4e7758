"""A disk that is full in the middle of an export, or takes nothing: said in plain words, and nothing is lost."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from avatar_creator.home import Home
from cli.commandline import process

PEOPLE = 40
ASKED = ("--size", "64,32", "--format", "png", "--quiet")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small file system in memory; only root can."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root mounts")
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "none", place], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("this user mounts nothing")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of many avatars."""
    root = tmp_path_factory.mktemp("made") / "home"
    asked = ("--persona-name", "Ann", "--count", PEOPLE, "--width", 64, "--height", 64, "--engine", "offline")
    assert process("generate", *asked, AVATAR_HOME=str(root)).code == 0
    return root


@pytest.fixture
def people(made: Path, home: Home) -> dict[str, str]:
    """The variables of a copy of that home."""
    shutil.copytree(made, home.root)
    return {"AVATAR_HOME": str(home.root)}


@pytest.mark.parametrize("name", ["out", "out.zip", "out.tar"])
def test_with_more_space_the_same_command_goes_on(people: dict[str, str], disk: Path, name: str) -> None:
    full = process("export", "--output", disk / name, *ASKED, **people)
    assert (full.code, "No space left" in full.err, "Free space" in full.err) == (6, True, True), full.err
    assert not (disk / name).is_file()
    there = {path: path.stat().st_mtime_ns for path in disk.rglob("*.png")}
    assert there
    assert all(path.stat().st_size for path in there)
    remount(disk, "size=20m")
    assert process("export", "--output", disk / name, *ASKED, **people).code == 0
    if name == "out":
        assert len(list((disk / name).glob("*.png"))) == 2 * PEOPLE
        assert {path: path.stat().st_mtime_ns for path in there} == there, "what was there is not made again"
    else:
        assert [path.name for path in disk.iterdir()] == [name]


@pytest.mark.parametrize("name", ["out", "out.zip", "."])
def test_a_disk_that_takes_nothing_is_said_to_be_so(people: dict[str, str], disk: Path, name: str) -> None:
    remount(disk, "ro")
    run = process("export", "--output", disk / name, *ASKED, **people)
    assert (run.code, run.out, "Read-only" in run.err, "writable" in run.err) == (6, "", True, True), run.err
