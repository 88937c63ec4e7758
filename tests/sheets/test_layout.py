"""Where everything stands on a page, and how many pictures one has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.errors import InvalidInput
from avatar_creator.sheets.layout import Layout, arranged, page_of

PLAIN = Layout(1, 1, 200, 1, has_title=True, footer_lines=1)


def full(count: int, plain: Layout = PLAIN, *, paper: float | None = None, **wanted: int | None) -> Layout:
    return arranged(count, plain, paper=paper, **({"columns": None, "per_page": None} | wanted))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_few_stand_beside_each_other(count: int) -> None:
    assert full(count)[:2] == (count, 1)


@pytest.mark.parametrize("count", [6, 12, 48, 50, 97, 200, 250])
def test_a_page_is_neither_wide_nor_high_and_has_few_empty_places(count: int) -> None:
    page = full(count)
    assert 0.8 < page.width_px / page.height_px < 2.2
    assert 0 <= page.per_page - count < page.columns


def test_very_many_are_on_pages_that_fit_into_memory() -> None:
    page = full(100_000)
    assert 100 < page.per_page < 1000
    assert page.width_px * page.height_px <= 16_000_000


def test_what_is_asked_for_is_heeded() -> None:
    assert full(100, columns=7)[:2] == (7, 15)
    assert full(100, per_page=10).per_page == 10
    assert full(3, columns=7)[:2] == (3, 1)
    with pytest.raises(InvalidInput, match="too large"):
        full(5000, columns=500, per_page=5000)


@pytest.mark.parametrize("cell", [50, 200, 300, 700])
@pytest.mark.parametrize("paper", [297 / 210, 210 / 297, 11 / 8.5])
@pytest.mark.parametrize(
    "wanted", [{}, {"columns": 1}, {"columns": 10}, {"per_page": 24}, {"per_page": 3}, {"columns": 2, "per_page": 20}]
)
def test_paper_has_the_sides_of_paper(cell: int, paper: float, wanted: dict[str, int]) -> None:
    page = full(500, PLAIN._replace(cell_px=cell), paper=paper, **wanted)
    last = page_of(page, 1, 1, paper=paper)
    long = page_of(page, page.per_page, 9, paper=paper)  # of credits
    for each in (page_of(page, page.per_page, 1, paper=paper), last, long):
        assert each.height_px / each.width_px == pytest.approx(paper, rel=0.01)
    assert last.rows == 1
    assert page.per_page >= wanted.get("per_page", 1)
    assert page.columns == wanted.get("columns", page.columns)


def test_pictures_are_as_large_on_paper_as_can_be() -> None:
    assert full(100, paper=297 / 210, per_page=24)[:2] == (4, 6)
    assert full(100, paper=210 / 297, per_page=24)[:2] == (6, 4)


@given(
    st.integers(1, 300),
    st.integers(16, 400),
    st.integers(0, 8),
    st.integers(0, 12),
    st.booleans(),
    st.booleans(),
)
def test_nothing_overlaps_and_nothing_stands_outside(
    count: int, cell: int, lines: int, footer: int, has_title: bool, on_paper: bool
) -> None:
    paper = 297 / 210 if on_paper else None
    whole = full(count, Layout(1, 1, cell, lines, has_title, footer), paper=paper)
    page = page_of(whole, min(count, whole.per_page), footer, paper=paper)
    places = [page.place(n) for n in range(min(count, whole.per_page))]
    across, down = page.step_px
    assert len({*places}) == len(places)
    assert all(
        x + cell <= page.width_px and y + down - page.gap_px - page.loose_px <= page.height_px for x, y in places
    )
    assert across >= cell
    assert down >= cell + lines * page.text_px
