"""Processes of an older version that are at work in a home.

A migration takes from them the columns that they know: their statements would fail from then on, and a worker that
can write nothing neither makes what waits nor leaves.
"""

import sqlite3
import time

from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.storage import liveness
from avatar_creator.storage.locks import is_held
from avatar_creator.storage.suspension import is_suspended

# A worker that is asked to leave ends what it makes, for 20 s, and saves what is paid for, for 5 s.
_PATIENCE_S = 30.0
_POLL_S = 0.1


class OlderProcesses:
    """The processes that work with the tables as they are before a migration."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._until_s: float | None = None

    def have_left(self, connection: sqlite3.Connection) -> bool:
        """Tell whether none is at work any more; the worker is asked to leave. Within the caller's transaction."""
        if self._has_worker():
            connection.execute("UPDATE worker SET leave = 2 WHERE leave < 2")  # `Leave.NOW` in every version
            return False
        return not liveness.any_alive(self._home.runners)

    def wait(self, connection: sqlite3.Connection) -> None:
        """Give them a moment, outside of a transaction: they have to write. Raises StorageError after too many."""
        if self._until_s is None:
            self._until_s = time.monotonic() + _PATIENCE_S
        if time.monotonic() >= self._until_s:
            raise self._still_there(connection)
        time.sleep(_POLL_S)

    def _has_worker(self) -> bool:
        """Tell whether a worker lives, or stands by to be the next one."""
        return is_held(self._home.worker_lock) or any(map(is_held, self._home.standby.glob("*.lock")))

    def _still_there(self, connection: sqlite3.Connection) -> StorageError:
        upgrade = f"The database {self._home.database} must be migrated for this version of avatar"
        if not self._has_worker():
            return StorageError(
                f"{upgrade}, and a command of an older version makes pictures in it.",
                hint="Wait for its end, or stop it with Ctrl-C, then run the command again.",
            )
        row = connection.execute("SELECT pid FROM worker").fetchone()
        worker = f"{upgrade}, and the worker of an older version"
        if row is None:
            return StorageError(f"{worker} is being started.", hint="Run the command again.")
        process = row["pid"]
        suspended = is_suspended(process)
        return StorageError(
            f"{worker}, process {process}, " + ("is suspended." if suspended else "has not left."),
            hint=f"Run the command again after: kill {'-CONT ' if suspended else ''}{process}",
        )
