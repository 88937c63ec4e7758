"""avatar project create|list|show|edit|delete."""

import pytest

from avatar_creator.home import Home
from cli.commandline import Avatar, files_below


def _create(avatar: Avatar, name: str, *argv: object) -> str:
    id_: str = avatar("project", "create", name, "--json", *argv).json["id"]
    return id_


def test_create_show_list_edit_delete(avatar: Avatar) -> None:
    id_ = _create(avatar, "  Cast   A ", "--description", "For the  shop.")
    shown = avatar("project", "show", "Cast A", "--json").json
    assert (shown["id"], shown["name"], shown["description"], shown["avatars"]) == (id_, "Cast A", "For the shop.", 0)
    edited = avatar("project", "edit", id_, "--name", "Cast B", "--description", "", "--json").json
    assert (edited["id"], edited["name"], edited["description"]) == (id_, "Cast B", None)
    assert edited["updated_at"] > edited["created_at"] == shown["created_at"]
    assert avatar("project", "list", "--json").json == [edited]
    assert "Deleted project Cast B." in avatar("project", "delete", "Cast B", "--yes").err
    assert avatar("project", "list", "--json").json == []


def test_lines_and_ids(avatar: Avatar) -> None:
    first, second = _create(avatar, "one"), _create(avatar, "two", "--description", "2")
    lines = avatar("project", "list").lines
    assert [(line[0], line[1], line[2], line[4]) for line in lines] == [
        (second, "two", "0", "2"),
        (first, "one", "0", ""),
    ]
    assert avatar("project", "show", "two").lines == [lines[0]]
    assert avatar("project", "list", "-q").out == f"{second}\n{first}\n"


def test_edit_changes_only_what_is_given(avatar: Avatar) -> None:
    _create(avatar, "one", "--description", "first")
    edited = avatar("project", "edit", "one", "--name", "uno", "--json").json
    assert (edited["name"], edited["description"]) == ("uno", "first")
    assert "Nothing to change." in avatar.refused("project", "edit", "uno")


def test_a_name_is_taken_once(avatar: Avatar) -> None:
    _create(avatar, "one")
    _create(avatar, "two")
    assert "A project named 'one' exists already." in avatar.refused("project", "create", "one")
    assert "A project named 'one' exists already." in avatar.refused("project", "edit", "two", "--name", "one")
    assert sorted(line[1] for line in avatar("project", "list").lines) == ["one", "two"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x1b[0mb", "a\x00b", "\u202eevil"])
def test_a_bad_name_changes_nothing(avatar: Avatar, name: str) -> None:
    assert "project name" in avatar.refused("project", "create", name)
    _create(avatar, "good")
    assert "project name" in avatar.refused("project", "edit", "good", "--name", name)
    assert [line[1] for line in avatar("project", "list").lines] == ["good"]


@pytest.mark.parametrize("command", ["show", "edit", "delete"])
@pytest.mark.parametrize("given", ["nope", "prj_nope", "", "%", "*"])
def test_an_unknown_project_exits_3(avatar: Avatar, command: str, given: str) -> None:
    _create(avatar, "one")
    more = ("--name", "x") if command == "edit" else ()
    said = avatar.refused("project", command, given, *more, code=3)
    assert said == f"Error: There is no project '{given}'.\nHint: Run: avatar project list"


def test_delete_needs_yes_in_a_pipe(avatar: Avatar) -> None:
    avatar.generate("--project", "default")
    assert "--yes" in avatar.refused("project", "delete", "default")
    assert len(avatar("list").lines) == 1


@pytest.mark.parametrize("keep", [False, True])
def test_delete_takes_avatars_generations_and_files(avatar: Avatar, home: Home, keep: bool) -> None:
    _create(avatar, "other")
    stays = avatar.avatar("--project", "other")
    for _ in range(2):
        avatar.generate()
    avatar("project", "delete", "default", "--yes", *(["--keep-files"] if keep else []))
    assert [kept["id"] for kept in avatar("list", "--json").json] == [stays["id"]]
    assert len(avatar("status").lines) == 1
    assert len(files_below(home.pictures)) == (6 if keep else 2)


def test_an_ambiguous_prefix_is_refused_and_a_name_wins(avatar: Avatar) -> None:
    first, second = _create(avatar, "one"), _create(avatar, "two")
    said = avatar.refused("project", "show", "prj_")
    assert f"fits more than one: {first}, {second}\nHint: Give more characters of the id." in said
    third = _create(avatar, first)
    assert avatar("project", "show", first, "-q", code=2).err
    assert avatar("project", "show", first).lines[0][0] == third, "a name is looked up before an id"
