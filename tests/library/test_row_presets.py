"""Pictures that are asked for by the name of a preset."""

import json
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.cli.options import completion
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import Preset
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from cli.commandline import SMALL, Avatar, files_below, plain, terminal
from sql import run_sql

CAPTAIN = Preset(
    name="sea-captain",
    title="Captain of a ship",
    persona=Persona("Elena Petrova", 41, ("calm",), "At sea for twenty years."),
    attributes=Attributes("female", "adult", "white", hair_style="bob", hair_color="blonde", style="uniform"),
    prompt="smile",
    choices={"art_style": "micah", "negative_prompt": "boats"},
)
BALD = Preset(name="monk", title="A monk", attributes=Attributes("male", hair_style="bald"))
# All that the captain says, as flags.
FLAGS = (
    *("--persona-name", "Elena Petrova", "--age", 41, "--personality", "calm"),
    *("--background", "At sea for twenty years.", "--gender", "female", "--age-range", "adult"),
    *("--ethnicity", "white", "--hair-style", "bob", "--hair-color", "blonde", "--style", "uniform"),
    *("--prompt", "smile", "--negative-prompt", "boats", "--art-style", "micah"),
)
COLUMNS = "name,age,personality,gender,age_range,ethnicity,hair_style,hair_color,style,prompt,negative_prompt,art_style"
CELLS = "Elena Petrova,41,calm,female,adult,white,bob,blonde,uniform,smile,boats,micah"
OFFLINE = (*SMALL, "--engine", "offline")


@pytest.fixture
def avatar(home: Home, capfd: pytest.CaptureFixture[str]) -> Avatar:
    """`avatar` at the test's home, in which there are two presets."""
    with open_library(home.root) as library:
        library.presets.create(CAPTAIN)
        library.presets.create(BALD)
    return Avatar(capfd)


def made(avatar: Avatar, *argv: object) -> Any:
    return avatar("generate", *OFFLINE, "--json", *argv).json


def batch(avatar: Avatar, path: Path, text: str, *argv: object, code: int = 0) -> list[list[str]]:
    path.write_text(text, encoding="utf-8")
    return avatar("batch", path, *OFFLINE, *argv, code=code).lines


def uses(home: Home) -> dict[str, int]:
    return dict(run_sql(home, "SELECT name, uses FROM preset_uses"))


def avatars(avatar: Avatar) -> list[Any]:
    found: list[Any] = avatar("list", "--json").json
    return found[::-1]


# -- generate


def test_an_avatar_of_a_preset_is_what_it_says(avatar: Avatar, home: Home) -> None:
    one = made(avatar, "--preset", "sea-captain", "--seed", 3)
    found = one["avatar"]
    assert (one["preset"], found["preset"], found["source_type"]) == ("sea-captain", "sea-captain", "from_preset")
    assert found["persona"] == CAPTAIN.persona.as_json()
    assert found["attributes"] == CAPTAIN.attributes.as_json()
    assert (found["name"], found["prompt"], found["negative_prompt"]) == ("Elena Petrova", "smile", "boats")
    assert found["recipe"]["options"]["art_style"] == "micah"
    by_flags = made(avatar, *FLAGS, "--seed", 3)["avatar"]
    assert (by_flags["preset"], by_flags["source_type"]) == (None, "text_to_image")
    assert found["recipe"] == by_flags["recipe"]
    assert uses(home) == {"sea-captain": 1}


def test_flags_replace_what_they_name_alone(avatar: Avatar) -> None:
    one = made(avatar, "--preset", "sea-captain", "--age", 67, "--style", "casual", "--art-style", "lorelei")["avatar"]
    assert one["persona"] == CAPTAIN.persona.as_json() | {"age": 67}
    assert one["attributes"] == CAPTAIN.attributes.as_json() | {"age_range": None, "style": "casual"}
    assert one["recipe"]["options"]["art_style"] == "lorelei"


def test_an_empty_flag_leaves_out_what_the_preset_says(avatar: Avatar) -> None:
    empty = ("--style", "", "--personality", "none", "--background", "", "--age", "", "--prompt", "")
    run = avatar("generate", *OFFLINE, "--json", "--preset", "sea-captain", *empty, "--negative-prompt", "")
    one = run.json["avatar"]
    assert one["persona"] == CAPTAIN.persona.as_json() | {"age": None, "personality": [], "background": None}
    assert one["attributes"] == CAPTAIN.attributes.as_json() | {"style": None}
    assert one["prompt"] is None
    assert one["negative_prompt"].startswith("ugly")
    assert "not given" not in run.err


