"""Texts that are cut and wrapped to a width, and drawn within it."""

from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.sheets.fonts import Fonts
from avatar_creator.sheets.texts import Pen
from made_fonts import only_folder, write_font


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return only_folder(tmp_path, monkeypatch)


@pytest.fixture
def pen(folder: Path) -> Pen:
    write_font(folder / "NotoSans-Regular.ttf", "כהןאמा\u0947")
    return Pen(Fonts(), 20)


@pytest.mark.parametrize("text", ["Maximiliana von und zu Hohenzollern", "x" * 500, "כהן" * 100, "Ana כהן " * 60])
@pytest.mark.parametrize("width", [0, 5, 40, 200])
def test_what_is_cut_is_no_wider_and_says_so(pen: Pen, text: str, width: int) -> None:
    cut = pen.cut(text, width)
    assert pen.width(cut) <= width
    assert cut == "" or cut.endswith(("...", "…"))


def test_what_fits_is_left_as_it_is(pen: Pen) -> None:
    assert pen.cut("Ana, 29", 300) == "Ana, 29"


def test_no_letter_loses_its_mark(pen: Pen) -> None:
    text = "मा" * 40
    assert all((cut := pen.cut(text, width)) == "" or cut.count("म") == cut.count("ा") for width in range(20, 200, 7))


def test_lines_break_between_words(pen: Pen) -> None:
    wrapped = pen.wrapped("Drawn by a program. Remix of Avataaars.", 160)
    assert " ".join(wrapped) == "Drawn by a program. Remix of Avataaars."
    assert len(wrapped) > 1
    assert all(pen.width(line) <= 160 for line in wrapped)


@pytest.mark.parametrize("text", ["Ana Costa", "כהן, 29", "gjpqy"])
def test_what_is_drawn_stays_on_its_line(pen: Pen, text: str) -> None:
    page = Image.new("RGB", (200, 3 * pen.line_px), "white")
    pen.draw(page, (10, pen.line_px), text, (0, 0, 0))
    box = Image.eval(page.convert("L"), lambda value: 255 - value).getbbox()
    assert box is not None
    assert box[0] >= 9
    assert box[2] <= 12 + pen.width(text)
    assert pen.line_px <= box[1] < box[3] <= 2 * pen.line_px
