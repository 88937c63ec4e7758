"""Which processes make pictures now.

A lock held for a process's life tells; the system frees it at any death, so a frozen process is alive and a killed
one is not, whatever the clock says.
"""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from avatar_creator.errors import StorageError
from avatar_creator.home import OWNER_FOLDER, owner_hint
from avatar_creator.storage import ids
from avatar_creator.storage.locks import Lock, is_held

_PROBED_S = 5  # far longer than anybody who asks holds a lock


class ProcessLock:
    """This process, as the generations it works on name it."""

    def __init__(self, runners: Path) -> None:
        self.id = ids.new_id(ids.RUNNER)
        self._path = _lock_path(runners, self.id)
        self._lock = Lock(self._path)

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(mode=OWNER_FOLDER, exist_ok=True)
            self._acquire()
        except OSError as error:
            raise StorageError(
                f"The lock file {self._path} cannot be made: {error.strerror}.",
                hint=owner_hint(self._path) or "Check that the home can be written to and is not full: avatar doctor",
            ) from error
        return self

    def _acquire(self) -> None:
        # Whoever asks whether it lives may hold the new file for a moment, or have swept it away.
        self._lock.take(_PROBED_S)
        while not self._path.exists():
            self._lock.give_back()
            self._lock.take(_PROBED_S)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.give_back()
        self._path.unlink(missing_ok=True)


def alive(runners: Path, runner: str) -> bool:
    """Tell whether the process of that id still runs; one whose lock cannot be opened is another user's, and may."""
    return _may_live(_lock_path(runners, runner))


def any_alive(runners: Path) -> bool:
    """Tell whether any process makes or takes in pictures now."""
    try:
        return any(map(_may_live, _lock_files(runners)))
    except PermissionError:  # nobody can tell
        return True


def sweep(runners: Path) -> int:
    """Remove the lock files that killed processes left, and return how many."""
    swept = 0
    with suppress(PermissionError):
        for path in _lock_files(runners):
            with suppress(PermissionError):  # another user's: the doctor names it
                lock = Lock(path)
                if lock.take(0):
                    path.unlink(missing_ok=True)  # while it is held: nobody can take it in between
                    lock.give_back()
                    swept += 1
    return swept


def _lock_files(runners: Path) -> list[Path]:
    try:
        return [path for path in runners.iterdir() if path.suffix == ".lock"]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _may_live(path: Path) -> bool:
    try:
        return is_held(path)
    except StorageError:
        return True


def _lock_path(runners: Path, runner: str) -> Path:
    return runners / f"{runner}.lock"
