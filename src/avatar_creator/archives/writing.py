"""A folder, a ZIP or a TAR file that we write. What was written before its process died is not written once more.

A ZIP or TAR file is made of a folder beside it, which is removed when the file is whole.
"""

import hashlib
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from avatar_creator.domain.picture import SUFFIXES
from avatar_creator.domain.text import nearest, shown, visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import sync_folder
from avatar_creator.storage.durable import opened_beside, put_over, refused, write_over
from avatar_creator.storage.locks import Lock

_ANY_FILE = 0o666  # less the umask
_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time in a ZIP file: the same files are the same bytes
_BLOCK = 2**20
# What people ask for of other programs, and we do not write: for a folder's name they would be strange.
_COMPRESSED = (".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tbz2", ".txz", ".gz", ".7z", ".rar")
_SINGLE = {*SUFFIXES, ".gif", ".svg", ".pdf", ".csv", ".json", ".jsonl", ".html", ".sql", ".ts", ".parquet", ".xlsx"}
_OF_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers put into folders that are looked at
_MISTYPED = 0.75


class Target:
    """Files by their names, which have ``/`` between folders. Nothing stands at its path before `finish`, if it is one.

    ``mark`` names a file by which it is known what we wrote: what has none is not replaced, and no folder is mixed.
    Several threads may write at once.
    """

    def __init__(self, path: Path, *, mark: str, force: bool = False) -> None:
        """Raises InvalidInput for a place where nothing can be written, or is to be replaced without ``force``."""
        said = f"output is {shown(str(path))}"
        _check_name(path, said)
        self.path = path
        self._mark = mark
        self._begun = f".{PurePosixPath(mark).name}.part"  # is there until all is
        self._pack = None if path.is_dir() else _PACKERS.get(path.suffix.lower())
        self._is_whole = False
        self._names: set[str] = set()
        self._synced: set[Path] = set()
        if self._pack is None:
            self.root = path
            self._check_folder(said, force=force)
        else:
            self.root = _part(path)
            if path.exists() and not force and not _has_file(path, mark):
                raise InvalidInput(f"{said}, which is there already.", hint="Give another name, or say --force.")
            if self.root.is_symlink() or (self.root.exists() and not self._is_ours()):
                raise InvalidInput(
                    f"{said}; {visible(str(self.root))} beside it is of something else.",
                    hint="Give another name, or remove that.",
                )

    def _check_folder(self, said: str, *, force: bool) -> None:
        path = self.path
        if path.is_symlink() and not path.exists():
            raise InvalidInput(f"{said}, a link to nothing.", hint="Give another name.")
        if path.exists() and not path.is_dir():
            raise InvalidInput(f"{said}, which is a file.", hint="Give another name.")
        if not force and not self._is_ours():
            raise InvalidInput(
                f"{said}, a folder with other files in it.", hint="Name a new one, or say --force to write there too."
            )

    def _is_ours(self) -> bool:
        """Return whether the folder is empty, not there, or one in which all of this was begun or written."""
        try:
            found = not self.root.exists() or any((self.root / name).exists() for name in (self._begun, self._mark))
            return found or all(each.name in _OF_SYSTEMS for each in self.root.iterdir())
        except OSError as error:
            raise refused("read", self.root, error) from error

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Have it alone. Raises StorageError where another process writes there, or nothing can be written."""
        begun = self.root / self._begun
        lock = Lock(begun)
        try:
            self.root.mkdir(exist_ok=True)
            if not lock.take(0):
                raise StorageError(
                    f"Another export writes to '{visible(str(self.path))}' now.", hint="Wait until it is done."
                )
        except OSError as error:
            raise refused("written", begun if self.root.is_dir() else self.path, error) from error
        except NotImplementedError:
            # Some network file systems have no locks. To refuse every export there would be worse than two at once,
            # of which each writes whole files.
            pass
        try:
            yield
        finally:
            lock.give_back()
            if self._is_whole and os.name == "nt":
                self._discard_begun()

    def put(self, name: str, data: bytes) -> bool:
        """Write a file durably, unless it is there; return whether it was not. Raises StorageError."""
        if self.has(name, hashlib.sha256(data).hexdigest()):
            return False
        self._names.add(name)
        path = self.root / name
        try:
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
                put_over(new, file, path)
        except OSError as error:
            raise refused("written", path, error) from error
        self._names.add(name)
        self._synced.add(path.parent)

    def has(self, name: str, sha256: str) -> bool:
        """Return whether a file is there with that content; it counts as written then."""
        try:
            path = self.root / name
            if not stat.S_ISREG(path.lstat().st_mode):
                return False
            with path.open("rb") as file:
                is_there = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False
        if is_there:
            self._names.add(name)
        return is_there

    @property
    def is_folder(self) -> bool:
        """Return whether the files stay where they are, and are not packed into one."""
        return self._pack is None

    def stale(self, names: Iterable[str]) -> list[str]:
        """Return those of the files that are there, and that were not written now."""
        return [name for name in names if name not in self._names and (self.root / name).is_file()]

    def finish(self) -> None:
        """Have it whole, in its place. Raises StorageError."""
        try:
            above = {each for folder in self._synced for each in folder.parents if each.is_relative_to(self.root)}
            for folder in self._synced | above:
                sync_folder(folder)
            if self._pack is not None:
                with opened_beside(self.path, _ANY_FILE) as (new, file):
                    self._pack(file, self.root, sorted(self._names))
                    put_over(new, file, self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise refused("written", self.path, error) from error
        self._is_whole = True
        self._discard_begun()

    def _discard_begun(self) -> None:
        """Remove what is only there until all is."""
        with suppress(OSError):  # Windows removes no lock that is held: there it is done afterwards
            if self._pack is None:
                (self.root / self._begun).unlink(missing_ok=True)
            else:
                shutil.rmtree(self.root)


def _part(path: Path) -> Path:
    """Return the folder of which a file is made."""
    return path.with_name(f".{path.name}.part") if path.name else path


def _check_name(path: Path, said: str) -> None:
    """Raise InvalidInput for a name that says that something else is wanted than a folder, a ZIP or a TAR file."""
    name = path.name.lower()
    try:
        _part(path).lstat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:  # too long a name, or a NUL
        why = getattr(error, "strerror", None) or error
        raise InvalidInput(f"{said}: {visible(str(why))}.", hint="Give another name.") from error
    if not path.parent.is_dir():
        raise InvalidInput(
            f"{said}; there is no folder {visible(str(path.parent))}.", hint="Make it first, or name another one."
        )
    if path.is_dir():
        return
    if packed := next((suffix for suffix in _COMPRESSED if name.endswith(suffix)), None):
        raise InvalidInput(
            f"{said}; {packed} files are not written.", hint="Give .tar or .zip: pictures are compressed already."
        )
    if path.suffix.lower() in _SINGLE:
        raise InvalidInput(
            f"{said}, one {path.suffix} file, and an export has many.",
            hint="Give a folder, or a file: .zip or .tar; --format and --manifest say what is in it.",
        )
    near = nearest(path.suffix.lower(), list(_PACKERS), alike=_MISTYPED)
    if near and path.suffix.lower() not in _PACKERS:
        raise InvalidInput(f"{said}; {path.suffix} is no suffix of an export.", hint=f"Did you mean {near}?")


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
