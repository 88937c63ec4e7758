"""What any process may do with generations: add, cancel, retry, fail and prune them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from avatar_creator.domain.records import Failure, Stage, Status, cancelled
from avatar_creator.storage import ids, shared_rows
from avatar_creator.storage.claiming import Claims, Maker, find_any, find_first, find_kinds
from avatar_creator.storage.conditions import IS_DUE
from avatar_creator.storage.database import Connection, now, transaction, translated
from avatar_creator.storage.followers import GIVEN, Followers
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.portions import GAP_S, portions
from avatar_creator.storage.records import request_of
from avatar_creator.storage.waiting import WAITING

if TYPE_CHECKING:
    from avatar_creator.storage.spending import ReadLimits, Spending

_ENDED = "('completed', 'failed', 'cancelled')"
# No hook is to be started any more, and no copy to be written.
_FOLLOWED = f"(on_done IS NULL OR hook_started OR owner IS NOT NULL) AND NOT ({IS_DUE})"
_FEW = 100  # generations that are written at once: it takes some milliseconds
_OWNED = "WHERE status = 'pending' AND owner = ?"
# For `retry`, and for a batch that takes a generation up again.
AGAIN = (
    f"status = 'pending', stage = '{Stage.QUEUED.value}', progress = 0, attempt = 0, interruptions = 0,"
    " stop_asked = 0, hook_started = 0, error_code = NULL, error_message = NULL, error_hint = NULL, error_ends_run = 0,"
    " started_at = NULL, finished_at = NULL"
)


class PendingHook(NamedTuple):
    """A generation that ended, and its user's command, which is to be started."""

    id: str
    status: Status
    command: Sequence[str]


