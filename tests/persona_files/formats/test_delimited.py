import csv
import random
from pathlib import Path

import pytest

from avatar_creator.persona_files.formats.base import RECORD_MOST, Choices
from formats.opened import KNOWING, good, opened, refused, rows

AMARA = {"name": "Amara", "age": "29"}
DAVID = {"name": "David", "age": "38"}


@pytest.mark.parametrize(
    "text",
    [
        "name,age\nAmara,29\nDavid,38\n",
        "name,age\r\nAmara,29\r\nDavid,38",
        "name,age\rAmara,29\rDavid,38\r",
        "name;age\nAmara;29\nDavid;38\n",
        "name\tage\nAmara\t29\nDavid\t38\n",
        "name|age\nAmara|29\nDavid|38\n",
        "name, age\nAmara, 29\nDavid, 38\n",
        '"name","age"\n"Amara","29"\n"David","38"\n',
        '"name", "age"\n"Amara", "29"\n"David", "38"\n',
        "sep=;\r\nname;age\r\nAmara;29\r\nDavid;38\r\n",
        '"sep=,"\nname,age\nAmara,29\nDavid,38\n',
        "SEP=^\nname^age\nAmara^29\nDavid^38\n",
        "\n\nname,age\n\nAmara,29\n , \n\nDavid,38\n\n\n",
        "name,age,\nAmara,29,\nDavid,38,\n",
        "name,,age\nAmara,,29\nDavid,,38\n",
        "name,age,,,\nAmara,29\nDavid,38,,,,,,\n",
    ],
)
def test_the_dialect_is_recognised(text: str, tmp_path: Path) -> None:
    table = opened(tmp_path, text)
    assert table.columns == ("name", "age")
    assert good(table) == [AMARA, DAVID]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("name;age\nA;1\n", ("separated by semicolons",)),
        ("name|age\nA|1\n", ("separated by pipes",)),
        ("sep=^\nname^age\nA^1\n", ("separated by '^'",)),
        ("name,age\nA,1\n", ()),
        ("name\tage\nA\t1\n", ()),
    ],
)
def test_an_unusual_delimiter_is_noted(text: str, note: tuple[str, ...], tmp_path: Path) -> None:
    assert opened(tmp_path, text).notes == note


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("name;height\nAmara;1,70\nDavid;1,80\n", {"name": "Amara", "height": "1,70"}),
        ('name;"city, state"\nAmara;"Lagos, LA"\n', {"name": "Amara", "city, state": "Lagos, LA"}),
        ('name,note\n"Okafor, Dia","a;b;c"\n', {"name": "Okafor, Dia", "note": "a;b;c"}),
        ("name\tnote\nAmara\tshe, who; of | all\n", {"name": "Amara", "note": "she, who; of | all"}),
    ],
)
def test_other_delimiters_within_cells_do_not_count(text: str, first: dict[str, str], tmp_path: Path) -> None:
    assert good(opened(tmp_path, text))[0] == first


@pytest.mark.parametrize("choices", [None, KNOWING])
def test_commas_of_sentences_in_one_column_are_no_delimiters(choices: Choices | None, tmp_path: Path) -> None:
    lines = ["A teacher, who paints", "A nurse, retired", "A cook"]
    table = opened(tmp_path, "persona\n" + "\n".join(lines) + "\n", "people.txt", choices)
    assert [row["persona"] for row in good(table)] == lines


def test_a_title_above_the_names_is_passed_over(tmp_path: Path) -> None:
    table = opened(tmp_path, "Our people 2026\n\nname,age,gender\nAmara,29,female\n", choices=KNOWING)
    assert rows(table) == [(4, {"name": "Amara", "age": "29", "gender": "female"})]
    assert table.notes == ("the names of its columns are in row 3",)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_names_of_columns_may_have_line_ends(sign: str, tmp_path: Path) -> None:
    """Forms ask in several lines; the first line of the first name is one that is known."""
    text = '"name\n(as in a passport)",age,"style\nif any"\nAmara,29,boho\n'.replace(",", sign)
    table = opened(tmp_path, text, choices=KNOWING)
    assert good(table) == [{"name\n(as in a passport)": "Amara", "age": "29", "style\nif any": "boho"}]


def test_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    text = 'sep=,\nname,note\nAmara,"two\nlines\n\nor four"\n\nDavid,x\n'
    assert [number for number, _ in rows(opened(tmp_path, text))] == [2, 4]


def test_cells_with_quotes_hold_anything(tmp_path: Path) -> None:
    table = opened(tmp_path, 'name,note\nAmara,"a, ""b""\r\nc"\nDavid,5" tall\n')
    assert [row["note"] for row in good(table)] == ['a, "b"\r\nc', '5" tall']


def test_missing_cells_are_empty_and_further_ones_are_not(tmp_path: Path) -> None:
    table = opened(tmp_path, "name,age,style\nAmara\nOkafor, Dia,29,casual\nDavid,38,casual,,\n")
    assert rows(table) == [
        (2, {"name": "Amara", "age": "", "style": ""}),
        (3, "its 4th cell 'casual' is in a column without a name; put a cell that holds commas into quotes"),
        (4, {"name": "David", "age": "38", "style": "casual"}),
    ]


