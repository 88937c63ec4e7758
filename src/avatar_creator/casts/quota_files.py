"""Quotas that are read from a file: weights of values, joint tables, the distributions of a population file."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from avatar_creator import documents
from avatar_creator.casts.axes import axis_called, value_called
from avatar_creator.casts.weighting import CELLS_MOST, in_order, weighted
from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST
from avatar_creator.domain.quotas import Quota, Quotas
from avatar_creator.domain.text import fold, shown, visible
from avatar_creator.errors import InvalidInput

_HINT = "Write weights by axis, such as: gender: {female: 51, male: 49}"
_TABLE_HINT = "Write a joint table with axes: [gender, age] and cells: {female: {young: 3, adult: 5}}"
_NESTED_MOST = 4  # maps around the distributions of a population file
_OFF_MOST = 1.0  # by which percentages that were rounded may miss 100, and shares, in percent, 1
_ROUNDED = 1e-6
_JOINT = frozenset({"joint", "tables", "joint tables"})
_TABLE = frozenset({"axes", "cells"})
_DISTRIBUTION = re.compile(r"(.+?)[ _-](?:distribution|composition|breakdown|split)", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,+&\u00d7]\s*|\s+(?:x|by|and)\s+")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?|[+-]?\.\d+")
_FRACTION = re.compile(r"(\d{1,15})\s*/\s*(\d{1,15})")

_Cells = Iterable[tuple[tuple[str, ...], object]]


def read_quotas(path: Path) -> Quotas:
    """Return the quotas of a file of YAML or JSON. Raises InvalidInput for what is no such file."""
    content = documents.reading.read_document(path, what="a table of quotas", hint=_HINT)
    try:
        return in_order(list(_parts(content)))
    except InvalidInput as error:
        raise InvalidInput(f"'{visible(str(path))}': {error.message}", hint=error.hint) from error


def _parts(content: object) -> Iterator[Quota]:
    if isinstance(content, list) and content:
        for table in content:
            yield from _table(table)
    elif isinstance(content, dict) and content:
        if content.keys() & _TABLE:
            yield from _table(content)
            return
        distributions = _distributions(content)
        for name, weights in (distributions or content).items():
            if fold(str(name)) in _JOINT:
                for table in weights if isinstance(weights, list) else [weights]:
                    yield from _table(table)
            else:
                yield _by_axes(_axes(str(name)), weights)
    else:
        raise InvalidInput("There are no quotas.", hint=_HINT)


def _table(table: object) -> Iterator[Quota]:
    """Yield the quota of a joint table, or those of a map of axes."""
    if not isinstance(table, dict):
        raise InvalidInput(f"{shown(str(table))} is no table of quotas.", hint=_TABLE_HINT)
    if not table.keys() & _TABLE:
        yield from _parts(table)
        return
    unknown = [str(key) for key in table if key not in _TABLE]
    if unknown or not table.keys() >= _TABLE:
        what = f"has {shown(unknown[0])}, which is not known" if unknown else "needs both axes and cells"
        raise InvalidInput(f"A joint table {what}.", hint=_TABLE_HINT)
    axes = table["axes"]
    names = [axis_called(str(name)).name for name in axes] if isinstance(axes, list) else _axes(str(axes))
    if not names:
        raise InvalidInput("A joint table has no axes.", hint=_TABLE_HINT)
    yield _by_axes(names, table["cells"])


def _axes(name: str) -> list[str]:
    """Return the axes that a key names: "gender", "gender, age", "Age Distribution"."""
    if len(name) > ATTRIBUTE_LONGEST * 2:
        raise InvalidInput(f"{shown(name)} is no axis.", hint=_HINT)
    distribution = _DISTRIBUTION.fullmatch(name.strip())
    if distribution:
        return [axis_called(distribution[1]).name]
    return [axis_called(each).name for each in _SEVERAL.split(name.strip())]


def _distributions(content: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Return the distributions of people in a population file, by name: those of axes, wherever they stand in it.

    TinyTroupe, for one, has content, Demographics, "Age Distribution". What is about something else is passed over.
    """
    found: dict[str, Any] = {}
    level = [content]
    for _ in range(_NESTED_MOST):
        for each in level:
            found |= {name: value for name, value in each.items() if _is_distribution(name, value)}
        if found:
            return found
        level = [value for each in level for value in each.values() if isinstance(value, dict)]
    return found


def _is_distribution(name: object, value: object) -> bool:
    distribution = _DISTRIBUTION.fullmatch(str(name)[:ATTRIBUTE_LONGEST].strip())
    if not distribution or not isinstance(value, dict):
        return False
    try:
        axis_called(distribution[1])
    except InvalidInput:
        return False
    return True


