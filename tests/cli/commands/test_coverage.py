"""avatar coverage: how balanced people are."""

from pathlib import Path

import pytest

from avatar_creator.casts.weighting import even
from avatar_creator.domain.quotas import Quotas
from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import SMALL, Avatar, plain, process, terminal

ROWS = ("Ann,20,female,black", "Bo,30,male,white", "Cy,60,Female,White", "Di,61,female,")


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(("name,age,gender,ethnicity", *ROWS)), encoding="utf-8")
    return path


@pytest.fixture
def team(avatar: Avatar, people: Path) -> None:
    avatar("project", "create", "Team")
    avatar("batch", people, *SMALL, "--project", "Team")


def cast(quotas: Quotas, count: int, seed: int = 7) -> None:
    with open_library() as library:
        library.app.casts.put(library.projects.get("Team").id, seed, count, quotas.as_json())


def cells(lines: list[list[str]], kind: str, axes: str) -> dict[str, list[str]]:
    return {line[2]: line[3:] for line in lines if line[:2] == [kind, axes]}


@pytest.mark.usefixtures("team")
def test_a_project_is_compared_with_what_its_casts_asked_for(avatar: Avatar) -> None:
    cast(even(["gender", "age"]), 6)
    lines = avatar("coverage", "team").lines
    assert lines[:2] == [
        ["people", "Team", "", "", "4", ""],
        ["cast", "7", "planned 6, made 0, 6 not begun", "6", "0", "-6"],
    ]
    assert cells(lines, "axis", "gender") == {
        "female": ["2", "3", "+1"],
        "male": ["2", "1", "-1"],
        "non-binary": ["2", "0", "-2"],
    }
    assert cells(lines, "axis", "age") == {
        "young": ["2", "1", "-1"],
        "adult": ["2", "1", "-1"],
        "mature": ["2", "2", "0"],
    }
    assert cells(lines, "pair", "gender x age")["female x mature"] == ["0.67", "2", "+1.33"]
    assert cells(lines, "axis", "ethnicity") == {}
    assert lines[-1] == [
        "summary",
        "6 of 9 pairs gender x age empty: female adult, male young, male mature, all non-binary.",
    ]


@pytest.mark.usefixtures("team")
def test_what_is_given_goes_before_the_casts(avatar: Avatar) -> None:
    cast(even(["gender"]), 6)
    report = avatar("coverage", "Team", "--balance", " Ethnicity ", "--balance", "age ,", "--json").json
    assert (report["targets"], [axis["axes"] for axis in report["axes"]]) == ("given", [["age"], ["ethnicity"]])
    assert {tuple(cell["values"]): cell["target"] for cell in report["axes"][1]["cells"]}[("white",)] == 0.5
    assert report["axes"][1]["not_said"] == 1
    assert report["casts"][0]["people"] == 6