@pytest.mark.parametrize("again", ["name,age", "Name,AGE", " name , age ", '"name","age",,', "\ufeffname,age"])
def test_names_that_are_repeated_are_skipped_and_noted(again: str, tmp_path: Path) -> None:
    table = opened(tmp_path, f"name,age\nAmara,29\n{again}\nDavid,38\n")
    assert good(table) == [AMARA, DAVID]
    assert table.notes == ("the names of its columns again in row 3: skipped",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('"Dwayne "The Rock" J",52', "has text behind the quote that ends a cell"),
        ("Ama\0ra,29", "has a NUL byte"),
        ("x" * 200_000 + ",29", "has a cell of more than 131,072 characters"),
        ("x," * 600_000, "is longer than 1,048,576 characters"),
        ('"' + "x" * 200_000 + '\nmore, and\n""more""\n",29', "has a cell of more than 131,072 characters"),
        ('"' + "x\n" * 600_000 + '",29', "has a cell of more than 131,072 characters"),
        ('"one\n"two" three\nfour",29', "has text behind the quote"),
    ],
)
def test_a_bad_row_does_not_spoil_the_next(row: str, message: str, tmp_path: Path) -> None:
    (_, first), bad, last = rows(opened(tmp_path, f"name,age\nAmara,29\n{row}\nDavid,38\n"))
    assert (first, bad[0], last) == (AMARA, 3, (4, DAVID))
    assert message in bad[1]


@pytest.mark.parametrize("row", ["A\0,29", "\0A,29", "A,2\0"])
def test_a_small_text_with_a_nul_is_no_utf_16(row: str, tmp_path: Path) -> None:
    assert rows(opened(tmp_path, f"name,age\n{row}\n")) == [(2, "has a NUL byte")]


def test_a_quote_that_is_never_closed_is_named_where_it_opens(tmp_path: Path) -> None:
    bad = rows(opened(tmp_path, 'name,age\nAmara,29\n"David,38\nGus,41\n'))[1:]
    assert bad == [(3, "opens a quote that is never closed: all below it is one cell")]


def test_a_line_without_an_end_is_not_read_at_once(tmp_path: Path) -> None:
    bad = rows(opened(tmp_path, "name,age\nAmara,29\n" + "x" * (3 * RECORD_MOST)))[1:]
    assert bad == [(3, "is longer than 1,048,576 characters: is a quote never closed?")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,age\n", "has the names of columns, and no row below them."),
        ("name,age", "has the names of columns, and no row below them."),
        ("name,age,name\nA,1,B\n", "has two columns 'name', the 1st and the 3rd."),
        (",,,\n,,\n", "has no rows."),
    ],
)
def test_what_is_no_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, text).endswith(message)


def test_what_csv_writes_is_read_again(tmp_path: Path) -> None:
    chance = random.Random(7)
    for delimiter in ",;\t|":
        cells = ["", "a", "1,5", 'say "hi"', "x;y", "tab\tbed", "a|b", "line\nline", "ä", " "]
        written = [[chance.choice(cells) for _ in range(5)] for _ in range(50)]
        path = tmp_path / "written.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow("abcde")
            writer.writerows(written)
        found = [list(row.values()) for row in good(opened(tmp_path, path.read_bytes()))]
        assert found == [[cell.lstrip(" ") for cell in row] for row in written if any(map(str.strip, row))]


@pytest.mark.parametrize(
    "text",
    [
        "| name | age |\n|------|-----|\n| Amara, of Lagos | 29 |\n| Bob | 40 |\n",
        "People:\n\n| name | age |\r\n| :--- | ---: |\r\n| Amara, of Lagos | 29 |\n| Bob | 40 |\n\nThat is all.\n",
        "name | age\n--- | ---\nAmara, of Lagos | 29\nBob | 40\n",
        " name            | age \n-----------------+-----\n Amara, of Lagos |  29\n Bob             |  40\n(2 rows)\n",
        "+----+---+\n|name|age|\n+----+---+\n|Amara, of Lagos| 29|\n|Bob | 40|\n+----+---+\n2 rows in set\n",
    ],
    ids=["markdown", "pasted", "without edges", "psql", "mysql"],
)
def test_the_lines_of_a_table_that_is_drawn_are_no_rows(text: str, tmp_path: Path) -> None:
    table = opened(tmp_path, text, "people.md", KNOWING)
    found = [{name: str(value).strip() for name, value in each.items() if name != "1"} for each in good(table)]
    assert found == [{"name": "Amara, of Lagos", "age": "29"}, {"name": "Bob", "age": "40"}]
    assert table.format == "Markdown"


def test_dashes_in_a_cell_draw_no_table(tmp_path: Path) -> None:
    table = opened(tmp_path, "name,prompt\nAnn,--- a | b ---\n---,x\n")
    assert (table.format, [each["name"] for each in good(table)]) == ("CSV", ["Ann", "---"])