@pytest.mark.parametrize(
    "crossed", [("--preset", "sea-captain", "--each", "eye-color=green"), ("--each", "preset=monk,sea-captain")]
)
def test_an_empty_prompt_leaves_out_that_of_a_preset_where_values_are_crossed(
    avatar: Avatar, crossed: tuple[str, ...]
) -> None:
    avatar("generate", *OFFLINE, *crossed, "--prompt", "", "--negative-prompt", " ")
    for one in avatar("list", "--json").json:
        assert one["prompt"] is None
        assert one["negative_prompt"].startswith("ugly")


@pytest.mark.parametrize("crossed", [(), ("--each", "eye-color=green")])
def test_an_empty_negative_prompt_is_the_usual_one(avatar: Avatar, crossed: tuple[str, ...]) -> None:
    avatar("generate", *OFFLINE, "--gender", "female", "--negative-prompt", "", *crossed)
    (one,) = avatar("list", "--json").json
    assert one["negative_prompt"].startswith("ugly")


def test_an_empty_prompt_is_refused_where_no_preset_has_one(avatar: Avatar) -> None:
    assert "prompt is empty" in avatar.refused("generate", *OFFLINE, "--prompt", "", "--each", "eye-color=green")


def test_an_avatar_is_called_by_flag_by_its_persona_or_by_the_preset(avatar: Avatar) -> None:
    names = [
        made(avatar, "--preset", "sea-captain", *more)["avatar"]["name"]
        for more in ((), ("--name", "Cover"), ("--persona-name", "Ada"), ("--persona-name", ""), ("--gender", "male"))
    ]
    assert names == ["Elena Petrova", "Cover", "Ada", "Captain of a ship", "Captain of a ship"]


def test_each_picture_is_a_use_and_a_dry_run_is_none(avatar: Avatar, home: Home) -> None:
    plan = avatar("generate", *OFFLINE, "--preset", "sea-captain", "--dry-run", "--json").json
    assert (plan["preset"], plan["persona"]["name"]) == ("sea-captain", "Elena Petrova")
    assert uses(home) == {}
    made(avatar, "--preset", "Sea Captain", "--count", 3)
    assert uses(home) == {"sea-captain": 3}
    assert {each["preset"] for each in avatars(avatar)} == {"sea-captain"}


