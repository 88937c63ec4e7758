"""The row of the one worker of a home: who it is, and whether it accepts work.

Whether one must be started is read in the transaction that adds the work, and a worker stops accepting in a transaction
of its own. So no generation is added unseen between the last claim of a worker and its end.
"""

import json
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from avatar_creator.domain.worker_status import EngineProcessStatus
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.writing import Writer


class Leave(IntEnum):
    """When the worker is asked to leave."""

    NO = 0
    WHEN_IDLE = 1  # as soon as there is nothing left that it can make: another one stands by
    NOW = 2  # as soon as what it makes now is done
    AT_ONCE = 3  # what it makes now is put back


class WorkerRow(NamedTuple):
    """The worker that began last. Its lock says whether it still lives.

    ``credentials`` are the fingerprints of what it can pay with, ``engine_processes`` those it had when it wrote that.
    """

    accepting: bool
    leave: Leave
    runner: str
    pid: int
    version: str
    credentials: tuple[str, ...]
    concurrency: int
    started_at: str
    engine_processes: tuple[EngineProcessStatus, ...]


class Workers(Writer):
    """Reads and writes the one row of the worker."""

    def find(self) -> WorkerRow | None:
        """Return the worker that began last, None if there never was one."""
        with translated(self._path):
            row = self._connection.execute(f"SELECT {', '.join(WorkerRow._fields)} FROM worker").fetchone()
        if row is None:
            return None
        return WorkerRow(
            bool(row["accepting"]),
            Leave(row["leave"]),
            row["runner"],
            row["pid"],
            row["version"],
            tuple(json.loads(row["credentials"])),
            row["concurrency"],
            row["started_at"],
            tuple(map(EngineProcessStatus.from_json, json.loads(row["engine_processes"]))),
        )

    def register(self, runner: str, pid: int, version: str, concurrency: int, credentials: Sequence[str] = ()) -> None:
        """Put a worker that begins now, and can pay with ``credentials``, in the place of the one before."""
        with self._change():
            self._connection.execute("DELETE FROM worker")
            self._connection.execute(
                "INSERT INTO worker (one, accepting, leave, runner, pid, version, credentials, concurrency, started_at)"
                " VALUES (1, 1, 0, ?, ?, ?, ?, ?, ?)",
                (runner, pid, version, json.dumps(list(credentials)), concurrency, now()),
            )

    def record_credentials(self, runner: str, credentials: Sequence[str]) -> None:
        """Write what a worker can pay with."""
        with self._change():
            self._connection.execute(
                "UPDATE worker SET credentials = ? WHERE runner = ?", (json.dumps(list(credentials)), runner)
            )

    def record_engine_processes(self, runner: str, processes: Sequence[EngineProcessStatus]) -> None:
        """Write which engine processes a worker has now."""
        said = json.dumps([process.as_json() for process in processes])
        with self._change():
            self._connection.execute("UPDATE worker SET engine_processes = ? WHERE runner = ?", (said, runner))

    def ask_to_leave(self, when: Leave) -> None:
        """Have the worker leave."""
        with self._change():
            self._connection.execute("UPDATE worker SET leave = max(leave, ?)", (when,))

    def stop_accepting(self, runner: str) -> None:
        """Accept no work from now on. The caller's transaction has seen that there is none."""
        with self._change():
            self._connection.execute("UPDATE worker SET accepting = 0 WHERE runner = ?", (runner,))

    def changes(self) -> int:
        """Return a number that changes as soon as another process has written anything.

        Raises HomeGone if the home was deleted or replaced.
        """
        self.check_home()
        with translated(self._path):
            number: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return number
