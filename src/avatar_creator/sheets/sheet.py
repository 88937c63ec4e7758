"""Avatars on pages: their pictures are read in parallel, and a page at a time is in memory."""

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.decoding import Undecodable, isolated
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.framing import CENTER, middle_of_drawing
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import visible
from avatar_creator.engines.table import draws
from avatar_creator.errors import StorageError
from avatar_creator.processes import cores
from avatar_creator.sheets import layout, marks, writing
from avatar_creator.sheets.captions import Captions
from avatar_creator.sheets.drawing import Cell, Colors, Painter
from avatar_creator.sheets.fonts import Fonts
from avatar_creator.sheets.layout import Layout
from avatar_creator.sheets.style import Style
from avatar_creator.storage.pictures import pixels

_THUMBNAIL_PX, _UPRIGHT = 300, 1
_BYTES_MOST = 64 * 2**20  # of a picture's file
_FOOTER_LINES = 2  # room for what most pages say; others are higher


class Sheet(NamedTuple):
    """What was written. ``lacking`` are the writings of which some characters could not be drawn."""

    files: list[Path]
    pictures: int
    missing: list[str]
    lacking: list[str]

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"files": [str(path) for path in self.files]}


class Drawing:
    """One sheet, checked before anything is read or written."""

    def __init__(self, path: Path, style: Style, *, count: int, force: bool = False) -> None:
        """Raises InvalidInput for what cannot be drawn, and for a place where something else stands."""
        style.check()
        writing.check(path)
        self._path = path
        self._style = style
        self._fonts = Fonts(style.fonts)
        self._colors = Colors.of(style.background)
        self._captions = Captions(style.caption, self._fonts)
        self._paper = writing.paper_of(path, style.page)
        self._ratio = None if self._paper is None else self._paper.sides_pt[1] / self._paper.sides_pt[0]
        footer = _FOOTER_LINES if style.has_credits else 0
        plain = Layout(1, 1, style.cell_px, len(self._captions), bool(style.title), footer)
        self._full = layout.arranged(count, plain, columns=style.columns, per_page=style.per_page, paper=self._ratio)
        self._per_page = style.per_page or self._full.per_page
        self._pages = math.ceil(count / self._per_page)
        for file in writing.files_of(path, self._pages):
            writing.check_free(file, force=force)
        self._painter = Painter(self._fonts, self._colors, style.shape, plain)

    def write(
        self,
        avatars: Iterable[Avatar],
        on_done: Callable[[], None] = lambda: None,
        on_failure: Callable[[Avatar, str], None] = lambda _avatar, _why: None,
    ) -> Sheet:
        """Write all pages. In the place of a picture that cannot be read stands a word. Raises StorageError."""
        waiting = iter(avatars)
        first = list(islice(waiting, self._per_page))
        missing: list[str] = []
        count = 0

        def failed(avatar: Avatar, why: str) -> None:
            missing.append(avatar.id)
            on_failure(avatar, why)

        with (
            ThreadPoolExecutor(cores.count(), "sheet") as readers,
            writing.opened(
                self._path, self._pages, self._style.title, marks.packet(self._style.title, first), self._paper
            ) as pages,
        ):
            portion = first
            while portion:
                read = readers.map(self._read, portion)
                cells = []
                for n, (avatar, (data, why)) in enumerate(zip(portion, read, strict=True), start=count + 1):
                    if why:
                        failed(avatar, why)
                    cells.append(Cell(data, self._captions.of(avatar, n)))
                    on_done()
                footer = self._footer(portion)
                page = layout.page_of(self._full, len(portion), len(footer), paper=self._ratio)
                image = self._painter.draw(page, self._style.title, cells, footer)
                pages.add(image, marks.packet(self._style.title, portion))
                count += len(portion)
                portion = list(islice(waiting, self._per_page))
        lacking = self._captions.lacking | self._fonts.lacking(self._style.title)
        return Sheet(pages.files, count, missing, sorted(lacking))

    def _footer(self, avatars: Sequence[Avatar]) -> list[str]:
        said = marks.credits_of(avatars) if self._style.has_credits else []
        return self._painter.footer_lines(said, self._full)

    def _read(self, avatar: Avatar) -> tuple[bytes | None, str]:
        """Return a picture's pixels, or why it has none."""
        middle = CENTER
        if draws(avatar.engine):
            middle = middle_of_drawing(avatar.width_px, avatar.height_px)
        readers: list[tuple[Path, Callable[[bytes, int], bytes]]] = [
            (avatar.thumbnail_path, _of_thumbnail),
            (avatar.image_path, partial(pixels.square, middle=middle)),
        ]
        # Thumbnails of tall drawings show the figure only where this version made them.
        if self._style.cell_px > _THUMBNAIL_PX or middle != CENTER:
            readers.reverse()
        why = ""
        for file, read in readers:
            try:
                return read(read_regular(file, _BYTES_MOST), self._style.cell_px), ""
            except OSError as error:
                why = why or f"{visible(str(file))} cannot be read: {error.strerror or error}."
            except Undecodable as error:
                why = why or f"{visible(str(file))} {error}."
            except StorageError as error:
                why = why or f"{visible(str(file))}: {error.message}"
        return None, why


def _of_thumbnail(data: bytes, side_px: int) -> bytes:
    """Return the pixels of a picture without metadata, as thumbnails are."""
    return isolated.square(data, _UPRIGHT, side_px, _THUMBNAIL_PX**2)
