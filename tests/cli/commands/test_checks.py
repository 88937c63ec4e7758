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
        "Blurred": FAULTS["blurred"](portrait("luis")),
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


def test_the_same_picture_saved_again_is_a_twin(avatar: Avatar, people: dict[str, str], tmp_path: Path) -> None:
    small = portrait().resize((400, 469))
    (tmp_path / "again.png").write_bytes(encoded(small, "PNG"))
    again = avatar("upload", tmp_path / "again.png", "--json").json["id"]
    lines = avatar("check", people["Good"], again, code=5).lines
    assert [line[2] for line in lines] == ["twin", "twin"]
    assert f"It looks like Good ({people['Good']})" in lines[1][3]
    avatar("check", again, "--check", "basic")


@pytest.mark.usefixtures("people")
def test_a_check_of_nothing_is_refused(avatar: Avatar) -> None:
    assert "check is none, which checks nothing." in avatar.refused("check", "--check", "none")


@pytest.mark.usefixtures("people")
def test_who_asks_for_rejects_of_nothing_is_told_so(avatar: Avatar) -> None:
    assert avatar("rejects").out == ""
    assert avatar("rejects", "--json").json == []
    assert "There is no reject of nobody." in avatar.refused("rejects", "nobody", code=3)
    assert "There is no reject of rej_1." in avatar.refused("rejects", "take", "rej_1", code=3)
    assert "There is no reject of rej_1." in avatar.refused("rejects", "delete", "rej_1", "--yes", code=3)
