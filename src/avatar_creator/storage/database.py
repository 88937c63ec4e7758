"""The database file: creating, opening, migrating, transactions, and its errors."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from avatar_creator.domain.text import fold, joined
from avatar_creator.errors import AvatarError, HomeGone, InvalidInput, NotFound, StorageError
from avatar_creator.home import OWNER_FOLDER, Home, owner_hint, quoted, sync_folder
from avatar_creator.storage.filesystem import find_network_type, is_read_only
from avatar_creator.storage.index_errors import index_error, is_of_index
from avatar_creator.storage.migrations import MIGRATIONS, migrate, version
from avatar_creator.storage.sharing import SharedConnection, closed_while_used, in_use
from avatar_creator.storage.suspension import held_off

_NO_ROOM_BYTES, _NO_ROOM_FILES = 100_000, 4  # a database needs two files beside it, and what failed is removed by now
BUSY_TIMEOUT_S = 30  # 50 writers at once were served within 2 s; 30 leaves room for a slow disk
# FULL: an acknowledged id must survive a power cut. It costs about 0.2 ms a commit more than NORMAL.
# fullfsync: the same on macOS, where fsync stops at the drive's cache; elsewhere it does nothing.
PRAGMAS = ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "PRAGMA fullfsync = ON")

# The connections in a transaction, each with the error that undid all of it, as a full disk does; else None.
_under_way: dict[int, sqlite3.Error | None] = {}

# https://sqlite.org/wal.html#walresetbug: two older series were mended after newer ones had been released.
_WAL_RESET_BUG = (3, 7, 0)
_WAL_RESET_MENDED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def now(*, after_s: float = 0.0) -> str:
    """Return this moment, or a later one, as it is stored: UTC, RFC 3339, to the microsecond, sorting as text."""
    return stored_time(datetime.now(UTC) + timedelta(seconds=after_s))


def stored_time(moment: datetime) -> str:
    """Return a moment of UTC as it is stored."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"  # strftime takes five times as long


def stamp() -> str:
    """Return this moment as names of files have it, sorting as text."""
    return now().replace(":", "").replace(".", "")


def has_wal_reset_bug(found: tuple[int, int, int]) -> bool:
    """Return whether SQLite of that version may damage a database in WAL mode that two connections write to at once."""
    mended = any(found[:2] == release[:2] and found >= release for release in _WAL_RESET_MENDED)
    return _WAL_RESET_BUG <= found < _WAL_RESET_MENDED[-1] and not mended


class Connection(SharedConnection):
    """A connection that knows which file it opened: SQLite goes on with one that is deleted, or replaced by another."""

    path: Path
    file: tuple[int, int]

    def check_home(self) -> None:
        """Raise HomeGone when the path leads to another file by now, or to none. For any thread."""
        try:
            found = _file(self.path)
        except (FileNotFoundError, NotADirectoryError):
            raise HomeGone(
                f"The home {self.path.parent} was deleted while this ran.",
                hint="What was made in it is gone, unless the home was moved. Put it back, or run the command again.",
            ) from None
        except OSError as error:
            raise StorageError(
                f"The database {self.path} cannot be reached any more: {error.strerror}.", hint="Run: avatar doctor"
            ) from error
        if found != self.file:
            raise HomeGone(
                f"The home {self.path.parent} was replaced while this ran: {self.path.name} is another file now.",
                hint="What was made meanwhile is in the home that was there before. Run the command again.",
            )

    def prepare(self) -> None:
        self.create_function("folded", 1, lambda text: text and fold(text), deterministic=True)
        self.create_function("joined", 1, lambda text: text and joined(text), deterministic=True)
        for pragma in PRAGMAS:
            self.execute(pragma)


