"""Which values each person of a cast has, so that every quota is met at every number of people.

Each axis is dealt for itself. Of the values that may come now, by `Margins`, it takes the one that the fewest people
have so far together with what else this person has by default: the other axes as they are dealt where their quotas are
even. What the others are dealt by quotas of their own does not count, so that a change of one axis changes no other.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from avatar_creator.casts.axes import AXES, LOCALE
from avatar_creator.casts.decks import DECKS, deck, drawn
from avatar_creator.casts.margins import Margins
from avatar_creator.casts.quotas import Quota, Quotas, even

_MARGIN_WEIGHT = 8  # of an axis in a joint table, against what it is balanced with: its margin comes first

_Levels = Mapping[str, int]  # by axis, the place of the value that a person has in the default deal


class _Deal(Protocol):
    def next(self, levels: _Levels) -> int:
        """Return which cell the next person has."""


def allocate(quotas: Quotas, seed: int) -> Iterator[Mapping[str, str]]:
    """Yield the values of person 1, 2, 3 ... without end; who comes does not depend on how many are taken."""
    defaults = _defaults(quotas, seed)
    deals = [(part.axes, list(part.cells), _deal_of(part, seed, tuple(defaults))) for part in quotas.parts]
    while True:
        levels: dict[str, int] = {}
        for axis, default in defaults.items():
            levels[axis] = default.next(levels)
        person: dict[str, str] = {}
        for axes, cells, deal in deals:
            person.update(zip(axes, cells[deal.next(levels)], strict=True))
        yield person


def _defaults(quotas: Quotas, seed: int) -> Mapping[str, _Deal]:
    """Return the default deals that others are dealt against, in the order of the axes.

    Each axis is dealt against all before it, whether they have quotas or not: so one more or less changes no other.
    """
    order = [axis for axis in AXES if AXES[axis].values]
    last = max((order.index(axis) for axis in quotas.axes if axis in order), default=0)
    if all(len(part.cells) == 1 or _is_dealt_from_deck(part) for part in quotas.parts):
        return {axis: _FromDeck(deck(axis, seed)) for axis in DECKS if axis in quotas.axes}
    deals: dict[str, _Deal] = {}
    for axis in order[: max(last + 1, len(DECKS))]:
        (part,) = even([axis]).parts
        deals[axis] = _FromDeck(deck(axis, seed)) if axis in DECKS else _Balanced(part, seed, tuple(deals))
    return deals


def _deal_of(part: Quota, seed: int, defaults: Sequence[str]) -> _Deal:
    if len(part.cells) == 1:
        return _FromDeck(itertools.repeat(0))
    if _is_default(part):
        order = {cell: place for place, cell in enumerate(part.cells)}
        return _AsDefault(part.axes[0], [order[value,] for value in AXES[part.axes[0]].values])
    if _is_of_two_genders(part):
        return _FromDeck(deck("gender", seed, values=2))
    before = (
        () if LOCALE in part.axes else tuple(defaults)[: list(AXES).index(part.axes[0])]
    )  # names are balanced with few
    against = [axis for axis in defaults if axis in DECKS or axis in part.axes or axis in before]
    return _Balanced(part, seed, against)


def _is_even(part: Quota) -> bool:
    return len(part.axes) == 1 and len(set(part.cells.values())) == 1


def _is_default(part: Quota) -> bool:
    """Return whether a part is even over the usual values of one axis, in whatever order they are."""
    return _is_even(part) and {value for value, *_ in part.cells} == set(AXES[part.axes[0]].values)


def _is_of_two_genders(part: Quota) -> bool:
    return _is_even(part) and part.axes == ("gender",) and len(part.cells) == 2  # noqa: PLR2004


def _is_dealt_from_deck(part: Quota) -> bool:
    return (_is_default(part) and part.axes[0] in DECKS) or _is_of_two_genders(part)


class _FromDeck(NamedTuple):
    places: Iterator[int]

    def next(self, levels: _Levels) -> int:  # noqa: ARG002
        return next(self.places)


class _AsDefault(NamedTuple):
    axis: str
    cells: Sequence[int]

    def next(self, levels: _Levels) -> int:
        return self.cells[levels[self.axis]]


class _Term:
    """Something that cells are balanced by: how many people have a cell's column together with levels of other axes."""

    def __init__(
        self, others: Sequence[str], columns: Sequence[int], shares: Sequence[Sequence[float]], weight: float = 1
    ) -> None:
        """Compare with ``shares``, the part of all people for each level and column."""
        self._others = [(axis, len(AXES[axis].values)) for axis in others]
        self._columns = columns
        self._shares = shares
        self._counts = [[0] * len(shares[0]) for _ in shares]
        self._weight = weight

    def row(self, levels: _Levels) -> "_Row":
        level = 0
        for axis, size in self._others:
            level = level * size + levels[axis]
        return _Row(self._counts[level], self._shares[level], self._columns, self._weight)