@pytest.mark.usefixtures("team")
def test_a_quota_file_says_what_to_compare_with(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "quota.yaml"
    file.write_text("gender:\n  female: 3\n  male: 1\n", encoding="utf-8")
    assert cells(avatar("coverage", "Team", "--quota", file).lines, "axis", "gender") == {
        "female": ["3", "3", "0"],
        "male": ["1", "1", "0"],
    }


def test_a_cast_is_within_one_of_its_quotas(avatar: Avatar) -> None:
    avatar("project", "create", "Team")
    asked = ("cast", 26, "--balance", "ethnicity,gender,age", "--seed", 7, "--project", "Team", *SMALL)
    avatar(*asked)
    ended = avatar("coverage", "Team", "--require", "--require-within", 1, "--json")
    assert ended.json["casts"] == [
        {
            "seed": 7,
            "people": 26,
            "made": 26,
            "failed": 0,
            "waiting": 0,
            "cancelled": 0,
            "balance": ["gender", "age", "ethnicity"],
            "avatars": 26,
        }
    ]
    assert (ended.json["people"], ended.json["empty"]) == (26, 0)
    avatar("cast", 3, *asked[2:])  # the others stay
    avatar("coverage", "Team", "--require-within", 1)
    avatar(*asked)
    first = avatar("list", "--project", "Team", "--limit", 1, "-q").out.strip()
    avatar("delete", first, "--yes")
    assert "planned 26, made 25, 1 not begun" in avatar("coverage", "Team").out


def test_people_with_crossed_values_are_as_balanced_as_without(avatar: Avatar) -> None:
    avatar("project", "create", "Team")
    avatar("cast", 3, "--balance", "gender", "--each", "hair-color=black,red", "--project", "Team", *SMALL)
    lines = avatar("coverage", "Team", "--require-within", 0).lines
    assert lines[1][2] == "planned 3, made 3 as 6 avatars"


HAIR = "hair_style: {bald: 1, bob: 3}\nhair_color: {red: 1, black: 2}\n"


@pytest.mark.parametrize(("count", "crossed"), [(17, ()), (16, ("--each", "eye-color=green,blue"))])
def test_who_is_bald_lacks_no_color_of_hair(
    avatar: Avatar, tmp_path: Path, count: int, crossed: tuple[str, ...]
) -> None:
    quota = tmp_path / "hair.yaml"
    quota.write_text(HAIR, encoding="utf-8")
    avatar("cast", count, *SMALL, "--quota", quota, *crossed)
    lines = avatar("coverage", "--require", "--require-within", "1").lines
    assert cells(lines, "pair", "hair style x hair color").keys() == {"bob x red", "bob x black"}
    people = 2 * count if crossed else count
    said = cells(lines, "axis", "hair color")
    assert sum(int(got) for _, got, _ in said.values()) + int(cells(lines, "axis", "hair style")["bald"][1]) == people
    assert [line for line in lines if line[0] == "not said"] == []


def test_a_persona_file_is_reported_before_anything_is_made(avatar: Avatar, people: Path, home: Home) -> None:
    lines = avatar("coverage", people).lines
    assert cells(lines, "axis", "gender") == {"female": ["2", "3", "+1"], "male": ["2", "1", "-1"]}
    assert cells(lines, "axis", "ethnicity") == {"black": ["1.5", "1", "-0.5"], "white": ["1.5", "2", "+0.5"]}
    assert ["not said", "ethnicity", "", "", "1", ""] in lines
    assert not home.database.exists()


def test_bad_rows_are_said_and_not_counted(avatar: Avatar, people: Path) -> None:
    people.write_text(people.read_text(encoding="utf-8") + "\nEve,minus one,female,black", encoding="utf-8")
    ended = avatar("coverage", people, "--json")
    assert (ended.json["people"], ended.json["bad_rows"]) == (4, 1)
    assert "1 bad row" in ended.err


@pytest.mark.usefixtures("team")
def test_require_ends_with_five_and_names_what_is_empty(avatar: Avatar) -> None:
    assert avatar("coverage", "Team", "--require", "--balance", "age").code == 0
    ended = avatar("coverage", "Team", "--require", "--balance", "gender", "--json", code=5)
    assert ended.json["empty"] == 1
    assert ended.error["code"] == "unbalanced"
    assert ended.error["message"] == "1 of 3 values of gender empty: non-binary."


@pytest.mark.usefixtures("team")
def test_require_within_ends_with_five_where_a_value_is_farther_off(avatar: Avatar) -> None:
    assert avatar("coverage", "Team", "--balance", "age", "--require-within", 1).code == 0
    avatar("coverage", "Team", "--balance", "age", "--require-within", 0.5, code=5)


@pytest.mark.usefixtures("team")
def test_locales_are_not_counted(avatar: Avatar, tmp_path: Path) -> None:
    cast(even(["gender", "locale"], {"locale": ["de_DE", "ja_JP"]}), 4)
    report = avatar("coverage", "Team", "--json").json
    assert (report["uncounted"], len(report["axes"])) == (["locale"], 1)
    assert "locale" in avatar("coverage", "Team", "--balance", "gender,locale", code=2).err
    quota = tmp_path / "quota.yaml"
    quota.write_text("locale: {de_DE: 1, ja_JP: 3}\n", encoding="utf-8")
    assert "locale" in avatar("coverage", "Team", "--quota", quota, "--require", code=2).err


def test_a_file_of_other_columns_is_refused_without_an_option_of_batch(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    for columns in ("first,second", "gender,Gender", "gendre,age"):
        file.write_text(f"{columns}\n1,2\n", encoding="utf-8")
        for command in (("coverage", file), ("cast", 4, "--like", file)):
            said = avatar(*command, code=2).err
            assert ("Hint: Call its columns by what they mean" in said, "--map" in said) == (True, False)


def test_who_has_no_people_is_told_so(avatar: Avatar) -> None:
    avatar("project", "create", "Empty")
    report = avatar("coverage", "Empty", "--json").json
    assert (report["people"], report["axes"], report["summary"]) == (0, [], [])
    avatar("coverage", "Empty", "--require", code=5)


def test_people_of_whom_nothing_usual_is_said_are_counted_by_what_is(avatar: Avatar) -> None:
    avatar.generate("--prompt", "a person", "--hair-color", "red")
    avatar.generate("--prompt", "somebody")
    report = avatar("coverage", "default", "--json").json
    assert [axis["axes"] for axis in report["axes"]] == [["hair_color"]]
    assert (report["axes"][0]["not_said"], report["people"]) == (1, 2)


def test_quotas_of_axes_that_nobody_has(avatar: Avatar) -> None:
    avatar.generate("--prompt", "a person")
    report = avatar("coverage", "default", "--balance", "eye-color", "--json").json
    assert (report["axes"][0]["not_said"], report["empty"]) == (1, 6)


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("Taem",), 3, "Did you mean 'Team'?"),
        (("people.cvs.csv",), 2, "No such file"),
        (("Team", "--balance", "hair"), 2, "hair"),
        (("Team", "--balance", " , "), 2, "names no axis"),
        (("Team", "--balance", "gender", "--quota", "x.yaml"), 2, "both given"),
        (("Team", "--quota", "missing.yaml"), 2, "missing.yaml"),
        (("Team", "--bars", "--json"), 2, "both given"),
        (("Team", "--require-within", "-1"), 2, "-1"),
        (("Team", "--require-within", "nan"), 2, "nan"),
        (("x" * 5000,), 3, "There is no project"),
        (("\x07",), 3, "There is no project"),
    ],
)
def test_what_cannot_be_reported(avatar: Avatar, argv: tuple[str, ...], code: int, said: str) -> None:
    avatar("project", "create", "Team")
    assert said in avatar("coverage", *argv, code=code).err


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(("encoding", "bar"), [("utf-8", "█▓"), ("ascii", "#+")])
def test_bars_are_drawn_in_a_pipe_too(encoding: str, bar: str) -> None:
    argv = ("coverage", "Team", "--balance", "gender", "--bars")
    out = process(*argv, COLUMNS="80", PYTHONIOENCODING=encoding, PYTHONUTF8="0").out
    assert bar in out
    assert max(map(len, out.splitlines())) <= 80
    assert "not what pictures show" in " ".join(out.split())


@pytest.mark.usefixtures("team")
def test_a_terminal_shows_a_table_for_each_axis_and_one_of_pairs() -> None:
    seen = plain(terminal("coverage", "Team", "--balance", "gender,age").out)
    rows = [line.split() for line in seen.splitlines() if line.strip()]
    assert ["female", "1.3", "3", "+1.7"] in rows
    assert ["gender", "x", "age", "9", "6", "0", "2", "0.4"] in rows
    assert "█" not in seen