def connect(path: Path, backups: Path) -> Connection:
    """Open the database, made on first use and migrated when it is older than this program.

    Raises StorageError when it is newer, damaged, locked for 30 s, on a network file system, or cannot be made.
    """
    _refuse_network(path)
    with translated(path):
        if _find_file(path) is None:
            _create(path)
        connection = _open(path)
        try:
            _bring_up_to_date(connection, path, backups)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Hold the write lock from the start: a deferred transaction that reads first can fail as busy at once.

    Raises HomeGone even if it was committed, when the file is gone: what is lost is not reported as saved.
    """
    connection.check_home()
    with in_use(), held_off():
        try:
            connection.execute("BEGIN IMMEDIATE")  # within the try: Ctrl-C may be raised as it returns
            _under_way[id(connection)] = None
            yield
            _refuse_undone(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled back already
                connection.execute("ROLLBACK")
            raise
        finally:
            _under_way.pop(id(connection), None)
    connection.check_home()


@contextmanager
def change(connection: Connection) -> Iterator[None]:
    """Hold one change: a transaction of its own, or a part of the one under way, which is undone alone if it fails.

    If its failure undid the whole transaction, every later change of that is refused: it would be committed alone.
    """
    _refuse_undone(connection)
    if not connection.in_transaction:
        with transaction(connection):
            yield
        return
    try:
        connection.execute("SAVEPOINT change")
        yield
    except BaseException as error:
        if isinstance(error, sqlite3.Error) and not connection.in_transaction and id(connection) in _under_way:
            _under_way[id(connection)] = error
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK TO change")
        raise
    finally:
        with suppress(sqlite3.Error):  # a full disk has undone the whole transaction
            connection.execute("RELEASE change")


def _refuse_undone(connection: sqlite3.Connection) -> None:
    undone = _under_way.get(id(connection))
    if undone is not None:
        raise undone


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Use a database; errors of SQLite become StorageError, or NotFound for a row that is gone."""
    try:
        with in_use():
            yield
    except sqlite3.Error as error:
        raise storage_error(error, path) from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise not_storable(error) from error


def not_storable(error: UnicodeEncodeError | OverflowError) -> InvalidInput:
    """Return the error of a value that SQLite cannot store: half of a character, a number of more than 64 bits."""
    return InvalidInput(f"A value cannot be stored or searched for: {error}.", hint="Give another one.")


