"""Which processes make pictures now.

Each holds a lock for its whole life, and the system frees it however the process ends. So a suspended process is alive
and a killed one is not, and no clock has to be right.
"""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from avatar_creator.errors import StorageError
from avatar_creator.home import OWNER_FOLDER, owner_hint
from avatar_creator.storage import ids
from avatar_creator.storage.locks import Lock, is_held

_PROBED_S = 5  # far longer than a check holds a lock


class ProcessLock:
    """The lock of this process; its id is the runner of the generations that it makes."""

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
        # Another process may hold the new file for a moment, to check it, or may have swept it away.
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
    """Return whether the process of that id still runs; one whose lock cannot be opened is another user's, and may."""
    return _may_live(_lock_path(runners, runner))


def any_alive(runners: Path) -> bool:
    """Return whether any process makes or uploads pictures now."""
    try:
        return any(map(_may_live, _lock_files(runners)))
    except PermissionError:  # unknown, so it is taken for alive
        return True


def sweep(runners: Path) -> int:
    """Remove the lock files that killed processes left, and return how many."""
    swept = 0
    with suppress(PermissionError):
        for path in _lock_files(runners):
            with suppress(PermissionError):  # another user's: the doctor names it
                lock = Lock(path)
                if lock.take(0):
                    path.unlink(missing_ok=True)  # while it is held, so that nobody takes it in between
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
