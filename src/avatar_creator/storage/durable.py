"""Files that survive a power cut: written beside their name, synced, renamed into place, and the folder synced too."""

import os
import secrets
import time
from binascii import crc32
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EEXIST, ENOSPC, EPERM, EROFS
from pathlib import Path
from typing import BinaryIO

from avatar_creator.domain.text import visible
from avatar_creator.errors import StorageError
from avatar_creator.home import OWNER_FILE, OWNER_FOLDER, owner_hint, sync, sync_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_TEMPORARY_START, _TEMPORARY_END = ".avatar-", ".part"
_AT_ONCE = 4  # processes that write the same file
_LEFT_S = 60.0


class Folders:
    """Makes folders whose names survive a power cut."""

    def __init__(self) -> None:
        self._synced: set[Path] = set()

    def make(self, *folders: Path) -> None:
        """Make folders, but none above them: a home that was deleted meanwhile is not made again.

        A folder that exists is synced once, too: another process may just have made it. Each is in the one before it.
        """
        if folders[-1] in self._synced and folders[-1].is_dir():
            return
        for folder in folders:
            if folder not in self._synced or not folder.is_dir():
                folder.mkdir(OWNER_FOLDER, exist_ok=True)
                sync_folder(folder.parent)
                self._synced.add(folder)


def beside(path: Path) -> Path:
    """Return a new name in the same folder, for what will take the place of ``path``."""
    # Only within a file system is a rename atomic. The length is fixed, as the path's own may be the most allowed.
    return path.with_name(f"{_TEMPORARY_START}{secrets.token_hex(8)}{_TEMPORARY_END}")


def is_temporary(path: Path | str) -> bool:
    """Return whether a name is one that `beside` made."""
    name = path.name if isinstance(path, Path) else path.rpartition("/")[2]
    return name.startswith(_TEMPORARY_START) and name.endswith(_TEMPORARY_END)


def write_new(path: Path, data: bytes, mode: int = OWNER_FILE) -> None:
    """Write a file that is not there yet, and wait until the disk has it. Raises OSError."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
        file.flush()
        sync(file.fileno())


def write_unsynced(path: Path, data: bytes, mode: int = OWNER_FILE) -> None:
    """Write a file that is not there yet; the disk may have it only after `sync_file`. Raises OSError."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)


def begin_sync(path: Path) -> None:
    """Have the disk begin with a file: else each sync of many would write one, and wait for it. Raises OSError."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Wait until the disk has a file that was written. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR)  # Windows syncs none that is only read
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_over(path: Path, data: bytes, mode: int, *, replace: bool = True) -> None:
    """Write a file of a user's, whole or not at all. Raises OSError, FileExistsError if one is not to be replaced."""
    with opened_beside(path, mode) as (new, file):
        file.write(data)
        put_over(new, file, path, replace=replace)


def put_over(new: Path, file: BinaryIO, path: Path, *, replace: bool = True) -> None:
    """Give a file that `opened_beside` opened its name, once the disk has it.

    Raises OSError, FileExistsError if a file has that name already and is not to be replaced.
    """
    file.flush()
    sync(file.fileno())
    if fcntl is None:
        file.close()  # Windows renames no file that is open
    new.replace(path) if replace else put_in_place(new, path)


@contextmanager
def opened_beside(path: Path, mode: int = OWNER_FILE) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a new file beside ``path``, which is removed again if it is not renamed. Raises OSError.

    Nobody sweeps the folders of users. So the names follow from that of the file, and what killed processes left there
    is removed by whoever writes the same file next. A lock of the system says which process lives.
    """
    remove_left(path)
    new, file = _created(path, _names_beside(path), mode)
    with file:
        try:
            yield new, file
        finally:
            if file.closed or _is_at(file.fileno(), new):  # another process may have that name by now
                discard(new)


def remove_left(path: Path) -> None:
    """Remove what killed processes, or a power cut, left beside a file that `opened_beside` writes."""
    for left in _names_beside(path):
        _remove_left(left)


def _names_beside(path: Path) -> list[Path]:
    digest = crc32(os.fsencode(path.name))  # that two files share one now and then does no harm
    return [path.with_name(f"{_TEMPORARY_START}{digest:08x}{n:08x}{_TEMPORARY_END}") for n in range(_AT_ONCE)]


def _created(path: Path, names: Iterable[Path], mode: int) -> tuple[Path, BinaryIO]:
    for new in (*names, beside(path)):
        try:
            file = open(new, "xb", opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115 - the caller does
        except FileExistsError:  # another process writes it now
            continue
        if fcntl is not None:
            with suppress(OSError):  # some network file systems have no locks: there nothing is removed
                fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_at(file.fileno(), new):  # it was taken for one that was left
                file.close()
                continue
        return new, file
    raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))


def _remove_left(path: Path) -> None:
    """Remove a file whose writer is dead."""
    if fcntl is None:  # Windows removes none that is open; the age is for one that waits to be renamed
        sweep([path], _LEFT_S)
        return
    with suppress(OSError):  # there is none, or a link, or another user's
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                path.unlink()
        finally:
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Return whether an open file has that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def put_in_place(new: Path, path: Path) -> None:
    """Give a new file its name. Raises OSError, FileExistsError if a file has that name already."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network file systems have no hard links
        path.open("xb").close()
        new.replace(path)
    else:
        new.unlink()


def discard(*paths: Path) -> None:
    """Remove files as far as that can be done."""
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sweep(paths: Iterable[Path], older_s: float) -> None:
    """Remove those of the files that `beside` named so long ago."""
    for path in filter(is_temporary, paths):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > older_s:
                path.unlink()


def refused(what: str, path: Path, error: OSError) -> StorageError:
    """Return the error of something that the disk refused."""
    if error.errno in {ENOSPC, EDQUOT}:
        hint = f"Free space on the disk that holds {visible(str(path.parent))}, then try again."
    elif error.errno in {EACCES, EPERM, EROFS}:
        hint = owner_hint(path) or f"Make {visible(str(path.parent))} writable, then try again."
    else:
        hint = "Check the disk, then try again."
    reason = error.strerror or type(error).__name__
    return StorageError(f"'{visible(str(path))}' cannot be {what}: {reason}.", hint=hint)
