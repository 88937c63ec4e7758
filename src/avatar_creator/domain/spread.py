"""How people are spread over values and pairs of values, from counts of what they say."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice, product
from math import fsum, inf, prod
from typing import NamedTuple

from avatar_creator.domain.age_ranges import KNOWN, range_of, read_years, spans_of
from avatar_creator.domain.coverage import Cell, Spread
from avatar_creator.domain.exclusions import EXCLUDED_BY, excluded
from avatar_creator.domain.quotas import AGE, Quota
from avatar_creator.domain.synonyms import value_of
from avatar_creator.domain.text import fold

Value = str | int | None
"""What somebody says of an axis: a text, an age in years, or nothing."""

_JOINS = re.compile(r"_|(?<!\d)-|-(?!\d)")  # between words; between numbers it is a span
_OTHERS_MOST = 20  # values that are in no quota
_CELLS_MOST = 10_000  # of a pair of axes
_SEEN_MOST = 100  # values of an axis that nobody gave quotas for: free texts may be as many as people


class PeopleCount(NamedTuple):
    """How many people have these values, one for each axis."""

    values: tuple[Value, ...]
    people: int


class Wanted(NamedTuple):
    """So many people by these quotas, which are independent of each other; all who say a value where it is None."""

    people: int | None
    parts: Sequence[Quota]


class People:
    """People counted by axes, by pairs of them, and by the joint tables of quotas; case and hyphens make no values.

    ``count`` returns how many have which values of some axes. ``excluded`` are those who can have no value of an axis:
    they are not counted by it.
    """

    def __init__(
        self,
        axes: Sequence[str],
        count: Callable[[Sequence[str]], Iterable[PeopleCount]],
        tables: Iterable[tuple[str, ...]] = (),
    ) -> None:
        self.axes = tuple(axes)
        self.all = 0
        together = [*((axis,) for axis in axes), *combinations(axes, 2), *tables]
        self.by: dict[tuple[str, ...], Counter[tuple[Value, ...]]] = {names: Counter() for names in together}
        self.excluded: Counter[tuple[str, ...]] = Counter()
        self.spelled: dict[str, Counter[Value]] = {axis: Counter() for axis in axes}
        deciding = (EXCLUDED_BY[axis] for axis in self.axes if axis in EXCLUDED_BY)
        counted = tuple(dict.fromkeys((*self.axes, *deciding)))
        for values, people in count(counted):
            self.all += people
            said = dict(zip(counted, values, strict=True))
            without = excluded(said)
            keys = {axis: _key(value) for axis, value in said.items()}
            for axis in self.axes:
                if axis not in without:
                    self.spelled[axis][said[axis]] += people
            for names, counts in self.by.items():
                if without and not set(without).isdisjoint(names):
                    self.excluded[names] += people
                else:
                    counts[tuple(keys[name] for name in names)] += people

    def saying(self, names: tuple[str, ...]) -> int:
        """Return how many have a value for each of these axes."""
        return sum(number for keys, number in self.by[names].items() if None not in keys)

    def seen(self, axis: str) -> tuple[str, ...]:
        """Return the values of an axis that most people have, as most spell them; ages in the three ranges."""
        values: dict[Value, str] = {}
        for value, _ in self.spelled[axis].most_common():
            if value is not None and _key(value) is not None:
                name = range_of(value, KNOWN) or str(value) if axis == AGE else str(value)
                values.setdefault(_key(value_of(axis, name)), name)
        return tuple(sorted(islice(values.values(), _SEEN_MOST), key=_order(axis)))


def cover(people: People, wanted: Sequence[Wanted]) -> Iterator[Spread]:
    """Yield how people are spread over each axis, then each pair of axes, then each joint table of more.

    Axes that have too many combinations are left out.
    """
    margins = {axis: _targets((axis,), wanted, people) for axis in people.axes}
    placed = {axis: _placing(axis, [value for (value,) in margin]) for axis, margin in margins.items()}
    for names, counts in people.by.items():
        if len(names) != 2 or prod(len(margins[name]) for name in names) <= _CELLS_MOST:  # noqa: PLR2004 - a pair
            targets = _targets(names, wanted, people)
            yield _spread(people, names, counts, targets, placed)


def even_over_seen(people: People) -> list[Wanted]:
    """Return quotas by which each axis is even over the values that people have, for those who say one."""
    seen = {axis: people.seen(axis) for axis in people.axes}
    return [Wanted(None, [Quota((axis,), {(v,): 1 / len(values) for v in values}) for axis, values in seen.items()])]


def _key(value: Value) -> Value:
    """Return a value as it is compared: "East Asian" and "east-asian" are one."""
    if not isinstance(value, str):
        return value
    return " ".join(_JOINS.sub(" ", fold(value)).split()) or None


def _targets(names: tuple[str, ...], wanted: Sequence[Wanted], people: People) -> dict[tuple[str, ...], float]:
    """Return how many people each cell is to have. Casts that do not balance all these axes count as those that do."""
    saying, number = people.saying(names), 0
    asked: list[tuple[int, Sequence[Quota]]] = []
    for each in wanted:
        many = saying if each.people is None else each.people
        number += many
        if {axis for part in each.parts for axis in part.axes}.issuperset(names):
            asked.append((many, each.parts))
    shares: dict[tuple[str, ...], float] = {}
    for many, parts in asked:
        for cell, weight in _weights(names, parts).items():
            shares[cell] = shares.get(cell, 0.0) + weight * many / (sum(many for many, _ in asked) or 1)
    possible = fsum(shares.values())
    if any(each.people is None for each in wanted):
        having = float(saying)
    else:
        having = number - _excluded_of(number, people.excluded[names], people.all, 1 - possible)
    return {cell: share / possible * having for cell, share in shares.items()}


def _excluded_of(number: int, excluded: int, counted: int, share: float) -> float:
    """Return how many of a number of people are excluded: as many as are there, and a share of those yet to come."""
    if number <= counted:
        return excluded * number / counted if counted else 0.0
    return excluded + (number - counted) * share


def _weights(names: tuple[str, ...], parts: Sequence[Quota]) -> dict[tuple[str, ...], float]:
    """Return the weight of each combination of values: parts are independent, within one the table says it.

    Those that nobody can have are left out, so that the weights may add up to less than 1.
    """
    axes = {axis for part in parts for axis in part.axes}
    deciding = [EXCLUDED_BY[name] for name in names if EXCLUDED_BY.get(name) in axes.difference(names)]
    together = (*names, *deciding)
    shares: list[tuple[tuple[str, ...], dict[tuple[str, ...], float]]] = []
    for part in parts:
        own = tuple(name for name in together if name in part.axes)
        if own:
            at = [part.axes.index(name) for name in own]
            sums: dict[tuple[str, ...], float] = {}
            for cell, weight in part.cells.items():
                values = tuple(cell[place] for place in at)
                sums[values] = sums.get(values, 0.0) + weight
            shares.append((own, sums))
    weights: dict[tuple[str, ...], float] = {}
    for chosen in product(*(sums.items() for _, sums in shares)):
        value_of: dict[str, str] = {}
        weight = 1.0
        for (own, _), (values, share) in zip(shares, chosen, strict=True):
            value_of.update(zip(own, values, strict=True))
            weight *= share
        if set(excluded(value_of)).isdisjoint(names):
            cell = tuple(value_of[name] for name in names)
            weights[cell] = weights.get(cell, 0.0) + weight
    return weights


def _placing(axis: str, values: Sequence[str]) -> Callable[[Value], str | None]:
    """Return what says which of the values somebody has, by what is compared; None for another."""
    named = {_key(value): value for value in values}
    meant = {_key(value_of(axis, value)): value for value in reversed(values)}
    spans = spans_of(values)

    def place(key: Value) -> str | None:
        found = (named.get(key) or meant.get(_key(value_of(axis, key)))) if isinstance(key, str) else None
        if found or axis != AGE or key is None:
            return found
        fitting = range_of(key, spans)
        return fitting if fitting in values else None

    return place


def _spread(
    people: People,
    names: tuple[str, ...],
    counts: Counter[tuple[Value, ...]],
    targets: Mapping[tuple[str, ...], float],
    placed: Mapping[str, Callable[[Value], str | None]],
) -> Spread:
    got: Counter[tuple[str, ...]] = Counter()
    others: Counter[Value] = Counter()
    not_said = 0
    for keys, number in counts.items():
        values = tuple(placed[axis](key) for axis, key in zip(names, keys, strict=True))
        if None in keys:
            not_said += number
        elif None in values:
            others[keys[0]] += number
        else:
            got[tuple(value for value in values if value is not None)] += number
    cells = [Cell(cell, target, got.pop(cell, 0)) for cell, target in targets.items() if target or cell in got]
    if names == (AGE,):
        cells.sort(key=lambda cell: _order(AGE)(cell.values[0]))  # a file may name ranges in any order
    cells += [Cell(cell, 0.0, number) for cell, number in got.items()]  # of a joint table that has it not
    listed: tuple[Cell, ...] = ()
    if len(names) == 1:
        spelled = {_key(value): str(value) for value, _ in reversed(people.spelled[names[0]].most_common())}
        ranges = spans_of([value for (value,) in targets]) if names == (AGE,) else {}
        said: Counter[str] = Counter()
        for key, number in others.items():
            said[range_of(key, ranges) or spelled[key]] += number
        listed = tuple(Cell((value,), 0.0, number) for value, number in said.most_common(_OTHERS_MOST))
    return Spread(names, tuple(cells), not_said, others.total(), listed)


def _order(axis: str) -> Callable[[str], tuple[float, str]]:
    def order(value: str) -> tuple[float, str]:
        years = read_years(value) if axis == AGE else None
        return (years.least if years else inf, value)

    return order
