"""A whole disk is told to take what was written to it, where the system keeps its word."""

import ctypes
import errno
import hashlib
import os
import stat
import sys
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from avatar_creator.errors import StorageError
from avatar_creator.imports.placing.pictures import Files, Origin, Placed, place
from avatar_creator.storage import disks
from avatar_creator.storage.pictures.images import PictureStore
from stored_files import half_written, stored_files

EXT4, NFS, OVERLAY = 0xEF53, 0x6969, 0x794C7630
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no syncfs")


class FakeLibrary:
    """A C library, of a disk of a type that takes what is written, unless there is an error."""

    def __init__(self, type_: int, error: int = 0) -> None:
        self.synced = 0
        self._type, self._error = type_, error

    def fstatfs(self, _descriptor: int, result: "ctypes.Array[ctypes.c_char]") -> int:
        size = ctypes.sizeof(ctypes.c_long)
        ctypes.memmove(result, self._type.to_bytes(size, sys.byteorder), size)
        return 0

    def syncfs(self, _descriptor: int) -> int:
        self.synced += 1
        ctypes.set_errno(self._error)
        return -1 if self._error else 0


def files(count: int) -> list[Files]:
    made = []
    for number in range(count):
        file = BytesIO()
        Image.new("RGB", (32, 32), (number, 0, 0)).save(file, "JPEG")
        data, name = file.getvalue(), f"av_{number:013}"
        sha256 = hashlib.sha256(data).hexdigest()
        made.append(Files(Origin(name, name, f"{name}.jpg", sha256, f"{name}.thumb.jpg", sha256), data, data))
    return made


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    (tmp_path / "pictures").mkdir()
    return PictureStore(tmp_path / "pictures")


@pytest.mark.parametrize(
    ("type_", "count", "error", "asked"),
    [
        (EXT4, disks.MANY, 0, 1),
        (EXT4, disks.MANY - 1, 0, 0),
        (EXT4, disks.MANY, errno.ENOSYS, 1),
        (NFS, disks.MANY, 0, 0),
        (OVERLAY, disks.MANY, 0, 0),
    ],
)
def test_many_files_are_synced_by_one_call_where_the_disk_keeps_its_word(
    store: PictureStore, monkeypatch: pytest.MonkeyPatch, type_: int, count: int, error: int, asked: int
) -> None:
    library, each, fsync = FakeLibrary(type_, error), list[int](), os.fsync

    def noted(descriptor: int) -> None:
        each.append(stat.S_IFMT(os.fstat(descriptor).st_mode))
        fsync(descriptor)

    monkeypatch.setattr(disks, "_LIBRARY", library)
    monkeypatch.setattr(os, "fsync", noted)
    placed = place(store, files(count), lambda _path, _id: None)
    assert all(isinstance(one, Placed) for one in placed)
    assert len(stored_files(store)) == 2 * count
    assert library.synced == asked
    assert each.count(stat.S_IFREG) == (0 if asked and not error else 2 * count)


def test_files_that_the_disk_did_not_take_get_no_names(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "_LIBRARY", FakeLibrary(EXT4, errno.EIO))
    with pytest.raises(StorageError, match="Input/output error"):
        place(store, files(disks.MANY), lambda _path, _id: None)
    assert stored_files(store) == half_written(store) == []


def test_a_store_that_is_not_made_yet_is(tmp_path: Path) -> None:
    store = PictureStore(tmp_path / "pictures")
    place(store, files(disks.MANY), lambda _path, _id: None)
    assert len(stored_files(store)) == 2 * disks.MANY


@LINUX
def test_this_system_is_asked(tmp_path: Path) -> None:
    with disks.Disk(tmp_path) as disk:
        if not disk.sync():
            pytest.skip("the disk of this test is of another type")
    with disks.Disk(Path("/proc/self")) as disk:
        assert not disk.sync()


@LINUX
@pytest.mark.parametrize("release", ["5.7.19", "4.4.0", "x"])
def test_an_old_linux_is_not(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(release=release))
    assert disks._library() is None
