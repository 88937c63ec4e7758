"""Properties that each thread makes for itself on first use: a database connection belongs to one thread."""

import sys
from collections.abc import Callable
from threading import Lock, local
from typing import Any, Generic, Protocol, Self, TypeVar, overload, runtime_checkable
from weakref import WeakSet

from avatar_creator import storage

_Value = TypeVar("_Value")


@runtime_checkable
class _Closable(Protocol):
    def close(self) -> None: ...


class ThreadValues:
    """The values of one thread, until it ends or they are closed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, Any] = {}
        self._closed = False

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def add(self, name: str, value: _Value) -> _Value:
        """Add a value that has just been made. Raises StorageError if another thread has closed all meanwhile."""
        with self._lock:
            if not self._closed:
                self._values[name] = value
                return value
        if isinstance(value, _Closable):
            value.close()
        raise storage.sharing.closed_while_used()

    def close(self) -> None:
        """Close what can be closed. For a thread that has excluded the others from databases."""
        with self._lock:
            self._closed = True
            closable, self._values = self._closable(), {}
        for value in closable:
            value.close()

    def _closable(self) -> list[_Closable]:
        return [value for value in self._values.values() if isinstance(value, _Closable)]

    # At the end of the interpreter the names of modules may be gone before it, so it brings what it asks.
    def __del__(self, is_finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        if is_finalizing():
            return
        closable = self._closable()
        if closable:  # its thread has ended, or nothing refers to the library any more
            storage.sharing.close_soon(closable)


class Threads:
    """The values of all threads that use one object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._current = local()
        self._all: WeakSet[ThreadValues] = WeakSet()

    def values(self) -> ThreadValues:
        """Return those of this thread."""
        found: ThreadValues | None = getattr(self._current, "values", None)
        if found is None:
            with self._lock:
                found = self._current.values = ThreadValues()
                self._all.add(found)
        return found

    def close(self) -> None:
        """Close the values of all threads; each makes new ones when it asks for them again. For any thread."""
        with self._lock:
            all_, self._all, self._current = list(self._all), WeakSet(), local()
        if not all_:
            return
        with storage.sharing.alone():
            for values in all_:
                values.close()


class HasThreads(Protocol):
    """A class with such properties."""

    threads: Threads


class per_thread(Generic[_Value]):  # noqa: N801 - it is used as a decorator
    """A property that each thread makes for itself on first use."""

    def __init__(self, make: "Callable[[Any], _Value]") -> None:
        self._make = make
        self._name = make.__name__

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...
    @overload
    def __get__(self, owner: HasThreads, kind: type) -> _Value: ...
    def __get__(self, owner: HasThreads | None, kind: type) -> "Self | _Value":
        if owner is None:
            return self
        values = owner.threads.values()
        found: _Value | None = values.get(self._name)
        return values.add(self._name, self._make(owner)) if found is None else found