def storage_error(error: sqlite3.Error, path: Path) -> AvatarError:
    """Return an error of SQLite as one of ours."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith("SQLITE_FULL") or (name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and _is_full(path)):
        return StorageError(f"The disk is full: {path} could not be written.", hint="Free some space, try again.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(
            f"The database {path} has been locked by another process for {BUSY_TIMEOUT_S} s.",
            hint="Look for a stopped avatar process (for example one suspended with Ctrl-Z), then try again.",
        )
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) and not is_of_index(error):
        return StorageError(
            f"The file {path} is not a database or is damaged.",
            hint=f"{how_to_restore(path)} The pictures beside it are untouched.",
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM")):
        return StorageError(
            f"The database {path} cannot be opened for writing.",
            hint=_way_to_write(path)
            or "Check the permissions of the file and its folder, or set AVATAR_HOME to another folder.",
        )
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return NotFound("What this belongs to was deleted meanwhile.", hint="Run the command again.")
    is_closed = isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error)
    unknown = StorageError(f"The database {path} failed: {str(error).rstrip('.')}.", hint="Run: avatar doctor")
    return closed_while_used() if is_closed else index_error(error, path) or unknown


def _way_to_write(path: Path) -> str | None:
    """Return how the database, or a file beside it, can be made writable; None if it is.

    SQLite makes the files beside a read-only database read-only, and they may stay so.
    """
    if is_read_only(path.parent):
        return "Its disk is read-only: copy the home to another one, and set AVATAR_HOME to the copy."
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if file.exists() and not os.access(file, os.W_OK):
            return owner_hint(file) or f"{file} is read-only. Run: chmod u+w {quoted(file)}"
    return owner_hint(path)


def _is_full(path: Path) -> bool:
    """Return whether a disk takes no more files, or next to no bytes: SQLite has many names for that."""
    try:
        disk = os.statvfs(path.parent)
    except (OSError, AttributeError):  # Windows has none
        return False
    return disk.f_bavail * disk.f_frsize < _NO_ROOM_BYTES or (disk.f_files > 0 and disk.f_favail < _NO_ROOM_FILES)


def how_to_restore(path: Path) -> str:
    """Return how a database is put back. The log of the old one must go too: SQLite would write it into the new one."""
    return (
        f"Put a copy back: avatar backup list, avatar backup restore FILE. By hand, move {path.name}, {path.name}-wal "
        f"and {path.name}-shm away together first."
    )


def _refuse_network(path: Path) -> None:
    """Refuse before anything is stored: it works there for a while, then fails or loses data."""
    network_type = find_network_type(path)
    if network_type is not None:
        raise StorageError(
            f"The home {path.parent} is on a network file system ({network_type}): "
            "the database needs shared memory and locks that hold, and neither does between machines.",
            hint="Set AVATAR_HOME to a folder on a disk of this machine. A home can be moved there as a whole.",
        )


def _find_file(path: Path) -> tuple[int, int] | None:
    """Return the device and inode, which identify a file; None if there is none at the path."""
    try:
        return _file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:  # a home that cannot be entered may not be empty
        raise StorageError(
            f"The database {path} cannot be opened: {error.strerror}.",
            hint=owner_hint(path) or "Mend the permissions of its folder, or set AVATAR_HOME to another folder.",
        ) from error


def _file(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _open(path: Path) -> Connection:
    while True:
        before = _find_file(path)
        connection = sqlite3.connect(
            _address(path), timeout=BUSY_TIMEOUT_S, isolation_level=None, factory=Connection, uri=True
        )
        connection.path, connection.file = path, before or (0, 0)
        if before is not None and _find_file(path) == before:
            break
        connection.close()  # it was replaced or made in this very moment
    connection.row_factory = sqlite3.Row
    try:
        connection.prepare()
        version(connection)  # the first read finds a damaged file
    except BaseException:
        connection.close()
        raise
    return connection


def _address(path: Path) -> str:
    """Return a file as SQLite opens it: where this process can make none beside it, it is read without them."""
    if os.access(path.parent, os.W_OK):  # not on a disk that is read-only, whoever asks
        return str(path)
    log = path.with_name(f"{path.name}-wal")
    return f"{path.absolute().as_uri()}?mode=ro{'' if log.exists() and log.stat().st_size else '&immutable=1'}"


def _create(path: Path) -> None:
    """Build the new file under another name, then link it: a second process finds it whole or not at all."""
    import tempfile  # noqa: PLC0415 - only the very first command needs it

    log = path.with_name(path.name + "-wal")
    if log.exists() and not path.exists():  # SQLite would replay it into the new file
        raise StorageError(
            f"There is no database {path}, but {log.name} of one that was there.",
            hint=f"Put the database back, or move {log.name} away too.",
        )
    try:
        handle, name = tempfile.mkstemp(prefix=".library-", suffix=".new", dir=path.parent)  # made 0600
    except OSError as error:
        raise StorageError(
            f"The database {path} cannot be made: {error.strerror}.",
            hint="Set AVATAR_HOME to a folder that you can write to.",
        ) from error
    os.close(handle)
    new = Path(name)
    try:
        connection = _open(new)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            with transaction(connection):
                migrate(connection)
        finally:
            connection.close()
        with suppress(FileExistsError):  # another first run was quicker
            _link(new, path)
        with suppress(OSError):  # not every file system can, and SQLite goes on then, too
            sync_folder(path.parent)  # or a power cut may leave a log alone
    finally:
        new.unlink(missing_ok=True)


def _bring_up_to_date(connection: Connection, path: Path, backups: Path) -> None:
    has_tables = connection.execute(
        "SELECT 1 FROM sqlite_master"
    ).fetchone()  # read before the version, which is set with them
    found = version(connection)
    if found > len(MIGRATIONS):
        raise StorageError(
            f"The database {path} was made by a newer version of avatar "
            f"(its schema is {found}, this program knows {len(MIGRATIONS)}).",
            hint="Upgrade avatar-creator, or set AVATAR_HOME to another folder.",
        )
    if found == 0 and has_tables:
        raise StorageError(
            f"The database {path} was made by another program.",
            hint="Move it away, or set AVATAR_HOME to another folder.",
        )
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":  # restored from a dump, say
        connection.execute("PRAGMA journal_mode = WAL")
    if found < len(MIGRATIONS):
        _migrate(connection, path, backups)


def _migrate(connection: Connection, path: Path, backups: Path) -> None:
    from avatar_creator.storage.upgrade import OlderProcesses  # noqa: PLC0415 - for migrations alone

    older = OlderProcesses(Home(path.parent))
    while True:
        with transaction(connection):
            found = version(connection)
            if found == len(MIGRATIONS):  # another process has migrated meanwhile
                return
            if found == 0 or older.have_left(connection):
                _back_up(path, backups, found)
                migrate(connection)
                return
        older.wait(connection)


def _link(new: Path, path: Path) -> None:
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network file systems have no hard links
        if not path.exists():
            new.rename(path)


def _back_up(path: Path, backups: Path, found: int) -> None:
    """Copy an older file before it is changed, unless it is empty.

    The caller has the write lock, so nobody else makes a copy: unfinished ones were left by killed processes.
    """
    if found == 0:
        return
    from avatar_creator.storage.backups import unfinished, write_copy  # noqa: PLC0415 - for migrations alone

    for left in unfinished(path, backups):
        with suppress(OSError):
            left.unlink()
    target = backups / f"{path.stem}-schema{found}-{stamp()}.db"
    try:
        backups.mkdir(mode=OWNER_FOLDER, exist_ok=True)
        with closing(
            sqlite3.connect(path)
        ) as original:  # SQLite copies nothing by a connection that has the write lock
            write_copy(original, target)
    except OSError as error:
        raise StorageError(
            f"The database {path} must be migrated, and its backup {target} cannot be written: {error.strerror}.",
            hint=f"Make {backups} a folder that can be written to.",
        ) from error
