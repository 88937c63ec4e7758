"""Printing beside the work: whoever reads slowly must not keep paid pictures from being written down."""

import sys
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

_LEFT_S = 2.0  # for a reader to take what is left, when the work was broken off


class Printer:
    """Passes what it is called with on to ``write``, an iterator's reader, in a thread of its own.

    At the end it waits until all is written. What ``write`` raises is raised by the next call, or at the end.
    """

    def __init__(self, write: Callable[[Iterator[Any]], None]) -> None:
        self._write = write
        self._given: SimpleQueue[tuple[Any] | None] = SimpleQueue()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="printer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __call__(self, record: Any) -> None:
        self._given.put((record,))
        self._raise()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given.put(None)
        self._thread.join(_LEFT_S if kind else None)
        if not kind:
            self._raise()

    def _run(self) -> None:
        try:
            self._write(self._records())
            sys.stdout.flush()
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that gives
            self._error = error

    def _records(self) -> Iterator[Any]:
        while given := self._given.get():
            yield given[0]
            sys.stdout.flush()  # whoever reads the pipe gets each as it is made

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error
