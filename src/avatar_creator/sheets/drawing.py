"""A page, drawn: title, pictures with their captions, and a footer."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageColor, ImageDraw

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.sheets.fonts import Fonts
from avatar_creator.sheets.layout import Layout
from avatar_creator.sheets.style import Shape
from avatar_creator.sheets.texts import Color, Pen

_DARK, _LIGHT = (28, 30, 36), (240, 241, 244)
_SECOND = 0.38  # how far lines behind the first one are from the background
_EMPTY = 0.90  # and what stands for a picture that cannot be read
_BRIGHT = 140  # of 255: on a brighter background letters are dark
_SMOOTH = 4  # a circle is drawn so many times as large, for an even edge


class Colors(NamedTuple):
    """Those of a page."""

    background: Color
    text: Color
    faint: Color
    empty: Color

    @classmethod
    def of(cls, background: str) -> "Colors":
        """Raises InvalidInput for what is no color."""
        try:
            given = ImageColor.getrgb(background)
        except ValueError as error:
            raise InvalidInput(
                f"page_color is {shown(background)}, which is no color.", hint="Try white, black or #f4f1ea."
            ) from error
        red, green, blue = given[:3]
        is_bright = 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT
        ground, text = (red, green, blue), _DARK if is_bright else _LIGHT
        return cls(ground, text, _between(text, ground, _SECOND), _between(text, ground, _EMPTY))


class Cell(NamedTuple):
    """A picture's pixels, three bytes each, or None where it cannot be read; and its caption."""

    pixels: bytes | None
    lines: Sequence[str]


class Painter:
    """Draws the pages of one sheet."""

    def __init__(self, fonts: Fonts, colors: Colors, shape: Shape, plain: Layout) -> None:
        """``plain`` is the layout of any of its pages."""
        self._colors = colors
        self._shape = shape
        self._text = Pen(fonts, plain.text_px)
        self._title = Pen(fonts, plain.title_px)
        self._footer = Pen(fonts, plain.footer_px)

    def footer_lines(self, sentences: Sequence[str], layout: Layout) -> list[str]:
        """Return the sentences in lines that are no wider than a page."""
        return self._footer.wrapped(" ".join(sentences), layout.room_px)

    def draw(self, layout: Layout, title: str, cells: Iterable[Cell], footer: Sequence[str]) -> Image.Image:
        """Return a page."""
        page = Image.new("RGB", (layout.width_px, layout.height_px), self._colors.background)
        if layout.has_title:
            said = self._title.cut(title, layout.room_px)
            self._title.draw(page, (layout.left_px, layout.margin_px), said, self._colors.text)
        for n, cell in enumerate(cells):
            self._draw_cell(page, layout, layout.place(n), cell)
        top = layout.height_px - layout.margin_px - len(footer) * self._footer.line_px
        for n, line in enumerate(footer):
            self._footer.draw(page, (layout.left_px, top + n * self._footer.line_px), line, self._colors.faint)
        return page

    def _draw_cell(self, page: Image.Image, layout: Layout, at: tuple[int, int], cell: Cell) -> None:
        side = layout.cell_px
        mask = _mask(side, self._shape)
        if cell.pixels is None:
            page.paste(self._colors.empty, (*at, at[0] + side, at[1] + side), mask)
            lost = self._text.cut("missing", side)
            self._draw_centered(page, (at[0], at[1] + (side - self._text.line_px) / 2), side, lost, self._colors.faint)
        else:
            page.paste(Image.frombytes("RGB", (side, side), cell.pixels), at, mask)
        y = at[1] + side + round(0.4 * layout.text_px)
        for n, line in enumerate(cell.lines):
            cut = self._text.cut(line, side + layout.gap_px // 2)
            color = self._colors.faint if n else self._colors.text
            self._draw_centered(page, (at[0], y + n * self._text.line_px), side, cut, color)

    def _draw_centered(self, page: Image.Image, at: tuple[float, float], room: int, text: str, color: Color) -> None:
        if text:
            self._text.draw(page, (at[0] + (room - self._text.width(text)) / 2, at[1]), text, color)


def _between(one: Color, other: Color, share: float) -> Color:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@cache
def _mask(side: int, shape: Shape) -> Image.Image | None:
    if shape is Shape.SQUARE:
        return None
    large = Image.new("L", (_SMOOTH * side, _SMOOTH * side))
    ImageDraw.Draw(large).ellipse((0, 0, large.width - 1, large.height - 1), 255)
    return large.resize((side, side), Image.Resampling.BOX)
