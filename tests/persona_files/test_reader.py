"""A persona file as rows: what each asks for, and what is wrong with it."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import BadRow, PersonaRow, Problem
from avatar_creator.engines.fields import FIELDS as WITH_OPTIONS
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import PersonaFile, open_persona_file

RESEARCH = """\
\ufeffName;Alter;Geschlecht;Beruf;Aussehen;Zitat\r
"Jürgen Müller";58;männlich;Landwirt;"graue kurze Haare, Schnauzbart";"Ich will, dass es geht."\r
Günther;29,0;Mann;;;\r
Şule Łącka;34;weiblich;Ärztin;;"""


@pytest.fixture
def write(tmp_path: Path) -> "Write":
    return Write(tmp_path)


class Write:
    """Writes a file, and opens it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, text: str, name: str = "people.csv") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def opened(self, text: str, name: str = "people.csv", **choices: Any) -> PersonaFile:
        return open_persona_file(self(text, name), **choices)

    def rows(self, text: str, name: str = "people.csv", **choices: Any) -> list[PersonaRow | BadRow]:
        return list(self.opened(text, name, **choices).rows())

    def row(self, text: str, **choices: Any) -> PersonaRow:
        (row,) = self.opened(text, **choices).rows()
        assert isinstance(row, PersonaRow), row
        return row


def test_a_spreadsheet_of_a_researcher_needs_no_mapping(write: Write) -> None:
    file = write.opened(RESEARCH)
    first, second, third = file.rows()
    assert file.kind == "a table"
    assert file.used == {
        "Name": "persona_name",
        "Alter": "persona_age",
        "Geschlecht": "gender",
        "Beruf": "background",
        "Aussehen": "prompt",
    }
    assert file.unused == ("Zitat",)
    assert isinstance(first, PersonaRow)
    assert first.number == 2
    assert first.persona == Persona("Jürgen Müller", 58, background="Landwirt")
    assert first.attributes == Attributes(gender="male")
    assert first.prompt == "graue kurze Haare, Schnauzbart"
    assert first.cells["Zitat"] == "Ich will, dass es geht."
    assert isinstance(second, PersonaRow)
    assert second.persona == Persona("Günther", 29)
    assert isinstance(third, PersonaRow)
    assert third.persona.name == "Şule Łącka"
    assert third.attributes.gender == "female"


def test_remarks_say_what_is_used_and_what_is_not_and_after_reading_of_how_many_rows(write: Write) -> None:
    file = write.opened(RESEARCH)
    assert "Not used: Zitat. To use one: --map COLUMN=FIELD" in file.remarks
    assert len(list(file.rows())) == 3
    used, unused = file.remarks
    assert used == (
        "Used: Name as persona_name, Alter as persona_age, Geschlecht as gender, Beruf as background (2 of 3 rows), "
        "Aussehen as prompt (1 of 3 rows)."
    )
    assert unused == "Not used: Zitat (1 of 3 rows). To use one: --map COLUMN=FIELD"


@pytest.mark.parametrize("blank", ["", "nan", "NaN", "N/A", "None", "null", "-", " ", "\\N"])
def test_what_stands_for_no_value_is_none(write: Write, blank: str) -> None:
    cells = ",".join([blank] * 5)
    row = write.row(f"name,age,gender,personality,seed,prompt\n{cells},a\n")
    assert row.persona == Persona()
    assert row.attributes == Attributes()
    assert dict(row.choices) == {}


@pytest.mark.parametrize("age", ["29", "29.0", '"29,0"', "29 years", "29-year-old", "aged 29", "29 Jahre", "29 ans"])
def test_an_age_is_read_however_it_is_written(write: Write, age: str) -> None:
    assert write.row(f"name,age\nA,{age}\n").persona.age == 29


@pytest.mark.parametrize(
    ("age", "range_"),
    [
        ("30-40", "30-40 years old"),
        ("30s", "30s"),
        ("teenager", "teenager"),
        ("elderly", "elderly"),
        ("60+", "60+ years old"),
        ("more than 70", "more than 70 years old"),
    ],
)
def test_an_age_that_is_a_range_is_the_age_range(write: Write, age: str, range_: str) -> None:
    row = write.row(f"name,age\nA,{age}\n")
    assert row.persona.age is None
    assert row.attributes.age_range == range_


def test_a_date_of_birth_is_the_age_on_the_same_day_whenever_the_file_is_read(write: Write) -> None:
    file = write.opened("name,birthdate\nA,1990-05-17\nB,31.12.1990\nC,05/17/1990\nD,2025-06-01\n")
    rows = [row for row in file.rows() if isinstance(row, PersonaRow)]
    assert [row.persona.age for row in rows] == [35, 35, 35, None]
    assert rows[3].attributes.age_range == "baby"
    assert "Ages by date of birth are those of 2026-01-01; for another day: --as-of DATE" in file.remarks


