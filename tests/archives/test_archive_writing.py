"""Folders, ZIP and TAR files that we write: whole or not there, and never over what is another's."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from avatar_creator.archives.packing import packing
from avatar_creator.archives.writing import Target
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage import durable

MARK = "records.jsonl"


def written(path: Path, **files: str) -> Target:
    target = Target(path, mark=MARK)
    with target.claimed():
        for name, text in {MARK: "", **files}.items():
            target.put(name, text.encode())
        target.finish()
    return target


@pytest.mark.parametrize("name", ["v1.2", "out", "a.b.c", "People 2.0", "x.d"])
def test_a_name_with_a_dot_is_that_of_a_folder(tmp_path: Path, name: str) -> None:
    written(tmp_path / name, a="1")
    assert sorted(each.name for each in (tmp_path / name).iterdir()) == ["a", MARK]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.tgz", ".tar or .zip"),
        ("x.tar.gz", ".tar or .zip"),
        ("X.TAR.XZ", ".tar or .zip"),
        ("x.7z", ".tar or .zip"),
        ("x.png", "a folder"),
        ("x.csv", "--manifest"),
        ("x.zpi", "Did you mean .zip?"),
        ("x.tra", "Did you mean .tar?"),
        ("no/x", "Make it first"),
        ("x" * 256, "another name"),
        ("x" * 250 + ".zip", "another name"),
        ("a\0b", "another name"),
    ],
)
def test_a_name_that_means_something_else_says_what_to_do(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Target(tmp_path / name, mark=MARK)
    assert said in (caught.value.hint or "")


def test_what_is_anothers_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    (tmp_path / "file").touch()
    (tmp_path / "x.zip").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    (tmp_path / ".y.zip.part").mkdir()
    (tmp_path / ".y.zip.part" / "thesis.txt").touch()
    for name in ("full", "file", "x.zip", "link", "y.zip"):
        with pytest.raises(InvalidInput, match=r"^output is "):
            Target(tmp_path / name, mark=MARK)
    for name in ("full", "x.zip"):
        Target(tmp_path / name, mark=MARK, force=True)


def test_an_empty_folder_a_link_to_one_and_ones_own_are_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").touch()  # as far as people see
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    written(tmp_path / "link", a="1")
    written(tmp_path / "empty", b="2")
    assert sorted(each.name for each in (tmp_path / "empty").iterdir()) == [".DS_Store", "a", "b", MARK]


def test_what_was_begun_and_not_ended_is_ones_own(tmp_path: Path) -> None:
    target = Target(tmp_path / "out", mark=MARK)
    with target.claimed():
        target.put("a", b"1")
    written(tmp_path / "out")
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["a", MARK]
    with pytest.raises(InvalidInput):
        Target(tmp_path / "out", mark="another")


def test_two_do_not_write_at_once(tmp_path: Path) -> None:
    one, other = (Target(tmp_path / "out.zip", mark=MARK) for _ in range(2))
    with one.claimed(), pytest.raises(StorageError, match="Another export writes"), other.claimed():
        pass
    with other.claimed():
        pass


@pytest.mark.parametrize("name", ["out.zip", "out.TAR"])
def test_a_file_is_there_when_it_is_whole(tmp_path: Path, name: str) -> None:
    target = Target(tmp_path / name, mark=MARK)
    with target.claimed():
        target.put("b/c", b"1")
        target.put(MARK, b"")
        assert not (tmp_path / name).exists()
        target.finish()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    if name.endswith("zip"):
        with zipfile.ZipFile(tmp_path / name) as file:
            assert file.namelist() == ["b/c", MARK]
    else:
        with tarfile.open(tmp_path / name) as taped:
            assert taped.getnames() == ["b/c", MARK]


def test_the_same_files_are_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    written(tmp_path / "a.zip", x="1", y="2")
    written(tmp_path / "b.zip", y="2", x="1")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    target = Target(tmp_path / "out", mark=MARK)
    with target.claimed():
        assert target.put("a", b"1")
        assert not target.put("a", b"1")
        assert target.put("a", b"2")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not say which files are open")
@pytest.mark.parametrize("name", ["out", "out.zip", "out.tar", "backup.zip"])
def test_no_file_that_is_open_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(durable, "fcntl", None)  # as on Windows, which refuses it
    rename, renamed = Path.replace, list[str]()

    def closed(new: Path, path: Path) -> Path:
        assert not any(each.exists() and each.samefile(new) for each in Path("/proc/self/fd").iterdir())
        renamed.append(path.name)
        return rename(new, path)

    monkeypatch.setattr(Path, "replace", closed)
    if name == "backup.zip":
        with packing(tmp_path / name, replace=True) as packed:
            packed.add("a", io.BytesIO(b"1"))
    else:
        target = Target(tmp_path / name, mark=MARK)
        with target.claimed():
            with target.opened(MARK) as file:
                file.write(b"1")
            target.finish()
    assert renamed[-1] == (MARK if name == "out" else name)
