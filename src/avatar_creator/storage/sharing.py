"""How the threads of a process share its database, and how forks of it do not.

SQLite keeps in memory which locks a process holds on a file, and a fork does not have them: with an open connection it
would write into a log that others have deleted meanwhile (https://sqlite.org/howtocorrupt.html, 2.6). So all
connections are closed for the moment of a fork, and opened again when they are next used, on either side.
"""

import os
import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, get_ident
from typing import Any, Protocol
from weakref import WeakSet

from avatar_creator.errors import StorageError

_WAIT_S = 40.0  # for a statement of another thread, which may itself wait 30 s for the lock


class _ReadersWriterLock:
    """Any number of threads use databases at once, or one excludes all others. Both may be nested."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside: dict[int, int] = {}  # how deep each thread is in
        self._alone: int | None = None  # the thread that excludes the others
        self._depth = 0

    def acquire_shared(self) -> None:
        me = get_ident()
        with self._changed:
            while self._alone not in {None, me} and me not in self._inside:
                self._changed.wait(_WAIT_S)
            self._inside[me] = self._inside.get(me, 0) + 1

    def release_shared(self) -> None:
        me = get_ident()
        with self._changed:
            self._inside[me] -= 1
            if not self._inside[me]:
                del self._inside[me]
                self._changed.notify_all()

    def acquire_exclusive(self) -> None:
        """Exclude all other threads, as soon as they have left."""
        me = get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._alone in {None, me}, _WAIT_S)
            self._alone, self._depth = me, self._depth + 1
            self._changed.wait_for(lambda: self._inside.keys() <= {me}, _WAIT_S)

    def try_acquire_exclusive(self) -> bool:
        """Exclude all other threads if none is inside, nor this one; return whether that is so now. Never waits."""
        if not self._changed.acquire(blocking=False):
            return False
        try:
            free = self._alone is None and not self._inside
            if free:
                self._alone, self._depth = get_ident(), 1
            return free
        finally:
            self._changed.release()

    def release_exclusive(self) -> None:
        with self._changed:
            self._depth -= 1
            if not self._depth:
                self._alone = None
                self._changed.notify_all()


_lock = _ReadersWriterLock()
_all: "WeakSet[SharedConnection]" = WeakSet()
_forgotten: "deque[Closable]" = deque()


class Closable(Protocol):
    """What holds a connection."""

    def close(self) -> None: ...


def closed_while_used() -> StorageError:
    """Say that one thread has closed what another one uses."""
    return StorageError("The library was closed while it was used.", hint="Close it when all that use it are done.")


@contextmanager
def in_use() -> Iterator[None]:
    """Use a database: it is not closed by another thread meanwhile, nor does this process fork."""
    _lock.acquire_shared()
    try:
        yield
    finally:
        _lock.release_shared()
        _close_forgotten()


@contextmanager
def alone() -> Iterator[None]:
    """Close databases that other threads have opened: none of them is in the middle of a statement or transaction."""
    _lock.acquire_exclusive()
    try:
        yield
    finally:
        _lock.release_exclusive()
        _close_forgotten()


def close_soon(opened: "Iterable[Closable]") -> None:
    """Close what nobody else will, when no thread is in the middle of a statement or transaction. Never waits.

    The garbage collector calls it anywhere, even in the middle of a transaction of this thread.
    """
    _forgotten.extend(opened)
    _close_forgotten()


def _close_forgotten() -> None:
    """Close what can be closed now; the rest is closed when a thread next leaves a database."""
    while _forgotten and _lock.try_acquire_exclusive():
        try:
            with suppress(IndexError):  # another thread was quicker
                _forgotten.popleft().close()
        finally:
            _lock.release_exclusive()


class SharedConnection(sqlite3.Connection):
    """A connection that any thread may close, and that is opened anew when it is first used after a fork."""

    def __init__(self, path: Path, **named: Any) -> None:
        super().__init__(path, check_same_thread=False, **named)
        self._path = path
        self._named = named
        self._asleep = self._closed = False
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
        """Close for the moment of a fork. One that is in a transaction stays open, and with the parent."""
        if not self._asleep and not self._closed and not super().in_transaction:
            super().close()
            self._asleep = True

    def close(self) -> None:
        asleep, self._asleep, self._closed = self._asleep, False, True
        if not asleep:
            super().close()

    def __del__(self, is_finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        """Close at once: nothing refers to it, so no thread uses it.

        At the end of the interpreter the names of modules may be gone before it, so it brings what it asks.
        """
        if not is_finalizing():
            with suppress(sqlite3.Error):  # of one that could not be opened
                super().close()

    def _wake(self) -> None:
        """Open again, as it was. One that cannot be set up stays asleep: it would not check foreign keys, say."""
        if not self._asleep:
            return
        self.check_home()
        own, rows = dict(self.__dict__), self.row_factory
        try:
            super().__init__(self._path, check_same_thread=False, **self._named)  # it clears what is there
            self.__dict__.update(own | {"_asleep": False})
            self.row_factory = rows
            self.prepare()
        except BaseException:
            with suppress(sqlite3.Error):
                super().close()
            self.__dict__.update(own)
            self.row_factory = rows
            raise


def _before_fork() -> None:
    _lock.acquire_exclusive()
    for connection in list(_all):
        connection.sleep()


def _after_fork_in_child() -> None:
    _lock.__init__()  # type: ignore[misc]  # the other threads do not exist here, nor what they held


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_lock.release_exclusive, after_in_child=_after_fork_in_child
    )
