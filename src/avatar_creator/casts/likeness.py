"""Quotas as the people of a persona file have them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from avatar_creator.casts.axes import AGE, axis_called
from avatar_creator.casts.quotas import Quota, Quotas
from avatar_creator.domain.age_ranges import KNOWN
from avatar_creator.domain.persona_row import BadRow, PersonaRow
from avatar_creator.errors import InvalidInput


class Likeness(NamedTuple):
    """The joint distribution of rows over axes, of how many rows it is, and how many lack a value, by axis."""

    quotas: Quotas
    rows: int
    lacking: dict[str, int]


def quotas_like(rows: Iterable[PersonaRow | BadRow], axes: Sequence[str]) -> Likeness:
    """Return the joint distribution of rows over axes. Raises InvalidInput where no row has a value for each."""
    names = [axis_called(axis).name for axis in axes]
    cells: Counter[tuple[str, ...]] = Counter()
    lacking: Counter[str] = Counter()
    for row in rows:
        if isinstance(row, BadRow):
            continue
        values = [_value(row, name) for name in names]
        lacking.update(name for name, value in zip(names, values, strict=True) if not value)
        if all(values):
            cells[tuple(value for value in values if value)] += 1
    total = cells.total()
    if not total:
        raise InvalidInput("No row has a value for each of: " + ", ".join(names) + ".", hint="Name other axes.")
    weights = {cell: count / total for cell, count in cells.most_common()}
    return Likeness(Quotas((Quota(tuple(names), weights),)), total, dict(lacking))


def _value(row: PersonaRow, axis: str) -> str | None:
    if axis != AGE:
        return getattr(row.attributes, axis, None)
    age = row.persona.age
    if age is None:
        return row.attributes.age_range
    return next(name for name, years in reversed(KNOWN.items()) if age >= years.least)
