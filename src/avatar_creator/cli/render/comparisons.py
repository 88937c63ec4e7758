"""Avatars side by side, as a terminal and a pipe show them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from avatar_creator.cli.render.output import console
from avatar_creator.cli.render.preview import CELLS, Previews
from avatar_creator.cli.render.widgets import text
from avatar_creator.domain.comparison import Comparison

_LABEL = 20  # characters
_CELLS_LEAST = 8
_LONGEST = 300  # characters of a value on a terminal


def lines(comparison: Comparison, *, all_: bool) -> Iterator[Sequence[object]]:
    """Yield the field and what each has, for each in which they differ."""
    for name, values in _chosen(comparison, all_=all_).items():
        yield (name, *map(_said, values))


def side_by_side(comparison: Comparison, previews: Previews | None, *, all_: bool) -> RenderableType:
    """Return a table with a column for each."""
    count = len(comparison.avatars)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", max_width=_LABEL, overflow="fold")
    room = (console().width - _LABEL) // count - 2
    for _ in comparison.avatars:
        grid.add_column(overflow="fold", ratio=1)
    if previews is not None and room >= _CELLS_LEAST:
        cells = min(CELLS, room) // 2 * 2
        grid.add_row("", *(previews.thumbnail(each, cells=cells) for each in comparison.avatars))
        grid.add_row("")
    for name, values in _chosen(comparison, all_=all_).items():
        grid.add_row(text(name), *(text(_said(value)[:_LONGEST]) for value in values))
    same = len(comparison.values) - len(comparison.differing)
    return Group(grid, text(f"{same} more are the same; --all shows them.", "dim")) if same and not all_ else grid


def _chosen(comparison: Comparison, *, all_: bool) -> Mapping[str, Sequence[Any]]:
    return comparison.values if all_ else comparison.differing


def _said(value: object) -> str:
    match value:
        case None | []:
            return ""
        case list():
            return ", ".join(map(str, value))
        case float():
            return f"{value:g}"
    return str(value)
