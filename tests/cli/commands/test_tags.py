import re

import pytest

from cli.commandline import Avatar, plain, terminal


@pytest.fixture
def pair(avatar: Avatar) -> tuple[str, str]:
    first = avatar.avatar("--persona-name", "Ann", "--gender", "female", "--seed", 1)["id"]
    second = avatar.avatar("--persona-name", "Bo", "--gender", "male", "--seed", 2)["id"]
    return first, second


def test_tags_are_added_listed_found_and_removed(avatar: Avatar, pair: tuple[str, str]) -> None:
    ann, bo = pair
    assert [line[0] for line in avatar("tag", ann, bo, "--add", "Hero, ÉQUIPE ,hero").lines] == [ann, bo]
    assert avatar("tags").lines == [["hero", "2"], ["équipe", "2"]]
    tagged = avatar("tag", bo, "--remove", "HERO,none", "--add", "friend", "--json").json
    assert [each["tags"] for each in tagged] == [["friend", "équipe"]]
    assert avatar("list", "-q", "--tag", "hero,équipe").out.split() == [ann]
    assert avatar("list", "-q", "--not-tag", "hero").out.split() == [bo]
    assert avatar("list", "-q", "--text", "equipe friend").out.split() == [bo]
    assert avatar("tags", "--json").json[0] == {"tag": "friend", "avatars": 1}
    assert avatar("show", ann, "--json").json["tags"] == ["hero", "équipe"]
    assert "hero, équipe" in plain(terminal("show", ann).out)
    assert avatar("tags", "--project", "default").lines == avatar("tags").lines


def test_tags_stand_beside_ids(avatar: Avatar, pair: tuple[str, str]) -> None:
    ann, bo = pair
    assert [line[0] for line in avatar("tag", ann, bo.removeprefix("av_"), "Hero", "two words,x").lines] == [ann, bo]
    assert avatar("tags").lines == [["hero", "2"], ["two words", "2"], ["x", "2"]]
    avatar("tag", "friend", bo)
    avatar("tag", "--gender", "female", "woman")
    assert avatar("show", bo, "--json").json["tags"] == ["friend", "hero", "two words", "x"]
    assert avatar("show", ann, "--json").json["tags"] == ["hero", "two words", "woman", "x"]


def test_those_that_filters_find_are_marked(avatar: Avatar, pair: tuple[str, str]) -> None:
    ann, bo = pair
    avatar("tag", "--gender", "female,other", "--add", "woman")
    assert avatar("list", "-q", "--tag", "woman").out.split() == [ann]
    assert avatar("star", bo, "-q").out.split() == [bo]
    assert avatar("list", "-q", "--starred").out.split() == [bo]
    assert avatar("list", "-q", "--not-starred").out.split() == [ann]
    assert avatar("unstar", "--starred", "--json").json[0]["starred"] is False
    assert avatar("list", "-q", "--starred").out == ""


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("ID",), 2, "Nothing to change.\nHint: Give a tag: avatar tag av_"),
        ((), 2, "Nothing to change.\nHint: Give a tag: avatar tag ID hero"),
        (("hero", "two words"), 2, "No avatars are given.\nHint: Give their ids, too: avatar tag ID hero 'two words'"),
        (("ID", "av_nobody", "x"), 3, "There is no avatar 'av_nobody'."),
        (("ID", "x", "--gender", "female"), 2, "Both ids and filters are given."),
        (("--add", "x"), 2, "No avatars are given."),
        (("ID", "--gender", "female", "--add", "x"), 2, "Both ids and filters are given."),
        (("nobody", "--add", "x"), 3, "There is no avatar 'nobody'."),
        (("ID", "--add", "x" * 51), 2, "tag has 51 characters, at most 50 are allowed"),
        (("ID", "--add", ","), 2, "tag is empty."),
        (("ID", "--add", "-x"), 2, "begins with a dash"),
        (("ID", "--add", "a\x1bb"), 2, "tag holds the control character U+001B"),
        (("ID", "--add", "x", "--remove", "X"), 2, "The tag 'x' is both added and removed."),
        (("ID", "--add", ",".join(f"t{n}" for n in range(51))), 2, "51 tags, at most 50 are allowed."),
        (
            ("--gender", "male", "--hair-color", "pink", "--add", "x"),
            3,
            "Leave out --hair-color: 1 matches",
        ),
        (("--gender", "nobody", "--add", "x"), 3, "None of 2 avatars matches."),
    ],
)
def test_bad_tags_change_nothing(
    avatar: Avatar, pair: tuple[str, str], argv: tuple[str, ...], code: int, said: str
) -> None:
    assert said in avatar.refused("tag", *[pair[0] if word == "ID" else word for word in argv], code=code)
    assert avatar("tags").out == ""


def test_marks_stay_when_an_avatar_goes_back_to_an_earlier_picture_or_is_deleted(
    avatar: Avatar, pair: tuple[str, str]
) -> None:
    ann, bo = pair
    avatar("tag", ann, bo, "--add", "hero")
    avatar("star", ann)
    avatar("edit", ann, "--name", "Anna")
    assert avatar("show", ann, "--json").json["starred"] is True
    avatar("delete", "--tag", "hero", "--not-starred", "--yes")
    assert avatar("list", "-q").out.split() == [ann]
    assert avatar("tags").lines == [["hero", "1"]]


def test_a_table_shows_what_the_command_is_about(avatar: Avatar, pair: tuple[str, str]) -> None:
    ann, _ = pair
    assert re.search(r"id +name +tags +age[^\n]*\n.*Ann +hero, new ", plain(terminal("tag", ann, "hero", "new").out))
    assert re.search(r"id +name +star +age[^\n]*\n.*Ann +yes ", plain(terminal("star", ann).out))
    assert re.search(r"Ann +no ", plain(terminal("unstar", ann).out))
    avatar("pick", "--gender", "female", "--use", "app:it")
    assert re.search(r"id +name +used +age[^\n]*\n.*Ann +1 ", plain(terminal("list", "--sort", "used").out))
    assert "used" not in plain(terminal("list").out)
