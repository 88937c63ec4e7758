"""What another program does to the database, and what it reads there."""

import sqlite3
from contextlib import closing
from typing import Any

from avatar_creator.home import Home


def run_sql(home: Home, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement in a connection of its own, committed at once; return its rows."""
    with closing(sqlite3.connect(home.database, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        return connection.execute(statement, values).fetchall()
