"""Which cell of a joint table each person has, so that cells and the values of each axis are met at every number.

A cell, and a value of an axis, is met as long as it is less than a person away from its share. For one axis there is
always such an order of people, for a table there need not be one. So this is a search: person after person gets the
cell for which it and its values are furthest behind, and where that leads to a cell or a value that is a person away,
the last people are chosen anew by a beam search. If that finds nothing, values are met before cells.

Whoever is chosen anew has not been returned yet, and nothing depends on how many people are taken.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial, reduce
from heapq import nsmallest
from operator import add, itemgetter
from typing import NamedTuple

from avatar_creator.casts.balance import Levels, Row, Term, margin_terms
from avatar_creator.casts.draws import digest
from avatar_creator.casts.margins import whole
from avatar_creator.casts.weighting import CELLS_MOST
from avatar_creator.domain.quotas import Quota

_AWAY = 1 - 1e-10  # from its share: a person but for rounding
_TIE = 1e-6  # of what is compared
_OTHERS = 0.1  # the weight of being even with other axes: little against a value that is half a person away
_AHEAD = 8  # people that are chosen anew after the one that nothing was found for
_LARGE = 500  # cells
_BRANCHES = 4  # cells that are tried for each person
_MARGIN_COST = 10  # of a value that is a person away, in cells that are

_Away = list[float]  # by how many people each cell, then each value of each axis, is ahead of its share


class _Effort(NamedTuple):
    """How many people are chosen anew, and how many orders of them are compared, for tables of so many cells."""

    people: int
    width: int
    cells_most: int


_EFFORTS = (_Effort(13, 1, CELLS_MOST), _Effort(13, 8, CELLS_MOST), _Effort(33, 24, 200), _Effort(33, 96, 64))
_BUFFERED = max(effort.people for effort in _EFFORTS) + _AHEAD


class _Path(NamedTuple):
    """An order of people that a search has come to; ``cost`` counts what is a person away on it."""

    cost: int
    away: _Away
    cells: tuple[int, ...]


class _Step(NamedTuple):
    """A person who may get another cell until it is yielded."""

    cell: int
    before: _Away
    rows: Sequence[Row]


def joint_cells(part: Quota, seed: int, against: Sequence[str], levels: Iterator[Levels]) -> Iterator[int]:
    """Yield the places of cells for person 1, 2, 3 ... without end, as even as can be with the axes ``against``."""
    table = _Table(part, seed, against)
    order = _Order(table)
    planned: deque[int] = deque()
    for number, level in enumerate(levels, start=1):
        rows = table.rows(level)
        if planned:
            order.append(planned.popleft(), rows)
        else:
            order.append(table.best(order.away, rows, number), rows)
            if table.is_missed(order.away):
                planned.extend(order.choose_anew())
        while len(order.steps) > _BUFFERED:
            yield order.steps.popleft().cell


class _Order:
    """The last people, and how far each cell and value is from its share after them."""

    def __init__(self, table: "_Table") -> None:
        self.steps: deque[_Step] = deque()
        self.away = [0.0] * len(table.shares)
        self._table = table

    def append(self, cell: int, rows: Sequence[Row]) -> None:
        self.steps.append(_Step(cell, self.away, rows))
        self.away = self._table.after(self.away, cell)
        self._table.count(cell, rows, 1)

    def choose_anew(self) -> Sequence[int]:
        """Choose the last people anew, and return the cells of those who come after."""
        paths: list[_Path] = []
        for effort in _EFFORTS:
            if self._table.cells <= effort.cells_most and not (paths and paths[-1].cost == 0):
                people = min(effort.people, len(self.steps))
                paths.append(self._table.search(self.steps[-people].before, people + _AHEAD, effort.width))
        cells = min(paths, key=lambda path: path.cost).cells
        rows = [self._pop() for _ in cells[_AHEAD:]][::-1]
        for cell, each in zip(cells, rows, strict=False):
            self.append(cell, each)
        return cells[len(rows) :]

    def _pop(self) -> Sequence[Row]:
        step = self.steps.pop()
        self.away = step.before
        self._table.count(step.cell, step.rows, -1)
        return step.rows


class _Table:
    """The cells of a joint table and the values of its axes: all that have a share of the people."""

    def __init__(self, part: Quota, seed: int, against: Sequence[str]) -> None:
        self.cells = len(part.cells)
        weights = whole(list(part.cells.values()))
        self._counted = [[cell] for cell in range(self.cells)]  # by cell, what a person of it counts for
        self._terms: list[tuple[int, int, Term]] = []  # of each its axis and the place of the first value of that
        for place, axis in enumerate(part.axes, start=1):
            first, margin = len(weights), dict[str, int]()
            for cell, values in enumerate(part.cells):
                margin[values[place - 1]] = margin.get(values[place - 1], 0) + weights[cell]
            places = {value: at for at, value in enumerate(margin, start=first)}
            weights += margin.values()
            for counted, values in zip(self._counted, part.cells, strict=True):
                counted.append(places[values[place - 1]])
            others = [other for other in against if other == axis or other not in part.axes]
            shares = {value: weight / sum(weights[: self.cells]) for value, weight in margin.items()}
            self._terms += [(place, first, term) for term in margin_terms(axis, shares, others)]
        self.shares = [weight / sum(weights[: self.cells]) for weight in weights]
        # One cell has two values at least, of which itemgetter would return no sequence.
        self._values_of = [itemgetter(*[*column, 0]) for column in list(zip(*self._counted, strict=True))[1:]]
        self._ties = [int.from_bytes(digest(seed, *cell)[:4]) / 2**32 * _TIE for cell in part.cells]

    def rows(self, levels: Levels) -> Sequence[Row]:
        return [term.row(levels) for _, _, term in self._terms]

    def count(self, cell: int, rows: Sequence[Row], people: int) -> None:
        for (place, first, _), row in zip(self._terms, rows, strict=True):
            row.counts[self._counted[cell][place] - first] += people

    def after(self, away: _Away, cell: int) -> _Away:
        """Return how far all is away after one more person, of that cell."""
        found = [each - share for each, share in zip(away, self.shares, strict=True)]
        for counted in self._counted[cell]:
            found[counted] += 1
        return found

    def is_missed(self, away: _Away) -> bool:
        """Return whether people are to be chosen anew. For cells of a large table that would take too long."""
        checked = away if self.cells <= _LARGE else away[self.cells :]
        return min(checked) <= -_AWAY or max(checked) >= _AWAY

    def best(self, away: _Away, rows: Sequence[Row], number: int) -> int:
        """Return the cell of the next person."""
        losses = self._losses(away)
        for (_, first, _), row in zip(self._terms, rows, strict=True):
            for value in range(len(row.counts)):
                losses[first + value] += _OTHERS * row.excess(value, number)
        totals = self._totals(losses)
        return totals.index(min(totals))

    def search(self, away: _Away, people: int, width: int) -> _Path:
        """Return the best order of people that is found: the one on which the least is a person away."""
        paths = [_Path(0, away, ())]
        for _ in range(people):
            paths = self._longer(paths, width)
        return paths[0]

    def _longer(self, paths: Sequence[_Path], width: int) -> list[_Path]:
        """Return the best paths of one more person, none to the same place as another."""
        found: list[tuple[int, float, int, _Path]] = []
        for path in paths:
            totals = self._totals(self._losses(path.away))
            now = [each - share for each, share in zip(path.away, self.shares, strict=True)]
            behind = {counted for counted, each in enumerate(now) if each <= -_AWAY}
            spread = sum([each**4 for each in now])
            for cell in nsmallest(_BRANCHES, range(self.cells), key=totals.__getitem__):
                ahead = [counted for counted in self._counted[cell] if now[counted] + 1 >= _AWAY]
                missed = [*ahead, *behind.difference(self._counted[cell])]
                cost = path.cost + sum(1 if counted < self.cells else _MARGIN_COST for counted in missed)
                found.append((cost, spread + totals[cell], cell, path))
        best: dict[tuple[int, ...], _Path] = {}
        for cost, _, cell, path in sorted(found, key=itemgetter(0, 1)):
            cells = (*path.cells, cell)
            place = tuple(sorted(cells))
            if place not in best:
                best[place] = _Path(cost, self.after(path.away, cell), cells)
            if len(best) == width:
                break
        return list(best.values())

    def _losses(self, away: _Away) -> list[float]:
        """Return what it costs that the next person is counted for a cell or a value: the less, the more it is behind.

        That grows with the fifth power of how far it is away half before and half after that person.
        """
        found = []
        for each, share in zip(away, self.shares, strict=True):
            middle = each - share + 0.5
            square = middle * middle
            found.append(middle * (1 + 8 * square * (1 + 4 * square)))
        return found

    def _totals(self, losses: Sequence[float]) -> list[float]:
        """Return the losses of each cell together with its values."""
        of_values = (values(losses) for values in self._values_of)
        return list(reduce(partial(map, add), of_values, map(add, losses, self._ties)))
