import datetime as dt
from pathlib import Path

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats import Choices, open_table, workbook
from formats.opened import KNOWING, good, opened, put, refused, rows
from formats.workbooks import changed, written

PEOPLE: list[list[object]] = [["name", "age"], ["Amara", 29], ["David", 38.5]]
SHEET = "xl/worksheets/sheet1.xml"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def spoilt(data: bytes, part: str, length: int) -> bytes:
    """Return a workbook of which some bytes of a part, as it is packed, are others."""
    at = data.index(part.encode()) + len(part)
    return data[:at] + b"\x55" * length + data[at + length :]


@pytest.mark.parametrize("name", ["people.xlsx", "people.xls", "people.csv", "people"])
def test_rows_are_records_with_the_numbers_of_the_sheet(name: str, tmp_path: Path) -> None:
    table = opened(tmp_path, written(People=[[], *PEOPLE, [], [None, "  "], ["Gus", None]]), name)
    assert (table.format, table.columns, table.notes) == ("Excel", ("name", "age"), ())
    assert rows(table) == [
        (3, {"name": "Amara", "age": 29}),
        (4, {"name": "David", "age": 38.5}),
        (7, {"name": "Gus", "age": ""}),
    ]


def test_a_table_need_not_begin_in_the_corner(tmp_path: Path) -> None:
    data = written(People=[[], *([None, None, *row] for row in PEOPLE)])
    table = opened(tmp_path, data, "people.xlsx")
    assert rows(table)[0] == (3, {"name": "Amara", "age": 29})


def test_dates_are_texts_and_numbers_are_whole_where_they_are(tmp_path: Path) -> None:
    values = [dt.date(1996, 5, 1), dt.datetime(1996, 5, 1, 12, 30, tzinfo=dt.UTC), 2.0**60, 1e300, True, "01234", -3]
    table = opened(tmp_path, written(People=[list("abcdefg"), values]), "people.xlsx")
    assert list(good(table)[0].values()) == ["1996-05-01", "1996-05-01 12:30:00", 2.0**60, 1e300, True, "01234", -3]


def test_the_first_sheet_with_data_is_read(tmp_path: Path) -> None:
    data = written(Empty=[], People=PEOPLE, Others=[["name"], ["Gus"]])
    table = opened(tmp_path, data, "people.xlsx")
    assert good(table)[0]["name"] == "Amara"
    assert table.notes == ("its sheet 'People', one of 3: FILE#Sheet reads another",)


def test_a_sheet_with_known_columns_goes_before_one_of_notes(tmp_path: Path) -> None:
    data = written(Read_me=[["About this file"], ["It has people in it"]], People=PEOPLE)
    assert good(opened(tmp_path, data, "people.xlsx", KNOWING))[0]["name"] == "Amara"
    assert good(opened(tmp_path, data, "people.xlsx"))[0] == {"About this file": "It has people in it"}


@pytest.mark.parametrize("by_name", [True, False])
def test_another_sheet_can_be_chosen(by_name: bool, tmp_path: Path) -> None:
    path = put(tmp_path, written(People=PEOPLE, Young_ones=[["name"], ["Gus"]]), "people.xlsx")
    if by_name:
        table = open_table(tmp_path / "people.xlsx#Young ones")
    else:
        table = open_table(path, choices=Choices(sheet="Young ones"))
    assert good(table) == [{"name": "Gus"}]
    assert table.notes == ()


def test_a_sheet_that_is_not_there_is_named_with_one_that_is(tmp_path: Path) -> None:
    put(tmp_path, written(People=PEOPLE, Others=PEOPLE), "people.xlsx")
    with pytest.raises(InvalidInput, match="has no sheet 'Peeple'") as caught:
        open_table(tmp_path / "people.xlsx#Peeple")
    assert caught.value.hint == "Did you mean 'People'?"
    with pytest.raises(InvalidInput) as caught:
        open_table(tmp_path / "people.xlsx#zzz")
    assert caught.value.hint == "Its sheets: 'People', 'Others'."


def test_a_file_whose_name_has_a_hash_is_no_sheet(tmp_path: Path) -> None:
    put(tmp_path, written(People=PEOPLE), "people.xlsx")
    put(tmp_path, "name\nGus\n", "people.xlsx#Others")
    assert good(open_table(tmp_path / "people.xlsx#Others")) == [{"name": "Gus"}]


def test_cells_merged_over_rows_count_for_each_of_them(tmp_path: Path) -> None:
    people: list[list[object]] = [["name", "group", "note"], ["A", "x", "wide"], ["B"], ["C"], [], ["D", "y"]]
    data = written(People=people, merged=["B2:B5", "C2:D2"])
    table = opened(tmp_path, data, "people.xlsx")
    assert rows(table) == [
        (2, {"name": "A", "group": "x", "note": "wide"}),
        (3, {"name": "B", "group": "x", "note": ""}),
        (4, {"name": "C", "group": "x", "note": ""}),
        (6, {"name": "D", "group": "y", "note": ""}),
    ]
    assert table.notes == ("the value of merged cells counts for each of their rows",)


