"""Thumbnails on a colour terminal: two pixels a character cell, as half blocks, which every such terminal can.

Terminals' own picture protocols would be sharper, but asking a terminal for them stalls where nothing answers.
"""

from collections.abc import Sequence
from pathlib import Path

from rich.color import Color
from rich.console import RenderableType
from rich.segment import Segment, Segments
from rich.style import Style
from rich.table import Table
from rich.text import Text

from avatar_creator.cli.render.widgets import card
from avatar_creator.decoding import Undecodable, isolated
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import AvatarError

_CELLS = 24  # columns; half as many lines
_GALLERY_CELLS = 12
_BYTES_MOST = 2**20  # of a thumbnail's file: ours have some 20 kB
_PIXELS_MOST = 10**6


def thumbnail(avatar: Avatar, *, cells: int = _CELLS) -> RenderableType:
    """Return the thumbnail as coloured half blocks, or a word where its file is gone or is no such picture."""
    try:
        pixels = isolated.cells(read_regular(Path(avatar.thumbnail_path), _BYTES_MOST), cells, _PIXELS_MOST)
    except FileNotFoundError:
        return Text("missing", style="dim")
    except (OSError, Undecodable, AvatarError):  # in a home that others wrote it may be anything
        return Text("unreadable", style="dim")
    segments = []
    for y in range(0, cells, 2):
        for x in range(cells):
            upper, lower = (Color.from_rgb(*pixels[3 * at : 3 * at + 3]) for at in (y * cells + x, (y + 1) * cells + x))
            style = Style(color=upper, bgcolor=lower)
            segments.append(Segment("▀", style))
        segments.append(Segment.line())
    return Segments(segments)


def gallery(avatars: Sequence[Avatar]) -> RenderableType:
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
        grid.add_row(thumbnail(avatar, cells=_GALLERY_CELLS), facts)
    return grid
