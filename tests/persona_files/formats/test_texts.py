import codecs
from pathlib import Path

import pytest

from formats.opened import good, opened, refused

TEXT = "name,age\nJürgen,29\nZoë Łuk,38\n"
WESTERN = "name,age\nJürgen,29\nZoë “Zo” Müller,38\n"


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (TEXT.encode(), ()),
        (codecs.BOM_UTF8 + TEXT.encode(), ()),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), ("UTF-16",)),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ("UTF-16",)),
        (TEXT.encode("utf-16-le"), ("UTF-16 without a byte order mark",)),
        (TEXT.encode("utf-16-be"), ("UTF-16 without a byte order mark",)),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), ("UTF-32",)),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), ("UTF-32",)),
    ],
)
def test_the_encoding_is_recognised(data: bytes, notes: tuple[str, ...], tmp_path: Path) -> None:
    table = opened(tmp_path, data)
    assert [row["name"] for row in good(table)] == ["Jürgen", "Zoë Łuk"]
    assert table.columns == ("name", "age")
    assert table.notes == notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("marks", [1, 2, 3])
def test_byte_order_marks_may_be_several(marks: int, encoding: str, tmp_path: Path) -> None:
    table = opened(tmp_path, ("\ufeff" * marks + TEXT).encode(encoding))
    assert table.columns == ("name", "age")
    assert [row["name"] for row in good(table)] == ["Jürgen", "Zoë Łuk"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("name,age\nA,29\n\ufeffname,age\nB,38\n", "people.csv"),
        ("age,name\n29,A\n\ufeff38,B\n\ufeff", "people.csv"),
        ('name;age\nA;29\n\ufeff"B";38\n', "people.csv"),
        ('{"name": "A"}\n\ufeff{"name": "B"}\n\ufeff\n', "people.jsonl"),
        ('{"name": "A"}\n\ufeff{"name": "B"}\n', "people.json"),
        ("name: A\n---\nname: B\n", "people.yaml"),
    ],
)
def test_byte_order_marks_of_files_that_were_joined_do_not_count(
    text: str, name: str, encoding: str, tmp_path: Path
) -> None:
    table = opened(tmp_path, ("\ufeff" + text).encode(encoding), name)
    assert [row["name"] for row in good(table)] == ["A", "B"]
    assert not any("\ufeff" in str(cell) for row in good(table) for cell in row.values())


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_json_lines_may_be_in_any_encoding_too(encoding: str, tmp_path: Path) -> None:
    table = opened(tmp_path, '{"name": "Jürgen"}\n{"name": "Zoë"}\n'.encode(encoding), "people.jsonl")
    assert [row["name"] for row in good(table)] == ["Jürgen", "Zoë"]


def test_windows_1252_is_read_and_noted(tmp_path: Path) -> None:
    table = opened(tmp_path, WESTERN.encode("cp1252"))
    assert [row["name"] for row in good(table)] == ["Jürgen", "Zoë “Zo” Müller"]
    (note,) = table.notes
    assert "from line 2 on in Windows-1252" in note
    assert "UTF-8" in note


def test_a_first_letter_far_below_is_found(tmp_path: Path) -> None:
    lines = "Amara Okafor,29\n" * 100_000
    table = opened(tmp_path, f"name,age\n{lines}Jürgen,1\n".encode("cp1252"))
    assert "from line 100002 on in Windows-1252" in table.notes[0]
    assert good(table)[-1]["name"] == "Jürgen"


def test_files_that_were_joined_may_be_in_two_encodings(tmp_path: Path) -> None:
    table = opened(tmp_path, TEXT.encode() + "Jürgen,3\n".encode("cp1252") + "Łucja,4\n".encode())
    assert [row["name"] for row in good(table)] == ["Jürgen", "Zoë Łuk", "Jürgen", "Łucja"]
    assert "from line 4 on" in table.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        "name,age\nЕкатерина Смирнова,29\n".encode("cp1251"),  # noqa: RUF001
        "name,age\nΕλένη Παπαδοπούλου,29\n".encode("cp1253"),  # noqa: RUF001
        "name,age\n山田太郎,29\n".encode("shift_jis"),
        "name,age\n张伟,29\n王芳芳,30\n".encode("gbk"),
        "name,age\n김민준,29\n".encode("euc-kr"),
    ],
)
def test_what_would_be_wrong_letters_is_refused(data: bytes, tmp_path: Path) -> None:
    assert "is in an encoding that is not known here, as line 2 shows" in refused(tmp_path, data)


def test_utf_16_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    assert "is no UTF-16 to its end" in refused(tmp_path, TEXT.encode("utf-16")[:-1])


def test_characters_cut_by_the_end_of_a_block_are_read(tmp_path: Path) -> None:
    lines = "".join(f"Jürgen Łuk {'é' * (number % 7)},{number}\n" for number in range(60_000))
    table = opened(tmp_path, f"name,age\n{lines}")
    assert table.notes == ()
    assert good(table)[-1]["name"] == "Jürgen Łuk " + "é" * (59_999 % 7)
