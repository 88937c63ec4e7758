"""Lock files that the system frees when their holder dies, however it dies."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock

_MODE = 0o664  # as the Hub's client has its own: several users may share a cache
_POLL_S = 0.05


def file_lock(path: Path) -> "FileLock":
    """Return the lock of a file, which is not taken yet."""
    from filelock import FileLock

    # For all threads: an engine may be closed by another one than has loaded its model.
    return FileLock(path, mode=_MODE, fallback_to_soft=False, poll_interval=_POLL_S, thread_local=False)


def is_held(path: Path) -> bool:
    """Return whether some process holds a lock file, or this one by another `file_lock`."""
    if not path.exists():
        return False
    lock = file_lock(path)
    try:
        lock.acquire(timeout=0)
    except (TimeoutError, OSError):
        return True
    lock.release()
    return False
