"""Whose turn it is on a card: one process of a user has a model on it at a time, whichever home it works for.

Two models seldom fit on one card, and two at once make no picture sooner. The lock is a file in the user's folder for
what lasts as long as a session; the system frees it when its holder dies.
"""

import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.engines.base import Watch
from avatar_creator.engines.local import locks
from avatar_creator.engines.local.devices import Device

if TYPE_CHECKING:
    from filelock import FileLock

_FOLDER = "avatar-creator"
_POLL_S = 0.5


class CardLock:
    """The right to have a model on a card, for one process."""

    def __init__(self, device: Device, folder: Path | None = None) -> None:
        self._device = device
        place = (folder or _runtime_folder()) / f"card-{device.id}"
        self._path, self._line = place.with_suffix(".lock"), place.with_suffix(".waiting.lock")
        self._lock: FileLock | None = None

    def take(self, watch: Watch) -> None:
        """Take the card, and say meanwhile what is waited for. Raises Cancelled when nobody wants the picture."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock, line = locks.file_lock(self._path), locks.file_lock(self._line)
        try:
            while not _has_taken(lock):
                _has_taken(line)  # or another one stands in line, which is told to the holder as well
                watch.phase(f"waiting for the {self._device.card}: another worker makes pictures with it")
                time.sleep(_POLL_S)
        finally:
            line.release()
        self._lock = lock

    def is_waited_for(self) -> bool:
        """Return whether another process waits for the card."""
        return locks.is_held(self._line)

    def give_back(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _has_taken(lock: "FileLock") -> bool:
    with suppress(TimeoutError):
        lock.acquire(timeout=0)
    return lock.is_locked


def _runtime_folder() -> Path:
    import platformdirs

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where no session has made one: it is then in the folder for temporary files
        return platformdirs.user_runtime_path(_FOLDER, appauthor=False)
