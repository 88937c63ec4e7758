"""A whole disk told to take what was written to it: of many small files, a call for each takes half of the time."""

import os
import re
import sys
from contextlib import suppress
from errno import ENOSYS, EPERM
from pathlib import Path
from typing import Any, Self

from avatar_creator.storage.durable import refused

try:
    import ctypes
except ImportError:  # a Python without it
    ctypes = None  # type: ignore[assignment]

MANY = 16  # files or folders: for fewer, what others have written to the disk is not waited for
# What statfs calls ext4, XFS, Btrfs and tmpfs. Those of networks, of FUSE and of containers may not wait for all of
# it, or say nothing of an error.
_KNOWN = frozenset({0xEF53, 0x58465342, 0x9123683E, 0x01021994})
_LINUX_LEAST = (5, 8)  # before, no error is said of a file that the disk did not take
_STATFS_BYTES = 256  # more than any system's
_FORBIDDEN = {ENOSYS, EPERM}  # by a sandbox


class Disk:
    """The disk of a folder, from now on: an error of what is written meanwhile is told, too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None
        if _LIBRARY is not None:
            with suppress(OSError):  # there is none yet, or it cannot be read
                self._descriptor = os.open(folder, os.O_RDONLY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def sync(self) -> bool:
        """Wait until it has all that was written to it. Return False where it cannot be asked. Raises StorageError."""
        if self._descriptor is None or _type_of(self._descriptor) not in _KNOWN:
            return False
        if _LIBRARY.syncfs(self._descriptor) == 0:
            return True
        code = ctypes.get_errno()
        if code in _FORBIDDEN:
            return False
        raise refused("written", self._folder, OSError(code, os.strerror(code)))


def _type_of(descriptor: int) -> int | None:
    result = ctypes.create_string_buffer(_STATFS_BYTES)
    if _LIBRARY.fstatfs(descriptor, result) != 0:
        return None
    return int.from_bytes(result.raw[: ctypes.sizeof(ctypes.c_long)], sys.byteorder)


def _library() -> Any:
    """Return the C library of a Linux that is new enough, None elsewhere."""
    version = re.match(r"(\d+)\.(\d+)", os.uname().release) if sys.platform == "linux" and ctypes is not None else None
    if version is None or tuple(map(int, version.groups())) < _LINUX_LEAST:
        return None
    return ctypes.CDLL(None, use_errno=True)


_LIBRARY = _library()
