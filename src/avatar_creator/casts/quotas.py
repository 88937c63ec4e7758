"""How many people of each kind a cast is to have: weights of values, or of combinations of values."""

import json
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from avatar_creator.casts.axes import AXES, axis_called
from avatar_creator.errors import InvalidInput

CELLS_MOST = 5_000  # of a quota
_NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


class Quota(NamedTuple):
    """The weights of an axis' values, or of the cells of a joint table over several axes. They add up to 1."""

    axes: tuple[str, ...]
    cells: Mapping[tuple[str, ...], float]


class Quotas(NamedTuple):
    """What a cast is balanced by: parts that are independent of each other, no axis in two of them."""

    parts: tuple[Quota, ...] = ()

    @property
    def axes(self) -> tuple[str, ...]:
        return tuple(axis for part in self.parts for axis in part.axes)

    def as_json(self) -> str:
        parts = [
            {"axes": part.axes, "cells": [[*cell, weight] for cell, weight in part.cells.items()]}
            for part in self.parts
        ]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        parts: list[dict[str, Any]] = json.loads(text)
        return cls(tuple(Quota(tuple(p["axes"]), {tuple(c[:-1]): c[-1] for c in p["cells"]}) for p in parts))


def even(axes: Sequence[str], values: Mapping[str, Sequence[str]] = _NOTHING) -> Quotas:
    """Return even quotas over axes, each over its usual values, or over those that are given for it.

    Raises InvalidInput for an axis that is not known, and for one without values.
    """
    parts = []
    for name in axes:
        axis = axis_called(name)
        over = tuple(dict.fromkeys(values.get(axis.name, axis.values)))
        if not over:
            raise InvalidInput(f"No values are given for {axis.name}.", hint=f"Give them, as in --{axis.name} A,B.")
        parts.append(Quota((axis.name,), {(value,): 1 / len(over) for value in over}))
    return in_order(parts)


def weighted(axes: Sequence[str], weights: Mapping[tuple[str, ...], float]) -> Quota:
    """Return a quota by weights that add up to anything; cells of weight 0 are left out.

    Raises InvalidInput for weights of less than 0, for those that are no numbers, and where all are 0.
    """
    named = " and ".join(axes)
    for cell, weight in weights.items():
        if not 0 <= weight < math.inf:
            what = "less than 0" if weight < 0 else "no finite number"
            raise InvalidInput(f"{named}: the weight of {', '.join(cell)} is {what}.", hint="Write a number from 0 on.")
    most = max(weights.values(), default=0)
    if not most:
        raise InvalidInput(f"{named}: the weights add up to 0.", hint="Give one of the values a weight.")
    total = math.fsum(weight / most for weight in weights.values())
    return Quota(tuple(axes), {cell: weight / most / total for cell, weight in weights.items() if weight / most})


def in_order(parts: Sequence[Quota]) -> Quotas:
    """Return parts in the order in which they are allocated. Raises InvalidInput where one axis is in two of them."""
    axes = [axis for part in parts for axis in part.axes]
    for axis in axes:
        if axes.count(axis) > 1:
            raise InvalidInput(f"{axis} has more than one quota.", hint="Name each axis once.")
    order = list(AXES)
    return Quotas(tuple(sorted(parts, key=lambda part: min(order.index(axis) for axis in part.axes))))
