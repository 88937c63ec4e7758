"""avatar batch plan: rows, recipes and seeds fixed, in shards."""

import json
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.home import Home
from avatar_creator.library import Library
from cli.commandline import SMALL, Avatar


def plan(avatar: Avatar, file: Path, folder: Path, *argv: object, code: int = 0) -> Any:
    run = avatar("batch", "plan", file, "-o", folder, "--engine", "offline", *SMALL, *argv, code=code)
    return run.err if code else json.loads((folder / "plan.json").read_text("utf-8"))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in sorted((folder / "shards").iterdir())
        for line in path.read_text("utf-8").splitlines()
    ]


def people(path: Path, text: str = "id,name,width,count\na,Ann,,\nb,Bob,128,2\nc,Cy,,\n") -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_it_plans_what_a_batch_would_make_and_makes_nothing(
    avatar: Avatar, library: Library, home: Home, tmp_path: Path
) -> None:
    file, folder = people(tmp_path / "people.csv"), tmp_path / "plan"
    found = plan(avatar, file, folder, "--shards", 2)
    assert not home.root.exists()
    assert (found["pictures"], found["rows"], found["engines"], found["cost"]) == (4, 3, {"offline": 4}, None)
    assert (found["source"]["name"], found["projects"]) == ("people.csv", ["default"])
    assert found["settings"]["engine"] == "offline"
    opened = library.batches.open(file, engine="offline", width_px=64, height_px=64)
    wanted = {(each.wanted.row.number, each.wanted.n): each.wanted for each in library.batches.plan(opened).to_make}
    made = {(each["row"], each["n"]): each for each in lines(folder)}
    assert {key: (each["seed"], each["recipe"], each["persona_id"]) for key, each in made.items()} == {
        key: (each.seed, each.recipe, each.persona_id) for key, each in wanted.items()
    }
    assert made[3, 2]["persona_id"] == "b#2"
    assert len({each["avatar_id"] for each in made.values()}) == 4


def test_what_is_here_already_is_left_out(avatar: Avatar, library: Library, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv", "id,name\na,Ann\nb,Bob\n")
    avatar("batch", file, "--engine", "offline", *SMALL)
    people(file, "id,name\na,Ann\nb,Bobby\nc,Cy\n")
    assert plan(avatar, file, tmp_path / "plan", "--shards", 1)["pictures"] == 2
    bobby = next(each for each in library.find() if each.name == "Bob")
    assert [each["avatar_id"] == bobby.id for each in lines(tmp_path / "plan")] == [True, False]


def test_where_a_row_is_bad_there_is_no_plan(avatar: Avatar, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv", "name,age\nAnn,1000\nBob,30\n")
    said = plan(avatar, file, tmp_path / "plan", "--shards", 2, code=2)
    assert "Row 2, age '1000'" in said
    assert "One row is bad, and nothing was made." in said
    assert not (tmp_path / "plan").exists()
    assert plan(avatar, file, tmp_path / "plan", "--shards", 2, "--skip-bad")["pictures"] == 1


def test_engine_and_project_are_fixed_where_it_is_planned(avatar: Avatar, tmp_path: Path) -> None:
    avatar("project", "create", "Villains")
    file = people(tmp_path / "people.csv", "name,project\nAnn,\nBob,villains\n")
    avatar("batch", "plan", file, "-o", tmp_path / "plan", "--shards", 1)  # which engine is best depends on tokens
    found = json.loads((tmp_path / "plan" / "plan.json").read_text("utf-8"))
    assert (found["settings"]["engine"], found["projects"]) == ("offline", ["default", "Villains"])
    assert [each.get("choices") for each in lines(tmp_path / "plan")] == [None, {"project": "Villains"}]


@pytest.mark.parametrize("engines", ["local,offline", "huggingface,local", "huggingface,local,offline"])
def test_all_engines_that_are_named_are_planned_even_if_they_lack_something_here(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engines: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # where nobody answers
    found = plan(avatar, people(tmp_path / "people.csv"), tmp_path / "plan", "--shards", 2, "--engine", engines)
    assert found["settings"]["engine"] == engines


def test_it_prints_what_is_planned(avatar: Avatar, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv")
    run = avatar("batch", "plan", file, "-o", tmp_path / "plan", "--shards", 3, "--engine", "offline", "--json")
    assert (run.json["shards"], run.json["pictures"]) == (3, 4)
    assert "3 shards of at most 2 pictures." in run.err
    assert "To make the first shard: avatar batch run" in run.err


def test_it_says_which_shards_are_idle(avatar: Avatar, tmp_path: Path) -> None:
    file, argv = people(tmp_path / "people.csv"), ("--engine", "offline", *SMALL, "--shards", 6)
    many = avatar("batch", "plan", file, "-o", tmp_path / "plan", *argv).err
    assert "4 shards of 1 picture, and 2 with none." in many
    avatar("batch", file, "--engine", "offline", *SMALL)
    none = avatar("batch", "plan", file, "-o", tmp_path / "again", *argv).err
    assert "again: nothing is to be made." in none
    assert "To make" not in none.partition("again")[2]


def test_a_number_of_shards_that_cannot_be_is_refused(avatar: Avatar, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv")
    assert "shards is '0'" in plan(avatar, file, tmp_path / "plan", "--shards", 0, code=2)
    assert "shards is '10001'" in plan(avatar, file, tmp_path / "plan", "--shards", 10_001, code=2)


def test_a_table_that_is_called_as_a_command_has_a_way_to_be_named(
    avatar: Avatar, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    people(tmp_path / "plan", "name\nAnn\n")
    assert "For the file of that name: avatar batch ./plan" in avatar("batch", "plan", code=2).err
    assert "1 made." in avatar("batch", "./plan", "--engine", "offline", *SMALL).err
