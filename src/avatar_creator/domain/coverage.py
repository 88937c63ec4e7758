"""How balanced people are: how many were to have each value and each pair of values, and how many do."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

_SLACK = 1e-6  # weights are fractions
_KINDS = {1: "values of", 2: "pairs"}
_NAMED_MOST = 6  # empty cells that a sentence names


class CastProgress(NamedTuple):
    """How much of a cast is made: of ``people`` that were asked for some are made, others failed or wait.

    Who was made with crossed values has several ``avatars``.
    """

    seed: int
    people: int
    made: int
    failed: int = 0
    waiting: int = 0
    cancelled: int = 0
    balance: tuple[str, ...] = ()
    avatars: int = 0

    @property
    def most(self) -> int:
        """As many as were asked for last, or are there: nobody goes when fewer people are asked for."""
        return max(self.people, self.avatars)

    def as_json(self) -> dict[str, Any]:
        return self._asdict()

    def __str__(self) -> str:
        left = self.people - self.made - self.failed - self.waiting - self.cancelled
        counts = (
            *((self.failed, "failed"), (self.waiting, "waiting"), (self.cancelled, "cancelled")),
            (max(left, 0), "not begun"),
        )
        unmade = "".join(f", {count:,} {word}" for count, word in counts if count)
        several = f" as {self.avatars:,} avatars" if self.avatars > self.made else ""
        return f"planned {self.people:,}, made {self.made:,}{several}{unmade}"


class Cell(NamedTuple):
    """A value, or a combination of several: how many people were to have it, and how many do."""

    values: tuple[str, ...]
    target: float
    got: int

    @property
    def difference(self) -> float:
        return self.got - self.target

    @property
    def is_empty(self) -> bool:
        return self.got == 0 and self.target > _SLACK

    def as_json(self) -> dict[str, Any]:
        return {
            "values": list(self.values),
            "target": round(self.target, 2),
            "got": self.got,
            "difference": round(self.difference, 2),
        }


class Spread(NamedTuple):
    """How people are spread over the values of an axis, or over the combinations of several.

    ``not_said`` have no value of one of the axes, ``other`` one that was not asked for; of an axis ``others`` are those
    values, the most frequent ones.
    """

    axes: tuple[str, ...]
    cells: tuple[Cell, ...]
    not_said: int
    other: int
    others: tuple[Cell, ...] = ()

    @property
    def empty(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_empty]

    @property
    def largest(self) -> Cell | None:
        """The cell that is farthest from its target."""
        return max(self.cells, key=lambda cell: abs(cell.difference), default=None)

    @property
    def name(self) -> str:
        return " x ".join(axis.replace("_", " ") for axis in self.axes)

    def as_json(self) -> dict[str, Any]:
        cells = {name: [cell.as_json() for cell in getattr(self, name)] for name in ("cells", "others")}
        return self._asdict() | {"axes": list(self.axes)} | cells


class Coverage(NamedTuple):
    """How balanced the people of a project or a persona file are.

    ``targets`` says what the targets are: of ``casts``, of what was ``given``, or even over the values ``seen``. Axes
    that no avatar says, as the locale, are ``uncounted``.
    """

    name: str
    project_id: str | None
    people: int
    targets: str
    casts: tuple[CastProgress, ...]
    spreads: tuple[Spread, ...]
    uncounted: tuple[str, ...] = ()
    bad_rows: int = 0

    @property
    def axes(self) -> tuple[Spread, ...]:
        return tuple(spread for spread in self.spreads if len(spread.axes) == 1)

    @property
    def pairs(self) -> tuple[Spread, ...]:
        return tuple(spread for spread in self.spreads if len(spread.axes) == 2)  # noqa: PLR2004 - a pair

    @property
    def tables(self) -> tuple[Spread, ...]:
        return tuple(spread for spread in self.spreads if len(spread.axes) > 2)  # noqa: PLR2004 - no pair

    @property
    def empty(self) -> int:
        return sum(len(spread.empty) for spread in self.spreads)

    @property
    def within(self) -> float:
        """The largest difference of a value from its target."""
        found = [abs(spread.largest.difference) for spread in self.axes if spread.largest]
        return max(found, default=0.0)

    def is_within(self, most: float) -> bool:
        return self.within <= most + _SLACK

    def summary(self) -> list[str]:
        """Say it in sentences: how far values are from their targets, and which cells are empty."""
        return [*_margins_said(self), *self.emptiness()]

    def emptiness(self) -> list[str]:
        """Say in sentences which cells are empty."""
        return list(_empty_said(self))

    def as_json(self) -> dict[str, Any]:
        spreads = {name: [each.as_json() for each in getattr(self, name)] for name in ("axes", "pairs", "tables")}
        return {
            "name": self.name,
            "project_id": self.project_id,
            "people": self.people,
            "targets": self.targets,
            "casts": [cast.as_json() for cast in self.casts],
            **spreads,
            "uncounted": self.uncounted,
            "bad_rows": self.bad_rows,
            "within": round(self.within, 2),
            "empty": self.empty,
            "summary": self.summary(),
        }


def _margins_said(coverage: Coverage) -> Iterator[str]:
    largest = [(spread, spread.largest) for spread in coverage.axes if spread.largest]
    if not largest:
        return
    if coverage.is_within(1):
        yield "Every margin is within 1."
        return
    spread, cell = max(largest, key=lambda each: abs(each[1].difference))
    many = f"{abs(cell.difference):,.1f}".removesuffix(".0")
    than = "more" if cell.difference > 0 else "fewer"
    yield f"The margin that is farthest from its target: {spread.name} {cell.values[0]}, {many} {than}."


def _empty_said(coverage: Coverage) -> Iterator[str]:
    missing = {spread.axes: {cell.values[0] for cell in spread.empty} for spread in coverage.axes}
    for spread in coverage.spreads:
        if spread.empty:
            wanted = sum(cell.target > _SLACK for cell in spread.cells)
            kind = _KINDS.get(len(spread.axes), "cells")
            yield f"{len(spread.empty):,} of {wanted:,} {kind} {spread.name} empty: {_named(spread, missing)}."
    if not coverage.empty and coverage.axes:
        yield "No value and no pair is empty." if coverage.pairs else "No value is empty."


def _named(spread: Spread, missing: Mapping[tuple[str, ...], set[str]]) -> str:
    """Name empty cells, all that have a value that nobody has as one."""
    names: dict[str, None] = {}
    for cell in spread.empty:
        pairs = zip(spread.axes, cell.values, strict=True)
        nobody = next((value for axis, value in pairs if value in missing.get((axis,), ())), None)
        together = len(cell.values) > 1 and nobody is not None
        names[f"all {nobody}" if together else " ".join(cell.values)] = None
    more = f" and {len(names) - _NAMED_MOST:,} more" if len(names) > _NAMED_MOST else ""
    return f"{', '.join(islice(names, _NAMED_MOST))}{more}"
