"""How large a page is, and where on it everything stands; all in pixels."""

import math
from typing import NamedTuple

from avatar_creator.errors import InvalidInput

_ONE_ROW = 5  # pictures at most that stand beside each other
_TEXT = 0.075  # of a picture's side; that is what a caption's letters measure
_TEXT_LEAST_PX, _TEXT_MOST_PX = 9, 24
_GAP = 0.10  # of a side: between pictures
_MARGIN = 0.20
_ASPECT = 1.5  # of a page that only shows what there is, width to height
_PAPER_COLUMNS, _WIDE_COLUMNS = (5, 4, 6), (7, 6, 8)  # of which those are taken that fill the page best
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
    aside_px: int = 0  # more at the left and the right, for a high grid to have the width of paper

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
    def left_px(self) -> int:
        """Where texts and pictures begin."""
        return self.margin_px + self.aside_px

    @property
    def room_px(self) -> int:
        """How wide a line of text may be."""
        return self.width_px - self.left_px - self.margin_px

    @property
    def width_px(self) -> int:
        return 2 * self.left_px + self.columns * self.step_px[0] - self.gap_px

    @property
    def height_px(self) -> int:
        return self.head_px + self.rows * self.step_px[1] - self.gap_px - self.loose_px + self.foot_px + self.spare_px

    def place(self, n: int) -> tuple[int, int]:
        """Return where the picture of that number on its page stands, counted from 0."""
        row, column = divmod(n, self.columns)
        return self.left_px + column * self.step_px[0], self.head_px + row * self.step_px[1]


def arranged(
    count: int, plain: Layout, *, columns: int | None, per_page: int | None, paper: float | None = None
) -> Layout:
    """Return the layout of a full page of ``count`` pictures, of which ``plain`` has all but the grid.

    ``paper`` is the height of a page in widths; without it, a page is as high as what is on it.

    Raises InvalidInput for pages that are too large to be drawn.
    """
    within = _PAGE_PX // (plain.step_px[0] * plain.step_px[1])
    most = min(count, per_page or max(within, 1))
    if paper is not None:
        fitting = _filling(plain, columns, paper) if per_page is None else _fitted(most, plain, columns, paper)
        layout = page_of(fitting, fitting.per_page, plain.footer_lines, paper=paper)
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


def page_of(full: Layout, count: int, footer_lines: int, *, paper: float | None = None) -> Layout:
    """Return the layout of one page of ``count`` pictures; one for paper has the sides of its paper."""
    rows = math.ceil(count / full.columns)
    page = full._replace(rows=rows, footer_lines=footer_lines, spare_px=0, aside_px=0)
    if paper is None:
        return page
    whole = page._replace(rows=full.rows, footer_lines=max(footer_lines, full.footer_lines))
    page = page._replace(aside_px=math.ceil((_width_on(whole, paper) - page.width_px) / 2))
    return page._replace(spare_px=max(round(page.width_px * paper) - page.height_px, 0))


def _filling(plain: Layout, columns: int | None, paper: float) -> Layout:
    """Return the layout of a full page of paper, its rows apart so far that they fill it."""

    def with_columns(columns: int) -> Layout:
        height = round(plain._replace(columns=columns).width_px * paper)
        layout = plain._replace(columns=columns, rows=_rows_within(height, plain))
        return layout._replace(loose_px=max(height - layout.height_px, 0) // max(layout.rows - 1, 1))

    usual = _PAPER_COLUMNS if paper > 1 else _WIDE_COLUMNS
    return min(map(with_columns, [columns] if columns else usual), key=lambda each: each.loose_px)


def _fitted(count: int, plain: Layout, columns: int | None, paper: float) -> Layout:
    """Return the layout of so many pictures on a page of paper, as large there as can be."""
    tried = [min(columns, count)] if columns else range(1, count + 1)
    layouts = (plain._replace(columns=each, rows=math.ceil(count / each)) for each in tried)
    return min(layouts, key=lambda each: _width_on(each, paper))


def _width_on(layout: Layout, paper: float) -> int:
    """Return how wide a page of paper is that has room for all of it."""
    return max(layout.width_px, math.ceil(layout.height_px / paper))


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