def test_an_age_goes_before_a_date_of_birth(write: Write) -> None:
    first, second = write.rows("name,age,birth_date\nA,20,1990-05-17\nB,,1990-05-17\n")
    assert isinstance(first, PersonaRow)
    assert isinstance(second, PersonaRow)
    assert (first.persona.age, second.persona.age) == (20, 35)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("age", "200", "persona age is '200', outside 1 to 120."),
        ("age", "abc", "persona age is 'abc', which is no age."),
        ("age", "0", "persona age is '0', outside 1 to 120."),
        ("seed", "0", "seed is '0', outside 1 to 2147483647."),
        ("seed", "1.5", "seed is '1.5', which is no whole number."),
        ("format", "gif", "format is 'gif', which is not known."),
        ("name", "x" * 300, "persona name has 300 characters, at most 100 are allowed"),
        ("name", "a\x1b[31m", "persona name holds the control character U+001B"),
        ("gender", "x" * 60, "gender has 60 characters, at most 50 are allowed"),
        ("gender", "0", "gender is '0', a code. Write the word that it stands for."),
        ("gender", "TRUE", "gender is 'TRUE', a code."),
        ("skin_tone", "3.0", "skin tone is '3.0', a code."),
        ("width", "5000", "width is '5000', outside 64 to 2048."),
        ("id", "x" * 300, "persona id has 300 characters"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_column(write: Write, column: str, cell: str, says: str) -> None:
    (row,) = write.rows(f"hair_style,{column}\nbob,{cell}\n")
    assert isinstance(row, BadRow)
    assert row.number == 2
    assert row.cells == {"hair_style": "bob", column: cell}
    (problem,) = row.problems
    assert problem.column == column
    assert problem.value is not None
    assert problem.value.rstrip("…") == cell[:40]
    assert problem.message.startswith(says)


def test_a_bad_row_has_all_its_problems_and_the_others_are_rows(write: Write) -> None:
    bad, good = write.rows("name,age,seed\nA,200,0\nB,20,7\n")
    assert isinstance(bad, BadRow)
    assert [problem.column for problem in bad.problems] == ["age", "seed"]
    assert isinstance(good, PersonaRow)
    assert good.choices == {"seed": 7}


def test_a_row_that_says_nothing_of_anybody_is_bad_and_a_blank_one_is_none(write: Write) -> None:
    (row,) = write.rows("name,note\n,hello\n,\n")
    assert isinstance(row, BadRow)
    assert row.problems == (Problem(None, None, "Nothing says who the picture shows."),)


def test_two_rows_with_one_id_are_named_both(write: Write) -> None:
    first, second = write.rows("id,name\n7,A\n7,B\n")
    assert isinstance(first, PersonaRow)
    assert first.persona_id == "7"
    assert isinstance(second, BadRow)
    assert second.problems == (Problem("id", "7", "persona id '7' is that of row 2, too."),)


def test_an_id_that_a_program_wrote_as_a_number_with_a_point_is_the_same(write: Write) -> None:
    """As pandas writes a column of whole numbers in which one is missing."""
    rows = write.rows("id,name\n1.0,A\n,B\n1.10,C\n2.0.0,D\n")
    assert [row.persona_id for row in rows if isinstance(row, PersonaRow)] == ["1", None, "1.10", "2.0.0"]


def test_a_column_that_only_later_records_have_is_read(write: Write) -> None:
    lines = [json.dumps({"name": f"N{i}"}) for i in range(200)] + ['{"name": "last", "hairColor": "red"}']
    *_, last = write.rows("\n".join(lines), "people.jsonl")
    assert isinstance(last, PersonaRow)
    assert last.attributes.hair_color == "red"


def test_a_file_is_read_again_with_the_same_rows(write: Write) -> None:
    file = write.opened("id,name\n1,A\n2,B\n")
    assert list(file.rows()) == list(file.rows())


def test_formulas_are_texts(write: Write) -> None:
    row = write.row('name,prompt\n"=HYPERLINK(""http://x"")",@x\n')
    assert row.persona.name == '=HYPERLINK("http://x")'
    assert row.prompt == "@x"


def test_what_stands_for_all_rows_goes_before_the_cells(write: Write) -> None:
    file = write.opened("name,Geschlecht\nA,weiblich\n", given={"gender": "male", "--seed": "7"})
    (row,) = file.rows()
    assert isinstance(row, PersonaRow)
    assert row.attributes.gender == "male"
    assert row.choices == {"seed": 7}
    assert "Left out, as --map or --set says: Geschlecht." in file.remarks


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"gendr": "male"}, "There is no field 'gendr'."),
        ({"age": "200"}, "persona age is '200', outside 1 to 120."),
        ({"id": "7"}, "persona_id is what rows differ in: it cannot be set for all."),
    ],
)
def test_what_cannot_be_set_is_refused(write: Write, values: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidInput) as error:
        write.opened("name\nA\n", given=values)
    assert error.value.message.endswith(says)


