"""Locks that the system frees when their holder dies, however it dies.

filelock takes and holds them. It takes 40 ms to import, so commands that only check whether one is held ask the system
themselves. They take a shared lock for a moment, so that two checks do not disturb each other.
"""

import os
from pathlib import Path

from avatar_creator.errors import StorageError
from avatar_creator.home import OWNER_FILE, narrow, owner_hint

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_POLL_S = 0.02


class Lock:
    """A lock file that this process can hold; the file stays when it is given back."""

    def __init__(self, path: Path) -> None:
        from filelock import FileLock  # noqa: PLC0415

        # Never one of filelock's marker files, which a killed process leaves behind.
        # Its mode also narrows an old file: whoever can read a lock file can hold it, and stop its owner from working.
        self._lock = FileLock(path, mode=OWNER_FILE, fallback_to_soft=False, poll_interval=_POLL_S)

    def take(self, patience_s: float) -> bool:
        """Take the lock, waiting so long; return whether it is held now. Raises OSError if it cannot be made."""
        try:
            self._lock.acquire(timeout=patience_s)
        except TimeoutError:  # as filelock's own is
            return False
        return True

    def give_back(self) -> None:
        """Let others take it."""
        self._lock.release()


def is_held(path: Path) -> bool:
    """Return whether some process holds the lock file at ``path``; one that is not there is held by nobody.

    Raises StorageError for one that cannot be opened.
    """
    if fcntl is None:
        return _is_held_by_filelock(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe in its place would be waited for
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise cannot_be_opened(path, error) from error
    try:
        narrow(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)  # gives it back too
    return False


def cannot_be_opened(path: Path, error: OSError) -> StorageError:
    """Say that a lock file cannot be opened, and whose it is."""
    return StorageError(
        f"The lock file {path} cannot be opened: {error.strerror}.",
        hint=owner_hint(path) or "Make it readable and writable for you.",
    )


def _is_held_by_filelock(path: Path) -> bool:
    lock = Lock(path)
    if not path.exists() or not lock.take(0):
        return path.exists()
    lock.give_back()
    return False
