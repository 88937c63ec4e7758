"""Thumbnails on a colour terminal: real pictures where it is known to show them, else half blocks.

Those are two pixels a character cell, which every such terminal can.
"""

import os
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.segment import ControlType, Segment, Segments
from rich.style import Style
from rich.table import Table
from rich.text import Text

from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.protocols import iterm, kitty, png_of, protocol_of, sixel
from avatar_creator.cli.render.widgets import card
from avatar_creator.decoding import Undecodable, isolated
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.preview import Preview
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import AvatarError

try:
    import fcntl
    import termios
except ImportError:  # Windows
    fcntl = termios = None  # type: ignore[assignment]

CELLS = 24  # columns; half as many lines
_GALLERY_CELLS = 12
_BYTES_MOST = 2**20  # of a thumbnail's file: ours have some 20 kB
_PIXELS_MOST = 10**6
_UPRIGHT = 1
_SIDE_PX = 300  # of a thumbnail
_CELL_PX = (10, 20)  # where nobody says how large a character is
_SIXEL_MOST_PX = 600
_COLORS = 128


class Previews:
    """Draws thumbnails, as the terminal can."""

    def __init__(self, wanted: Preview) -> None:
        self._how = protocol_of(os.environ) if wanted is Preview.AUTO else wanted

    @property
    def is_off(self) -> bool:
        return self._how is Preview.NONE

    def show(self, out: Output, avatar: Avatar) -> None:
        """Draw one, unless none are wanted."""
        if not self.is_off:
            out.draw(self.thumbnail(avatar))

    def thumbnail(self, avatar: Avatar, *, cells: int = CELLS) -> RenderableType:
        """Return the thumbnail, or a word where its file is gone or is no such picture."""
        try:
            data = read_regular(Path(avatar.thumbnail_path), _BYTES_MOST)
            return self._drawn(data, cells)
        except FileNotFoundError:
            return Text("missing", style="dim")
        except (OSError, Undecodable, AvatarError):  # in a home that others wrote it may be anything
            return Text("unreadable", style="dim")

    def gallery(self, avatars: Sequence[Avatar]) -> RenderableType:
        """Return thumbnails, each with who it is beside it."""
        grid = Table.grid(padding=(0, 2, 1, 0))
        grid.add_column(width=_GALLERY_CELLS)
        grid.add_column()
        for avatar in avatars:
            facts = card(
                ("id", avatar.id),
                ("name", avatar.name),
                ("age", avatar.persona.age),
                ("gender", avatar.attributes.gender),
                ("project", avatar.project_name),
            )
            grid.add_row(self.thumbnail(avatar, cells=_GALLERY_CELLS), facts)
        return grid

    def _drawn(self, data: bytes, cells: int) -> RenderableType:
        lines = cells // 2
        match self._how:
            case Preview.KITTY | Preview.ITERM:
                pixels = isolated.square(data, _UPRIGHT, _SIDE_PX, _PIXELS_MOST)
                shown = (kitty if self._how is Preview.KITTY else iterm)(png_of(pixels, _SIDE_PX), cells, lines)
                return _Placed(shown, cells, lines)
            case Preview.SIXEL:
                side = _sixel_side(cells, lines)
                made = isolated.paletted(data, side, _COLORS, _PIXELS_MOST)
                return _Placed(sixel(made[: 3 * _COLORS], made[3 * _COLORS :], side), cells, lines)
        return _blocks(isolated.cells(data, cells, _PIXELS_MOST), cells)


class _Placed:
    """Cells that a picture is shown over. It is sent once they are on the screen, so that nothing moves it."""

    def __init__(self, shown: str, columns: int, lines: int) -> None:
        self._shown = shown
        self._columns = columns
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        blank = Segment(" " * self._columns)
        for _ in range(self._lines - 1):
            yield from (blank, Segment.line())
        up = f"\x1b[{self._lines - 1}A" if self._lines > 1 else ""
        # The cursor is saved behind the last line, and restored there.
        placed = f"\x1b7{up}\x1b[{self._columns}D{self._shown}\x1b8"
        yield from (blank, Segment(placed, control=[(ControlType.HOME,)]), Segment.line())

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(self._columns, self._columns)


def _blocks(pixels: bytes, cells: int) -> RenderableType:
    segments = []
    for y in range(0, cells, 2):
        for x in range(cells):
            upper, lower = (Color.from_rgb(*pixels[3 * at : 3 * at + 3]) for at in (y * cells + x, (y + 1) * cells + x))
            style = Style(color=upper, bgcolor=lower)
            segments.append(Segment("▀", style))
        segments.append(Segment.line())
    return Segments(segments)


def _sixel_side(columns: int, lines: int) -> int:
    """Return the side in pixels of what fits over so many cells, as the system says how large they are."""
    width, height = _CELL_PX
    with suppress(AttributeError, OSError):  # Windows has neither module
        rows, across, x, y = struct.unpack("HHHH", fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, bytes(8)))
        if rows and across and x and y:
            width, height = x // across, y // rows
    return max(min(columns * width, lines * height, _SIXEL_MOST_PX), 2 * columns)
