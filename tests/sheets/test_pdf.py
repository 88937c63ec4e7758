"""PDF files: what finds each object is where it says."""

import re
from io import BytesIO

from PIL import Image

from avatar_creator.sheets.pdf import PdfFile
from avatar_creator.sheets.style import Paper

JPEG = BytesIO()
Image.new("RGB", (40, 60), "red").save(JPEG, "JPEG")


def made(pages: int, title: str = "Ünïcode (人) \\ 🌸") -> bytes:
    file = BytesIO()
    pdf = PdfFile(file, title, "avatar-creator 1", b"<x/>", Paper.LETTER.sides_pt)
    for _ in range(pages):
        pdf.add_page(JPEG.getvalue(), 40, 60)
    pdf.finish()
    return file.getvalue()


def test_every_object_is_where_the_table_says() -> None:
    data = made(12)
    start = int(re.findall(rb"startxref\n(\d+)", data)[0])
    assert data[start : start + 5] == b"xref\n"
    places = re.findall(rb"(\d{10}) 00000 n ", data[start:])
    assert len(places) == 4 + 3 * 12
    for number, place in enumerate(places, 1):
        assert data[int(place) :].startswith(f"{number} 0 obj\n".encode())
    assert data.count(JPEG.getvalue()) == 12
    assert b"/Count 12" in data
    assert data.count(b"/MediaBox [0 0 612.00 792.00]") == 12


def test_it_says_its_title_and_no_time_and_is_the_same_each_time() -> None:
    data = made(1)
    assert "Ünïcode (人) \\ 🌸".encode("utf-16-be").hex().encode() in data
    assert b"Date" not in data
    assert data == made(1)


def test_half_a_character_is_no_error() -> None:
    assert made(1, "\ud800").startswith(b"%PDF-1.7")
