"""Avatars side by side as users type them."""

from pathlib import Path

import pytest
from PIL import Image

from cli.commandline import SMALL, Avatar


@pytest.fixture
def pair(avatar: Avatar) -> tuple[str, str]:
    first = avatar.avatar("--persona-name", "Ana", "--gender", "female", "--seed", 1, *SMALL)["id"]
    second = avatar.avatar("--persona-name", "Bo", "--gender", "female", "--seed", 2, *SMALL)["id"]
    return first, second


def test_what_differs_is_shown_and_what_does_not_with_all(avatar: Avatar, pair: tuple[str, str]) -> None:
    rows = {line[0]: line[1:] for line in avatar("compare", *pair).lines}
    assert rows["name"] == ["Ana", "Bo"]
    assert rows["seed"] == ["1", "2"]
    assert {"gender", "engine"}.isdisjoint(rows)
    assert {line[0]: line[1:] for line in avatar("compare", *pair, "--all").lines}["gender"] == ["female", "female"]
    found = avatar("compare", *pair, "--json").json
    assert [each["id"] for each in found["avatars"]] == [*pair]
    assert found["differing"]["seed"] == [1, 2]
    assert "engine" in found["same"]


def test_versions_of_one_are_compared(avatar: Avatar, pair: tuple[str, str]) -> None:
    found = avatar("compare", f"{pair[0]}@1", pair[0], "--json").json
    assert (found["differing"], [each["version"] for each in found["avatars"]]) == ({}, [1, 1])
    assert "no version 7" in avatar.refused("compare", f"{pair[0]}@7", pair[0], code=3)
    assert "no number of a version" in avatar.refused("compare", f"{pair[0]}@x", pair[0])


def test_a_picture_is_written_as_well(avatar: Avatar, pair: tuple[str, str], tmp_path: Path) -> None:
    assert f"Written: {tmp_path / 'two.png'}" in avatar("compare", *pair, "-o", tmp_path / "two.png").err
    with Image.open(tmp_path / "two.png") as image:
        assert image.width > 2 * 400
    (tmp_path / "other.png").write_text("precious")
    assert "there already" in avatar.refused("compare", *pair, "-o", tmp_path / "other.png")


def test_one_or_very_many_are_not_compared(avatar: Avatar, pair: tuple[str, str]) -> None:
    assert "1 is given" in avatar.refused("compare", pair[0])
    assert "13 are given" in avatar.refused("compare", *pair[:1] * 13)
    assert "nobody" in avatar.refused("compare", pair[0], "nobody", code=3)
