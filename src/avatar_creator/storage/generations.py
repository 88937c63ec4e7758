"""Generations that nobody works on: told to stop, tried again, given up, forgotten."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.leases import FOLLOWS
from avatar_creator.storage.writing import Writer

CANCELLED = Failure("cancelled", "Cancelled by the user.", None)
_ENDED = "('completed', 'failed', 'cancelled')"
_LEFT_BEHIND = (
    "WHERE status = 'pending' AND after_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM generations p"
    " WHERE p.id = generations.after_id AND p.status IN ('pending', 'processing', 'completed'))"
    " AND NOT EXISTS (SELECT 1 FROM avatars a WHERE a.generation_id = generations.after_id)"
)
_AGAIN = f"status = 'pending', stage = '{Stage.QUEUED.value}', progress = 0"


class PendingHook(NamedTuple):
    """A generation that ended, and the command that its user wants to be started then."""

    id: str
    status: Status
    command: Sequence[str]


class Generations(Writer):
    """Changes generations that wait or have ended; every change is whole or not at all."""

    def cancel(self, id_: str, *, at_once: bool = False) -> Status | None:
        """Have a generation stop; return its status now, None if it is gone.

        One that waits is cancelled; one that is made is only asked to stop, unless ``at_once``: then whoever
        makes it has lost it.
        """
        stoppable = "('pending', 'processing')" if at_once else "('pending')"
        with self._change():
            done = self._run(
                "UPDATE generations SET status = 'cancelled', error_code = ?, error_message = ?, error_hint = ?,"
                " runner = NULL, waiting_for = NULL, waiting_until = NULL, finished_at = ?, updated_at = ?"
                f" WHERE id = ? AND status IN {stoppable}",
                CANCELLED.code,
                CANCELLED.message,
                f"To make it after all: avatar retry {id_}",
                now(),
                now(),
                id_,
            )
            if done:
                self._note(id_, Status.CANCELLED.value, CANCELLED.message)
            elif self._run("UPDATE generations SET stop_asked = 1 WHERE id = ? AND status = 'processing'", id_):
                self._note(id_, "stop_asked")
            return self._status(id_)

    def retry(self, id_: str, credential: str | None) -> bool:
        """Have a generation that failed or was cancelled wait again, to be paid with ``credential``.

        One that waits already gets the credential. False if it is completed or being made.
        """
        with self._change():
            if self._run("UPDATE generations SET credential = ? WHERE id = ? AND status = 'pending'", credential, id_):
                return True
            done = self._run(
                f"UPDATE generations SET {_AGAIN}, attempt = 0, interruptions = 0, stop_asked = 0, told = 0,"
                " detached = 1, credential = ?, not_before = NULL, error_code = NULL, error_message = NULL,"
                " error_hint = NULL, started_at = NULL, finished_at = NULL, updated_at = ?"
                " WHERE id = ? AND status IN ('failed', 'cancelled')",
                credential,
                now(),
                id_,
            )
            if done:
                self._note(id_, "queued", "to be tried again")
            return done > 0

    def fail_followers(self) -> int:
        """Fail those that wait for a generation that will never be completed, and return how many."""
        look = f"SELECT 1 FROM generations INDEXED BY generations_after {_LEFT_BEHIND} LIMIT 1"
        with translated(self._path):  # most of the time there is none, and nobody is to wait for that
            if self._connection.execute(look).fetchone() is None:
                return 0
        with self._change():
            return self._fail_followers()

    def has_work(self, credentials: Sequence[str], *, due: bool = False) -> bool:
        """Tell whether any generation waits that can be paid with one of ``credentials``; ``due``: and made now."""
        with translated(self._path):
            row = self._connection.execute(
                "SELECT 1 FROM generations g INDEXED BY generations_pending"
                " WHERE status = 'pending' AND (credential IS NULL OR credential IN (SELECT value FROM json_each(?)))"
                f" AND (NOT ? OR ((not_before IS NULL OR not_before <= ?) AND {FOLLOWS})) LIMIT 1",
                (json.dumps(credentials), due, now()),
            ).fetchone()
        return row is not None

    def find_credentials(self, *, but: Sequence[str]) -> list[tuple[str, str, Mapping[str, object]]]:
        """Return engine, fingerprint and options of what waits for credentials ``but`` these, once each."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT g.engine, g.credential, g.request FROM generations g WHERE g.id IN ("
                " SELECT min(id) FROM generations INDEXED BY generations_to_pay WHERE status = 'pending'"
                " AND credential IS NOT NULL AND credential NOT IN (SELECT value FROM json_each(?))"
                " GROUP BY credential, engine)",
                (json.dumps(but),),
            ).fetchall()
        return [(row["engine"], row["credential"], json.loads(row["request"]).get("options", {})) for row in rows]

    def find_ids(self, statuses: Sequence[Status], project_id: str | None = None) -> list[str]:
        """Return the ids of the generations with one of the statuses, oldest first."""
        marks = ", ".join("?" * len(statuses))
        where = f"status IN ({marks})" + (" AND project_id = ?" if project_id else "")
        values = (*statuses, project_id) if project_id else tuple(statuses)
        with translated(self._path):
            rows = self._connection.execute(f"SELECT id FROM generations WHERE {where} ORDER BY id", values).fetchall()
        return [row["id"] for row in rows]

    # -- whom to tell

    def find_to_tell(self, *, detached: bool = True) -> list[PendingHook]:
        """Return the ended generations whose command was not started yet: the worker's, or those of inline runs."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id, status, on_done FROM generations INDEXED BY generations_to_tell"
                f" WHERE on_done IS NOT NULL AND NOT told AND status IN {_ENDED} AND detached = ? ORDER BY id",
                (detached,),
            ).fetchall()
        return [PendingHook(row["id"], Status(row["status"]), json.loads(row["on_done"])) for row in rows]

    def told(self, id_: str, said: str) -> None:
        """Note that a generation's command was started, or why it could not be."""
        with self._change():
            if self._run("UPDATE generations SET told = 1 WHERE id = ?", id_):  # else it was deleted meanwhile
                self._note(id_, "told", said)

    # -- forgetting

    def prune(self, *, completed_before: str, failed_before: str) -> int:
        """Forget generations that ended before these times, and return how many. Statistics keep their counts.

        One that another waits for stays.
        """
        with self._change():
            old = (
                "((status = 'completed' AND finished_at < ?) OR"
                " (status IN ('failed', 'cancelled') AND finished_at < ?)) AND (on_done IS NULL OR told"
                " OR NOT detached) AND id NOT IN"
                " (SELECT after_id FROM generations INDEXED BY generations_after"
                "  WHERE status = 'pending' AND after_id IS NOT NULL)"
            )
            times = (completed_before, failed_before)
            counts = self._connection.execute(
                "SELECT project_id, status, engine, count(*) AS generations FROM generations"
                f" WHERE {old} GROUP BY project_id, status, engine",
                times,
            ).fetchall()
            pruned = self._run(f"DELETE FROM generations WHERE {old}", *times)
            for count in counts:  # the trigger took them away: they are counted for good
                self._run(
                    "UPDATE generation_tally SET generations = generations + ?"
                    " WHERE project_id = ? AND status = ? AND engine = ?",
                    count["generations"],
                    count["project_id"],
                    count["status"],
                    count["engine"],
                )
            return pruned

    # -- statements

    def _run(self, sql: str, *values: object) -> int:
        return self._connection.execute(sql, values).rowcount

    def _status(self, id_: str) -> Status | None:
        row = self._connection.execute("SELECT status FROM generations WHERE id = ?", (id_,)).fetchone()
        return row and Status(row["status"])

    def _fail_followers(self) -> int:
        failed, only, ids = 0, "", tuple[str, ...]()
        while True:  # one that fails may have followers of its own
            rows = self._connection.execute(
                "UPDATE generations INDEXED BY generations_after"
                " SET status = 'failed', error_code = 'after', finished_at = ?, updated_at = ?,"
                " error_message = 'The generation ' || after_id || ', which it was to follow, was not completed.',"
                " error_hint = 'To make it all the same: avatar retry ' || id, after_id = NULL"
                f" {_LEFT_BEHIND}{only}"
                " RETURNING id, error_message",
                (now(), now(), *ids),
            ).fetchall()
            for row in rows:
                self._note(row["id"], Status.FAILED.value, row["error_message"])
            if not rows:
                return failed
            failed += len(rows)
            only, ids = " AND after_id IN (SELECT value FROM json_each(?))", (json.dumps([row["id"] for row in rows]),)
