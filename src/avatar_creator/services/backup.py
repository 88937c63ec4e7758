"""Copies of the database, and one of them put back. Pictures are no part of them: no file of theirs ever changes."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import OWNER_FOLDER, Home, sync_folder
from avatar_creator.storage import backups, runners
from avatar_creator.storage.database import connect, now, translated
from avatar_creator.storage.locks import Lock
from avatar_creator.storage.migrations import MIGRATIONS

_SEE = "See those there are: avatar backup list"
_LOGS = ("-wal", "-shm")
_PATIENCE_S = 5  # with commands that have the database open


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


class BackupService:
    """Makes copies of the database and puts one back."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def create(self, target: Path | None = None) -> Path:
        """Copy the database into the folder of backups, or to a file that is not there yet. Raises StorageError."""
        self._home.create()
        database = self._home.database
        connect(database, self._home.backups).close()
        if target is None:
            self._home.backups.mkdir(mode=OWNER_FOLDER, exist_ok=True)
            target = self._home.backups / f"{database.stem}-{_stamp()}.db"
        elif target.exists():
            raise InvalidInput(f"'{visible(str(target))}' is there already.", hint="Name a file that is not there.")
        self._copy(database, target.absolute())
        return target.absolute()

    def find(self) -> Iterator[Backup]:
        """Yield the copies in the folder of backups, newest first."""
        found = [(path.stat(), path) for path in self._home.backups.glob("*.db")]
        for status, path in sorted(found, key=lambda each: each[0].st_mtime, reverse=True):
            with suppress(InvalidInput):
                made_at = _moment(status.st_mtime)
                yield Backup(path, made_at, status.st_size, _schema(path))

    def restore(self, given: Path) -> Restored:
        """Put a copy in the place of the database; what was there is set aside, with its log, as it was.

        Raises InvalidInput for a file that is no backup, StorageError while a command or a worker runs.
        """
        self._home.create()
        _schema(given)
        database = self._home.database
        new = database.with_name(f".{database.stem}-restored.new")
        with ExitStack() as until, translated(database):
            until.enter_context(self._nobody_else())
            self._copy(given, new)
            until.callback(new.unlink, missing_ok=True)
            counts = _examined(new, given)
            until.enter_context(_alone(database))
            aside = self._set_aside(database)
            new.replace(database)
            sync_folder(self._home.root)
        return Restored(*counts, aside)

    @contextmanager
    def _nobody_else(self) -> Iterator[None]:
        """Have no worker begin, and refuse while somebody makes pictures."""
        lock = Lock(self._home.worker_lock)
        if not lock.take(0):
            raise StorageError("The worker runs, and writes into the database.", hint="Run: avatar worker stop")
        try:
            if runners.any_alive(self._home.runners):
                raise StorageError("A command makes pictures now.", hint="Wait for its end, or stop it with Ctrl-C.")
            yield
        finally:
            lock.give_back()

    def _set_aside(self, database: Path) -> Path | None:
        """Put database and log away together. At every moment there is a database, and never with another's log."""
        there = [path for path in (database, *_logs(database)) if path.exists()]
        if not there:
            return None
        aside = self._home.set_aside / f"{database.stem}-{_stamp()}"
        self._home.set_aside.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        aside.mkdir(mode=OWNER_FOLDER)
        if database in there:
            try:
                os.link(database, aside / database.name)
            except OSError:  # a file system without hard links
                shutil.copy2(database, aside / database.name)
        for log in there:
            if log != database:
                log.rename(aside / log.name)
        for folder in (self._home.set_aside, aside, self._home.root):
            sync_folder(folder)
        return aside

    def _copy(self, source: Path, target: Path) -> None:
        try:
            with translated(source):
                backups.write_copy(source, target)
        except OSError as error:
            raise StorageError(
                f"'{visible(str(target))}' cannot be written: {error.strerror}.",
                hint="Name another folder, or make room.",
            ) from error


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Keep all others out of the database, and have its log written into it. One that is damaged nobody has open."""
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, timeout=_PATIENCE_S, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError as error:
            if (getattr(error, "sqlite_errorname", None) or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise StorageError(
                    f"Another command has {database} open.", hint="Wait for its end, or stop it, then try again."
                ) from error
        yield


def _logs(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in _LOGS]


def _schema(path: Path) -> int:
    """Return a backup's schema. Raises InvalidInput if it is none, or one of a newer version."""
    shown = f"'{visible(str(path))}'"
    try:
        with closing(backups.open_to_read(path)) as connection:
            schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
            ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'generations'").fetchone()
    except (OSError, ValueError, sqlite3.Error) as error:  # ValueError: of a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"{shown} is no backup: {reason}.", hint=_SEE) from error
    if not schema or ours is None:
        raise InvalidInput(f"{shown} is no backup of avatar's.", hint=_SEE)
    if schema > len(MIGRATIONS):
        raise InvalidInput(f"{shown} was made by a newer version of avatar.", hint="Upgrade avatar-creator.")
    return schema


def _examined(copy: Path, given: Path) -> tuple[int, int]:
    """Return how many avatars a copy holds, and how many generations wait in it. Raises InvalidInput if damaged."""
    try:
        with closing(backups.open_to_read(copy)) as connection:
            damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            avatars = connection.execute("SELECT count(*) FROM avatars").fetchone()[0]
            waiting = "SELECT count(*) FROM generations WHERE status IN ('pending', 'processing')"
            counts = int(avatars), int(connection.execute(waiting).fetchone()[0])
    except sqlite3.Error as error:
        damage, counts = str(error), (0, 0)
    if damage != "ok":
        raise InvalidInput(
            f"'{visible(str(given))}' is damaged: {damage.splitlines()[0]}.", hint="See others: avatar backup list"
        )
    return counts


def _stamp() -> str:
    return now().replace(":", "").replace(".", "")


def _moment(at_s: float) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415

    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
