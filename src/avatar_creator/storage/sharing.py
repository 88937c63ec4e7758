"""How the threads of a process share its database, and how forks of it do not.

SQLite keeps in memory which locks a process holds on a file, and a fork does not have them: with an open connection it
would write into a log that others have deleted meanwhile (https://sqlite.org/howtocorrupt.html, 2.6). So all
connections are closed for the moment of a fork, and opened again when they are next used, on either side.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, get_ident
from typing import Any
from weakref import WeakSet

_PATIENCE_S = 40.0  # with a statement of another thread, which may wait 30 s for the lock itself


class _Gate:
    """Any number of threads use databases at once, or one keeps all others from it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside: dict[int, int] = {}  # how deep each thread is in
        self._alone: int | None = None  # the thread that keeps the others out
        self._depth = 0

    def enter(self) -> None:
        me = get_ident()
        with self._changed:
            while self._alone not in {None, me} and me not in self._inside:
                self._changed.wait(_PATIENCE_S)
            self._inside[me] = self._inside.get(me, 0) + 1

    def leave(self) -> None:
        me = get_ident()
        with self._changed:
            self._inside[me] -= 1
            if not self._inside[me]:
                del self._inside[me]
                self._changed.notify_all()

    def shut(self) -> None:
        """Keep all other threads out, once they have left."""
        me = get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._alone in {None, me}, _PATIENCE_S)
            self._alone, self._depth = me, self._depth + 1
            self._changed.wait_for(lambda: self._inside.keys() <= {me}, _PATIENCE_S)

    def open(self) -> None:
        with self._changed:
            self._depth -= 1
            if not self._depth:
                self._alone = None
                self._changed.notify_all()


_gate = _Gate()
_all: "WeakSet[SharedConnection]" = WeakSet()


@contextmanager
def in_use() -> Iterator[None]:
    """Use a database: it is not closed by another thread meanwhile, nor does this process fork."""
    _gate.enter()
    try:
        yield
    finally:
        _gate.leave()


@contextmanager
def alone() -> Iterator[None]:
    """Close databases that other threads have opened: none of them is in the middle of a statement or transaction."""
    _gate.shut()
    try:
        yield
    finally:
        _gate.open()


class SharedConnection(sqlite3.Connection):
    """A connection that any thread may close, and that is opened anew when it is first used after a fork."""

    def __init__(self, path: Path, **named: Any) -> None:
        super().__init__(path, check_same_thread=False, **named)
        self._path = path
        self._named = named
        self._asleep = False
        _all.add(self)

    def prepare(self) -> None:
        """Set up what SQLite forgets when a connection is closed."""

    def check_home(self) -> None:
        """Raise StorageError where the file is not there any more: SQLite would make an empty one."""

    def cursor(self, *given: Any) -> Any:
        self._wake()
        return super().cursor(*given)

    def execute(self, *given: Any) -> sqlite3.Cursor:
        self._wake()
        return super().execute(*given)

    def rollback(self) -> None:
        if not self._asleep:
            super().rollback()

    @property
    def in_transaction(self) -> bool:
        return not self._asleep and super().in_transaction

    def sleep(self) -> None:
        """Close for the moment of a fork, but for the middle of a transaction: that stays with the parent."""
        if not self._asleep and not super().in_transaction:
            super().close()
            self._asleep = True

    def close(self) -> None:
        _all.discard(self)
        self._asleep = False
        super().close()

    def _wake(self) -> None:
        if not self._asleep:
            return
        self.check_home()
        own, rows = dict(self.__dict__), self.row_factory
        super().__init__(self._path, check_same_thread=False, **self._named)  # it clears what is there
        self.__dict__.update(own | {"_asleep": False})
        self.row_factory = rows
        self.prepare()


def _before_fork() -> None:
    _gate.shut()
    for connection in list(_all):
        connection.sleep()


def _after_fork_in_child() -> None:
    _gate.__init__()  # type: ignore[misc]  # the other threads, and what they were in, are not here


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_gate.open, after_in_child=_after_fork_in_child)
