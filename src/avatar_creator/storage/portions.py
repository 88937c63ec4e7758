"""Many writes in short transactions, so that other processes can write in between."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

PORTION_S = 0.25
GAP_S = 0.11  # a process that waits for the lock tries it every 0.1 s: sqliteDefaultBusyCallback of SQLite

_Item = TypeVar("_Item")


def in_portions(
    items: Iterable[_Item], transaction: Callable[[], AbstractContextManager[None]], write: Callable[[_Item], object]
) -> None:
    """Write items in their order, in transactions of PORTION_S at most; what fits into one is written as a whole.

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

    ``gap_s`` is 0 where the caller does something else before the next one.
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
