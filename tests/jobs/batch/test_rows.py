"""The pictures that rows ask for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.persona_row import BadRow
from avatar_creator.jobs.batch.rows import Duplicate, Wanted
from avatar_creator.library import Library


@pytest.fixture
def read(library: Library, tmp_path: Path) -> Any:
    """Read a table; return what its rows ask for."""

    def read(text: str, **choices: Any) -> Iterator[Wanted | Duplicate | BadRow]:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        batch = library.batches.open(path, engine="offline", **choices)
        return iter(library.batches.reading(batch))

    return read


def test_a_seed_depends_on_no_other_row(read: Any) -> None:
    both = {each.row.persona.name: each.seed for each in read("name\nAnn\nBob\n")}
    alone = {each.row.persona.name: each.seed for each in read("name\nBob\n")}
    assert both["Bob"] == alone["Bob"]
    assert both["Ann"] != both["Bob"]


def test_the_seed_of_an_id_outlives_an_edit(read: Any) -> None:
    (before,) = read("id,name,age\np1,Ann,30\n")
    (after,) = read("id,name,age\np1,Ann,31\n")
    assert (after.seed, after.persona_id) == (before.seed, "p1")
    assert after.recipe != before.recipe


def test_what_decides_pixels_decides_the_recipe(read: Any) -> None:
    text = "name\nAnn\n"
    recipes = {
        next(read(text, **choices)).recipe for choices in ({}, {"width_px": 64}, {"art_style": "lorelei"}, {"seed": 2})
    }
    assert len(recipes) == 4
    for file_alone in ({"embed": "none"}, {"format": "png"}, {"jpeg_quality": 60}):
        assert next(read(text)).recipe == next(read(text, **file_alone)).recipe


def test_pictures_of_one_row_have_their_own_seeds_and_ids(read: Any) -> None:
    wanted = list(read("id,name,count\np1,Ann,3\n"))
    assert [each.n for each in wanted] == [1, 2, 3]
    assert [each.persona_id for each in wanted] == ["p1", "p1#2", "p1#3"]
    assert len({each.seed for each in wanted}) == len({each.recipe for each in wanted}) == 3


def test_equal_rows_name_the_first(read: Any) -> None:
    first, second, third = read("name\nAnn\nBob\nAnn\n")
    assert isinstance(third, Duplicate)
    assert (first.row.number, second.row.number, third.of) == (2, 3, 2)


def test_other_seeds_make_rows_others(read: Any) -> None:
    assert all(isinstance(each, Wanted) for each in read("name,seed\nAnn,1\nAnn,2\n"))


def test_what_a_row_alone_cannot_have_is_its_own_fault(read: Any) -> None:
    good, bad = read("name,art style\nAnn,lorelei\nBob,cubism\n")
    assert isinstance(good, Wanted)
    assert isinstance(bad, BadRow)
