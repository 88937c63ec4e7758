"""What fields of --output patterns say: what the record of the picture says, whichever command made it."""

import json
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.output_pattern import OutputNames, safe
from avatar_creator.domain.prompt import PromptStyle
from avatar_creator.engines.fields import FIELDS
from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar, files_below

NAMES = [name for name in (field.name for field in FIELDS) if OutputNames(FIELDS).find(name)]
PATTERN = "made/" + "/".join(f"{{{name}}}" for name in NAMES) + "/{seed}-{id}.jpg"
MORE = {
    "persona_name": "Zoë O'Hara",
    "persona_age": 61,
    "personality": "calm",
    "background": "Sails alone.",
    "gender": "female",
    "hair_color": "dark-brown",
    "prompt": "red scarf",
    "prompt_style": "natural",
    "avatar_name": "Portrait",
    "art_style": "micah",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the shell stands."""
    (tmp_path / "here" / "made").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def avatar(home: Home, capfd: pytest.CaptureFixture[str]) -> Avatar:  # noqa: ARG001 - a home of the test's own
    return Avatar(capfd)


@pytest.mark.parametrize("mode", [(), ("--detach",)], ids=["now", "later"])
@pytest.mark.parametrize("command", ["generate", "batch"])
@pytest.mark.parametrize("said", [{"persona_name": "Ann"}, MORE], ids=["little", "much"])
def test_every_field_says_what_the_record_says(
    avatar: Avatar, folder: Path, command: str, said: dict[str, Any], mode: tuple[str, ...]
) -> None:
    if command == "generate":
        asked = [text for name, value in said.items() for text in (FIELDS[name].flag, value)]
    else:
        (folder / "cast.jsonl").write_text(json.dumps(said), encoding="utf-8")
        asked = ["cast.jsonl"]
    avatar(command, *asked, *SMALL, "--engine", "offline", "--output", PATTERN, *mode)
    for each in avatar("status", "--json").json:
        avatar("wait", each["id"])
    (record,) = (avatar("show", line[0], "--json").json for line in avatar("list").lines)
    (made,) = files_below(folder / "made")
    *values, last = made.split("/")
    assert dict(zip(NAMES, values, strict=True)) == {name: _recorded(record, said, name) for name in NAMES}
    assert last == f"{record['seed']}-{record['id']}.jpg"


def _recorded(record: dict[str, Any], said: dict[str, Any], name: str) -> str:
    """Return what the record of a picture says of a field, as a part of a name."""
    match name:
        case "model":  # that made it: the recipe's options have the one that was asked for
            value = record["model"]
        case "prompt_style":  # no record has it; it is that of the full prompt
            value = said.get(name, PromptStyle.KEYWORDS)
        case _:
            value = record
            for key in FIELDS[name].json_path.split("."):
                value = value.get(key) if value else None
    if isinstance(value, list):
        value = "-".join(value)
    return "unknown" if value in (None, "") else safe(str(value))
