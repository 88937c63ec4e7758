"""Copies of a database: whole ones, under a name of their own, or none."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from avatar_creator.home import OWNER_FILE, sync_folder


def write_copy(source: Path, target: Path) -> None:
    """Copy a database, with what its log holds, also while others write. Raises OSError and sqlite3.Error."""
    beside = target.with_name(f".{target.name}.new")  # a copy that is not whole never looks like one
    beside.touch(mode=OWNER_FILE)
    try:
        with closing(open_to_read(source)) as original, closing(sqlite3.connect(beside)) as copy:
            original.backup(copy)
        beside.replace(target)
        with suppress(OSError):
            sync_folder(target.parent)
    finally:
        for left in (beside, *(beside.with_name(f"{beside.name}{end}") for end in ("-journal", "-wal", "-shm"))):
            left.unlink(missing_ok=True)


def unfinished(path: Path, backups: Path) -> list[Path]:
    """Return what killed processes left of copies that they were making."""
    return sorted(backups.glob(f".{path.stem}-*.new*"))


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a database to read it; if it has no log, so that nothing is put beside it. Raises OSError, sqlite3.Error."""
    path.stat()  # SQLite does not say that there is none
    log = path.with_name(f"{path.name}-wal")
    alone = "" if log.exists() and log.stat().st_size else "&immutable=1"
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro{alone}", uri=True)
