"""Copies of the database, and one of them put back. They hold no pictures, whose files never change."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import OWNER_FOLDER, Home, sync_folder
from avatar_creator.jobs.worker_process import has_standby
from avatar_creator.storage import backups, liveness
from avatar_creator.storage.database import connect, stamp, translated
from avatar_creator.storage.locks import Lock


class Backup(NamedTuple):
    """A copy of the database; ``schema`` is the version that its tables are of."""

    path: Path
    made_at: str
    bytes: int
    schema: int

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"path": str(self.path)}


class Restored(NamedTuple):
    """What was put back, and where all is that was there; ``waiting`` generations would be made by the next worker."""

    avatars: int
    waiting: int
    set_aside: Path | None


class Backups:
    """Makes copies of the database and puts one back."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def create(self, target: Path | None = None) -> Path:
        """Copy the database into the folder of backups, or to a file that is not there yet. Raises StorageError."""
        self._home.create()
        database = self._home.database
        with translated(database), closing(connect(database, self._home.backups)) as connection:
            if target is None:
                with _written(self._home.backups):
                    self._home.backups.mkdir(mode=OWNER_FOLDER, exist_ok=True)
                target = self._home.backups / f"{database.stem}-{stamp()}.db"
            elif target.exists():
                raise InvalidInput(f"'{visible(str(target))}' is there already.", hint="Name a file that is not there.")
            with _written(target):
                backups.write_copy(connection, target.absolute())
        return target.absolute()

    def find(self) -> Iterator[Backup]:
        """Yield the copies in the folder of backups, newest first."""
        found = []
        for path in self._home.backups.glob("*.db"):
            with suppress(OSError):  # a link to nowhere, or one that is removed meanwhile
                found.append((path.stat(), path))
        for status, path in sorted(found, key=lambda each: each[0].st_mtime, reverse=True):
            with suppress(InvalidInput):
                made_at = _moment(status.st_mtime)
                yield Backup(path, made_at, status.st_size, backups.read_schema(path, still=True))

    def restore(self, given: Path) -> Restored:
        """Put a copy in the place of the database; what was there is moved aside, with its log.

        Raises InvalidInput for a file that is no backup, StorageError while a command or a worker runs.
        """
        self._home.create()
        still = self._is_still(given)
        backups.read_schema(given, still=still)
        database = self._home.database
        new = database.with_name(f".{database.stem}-restored.new")
        with ExitStack() as until, translated(database):
            until.enter_context(self._nobody_else())
            with _written(new), translated(given), closing(backups.open_to_read(given, still=still)) as original:
                backups.write_copy(original, new)
            until.callback(new.unlink, missing_ok=True)
            contents = backups.examine(new, given)
            until.enter_context(backups.nobody_at(database))
            aside = self._home.set_aside / f"{database.stem}-{stamp()}"
            moved = backups.set_aside(database, aside)
            new.replace(database)
            sync_folder(self._home.root)
        return Restored(*contents, aside if moved else None)

    def _is_still(self, given: Path) -> bool:
        """Return whether nobody writes to a file, since it is a copy or was moved aside."""
        with suppress(OSError, ValueError, RuntimeError):  # whoever opens it reports what is wrong with it
            above = given.resolve().parents
            return any(folder.resolve() in above for folder in (self._home.backups, self._home.set_aside))
        return False

    @contextmanager
    def _nobody_else(self) -> Iterator[None]:
        """Let no worker begin; raise StorageError while pictures are made."""
        lock = Lock(self._home.worker_lock)
        if not lock.take(0):
            raise StorageError("The worker runs, and writes into the database.", hint="Run: avatar worker stop")
        try:
            if has_standby(self._home):  # it was started for what has just been queued
                raise StorageError("A worker is being started.", hint="Run: avatar worker stop")
            if liveness.any_alive(self._home.runners):
                raise StorageError("A command makes pictures now.", hint="Wait for its end, or stop it with Ctrl-C.")
            yield
        finally:
            lock.give_back()


@contextmanager
def _written(target: Path) -> Iterator[None]:
    """Write a copy; what the system refuses is StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"'{visible(str(target))}' cannot be written: {error.strerror}.",
            hint="Name another folder, or make room.",
        ) from error


def _moment(at_s: float) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415

    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
