"""Quotas of a cast: even ones, and those by weights."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from avatar_creator.casts.axes import AXES, axis_called
from avatar_creator.domain.quotas import Quota, Quotas
from avatar_creator.errors import InvalidInput

CELLS_MOST = 5_000  # of a quota
_NOTHING: Mapping[str, Sequence[str]] = MappingProxyType({})


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
