"""What a font's file says of its characters, also one that says nonsense."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar_creator.sheets import font_files
from made_fonts import write_font


@pytest.mark.parametrize("form", [4, 12])
def test_a_font_has_its_characters_and_no_others(tmp_path: Path, form: int) -> None:
    path = write_font(tmp_path / "a.ttf", "Aअ李", form=form)
    with path.open("rb") as file:
        found = font_files.read(file)
    assert [found.has(ord(each)) for each in "Aअ李Bआ木🌸"] == [True, True, True, False, False, False, False]
    assert not found.is_bitmap


@pytest.mark.parametrize("form", [4, 12])
def test_a_font_that_ends_within_its_table_of_characters_is_none(tmp_path: Path, form: int) -> None:
    whole = write_font(tmp_path / "a.ttf", "Aअ李", form=form).read_bytes()
    for at in range(len(whole)):
        try:
            has = font_files.read(BytesIO(whole[:at])).has
        except font_files.Unreadable:
            continue
        [has(ord(each)) for each in "Aअ李Bआ木🌸"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 3000))
def test_a_damaged_font_is_none(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    path = tmp_path_factory.getbasetemp() / "whole.ttf"
    whole = (path if path.exists() else write_font(path, "Aअ李")).read_bytes()
    for data in (noise, whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        try:
            font_files.read(BytesIO(data)).has(ord("A"))
        except font_files.Unreadable:
            continue
