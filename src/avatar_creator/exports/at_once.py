"""Work on many items by all cores, whose results come in the order of the items."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from avatar_creator.processes import cores

_AHEAD = 3  # items that are begun for each core, so that none of them waits for a slow one
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def at_once(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[tuple[_Item, _Result]]:
    """Yield each item and what the work on it gives, in their order. All cores work, and few items are in memory."""
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    count = cores.count()
    with ThreadPoolExecutor(count) as threads:
        try:
            for item in items:
                waiting.append((item, threads.submit(work, item)))
                if len(waiting) > count * _AHEAD:
                    first, result = waiting.popleft()
                    yield first, result.result()
            while waiting:
                first, result = waiting.popleft()
                yield first, result.result()
        finally:
            for _, result in waiting:
                result.cancel()
