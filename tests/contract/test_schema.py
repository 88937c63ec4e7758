"""The schema that the migrations make is the one that tables.py describes, and a released step is never edited."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pinned import STEPS
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel, create_engine

import whole_schema
from avatar_creator.storage.migrations import MIGRATIONS, migrate, version
from avatar_creator.storage.tables import AvatarRow, GenerationRow, ProjectRow, UsageEventRow

DESCRIBED = sorted(str(row.__tablename__) for row in (ProjectRow, AvatarRow, GenerationRow, UsageEventRow))
SQL_ONLY = [
    "avatar_numbers",
    "avatar_tags",
    "avatar_tally",
    "avatar_versions",
    "avatars_to_index",
    "calls_in_doubt",
    "casts",
    "charge_day_tally",
    "charge_tally",
    "day_tally",
    "generation_events",
    "generation_tally",
    "people_tally",
    "preset_uses",
    "presets",
    "rejects",
    "reserved_tally",
    "worker",
]
ROOT = Path(__file__).parents[2]


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


def columns(connection: sqlite3.Connection, table: str) -> set[tuple[object, ...]]:
    """Return the columns, in no order: a step can only append them."""
    return {tuple(facts) for _, *facts in pragma(connection, "table_xinfo", table)}


def indexed(connection: sqlite3.Connection, index: str) -> list[tuple[object, ...]]:
    """Return what an index is over, by the names of columns and not by their places."""
    return [(at, name, *facts) for at, _, name, *facts in pragma(connection, "index_xinfo", index)]


def indexes(connection: sqlite3.Connection, table: str) -> dict[object, object]:
    """Return each index with whether it is unique, why it is there, whether it is partial, and its columns."""
    sql = "SELECT name, lower(replace(sql, ' UNIQUE', '')) FROM sqlite_master WHERE type = 'index'"
    texts = {name: text and " ".join(text.split()) for name, text in connection.execute(sql)}
    return {
        name: (*facts, indexed(connection, name), texts[name])
        for _, name, *facts in pragma(connection, "index_list", table)
        if isinstance(name, str)
    }


def test_new_homes_of_tests_have_what_the_steps_leave(migrated: sqlite3.Connection) -> None:
    with closing(empty()) as connection:
        whole_schema.migrate(connection)
        assert list(connection.iterdump()) == list(migrated.iterdump())
        assert version(connection) == version(migrated)


def test_the_four_tables_are_described() -> None:
    assert sorted(SQLModel.metadata.tables) == DESCRIBED


@pytest.mark.parametrize("table", DESCRIBED)
def test_migrations_make_what_is_described(
    migrated: sqlite3.Connection, described: sqlite3.Connection, table: str
) -> None:
    assert columns(migrated, table) == columns(described, table)
    assert columns(migrated, table)
    assert pragma(migrated, "foreign_key_list", table) == pragma(described, "foreign_key_list", table)
    assert indexes(migrated, table) == indexes(described, table)


def test_what_only_plain_sql_uses_stands_in_the_migrations_alone(migrated: sqlite3.Connection) -> None:
    made = {name for (name,) in migrated.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert sorted(made - set(DESCRIBED)) == SQL_ONLY


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "examples"])
def test_every_insert_names_its_columns(folder: str) -> None:
    """Else what it writes depends on their order, and breaks with every new one. Released steps stay as they are."""
    tables = "|".join(DESCRIBED + SQL_ONLY)
    files = [path for path in (ROOT / folder).rglob("*.py") if path.name not in {"first_steps.py", "migrations.py"}]
    assert files
    assert not [path for path in files if re.search(rf"INTO ({tables}) VALUES", path.read_text("utf-8"))]


def test_a_released_step_stays_as_it_was() -> None:
    """A change of the schema is a step of its own, which is pinned as well."""
    assert [hashlib.sha256(step.encode()).hexdigest() for step in MIGRATIONS] == list(STEPS)
