import pytest

from avatar_creator.decoding.signatures import described, described_text


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"RIFF\0\0\0\0WEBPVP8L", "a WebP picture"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a WAV recording"),
        (b"\0\0\0\x14ftypavif\0\0\0\0avif", "an AVIF picture"),
        (b"\0\0\0\x14ftypisom\0\0\0\0mp41", "an MP4 film"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"PK\3\4", "a zip archive"),
        (b"RIFF", None),
        (b"", None),
        (b"name,age", None),
    ],
)
def test_files_are_described_by_how_they_begin(data: bytes, what: str | None) -> None:
    assert described(data) == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<!DOCTYPE html><p>", "a web page"),
        ("\ufeff\n<?xml version='1.0'?>\n<svg>", "an SVG drawing"),
        ("<?xml version='1.0'?><Workbook>", "an XML document"),
        ("<3 hearts,name", None),
        ("name,bio\nA,writes <html>", None),
    ],
)
def test_texts_are_described_by_how_they_begin(text: str, what: str | None) -> None:
    assert described_text(text) == what
