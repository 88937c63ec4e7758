"""How things are drawn on a terminal: tables, cards, and figures as people say them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.text import visible

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from avatar_creator.domain.records import Generation

_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds


def age(at: str) -> str:
    """Say how long ago a kept time was."""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    return f"{int(seconds // _DAY)} d ago"


def took(generation: "Generation") -> str | None:
    """Say how long a finished generation took."""
    if generation.started_at is None or generation.finished_at is None:
        return None
    started = datetime.fromisoformat(generation.started_at)
    seconds = (datetime.fromisoformat(generation.finished_at) - started).total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def size(count: float) -> str:
    """Say a number of bytes."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":  # noqa: PLR2004 - decimal units
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError


def text(value: object) -> "Text":
    from rich.text import Text

    # Text objects are never read as markup, whatever a name holds.
    return value if isinstance(value, Text) else Text("" if value is None else visible(str(value)))


def table(*headings: str) -> "Table":
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        right = heading.startswith(">")
        first = not made.columns
        made.add_column(
            heading.lstrip(">"),
            justify="right" if right else "left",
            no_wrap=first or right,
            overflow="fold" if first else "ellipsis",
        )
    return made


def row(into: "Table", *values: object) -> None:
    into.add_row(*(text(value) for value in values))


def card(*pairs: tuple[str, Any] | None) -> "RenderableType":
    """Two columns; absent values are left out, None between pairs is a gap."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    gap = False
    for pair in pairs:
        if pair is None:
            gap = grid.row_count > 0
        elif pair[1] not in (None, ""):
            if gap:
                grid.add_row()
            grid.add_row(pair[0], text(pair[1]))
            gap = False
    return grid


def nothing(what: str, next_: str) -> "RenderableType":
    from rich.text import Text

    return Text(f"{what} Try: {next_}", style="dim")
