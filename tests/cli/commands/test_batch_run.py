"""Values that are crossed, in each command that makes pictures."""

import csv
from pathlib import Path

import pytest

from cli.commandline import SMALL, Avatar

PEOPLE = "id,name,age,gender\n1,Ann,30,female\n2,Bo,44,male\n"
CROSSED = ("--each", "hair-color=black,red", "--each", "age=25,60")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


def test_rows_are_crossed_once_and_for_all(avatar: Avatar, file: Path, tmp_path: Path) -> None:
    made = avatar("batch", file, *SMALL, *CROSSED, "--manifest", tmp_path / "made.csv")
    assert "Each 4 times: hair_color black, red, persona_age 25, 60." in made.err
    assert [line[1] for line in made.lines] == ["made"] * 8
    seeds = {(line[0], line[4]) for line in made.lines}
    assert len(seeds) == 2  # those of one person differ in what is crossed alone
    again = avatar("batch", file, *SMALL, *CROSSED)
    assert {(line[1], line[2]) for line in again.lines} == {("exists", line[2]) for line in made.lines}
    fed_back = avatar("batch", tmp_path / "made.csv", *SMALL)
    assert {(line[1], line[2]) for line in fed_back.lines} == {("exists", line[2]) for line in made.lines}


def test_a_value_or_a_row_that_is_added_changes_no_other_picture(avatar: Avatar, file: Path) -> None:
    avatar("batch", file, *SMALL, *CROSSED)
    file.write_text(f"id,name,age,gender\n0,Cy,20,male\n{PEOPLE.partition(chr(10))[2]}")
    more = avatar("batch", file, *SMALL, "--each", "age=60,25", "--each", "hair-color=white,red,black")
    assert sorted(line[1] for line in more.lines) == ["exists"] * 8 + ["made"] * 10


def test_copies_of_one_person_differ_in_their_names(avatar: Avatar, file: Path, tmp_path: Path) -> None:
    avatar("batch", file, *SMALL, *CROSSED, "-o", f"{tmp_path}/{{name}}-{{hair_color}}.png")
    assert {path.name for path in tmp_path.glob("*.png")} == {
        f"{name}-{color}{n}.png" for name in ("Ann", "Bo") for color in ("black", "red") for n in ("", "-2")
    }


def test_rows_without_ids_have_one_face_each(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,gender\nAnn,female\nAnn,female\nBo,male\n")
    made = avatar("batch", file, *SMALL, "--each", "hair-color=black,red", "--manifest", tmp_path / "m.csv")
    assert sorted((line[0], line[1]) for line in made.lines) == [
        ("2", "made"), ("2", "made"), ("3", "duplicate"), ("3", "duplicate"), ("4", "made"), ("4", "made"),
    ]  # fmt: skip
    assert "Row 3 says the same as row 2" in made.err
    with (tmp_path / "m.csv").open() as rows:
        ids = [(row["row"], row["avatar_id"]) for row in csv.DictReader(rows)]
    assert [id_ for row, id_ in ids if row == "2"] == [id_ for row, id_ in ids if row == "3"]
    assert len({id_ for _, id_ in ids}) == 4
    assert len({line[4] for line in made.lines if line[1] == "made"}) == 2


def test_one_of_the_values_is_drawn_for_each(avatar: Avatar, file: Path) -> None:
    plan = avatar("batch", file, *SMALL, "--pick", "eye-color=blue,green", "--dry-run", "--json").json
    drawn = [found["attributes"]["eye_color"] for found in plan["first"]]
    assert set(drawn) <= {"blue", "green"}
    assert len(drawn) == 2


def test_a_persona_of_the_command_line_is_crossed(avatar: Avatar) -> None:
    asked = ("generate", *SMALL, "--persona-name", "Zoe", "--gender", "female", "--each", "hair_color=black,red")
    made = avatar(*asked, "--count", 2)
    assert "Zoe: one persona." in made.err
    assert [line[1] for line in made.lines] == ["made"] * 4
    assert len({line[4] for line in made.lines}) == 2
    assert {line[1] for line in avatar(*asked, "--count", 2).lines} == {"exists"}
    assert len(avatar(*asked, "--seed", 7, "--dry-run", "--json").json["first"]) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--each", "red"), "each is 'red', which has no = with what is meant behind it."),
        (("--each", "=red"), "each is '=red', which has no name before its =."),
        (("--each", "locale=de_DE"), "each names locale, which only people of a cast have."),
        (("--each", "format=png,jpeg"), "each names format, which decides no picture."),
        (("--each", "width=64,128", "--width", "64"), "width is given for all, and with several values."),
        (("--each", "art-style=micah", "--art-style", "micah"), "art_style is given for all"),
        (("--each", "gender=female,male", "--pick", "sex=female,male"), "The values of gender are given twice."),
    ],
)
def test_what_cannot_be_crossed_is_said(avatar: Avatar, file: Path, options: tuple[str, ...], said: str) -> None:
    assert said in avatar.refused("batch", file, *options)
    assert said in avatar.refused("generate", "--persona-name", "Zoe", *options)


def test_what_all_rows_say_is_not_crossed(avatar: Avatar, file: Path) -> None:
    said = "hair_color is given for all, and with several values."
    crossed = ("--each", "hair-color=black,red")
    assert said in avatar.refused("batch", file, "--set", "Hair color=red", *crossed)
    assert said in avatar.refused("generate", "--persona-name", "Zoe", "--hair-color", "red", *crossed)
