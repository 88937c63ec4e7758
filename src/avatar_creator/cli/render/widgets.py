"""How things are drawn on a terminal: tables, cards, and figures as people say them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.text import visible

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table
    from rich.text import Text

    from avatar_creator.domain.records import Generation

_VALUE_LEAST = 20  # characters of a card's values, however narrow the terminal
_NAME_WIDEST = 20  # characters
_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds


def age(at: str) -> str:
    """Say how long ago a kept time was."""
    seconds = -ahead(at)
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    return f"{int(seconds // _DAY)} d ago"


def ahead(at: str) -> float:
    """Return the seconds until a kept time."""
    return (datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds()


def left(at: str) -> str:
    """Say how long it is until a kept time."""
    return span(max(ahead(at), 0))


def span(seconds: float) -> str:
    """Say how long that is."""
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.0f} h" if seconds < 2 * _DAY else f"{seconds / _DAY:.0f} d"


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


def text(value: object, style: str = "") -> "Text":
    """Return a value as rich's text, which is never read as markup, whatever a name holds."""
    from rich.text import Text

    return value if isinstance(value, Text) else Text("" if value is None else visible(str(value)), style)


def table(*headings: str, folds: bool = False) -> "Table":
    """Return a table. On a narrow screen its first column ``folds``, as paths may; ids stay whole, to be copied."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        right = heading.startswith(">")
        first = not made.columns
        made.add_column(
            heading.lstrip(">"),
            justify="right" if right else "left",
            no_wrap=right or (first and not folds),
            overflow="fold" if first else "ellipsis",
        )
    return made


def short(name: str | None) -> "Text":
    """Return a name as it stands in a table, cut where it is long: a screen is for many of them."""
    cut = text(name)
    cut.truncate(_NAME_WIDEST, overflow="ellipsis")
    return cut


def row(into: "Table", *values: object) -> None:
    into.add_row(*(text(value) for value in values))


class Card:
    """Two columns, for rich to draw: labels, and values wrapped between words.

    What has no words to wrap between, as paths and digests, is left to the terminal: so it can be copied whole.
    """

    def __init__(self, groups: Sequence[Sequence[tuple[str, "Text"]]]) -> None:
        self._groups = groups
        self._label_width = max(len(label) for group in groups for label, _ in group) + 2

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        room = max(options.max_width - self._label_width, _VALUE_LEAST)
        for n, group in enumerate(self._groups):
            if n:
                yield ""
            for label, value in group:
                for m, line in enumerate(value.wrap(console, room) if " " in value.plain else [value]):
                    start = (("" if m else label).ljust(self._label_width), "dim")
                    yield line.assemble(start, line, no_wrap=True, overflow="ignore")


def card(*pairs: tuple[str, Any] | None) -> "RenderableType":
    """Return a card of labels and values; absent values are left out, None between pairs is a gap."""
    groups: list[list[tuple[str, Text]]] = [[]]
    for pair in pairs:
        if pair is None:
            groups.append([])
        elif pair[1] not in (None, ""):
            groups[-1].append((pair[0], text(pair[1])))
    return Card([group for group in groups if group])


def nothing(what: str, next_: str) -> "RenderableType":
    return text(f"{what} Try: {next_}", "dim")
