"""How a sheet is to look. It is read before anything that draws is loaded."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from avatar_creator.domain.text import clean_number
from avatar_creator.errors import InvalidInput

CELL_PX = 200
CAPTION = "{name}, {persona_age}"
BACKGROUND = "white"
_CELL_LEAST_PX, _CELL_MOST_PX = 16, 2048
_PER_PAGE_MOST = 10_000
_COLUMNS_MOST = 500
_TITLE_LONGEST = 300


class Shape(StrEnum):
    """What is seen of a picture."""

    SQUARE = "square"
    CIRCLE = "circle"


class Paper(StrEnum):
    """What a page of a PDF is printed on."""

    A4 = "a4"
    LETTER = "letter"
    A4_LANDSCAPE = "a4-landscape"

    @property
    def sides_pt(self) -> tuple[float, float]:
        """Width and height, in points."""
        return _SIDES_PT[self]


_SIDES_PT = {Paper.A4: (595.276, 841.89), Paper.LETTER: (612.0, 792.0), Paper.A4_LANDSCAPE: (841.89, 595.276)}


class Style(NamedTuple):
    """How a sheet looks. None: as many as look well."""

    columns: int | None = None
    per_page: int | None = None
    cell_px: int = CELL_PX
    caption: str = CAPTION
    title: str = ""
    background: str = BACKGROUND
    shape: Shape = Shape.SQUARE
    fonts: Sequence[Path] = ()
    has_credits: bool = True
    page: Paper | None = None  # of a PDF; None: A4

    def check(self) -> None:
        """Raise InvalidInput for figures that no sheet can have."""
        clean_number("cell", self.cell_px, least=_CELL_LEAST_PX, most=_CELL_MOST_PX)
        if self.columns is not None:
            clean_number("columns", self.columns, least=1, most=_COLUMNS_MOST)
        if self.per_page is not None:
            clean_number("per_page", self.per_page, least=1, most=_PER_PAGE_MOST)
        if len(self.title) > _TITLE_LONGEST:
            raise InvalidInput(f"title has {len(self.title)} characters.", hint=f"It may have {_TITLE_LONGEST}.")
