"""Faults at the n-th thing that a process does to the disk, to the database, or at the till."""

import builtins
import errno
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from . import till

_ERRNOS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EROFS": errno.EROFS}
_SQL_NAMES = {"ENOSPC": "SQLITE_FULL", "EIO": "SQLITE_IOERR_WRITE", "EROFS": "SQLITE_READONLY", "BUSY": "SQLITE_BUSY"}
ERRORS = ("ENOSPC", "EIO", "EROFS", "BUSY")
KILLS = ("killed before", "killed after")
KINDS = (*ERRORS, *KILLS)
_WRITES = os.O_WRONLY | os.O_RDWR
_READING = ("SELECT", "PRAGMA")


class Fault(NamedTuple):
    """What goes wrong, and at which step; ``times`` steps one after the other. No step is the 0th."""

    kind: str
    step: int
    times: int = 1


class Disturber:
    """Counts the steps of this process, and disturbs it at those of its fault."""

    def __init__(self, fault: Fault, notes: Path) -> None:
        self._fault = fault
        self._lock = threading.Lock()
        self._steps = 0
        # What happened is noted by means that are not disturbed.
        self._notes = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def begin(self) -> None:
        """Disturb everything from now on."""
        for name in ("fsync", "replace", "rename", "link", "mkdir", "unlink", "truncate"):
            setattr(os, name, self._disturbed(getattr(os, name), f"os.{name}"))
        open_, os_open = builtins.open, os.open

        def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
            if set(mode) & set("wax+") and named.get("opener") is None:
                return self._step(f"open {_name(file)}", lambda: open_(file, mode, *given, **named))
            return open_(file, mode, *given, **named)

        def os_opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
            if flags & _WRITES and _name(path) != "till":
                return int(self._step(f"os.open {_name(path)}", lambda: os_open(path, flags, *given, **named)))
            return os_open(path, flags, *given, **named)

        setattr(builtins, "open", opened)  # noqa: B010 - mypy knows its overloads
        os.open = os_opened
        self._disturb_sql()
        note = till.Photographer._note

        def noted(photographer: till.Photographer, what: str, request: Any) -> None:
            if self._fault.kind in KILLS:
                self._step(f"till {what}", lambda: note(photographer, what, request))
            else:
                note(photographer, what, request)

        setattr(till.Photographer, "_note", noted)  # noqa: B010 - mypy knows it as a method

    def write_steps(self, path: Path) -> None:
        """Note how many steps there were."""
        steps, self._fault = self._steps, self._fault._replace(step=0, times=0)
        path.write_text(str(steps), "utf-8")

    def _disturb_sql(self) -> None:
        disturber, connect = self, sqlite3.connect

        class Disturbed(sqlite3.Connection):
            def execute(self, sql: str, *given: Any) -> Any:
                if sql.startswith(_READING):
                    return super().execute(sql, *given)
                whole = super().execute
                return disturber._step(f"sql {' '.join(sql.split()[:3])}", lambda: whole(sql, *given), self)

        def connected(*given: Any, factory: type[sqlite3.Connection] = sqlite3.Connection, **named: Any) -> Any:
            both = type(factory.__name__, (Disturbed, factory), {})  # the program has a kind of its own
            return connect(*given, factory=both, **named)

        setattr(sqlite3, "connect", connected)  # noqa: B010 - mypy knows its overloads

    def _disturbed(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        return lambda *given, **named: self._step(name, lambda: call(*given, **named))

    def _step(self, name: str, call: Callable[[], Any], connection: sqlite3.Connection | None = None) -> Any:
        with self._lock:
            self._steps += 1
            step = self._steps
        fault = self._fault
        if not fault.step <= step < fault.step + fault.times:
            return call()
        if fault.kind in ERRORS:
            self._raise(name, connection)
        elif fault.kind == "killed before":
            self._kill(name)
        done = call()
        if fault.kind == "killed after":
            self._kill(name)
        return done

    def _raise(self, name: str, connection: sqlite3.Connection | None) -> None:
        kind = self._fault.kind
        if connection is None:
            if kind in _ERRNOS:
                self._note(name)
                raise OSError(_ERRNOS[kind], os.strerror(_ERRNOS[kind]), name)
            return
        if name.startswith(("sql ROLLBACK", "sql RELEASE")) or (kind == "BUSY" and not name.startswith("sql BEGIN")):
            return
        if kind in {"ENOSPC", "EIO"} and connection.in_transaction:
            sqlite3.Connection.execute(connection, "ROLLBACK")  # as SQLite does by itself then
        self._note(name)
        error = sqlite3.OperationalError(f"disturbed: {kind}")
        error.sqlite_errorname = _SQL_NAMES[kind]
        raise error

    def _kill(self, name: str) -> None:
        self._note(name)
        os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, name: str) -> None:
        os.write(self._notes, f"{name}\n".encode())


def _name(path: Any) -> str:
    return Path(path).name if isinstance(path, (str, os.PathLike)) else str(path)
