"""Copies of pictures: whole or not at all, and only where they may go."""

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from picture_files import FORMATS, MARKS, encoded
from PIL import Image

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.storage.pictures.copies import check_place, is_copy, write_copy
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.inspection import inspect_file
from avatar_creator.storage.pictures.preparation import prepare

JPEG, PNG, WEBP = FORMATS
ID = "av_0HZ3C5VQ7K2MN"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    (tmp_path / "home").mkdir()
    return PictureStore(tmp_path / "home" / "pictures")


def test_a_copy_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250)
    for data in (b"old", b"new"):
        write_copy(data, path)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_copy_has_the_mode_that_the_user_gives_files(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_copy(b"x", tmp_path / "copy")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o640


def test_a_copy_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "copy"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left") as caught:
        write_copy(b"new", path)
    assert "Free space" in (caught.value.hint or "")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_needs_a_place(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is a folder"):
        write_copy(b"x", tmp_path)
    with pytest.raises(InvalidInput, match="does not exist"):
        write_copy(b"x", tmp_path / "missing" / "copy")


@posix
def test_a_copy_follows_links(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_copy(b"x", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


def test_a_copy_never_replaces_a_device(tmp_path: Path, null_device: Path) -> None:
    (tmp_path / "link").symlink_to(null_device)
    for path in (null_device, tmp_path / "link"):
        write_copy(b"x", path)
    assert null_device.is_char_device()
    assert null_device.stat().st_mode & 0o777 == 0o666


@pytest.mark.parametrize("stored", [JPEG, PNG, WEBP])
@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".png", ".webp"])
def test_a_copy_is_what_its_suffix_says_and_keeps_its_marks(
    store: PictureStore, tmp_path: Path, stored: PictureFormat, suffix: str
) -> None:
    original = store.path(store.save(ID, prepare(encoded(stored), stored, MARKS, Embed.RECIPE)).image_path)
    copy = tmp_path / f"copy{suffix}"
    write_copy(original.read_bytes(), copy)
    wanted = PictureFormat.of_name("path", copy.name)
    before, after = inspect_file(original), inspect_file(copy)
    assert after.format is wanted
    assert before.recipe
    assert before.parameters
    assert replace(after, format=stored, xmp=before.xmp) == before


def test_an_upload_as_another_format_keeps_no_more_than_it_must(tmp_path: Path) -> None:
    write_copy(encoded(JPEG), tmp_path / "copy.png")
    assert inspect_file(tmp_path / "copy.png").parameters is None


@pytest.mark.parametrize("name", ["a.gif", "a.tiff", "a.bmp", "a.jp2", "a.txt", "a.png.bak"])
def test_a_copy_in_no_format_that_can_be_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="is no format that can be written") as caught:
        write_copy(encoded(JPEG), tmp_path / name)
    assert "Suffixes: .jpg, .jpeg, .png, .webp" in (caught.value.hint or "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("linked", [True, False], ids=["link", "no hard links"])
def test_a_copy_that_is_to_replace_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, linked: bool) -> None:
    def unable(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if not linked:
        monkeypatch.setattr(os, "link", unable)
    write_copy(b"new", tmp_path / "copy", replace=False)
    with pytest.raises(StorageError, match=r"copy' cannot be written: File exists\."):
        write_copy(b"other", tmp_path / "copy", replace=False)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"copy": b"new"}


@pytest.mark.parametrize("name", ["a\0b.png", "a\ud800.png"])
def test_a_copy_needs_a_name_that_a_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="is no name that a file can have"):
        write_copy(encoded(PNG), tmp_path / name)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_met_with_a_way_out() -> None:
    with pytest.raises(StorageError, match="No space left") as caught:
        write_copy(b"x", Path("/dev/full"))
    assert "Free space" in (caught.value.hint or "")


@posix
def test_a_place_that_may_not_be_written_is_met_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> int:  # a real one stops nobody who runs the tests as root
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(StorageError) as caught:
        write_copy(b"x", tmp_path / "copy")
    assert "writable" in (caught.value.hint or "")


@posix
def test_folders_are_made_below_one_that_is_there(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_copy(b"x", tmp_path / "cast" / "female" / "a", below=tmp_path)
    finally:
        os.umask(old)
    assert (tmp_path / "cast" / "female" / "a").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "cast").stat().st_mode) == 0o750


def test_a_folder_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not exist"):
        write_copy(b"x", tmp_path / "gone" / "female" / "a", below=tmp_path / "gone")
    with pytest.raises(InvalidInput, match="does not exist"):
        write_copy(b"x", tmp_path / "elsewhere" / "a", below=tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_is_to_be_made(tmp_path: Path) -> None:
    (tmp_path / "female").write_bytes(b"a file")
    with pytest.raises(StorageError, match=r"a' cannot be written: .*(exists|directory)"):
        write_copy(b"x", tmp_path / "female" / "older" / "a", below=tmp_path)


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.jpg", "a"])
def test_a_copy_is_known_again(tmp_path: Path, name: str) -> None:
    picture, path = encoded(PNG), tmp_path / name
    assert not is_copy(path, picture)
    write_copy(picture, path)
    assert is_copy(path, picture)
    assert not is_copy(path, encoded(PNG, Image.new("RGB", (96, 80), "red")))
    path.write_bytes(path.read_bytes()[:-1])
    assert not is_copy(path, picture)


def test_places_that_are_free_and_taken(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    assert check_place(tmp_path / "taken", tmp_path)
    assert not check_place(tmp_path / "free", tmp_path)
    assert not check_place(tmp_path / "new" / "folder" / "free", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]


def test_places_that_can_be_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for path, said in {
        tmp_path / "folder": "which is a folder",
        tmp_path / "file" / "a": "Not a directory|is no folder",
        tmp_path / ("x" * 256): "File name too long",
    }.items():
        with pytest.raises(InvalidInput, match=said):
            check_place(path, tmp_path)
    with pytest.raises(InvalidInput, match="there is no folder"):
        check_place(tmp_path / "gone" / "a", tmp_path / "gone")