@pytest.mark.parametrize("command", [("generate",), ("batch", "people.csv")])
def test_an_unknown_preset_is_refused_with_the_nearest(
    avatar: Avatar, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("name\nAnn\n", encoding="utf-8")
    assert "sea-captain" in avatar.refused(*command, *OFFLINE, "--preset", "sea-capitan", code=3)
    assert run_sql(home, "SELECT * FROM generations") == []


def test_options_of_other_engines_are_left_to_these(avatar: Avatar) -> None:
    plan = avatar("generate", "--preset", "sea-captain", "--engine", "huggingface", "--dry-run", "--json").json
    assert "art_style" not in plan["options"]
    assert plan["negative_prompt"] == "boats"


def test_a_preset_does_not_choose_the_engine(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "a" * 34)
    plan = avatar("generate", "--preset", "sea-captain", "--dry-run", "--json").json
    assert plan["engine"] == "huggingface"


def test_a_preset_goes_before_settings(avatar: Avatar) -> None:
    avatar("config", "set", "art_style", "lorelei")
    assert made(avatar, "--preset", "sea-captain")["model"] == "dicebear/micah"
    assert made(avatar, "--preset", "monk")["model"] == "dicebear/lorelei"


def test_the_worker_and_a_retry_keep_the_preset(avatar: Avatar, home: Home) -> None:
    (id_,) = avatar("generate", *OFFLINE, "--preset", "monk", "--detach", "--at", "+1h", "--quiet").out.split()
    assert avatar("status", id_, "--json").json["preset"] == "monk"
    avatar("cancel", id_)
    avatar("retry", id_, "--quiet")
    (ended,) = avatar("wait", id_, "--json").json
    assert ended["avatar"]["preset"] == "monk"
    assert ended["avatar"]["source_type"] == "from_preset"
    assert uses(home) == {"monk": 1}


def test_a_preset_that_is_deleted_takes_nothing_with_it(avatar: Avatar) -> None:
    one = made(avatar, "--preset", "sea-captain")["avatar"]
    (id_,) = avatar("generate", *OFFLINE, "--preset", "sea-captain", "--detach", "--at", "+1h", "--quiet").out.split()
    avatar("preset", "delete", "sea-captain", "--yes")
    avatar("cancel", id_)
    avatar("retry", id_, "--quiet")
    (ended,) = avatar("wait", id_, "--json").json
    assert (ended["avatar"]["preset"], ended["avatar"]["persona"]) == ("sea-captain", one["persona"])
    assert avatar("show", one["id"], "--json").json["preset"] == "sea-captain"
    assert len(avatar("list", "--source", "from_preset").lines) == 2
    avatar.refused("generate", *OFFLINE, "--preset", "sea-captain", code=3)


def test_the_card_and_a_pattern_name_the_preset(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    id_ = made(avatar, "--preset", "monk", "--output", "{preset}-{gender}.jpg")["avatar"]["id"]
    assert files_below(tmp_path / "out") == ["monk-male.jpg"]
    made(avatar, "--gender", "male", "--output", "{preset}.jpg")
    assert Path("unknown.jpg").exists()
    assert "monk" in next(
        line for line in plain(terminal("show", id_).out).splitlines() if line.strip().startswith("preset")
    )


def test_persona_examples_are_used_as_presets_are(avatar: Avatar, home: Home) -> None:
    (founder,) = (each for each in avatar("preset", "list", "--examples", "--json").json if each["name"] == "founder")
    found = made(avatar, "--preset", "Founder", "--hair-style", "bob")["avatar"]
    assert (found["preset"], found["persona"]) == ("founder", founder["persona"])
    assert found["attributes"] == founder["attributes"] | {"hair_style": "bob"}
    assert uses(home) == {"founder": 1}
    (first, *_) = avatar("preset", "list", "--examples", "--json").json
    assert (first["name"], first["uses"]) == ("founder", 1)


def test_each_preset_has_a_name_of_its_own_and_can_be_used(library: Library) -> None:
    names = library.presets.names()
    listed = [each.preset.name for examples in (False, True) for each in library.presets.find(examples=examples)]
    assert sorted(names) == sorted(set(listed))
    assert len(names) == len(set(names))
    for name in names:
        plan = library.plan(library.request(preset=name, engine="offline", seed=1))
        assert (name, plan.warnings) == (name, ())


def test_the_shell_is_offered_the_names_of_presets(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert avatar("preset", "list").out  # its own presets are there
    assert "sea-captain" in completion.presets("sea")
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path / "fresh"))
    assert completion.presets("sea") == []
    assert "nurse" in completion.presets("nur")
    assert not (tmp_path / "fresh").exists()


# -- batch


def test_each_row_may_name_its_own(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    text = "name,age,preset\nAnn,,sea-captain\nBob,70,Monk\nCy,30,\n"
    batch(avatar, tmp_path / "a.csv", text)
    ann, bob, cy = avatars(avatar)
    assert ann["persona"] == CAPTAIN.persona.as_json() | {"name": "Ann"}
    assert (bob["preset"], bob["persona"]["age"], bob["attributes"]["hair_style"]) == ("monk", 70, "bald")
    assert (cy["preset"], cy["source_type"], cy["attributes"]["gender"]) == (None, "text_to_image", None)
    assert uses(home) == {"sea-captain": 1, "monk": 1}
    assert {line[1] for line in batch(avatar, tmp_path / "a.csv", text)} == {"exists"}
    assert uses(home) == {"sea-captain": 1, "monk": 1}


def test_a_row_of_an_unknown_preset_is_bad_and_names_the_nearest(avatar: Avatar, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,preset\nAnn,sea-capitan\nBob,monk\n", encoding="utf-8")
    plan = avatar("batch", tmp_path / "a.csv", *OFFLINE, "--dry-run", "--json", code=2).json
    (problem,) = plan["bad"][0]["problems"]
    assert (plan["bad_rows"], problem["column"], problem["value"]) == (1, "preset", "sea-capitan")
    assert "sea-captain" in problem["message"]
    batch(avatar, tmp_path / "a.csv", "name,preset\nAnn,sea-capitan\nBob,monk\n", "--skip-bad")
    assert [each["name"] for each in avatars(avatar)] == ["Bob"]


def test_the_option_is_for_all_rows_and_goes_before_cells(avatar: Avatar, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", "id,gender,preset\n1,,monk\n2,male,\n3,female,\n", "--preset", "sea-captain")
    one, two, three = avatars(avatar)
    assert {each["preset"] for each in (one, two, three)} == {"sea-captain"}
    assert (one["name"], two["name"], three["name"]) == ("Elena Petrova", "Captain of a ship", "Elena Petrova")
    assert [each["attributes"]["style"] for each in (one, two, three)] == ["uniform"] * 3


def test_what_is_set_to_nothing_for_all_rows_is_not_taken_from_the_preset(avatar: Avatar, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", "name\nAnn\n", "--preset", "sea-captain", "--set", "style=", "--prompt", "")
    (ann,) = avatars(avatar)
    assert ann["attributes"] == CAPTAIN.attributes.as_json() | {"style": None}
    assert ann["prompt"] is None


def test_rows_by_preset_and_by_cells_ask_for_the_same_picture(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", f"preset,{COLUMNS}\nsea-captain\n")
    (line,) = batch(avatar, tmp_path / "b.csv", f"{COLUMNS}\n{CELLS}\n")
    assert line[1] == "exists"
    assert uses(home) == {"sea-captain": 1}
    (one,) = batch(avatar, tmp_path / "a.csv", f"preset,{COLUMNS}\nsea-captain\n,{CELLS}\n", "--dry-run")[:1]
    assert "exists" in one


def test_a_preset_that_is_edited_changes_the_next_run(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    text = "id,preset\n1,sea-captain\n2,monk\n"
    batch(avatar, tmp_path / "a.csv", text)
    with open_library(home.root) as library:
        library.presets.edit("sea-captain", lambda _: Preset(name="sea-captain", attributes=Attributes("female")))
    assert {line[0]: line[1] for line in batch(avatar, tmp_path / "a.csv", text)} == {"2": "made", "3": "exists"}
    captain = next(each for each in avatars(avatar) if each["persona_id"] == "1")
    assert (captain["version"], captain["persona"]["name"], captain["preset"]) == (2, None, "sea-captain")
    versions = avatar("show", captain["id"], "--json").json["versions"]
    assert versions[1]["changed"]["style"] is None
    avatar("revert", captain["id"], "--to", 1)
    assert avatars(avatar)[0]["persona"]["name"] == "Elena Petrova"


def test_another_preset_makes_another_version_that_knows_it(avatar: Avatar, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", "id,name,preset\n1,Ann,sea-captain\n")
    batch(avatar, tmp_path / "a.csv", "id,name,gender\n1,Ann,female\n")
    (ann,) = avatars(avatar)
    assert (ann["version"], ann["preset"], ann["source_type"]) == (2, None, "text_to_image")
    avatar("revert", ann["id"], "--to", 1)
    (ann,) = avatars(avatar)
    assert (ann["preset"], ann["source_type"]) == ("sea-captain", "from_preset")


def test_avatars_that_are_fed_back_say_all_and_keep_the_name_of_the_preset(
    avatar: Avatar, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(avatar, "--preset", "sea-captain", "--style", "", "--seed", 5)
    before = avatar("list", "--json").out
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path / "elsewhere"))  # where nobody knows the preset
    batch(avatar, tmp_path / "cast.json", before)
    (again,) = avatars(avatar)
    (first,) = json.loads(before)
    same = ("persona", "attributes", "preset", "source_type", "seed", "sha256")
    assert {name: again[name] for name in same} == {name: first[name] for name in same}
    assert home.database.exists()


def test_a_manifest_that_is_fed_back_names_the_presets(avatar: Avatar, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", "name,preset\nAnn,monk\n", "--manifest", tmp_path / "m.csv")
    lines = avatar("batch", tmp_path / "m.csv", *OFFLINE).lines
    assert [line[1] for line in lines] == ["exists"]


def test_a_detached_batch_keeps_the_presets(avatar: Avatar, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", "name,preset\nAnn,monk\nBob,sea-captain\n", "--detach", "--at", "+1h")
    assert {(each["name"], each["preset"]) for each in avatar("status", "--all", "--json").json} == {
        ("Ann", "monk"),
        ("Bob", "sea-captain"),
    }


def test_a_batch_names_copies_by_their_presets(avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    batch(avatar, tmp_path / "a.csv", "name,preset\nAnn,monk\nBob,\n", "--output", "{preset}-{name}.jpg")
    assert files_below(tmp_path / "out") == ["monk-Ann.jpg", "unknown-Bob.jpg"]


def test_presets_are_crossed_and_what_is_crossed_goes_before_them(avatar: Avatar, tmp_path: Path) -> None:
    batch(avatar, tmp_path / "a.csv", "id,name\n1,Ann\n", "--each", "preset=monk,sea-captain")
    monk, captain = avatars(avatar)
    assert (monk["preset"], monk["attributes"]["hair_style"]) == ("monk", "bald")
    assert (captain["preset"], captain["persona"]["age"]) == ("sea-captain", 41)
    assert monk["seed"] == captain["seed"]
    ids = made_crossed(avatar, "--preset", "sea-captain", "--each", "gender=female,male", "--style", "")
    female, male = (avatar("show", id_, "--json").json for id_ in ids)
    assert (female["name"], male["name"]) == ("Elena Petrova", "Captain of a ship")
    assert (female["attributes"]["style"], male["attributes"]["style"]) == (None, None)
    refused = avatar.refused("batch", tmp_path / "a.csv", "--preset", "monk", "--each", "preset=monk,sea-captain")
    assert "preset" in refused


def made_crossed(avatar: Avatar, *argv: object) -> list[str]:
    return [line[2] for line in sorted(avatar("generate", *OFFLINE, *argv).lines, key=lambda line: int(line[0]))]


# -- cast


def test_a_preset_dresses_a_cast_whose_people_are_their_own(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    with open_library(home.root) as library:
        library.presets.create(
            Preset(
                name="old-potter",
                persona=Persona("Rogelio Fuentes", 61, ("quiet",), "Lives with his cat."),
                attributes=Attributes("male", ethnicity="hispanic", hair_style="balding", style="apron"),
                prompt="full beard, warm smile",
                choices={"negative_prompt": "cars"},
            )
        )
    avatar("cast", 9, "--preset", "old-potter", *OFFLINE)
    people = avatars(avatar)
    assert {(each["preset"], each["attributes"]["style"], each["negative_prompt"]) for each in people} == {
        ("old-potter", "apron", "cars")
    }
    assert len({each["attributes"]["gender"] for each in people}) == 3
    assert len({each["persona"]["background"] for each in people}) > 1
    assert "balding" not in {each["attributes"]["hair_style"] for each in people}
    assert all(each["prompt"].startswith("warm smile, ") for each in people)
    assert uses(home) == {"old-potter": 9}
    plan = tmp_path / "plan.csv"
    avatar("cast", 9, "--preset", "old-potter", *OFFLINE, "--plan", plan)
    assert {line[1] for line in avatar("batch", plan).lines} == {"exists"}


def test_what_is_said_of_a_cast_goes_before_its_preset(avatar: Avatar) -> None:
    said = ("--style", "formal", "--prompt", "hat")
    avatar("cast", 3, "--preset", "sea-captain", *said, *OFFLINE)
    avatar("cast", 3, "--preset", "sea-captain", "--seed", 2, "--balance", "style", *OFFLINE)
    people = avatars(avatar)
    assert {each["attributes"]["style"] for each in people[:3]} == {"formal"}
    assert all(each["prompt"].startswith("hat") for each in people[:3])
    assert len({each["attributes"]["style"] for each in people[3:]}) == 3


# -- Python


def test_python_names_presets_too(avatar: Avatar, home: Home) -> None:  # noqa: ARG001 - it makes the presets
    with open_library(home.root) as library:
        one = library.generate(
            preset="sea-captain", attributes=Attributes(hair_color="red"), cleared=["style"], width_px=64, height_px=64
        )
        assert (one.preset, one.attributes.hair_color, one.attributes.style) == ("sea-captain", "red", None)
        with pytest.raises(NotFound):
            library.generate(preset="nobody-at-all")
        with pytest.raises(InvalidInput, match="styl"):
            library.generate(preset="monk", cleared=["styl"])
        with pytest.raises(InvalidInput):
            library.generate(preset=3)  # type: ignore[arg-type]


def test_a_preset_that_is_edited_while_a_batch_runs_fills_in_as_it_was(
    avatar: Avatar,  # noqa: ARG001 - it makes the presets
    library: Library,
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text("name,preset\nAnn,monk\nBob,monk\n", encoding="utf-8")
    batch = library.batches.open(tmp_path / "a.csv", engine="offline", width_px=64, height_px=64)
    library.batches.plan(batch)
    library.presets.edit("monk", lambda _: Preset(name="monk", attributes=Attributes("female")))
    assert len(list(library.batches.make(batch))) == 2
    assert {each.attributes.gender for each in library.find()} == {"male"}
