"""The schema that the migrations make is the one that tables.py describes, and a released step is never edited."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel, create_engine

from avatar_creator.storage import migrations
from avatar_creator.storage.migrations import migrate
from avatar_creator.storage.tables import AvatarRow, GenerationRow, ProjectRow, UsageEventRow

DESCRIBED = sorted(str(row.__tablename__) for row in (ProjectRow, AvatarRow, GenerationRow, UsageEventRow))


def empty() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


@pytest.fixture(scope="module")
def migrated() -> Iterator[sqlite3.Connection]:
    with closing(empty()) as connection:
        migrate(connection)
        yield connection


@pytest.fixture(scope="module")
def described() -> Iterator[sqlite3.Connection]:
    with closing(empty()) as connection:
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        SQLModel.metadata.create_all(engine)
        yield connection
        engine.dispose()


def pragma(connection: sqlite3.Connection, name: str, of: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT * FROM pragma_{name}(?)", (of,)).fetchall()


def indexes(connection: sqlite3.Connection, table: str) -> dict[object, object]:
    """Return each index with whether it is unique, why it is there, whether it is partial, and its columns."""
    sql = "SELECT name, lower(replace(sql, ' UNIQUE', '')) FROM sqlite_master WHERE type = 'index'"
    texts = {name: text and " ".join(text.split()) for name, text in connection.execute(sql)}
    return {
        name: (*facts, pragma(connection, "index_xinfo", name), texts[name])
        for _, name, *facts in pragma(connection, "index_list", table)
        if isinstance(name, str)
    }


def test_the_four_tables_are_described() -> None:
    assert sorted(SQLModel.metadata.tables) == DESCRIBED


@pytest.mark.parametrize("table", DESCRIBED)
def test_migrations_make_what_is_described(
    migrated: sqlite3.Connection, described: sqlite3.Connection, table: str
) -> None:
    for name in ("table_xinfo", "foreign_key_list"):
        assert pragma(migrated, name, table) == pragma(described, name, table)
    assert pragma(migrated, "table_xinfo", table)
    assert indexes(migrated, table) == indexes(described, table)


def test_what_only_plain_sql_uses_stands_in_the_migrations_alone(migrated: sqlite3.Connection) -> None:
    made = {name for (name,) in migrated.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert made - set(DESCRIBED) == {
        "avatar_tally",
        "charge_tally",
        "day_tally",
        "generation_events",
        "generation_tally",
        "worker",
    }


@pytest.mark.parametrize("number", range(1, len(migrations.MIGRATIONS) + 1))
def test_a_released_schema_stays_as_it_was(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Files in users' homes were made by it. A new version of the schema is a new step and a new frozen text."""
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:number])
    with closing(empty()) as connection:
        migrate(connection)
        frozen = "".join(
            f"{sql};\n\n" for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOTNULL")
        )
    assert frozen == Path(__file__).with_name(f"schema_v{number}.sql").read_text("utf-8")


def test_every_released_schema_can_be_migrated(migrated: sqlite3.Connection) -> None:
    newest = migrated.execute("SELECT sql FROM sqlite_master").fetchall()
    for number in range(1, len(migrations.MIGRATIONS) + 1):
        with closing(empty()) as connection:
            connection.executescript(Path(__file__).with_name(f"schema_v{number}.sql").read_text("utf-8"))
            connection.execute(f"PRAGMA user_version = {number}")
            migrate(connection)
            assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == newest
