"""Manifests in every format: what strangers wrote stays data."""

import csv
import io
import json
import re
import sqlite3
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.exports.formats import FORMATS
from avatar_creator.exports.made import Made
from avatar_creator.exports.manifest import Entry, Line, columns
from sample_records import an_avatar

SIZES = (512, 64)
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- --><img src=x onerror=alert(1)>",
    "\"'`\\",
    "a\u2028b\u2029c\x85d",
    "a\0b",
    "\u202egnp.exe",
    "'; DROP TABLE avatars; --",
    "\\'; --",
    "${alert(1)}",
    "x" * 500,
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "a\r\nb,c\td",
    "\ud800",
    "\x1b[31mred",
]


def manifest(name: str, *texts: str) -> str:
    names = columns(SIZES, has_lives=False)
    format_ = FORMATS[name]
    lines = []
    for number, text in enumerate(texts):
        avatar = an_avatar(id=f"av_{number}", name=text, alt_text=text, tags=(text,), preset=text)
        entry = Entry(avatar, (f"{number}-512.png", f"{number}-64.png"), f"{number}-64.png")
        lines.append(format_.line(Line(entry.as_json(names), entry.preview)))
    return (format_.head(names) + format_.between.join(lines) + format_.tail).encode(errors="replace").decode()


def as_stored(text: str) -> str:
    return text.encode(errors="replace").decode()


@given(st.lists(st.text(), max_size=3))
def test_json_lines_have_a_line_each(texts: list[str]) -> None:
    lines = manifest("jsonl", *texts).splitlines()  # at every separator that there is
    assert [json.loads(line)["name"] for line in lines] == list(map(as_stored, texts))


@given(st.lists(st.text(), max_size=3))
def test_json_is_an_array(texts: list[str]) -> None:
    assert [each["name"] for each in json.loads(manifest("json", *texts))] == list(map(as_stored, texts))


@given(st.lists(st.text(), max_size=3))
def test_sql_gives_the_texts_back(texts: list[str]) -> None:
    with sqlite3.connect(":memory:") as database:
        database.executescript(manifest("sql", *texts))
        rows = database.execute("SELECT name, tags, starred FROM avatars ORDER BY rowid").fetchall()
    assert [name for name, _, _ in rows] == [as_stored(text).replace("\0", "\ufffd") for text in texts]
    assert [json.loads(tags) for _, tags, _ in rows] == [[as_stored(text)] for text in texts]
    assert {starred for _, _, starred in rows} <= {0}


def test_sql_has_each_quote_twice_and_no_backslash_as_a_sign() -> None:
    assert "'\\''; --'" in manifest("sql", "\\'; --")


@given(st.lists(st.text(), max_size=3))
def test_csv_gives_the_texts_back(texts: list[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(manifest("csv", *texts), newline="")))
    assert [re.sub("^'(?=['=+@\\t\\r-])", "", row["name"]) for row in rows] == [
        re.sub("^'(?=['=+@\\t\\r-])", "", as_stored(text)) for text in texts
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_no_spreadsheet_computes_a_cell(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(manifest("csv", text), newline=""))
    assert (row["name"], row["alt_text"], row["tags"]) == (f"'{text}",) * 3


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: list[str] = []
        self.alts: list[str | None] = []
        self._in_name = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_name |= tag == "th" and ("scope", "row") in attrs
        if tag == "img":
            self.alts.append(dict(attrs)["alt"])

    def handle_endtag(self, tag: str) -> None:
        self._in_name &= tag != "th"

    def handle_data(self, data: str) -> None:
        if self._in_name:
            self.names.append(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_has_texts_alone(text: str) -> None:
    page, plain = _Page(), _Page()
    written = manifest("html", text)
    page.feed(written)
    plain.feed(manifest("html", "Ana"))
    assert page.tags == plain.tags, "what is written adds no element"
    assert "script" not in page.tags
    assert "\u202e" not in written
    assert "\0" not in written
    (name,), (alt,) = page.names, page.alts
    assert name == "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in text)
    assert alt == name


@pytest.mark.parametrize("text", HOSTILE)
def test_typescript_has_one_line_a_person_and_nothing_unseen(text: str) -> None:
    module = manifest("ts", text)
    head, _, rows = module.partition("export const avatars: readonly Avatar[] = [\n")
    line, end = rows.splitlines()
    assert end == "];"
    values = json.loads(line.strip().removesuffix(","))
    assert values["name"] == as_stored(text)
    assert list(values) == re.findall(r"readonly (\w+): ", head)
    assert not set("<\u2028\u2029\u202e\x85") & set(module)


def test_files_of_all_sizes_have_columns_and_lives_are_no_strangers_business() -> None:
    names = columns(SIZES, has_lives=False)
    assert names[:4] == ("file", "file_512", "file_64", "id")
    assert not {"background", "personality", "prompt"} & set(names)
    assert {"background", "personality", "prompt"} <= set(columns((), has_lives=True))
    assert columns((64,), has_lives=True)[:2] == ("file", "id")


def test_what_was_made_is_what_a_line_says() -> None:
    made = Made("a-512.webp", "ff", 512, 512, "recipe")
    line = Entry(an_avatar(), ("a-512.webp", "a-64.webp"), "a-64.webp", made).as_json(columns(SIZES, has_lives=False))
    assert (line["width_px"], line["format"], line["sha256"]) == (512, "webp", "ff")
    assert (line["file"], line["file_512"], line["file_64"]) == ("a-512.webp", "a-512.webp", "a-64.webp")
