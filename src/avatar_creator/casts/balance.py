"""How evenly the values of an axis come together with the values that people have of other axes."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from avatar_creator.casts.axes import AXES

Levels = Mapping[str, int]  # by axis, the place of the value that a person has by default


class Row(NamedTuple):
    """A term at the levels of one person."""

    counts: list[int]
    shares: Sequence[float]

    def excess(self, value: int, number: int) -> float:
        """Return by how many people a value has more than its share of ``number``."""
        return self.counts[value] - number * self.shares[value]


class Term:
    """Something that values are balanced by: how many people have a value together with levels of other axes."""

    def __init__(self, others: Sequence[str], shares: Sequence[Sequence[float]]) -> None:
        """Compare with ``shares``, the part of all people for each level and value."""
        self._others = [(axis, len(AXES[axis].values)) for axis in others]
        self._shares = shares
        self._counts = [[0] * len(shares[0]) for _ in shares]

    def row(self, levels: Levels) -> Row:
        level = 0
        for axis, size in self._others:
            level = level * size + levels[axis]
        return Row(self._counts[level], self._shares[level])


def margin_terms(axis: str, margin: Mapping[str, float], against: Sequence[str]) -> list[Term]:
    """Return what the values of an axis are balanced by, given their shares: each other axis, and its own default."""
    found = [with_others([other], list(margin.values())) for other in against if other != axis]
    if axis in against:
        found.append(Term([axis], _moved(AXES[axis].values, margin)))
    return found


def with_others(others: Sequence[str], weights: Sequence[float]) -> Term:
    """Return the term of which the others' levels are all the same share."""
    levels = math.prod(len(AXES[axis].values) for axis in others)
    return Term(others, [[weight / levels for weight in weights]] * levels)


def _moved(usual: Sequence[str], margin: Mapping[str, float]) -> Sequence[Sequence[float]]:
    """Return which part of all people has which value by default, and which by a margin: as few as can be have another.

    That is what links two axes that both have weights of their own: each is balanced with the default values of the
    other.
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
