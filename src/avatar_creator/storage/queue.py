"""Generations from their first moment to their last. Plain SQL: an inline run never waits for SQLModel."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.errors import StorageError
from avatar_creator.storage import ids
from avatar_creator.storage.database import change, now, transaction, translated
from avatar_creator.storage.rows import NewAvatar


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """A generation about to begin. ``request`` is all that was asked, as JSON."""

    project_id: str
    engine: str
    model: str
    seed: int
    request: Mapping[str, Any]
    provider: str | None = None
    id: str = field(default_factory=lambda: ids.new_id(ids.GENERATION))
    avatar_id: str = field(default_factory=lambda: ids.new_id(ids.AVATAR))

    def by(self, runner: str) -> "Running":
        """Return it as it is once ``runner`` works on it."""
        return Running(self.id, self.avatar_id, runner)


@dataclass(frozen=True, slots=True)
class Running:
    """A generation somebody works on: its id, and the id its avatar will have."""

    id: str
    avatar_id: str
    runner: str


class Charge(NamedTuple):
    """One picture that a provider made and charges for; ``rerolled``: in place of a useless one."""

    provider: str
    model: str
    rerolled: bool


class Queue:
    """Writes generations; every change is whole or not at all, and holds only while the row is `processing`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def ensure_project(self, name: str) -> str:
        """Return the id of the project of that name, made now if there is none."""
        at = now()
        with translated(self._path), transaction(self._connection):
            self._connection.execute(
                "INSERT INTO projects (id, name, description, created_at, updated_at)"
                " VALUES (?, ?, NULL, ?, ?) ON CONFLICT (name) DO NOTHING",
                (ids.new_id(ids.PROJECT), name, at, at),
            )
            row = self._connection.execute("SELECT id FROM projects WHERE name = ?", (name,)).fetchone()
        return str(row["id"])

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit once for all changes made within, each of them still whole or not at all by itself."""
        with translated(self._path):
            if self._connection.in_transaction:  # Ctrl-C came in the middle of Python's own steps out of one
                self._connection.execute("ROLLBACK")
            with transaction(self._connection):
                yield

    def begin(self, new: NewGeneration, runner: str) -> Running:
        """Insert a generation that ``runner`` works on from now: processing, started, 10 %."""
        at = now()
        values = {
            "id": new.id,
            "project_id": new.project_id,
            "avatar_id": new.avatar_id,
            "status": Status.PROCESSING.value,
            "stage": Stage.STARTED.value,
            "progress": Stage.STARTED.percent,
            "attempt": 1,
            "engine": new.engine,
            "model": new.model,
            "provider": new.provider,
            "seed": new.seed,
            "request": json.dumps(new.request, ensure_ascii=False, sort_keys=True),
            "runner": runner,
            "created_at": at,
            "started_at": at,
            "updated_at": at,
        }
        with self._change():
            self._insert("generations", values)
        return new.by(runner)

    def advance(self, progress: Progress) -> None:
        """Write where the generation is."""
        wait = progress.wait
        columns = {
            "stage": progress.stage.value,
            "progress": progress.percent,
            "attempt": progress.attempt,
            "waiting_for": wait.why if wait else None,
            "waiting_until": wait.until if wait else None,
            "updated_at": now(),
        }
        with self._change():
            self._update(progress.generation_id, columns)

    def charge(self, running: Running, charges: Sequence[Charge]) -> None:
        """Count the generation's pictures, of which ``charges`` are all up to now; whatever became of the generation.

        The row knows how many are counted, so that no interruption has one counted twice.
        """
        with self._change():
            row = self._connection.execute(
                "SELECT project_id, engine, pictures FROM generations WHERE id = ?", (running.id,)
            ).fetchone()
            if row is None:  # deleted meanwhile, and its project too
                return
            for charge in charges[row["pictures"] :]:
                self._connection.execute(
                    "INSERT INTO charge_tally VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
                    " pictures = pictures + 1, rerolled = rerolled + excluded.rerolled",
                    (row["project_id"], row["engine"], *charge),
                )
                self._connection.execute(
                    "UPDATE generations SET pictures = pictures + 1, provider = ? WHERE id = ?",
                    (charge.provider, running.id),
                )

    def complete(self, running: Running, avatar: NewAvatar, *, provider: str | None = None) -> None:
        """Insert the avatar and end its generation, which ``provider`` made if that is known only now."""
        at = now()
        columns = {"stage": Stage.DONE.value, "progress": Stage.DONE.percent}
        with self._change():
            if not self._end(running, Status.COMPLETED, at, columns | ({"provider": provider} if provider else {})):
                raise StorageError(
                    f"The generation {running.id} was ended or deleted by another process meanwhile.",
                    hint="Run the command again.",
                )
            self._insert("avatars", avatar.values(at))

    def end(self, running: Running, status: Status, failure: Failure) -> bool:
        """End a generation without an avatar. False if it was not processing any more."""
        columns = {"error_code": failure.code, "error_message": failure.message, "error_hint": failure.hint}
        with self._change():
            return self._end(running, status, now(), columns)

    def is_completed(self, running: Running) -> bool:
        """Tell whether the generation has its avatar."""
        with translated(self._path):
            row = self._connection.execute("SELECT status FROM generations WHERE id = ?", (running.id,)).fetchone()
        return row is not None and row["status"] == Status.COMPLETED

    def find_running(self) -> list[Running]:
        """Return every generation that some process works on, or worked on when it died."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id, avatar_id, runner FROM generations WHERE status = 'processing' ORDER BY id"
            ).fetchall()
        return [Running(**row) for row in rows]

    @contextmanager
    def _change(self) -> Iterator[None]:
        with translated(self._path), change(self._connection):
            yield

    def _end(self, running: Running, status: Status, at: str, columns: Mapping[str, object]) -> bool:
        ended = {"status": status.value, "runner": None, "waiting_for": None, "waiting_until": None}
        return self._update(running.id, {**columns, **ended, "updated_at": at, "finished_at": at})

    def _update(self, id_: str, columns: Mapping[str, object]) -> bool:
        assignments = ", ".join(f"{name} = ?" for name in columns)
        done = self._connection.execute(
            f"UPDATE generations SET {assignments} WHERE id = ? AND status = 'processing'",
            (*columns.values(), id_),
        )
        return done.rowcount == 1

    def _insert(self, table: str, values: Mapping[str, object]) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