def test_a_long_background_is_cut_between_sentences_and_stays_whole_in_the_cells(write: Write) -> None:
    story = "She sails. " * 80
    file = write.opened(f"name,bio\nA,{story}\n")
    (row,) = file.rows()
    assert isinstance(row, PersonaRow)
    assert row.persona.background is not None
    assert len(row.persona.background) <= 500
    assert row.persona.background.endswith("sails.")
    assert row.cells["bio"] == story
    assert any(remark.startswith("Backgrounds were shortened to 500 characters: 1 row.") for remark in file.remarks)


def test_very_many_ids_are_compared(write: Write) -> None:
    rows = write.rows("id,name\n" + "".join(f"{i},A\n" for i in range(3000)) + "1500,B\n")
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [row.problems[0].message for row in bad] == ["persona id '1500' is that of row 1502, too."]


def test_records_of_which_each_has_other_columns_are_read_in_bounded_memory(write: Write) -> None:
    lines = [json.dumps({"name": f"N{i}", f"k{i}": 1}) for i in range(3000)]
    file = write.opened("\n".join(lines), "people.jsonl")
    *_, last = file.rows()
    assert last.cells["k2999"] == "1"
    assert len(file.columns) < 1200


def test_a_slip_in_a_later_record_is_refused(write: Write) -> None:
    lines = [json.dumps({"name": f"N{i}"}) for i in range(200)] + ['{"name": "last", "gendr": "f"}']
    file = write.opened("\n".join(lines), "people.jsonl")
    with pytest.raises(InvalidInput, match="'gendr': did you mean gender"):
        list(file.rows())


@pytest.mark.parametrize(
    ("columns", "later", "hint"),
    [
        ({"height": 180}, {"width": 512, "height": 600}, "--map height="),
        ({"uuid": "u1"}, {"id": "7"}, "--map uuid=persona_id"),
        ({"occupation": "cook"}, {"bio": "She sails."}, "--map occupation=background"),
        ({"sexe": "femme"}, {"gender": "male"}, "--map sexe=gender"),
    ],
)
def test_a_later_record_changes_nothing_of_what_the_rows_before_say(
    write: Write, columns: dict[str, object], later: dict[str, object], hint: str
) -> None:
    lines = [json.dumps({"name": f"N{i}"} | columns | ({"uuid": i} if "uuid" in columns else {})) for i in range(200)]
    text = "\n".join([*lines, json.dumps({"name": "last"} | later)])
    with pytest.raises(InvalidInput, match=r"Row 201 has .* would mean something else") as error:
        write.rows(text, "people.jsonl")
    assert error.value.hint == f"Say what it means in all rows: {hint}"
    column, _, field = hint.removeprefix("--map ").partition("=")
    file = write.opened(text, "people.jsonl", mapped={column: field})
    assert list(file.rows()) == list(file.rows())


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 400])
def test_a_number_that_no_float_can_be_is_a_bad_cell(write: Write, number: str) -> None:
    (row,) = write.rows(f'{{"name": "A", "guidance": {number}}}', "people.jsonl", fields=WITH_OPTIONS)
    assert isinstance(row, BadRow)
    (problem,) = row.problems
    assert problem.column == "guidance"
    assert problem.message.endswith("inf, outside 0 to 20.")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda parts: (
        st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "trait"]), parts, max_size=3)
    ),
    max_leaves=6,
)
COLUMNS = ["name", "age", "birth_date", "gender", "personality", "background", "prompt", "seed", "id", "format"]


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), VALUES, min_size=1), min_size=1, max_size=4))
def test_whatever_stands_in_a_cell_is_a_value_or_a_problem(records: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.jsonl"
        lines = [json.dumps({"first_name": "A", **record}) for record in records]
        path.write_text("\n".join(lines), encoding="utf-8")
        rows = list(open_persona_file(path).rows())
    assert len(rows) == len(records)
    assert all(isinstance(row, PersonaRow) or row.problems for row in rows)
    assert all(isinstance(cell, str) for row in rows for cell in row.cells.values())
