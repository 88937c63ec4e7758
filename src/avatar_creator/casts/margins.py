"""Which values may come next, so that no value is ever a person or more away from its share, now and later.

A value's third person, say, has a first and a last number that it may have: before the one the value would be a person
ahead of its share, after the other a person behind. So these are jobs of one unit, with release times and deadlines.
All can be done as long as by no number more are due than there are people until then. This is checked ahead before a
person gets a value while another one is due earlier.
"""

import heapq
import math
from bisect import insort
from collections.abc import Callable, Sequence
from fractions import Fraction

_WHOLE_MOST = 10**9  # of a common denominator; shares that have none are taken as parts of it
_EXACT = 10**6  # denominators of shares that people write
_OFFERED_MOST = 32  # values that one is chosen of: those that are due first
_AHEAD_MOST = 128  # people that are looked ahead: a rarer value comes when it is nearer to its last number


def whole(weights: Sequence[float]) -> list[int]:
    """Return weights as whole numbers: thirds are 1, 1, 1."""
    total = sum(weights)
    parts = [Fraction(weight / total).limit_denominator(_EXACT) for weight in weights]
    common = math.lcm(*(part.denominator for part in parts))
    if common <= _WHOLE_MOST and sum(parts) == 1 and all(parts):
        return [int(part * common) for part in parts]
    return [max(1, round(weight / total * _WHOLE_MOST)) for weight in weights]


class Margins:
    """How many people each value has had, and when its next one may come and is due."""

    def __init__(self, weights: Sequence[float], ranks: Sequence[bytes]) -> None:
        """Count for ``weights``; of values that are due at once, those of lower ``ranks`` are offered first."""
        self._weights = whole(weights)
        self._total = sum(self._weights)
        self._ranks = ranks
        self._number = 0
        self._counts = [0] * len(weights)
        self._due = [self._due_of(value, 1) for value in range(len(weights))]
        self._ready = sorted((due, ranks[value], value) for value, due in enumerate(self._due))
        self._waiting: list[tuple[int, int]] = []  # from which number on a value may come again

    def choose(self, best: Callable[[Sequence[int]], int]) -> int:
        """Return the value of the next person: of those that may come, the one that ``best`` returns."""
        self._number += 1
        while self._waiting and self._waiting[0][0] <= self._number:
            value = heapq.heappop(self._waiting)[1]
            insort(self._ready, (self._due[value], self._ranks[value], value))
        chosen = self._chosen(best)
        self._ready.remove((self._due[chosen], self._ranks[chosen], chosen))
        self._counts[chosen] += 1
        count = self._counts[chosen]
        self._due[chosen] = self._due_of(chosen, count + 1)
        heapq.heappush(self._waiting, (count * self._total // self._weights[chosen] + 1, chosen))
        return chosen

    def _chosen(self, best: Callable[[Sequence[int]], int]) -> int:
        first, last = self._ready[0][0], self._number + _AHEAD_MOST
        offered = [(due, value) for due, _, value in self._ready[:_OFFERED_MOST] if due <= max(first, last)]
        while len(offered) > 1:
            chosen = best([value for _, value in offered])
            full = self._full_before(self._due[chosen])
            if not full:
                return chosen
            offered = [(due, value) for due, value in offered if due <= full]
        return offered[0][1]

    def _due_of(self, value: int, count: int) -> int:
        return -(-count * self._total // self._weights[value])

    def _full_before(self, end: int) -> int:
        """Return the first number before ``end`` by which as many are due as there are people until then, or 0."""
        due = [(due, self._counts[value] + 1, value) for value, due in enumerate(self._due) if due < end]
        heapq.heapify(due)
        jobs = 0
        while due:
            number, count, value = due[0]
            jobs += 1
            later = self._due_of(value, count + 1)
            if later < end:
                heapq.heapreplace(due, (later, count + 1, value))
            else:
                heapq.heappop(due)
            if (not due or due[0][0] > number) and jobs > number - self._number:
                return number
        return 0
