from pathlib import Path

import pytest

from avatar_creator.persona_files.formats.base import Choices
from avatar_creator.persona_files.formats.header import ordinal
from formats.opened import KNOWING, NAMES, good, opened, refused, rows

NUMBERED = Choices(known=lambda name: name in NAMES, numbered=True)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Amara,29,female\nDavid,38,male\n", "row 1 begins with 'Amara', '29', 'female'"),
        ("\nAmara,1996-05-01\nDavid,1990-01-02\n", "row 2 begins with 'Amara', '1996-05-01'"),
        ("Amara,amara@example.org\nDavid,d@example.org\n", "row 1 begins with 'Amara', 'amara@example.org'"),
    ],
)
def test_a_table_without_names_of_columns_is_refused(text: str, begins: str, tmp_path: Path) -> None:
    message = refused(tmp_path, text, choices=KNOWING)
    assert "has no row with the names of its columns" in message
    assert begins in message


def test_its_columns_can_be_numbered(tmp_path: Path) -> None:
    table = opened(tmp_path, "Amara,29\nDavid,38,male\n", choices=NUMBERED)
    assert table.columns == ("1", "2", "3")
    assert rows(table) == [(1, {"1": "Amara", "2": "29", "3": ""}), (2, {"1": "David", "2": "38", "3": "male"})]
    assert table.notes == ("its columns have no names",)


@pytest.mark.parametrize("choices", [None, KNOWING, NUMBERED])
def test_names_that_nobody_knows_are_names_unless_they_look_like_data(choices: Choices | None, tmp_path: Path) -> None:
    table = opened(tmp_path, "Vorname,Alter\nAmara,29\n", choices=choices)
    assert table.columns == ("Vorname", "Alter")


@pytest.mark.parametrize(
    "above",
    ["Persona,,\n", "Style\n", ",Persona,\n\n", "Cast of 2026,,style\n"],
    ids=["title", "one-cell", "over-a-column", "groups"],
)
def test_a_known_word_above_the_names_is_a_title(above: str, tmp_path: Path) -> None:
    table = opened(tmp_path, f"{above}name,age,gender\nAmara,29,female\n", choices=KNOWING)
    assert table.columns == ("name", "age", "gender")
    assert good(table) == [{"name": "Amara", "age": "29", "gender": "female"}]


def test_names_of_columns_may_stand_in_the_rows_below(tmp_path: Path) -> None:
    """One column is known: what its rows say is theirs."""
    table = opened(tmp_path, "name,likes,hates\nAmara,style,age\nPersona,name,gender\n", choices=KNOWING)
    assert [row["name"] for row in good(table)] == ["Amara", "Persona"]


def test_an_index_without_a_name_is_called_by_its_number(tmp_path: Path) -> None:
    table = opened(tmp_path, ",name,age\n0,Amara,29\n1,David,38\n")
    assert table.columns == ("1", "name", "age")
    assert good(table)[1] == {"1": "1", "name": "David", "age": "38"}


def test_a_value_in_a_column_that_seemed_empty_is_named(tmp_path: Path) -> None:
    table = opened(tmp_path, "name,,age\n" + "Amara,,29\n" * 200 + "David,tall,38\n")
    assert table.columns == ("name", "age")
    assert rows(table)[-1] == (
        202,
        "its 2nd cell 'tall' is in a column without a name; put a cell that holds commas into quotes",
    )


@pytest.mark.parametrize("text", ["name,age,name\nAmara,29,\n", "name,age,name\n,29,Amara\n"])
def test_of_two_columns_with_one_name_the_empty_one_does_not_count(text: str, tmp_path: Path) -> None:
    table = opened(tmp_path, text)
    assert sorted(table.columns) == ["age", "name"]
    assert good(table) == [{"name": "Amara", "age": "29"}]


def test_two_columns_with_one_name_are_refused(tmp_path: Path) -> None:
    assert "has two columns 'age', the 2nd and the 12th" in refused(
        tmp_path, "name,age,c,d,e,f,g,h,i,j,k,age\nAmara,29,,,,,,,,,,30\n"
    )


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    names = ",".join(f"c{number}" for number in range(20_000))
    assert "has 20000 columns, at most 16384 are read" in refused(tmp_path, f"{names}\n{names.replace('c', '')}\n")


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th")],
)
def test_ordinals(number: int, text: str) -> None:
    assert ordinal(number) == text
