"""A folder, a ZIP or a TAR file that we write. What was written before its process died is not written once more.

A ZIP or TAR file is made of a folder beside it, which is removed when the file is whole.
"""

import hashlib
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.home import sync, sync_folder
from avatar_creator.storage.durable import opened_beside, refused, write_over

_ANY_FILE = 0o666  # less the umask
_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time in a ZIP file: the same files are the same bytes
_BLOCK = 2**20


class Target:
    """Files by their names, which have ``/`` between folders. Nothing stands at its path before `finish`, if it is one.

    ``mark`` names a file by which it is known what we wrote: what has none is not replaced, and no folder is mixed.
    """

    def __init__(self, path: Path, *, mark: str, force: bool = False) -> None:
        """Raises InvalidInput for a place where nothing can be written, or is to be replaced without ``force``."""
        self.path = path
        self._mark = mark
        self._pack = _PACKERS.get(path.suffix.lower())
        self._names: set[str] = set()
        self._synced: set[Path] = set()
        said = f"output is {shown(str(path))}"
        if not path.parent.is_dir():
            raise InvalidInput(
                f"{said}; there is no folder {visible(str(path.parent))}.", hint="Make it first, or name another one."
            )
        if self._pack is None:
            self._check_folder(said, force=force)
            self.root = path
        else:
            if path.is_dir():
                raise InvalidInput(f"{said}, which is a folder.", hint="Give another name.")
            if path.exists() and not force and not _has_file(path, mark):
                raise InvalidInput(f"{said}, which is there already.", hint="Give another name, or say --force.")
            self.root = path.with_name(f".{path.name}.part")

    def _check_folder(self, said: str, *, force: bool) -> None:
        path = self.path
        if path.suffix and not path.is_dir():
            known = ", ".join(_PACKERS)
            raise InvalidInput(
                f"{said}, whose suffix is none of {known}.", hint="Give one of them, or a folder without a suffix."
            )
        if path.exists() and not path.is_dir():
            raise InvalidInput(f"{said}, which is a file.", hint="Give another name.")
        if path.is_dir() and not force and not (path / self._mark).exists() and any(path.iterdir()):
            raise InvalidInput(
                f"{said}, a folder with other files in it.", hint="Name a new one, or say --force to write there too."
            )

    def put(self, name: str, data: bytes) -> bool:
        """Write a file durably, unless it is there; return whether it was not. Raises StorageError."""
        self._names.add(name)
        path = self.root / name
        try:
            if self._has(path, data):
                return False
            path.parent.mkdir(parents=True, exist_ok=True)
            write_over(path, data, _ANY_FILE)
            self._synced.add(path.parent)
        except OSError as error:
            raise refused("written", path, error) from error
        return True

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """Open a file to write, which takes the place of what stands there when it is whole. Raises StorageError."""
        path = self.root / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened_beside(path, _ANY_FILE) as (new, file):
                yield file
                file.flush()
                sync(file.fileno())
                new.replace(path)
        except OSError as error:
            raise refused("written", path, error) from error
        self._names.add(name)
        self._synced.add(path.parent)

    @staticmethod
    def _has(path: Path, data: bytes) -> bool:
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
                return False
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(data).digest()
        except OSError:
            return False

    def finish(self) -> None:
        """Have it whole, in its place. Raises StorageError."""
        try:
            for folder in self._synced:
                sync_folder(folder)
            if self._pack is None:
                return
            with opened_beside(self.path, _ANY_FILE) as (new, file):
                self._pack(file, self.root, sorted(self._names))
                file.flush()
                sync(file.fileno())
                new.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise refused("written", self.path, error) from error
        with suppress(OSError):
            shutil.rmtree(self.root)


def _has_file(path: Path, name: str) -> bool:
    """Return whether there is a ZIP or TAR file with a file of that name in it."""
    with suppress(OSError, zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as zipped:
                return name in zipped.namelist()
        with tarfile.open(path, "r:") as taped:
            return name in taped.getnames()
    return False


def _as_zip(file: BinaryIO, root: Path, names: Collection[str]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:  # pictures are compressed already
        for name in names:
            entry = zipfile.ZipInfo(name, _FIRST)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.file_size = (root / name).stat().st_size
            with packed.open(entry, "w") as to, (root / name).open("rb") as read:
                shutil.copyfileobj(read, to, _BLOCK)


def _as_tar(file: BinaryIO, root: Path, names: Collection[str]) -> None:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as packed:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = (root / name).stat().st_size
            entry.mode = 0o644
            with (root / name).open("rb") as read:
                packed.addfile(entry, read)


_PACKERS: dict[str, Callable[[BinaryIO, Path, Collection[str]], None]] = {".zip": _as_zip, ".tar": _as_tar}