class Generations(Followers):
    """Adds generations, and changes those that wait or have ended; every change is whole or not at all.

    What is added or tried again, and paid for, is refused beyond ``limits``.
    """

    def __init__(self, connection: Connection, path: Path, limits: "ReadLimits | None" = None) -> None:
        super().__init__(connection, path)
        self._limits = limits

    @cached_property
    def spending(self) -> "Spending":
        """What counts what is paid for. Most of what is queued is free: then it is not even loaded."""
        from avatar_creator.storage.spending import Spending  # noqa: PLC0415

        return Spending(self._connection, self._path, self._limits)

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

    def add(self, *news: NewGeneration) -> None:
        """Insert generations that wait to be claimed, all or none: each by its owner, or else by a worker.

        Raises LimitReached, and InvalidInput for too many that nobody has agreed to pay for.
        """
        at = now()
        with self._change():
            self._insert("generations", *(new.values(at) for new in news))
            self._insert(
                "generation_events",
                *({"generation_id": new.id, "at": at, "event": "queued", "said": None} for new in news),
            )
            prices, unasked = _to_pay(news)
            if prices:
                self.spending.refuse_added(prices, unasked)

    def check_limits(self, news: Sequence[NewGeneration]) -> None:
        """Raise what adding these would raise now, because they are paid for."""
        prices, unasked = _to_pay(news)
        if prices:
            self.spending.check(prices, unasked)

    def find_owners(self) -> list[str]:
        """Return the processes that own generations which wait."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT DISTINCT owner FROM generations INDEXED BY generations_owned"
                " WHERE status = 'pending' AND owner IS NOT NULL"
            ).fetchall()
        return [row["owner"] for row in rows]

    def end_owned(self, owner: str, status: Status, failure: Failure) -> int:
        """End all that wait for ``owner``, which will not make them, and return how many.

        The hint of each says how to make it after all.
        """
        with self._change():
            self._run(
                "INSERT INTO generation_events (generation_id, at, event, said) SELECT id, ?, ?, ?"
                f" FROM generations INDEXED BY generations_owned {_OWNED}",
                *(now(), status.value, failure.message, owner),
            )
            return self._run(
                "UPDATE generations INDEXED BY generations_owned SET status = ?, error_code = ?, error_message = ?,"
                " error_hint = 'To make ' || CASE WHEN batch_id IS NULL THEN 'it after all: avatar retry ' || id"
                "  ELSE 'all of them: avatar retry --batch ' || batch_id END, finished_at = ?, updated_at = ?"
                f" {_OWNED}",
                *(status.value, failure.code, failure.message, now(), now(), owner),
            )

    def cancel(self, id_: str, *, at_once: bool = False) -> Status | None:
        """Have a generation stop; return its status now, None if it is gone.

        One that waits is cancelled. One that is made is asked to stop; with ``at_once`` it is cancelled, and its lease
        is lost.
        """
        with self._change():
            self.cancel_some([id_], at_once=at_once)
            return self._status(id_)

    def cancel_some(self, ids: Sequence[str], *, at_once: bool = False) -> None:
        """Have generations stop, as `cancel` does; those that ended or are gone are skipped."""
        stoppable = "('pending', 'processing')" if at_once else "('pending')"
        why = cancelled("")  # SQL adds the id
        given = json.dumps(ids, ensure_ascii=False)  # half of a character is refused, as it is elsewhere
        with self._change():
            done = self._connection.execute(
                "UPDATE generations SET status = 'cancelled', error_code = ?, error_message = ?, error_hint = ? || id,"
                " runner = NULL, waiting_for = NULL, waiting_until = NULL, finished_at = ?, updated_at = ?"
                f" WHERE {GIVEN} AND +status IN {stoppable} RETURNING id",
                (*why, now(), now(), given),
            ).fetchall()
            for row in done:
                self._note(row["id"], Status.CANCELLED.value, why.message)
            asked = self._connection.execute(
                f"UPDATE generations SET stop_asked = 1 WHERE {GIVEN} AND +status = 'processing' RETURNING id",
                (given,),
            ).fetchall()
            for row in asked:
                self._note(row["id"], "stop_asked")

    def retry(self, id_: str, credential: str | None, *, has_response: bool = False) -> bool:
        """Have a generation that failed or was cancelled wait again, to be paid with ``credential``.

        Nothing more is to be paid for one that ``has_response`` of a service.
        One that waits already gets the credential, unless a process owns it: that one pays as it was started. False
        if it is completed or being made. Raises LimitReached.
        """
        with self._change():
            if self._status(id_) is Status.PENDING:
                self._run("UPDATE generations SET credential = ? WHERE id = ? AND owner IS NULL", credential, id_)
                return True
            done = self._run(
                f"UPDATE generations SET {AGAIN}, credential = ?, not_before = NULL, updated_at = ?, owner = NULL"
                " WHERE id = ? AND status IN ('failed', 'cancelled')",
                credential,
                now(),
                id_,
            )
            if done:
                self._note(id_, "queued", "to be tried again")
                if has_response:
                    shared_rows.stop_sharing(self._connection, id_)
                self.spending.renew(id_, has_response=has_response)
            return done > 0

    def has_work(self, credentials: Sequence[str], *, due: bool = False, over_limit: Sequence[str] = ()) -> bool:
        """Return whether any generation waits that can be paid with one of ``credentials``; ``due``: and made now.

        Of the engines ``over_limit`` only those count that need no further payment.
        """
        claims = Claims(over=over_limit, credentials=credentials)
        with translated(self._path):
            kinds = find_kinds(self._connection)
            return find_first(self._connection, kinds, claims, now(), due=due) is not None

    def has_pending(self) -> bool:
        """Return whether any generation waits for a worker."""
        with translated(self._path):
            row = self._connection.execute(f"SELECT 1 {WAITING} LIMIT 1").fetchone()
        return row is not None

    def find_credentials(self, *, but: Sequence[str]) -> list[tuple[str, str, Mapping[str, object]]]:
        """Return engine, fingerprint and options of what waits for credentials ``but`` these, once each."""
        found: dict[Maker, Mapping[str, object]] = {}
        with translated(self._path):
            for kind in find_kinds(self._connection):
                wanted = {each for each in kind.makers if each.credential not in {None, *but}} - found.keys()
                row = find_any(self._connection, kind) if wanted else None
                if row is not None:
                    asked = {each["engine"]: each["request"] for each in shared_rows.shared_of(row["fallback"])}
                    asked[kind.own.engine] = request_of(row["request"])
                    found |= {each: asked[each.engine].get("options", {}) for each in wanted}
        return [(engine, credential, options) for (engine, credential), options in found.items() if credential]

    def find_ids(
        self, statuses: Sequence[Status], project_id: str | None = None, batch_id: str | None = None
    ) -> list[str]:
        """Return the ids of the generations with one of the statuses, oldest first."""
        given = {"project_id": project_id, "batch_id": batch_id}
        others = {name: value for name, value in given.items() if value is not None}
        marks = ", ".join("?" * len(statuses))
        where = " AND ".join((f"status IN ({marks})", *(f"{name} = ?" for name in others)))
        values = (*statuses, *others.values())
        with translated(self._path):
            rows = self._connection.execute(f"SELECT id FROM generations WHERE {where} ORDER BY id", values).fetchall()
        return [row["id"] for row in rows]

    def find_unfinished(self, ids: Iterable[str]) -> set[str]:
        """Return those of the ids whose generations are made, or may be: all that are there and not completed."""
        with translated(self._path):
            rows = self._connection.execute(
                f"SELECT id FROM generations WHERE {GIVEN} AND status != 'completed'",
                (json.dumps(list(ids)),),
            ).fetchall()
        return {row["id"] for row in rows}

    # -- hooks

    def find_hooks(self, only: Sequence[str] | None = None) -> list[PendingHook]:
        """Return ended generations whose command was not started yet: of all that a worker made, or of ``only`` some.

        An inline run starts those of its own generations.
        """
        which = "owner IS NULL" if only is None else "id IN (SELECT value FROM json_each(?))"
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id, status, on_done FROM generations INDEXED BY generations_hooks"
                f" WHERE on_done IS NOT NULL AND NOT hook_started AND status IN {_ENDED} AND {which} ORDER BY id",
                () if only is None else (json.dumps(only),),
            ).fetchall()
        return [PendingHook(row["id"], Status(row["status"]), json.loads(row["on_done"])) for row in rows]

    def record_hook(self, id_: str, said: str) -> None:
        """Record that a generation's command was started, or why it could not be."""
        with self._change():
            if self._run("UPDATE generations SET hook_started = 1 WHERE id = ?", id_):  # else it was deleted meanwhile
                self._note(id_, "on_done", said)

    # -- forgetting

    def prune(self, *, completed_before: str, failed_before: str) -> int:
        """Delete generations that ended before these times, and return how many. Statistics still count them.

        One that another waits for stays. Of very many an interrupt may leave some; the next call deletes them.
        """
        return sum(self.prune_portions(completed_before=completed_before, failed_before=failed_before))

    def prune_portions(self, *, completed_before: str, failed_before: str, gap_s: float = GAP_S) -> Iterator[int]:
        """Delete them as `prune` does, and yield after each transaction how many it deleted."""
        forgotten = 0

        def forget(ids: Sequence[str]) -> None:
            nonlocal forgotten
            forgotten += self._forget(ids)

        old = chain(
            self._find_ended(Status.COMPLETED, completed_before),
            self._find_ended(Status.FAILED, failed_before),
            self._find_ended(Status.CANCELLED, failed_before),
        )
        for _ in portions(old, self._change, forget, gap_s=gap_s):
            yield forgotten
            forgotten = 0

    def _find_ended(self, status: Status, before: str) -> Iterator[list[str]]:
        """Yield ids of generations that ended so before a time, a page at a time, oldest first."""
        at, number = "", 0
        while True:
            with translated(self._path):
                rows = self._connection.execute(
                    "SELECT rowid, id, finished_at FROM generations INDEXED BY generations_ended"
                    " WHERE status = ? AND finished_at < ? AND (finished_at, rowid) > (?, ?)"
                    " ORDER BY finished_at, rowid LIMIT ?",
                    (status.value, before, at, number, _FEW),
                ).fetchall()
            if not rows:
                return
            yield [row["id"] for row in rows]
            at, number = rows[-1]["finished_at"], rows[-1]["rowid"]

    def _forget(self, ids: Sequence[str]) -> int:
        """Delete those of the generations that no other waits for; return how many."""
        gone = self._connection.execute(
            f"DELETE FROM generations WHERE {GIVEN} AND +status IN {_ENDED}"
            f" AND {_FOLLOWED} AND NOT EXISTS (SELECT 1 FROM generations f INDEXED BY generations_after"
            "  WHERE f.status = 'pending' AND f.after_id = generations.id)"
            " RETURNING project_id, status, engine",
            (json.dumps(ids),),
        ).fetchall()
        for (project_id, status, engine), number in Counter(map(tuple, gone)).items():
            self._run(  # the trigger subtracted them; pruned ones stay counted
                "UPDATE generation_tally SET generations = generations + ?"
                " WHERE project_id = ? AND status = ? AND engine = ?",
                *(number, project_id, status, engine),
            )
        return len(gone)

    # -- statements

    def _run(self, sql: str, *values: object) -> int:
        return self._connection.execute(sql, values).rowcount

    def _status(self, id_: str) -> Status | None:
        row = self._connection.execute("SELECT status FROM generations WHERE id = ?", (id_,)).fetchone()
        return row and Status(row["status"])


def _to_pay(news: Sequence[NewGeneration]) -> tuple[list[float | None], int]:
    """Return the prices of those that are paid for, and how many of them nobody has agreed to."""
    to_pay = [new for new in news if new.paid]
    return [new.price_usd for new in to_pay], sum(new.unasked for new in to_pay)
