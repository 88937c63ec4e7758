"""How a report of coverage is shown: as lines, and as tables with bars."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from avatar_creator.cli.render.widgets import nothing, row, table, text
from avatar_creator.domain.text import counted

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from avatar_creator.domain.coverage import Cell, Coverage, Spread

_ROWS_MOST = 40  # of a table on a terminal
_NO_PICTURES = "This is what was asked for, not what pictures show."


def coverage_lines(coverage: "Coverage") -> Iterator[Sequence[object]]:
    """Yield a line for each cell: kind, axes, values, target, got, difference."""
    yield "people", coverage.name, None, None, coverage.people, None
    for cast in coverage.casts:
        yield "cast", cast.seed, str(cast), cast.people, cast.made, cast.made - cast.people
    for kind, spreads in (("axis", coverage.axes), ("pair", coverage.pairs), ("table", coverage.tables)):
        for spread in spreads:
            for cell in spread.cells:
                yield kind, spread.name, *_cell(cell)
            for cell in spread.others:
                yield "other", spread.name, *_cell(cell)
            if spread.not_said and kind == "axis":
                yield "not said", spread.name, None, None, spread.not_said, None
    for sentence in coverage.summary():
        yield "summary", sentence


def _cell(cell: "Cell") -> Sequence[object]:
    return " x ".join(cell.values), _number(cell.target), cell.got, _signed(cell.difference)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _short(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _signed(value: float, number: str | None = None) -> str:
    said = _number(value) if number is None else number
    return "0" if said in {"0", "-0"} else said if value < 0 else f"+{said}"


def coverage_tables(coverage: "Coverage", *, bars: bool = False) -> "RenderableType":
    if not coverage.people:
        return nothing(f"{coverage.name} has no people.", "avatar cast 24 --balance gender,age,ethnicity")
    parts: list[RenderableType] = [text(f"{counted(coverage.people, 'person', 'people')} in {coverage.name}")]
    parts += [text(f"cast {cast.seed}: {cast}") for cast in coverage.casts]
    for spread in coverage.axes:
        parts += ["", _axis(spread, bars=bars)]
    if bars and coverage.axes:
        parts += [_Legend()]
    if coverage.pairs or coverage.tables:
        parts += ["", _pairs((*coverage.pairs, *coverage.tables))]
    parts += ["", *(text(sentence) for sentence in coverage.summary())]
    if coverage.uncounted:
        parts.append(text(f"Not counted: {', '.join(coverage.uncounted)}."))
    return _Parts([*parts, text(f"{_AGAINST[coverage.targets]} {_NO_PICTURES}", "dim")])


_AGAINST = {
    "casts": "Targets are those of the project's casts.",
    "given": "Targets are those that were given.",
    "seen": "Targets are even over the values that there are.",
}


def _axis(spread: "Spread", *, bars: bool) -> "Table":
    rows = table(spread.name, ">target", ">got", ">difference")
    if bars:
        rows.add_column("", ratio=1)
        rows.expand = True
    most = max((max(cell.target, cell.got) for cell in (*spread.cells, *spread.others)), default=0)
    for cell in spread.cells[:_ROWS_MOST]:
        said = (cell.values[0], _short(cell.target), f"{cell.got:,}", _signed(cell.difference, _short(cell.difference)))
        rows.add_row(*map(text, said), *([_Bar(cell, most)] if bars else []))
    left = spread.cells[_ROWS_MOST:]
    if left:
        row(rows, f"{len(left):,} more", _short(sum(c.target for c in left)), f"{sum(c.got for c in left):,}")
    for cell in spread.others:
        row(rows, f"{cell.values[0]} (not asked for)", None, f"{cell.got:,}")
    unlisted = spread.other - sum(cell.got for cell in spread.others)
    if unlisted:
        row(rows, "other values", None, f"{unlisted:,}")
    if spread.not_said:
        row(rows, "not said", None, f"{spread.not_said:,}")
    return rows


def _pairs(spreads: Sequence["Spread"]) -> "Table":
    rows = table("together", ">cells", ">empty", ">fewest", ">most", ">target")
    for spread in spreads:
        got = [cell.got for cell in spread.cells]
        targets = [cell.target for cell in spread.cells]
        low, high = (_short(end(targets, default=0)) for end in (min, max))
        span = low if low == high else f"{low} to {high}"
        row(rows, spread.name, len(got), len(spread.empty), min(got, default=0), max(got, default=0), span)
    return rows


class _Parts:
    """What is drawn one below the other."""

    def __init__(self, parts: "Sequence[RenderableType]") -> None:
        self._parts = parts

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        yield from self._parts


class _Bar:
    """A bar as long as its column: what there is, what is missing, and what is more than the target."""

    def __init__(self, cell: "Cell", most: float) -> None:
        self._cell = cell
        self._most = most

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        there, missing, more = _marks(options)
        scale = options.max_width / self._most if self._most else 0
        got, target = round(self._cell.got * scale), round(self._cell.target * scale)
        if self._cell.got:
            got = max(got, 1)  # somebody is seen, however many others there are
        both = min(got, target) or got
        yield text(there * both + missing * (target - both) + more * (got - both))


class _Legend:
    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        there, missing, more = _marks(options)
        yield text(f"{there} there  {missing} missing  {more} more than the target", "dim")


def _marks(options: "ConsoleOptions") -> tuple[str, str, str]:
    return ("#", ".", "+") if options.ascii_only else ("█", "░", "▓")
