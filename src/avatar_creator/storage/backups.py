"""Copies of a database, each whole or not there; and a database with its log moved aside."""

import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.home import OWNER_FILE, OWNER_FOLDER, sync_folder
from avatar_creator.storage.migrations import MIGRATIONS

_SEE = "See those there are: avatar backup list"
_LOGS = ("-wal", "-shm")
_WAIT_S = 5  # for commands that have the database open


class Contents(NamedTuple):
    """What a copy holds: all its avatars, and the generations that wait in it."""

    avatars: int
    waiting: int


def write_copy(original: sqlite3.Connection, target: Path) -> None:
    """Copy a database, with what its log holds, also while others write. Raises OSError and sqlite3.Error."""
    beside = target.with_name(f".{target.name}.new")  # a copy that is not whole never has the name of one
    beside.touch(mode=OWNER_FILE)
    try:
        with closing(sqlite3.connect(beside)) as copy:
            original.backup(copy)
        beside.replace(target)
        with suppress(OSError):
            sync_folder(target.parent)
    finally:
        for left in (beside, *(beside.with_name(f"{beside.name}{end}") for end in ("-journal", *_LOGS))):
            left.unlink(missing_ok=True)


def unfinished(path: Path, backups: Path) -> list[Path]:
    """Return what killed processes left of copies that they were making."""
    return sorted(backups.glob(f".{path.stem}-*.new*"))


def open_to_read(path: Path, *, still: bool = False) -> sqlite3.Connection:
    """Open a database to read it, as it is at one moment, and leave nothing beside it. Raises OSError, sqlite3.Error.

    ``still``: nobody writes to it, as to a copy. Then it is opened without locks, which also works in a folder that
    cannot be written to. While somebody writes, that would read pages of two moments.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # SQLite would wait for a pipe for ever
        raise OSError(errno.EINVAL, "it is no file")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        mode = "ro"  # the last connection that can write would put the log into the file when it closes
    elif still or not os.access(path.parent, os.W_OK):
        mode = "ro&immutable=1"
    else:
        mode = "rw"  # the last connection that can write removes the empty log when it closes
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True)


def read_schema(path: Path, *, still: bool = False) -> int:
    """Return a copy's schema. Raises InvalidInput if it is no database of avatar's, or one of a newer version."""
    shown = f"'{visible(str(path))}'"
    try:
        with closing(open_to_read(path, still=still)) as connection:
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


def examine(copy: Path, given: Path) -> Contents:
    """Return what a copy of the file ``given`` holds. Raises InvalidInput if it is damaged."""
    try:
        with closing(open_to_read(copy, still=True)) as connection:
            damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            avatars = connection.execute("SELECT count(*) FROM avatars").fetchone()[0]
            waiting = "SELECT count(*) FROM generations WHERE status IN ('pending', 'processing')"
            contents = Contents(int(avatars), int(connection.execute(waiting).fetchone()[0]))
    except sqlite3.Error as error:
        damage, contents = str(error), Contents(0, 0)
    if damage != "ok":
        raise InvalidInput(
            f"'{visible(str(given))}' is damaged: {damage.splitlines()[0]}.", hint="See others: avatar backup list"
        )
    return contents


@contextmanager
def nobody_at(database: Path) -> Iterator[None]:
    """Exclude all others from the database, and have its log written into it. A damaged one is open nowhere.

    Raises StorageError while another command has it open.
    """
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, timeout=_WAIT_S, isolation_level=None)) as connection:
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


def set_aside(database: Path, aside: Path) -> bool:
    """Move database and log into a new folder together; return whether there were any. Raises OSError.

    The database is in its place until a new one replaces it, and never with the log of another.
    """
    logs = [path for end in _LOGS if (path := database.with_name(database.name + end)).exists()]
    if not logs and not database.exists():
        return False
    aside.parent.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    aside.mkdir(mode=OWNER_FOLDER)
    if database.exists():
        try:
            os.link(database, aside / database.name)
        except OSError:  # a file system without hard links
            shutil.copy2(database, aside / database.name)
    for log in logs:
        log.rename(aside / log.name)
    for folder in (aside.parent, aside, database.parent):
        sync_folder(folder)
    return True
