"""`avatar check` as users type it, over files that they uploaded."""

from pathlib import Path

import pytest

from avatar_creator.decoding import isolated
from cli.commandline import SMALL, Avatar
from portraits import FAULTS, encoded, portrait


@pytest.fixture
def people(avatar: Avatar, tmp_path: Path) -> dict[str, str]:
    """A portrait, one that is blurred and one of two people; by name their avatars."""
    made = {}
    for name, image in {
        "Good": portrait(),
        "Blurred": FAULTS["blurred"](portrait()),
        "Two": FAULTS["crowded"](portrait()),
    }.items():
        (tmp_path / f"{name}.jpg").write_bytes(encoded(image))
        made[name] = avatar("upload", tmp_path / f"{name}.jpg", "--json").json["id"]
    return made


def test_it_says_what_fails_and_why(avatar: Avatar, people: dict[str, str]) -> None:
    drawn = avatar.avatar("--persona-name", "Ana", *SMALL)["id"]
    run = avatar("check", code=5)
    assert [line[:3] for line in run.lines] == [
        [people["Good"], "Good", "ok"],
        [people["Blurred"], "Blurred", "blurred"],
        [people["Two"], "Two", "crowded"],
        [drawn, "Ana", "exempt"],
    ]
    assert run.lines[2][3] == "It shows 2 faces (limit 1)."
    assert "1 picture passed. 1 picture exempt: drawings are not checked." in run.err
    assert "Error: 2 pictures failed the check." in run.err


def test_what_passes_ends_well(avatar: Avatar, people: dict[str, str]) -> None:
    assert [line[2] for line in avatar("check", people["Good"]).lines] == ["ok"]
    assert [line[2] for line in avatar("check", "--check", "basic").lines] == ["ok", "ok", "ok"]


def test_scripts_get_what_fails(avatar: Avatar, people: dict[str, str]) -> None:
    assert avatar("check", "--quiet", code=5).out.split() == [people["Blurred"], people["Two"]]
    (one,) = avatar("check", people["Two"], "--json", code=5).json
    assert list(one) == ["id", "name", "image_path", "exempt", "faults"]
    assert one["faults"] == [{"word": "crowded", "said": "It shows 2 faces (limit 1)."}]


def test_a_file_that_is_gone_fails(avatar: Avatar, people: dict[str, str]) -> None:
    Path(avatar("path", people["Good"]).out.strip()).unlink()
    (line,) = avatar("check", people["Good"], code=5).lines
    assert line[2:] == ["missing", "Its file cannot be read: No such file or directory."]


def test_without_the_extra(avatar: Avatar, people: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "FACES_PACKAGE", "no_such_package")
    said = avatar.refused("check", people["Good"], code=4)
    assert "pip install 'avatar-creator[faces]'" in said
    avatar("check", people["Good"], "--check", "basic")
