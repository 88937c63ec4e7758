"""avatar batch: a table of personas, edited and run again."""

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import InvalidInput
from avatar_creator.home import Home
from avatar_creator.library import open_library
from avatar_creator.storage.database import connect
from avatar_creator.storage.liveness import ProcessLock
from cli.commandline import SMALL, Avatar, shell
from made_anew import begin, finish
from sql import run_sql

Row = Sequence[object]


def write(path: Path, *rows: Row, columns: str = "name,age,gender") -> Path:
    text = "\n".join((columns, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)))
    path.write_text(text, encoding="utf-8")  # without a newline at the end
    return path


def people(count: int) -> list[Row]:
    return [(f"Person {n}", 20 + n % 60, "female" if n % 2 else "male") for n in range(1, count + 1)]


def batch(avatar: Avatar, path: Path, *argv: object, code: int = 0) -> list[list[str]]:
    return avatar("batch", path, *SMALL, *argv, code=code).lines


def manifest(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Choosy(OfflineEngine):
    """Draws everybody but Eve."""

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        if request.persona.name == "Eve":
            raise InvalidInput("Eve cannot be drawn.", hint="Give another name.")
        return super().generate(request, watch)


def test_one_row_that_an_engine_cannot_make_fails_alone(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "offline", ENGINES["offline"]._replace(place=f"{__name__}:Choosy"))
    file = write(tmp_path / "people.csv", ("Ann", 30, "female"), ("Eve", 31, "female"), ("Bo", 44, "male"))
    ended = avatar("batch", file, *SMALL, "--manifest", tmp_path / "made.csv", code=5)
    assert [line[1] for line in ended.lines] == ["made", "failed", "made"]
    assert ended.lines[1][5] == "Eve cannot be drawn."
    assert "1 of 3 pictures failed." in ended.err
    assert [row["status"] for row in manifest(tmp_path / "made.csv")] == ["completed", "failed", "completed"]
    assert sorted(line[1] for line in batch(avatar, file, code=5)) == ["exists", "exists", "failed"]


def test_an_id_that_looks_like_that_of_a_second_picture_is_somebody_else(avatar: Avatar, tmp_path: Path) -> None:
    rows = [("p1", "Ann", 30, 2), ("p1#2", "Bea", 31, 1)]
    file = write(tmp_path / "people.csv", *rows, columns="id,name,age,count")
    first = {line[2] for line in batch(avatar, file)}
    assert len(first) == 3
    file = write(tmp_path / "people.csv", *reversed(rows), columns="id,name,age,count")
    assert {(line[1], line[2]) for line in batch(avatar, file)} == {("exists", id_) for id_ in first}


# -- once


def test_each_row_is_made_once(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(5))
    made = batch(avatar, file)
    assert [line[1] for line in made] == ["made"] * 5
    assert [line[0] for line in made] == ["2", "3", "4", "5", "6"]
    again = avatar("batch", file, *SMALL)
    assert [line[1] for line in again.lines] == ["exists"] * 5
    assert [line[2:5] for line in again.lines] == [line[2:5] for line in made]
    assert "To make: 0 of 5 pictures (5 made before)." in again.err
    assert len(avatar("list").lines) == 5


def test_rows_may_be_removed_added_and_reordered(avatar: Avatar, tmp_path: Path) -> None:
    rows = people(50)
    first = {line[2]: Path(line[3]).read_bytes() for line in batch(avatar, write(tmp_path / "people.csv", *rows))}
    edited = [*reversed(rows[:19] + rows[20:]), ("Ana", 33, "female"), ("Bo", 44, "male")]
    second = batch(avatar, write(tmp_path / "people.csv", *edited))
    kept = {line[2]: Path(line[3]).read_bytes() for line in second if line[1] == "exists"}
    assert len(kept) == 49
    assert kept.items() <= first.items()
    assert [line[0] for line in second if line[1] == "made"] == ["51", "52"]


def test_a_seed_follows_from_the_row_and_from_the_seed_of_all(avatar: Avatar, tmp_path: Path) -> None:
    file = write(
        tmp_path / "people.csv", ("Ann", 30, "female", 7), ("Bob", 40, "male", ""), columns="name,age,gender,seed"
    )
    (ann, bob) = batch(avatar, file)
    assert ann[4] == "7"
    (_, other) = batch(avatar, file, "--seed", 2)
    assert other[4] != bob[4]
    assert other[1] == "made"
    assert batch(avatar, file, "--seed", 1)[1] == ["3", "exists", *bob[2:]]


def test_equal_rows_are_said_and_made_once(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ann", 30, "female"), ("Bob", 40, "male"), ("Ann", 30, "female"))
    run = avatar("batch", file, *SMALL)
    assert "Row 4 says the same as row 2, and gets the same avatar." in run.err
    assert sorted(line[:2] for line in run.lines) == [["2", "made"], ["3", "made"], ["4", "duplicate"]]
    more = batch(avatar, file, "--keep-duplicates")
    assert [line[:2] for line in more] == [["2", "exists"], ["3", "exists"], ["4", "made"]]
    assert len({line[4] for line in more}) == 3
    assert [line[1] for line in batch(avatar, file, "--keep-duplicates")] == ["exists"] * 3


def test_a_count_makes_more_pictures_of_a_row(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ann", 3), ("Bob", 1), columns="name,count")
    made = batch(avatar, file)
    assert [line[0] for line in made] == ["2", "2", "2", "3"]
    assert len({line[4] for line in made}) == 4
    file = write(tmp_path / "people.csv", ("Ann", 4), ("Bob", 1), columns="name,count")
    assert [line[1] for line in batch(avatar, file)] == ["exists", "exists", "exists", "exists", "made"]


def test_again_makes_it_anew_for_the_same_avatar(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    first = batch(avatar, file)
    second = batch(avatar, file, "--again")
    assert [line[1:3] for line in second] == [["made", line[2]] for line in first]
    assert [line[3] for line in second] == [line[3] for line in first], "a drawing is the same again"
    assert len(avatar("list").lines) == 2


def test_a_changed_row_with_an_id_is_a_version_of_its_avatar(avatar: Avatar, tmp_path: Path) -> None:
    columns = "id,name,hair_style"
    file = write(tmp_path / "people.csv", ("p1", "Ann", "long"), ("p2", "Bob", "short"), columns=columns)
    (ann, bob) = batch(avatar, file)
    write(file, ("p1", "Ann", "curly"), ("p2", "Bob", "short"), columns=columns)
    run = avatar("batch", file, *SMALL)
    assert "1 changed" in run.err
    assert {line[0]: line[1:3] for line in run.lines} == {"2": ["made", ann[2]], "3": ["exists", bob[2]]}
    changed = next(line for line in run.lines if line[0] == "2")
    assert changed[4] == ann[4], "the face stays"
    write(file, ("p1", "Ann", "long"), ("p2", "Bob", "short"), columns=columns)
    (restored, _) = sorted(batch(avatar, file))
    assert restored == ["2", "restored", *ann[2:]]


def test_an_id_that_is_that_of_somebody_else_is_said_before_anything_is_made(avatar: Avatar, tmp_path: Path) -> None:
    """Two files of different people, both numbered from 1."""
    batch(avatar, write(tmp_path / "heroes.csv", (1, "Ann", 30), (2, "Bob", 40), columns="id,name,age"))
    other = write(tmp_path / "villains.csv", (1, "Xavier", 70), (2, " BOB ", 41), columns="id,name,age")
    run = avatar("batch", other, *SMALL, "--dry-run")
    assert "Row 2 has the id 1, whose avatar is Ann so far, and makes it Xavier." in run.err
    assert "Row 3" not in run.err, "he is older now"
    assert "--project NAME has ids of its own." in run.err
    more = write(tmp_path / "more.csv", *((n, f"Orc {n}", 9) for n in range(1, 9)), columns="id,name,age")
    batch(avatar, more)
    run = avatar("batch", write(more, *((n, f"Elf {n}", 9) for n in range(1, 9)), columns="id,name,age"), "--dry-run")
    assert "makes it Elf 3.\nWarning: And 5 more rows that rename avatars.\n" in run.err
    batch(avatar, other)
    run = avatar("batch", tmp_path / "heroes.csv", *SMALL)
    assert "Row 2 has the id 1, whose avatar is Xavier so far, and makes it Ann." in run.err
    assert "so far" not in avatar("batch", tmp_path / "heroes.csv", *SMALL).err


def test_a_row_that_is_edited_back_shows_what_it_says(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    """The edit was still to be made."""
    file = write(tmp_path / "people.csv", ("p1", "Ann", "long"), columns="id,name,hair_style")
    (made,) = batch(avatar, file)
    with open_library(home.root) as library, ProcessLock(home.runners) as other:
        edited = begin(
            library, other.id, prompt="nobody", persona_id="p1", recipe_hash="b", avatar_id=made[2], version=2
        )
        assert batch(avatar, file) == [["2", "exists", *made[2:]]]
        finish(library, *edited)
    assert avatar("path", made[2]).out.strip() == made[3]
    assert batch(avatar, file) == [["2", "exists", *made[2:]]]


def test_what_its_user_edited_stays_until_the_row_changes(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("p1", "Ann", "long"), columns="id,name,hair_style")
    (made,) = batch(avatar, file)
    avatar("edit", made[2], "--name", "Anna", "--hair-style", "short", "--background", "Sails.")
    assert batch(avatar, file) == [["2", "exists", *made[2:]]]
    edited = avatar("show", made[2], "--json").json
    assert (edited["name"], edited["attributes"]["hair_style"], edited["version"]) == ("Anna", "short", 1)
    assert edited["persona"]["background"] == "Sails."
    write(file, ("p1", "Ann", "curly"), columns="id,name,hair_style")
    batch(avatar, file)
    anew = avatar("show", made[2], "--json").json
    assert (anew["name"], anew["attributes"]["hair_style"], anew["version"]) == ("Ann", "curly", 2)
    back = avatar("revert", made[2], "--to", 1, "--json").json
    assert (back["name"], back["attributes"]["hair_style"]) == ("Anna", "short")


def test_a_new_background_changes_the_record_alone(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ann", "Born here."), columns="name,background")
    ((_, _, id_, *rest),) = batch(avatar, file)
    write(file, ("Ann", "Born there."), columns="name,background")
    assert batch(avatar, file) == [["2", "exists", id_, *rest]]
    assert avatar("show", id_, "--json").json["persona"]["background"] == "Born there."


def test_what_was_deleted_is_made_anew(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    (first, second) = batch(avatar, file)
    avatar("delete", first[2], "--yes")
    again = batch(avatar, file)
    assert sorted(line[:2] for line in again) == [["2", "made"], ["3", "exists"]]
    assert next(line for line in again if line[0] == "3")[2:] == second[2:]


# -- what is wrong


def test_bad_rows_are_named_before_anything_is_made(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ann", 30), ("Bob", "forty"), ("Cy", 900), columns="name,age")
    run = avatar("batch", file, *SMALL, code=2)
    assert "Row 3, age 'forty'" in run.err
    assert "Row 4, age '900'" in run.err
    assert "2 rows are bad, and nothing was made." in run.err
    assert run.out == ""
    lines = batch(avatar, file, "--skip-bad")
    assert sorted(line[:2] for line in lines) == [["2", "made"], ["3", "bad"], ["4", "bad"]]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--map", "name"], "map is 'name', which has no = with what is meant behind it."),
        (["--set", "gender=male", "--set", "gender=female"], "set says 'gender' twice."),
        (["--width", "9"], "width is '9'"),
        (["--seed", "0"], "seed is '0'"),
        (["--manifest", "list.txt"], "which says no format"),
        (["--manifest", "nowhere/list.csv"], "there is no folder"),
        (["--as-of", "tomorrow"], "as of is 'tomorrow', which is no day."),
        (["--priority", "3"], "priority is for what the worker makes."),
    ],
)
def test_what_is_wrong_for_all_is_said_once(avatar: Avatar, tmp_path: Path, argv: list[str], said: str) -> None:
    file = write(tmp_path / "people.csv", *people(3))
    assert said in avatar.refused("batch", file, *argv)


def test_a_file_that_is_none(avatar: Avatar, tmp_path: Path) -> None:
    assert "nowhere.csv" in avatar.refused("batch", tmp_path / "nowhere.csv")
    assert "folder" in avatar.refused("batch", tmp_path)


# -- from stdin


def test_a_table_is_read_from_stdin(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    run = shell(f"avatar batch - --width 64 --height 64 < '{file}'")
    assert run.code == 0, run
    assert [line[1] for line in run.lines] == ["made", "made"]
    assert [line[1] for line in batch(avatar, file)] == ["exists", "exists"]


def test_a_row_may_say_how_its_prompt_is_worded(avatar: Avatar, tmp_path: Path) -> None:
    columns = "name,quality_terms,name_in_prompt,prompt_style,negative_prompt"
    rows = [("Ana", "no", "no", "", "hats"), ("Bo", "", "", "", ""), ("Cy", "", "", "natural", "")]
    batch(avatar, write(tmp_path / "people.csv", *rows, columns=columns))
    said = {each["name"]: (each["full_prompt"], each["negative_prompt"]) for each in avatar("list", "--json").json}
    assert said["Ana"] == ("professional portrait", "hats")
    assert said["Bo"][0].startswith("Bo, professional portrait, professional photo studio portrait")
    assert said["Cy"][0].startswith("A photograph of a person.")


# -- a dry run


def test_a_dry_run_makes_nothing_and_no_home(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    run = avatar("batch", file, "--dry-run")
    assert [line[:4] for line in run.lines] == [
        ["2", "new", "Person 1", "21, female"],
        ["3", "new", "Person 2", "22, male"],
    ]
    assert not home.root.exists()
    refused = avatar("batch", file, "--dry-run", "--project", "elves", code=3)
    assert "There is no project 'elves'." in refused.err, "as it will be when they are made"
    assert not home.root.exists()


def test_a_project_that_does_not_exist_is_a_bad_row(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ana", ""), ("Bo", "elves"), ("Cy", "orcs"), columns="name,project")
    run = avatar("batch", file, *SMALL, code=2)
    assert "Row 3: There is no project 'elves'." in run.err
    assert "Row 4: There is no project 'orcs'." in run.err
    assert "2 rows are bad, and nothing was made." in run.err
    assert sorted(line[1] for line in batch(avatar, file, "--skip-bad")) == ["bad", "bad", "made"]


def test_what_a_later_row_lacks_is_said_before_anything_is_made(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ana", "offline"), ("Bo", "huggingface"), columns="name,engine")
    run = avatar("batch", file, *SMALL, "--yes", code=4)
    assert "There is no Hugging Face token." in run.err
    assert "left" not in run.err, "it was never begun"


def test_a_dry_run_says_what_would_be_made(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(3))
    made = batch(avatar, file)
    write(file, *people(3), ("Ana", 33, "female"))
    plan = avatar("batch", file, *SMALL, "--dry-run", "--json").json
    assert (plan["rows"], plan["pictures"], plan["to_make"]) == (4, 4, 1)
    assert (plan["states"]["exists"], plan["states"]["new"]) == (3, 1)
    (first,) = plan["first"]
    assert (first["row"], first["state"], first["persona"]["name"]) == (5, "new", "Ana")
    assert len(avatar("list").lines) == len(made)
    lines = avatar("batch", file, *SMALL, "--dry-run").lines
    assert [(line[1], line[5]) for line in lines] == [*(("exists", line[2]) for line in made), ("new", "")]
    assert avatar("batch", file, *SMALL, "--dry-run", "--quiet").out.split() == [line[2] for line in made]
    write(file, ("Ann", "x", "male"))
    assert avatar("batch", file, "--dry-run", "--json", code=2).json["bad_rows"] == 1


# -- the manifest


@pytest.mark.parametrize("name", ["cast.csv", "cast.jsonl"])
def test_the_manifest_has_all_rows_in_their_order(avatar: Avatar, tmp_path: Path, name: str) -> None:
    file = write(
        tmp_path / "people.csv", ("Ann", 30, "=1+1"), ("Bob", "x", ""), ("Ann", 30, "=1+1"), columns="name,age,notes"
    )
    to = tmp_path / name
    lines = batch(avatar, file, "--skip-bad", "--manifest", to, "--map", "notes=")
    (made,) = (line for line in lines if line[1] == "made")
    if name.endswith(".csv"):
        found: list[dict[str, Any]] = list(manifest(to))
        nothing, notes = "", "'=1+1"
    else:
        found = [json.loads(line) for line in to.read_text(encoding="utf-8").splitlines()]
        nothing, notes = None, "=1+1"
    assert [str(each["row"]) for each in found] == ["2", "3", "4"]
    assert [each["status"] for each in found] == ["completed", "bad", "completed"]
    assert found[0]["notes"] == notes
    assert (found[0]["avatar_id"], found[0]["path"], str(found[0]["seed"])) == tuple(made[2:5])
    assert found[2]["avatar_id"] == made[2]
    assert found[1]["avatar_id"] == nothing
    assert "age" in found[1]["error"]
    batch(avatar, file, "--skip-bad", "--manifest", to, "--map", "notes=")  # it may stand there


def test_a_manifest_replaces_no_file_that_is_none(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(1))
    other = write(tmp_path / "other.csv", *people(1))
    assert "is no manifest" in avatar.refused("batch", file, "--manifest", other)
    batch(avatar, file, "--manifest", other, "--force")
    assert [each["status"] for each in manifest(other)] == ["completed"]


@pytest.mark.parametrize("link", ["", "symlink_to", "hardlink_to"])
def test_a_manifest_never_replaces_the_persona_file(avatar: Avatar, tmp_path: Path, link: str) -> None:
    to = file = write(tmp_path / "people.csv", *people(1))
    if link:
        to = tmp_path / "other.csv"
        getattr(to, link)(file)
    before = file.read_bytes()
    assert "which is the persona file itself" in avatar.refused("batch", file, "--manifest", to, "--force")
    batch(avatar, file, "--manifest", tmp_path / "made.csv")
    made = tmp_path / "made.csv"
    assert "which is the persona file itself" in avatar.refused("batch", made, "--manifest", made), "a manifest, too"
    assert file.read_bytes() == before


ODD = """id,name,age,count,seed,notes,=odd,traits
7,Ann,30,2,,=1+1,x,kind; shy
8,'=Bob,31,,,'=2,'y,
9,Cy,x,,,,,
,Dee,40,,77,-5,'-5,"a, b"
,Dee,40,,77,-5,'-5,"a, b"
,Eve,41,,,'',,
"""


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl"])
def test_a_manifest_fed_back_means_the_same_people(avatar: Avatar, tmp_path: Path, name: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(ODD, encoding="utf-8")
    say = ("--skip-bad", "--map", "notes=", "--map", "traits=personality")
    first, second, third = (tmp_path / folder / name for folder in "abc")
    for to in (first, second, third):
        to.parent.mkdir()
    batch(avatar, file, *say, "--seed", 5, "--manifest", first)
    for source, to in ((first, second), (second, third)):  # the seeds are those that were used
        lines = batch(avatar, source, *say, "--manifest", to)
        assert sorted({line[1] for line in lines}) == ["bad", "duplicate", "exists"]

    def rows(path: Path) -> list[dict[str, Any]]:
        if path.suffix == ".csv":
            return list(manifest(path))
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def parts(path: Path, names: Sequence[str]) -> list[list[Any]]:
        return [[each[part] for part in names] for each in rows(path)]

    assert len(rows(first)) == 7
    columns = list(rows(first)[0])
    assert list(rows(second)[0]) == columns
    columns.remove("row")  # where it stands now
    assert parts(second, columns) == parts(first, columns)
    assert third.read_bytes() == second.read_bytes(), "nothing changes any more"


def test_an_edited_manifest_makes_what_was_edited(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ann", 30), ("Bob", 31), columns="name,age")
    made = tmp_path / "made.csv"
    batch(avatar, file, "--manifest", made)
    seeds = [each["seed"] for each in manifest(made)]
    made.write_text(made.read_text(encoding="utf-8").replace("Bob,31", "Bob,61"), encoding="utf-8")
    lines = batch(avatar, made)
    assert sorted((line[1], line[4]) for line in lines) == [("exists", seeds[0]), ("made", seeds[1])]


# -- what failed, and what is left


def fail(home: Home, code: str, *, ends_run: bool = False) -> None:
    """Have all generations have failed, and their avatars gone."""
    connection = connect(home.database, home.backups)
    connection.execute("DELETE FROM avatars")
    connection.execute(
        "UPDATE generations SET status = 'failed', error_code = ?, error_message = 'No.', error_ends_run = ?",
        (code, ends_run),
    )
    connection.close()


@pytest.mark.parametrize(("code", "ends_run"), [("interrupted", False), ("engine_refused", True)])
def test_an_again_that_was_interrupted_goes_on_and_the_next_begins_anew(
    avatar: Avatar, home: Home, tmp_path: Path, code: str, ends_run: bool
) -> None:
    file = write(tmp_path / "people.csv", *people(5))
    batch(avatar, file)
    batch(avatar, file, "--again")
    newest = "SELECT id FROM generations WHERE again ORDER BY id DESC LIMIT 2"
    run_sql(
        home,
        f"UPDATE generations SET status = 'failed', error_code = ?, error_ends_run = ? WHERE id IN ({newest})",
        *(code, ends_run),
    )
    run_sql(home, "DELETE FROM generations WHERE id = (SELECT max(id) FROM generations)")  # it was not begun
    on = avatar("batch", file, *SMALL, "--again")
    assert sorted(line[1] for line in on.lines) == ["exists"] * 3 + ["made"] * 2
    assert "To make: 2 of 5 pictures (1 made again, 1 begun before, 3 made before)." in on.err
    assert "An earlier --again did not come to its end: this goes on with it" in on.err
    next_ = avatar("batch", file, *SMALL, "--again")
    assert [line[1] for line in next_.lines] == ["made"] * 5
    assert "An earlier" not in next_.err


def test_what_failed_is_listed_until_it_is_to_be_tried_again(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    batch(avatar, file)
    fail(home, "engine_refused")
    run = avatar("batch", file, *SMALL, code=5)
    assert [(line[1], line[5]) for line in run.lines] == [("failed", "No."), ("failed", "No.")]
    assert "2 of 2 pictures failed." in run.err
    assert "--retry-failed" in run.err
    assert [line[1] for line in batch(avatar, file, "--retry-failed")] == ["made", "made"]


@pytest.mark.parametrize(("code", "ends_run"), [("engine", True), ("interrupted", False), ("cancelled", False)])
def test_what_was_interrupted_is_taken_up_again(
    avatar: Avatar, home: Home, tmp_path: Path, code: str, ends_run: bool
) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    first = batch(avatar, file)
    fail(home, code, ends_run=ends_run)
    second = batch(avatar, file)
    assert [line[1:3] for line in second] == [["made", line[2]] for line in first], "the same avatars"


# -- orders for the worker


def orders(home: Home) -> list[tuple[object, ...]]:
    return run_sql(home, "SELECT status, priority, not_before > updated_at, on_done FROM generations")


def test_what_was_ordered_stays_so_unless_something_else_is(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(1))
    later = ("--detach", "--at", "+300d")
    (first,) = batch(avatar, file, *later, "--priority", 5, "--on-done", "true")
    assert orders(home) == [("pending", 5, 1, '["true"]')]
    avatar("cancel", "--all", "--yes")
    assert batch(avatar, file, "--detach") == [first]
    assert orders(home) == [("pending", 5, 1, '["true"]')]
    assert batch(avatar, file, "--detach", "--priority", 7, "--on-done", "false") == [first]
    assert orders(home) == [("pending", 7, 1, '["false"]')]
    avatar("cancel", "--all", "--yes")
    batch(avatar, file, "--detach", "--priority", 0, "--at", "+301d")
    assert orders(home) == [("pending", 0, 1, '["false"]')]


# -- what others are to make


def test_what_no_worker_can_be_started_for_is_made_here(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "people.csv", *people(3))
    monkeypatch.setattr("sys.executable", str(tmp_path / "nothing"))
    queued = avatar("batch", file, *SMALL, "--detach", "--quiet", code=6).out.split()
    assert len(queued) == 3
    assert [line[1] for line in batch(avatar, file)] == ["made"] * 3
    assert [each["id"] for each in avatar("status", "--json", "--all").json] == sorted(queued, reverse=True)


def test_it_says_what_it_waits_for_and_makes_it_once_that_is_cancelled(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    queued = batch(avatar, file, "--detach", "--at", "+300d")
    argv = [sys.executable, "-m", "avatar_creator", "batch", str(file), *map(str, SMALL)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr is not None
        assert waiting.stdout is not None
        said = next(line for line in waiting.stderr if "awaited" in line)
        assert said.startswith("2 pictures are awaited that the worker is to make: waiting for its time, until 20")
        words = said.partition("in another shell: avatar ")[2].split()
        assert words[:2] == ["cancel", "--batch"]
        avatar(*words, "--yes")
        made = [line.split("\t") for line in waiting.stdout]
    assert waiting.returncode == 0
    assert [line[1] for line in made] == ["made"] * 2
    assert len(queued) == len(avatar("status", "--json", "--all").json) == 2


# -- quiet, and without anything to do


def test_quiet_prints_ids(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    run = avatar("batch", file, *SMALL, "--quiet")
    assert run.err == ""
    assert run.out.split() == [line[0] for line in reversed(avatar("list").lines)]


def test_what_is_queued_quietly_can_be_waited_for(avatar: Avatar, tmp_path: Path) -> None:
    (made,) = batch(avatar, write(tmp_path / "people.csv", *people(1)))
    file = write(tmp_path / "people.csv", *people(3))
    queued = avatar("batch", file, *SMALL, "--detach", "--quiet").out.split()
    assert len(queued) == 2
    waited = avatar("wait", *queued).out.split()
    again = batch(avatar, file)
    assert [line[3] for line in again] == [made[3], *waited]


def test_json_is_one_document(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", *people(2))
    made = avatar("batch", file, *SMALL, "--json").json
    assert [(each["result"], each["status"]) for each in made] == [("made", "completed")] * 2
    assert [Path(each["path"]).is_file() for each in made] == [True, True]


# -- what is asked for and not shown


def test_what_is_not_drawn_is_said_with_its_rows(avatar: Avatar, tmp_path: Path) -> None:
    rows = [(f"Person {n}", "wooden leg" if n % 2 else "glasses") for n in range(30)]
    file = write(tmp_path / "people.csv", *rows, ("Bart", "tuba"), columns="name,prompt")
    planned = avatar("batch", file, *SMALL, "--dry-run", "--json")
    wooden = "The offline engine does not draw 'wooden', 'leg' of the prompt."
    assert planned.json["warnings"][:2] == [{"row": 3, "warnings": [wooden]}, {"row": 5, "warnings": [wooden]}]
    assert f"Warning: Rows 3, 5, 7, 9, 11 and 10 more: {wooden}" in planned.err
    assert "Warning: Row 32: The offline engine does not draw 'tuba' of the prompt." in planned.err
    assert "of the others" not in planned.err
    made = avatar("batch", file, *SMALL, "--json")
    assert [each["warnings"] for each in made.json if each["row"] in {2, 3}] == [[], [wooden]]
    assert made.err.count(wooden) == 1, "before, and not once more afterwards"
    assert f"Warning: Rows 3, 5, 7, 9, 11 and 10 more: {wooden}" in made.err
    assert made.err.count("Warning: Row 32: The offline engine does not draw 'tuba' of the prompt.") == 1
    assert "Warning" not in avatar("batch", file, *SMALL).err


def test_of_many_pictures_it_is_said_which_were_checked(avatar: Avatar, tmp_path: Path) -> None:
    rows = [(f"Person {n}", "tuba") for n in range(1001)]
    planned = avatar("batch", write(tmp_path / "people.csv", *rows, columns="name,prompt"), *SMALL, "--dry-run")
    assert "Warning: Rows 2, 3, 4, 5, 6 and 995 more: The offline engine does not draw 'tuba'" in planned.err
    checked = "These are of the first 1,000 of 1,001 pictures; of the others it is said once they are made."
    assert f"Warning: {checked}" in planned.err


def test_a_row_that_contradicts_itself_is_said(avatar: Avatar, tmp_path: Path) -> None:
    file = write(tmp_path / "people.csv", ("Ann", 30, "elderly"), columns="name,age,age_range")
    assert "Warning: Row 2: persona age 30 contradicts age range 'elderly'" in avatar("batch", file, *SMALL).err
