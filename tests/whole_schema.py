"""The tables of a new home without the way there: its eleven steps take longer than most tests do."""

import sqlite3
from contextlib import closing
from functools import cache

from avatar_creator.storage import migrations


def migrate(connection: sqlite3.Connection) -> None:
    """Do as `storage.migrations.migrate` does, but make what is new at once."""
    if migrations.version(connection):
        migrations.migrate(connection)
        return
    for statement in _statements(migrations.MIGRATIONS):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS)}")


@cache
def _statements(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return what makes all that is there after these steps."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("".join(steps))
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        return tuple(sql for (sql,) in made)
