"""Files and folders that commands are given."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from avatar_creator.cli.main import COMMANDS, app
from avatar_creator.cli.options.shared import FilePath, FileText
from cli.commandline import Avatar


def _parameters(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    for each in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from _parameters(command.get_command(None, each), f"{name} {each}")
    yield from ((name, each) for each in command.params)


def test_whatever_is_a_file_begins_at_the_users_folder_where_it_says_so() -> None:
    typed = [
        (f"{name} {each.opts[0]}", each.type)
        for command in COMMANDS
        for name, each in _parameters(get_command(app).get_command(None, command), command)  # type: ignore[attr-defined]
        if each.opts[0] in {"--output", "--manifest", "file", "files", "folder"}
        or set(str(each.metavar).strip("[].").replace("|", " ").split()) & {"FILE", "PATH", "DIR"}
    ]
    assert [name for name, type_ in typed if not isinstance(type_, FilePath | FileText)] == ["export --manifest"]
    assert len(typed) > 20


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


def test_a_tilde_behind_an_option_is_the_users_folder(avatar: Avatar, mine: Path) -> None:
    avatar("generate", "--persona-name", "Ann", "--output=~/ann.png")
    avatar("export", "--output=~/all", "-q")
    avatar("cast", 2, "--plan=~/people.csv")
    avatar("batch", "~/people.csv", "--manifest=~/who.csv", "-o~/{name}.png", "--dry-run")
    avatar("upload", "~/ann.png")
    assert {each.name for each in mine.iterdir()} == {"ann.png", "all", "people.csv"}
    assert not Path("~").exists()


def test_a_tilde_that_begins_a_name_is_its_letter(avatar: Avatar, mine: Path) -> None:
    avatar("generate", "--persona-name", "Ann", "--output=~$ann.png")
    avatar("generate", "--persona-name", "Ann", "--output=./~")
    assert Path("~$ann.png").is_file()
    assert Path("./~").is_file()
    assert list(mine.iterdir()) == []