def _by_axes(axes: list[str], cells: object) -> Quota:
    for axis in axes:
        if axes.count(axis) > 1:
            raise InvalidInput(f"{axis} is twice in one table.", hint="Name each axis once.")
    found: dict[tuple[str, ...], object] = {}
    for texts, weight in _cells(axes, cells):
        cell = tuple(value_called(axis, text) for axis, text in zip(axes, texts, strict=True))
        if cell in found:
            raise InvalidInput(f"{' and '.join(axes)}: {', '.join(cell)} is there twice.", hint="Write each once.")
        found[cell] = weight
        if len(found) > CELLS_MOST:
            raise InvalidInput(f"{' and '.join(axes)}: there are more than {CELLS_MOST:,} weights.", hint=_HINT)
    return weighted(axes, _weights(axes, found))


def _cells(axes: list[str], cells: object) -> _Cells:
    """Yield the texts of each cell with its weight, from maps in maps, from rows, or from a list of values."""
    named = " and ".join(axes)
    if isinstance(cells, dict):
        yield from _nested(axes, cells, ())
    elif isinstance(cells, list) and len(axes) == 1 and not any(isinstance(each, dict | list) for each in cells):
        yield from (((_text(axes[0], value),), 1) for value in cells)
    elif isinstance(cells, list):
        for row in cells:
            yield _row(axes, row)
    else:
        raise InvalidInput(f"{named} is {shown(str(cells))}, not weights of its values.", hint=_HINT)


def _nested(axes: list[str], cells: Mapping[Any, Any], above: tuple[str, ...]) -> _Cells:
    axis = axes[len(above)]
    for name, value in cells.items():
        texts = (*above, _text(axis, name))
        is_last = len(texts) == len(axes)
        if isinstance(value, dict) and not is_last:
            yield from _nested(axes, value, texts)
        elif is_last and not isinstance(value, dict):
            yield texts, value
        else:
            what = "has values below it" if is_last else f"needs weights by {axes[len(texts)]}"
            raise InvalidInput(f"{' and '.join(axes)}: {', '.join(texts)} {what}.", hint=_TABLE_HINT)


def _row(axes: list[str], row: object) -> tuple[tuple[str, ...], object]:
    """Return a row of a table: its values in the order of the axes and then its weight, or all by name."""
    named = " and ".join(axes)
    if isinstance(row, dict):
        weights = [key for key in row if fold(str(key)) in {"weight", "count", "share", "percent"}]
        by_axis = {axis_called(str(key)).name: value for key, value in row.items() if key not in weights}
        if len(weights) == 1 and by_axis.keys() == set(axes):
            return tuple(_text(axis, by_axis[axis]) for axis in axes), row[weights[0]]
    elif isinstance(row, list) and len(row) == len(axes) + 1:
        return tuple(_text(axis, value) for axis, value in zip(axes, row[:-1], strict=True)), row[-1]
    raise InvalidInput(f"{named}: the row {shown(str(row))} is not a value of each and a weight.", hint=_TABLE_HINT)


def _text(axis: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidInput(f"{axis} has the value {shown(str(value))}, which is no text.", hint='Put it in "quotes".')
    return str(value)


def _weights(axes: list[str], cells: Mapping[tuple[str, ...], object]) -> Mapping[tuple[str, ...], float]:
    """Return weights as numbers. Raises InvalidInput for percentages that miss 100, and for shares that miss 1."""
    named = " and ".join(axes)
    weights = {cell: _weight(named, cell, value) for cell, value in cells.items()}
    percentages = [cell for cell, value in cells.items() if isinstance(value, str) and value.strip().endswith("%")]
    if percentages:
        if len(percentages) < len(cells):
            raise InvalidInput(f"{named}: some weights are percentages and some are not.", hint="Write all in one way.")
        total = sum(weights.values())
        if abs(total - 100) > _OFF_MOST:
            hint = "Correct them, or leave the % out: weights may add up to anything."
            raise InvalidInput(f"{named}: the percentages add up to {total:g} %, not 100 %.", hint=hint)
    elif _are_shares(weights.values()):
        total = math.fsum(weights.values())
        if abs(total - 1) * 100 > _OFF_MOST + _ROUNDED:
            hint = "Correct them, or write whole numbers, such as 5 and 6: those may add up to anything."
            raise InvalidInput(f"{named}: the shares add up to {total:.4g}, not 1.", hint=hint)
    return weights


def _are_shares(weights: Collection[float]) -> bool:
    """Return whether weights are parts of one: none above it, and not all whole."""
    return all(0 <= weight <= 1 for weight in weights) and not all(weight.is_integer() for weight in weights)


def _weight(named: str, cell: tuple[str, ...], value: object) -> float:
    found: float | None = None
    if isinstance(value, str):
        text = value.strip().removesuffix("%").strip()
        fraction = _FRACTION.fullmatch(text)
        if fraction and int(fraction[2]):
            found = float(Fraction(int(fraction[1]), int(fraction[2])))
        elif _NUMBER.fullmatch(text):
            found = float(re.sub(r"[,' ]", "", text))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        try:
            found = float(value)
        except OverflowError:
            found = None
    if found is None:
        given = shown(str(value)) if value is not None else "missing"
        raise InvalidInput(f"{named}: the weight of {', '.join(cell)} is {given}, not a number.", hint=_HINT)
    return found
