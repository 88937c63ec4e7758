"""Files of users, written whole or not at all, and what killed processes left beside them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.storage import durable
from avatar_creator.storage.durable import is_temporary, opened_beside, put_over, write_over
from avatar_creator.storage.pictures.copies import write_copy

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows frees locks in another way")
_WRITES = """
import os, sys
from pathlib import Path
from avatar_creator.storage.durable import opened_beside
path = Path(sys.argv[1])
with opened_beside(path) as (new, file):
    file.write(b"mine")
    file.flush()
    print(new.name, flush=True)
    sys.stdin.readline()
    new.replace(path)
"""


def writer(path: Path) -> subprocess.Popen[str]:
    """Start a process that writes a file, and goes on when it is given a line."""
    return subprocess.Popen(
        [sys.executable, "-c", _WRITES, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def begun(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if is_temporary(path)]


def test_what_a_killed_process_left_goes_when_the_same_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    with writer(path) as first, writer(path) as second:
        names = {begun(first), begun(second)}
        first.kill()
        second.kill()
    assert set(left(tmp_path)) == names
    write_over(tmp_path / "other.csv", b"", 0o644)
    assert set(left(tmp_path)) == names, "those of another file are that one's"
    write_over(path, b"new", 0o644)
    assert (left(tmp_path), path.read_bytes()) == ([], b"new")


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    with writer(path) as living:
        name = begun(living)
        for _ in range(3):
            write_over(path, b"new", 0o644)
        assert (left(tmp_path), path.read_bytes()) == ([name], b"new")
        living.communicate("\n")
    assert living.returncode == 0
    assert (left(tmp_path), path.read_bytes()) == ([], b"mine")


def test_more_processes_than_there_are_names_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    with opened_beside(path), opened_beside(path), opened_beside(path), opened_beside(path), opened_beside(path):
        write_over(path, b"new", 0o644)
        assert len(left(tmp_path)) == 5
    assert (left(tmp_path), path.read_bytes()) == ([], b"new")


def test_a_link_or_a_folder_of_that_name_is_not_touched(tmp_path: Path) -> None:
    path, mine = tmp_path / "made.csv", tmp_path / "mine.txt"
    mine.write_bytes(b"mine")
    with opened_beside(path) as (new, _):
        pass
    new.symlink_to(mine)
    write_over(path, b"new", 0o644)
    assert (mine.read_bytes(), path.read_bytes(), new.is_symlink()) == (b"mine", b"new", True)
    new.unlink()
    new.mkdir()
    write_over(path, b"newer", 0o644)
    assert (new.is_dir(), path.read_bytes()) == (True, b"newer")


def test_copies_are_swept_too(tmp_path: Path) -> None:
    path = tmp_path / "ann"
    with writer(path) as first:
        begun(first)
        first.kill()
    write_copy(b"a picture", path)
    assert left(tmp_path) == []


def test_a_file_that_is_not_to_be_replaced_stays(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    path.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        write_over(path, b"new", 0o644, replace=False)
    assert (left(tmp_path), path.read_bytes()) == ([], b"theirs")


@pytest.mark.parametrize("replace", [True, False])
def test_where_no_open_file_can_be_renamed_it_is_closed_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, replace: bool
) -> None:
    monkeypatch.setattr(durable, "fcntl", None)  # as on Windows
    with opened_beside(tmp_path / "a.zip") as (new, file):
        file.write(b"all")
        put_over(new, file, tmp_path / "a.zip", replace=replace)
        assert file.closed
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a.zip", b"all")]
