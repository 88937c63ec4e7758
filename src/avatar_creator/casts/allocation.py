"""Which values each person of a cast has, so that every quota is met at every number of people."""

import hashlib
import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping

from avatar_creator.casts.quotas import Quota, Quotas


def allocate(quotas: Quotas, seed: int) -> Iterator[Mapping[str, str]]:
    """Yield the values of person 1, 2, 3 ... without end; who comes does not depend on how many are taken."""
    deals = [_deal(part, seed) for part in quotas.parts]
    while True:
        person: dict[str, str] = {}
        for part, deal in zip(quotas.parts, deals, strict=True):
            person.update(zip(part.axes, next(deal), strict=True))
        yield person


def _deal(part: Quota, seed: int) -> Iterator[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for number in itertools.count(1):
        due = [cell for cell, weight in part.cells.items() if number * weight > counts[cell]]
        deadlines = {cell: math.floor((counts[cell] + 1) / part.cells[cell] + 1e-9) for cell in due}
        draws = {cell: hashlib.sha256(f"{seed}|{number}|{part.axes}|{cell}".encode()).digest() for cell in due}
        chosen = min(due, key=lambda cell: (deadlines[cell], draws[cell]))
        counts[chosen] += 1
        yield chosen
