"""Texts of one line in any writing, drawn no wider than they may be."""

import unicodedata
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from avatar_creator.sheets.bidi import visual
from avatar_creator.sheets.fonts import Font, Fonts, Run, Sized
from avatar_creator.sheets.scripts import shows_nothing

Color = tuple[int, int, int]
_ELLIPSIS = "…"
_HEIGHT = 1.4  # of a line, in sizes of its font
_ABOVE = 1.05  # of that, what is above the letters' foot
_WIDTHS_MOST = 10_000  # that are remembered
_JOINER = "\u200d"


class _Piece(NamedTuple):
    font: Sized
    text: str
    width: float
    direction: str | None


class Pen:
    """Draws with fonts in one size."""

    def __init__(self, fonts: Fonts, px: int) -> None:
        self._fonts = fonts
        self._px = px
        self._widths: dict[tuple[Font, str], float] = {}
        self.line_px = round(_HEIGHT * px)

    def cut(self, text: str, width: float) -> str:
        """Return as much of a text as is no wider, with an ellipsis behind it where that is not all."""
        if self.width(text) <= width:
            return text
        dots = _ELLIPSIS if self._fonts.find(_ELLIPSIS) else "..."
        least, most = 0, len(text)
        while least < most:
            half = (least + most + 1) // 2
            if self.width(text[:half].rstrip() + dots) <= width:
                least = half
            else:
                most = half - 1
        while least and _belongs_to_what_is_before(text, least):
            least -= 1
        return text[:least].rstrip(" ,") + dots if least else ""

    def wrapped(self, text: str, width: float) -> list[str]:
        """Return a text in lines; a word that is wider is cut."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else ""
            if longer and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(self.cut(word, width))
        return lines

    def width(self, text: str) -> float:
        """Return how wide a text is, in pixels."""
        return sum(piece.width for piece in self._pieces(text))

    def draw(self, page: Image.Image, at: tuple[float, float], text: str, color: Color) -> None:
        """Draw a text whose upper left corner is there."""
        x, foot = at[0], at[1] + _ABOVE * self._px
        for piece in self._pieces(text):
            if piece.font.scale == 1:
                ImageDraw.Draw(page).text(
                    (x, foot), piece.text, color, piece.font.face, anchor="ls", direction=piece.direction
                )
            else:
                _draw_scaled(page, (x, foot), piece, color)
            x += piece.width

    def _pieces(self, text: str) -> list[_Piece]:
        """Return the parts from left to right."""
        pieces = []
        for part, is_reversed in visual(text):
            runs = self._fonts.runs(part)
            for run in reversed(runs) if is_reversed else runs:
                font = run.font.sized(self._px)
                if font is not None:
                    # Where libraqm is not used, no text of another direction has a font.
                    can_turn = font.face.layout_engine == ImageFont.Layout.RAQM
                    direction = ("rtl" if is_reversed else "ltr") if can_turn else None
                    pieces.append(_Piece(font, run.text, self._width(run, font), direction))
        return pieces

    def _width(self, run: Run, font: Sized) -> float:
        key = run.font, run.text
        if key not in self._widths:
            if len(self._widths) > _WIDTHS_MOST:
                self._widths.clear()
            self._widths[key] = font.face.getlength(run.text) * font.scale
        return self._widths[key]


def _draw_scaled(page: Image.Image, at: tuple[float, float], piece: _Piece, color: Color) -> None:
    """Draw what comes in one size alone, as emoji do, in another one."""
    left, top, right, bottom = (int(each) for each in piece.font.face.getbbox(piece.text, anchor="ls"))
    if right <= left or bottom <= top:
        return
    large = Image.new("RGBA", (right - left, bottom - top))
    drawing = ImageDraw.Draw(large)
    drawing.text((-left, -top), piece.text, color, piece.font.face, anchor="ls", embedded_color=True)
    scale = piece.font.scale
    small = large.resize((max(round(large.width * scale), 1), max(round(large.height * scale), 1)))
    page.paste(small, (round(at[0] + left * scale), round(at[1] + top * scale)), small)


def _belongs_to_what_is_before(text: str, at: int) -> bool:
    following = text[at : at + 1]
    is_part = following and (unicodedata.category(following)[0] == "M" or shows_nothing(following))
    return bool(is_part or text[at - 1] == _JOINER)
