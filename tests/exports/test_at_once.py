"""Work of all cores comes in the order of its items."""

import threading
from collections.abc import Iterator

import pytest

from avatar_creator.exports.at_once import at_once
from avatar_creator.processes import cores


def test_results_come_in_the_order_of_the_items() -> None:
    second_is_done = threading.Event()

    def work(item: int) -> int:
        if item == 0 and cores.count() > 1:
            second_is_done.wait(10)
        second_is_done.set()
        return item * item

    assert list(at_once(work, range(5))) == [(0, 0), (1, 1), (2, 4), (3, 9), (4, 16)]


def test_few_items_are_begun_before_they_are_wanted() -> None:
    begun: list[int] = []

    def items() -> Iterator[int]:
        for item in range(10_000):
            begun.append(item)
            yield item

    results = at_once(lambda item: item, items())
    assert next(results) == (0, 0)
    assert len(begun) <= 4 * cores.count() + 2
    results.close()  # type: ignore[attr-defined]


def test_what_work_raises_is_raised() -> None:
    def work(item: int) -> int:
        return 1 // item

    with pytest.raises(ZeroDivisionError):
        list(at_once(work, [1, 0, 1]))
