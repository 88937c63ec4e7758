"""Much to write, in short transactions: whoever else writes comes in between."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TypeVar

PORTION_S = 0.25
GAP_S = 0.11  # who waits for the lock looks again every 0.1 s at last: sqliteDefaultBusyCallback of SQLite's main.c

_Item = TypeVar("_Item")


def in_portions(
    items: Iterable[_Item], transaction: Callable[[], AbstractContextManager[None]], write: Callable[[_Item], object]
) -> None:
    """Write items in their order, in transactions that take no longer than a turn; what fits into one is whole."""
    left = deque(items)
    while left:
        with transaction():
            until_s = time.monotonic() + PORTION_S
            write(left.popleft())
            while left and time.monotonic() < until_s:
                write(left.popleft())
        if left:
            time.sleep(GAP_S)
