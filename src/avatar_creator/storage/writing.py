"""What the classes share that write with plain SQL."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from avatar_creator.storage.database import Connection, change, now, transaction, translated


def sentences(said: Sequence[str]) -> str | None:
    """Return sentences as a column holds them: a JSON list, NULL for none."""
    return json.dumps(said, ensure_ascii=False) if said else None


class Writer:
    """Changes rows; every change is whole or not at all. Errors of SQLite are raised as StorageError."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def check_home(self) -> None:
        """Raise HomeGone when the home was deleted or replaced since it was opened. For any thread."""
        self._connection.check_home()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit once for all changes made within, each of them still whole or not at all by itself."""
        with translated(self._path):
            if self._connection.in_transaction:  # Ctrl-C came while Python was leaving the one before
                self._connection.execute("ROLLBACK")
            with transaction(self._connection):
                yield

    @contextmanager
    def _change(self) -> Iterator[None]:
        with translated(self._path), change(self._connection):
            yield

    def _note(self, id_: str, event: str, said: str | None = None) -> None:
        """Add an event of a generation, in the change that makes it happen."""
        sql = "INSERT INTO generation_events (generation_id, at, event, said) VALUES (?, ?, ?, ?)"
        self._connection.execute(sql, (id_, now(), event, said))

    def _insert(self, table: str, *rows: Mapping[str, object]) -> None:
        """Insert rows that have the same columns, in one call: many calls wait long for Python's lock."""
        for first in rows[:1]:
            names, marks = ", ".join(first), ", ".join("?" * len(first))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            self._connection.executemany(sql, (tuple(row.values()) for row in rows))
