"""Which avatars a command is about: projects, ids, filters, or all; each once, in the order asked for."""

from pathlib import Path

import pytest

from cli.commandline import SMALL, Avatar


@pytest.fixture
def people(avatar: Avatar) -> dict[str, str]:
    avatar("project", "create", "other")
    made = {}
    for seed, (name, project) in enumerate((("Zoe", "default"), ("Ana", "other"), ("Bea", "default")), 1):
        gender = "female" if name != "Bea" else "male"
        options = ("--persona-name", name, "--gender", gender, "--seed", seed, "--project", project, *SMALL)
        made[name] = avatar.avatar(*options)["id"]
    return made


def exported(avatar: Avatar, tmp: Path, *argv: object) -> list[str]:
    return [line[2] for line in avatar("export", "--output", f"{tmp}/out", "--force", *argv).lines]


@pytest.mark.parametrize(
    ("argv", "names"),
    [
        ((), ["Zoe", "Ana", "Bea"]),
        (("--reverse",), ["Bea", "Ana", "Zoe"]),
        (("--sort", "name"), ["Ana", "Bea", "Zoe"]),
        (("--sort", "name", "--reverse"), ["Zoe", "Bea", "Ana"]),
        (("other",), ["Ana"]),
        (("other", "default"), ["Ana", "Zoe", "Bea"]),
        (("default", "--gender", "female"), ["Zoe"]),
        (("--gender", "female"), ["Zoe", "Ana"]),
        (("--project", "other"), ["Ana"]),
    ],
)
@pytest.mark.usefixtures("people")
def test_they_are_who_is_asked_for_in_that_order(
    avatar: Avatar, tmp_path: Path, argv: tuple[str, ...], names: list[str]
) -> None:
    assert exported(avatar, tmp_path, *argv) == names


def test_ids_and_projects_may_stand_beside_each_other_and_each_comes_once(
    avatar: Avatar, people: dict[str, str], tmp_path: Path
) -> None:
    assert exported(avatar, tmp_path, people["Bea"], "default", people["Ana"]) == ["Bea", "Zoe", "Ana"]


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("nobody",), 3, "no project and no avatar 'nobody'"),
        (("default", "--project", "other"), 2, "Both 'default' and --project"),
        (("--gender", "male", "--project", "other"), 3, "Leave out one of these"),
    ],
)
@pytest.mark.usefixtures("people")
def test_what_means_nobody_says_why(
    avatar: Avatar, tmp_path: Path, argv: tuple[str, ...], code: int, said: str
) -> None:
    assert said in avatar("export", *argv, "--output", f"{tmp_path}/out", code=code).err.replace("\n", " ")


def test_filters_are_not_for_ids(avatar: Avatar, people: dict[str, str], tmp_path: Path) -> None:
    said = avatar.refused("export", people["Ana"], "--gender", "female", "--output", f"{tmp_path}/out")
    assert "filters are given too" in said


def test_an_empty_project_has_nobody(avatar: Avatar, tmp_path: Path) -> None:
    avatar("project", "create", "empty")
    assert "no avatars in 'empty'" in avatar.refused("export", "empty", "--output", f"{tmp_path}/out", code=3)
