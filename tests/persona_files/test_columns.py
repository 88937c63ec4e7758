"""Which column means which field."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from formats.workbooks import written

from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import PersonaFile, open_persona_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def opened(folder: Path, text: str, mapped: Mapping[str, str] | None = None) -> PersonaFile:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return open_persona_file(path, mapped=mapped or {})


def people(file: PersonaFile) -> list[PersonaRow]:
    return [row for row in file.rows() if isinstance(row, PersonaRow)]


def used(folder: Path, columns: str, cells: str = "", mapped: Mapping[str, str] | None = None) -> Mapping[str, str]:
    return opened(folder, f"{columns}\n{cells or ','.join('x' for _ in columns.split(','))}\n", mapped).used


@pytest.mark.parametrize(
    "column", ["persona_name", "persona-name", "personaName", "Persona Name", "PERSONA_NAME", "name", "Full name"]
)
def test_a_field_is_known_in_any_spelling(folder: Path, column: str) -> None:
    assert used(folder, f"{column},note") == {column: "persona_name"}


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("hairColor", "red", "hair_color"),
        ("hair colour", "red", "hair_color"),
        ("Haarfarbe", "rot", "hair_color"),
        ("couleur des cheveux", "roux", "hair_color"),
        ("sex", "F", "gender"),
        ("Geschlecht", "weiblich", "gender"),
        ("성별", "여자", "gender"),
        ("race", "black", "ethnicity"),
        ("nationality", "Kenyan", "ethnicity"),
        ("ethnic_background", "white", "ethnicity"),
        ("edad", "30", "persona_age"),
        ("date of birth", "1990-05-17", "persona_age"),
        ("Geburtsdatum", "17.05.1990", "persona_age"),
        ("Age group", "20-29", "age_range"),
        ("job", "nurse", "background"),
        ("Bio", "born at sea", "background"),
        ("uuid", "17", "persona_id"),
        ("persona_id", "17", "persona_id"),
        ("Aussehen", "Schnauzbart", "prompt"),
        ("traits", "kind", "personality"),
        ("width_px", "512", "width"),
        ("Gender (M/F)", "F", "gender"),
        ("What is your gender?", "F", "gender"),
        ("How old are you?", "29", "persona_age"),
        ("What is your full name?", "Ann", "persona_name"),
        ("Geschlecht [m/w/d]", "w", "gender"),
    ],
)
def test_other_words_are_known_where_they_mean_one_thing(folder: Path, column: str, cell: str, field: str) -> None:
    assert used(folder, f"note,{column}", f"x,{cell}") == {column: field}


@pytest.mark.parametrize(
    ("columns", "cells", "what"),
    [
        ("name,genre", "A,science fiction", "books have one, too"),
        ("name,born", "A,Ohio", "a place"),
        ("name,height", "A,180", "how tall somebody is"),
        ("name,description", "A,tall", "of a life, or of a face"),
    ],
)
def test_a_word_that_may_mean_something_else_is_not_used(folder: Path, columns: str, cells: str, what: str) -> None:
    assert used(folder, columns, cells) == {"name": "persona_name"}, what


def test_a_height_is_the_picture_s_beside_a_width_only(folder: Path) -> None:
    assert used(folder, "name,width,height", "A,512,640")["height"] == "height"
    assert used(folder, "name,height_px", "A,640")["height_px"] == "height"


@pytest.mark.parametrize(
    ("columns", "cells", "name"),
    [
        ("first_name,last_name", "Mary,Alberti", "Mary Alberti"),
        ("Vorname,Nachname", "Jürgen,Müller", "Jürgen Müller"),
        ("Name,Vorname", "Müller,Jürgen", "Jürgen Müller"),
        ("nom,prénom", "Dupont,Marie", "Marie Dupont"),
        ("name,first_name", "Mary Alberti,Mary", "Mary Alberti"),
        ("first_name,middle_name,last_name,name", "Mary,Ann,Alberti,May", "May"),
        ("first_name", "Mary", "Mary"),
    ],
)
def test_parts_of_names_are_joined(folder: Path, columns: str, cells: str, name: str) -> None:
    (row,) = people(opened(folder, f"note,{columns}\nx,{cells}\n"))
    assert row.persona.name == name


def test_a_struct_of_a_name_is_joined_too(folder: Path) -> None:
    path = folder / "people.jsonl"
    person = '{"gender": "male", "name": {"title": "Mr", "first": "Joel", "last": "Okafor"}, "dob": {"age": 41}}'
    path.write_text(person, encoding="utf-8")
    (row,) = people(open_persona_file(path))
    assert (row.persona.name, row.persona.age, row.attributes.gender) == ("Joel Okafor", 41, "male")


def test_m_is_mujer_beside_h_for_hombre(folder: Path) -> None:
    rows = people(opened(folder, "Nombre,Sexo\nA,H\nB,M\n"))
    assert [row.attributes.gender for row in rows] == ["male", "female"]


@pytest.mark.parametrize(
    ("mapped", "uses"),
    [
        ({"who": "persona_name"}, {"who": "persona_name", "age": "persona_age"}),
        ({"Who": "name", "notes": "--prompt"}, {"who": "persona_name", "notes": "prompt", "age": "persona_age"}),
        ({"1": "name"}, {"who": "persona_name", "age": "persona_age"}),
        ({"who": "name", "age": ""}, {"who": "persona_name"}),
        ({"notes": "birth date"}, {"notes": "persona_age"}),
        ({"who": "first_name", "notes": "last name"}, {"who": "persona_name", "notes": "persona_name"}),
        ({"who": "prompt", "notes": "prompt"}, {"who": "prompt", "notes": "prompt", "age": "persona_age"}),
    ],
)
def test_what_the_user_says_goes_before_what_is_recognised(
    folder: Path, mapped: Mapping[str, str], uses: Mapping[str, str]
) -> None:
    found = used(folder, "who,notes,age", "Mary,1990-05-17,30", mapped)
    assert {column: field for column, field in found.items() if column in uses} == uses


@pytest.mark.parametrize(
    ("columns", "mapped", "message", "hint"),
    [
        ("name,persona_name", {}, "Columns 'name' and 'persona_name' both mean persona_name.", "--map persona_name="),
        ("name,gendr", {}, "A column is no field. 'gendr': did you mean gender?", "--map gendr=gender"),
        ("nmae,hair_colr", {}, "'nmae': did you mean persona_name?; 'hair_colr': did you mean hair_color?", "nmae"),
        ("name,x", {"nam": "age"}, "There is no column 'nam'.", "Did you mean name?"),
        ("name,x", {"zzz": "age"}, "There is no column 'zzz'.", "Columns: name, x."),
        ("name,x", {"x": "gendr"}, "There is no field 'gendr' for the column 'x'.", "Did you mean gender?"),
        ("a,b,c", {"a": "age", "b": "age"}, "Columns 'a' and 'b' are both mapped to persona_age.", "Leave one"),
        ("foo,bar", {}, "No column is known: foo, bar.", "--map foo=persona_name"),
    ],
)
def test_columns_that_cannot_be_understood_are_refused(
    folder: Path, columns: str, mapped: Mapping[str, str], message: str, hint: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        used(folder, columns, mapped=mapped)
    assert message in error.value.message
    assert hint in (error.value.hint or "")


def test_a_column_that_is_left_out_is_no_slip_and_settles_a_doubt(folder: Path) -> None:
    assert used(folder, "name,gendr", mapped={"gendr": ""}) == {"name": "persona_name"}
    assert used(folder, "name,persona_name", mapped={"name": ""}) == {"persona_name": "persona_name"}
    assert used(folder, "gender,sex,Geschlecht", "F,F,F", {"sex": ""}) == {"gender": "gender"}


def test_traits_and_prompts_of_several_columns_are_joined(folder: Path) -> None:
    (row,) = people(opened(folder, "personality,traits,prompt,--prompt\nkind,brave; calm,a hat,a scarf\n"))
    assert row.persona.personality == ("kind", "brave", "calm")
    assert row.prompt == "a hat; a scarf"


def test_a_list_in_one_of_several_columns_is_read_as_if_it_were_the_only_one(folder: Path) -> None:
    path = folder / "people.json"
    path.write_text('[{"traits": ["calm, on the whole"]}, {"personality": "kind"}]', encoding="utf-8")
    row, _ = people(open_persona_file(path))
    assert row.persona.personality == ("calm, on the whole",)


@pytest.mark.parametrize("text", ["Amara Okafor\nDavid Chen\n", "Amara Okafor,female\nDavid Chen,male\n"])
def test_who_has_a_table_of_names_alone_is_told_that_the_first_row_counts_as_those_of_columns(
    folder: Path, text: str
) -> None:
    with pytest.raises(InvalidInput, match="No column is known: Amara Okafor") as caught:
        opened(folder, text)
    assert caught.value.hint is not None
    assert "If its first row is of a person, add one above it, such as: name." in caught.value.hint
    assert "--map 'Amara Okafor=persona_name'" in caught.value.hint
    is_list = "," not in text
    assert (f"(echo name; cat {folder / 'people.csv'}) | avatar batch -" in caught.value.hint) == is_list


def test_a_table_without_names_of_columns_is_mapped_by_their_numbers(folder: Path) -> None:
    file = opened(folder, "Mary,30,1990-05-17\nTom,40,1980-05-17\n", {"1": "name", "2": "age"})
    assert [row.persona.name for row in people(file)] == ["Mary", "Tom"]
    with pytest.raises(InvalidInput, match="No column is known: 1, 2, 3"):
        opened(folder, "Mary,30,1990-05-17\nTom,40,1980-05-17\n")


def test_a_workbook_of_names_alone_gets_no_command_for_texts(folder: Path) -> None:
    path = folder / "people.xlsx"
    path.write_bytes(written(People=[["Amara Okafor"], ["David Chen"]]))
    with pytest.raises(InvalidInput, match="No column is known: Amara Okafor") as caught:
        open_persona_file(path)
    assert "echo" not in (caught.value.hint or "")
