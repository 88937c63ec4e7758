"""Thumbnails on a colour terminal: two pixels a character cell, as half blocks, which every such terminal can.

Terminals' own picture protocols would be sharper, but asking a terminal for them stalls where nothing answers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from avatar_creator.cli.drawing import card
from avatar_creator.domain.records import Avatar

if TYPE_CHECKING:
    from rich.console import RenderableType

_CELLS = 24  # columns; half as many lines
_GALLERY_CELLS = 12


def thumbnail(avatar: Avatar, *, cells: int = _CELLS) -> "RenderableType":
    """Return the thumbnail as coloured half blocks; nothing if its file is gone."""
    from PIL import Image
    from rich.color import Color
    from rich.segment import Segment, Segments
    from rich.style import Style

    try:
        with Image.open(avatar.thumbnail_path) as opened:
            picture = opened.convert("RGB").resize((cells, cells), Image.Resampling.BOX)
    except OSError:
        return ""
    pixels: Any = picture.load()
    segments = []
    for y in range(0, cells, 2):
        for x in range(cells):
            upper, lower = (Color.from_rgb(*pixels[x, y + half]) for half in (0, 1))
            style = Style(color=upper, bgcolor=lower)
            segments.append(Segment("▀", style))
        segments.append(Segment.line())
    return Segments(segments)


def gallery(avatars: Sequence[Avatar]) -> "RenderableType":
    """Return thumbnails, each with who it is beside it."""
    from rich.table import Table

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
