"""The home: the one folder that holds all state. Found without any heavy library, for quick commands."""

import os
import sys
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from avatar_creator.errors import InvalidInput, StorageError

APP_NAME = "avatar-creator"
HOME_VARIABLE = "AVATAR_HOME"
OWNER_FILE, OWNER_FOLDER = 0o600, 0o700  # personas are personal: nobody else on the machine reads them


class Home(NamedTuple):
    """Where each kind of state stands below one root."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "library.db"

    @property
    def pictures(self) -> Path:
        return self.root / "pictures"

    @property
    def config(self) -> Path:
        return self.root / "config.toml"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def runners(self) -> Path:
        """One lock file for each process that makes pictures now."""
        return self.root / "runners"

    @property
    def worker_lock(self) -> Path:
        """Held by the one worker for its whole life."""
        return self.root / "worker.lock"

    @property
    def worker_log(self) -> Path:
        return self.logs / "worker.log"

    @property
    def worker_errors(self) -> Path:
        """What a worker said that could not start."""
        return self.logs / "worker.err"

    @property
    def line(self) -> Path:
        """Lock files of those who wait to be the worker."""
        return self.root / "line"

    @property
    def answers(self) -> Path:
        """What services answered, until its picture is kept."""
        return self.root / "answers"

    @property
    def set_aside(self) -> Path:
        """Where the doctor moves picture files that belong to no avatar."""
        return self.root / "set-aside"

    @property
    def cache(self) -> Path:
        """What engines can ask for again; made by whoever writes there."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def create(self) -> None:
        """Make the root, readable by its owner only. Raises StorageError when that cannot be done."""
        try:
            missing = [*takewhile(lambda folder: not folder.exists(), (self.root, *self.root.parents))]
            self.root.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(
                f"The home {self.root} cannot be made: {reason}.",
                hint=f"Set {HOME_VARIABLE} to a folder that you can write to.",
            ) from error
        for folder in missing:  # a home that is lost takes all with it that is synced within
            with suppress(OSError):  # who may write to a folder may not always read it
                sync_folder(folder.parent)


def owner_only(path: str, flags: int) -> int:
    """Open a file that its owner alone may read, if it is made now: the ``opener`` of `open`."""
    return os.open(path, flags, OWNER_FILE)


def sync(descriptor: int) -> None:
    """Wait until what was written to an open file survives a power cut. Raises OSError."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 - only there: fsync leaves it in the drive's cache

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in it survive a power cut; Windows neither needs nor allows it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def find_home(root: Path | str | None = None) -> Home:
    """Return the home at ``root``, else at AVATAR_HOME, else where this system keeps a user's data."""
    given = root or os.environ.get(HOME_VARIABLE)
    if given:
        try:
            path = Path(given).expanduser()
        except RuntimeError as error:
            raise InvalidInput(
                f"{HOME_VARIABLE} is '{given}': {error}", hint="Give it the path of a folder of yours."
            ) from error
        if "\0" in str(path):
            raise InvalidInput(f"{HOME_VARIABLE} holds a NUL character.", hint="Give it the path of a folder.")
        return Home(path.absolute())
    return Home(_data_folder() / APP_NAME)


def _data_folder() -> Path:
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ:
        # What platformdirs would say, as a test compares: to import it takes 5 % of `avatar status`.
        given = Path(os.environ.get("XDG_DATA_HOME", ""))
        return given if given.is_absolute() else Path("~/.local/share").expanduser()
    import platformdirs  # noqa: PLC0415 - not needed elsewhere

    return platformdirs.user_data_path(appauthor=False)