class _Row(NamedTuple):
    """A term at the levels of one person."""

    counts: list[int]
    shares: Sequence[float]
    columns: Sequence[int]
    weight: float


class _Balanced:
    """Deals the cells of a part."""

    def __init__(self, part: Quota, seed: int, against: Sequence[str]) -> None:
        self._name = "+".join(part.axes)
        self._seed = seed
        self._number = 0
        self._margins = Margins(list(part.cells.values()), [drawn(seed, *cell) for cell in part.cells])
        self._first, self._then = _terms(part, against)

    def next(self, levels: _Levels) -> int:
        self._number += 1
        first, then = [term.row(levels) for term in self._first], [term.row(levels) for term in self._then]

        def best(cells: Sequence[int]) -> int:
            for rows in (first, then):
                excess = [self._excess(rows, cell) for cell in cells]
                least = min(excess)
                cells = [cell for cell, each in zip(cells, excess, strict=True) if each == least]
                if len(cells) == 1:
                    return cells[0]
            return cells[int.from_bytes(drawn(self._seed, self._name, self._number)[:8]) % len(cells)]

        chosen = self._margins.choose(best)
        for counts, _, columns, _ in itertools.chain(first, then):
            counts[columns[chosen]] += 1
        return chosen

    def _excess(self, rows: Sequence[_Row], cell: int) -> float:
        """Return by how many there are too many of what this person would have with a cell."""
        excess = 0.0
        for counts, shares, columns, weight in rows:
            column = columns[cell]
            excess += weight * (counts[column] - self._number * shares[column])
        return round(excess, 6)


def _terms(part: Quota, against: Sequence[str]) -> tuple[list[_Term], list[_Term]]:
    """Return what the cells of a part are balanced by, and what where that makes no difference."""
    others = [axis for axis in against if axis not in part.axes]
    first: list[_Term] = []
    for place, axis in enumerate(part.axes):
        margin: dict[str, float] = {}
        for cell, weight in part.cells.items():
            margin[cell[place]] = margin.get(cell[place], 0) + weight
        columns = [list(margin).index(cell[place]) for cell in part.cells]
        first += [_with_others([other], columns, list(margin.values())) for other in others]
        if len(part.axes) > 1:
            first.append(_Term([], columns, [list(margin.values())], _MARGIN_WEIGHT))
        if axis in against:
            first.append(_Term([axis], columns, _moved(AXES[axis].values, margin)))
    cells, weights = range(len(part.cells)), list(part.cells.values())
    then = [_with_others(pair, cells, weights) for pair in itertools.combinations([o for o in others if o in DECKS], 2)]
    if len(part.axes) > 1:
        then += [_with_others([other], cells, weights) for other in others]
    return first, then


def _with_others(others: Sequence[str], columns: Sequence[int], weights: Sequence[float]) -> _Term:
    """Return the term of which the others' levels are all the same share."""
    levels = math.prod(len(AXES[axis].values) for axis in others)
    return _Term(others, columns, [[weight / levels for weight in weights]] * levels)


def _moved(usual: Sequence[str], margin: Mapping[str, float]) -> Sequence[Sequence[float]]:
    """Return which part of all people has which value by default, and which by a margin: as few as can be have another.

    That is what links the deals of two axes that both have weights of their own: each is dealt against the default deal
    of the other.
    """
    left = dict.fromkeys(range(len(usual)), 1 / len(usual))
    wanted = dict(margin)
    shares = [dict.fromkeys(margin, 0.0) for _ in usual]
    same = [(level, value) for level, value in enumerate(usual) if value in margin]
    for level, value in itertools.chain(same, itertools.product(left, margin)):
        share = min(left[level], wanted[value])
        shares[level][value] += share
        left[level] -= share
        wanted[value] -= share
    return [list(row.values()) for row in shares]
