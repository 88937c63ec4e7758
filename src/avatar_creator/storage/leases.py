"""Generations from their first moment to their last. Plain SQL: whoever makes pictures never waits for SQLModel.

What a process writes of a generation holds only while the row is `processing` under its fence: the number of times
that the generation was taken up. Whoever lost it changes nothing any more.

What is asked again and again names its index: SQLite would take the one of all that ended, and read or sort them all.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.errors import StorageError
from avatar_creator.storage import ids
from avatar_creator.storage.database import now, transaction, translated
from avatar_creator.storage.writing import Writer

if TYPE_CHECKING:
    from avatar_creator.domain.progress import Progress
    from avatar_creator.storage.rows import NewAvatar  # who only queues has none


@dataclass(slots=True, eq=False, repr=False)  # to define those methods too would take three times as long
class NewGeneration:
    """A generation that is not there yet. ``request`` is all that was asked, as JSON.

    The rest matters to those that wait for the worker: ``not_before`` is a time in UTC, ``after_id`` the generation
    that must be completed first, ``credential`` the fingerprint of what is to be paid with, ``on_done`` a command.
    """

    project_id: str
    engine: str
    model: str
    seed: int
    request: Mapping[str, Any]
    provider: str | None = None
    priority: int = 0
    not_before: str | None = None
    after_id: str | None = None
    credential: str | None = None
    on_done: Sequence[str] | None = None
    id: str = field(default_factory=lambda: ids.new_id(ids.GENERATION))
    avatar_id: str = field(default_factory=lambda: ids.new_id(ids.AVATAR))

    def by(self, runner: str) -> "Lease":
        """Return it as it is once ``runner`` works on it."""
        return Lease(self.id, self.avatar_id, self.project_id, self.engine, self.seed, runner, fence=1, attempt=0)


class Lease(NamedTuple):
    """A generation somebody works on, as it was when it was taken up.

    ``avatar_id`` is the one its avatar will have; ``fence`` counts those who took it up, this one included, and
    ``interruptions`` those who were killed over it.
    """

    id: str
    avatar_id: str
    project_id: str
    engine: str
    seed: int
    runner: str
    fence: int
    attempt: int
    pictures: int = 0
    detached: bool = False
    interruptions: int = 0
    stop_asked: bool = False

    @property
    def file_name(self) -> str:
        """What its files are called: whoever lost a generation never writes over those of its heir."""
        return self.avatar_id if self.fence == 1 else f"{self.avatar_id}-{self.fence}"


_RUNNING = ", ".join(Lease._fields)


class Claimed(NamedTuple):
    """A generation that waited and was taken up, with its request as it was kept."""

    running: Lease
    request: Mapping[str, Any]


class Charge(NamedTuple):
    """One picture that a provider made and charges for; ``rerolled``: in place of a useless one."""

    provider: str
    model: str
    rerolled: bool


class Leases(Writer):
    """Writes generations; every change is whole or not at all."""

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

    # -- into the queue, and out of it

    def begin(self, new: NewGeneration, runner: str) -> Lease:
        """Insert a generation that ``runner`` works on from now: processing, started, 10 %."""
        running = new.by(runner)
        begun = {
            "status": Status.PROCESSING.value,
            "stage": Stage.STARTED.value,
            "progress": Stage.STARTED.percent,
            "attempt": running.attempt,
            "fence": running.fence,
            "runner": runner,
            "started_at": now(),
        }
        with self._change():
            self._add(new, begun)
            self._note(new.id, "begun")
        return running

    def add(self, new: NewGeneration) -> None:
        """Insert a generation that waits for the worker."""
        with self._change():
            waiting = {"status": Status.PENDING.value, "stage": Stage.QUEUED.value, "progress": 0, "attempt": 0}
            self._add(new, waiting | {"detached": 1})
            self._note(new.id, "queued")

    def claim(
        self, runner: str, credentials: Sequence[str], *, idle: bool, without: Sequence[str] = ()
    ) -> Claimed | None:
        """Take up the next generation that waits, if it is due and can be paid with one of ``credentials``.

        One that was interrupted before is made alone, since it may be what kills workers: only when ``idle`` is it
        taken up, and until then none behind it is. ``without`` names engines that are busy.
        """
        at = now()
        with self._change():
            row = self._connection.execute(
                "UPDATE generations SET status = 'processing', stage = 'started', progress = 10, fence = fence + 1,"
                " runner = ?, started_at = ?, updated_at = ? WHERE id = ("
                f" SELECT id FROM generations g INDEXED BY generations_pending WHERE {_CLAIMABLE}"
                " AND (not_before IS NULL OR not_before <= ?)"
                f" AND {FOLLOWS}"
                " AND engine NOT IN (SELECT value FROM json_each(?))"
                " ORDER BY priority DESC, id LIMIT 1)"
                f" AND (interruptions = 0 OR ?) RETURNING {_RUNNING}, request",
                (runner, at, at, json.dumps(credentials), at, json.dumps(without), idle),
            ).fetchone()
            if row is None:
                return None
            self._note(row["id"], "begun", "by the worker")
        values = dict(row)
        request = json.loads(values.pop("request"))
        return Claimed(_running(values), request)

    def release(self, running: Lease, attempt: int) -> bool:
        """Put a generation back that its worker has no time for; ``attempt`` is what its row is to count."""
        columns = {"status": Status.PENDING.value, "stage": Stage.QUEUED.value, "progress": 0, "attempt": attempt}
        with self._change():
            released = self._update(running, {**columns, **_NOBODY, "updated_at": now()})
            if released:
                self._note(running.id, "released", "the worker was stopped")
                self._heed_stop(running)
            return released

    # -- while it is made

    def advance(self, running: Lease, progress: "Progress", before: "Progress | None" = None) -> bool:
        """Write where the generation is, and was ``before``; False if it is another's now, or has ended."""
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
            if not self._update(running, columns):
                return False
            if before is not None and progress.attempt != before.attempt:
                self._note(running.id, "asked", f"attempt {progress.attempt}")
            if wait is not None and (before is None or wait != before.wait):
                self._note(running.id, "waiting", f"until {wait.until}: {wait.why}")
            return True

    def charge(self, running: Lease, charges: Sequence[Charge], counted: int = 0) -> None:
        """Count the pictures made for ``running``, of which ``charges`` are all up to now; whatever became of it.

        The row knows how many are counted, so that no interruption has one counted twice; ``counted`` says it for
        a generation that somebody else took up meanwhile: that one's row counts its heir's only.
        """
        with self._change():
            row = self._connection.execute(
                "SELECT project_id, engine, pictures, fence FROM generations WHERE id = ?", (running.id,)
            ).fetchone()
            if row is None:  # deleted meanwhile, and its project too
                return
            own = row["fence"] == running.fence
            known = row["pictures"] - running.pictures if own else counted
            for charge in charges[known:]:
                self._connection.execute(
                    "INSERT INTO charge_tally (project_id, engine, provider, model, pictures, rerolled)"
                    " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
                    " pictures = pictures + 1, rerolled = rerolled + excluded.rerolled",
                    (row["project_id"], row["engine"], *charge),
                )
                if own:  # else its heir would take them for its own, and count as many fewer
                    self._connection.execute(
                        "UPDATE generations SET pictures = pictures + 1, provider = ? WHERE id = ?",
                        (charge.provider, running.id),
                    )
                self._note(running.id, "charged", f"by {charge.provider} ({charge.model})")

    def wanted(self, runner: str) -> dict[str, bool]:
        """Return the generations that are still ``runner``'s, and of each whether it was asked to stop."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id, stop_asked FROM generations INDEXED BY generations_running"
                " WHERE status = 'processing' AND runner = ?",
                (runner,),
            ).fetchall()
        return {row["id"]: bool(row["stop_asked"]) for row in rows}

    # -- its end

    def complete(
        self, running: Lease, avatar: "NewAvatar", *, provider: str | None = None, notices: Sequence[str] = ()
    ) -> None:
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
            for notice in notices:
                self._note(running.id, "notice", notice)
            self._note(running.id, Status.COMPLETED.value, avatar.id)

    def end(self, running: Lease, status: Status, failure: Failure) -> bool:
        """End a generation without an avatar. False if it was not processing any more."""
        columns = {"error_code": failure.code, "error_message": failure.message, "error_hint": failure.hint}
        with self._change():
            ended = self._end(running, status, now(), columns)
            if ended:
                self._note(running.id, status.value, failure.message)
            return ended

    def is_completed(self, running: Lease) -> bool:
        """Tell whether the generation got its avatar from ``running``."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT 1 FROM generations WHERE id = ? AND fence = ? AND status = 'completed'"
                # Its details may be forgotten already; the name of the file tells whose avatar it is.
                " UNION ALL SELECT 1 FROM avatars WHERE generation_id = ? AND instr(image_path, ?) > 0",
                (running.id, running.fence, running.id, f"/{running.file_name}."),
            ).fetchone()
        return row is not None

    def find_running(self) -> list[Lease]:
        """Return every generation that some process works on, or worked on when it died."""
        with translated(self._path):
            rows = self._connection.execute(
                f"SELECT {_RUNNING} FROM generations WHERE status = 'processing' ORDER BY id"
            ).fetchall()
        return [_running(dict(row)) for row in rows]

    def interrupt(self, running: Lease) -> bool:
        """Put a generation of the worker's back whose process was killed, to be made again."""
        with self._change():
            columns = {"status": Status.PENDING.value, "stage": Stage.QUEUED.value, "progress": 0}
            done = self._update(running, {**columns, **_NOBODY, "updated_at": now()})
            if done:
                self._connection.execute(
                    "UPDATE generations SET interruptions = interruptions + 1 WHERE id = ?", (running.id,)
                )
                self._note(running.id, "interrupted", "its process was killed")
                self._heed_stop(running)
            return done

    # -- statements

    def _heed_stop(self, running: Lease) -> None:
        """Cancel what was put back although its user had asked to stop it a moment before."""
        stopped = self._connection.execute(
            "UPDATE generations SET status = 'cancelled', error_code = 'cancelled', finished_at = updated_at,"
            " error_message = 'Cancelled by the user.' WHERE id = ? AND stop_asked",
            (running.id,),
        )
        if stopped.rowcount:
            self._note(running.id, Status.CANCELLED.value)

    def _add(self, new: NewGeneration, columns: Mapping[str, object]) -> None:
        at = now()
        values = {
            "id": new.id,
            "project_id": new.project_id,
            "avatar_id": new.avatar_id,
            "engine": new.engine,
            "model": new.model,
            "provider": new.provider,
            "seed": new.seed,
            "request": json.dumps(new.request, ensure_ascii=False, sort_keys=True),
            "priority": new.priority,
            "not_before": new.not_before,
            "after_id": new.after_id,
            "credential": new.credential,
            "on_done": None if new.on_done is None else json.dumps(list(new.on_done)),
            "created_at": at,
            "updated_at": at,
        }
        self._insert("generations", {**values, **columns})

    def _end(self, running: Lease, status: Status, at: str, columns: Mapping[str, object]) -> bool:
        ended = {"status": status.value, **_NOBODY, "updated_at": at, "finished_at": at}
        return self._update(running, {**columns, **ended})

    def _update(self, running: Lease, columns: Mapping[str, object]) -> bool:
        assignments = ", ".join(f"{name} = ?" for name in columns)
        done = self._connection.execute(
            f"UPDATE generations SET {assignments} WHERE id = ? AND status = 'processing' AND fence = ?",
            (*columns.values(), running.id, running.fence),
        )
        return done.rowcount == 1

    def _insert(self, table: str, values: Mapping[str, object]) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


# Of a generation `g`: what it is to follow is completed, and perhaps forgotten since.
FOLLOWS = (
    "(after_id IS NULL OR EXISTS (SELECT 1 FROM generations p WHERE p.id = g.after_id AND p.status = 'completed')"
    " OR EXISTS (SELECT 1 FROM avatars a WHERE a.generation_id = g.after_id))"
)
_CLAIMABLE = "status = 'pending' AND (credential IS NULL OR credential IN (SELECT value FROM json_each(?)))"
_NOBODY: Mapping[str, object] = {"runner": None, "waiting_for": None, "waiting_until": None}


def _running(values: dict[str, Any]) -> Lease:
    return Lease(**{**values, **{name: bool(values[name]) for name in ("detached", "stop_asked")}})
