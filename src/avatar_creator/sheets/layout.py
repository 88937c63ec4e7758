"""How large a page is, and where on it everything stands; all in pixels."""

import math
from functools import partial
from typing import NamedTuple

from avatar_creator.errors import InvalidInput

_ONE_ROW = 5  # pictures at most that stand beside each other
_TEXT = 0.075  # of a picture's side; that is what a caption's letters measure
_TEXT_LEAST_PX, _TEXT_MOST_PX = 9, 24
_GAP = 0.10  # of a side: between pictures
_MARGIN = 0.20
_ASPECT = 1.5  # of a page that only shows what there is, width to height
_A4 = 210 / 297
_A4_COLUMNS = (5, 4, 6)
_PAGE_PX = 16_000_000  # of a page, where nobody says how many are on one: 64 MB
_PAGE_PX_MOST = 120_000_000
_SIDE_MOST_PX = 16_383  # of a WebP; JPEG has 65 535
_TITLE, _FOOTER = 1.8, 0.85  # of a caption's letters
_LINE = 1.4


class Layout(NamedTuple):
    """A grid of pictures, with ``lines`` of text below each, a title above and a footer below all of them."""

    columns: int
    rows: int
    cell_px: int
    lines: int
    has_title: bool
    footer_lines: int
    loose_px: int = 0  # more between rows, for a full page to have the height of paper
    spare_px: int = 0  # at the foot, for another one to have it

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    @property
    def text_px(self) -> int:
        return min(max(round(_TEXT * self.cell_px), _TEXT_LEAST_PX), _TEXT_MOST_PX)

    @property
    def title_px(self) -> int:
        return round(_TITLE * self.text_px)

    @property
    def footer_px(self) -> int:
        return max(round(_FOOTER * self.text_px), _TEXT_LEAST_PX)

    @property
    def margin_px(self) -> int:
        return max(round(_MARGIN * self.cell_px), 2 * _TEXT_LEAST_PX)

    @property
    def gap_px(self) -> int:
        return max(round(_GAP * self.cell_px), 4)

    @property
    def step_px(self) -> tuple[int, int]:
        """From one picture to the next, to the right and down."""
        caption = round(0.4 * self.text_px) + self.lines * round(_LINE * self.text_px) if self.lines else 0
        return self.cell_px + self.gap_px, self.cell_px + caption + self.gap_px + self.loose_px

    @property
    def head_px(self) -> int:
        """Where the pictures begin."""
        return self.margin_px + (round(2.2 * self.title_px) if self.has_title else 0)

    @property
    def foot_px(self) -> int:
        """What is below the pictures."""
        footer = self.text_px + self.footer_lines * round(_LINE * self.footer_px) if self.footer_lines else 0
        return self.margin_px + footer

    @property
    def width_px(self) -> int:
        return 2 * self.margin_px + self.columns * self.step_px[0] - self.gap_px

    @property
    def height_px(self) -> int:
        return self.head_px + self.rows * self.step_px[1] - self.gap_px - self.loose_px + self.foot_px + self.spare_px

    def place(self, n: int) -> tuple[int, int]:
        """Return where the picture of that number on its page stands, counted from 0."""
        row, column = divmod(n, self.columns)
        return self.margin_px + column * self.step_px[0], self.head_px + row * self.step_px[1]


def arranged(count: int, plain: Layout, *, columns: int | None, per_page: int | None, on_paper: bool) -> Layout:
    """Return the layout of a full page of ``count`` pictures, of which ``plain`` has all but the grid.

    Raises InvalidInput for pages that are too large to be drawn.
    """
    within = _PAGE_PX // (plain.step_px[0] * plain.step_px[1])
    most = min(count, per_page or max(within, 1))
    if on_paper and per_page is None:
        layout = min(map(partial(_on_a4, plain), [columns] if columns else _A4_COLUMNS), key=lambda each: each.loose_px)
    else:
        columns = min(columns or _columns(most, plain), most)
        layout = plain._replace(columns=columns, rows=math.ceil(most / columns))
        if per_page is None and not _fits(layout, _PAGE_PX):
            height = min(_PAGE_PX // layout.width_px, _SIDE_MOST_PX)
            layout = layout._replace(rows=_rows_within(height, layout))
    if not _fits(layout, _PAGE_PX_MOST):
        raise InvalidInput(
            f"A page of {layout.columns} x {layout.rows} pictures has {layout.width_px} x {layout.height_px} px,"
            " which is too large.",
            hint="Give fewer columns, fewer on a page, or a smaller cell: --columns, --per-page, --cell",
        )
    return layout


def _on_a4(plain: Layout, columns: int) -> Layout:
    """Return the layout of a full page of paper, its rows apart so far that they fill it."""
    height = round(plain._replace(columns=columns).width_px / _A4)
    layout = plain._replace(columns=columns, rows=_rows_within(height, plain))
    return layout._replace(loose_px=max(height - layout.height_px, 0) // max(layout.rows - 1, 1))


def page_of(full: Layout, count: int, footer_lines: int, *, on_paper: bool) -> Layout:
    """Return the layout of one page of ``count`` pictures; one for paper is as high as its paper."""
    rows = math.ceil(count / full.columns)
    page = full._replace(rows=rows, footer_lines=footer_lines, spare_px=0)
    if not on_paper:
        return page
    height = max(round(full.width_px / _A4), full.height_px) if full.width_px < full.height_px else full.height_px
    return page._replace(spare_px=max(height - page.height_px, 0))


def _columns(count: int, plain: Layout) -> int:
    """Return how many columns make a page that is neither wide nor high, with few places left empty."""

    def cost(columns: int) -> float:
        layout = plain._replace(columns=columns, rows=math.ceil(count / columns))
        grid = layout.columns * layout.step_px[0] / (layout.rows * layout.step_px[1])
        return abs(math.log(grid / _ASPECT)) + 1.5 * (layout.per_page - count) / layout.per_page

    if count <= _ONE_ROW:
        return count
    about = math.isqrt(count)
    return min(range(max(about // 3, 1), min(3 * about + 2, count) + 1), key=cost)


def _rows_within(height_px: int, layout: Layout) -> int:
    return max((height_px - layout.head_px - layout.foot_px + layout.gap_px) // layout.step_px[1], 1)


def _fits(layout: Layout, pixels: int) -> bool:
    sides = layout.width_px, layout.height_px
    return max(sides) <= _SIDE_MOST_PX and sides[0] * sides[1] <= pixels
