"""Copies of a database that others write to meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from avatar_creator.storage.backups import open_to_read, read_schema

LAST = 2000


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of many pages, without a log, whose first and last row always change together."""
    path = tmp_path / "live.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE generations (id INTEGER PRIMARY KEY, version INTEGER, rest BLOB)")
        connection.executemany("INSERT INTO generations (version, rest) VALUES (0, zeroblob(900))", ((),) * LAST)
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    return path


def change(path: Path) -> None:
    """Change both in one transaction, as a command does: the last one who closes writes the log into the file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE generations SET version = version + 1 WHERE id IN (1, ?)", (LAST,))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def version(connection: sqlite3.Connection, row: int) -> int:
    return int(connection.execute("SELECT version FROM generations WHERE id = ?", (row,)).fetchone()[0])


def test_a_live_database_is_read_as_it_was_at_one_moment(database: Path) -> None:
    with closing(open_to_read(database)) as connection:
        connection.execute("BEGIN")
        first = version(connection, 1)
        change(database)
        assert version(connection, LAST) == first, "pages of two moments"


@pytest.mark.parametrize("still", [True, False])
def test_reading_leaves_nothing_beside_the_file(database: Path, still: bool) -> None:
    before = database.read_bytes()
    assert read_schema(database, still=still) == 1
    assert ([path.name for path in database.parent.iterdir()], database.read_bytes()) == ([database.name], before)


@pytest.mark.parametrize("still", [True, False])
def test_a_log_is_read_too_and_left_where_it_is(database: Path, still: bool) -> None:
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        change(database)
        writer.execute("UPDATE generations SET version = 7")
        writer.commit()
        aside = database.with_name("aside")
        aside.mkdir()
        for name in ("live.db", "live.db-wal"):
            (aside / name).write_bytes(database.with_name(name).read_bytes())
    log = (aside / "live.db-wal").read_bytes()
    with closing(open_to_read(aside / "live.db", still=still)) as connection:
        assert version(connection, LAST) == 7
    assert (aside / "live.db-wal").read_bytes() == log
