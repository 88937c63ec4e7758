"""Which avatars are meant: the options that all commands share which act on several."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from avatar_creator.cli.main import COMMANDS
from avatar_creator.home import Home
from cli.commandline import Avatar

FILTERED = ("list", "pick", "tag", "star", "unstar", "delete", "upgrade", "revert", "export")


@pytest.fixture
def people(avatar: Avatar) -> dict[str, str]:
    who = {
        "Ann": ("--gender", "Woman", "--persona-age", 17, "--seed", 1, "--hair-color", "Dark Brown"),
        "Bo": ("--gender", "male", "--persona-age", 35, "--seed", 2, "--hair-color", "blond"),
        "Cy": ("--gender", "nonbinary", "--persona-age", 60, "--seed", 3, "--personality", "kind", "--format", "png"),
    }
    found = {}
    for name, given in who.items():
        more = ("--personality", "brave", "--project", name)
        avatar("project", "create", name)
        found[name] = avatar.avatar("--persona-name", name, *given, *more)["id"]
    return found


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (["--gender", "non-binary"], "Cy"),
        (["--gender", "NB,women"], "Cy Ann"),
        (["--gender", "MAN", "--gender", "femme"], "Bo Ann"),
        (["--hair-color", "dark-brown"], "Ann"),
        (["--hair-color", "Blonde hair"], "Bo"),
        (["--age", "<18"], "Ann"),
        (["--age", "30+"], "Cy Bo"),
        (["--age", "10-20,60"], "Cy Ann"),
        (["--age", "10..20", "--age", "in her sixties"], "Cy Ann"),
        (["--project", "ann", "--project", "bo"], "Bo Ann"),
        (["--project", "ann, cy"], "Cy Ann"),
        (["--engine", "Offline,huggingface"], "Cy Bo Ann"),
        (["--engine", "huggingface", "--engine", "offline"], "Cy Bo Ann"),
        (["--source", "uploaded,Text-To-Image"], "Cy Bo Ann"),
        (["--source", "uploaded", "--source", "from_preset"], ""),
        (["--model", "nothing,x"], ""),
        (["--seed", "1,3"], "Cy Ann"),
        (["--seed", "1", "--seed", "2"], "Bo Ann"),
        (["--width", "64", "--height", "64,65"], "Cy Bo Ann"),
        (["--format", "JPG"], "Bo Ann"),
        (["--format", "jpg,png"], "Cy Bo Ann"),
        (["--name", "ann,BO"], "Bo Ann"),
        (["--personality", "brave"], "Cy Bo Ann"),
        (["--personality", "brave", "--personality", "KIND"], "Cy"),
        (["--personality", "brave,kind"], ""),
        (["--personality", "kind", "--persona-personality", "brave"], "Cy"),
        (["--text", "brave", "--text", "kind"], "Cy"),
    ],
)
def test_of_several_values_one_is_enough(avatar: Avatar, people: dict[str, str], typed: list[str], names: str) -> None:
    assert avatar("list", "-q", *typed).out.split() == [people[name] for name in names.split()]


def test_what_finds_nothing_says_without_which_filter_how_many_are_found(
    avatar: Avatar, people: dict[str, str]
) -> None:
    assert len(people) == 3
    said = avatar.refused("pick", "--gender", "female", "--age", "30-40", code=3)
    assert said == (
        "Error: None of 3 avatars matches.\n"
        "Hint: Leave out one of these; as many match without it: --age 1, --gender 1."
    )
    said = avatar.refused("pick", "--gender", "man", "--name", "Ann", "--engine", "offline", code=3)
    assert said.endswith("Leave out one of these; as many match without it: --gender 1, --name 1.")
    said = avatar.refused("pick", "--gender", "man", "--age", "99", "--starred", code=3)
    assert said.endswith("Hint: Each of these alone matches none: --age, --starred.")
    run = avatar("list", "--gender", "man", "--hair-color", "pink")
    assert (run.out, run.err) == ("", "None of 3 avatars matches. Leave out --hair-color: 1 matches without it.\n")


@pytest.mark.parametrize("command", FILTERED)
def test_every_command_that_acts_on_several_has_the_same_filters(avatar: Avatar, command: str) -> None:
    assert command in COMMANDS
    said = avatar(command, "--help").out
    for flag in ("--gender", "--age", "--tag", "--starred", "--since", "--text", "--persona-name"):
        assert flag in said, flag


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("argv", "waits"),
    [
        (("list", "--text", "ann"), True),
        (("list", "--sort", "name"), True),
        (("export", "--gender", "male", "--output", "out"), True),
        (("list", "--project", "Ann"), False),
        (("list",), False),
    ],
)
def test_a_search_that_indexes_many_avatars_first_says_so(
    avatar: Avatar, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...], *, waits: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect(home.database)) as connection, connection:  # as a migration leaves a big home
        connection.execute("DELETE FROM avatars_to_index")
        ids = "WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n WHERE x < 6000) SELECT 'av_' || x"
        connection.execute(f"INSERT INTO avatars_to_index {ids} FROM n")
    said = "6,000 avatars are indexed first, so that they are found at once from now on.\n"
    assert (said in avatar(*argv).err) is waits
    assert "indexed" not in avatar("list", "--text", "ann").err or not waits