def test_formulas_have_the_values_that_were_stored(tmp_path: Path) -> None:
    data = written(People=[["name", "age"], ["A", ("=1+1", 2)], ["B", ("=NOW()", 0)], [("=C1", "C"), 4]])
    data = changed(data, SHEET, "<f>1+1</f><v>2</v>", "<f>1+1</f><v></v>")
    table = opened(tmp_path, data, "people.xlsx")
    assert good(table) == [{"name": "A", "age": ""}, {"name": "B", "age": ""}, {"name": "C", "age": 4}]
    (note,) = table.notes
    assert note == "2 formulas (B2, B3) without a value, read as empty: open the workbook and save it"


@pytest.mark.parametrize("place", [0, 4])
def test_formulas_without_values_beside_the_table_change_nothing_in_it(place: int, tmp_path: Path) -> None:
    rows: list[list[object]] = [[None, "name", "age", None, None], [None, "A", 30, None, None]]
    rows[1][place] = ("=ROW()", 0)
    data = changed(written(People=rows), SHEET, "<f>ROW()</f><v>0</v>", "<f>ROW()</f>")
    assert good(opened(tmp_path, data, "people.xlsx")) == [{"name": "A", "age": 30}]


def test_errors_are_empty_and_noted(tmp_path: Path) -> None:
    data = written(People=[["name", "age"], ["A", ("=1/0", "#DIV/0!")]])
    table = opened(tmp_path, data, "people.xlsx")
    assert good(table) == [{"name": "A", "age": ""}]
    assert table.notes == ("1 cell (B2) with an error, read as empty",)


def test_names_that_are_repeated_are_skipped(tmp_path: Path) -> None:
    table = opened(tmp_path, written(People=[*PEOPLE, ["name", "age"], ["Gus", 41]]), "people.xlsx")
    assert [row["name"] for row in good(table)] == ["Amara", "David", "Gus"]
    assert table.notes == ("the names of its columns again in row 4: skipped",)


def test_a_value_beside_the_table_is_named(tmp_path: Path) -> None:
    people: list[list[object]] = [["name", "age"], *[["Amara", 29]] * 200, ["David", 38, None, "why?"]]
    assert rows(opened(tmp_path, written(People=people), "people.xlsx"))[-1] == (
        202,
        "its 4th cell 'why?' is in a column without a name",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (written(People=[]), "has no sheet with data."),
        (written(People=[["name", "age"]]), "has the names of columns, and no row below them."),
        (written(People=PEOPLE)[:3000], "is a workbook that is cut short or damaged."),
        (spoilt(written(People=PEOPLE), SHEET, 60), "is a workbook that is damaged."),
        (changed(written(People=PEOPLE), SHEET, "</sheetData>", "</sheet>"), "is a workbook that is damaged."),
        (OLD_OFFICE + bytes(2000), "is an old Office document in which no workbook can be read."),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, data, "people.xlsx").endswith(f"people.xlsx' {message}")


def test_a_cell_far_away_is_refused_before_it_takes_the_memory(tmp_path: Path) -> None:
    data = changed(written(People=[*PEOPLE, ["far"]]), SHEET, '"A4"', '"XFD1048576"')
    data = changed(data, SHEET, '<row r="4"', '<row r="1048576"')
    message = refused(tmp_path, data, "people.xlsx")
    assert "has a sheet of 1,048,576 rows and 16,384 columns, too many to read" in message


def test_a_sheet_is_only_of_workbooks(tmp_path: Path) -> None:
    assert "is no workbook, so it has no sheet 'x'" in refused(tmp_path, "name\nA\n", choices=Choices(sheet="x"))


def test_a_change_between_two_readings_is_noticed(tmp_path: Path) -> None:
    table = opened(tmp_path, written(People=PEOPLE), "people.xlsx")
    put(tmp_path, written(People=[*PEOPLE, ["Gus", 41]]), "people.xlsx")
    with pytest.raises(InvalidInput, match="changed while it was read"):
        rows(table)


@pytest.mark.parametrize("end", ["os.abort()", "os.kill(os.getpid(), 9)", "os._exit(0)", "print('no message')"])
def test_a_workbook_that_crashes_its_reader_is_refused(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_START", f"import os; {end}")
    message = refused(tmp_path, written(People=PEOPLE), "people.xlsx")
    assert message.endswith("is a workbook that is damaged, or takes too much memory.")
