"""avatar cast: people by quota."""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from avatar_creator.home import HOME_VARIABLE, Home
from avatar_creator.library import open_library
from cli.commandline import SMALL, Avatar

BALANCED = ("--balance", "gender,age,ethnicity", "--seed", 7, "--engine", "offline", *SMALL)


@contextmanager
def another_home(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with monkeypatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(path))
        yield Home(path)


def pictures(home: Home) -> Mapping[str, tuple[str | None, int | None, bytes]]:
    """Return the name, the seed and the picture of everybody, by persona id."""
    with open_library(home.root) as library:
        ids = library.app.recipes._connection.execute("SELECT id, persona_id FROM avatars").fetchall()
        shown = {persona_id: library.show(id_) for id_, persona_id in ids}
        return {
            persona_id: (avatar.persona.name, avatar.seed, avatar.image_path.read_bytes())
            for persona_id, avatar in shown.items()
        }


def test_the_same_people_have_the_same_pictures_on_two_homes(
    avatar: Avatar, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = avatar("cast", 48, *BALANCED)
    assert [line[1] for line in made.lines] == ["made"] * 48
    with another_home(tmp_path / "other", monkeypatch) as other:
        avatar("cast", 48, *BALANCED)
        assert pictures(other) == pictures(home)
    with open_library(home.root) as library:
        everybody = [each.attributes for each in library.find()]
    for axis, values in (("gender", 3), ("age_range", 3), ("ethnicity", 8)):
        counts = Counter(getattr(each, axis) for each in everybody)
        assert len(counts) == values
        assert all(abs(count - 48 / values) <= 1 for count in counts.values())


def test_a_plan_is_a_file_of_the_very_same_people(
    avatar: Avatar, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    avatar("cast", 12, *BALANCED, "--each", "hair-color=black,red", "--pick", "art-style=micah,lorelei")
    crossed = ("--each", "hair-color=black,red", "--pick", "art-style=micah,lorelei")
    for suffix in ("csv", "jsonl", "json", "yaml"):
        with another_home(tmp_path / suffix, monkeypatch) as other:
            file = tmp_path / f"plan.{suffix}"
            planned = avatar("cast", 12, *BALANCED, *crossed, "--plan", file)
            assert planned.out == ""
            assert f"12 people are in {file}. To make their pictures: avatar batch {file}" in planned.err
            assert not other.database.exists()
            avatar("batch", file)
            assert pictures(other) == pictures(home)


def test_people_who_are_added_change_no_others(avatar: Avatar, home: Home) -> None:
    avatar("cast", 10, *BALANCED)
    before = pictures(home)
    more = avatar("cast", 12, *BALANCED)
    assert [line[1] for line in more.lines].count("made") == 2
    assert {id_: each for id_, each in pictures(home).items() if id_ in before} == before
    assert [line[1] for line in avatar("cast", 12, *BALANCED).lines] == ["exists"] * 12
    fewer = avatar("cast", 10, *BALANCED)
    assert "there already" not in fewer.err
    assert [line[1] for line in fewer.lines] == ["exists"] * 10
    assert "This cast has 12 people already: the others stay as they are." in fewer.err
    assert len(pictures(home)) == 12


def test_an_axis_that_is_added_changes_no_other_value(avatar: Avatar) -> None:
    def plan(*axes: str) -> list[dict[str, str]]:
        lines = avatar("cast", 24, "--balance", ",".join(axes), "--plan", "-", "--jsonl").out.splitlines()
        return [json.loads(line) for line in lines]

    before, after = plan("gender", "age", "ethnicity"), plan("gender", "age", "ethnicity", "style")
    changed = {name for old, new in zip(before, after, strict=True) for name in old if old[name] != new.get(name)}
    assert changed <= {"style", "background", "prompt"}


def test_casts_of_other_seeds_are_other_people_of_one_project(avatar: Avatar, home: Home) -> None:
    avatar("project", "create", "villains")
    for seed in (1, 2):
        avatar("cast", 3, "--seed", seed, "--project", "villains", *SMALL)
    with open_library(home.root) as library:
        project = library.projects.get("villains")
        casts = library.app.casts.find(project.id)
        assert [(each.seed, each.people) for each in casts] == [(1, 3), (2, 3)]
        assert len(list(library.find())) == 6
    assert len(pictures(home)) == 6
    assert "There is no project 'heroes'." in avatar.refused("cast", 3, "--project", "heroes", code=3)


def test_a_cast_that_was_only_planned_or_refused_is_not_noted(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    avatar("generate", "--gender", "female", *SMALL)
    avatar("cast", 3, "--dry-run")
    avatar("cast", 3, "--plan", tmp_path / "plan.csv")
    with open_library(home.root) as library:
        assert library.app.casts.find(library.projects.get("default").id) == []
    avatar("cast", 3, *SMALL, "--detach", "--at", "+1h", "--each", "age=25,60")
    with open_library(home.root) as library:
        (cast,) = library.app.casts.find(library.projects.get("default").id)
    assert (cast.people, [part["axes"] for part in json.loads(cast.quotas)]) == (3, [["gender"], ["ethnicity"]])


def test_a_dry_run_says_how_many_there_are_of_each(avatar: Avatar, home: Home) -> None:
    plan = avatar("cast", 10, "--gender", "female,male", "--age", "25-35", "--dry-run", "--json").json
    assert (plan["seed"], plan["people"], plan["to_make"]) == (1, 10, 10)
    by_axis = Counter(margin["axis"] for margin in plan["margins"])
    assert by_axis == {"gender": 2, "ethnicity": 8}
    assert {"axis": "gender", "value": "female", "target": 5.0, "people": 5} in plan["margins"]
    assert {found["persona"]["age"] in range(25, 36) for found in plan["first"]} == {True}
    assert not home.database.exists()


def test_values_of_axes_are_for_all_or_balanced(avatar: Avatar) -> None:
    said = avatar("cast", 6, "--gender", "weiblich", "--ethnicity", "mixed", "--dry-run")
    assert "All are: gender female, ethnicity mixed." in said.err
    assert "Balanced: age young, adult, mature." in said.err
    said = avatar("cast", 6, "--balance", "ethnicity", "--gender", "Female,MALE", "--dry-run")
    assert "Balanced: gender female, male; ethnicity black" in said.err
    said = avatar("cast", 6, "--locale", "de_DE,ja_JP", "--balance", "gender", "--dry-run")
    assert "locale de_DE, ja_JP" in said.err
    said = avatar("cast", 6, "--pick", "gender=female,male", "--dry-run")
    assert "Drawn: gender female, male." in said.err


def test_the_options_of_the_command_are_in_its_plan(avatar: Avatar) -> None:
    options = ("--width", 64, "--prompt", "outdoors", "--no-quality-terms", "--art-style", "micah")
    (row,) = csv.DictReader(avatar("cast", 1, *options, "--plan", "-").out.splitlines())
    assert (row["width"], row["quality_terms"], row["art_style"]) == ("64", "no", "micah")
    assert "outdoors" in row["prompt"]


def test_people_are_like_those_of_a_file(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("name,gender,age\n" + "A,female,30\n" * 3 + "B,male,60\n")
    plan = avatar("cast", 8, "--like", file, "--dry-run", "--json").json
    people = Counter((found["attributes"]["gender"], found["persona"]["age"] >= 50) for found in plan["first"])
    assert people == {("female", False): 6, ("male", True): 2}
    file.write_text("name,gender,age\nA,female,30\nB,male,60\nC,,20\nD,male,\n")
    said = avatar("cast", 8, "--like", file, "--age", "18-39,40+", "--dry-run").err
    assert "Like team.csv: 2 rows with gender and age; left out: 1 without gender, 1 without age." in said
    assert "Balanced: gender + age (2 combinations)." in said
    file.write_text("name,city\nA,Bonn\n")
    assert "has no column of gender, age, ethnicity" in avatar.refused("cast", 8, "--like", file)


def test_locales_are_the_same_in_any_spelling_and_spread_evenly(avatar: Avatar) -> None:
    people = avatar("cast", 30, "--locale", "ja-jp,JA_JP,en_us,hi_IN", "--plan", "-", "--json").json
    assert Counter(each["locale"] for each in people) == {"ja_JP": 10, "en_US": 10, "hi_IN": 10}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["0"], "number of people is '0'"),
        (["-1"], "number of people is -1"),
        (["2.5"], "number of people is '2.5', which is no whole number."),
        (["ten"], "number of people is 'ten', which is no whole number."),
        (["+-5"], "number of people is '+-5', which is no whole number."),
        (["9" * 5000], "which is no whole number."),
        (["9" * 26], "outside 1 to 100000."),
        (["4", "--plan", "."], "plan is '.', which says no format."),
        (["100001"], "100001"),
        (["100,001"], "100001"),
        ([], "The number of people is missing."),
        (["4", "--count", "5"], "The number of people is given twice."),
        (["4", "--size", "256"], "for pictures of that side: --width 256 --height 256"),
        (["4", "--output", "portraits"], "mkdir portraits"),
        (["people.csv"], "avatar batch people.csv"),
        (["4", "--balance", "gendre"], "Did you mean gender?"),
        (["4", "--balance", "gender,gender"], "gender"),
        (["4", "--balance", "gender", "--gender", "female"], "gender is to be balanced, and is 'female' as well."),
        (["4", "--gender", "femal"], "Did you mean female?"),
        (["4", "--ethnicity", "white,hispnic"], "Did you mean hispanic?"),
        (["4", "--pick", "gender=femal,male"], "Did you mean female?"),
        (["4", "--locale", "xx_YY"], "xx_YY"),
        (["4", "--balance", "locale"], "No values are given for locale."),
        (["4", "--age", "old-ish"], "old-ish"),
        (["4", "--age", "90-40"], "Try 40-90."),
        (["4", "--age", "18-24,65-60"], "Try 60-65."),
        (["4", "--seed", "0"], "seed is '0'"),
        (["4", "--gender", "female", "--pick", "sex=male,female"], "The values of gender are given twice."),
        (["4", "--gender", "female", "--each", "sex=male,female"], "gender is given for all, and with several values."),
        (["4", "--balance", "age", "--each", "age=25,60"], "age is given for all, and with several values."),
        (["4", "--balance", "gender,"], "balance has an empty axis."),
        (["4", "--quota", "{quota}", "--balance", "gender"], "gender has more than one quota."),
        (["4", "--pick", "locale=de_DE,xx_YY"], "xx_YY"),
        (["4", "--plan", "people.txt"], "which says no format."),
        (["4", "--persona-name", "Bob"], "For one: avatar generate --persona-name"),
        (
            ["4", "--plan", "people.csv", "--output", "{name}.png"],
            "--plan makes no pictures, and --output is for those.",
        ),
        (["4", "--quota", "nowhere.yaml"], "nowhere.yaml"),
        (["4", "--like", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_what_cannot_be_cast_is_said(avatar: Avatar, home: Home, tmp_path: Path, typed: list[str], said: str) -> None:
    quota = tmp_path / "quota.yaml"
    quota.write_text("gender: {female: 60%, male: 40%}")
    assert said in avatar.refused("cast", *(word.replace("{quota}", str(quota)) for word in typed))
    assert not home.database.exists()


def test_the_number_may_be_an_option(avatar: Avatar) -> None:
    for option in ("--count", "-n", "--people"):
        assert avatar("cast", option, 2, "--dry-run", "--json").json["people"] == 2


def test_a_plan_replaces_no_file_unasked(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("mine")
    assert "which is there already" in avatar.refused("cast", 2, "--plan", file)
    assert file.read_text() == "mine"
    avatar("cast", 2, "--plan", file, "--force")
    assert len(file.read_text().splitlines()) == 3


def test_weights_of_a_file_decide_how_many_there_are(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "quota.yaml"
    file.write_text("gender: {weiblich: 60%, male: 40%}")
    plan = avatar("cast", 10, "--quota", file, "--dry-run", "--json").json
    people = {(each["value"], each["people"]) for each in plan["margins"] if each["axis"] == "gender"}
    assert people == {("female", 6), ("male", 4)}


def test_what_says_nothing_counts_as_not_given(avatar: Avatar) -> None:
    said = avatar("cast", 2, "--gender", "nan", "--hair-color", "", "--dry-run").err
    assert "--gender 'nan' counts as not given." in said
    assert "Balanced: gender female, male, non-binary;" in said


def test_an_axis_that_is_weighted_otherwise_changes_no_picture_of_those_who_keep_their_value(
    avatar: Avatar, home: Home, tmp_path: Path
) -> None:
    avatar("cast", 12, *BALANCED)
    before = pictures(home)
    with open_library(home.root) as library:
        genders = {each.id: each.attributes.gender for each in library.find()}
    file = tmp_path / "quota.yaml"
    file.write_text("gender: {female: 80%, male: 20%}")
    ended = avatar("cast", 12, "--balance", "age,ethnicity", "--quota", file, *BALANCED[2:])
    assert "This cast is there already: 7 avatars of it get another picture" in ended.err
    assert "For another cast beside it: --seed 1\n" in ended.err
    with open_library(home.root) as library:
        kept = {each.id for each in library.find() if each.attributes.gender == genders[each.id]}
    assert 0 < len(kept) < 12
    assert {line[2] for line in ended.lines if line[1] == "exists"} == kept
    after = pictures(home)
    same = {id_ for id_, each in after.items() if each == before[id_]}
    assert len(same) == len(kept)
    assert {each[1] for each in after.values()} == {each[1] for each in before.values()}  # all have their seeds


def test_people_who_would_change_are_named_before_any_picture_is_made(avatar: Avatar) -> None:
    avatar("cast", 3)
    planned = avatar("cast", 3, "--gender", "female", "--dry-run").err
    assert (
        "This cast is there already: 2 avatars of it get another picture, and the one before stays as an earlier"
        " version. For another cast beside it: --seed 2\n" in planned
    )
    assert "Warning: Person 2 is Connor Brandt so far, and becomes " in planned
    assert "--project NAME" not in planned
    assert "there already" not in avatar("cast", 3, "--gender", "female", "--seed", 2, "--dry-run").err


def test_a_cast_that_is_crossed_with_an_axis_it_balances_changes_nobody_when_it_is_made_again(avatar: Avatar) -> None:
    first = avatar("cast", 4, "--each", "gender=female,male")
    assert "Balanced: age young" in first.err
    again = avatar("cast", 4, "--each", "gender=female,male")
    assert "To make: 0 of 8 pictures (8 made before)." in again.err
    assert "there already" not in again.err
    assert "otherwise" not in again.err


def test_warnings_are_of_people(avatar: Avatar) -> None:
    said = avatar("cast", 3, "--style", "elf ranger,villager", "--seed", 5, *BALANCED[2:]).err
    assert "Warning: People 1, 3: The offline engine does not know style " in said
    assert "Warning: Person 2: The offline engine does not know style " in said


def plan_of(avatar: Avatar, *options: object) -> list[dict[str, str]]:
    return [json.loads(line) for line in avatar("cast", *options, "--plan", "-", "--jsonl").out.splitlines()]


@pytest.mark.parametrize("option", ["--each", "--pick"])
def test_a_preset_that_is_crossed_or_picked_dresses_people_as_one_for_all_does(avatar: Avatar, option: str) -> None:
    alone = {name: plan_of(avatar, 6, "--preset", name) for name in ("nurse", "surgeon")}
    found = plan_of(avatar, 6, option, "preset=nurse,Surgeon")
    assert len(found) == (12 if option == "--each" else 6)
    assert {each["preset"] for each in found} == {"nurse", "surgeon"}
    for each in found:
        person = int(each["id"].split("/")[0].rpartition("-")[2]) - 1
        same = alone[each["preset"]][person]
        assert {key: each.get(key) for key in same if key != "id"} == {key: same[key] for key in same if key != "id"}


def test_a_locale_that_is_crossed_changes_names_alone(avatar: Avatar) -> None:
    found = plan_of(avatar, 3, "--each", "locale=de_DE,ja_JP", "--each", "hair-color=red,black")
    assert [each["id"] for each in found[:4]] == [
        f"cast-1-1/locale={locale}/hair_color={color}" for locale in ("de-de", "ja-jp") for color in ("red", "black")
    ]
    german = plan_of(avatar, 3, "--locale", "de_DE")
    for row, (red, black, other_red, _) in enumerate(zip(*[iter(found)] * 4, strict=True)):
        assert red["name"] == black["name"] == german[row]["name"] != other_red["name"]
        assert {key for key in red if red[key] != other_red[key]} == {"id", "name", "locale"}
        assert len({each["seed"] for each in (red, black, other_red)}) == 1


@pytest.mark.parametrize(
    ("crossed", "follows"),
    [
        ("gender=female,male", {"gender", "name", "hair_style", "hair_color", "body_type"}),
        ("ethnicity=black,white", {"ethnicity", "skin_tone", "eye_color", "hair_color"}),
        ("age=25,60", {"age", "age_range", "background", "hair_color", "hair_style", "style", "prompt"}),
        ("age-range=young,mature", {"age", "age_range", "background", "hair_color", "hair_style", "style", "prompt"}),
    ],
)
def test_who_somebody_is_with_another_value_follows_from_it(avatar: Avatar, crossed: str, follows: set[str]) -> None:
    field, _, values = crossed.partition("=")
    found = plan_of(avatar, 12, "--each", crossed)
    for place, value in enumerate(values.split(",")):
        alone = plan_of(avatar, 12, f"--{field}", value)
        own = [each["name"] for each in found[place::2]]
        assert own == [each["name"] for each in alone]
        assert [each["background"] for each in found[place::2]] == [each["background"] for each in alone]
    for one, other in zip(found[::2], found[1::2], strict=True):
        assert {key for key in one if one[key] != other.get(key)} <= {"id", *follows}
    assert len({each["seed"] for each in found}) == 12


def test_nobody_has_two_ages_at_once(avatar: Avatar) -> None:
    refused = avatar.refused("cast", "3", "--each", "age=25,60", "--each", "age-range=young,mature")
    assert "age is given for all, and with several values." in refused


@pytest.mark.parametrize(
    "crossed", [("--each", "preset=nurse,surgeon"), ("--each", "locale=de_DE,ja_JP"), ("--each", "age=25,60")]
)
def test_copies_of_people_are_made_once_also_of_their_plan(avatar: Avatar, tmp_path: Path, crossed: list[str]) -> None:
    made = avatar("cast", 3, *crossed, "--each", "hair-color=red,black", *BALANCED[2:])
    assert "12 made." in made.err
    assert "(12 made before)" in avatar("cast", 3, *crossed, "--each", "hair-color=red,black", *BALANCED[2:]).err
    plan = tmp_path / "plan.csv"
    avatar("cast", 3, *crossed, "--each", "hair-color=red,black", *BALANCED[2:], "--plan", plan)
    assert "(12 made before)" in avatar("batch", plan).err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--each", "locale=de_DE,"), "each locale is 'de_DE,', which has an empty value."),
        (("--each", "locale=xx_YY"), "Locale 'xx_YY' has no names of its own."),
        (("--each", "locale=de_DE", "--locale", "ja_JP"), "locale is given for all, and with several values."),
        (("--each", "preset=nurse", "--preset", "surgeon"), "preset is given for all, and with several values."),
        (("--each", "preset=nurse", "--pick", "preset=surgeon"), "preset is given for all, and with several values."),
        (("--each", "preset=nurse", "--each", "Preset=surgeon"), "preset is given for all, and with several values."),
    ],
)
def test_a_preset_or_a_locale_that_cannot_be_crossed_is_refused(
    avatar: Avatar, options: tuple[str, ...], said: str
) -> None:
    assert said in avatar.refused("cast", "3", *options)


def test_more_copies_than_a_batch_has_are_refused(avatar: Avatar) -> None:
    refused = avatar.refused("cast", "60000", "--each", "locale=de_DE,ja_JP")
    assert "each asks for more than 100,000 pictures: 2 for each person." in refused


@pytest.mark.parametrize("options", [("--preset", "plain"), ("--each", "preset=plain,nurse")])
def test_a_blank_negative_prompt_leaves_out_that_of_a_preset(avatar: Avatar, options: tuple[str, str]) -> None:
    def negatives() -> set[str]:
        return {each["negative_prompt"] for each in avatar("list", "--json").json}

    avatar("preset", "create", "plain", "--style", "apron", "--negative-prompt", "hats")
    avatar("cast", 2, *options, "--negative-prompt", " ", *BALANCED[2:])
    assert all("hats" not in each for each in negatives())
    avatar("cast", 2, *options, "--seed", 2, *BALANCED[2:])
    assert any("hats" in each for each in negatives())


def test_a_blank_prompt_leaves_out_that_of_a_preset(avatar: Avatar) -> None:
    (person,) = plan_of(avatar, 1, "--preset", "nurse", "--prompt", "")
    assert person["style"] == "scrubs"
    assert "warm smile" not in person["prompt"]


def test_even_hair_styles_with_hair_colors_make_nobody_bald(avatar: Avatar, tmp_path: Path) -> None:
    for nth, colors in enumerate((("--balance", "hair-style,hair-color"), ("--hair-color", "red"))):
        plan = tmp_path / f"{nth}.csv"
        styles = () if nth == 0 else ("--balance", "hair-style")
        avatar("cast", 40, *styles, *colors, "--plan", plan)
        rows = list(csv.DictReader(plan.read_text(encoding="utf-8").splitlines()))
        assert Counter(row["hair_style"] for row in rows)["bald"] == 0
        assert all(row["hair_color"] for row in rows)


def test_a_plan_says_how_many_of_those_with_hair_have_each_color(avatar: Avatar, tmp_path: Path) -> None:
    quota = tmp_path / "hair.yaml"
    quota.write_text("hair_style: {bald: 1, bob: 3}\nhair_color: {red: 1, black: 2}\n", encoding="utf-8")
    plan = avatar("cast", 40, "--quota", quota, "--dry-run", "--json").json
    margins = {each["value"]: (each["target"], each["people"]) for each in plan["margins"]}
    assert margins["bald"] == (10, 10)
    assert (margins["red"], margins["black"]) == ((10, 10), (20, 20))
