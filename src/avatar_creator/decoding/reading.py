"""Opens files of strangers without waiting for them, and reads them up to a limit."""

import io
import os
import stat
from pathlib import Path


class NoFile(OSError):
    """What is there is a folder, a pipe or a device; ``kind`` is that of its mode."""

    def __init__(self, mode: int) -> None:
        super().__init__("Not a regular file")
        self.kind = stat.S_IFMT(mode)


def read_regular(path: Path, bytes_most: int) -> bytes:
    """Return up to one byte more than ``bytes_most``, even of a file that grows meanwhile. Raises OSError."""
    with io.BufferedReader(open_regular(path)) as file:
        return file.read(bytes_most + 1)


def open_regular(path: Path) -> io.FileIO:
    """Return the file, opened for reading, unless it is none. Raises OSError."""
    _refuse_special(path.stat().st_mode)
    # Between the two checks a pipe may have replaced it, which must not block this.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = io.FileIO(descriptor, "rb")
    try:
        _refuse_special(os.fstat(descriptor).st_mode)
    except BaseException:
        file.close()
        raise
    return file


def _refuse_special(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NoFile(mode)
