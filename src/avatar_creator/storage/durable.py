"""Files that survive a power cut: written beside their name, synced, renamed into place, and the folder synced too."""

import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path

from avatar_creator.domain.text import visible
from avatar_creator.errors import StorageError
from avatar_creator.home import OWNER_FILE, OWNER_FOLDER, owner_hint, sync, sync_folder

_TEMPORARY_START, _TEMPORARY_END = ".avatar-", ".part"


class Folders:
    """Makes folders whose names survive a power cut."""

    def __init__(self) -> None:
        self._synced: set[Path] = set()

    def make(self, *folders: Path) -> None:
        """Make folders, but none above them: a home that was deleted meanwhile is not made again.

        A folder that exists is synced once, too: another process may just have made it.
        """
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
