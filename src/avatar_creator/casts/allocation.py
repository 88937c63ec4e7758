"""Which values each person of a cast has, so that every quota is met at every number of people.

Each axis is allocated for itself. Of the values that may come now, by `Margins`, it takes the one that the fewest
people have so far together with what else this person has by default: the values of the other axes where their quotas
are even. Quotas of their own that the others have do not count, so that a change of one axis changes no other.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from avatar_creator.casts.arrangement import ARRANGED, arranged
from avatar_creator.casts.axes import AXES, LOCALE
from avatar_creator.casts.balance import Levels, margin_terms, with_others
from avatar_creator.casts.draws import digest
from avatar_creator.casts.joint import joint_cells
from avatar_creator.casts.margins import Margins
from avatar_creator.casts.weighting import even
from avatar_creator.domain.exclusions import excluded
from avatar_creator.domain.quotas import Quota, Quotas


class _Allocation(Protocol):
    def next(self, levels: Levels) -> int:
        """Return which cell the next person has."""


def allocate(quotas: Quotas, seed: int) -> Iterator[Mapping[str, str]]:
    """Yield the values of person 1, 2, 3 ... without end; who comes does not depend on how many are taken."""
    defaults = _defaults(quotas, seed)
    levels = itertools.tee(_levels(defaults), max(len(quotas.parts), 1))
    places = [_places(part, seed, tuple(defaults), each) for part, each in zip(quotas.parts, levels, strict=False)]
    parts = [(part.axes, list(part.cells)) for part in quotas.parts]
    while True:
        person: dict[str, str] = {}
        for (axes, cells), place in zip(parts, places, strict=True):
            if len(axes) > 1 or axes[0] not in excluded(person):  # quotas of colors are of those who have hair
                person.update(zip(axes, cells[next(place)], strict=True))
        yield person


def _levels(defaults: Mapping[str, _Allocation]) -> Iterator[Levels]:
    while True:
        levels: dict[str, int] = {}
        for axis, default in defaults.items():
            levels[axis] = default.next(levels)
        yield levels


def _defaults(quotas: Quotas, seed: int) -> Mapping[str, _Allocation]:
    """Return the default allocations that others are balanced with, in the order of the axes.

    Each axis is balanced with all before it, whether they have quotas or not: so one more or less changes no other.
    """
    order = [axis for axis in AXES if AXES[axis].values]
    last = max((order.index(axis) for axis in quotas.axes if axis in order), default=0)
    if all(len(part.cells) == 1 or _is_arranged(part) for part in quotas.parts):
        return {axis: _Arranged(arranged(axis, seed)) for axis in ARRANGED if axis in quotas.axes}
    allocations: dict[str, _Allocation] = {}
    for axis in order[: max(last + 1, len(ARRANGED))]:
        (part,) = even([axis]).parts
        allocations[axis] = (
            _Arranged(arranged(axis, seed)) if axis in ARRANGED else _Balanced(part, seed, tuple(allocations))
        )
    return allocations


def _places(part: Quota, seed: int, defaults: Sequence[str], levels: Iterator[Levels]) -> Iterator[int]:
    """Yield the place of a cell for each person."""
    before = () if LOCALE in part.axes else defaults[: list(AXES).index(part.axes[0])]  # names are balanced with few
    against = [axis for axis in defaults if axis in ARRANGED or axis in part.axes or axis in before]
    if len(part.cells) > 1 and len(part.axes) > 1:
        return joint_cells(part, seed, against, levels)
    return map(_allocation_of(part, seed, against).next, levels)


def _allocation_of(part: Quota, seed: int, against: Sequence[str]) -> _Allocation:
    if len(part.cells) == 1:
        return _Arranged(itertools.repeat(0))
    if _is_default(part):
        order = {cell: place for place, cell in enumerate(part.cells)}
        return _AsDefault(part.axes[0], [order[value,] for value in AXES[part.axes[0]].values])
    if _is_of_two_genders(part):
        return _Arranged(arranged("gender", seed, values=2))
    return _Balanced(part, seed, against)


def _is_even(part: Quota) -> bool:
    return len(part.axes) == 1 and len(set(part.cells.values())) == 1


def _is_default(part: Quota) -> bool:
    """Return whether a part is even over the usual values of one axis, in whatever order they are."""
    return _is_even(part) and {value for value, *_ in part.cells} == set(AXES[part.axes[0]].values)


def _is_of_two_genders(part: Quota) -> bool:
    return _is_even(part) and part.axes == ("gender",) and len(part.cells) == 2  # noqa: PLR2004


def _is_arranged(part: Quota) -> bool:
    return (_is_default(part) and part.axes[0] in ARRANGED) or _is_of_two_genders(part)


class _Arranged(NamedTuple):
    places: Iterator[int]

    def next(self, levels: Levels) -> int:  # noqa: ARG002
        return next(self.places)


class _AsDefault(NamedTuple):
    axis: str
    cells: Sequence[int]

    def next(self, levels: Levels) -> int:
        return self.cells[levels[self.axis]]


class _Balanced:
    """Allocates the values of a part of one axis."""

    def __init__(self, part: Quota, seed: int, against: Sequence[str]) -> None:
        (self._axis,) = part.axes
        self._seed = seed
        self._number = 0
        weights = list(part.cells.values())
        self._margins = Margins(weights, [digest(seed, *cell) for cell in part.cells])
        shares = {value: weight for (value,), weight in part.cells.items()}
        self._first = margin_terms(self._axis, shares, against)
        others = [axis for axis in against if axis in ARRANGED and axis != self._axis]
        self._then = [with_others(pair, weights) for pair in itertools.combinations(others, 2)]

    def next(self, levels: Levels) -> int:
        self._number += 1
        first, then = [term.row(levels) for term in self._first], [term.row(levels) for term in self._then]

        def best(values: Sequence[int]) -> int:
            for rows in (first, then):
                excess = [round(sum(row.excess(value, self._number) for row in rows), 6) for value in values]
                least = min(excess)
                values = [value for value, each in zip(values, excess, strict=True) if each == least]
                if len(values) == 1:
                    return values[0]
            return values[int.from_bytes(digest(self._seed, self._axis, self._number)[:8]) % len(values)]

        chosen = self._margins.choose(best)
        for row in itertools.chain(first, then):
            row.counts[chosen] += 1
        return chosen
