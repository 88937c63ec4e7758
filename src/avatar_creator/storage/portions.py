"""Much to write, in short transactions: whoever else writes comes in between."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

PORTION_S = 0.25
GAP_S = 0.11  # who waits for the lock looks again every 0.1 s at last: sqliteDefaultBusyCallback of SQLite's main.c

_Item = TypeVar("_Item")


def in_portions(
    items: Iterable[_Item], transaction: Callable[[], AbstractContextManager[None]], write: Callable[[_Item], object]
) -> None:
    """Write items in their order, in transactions that take no longer than a portion may; what fits into one is whole.

    Items, none of them None, may be read from the same database meanwhile.
    """
    for _ in portions(items, transaction, write):
        pass


def portions(
    items: Iterable[_Item],
    transaction: Callable[[], AbstractContextManager[None]],
    write: Callable[[_Item], object],
    *,
    gap_s: float = GAP_S,
) -> Iterator[None]:
    """Write items like `in_portions`, and yield after each transaction.

    Without a gap the caller does something else before it asks for the next one.
    """
    rest = iter(items)
    item = next(rest, None)
    while item is not None:
        with transaction():
            until_s = time.monotonic() + PORTION_S
            while item is not None:
                write(item)
                item = next(rest, None)
                if time.monotonic() >= until_s:
                    break
        yield
        if item is not None:
            time.sleep(gap_s)
