"""What the shell gets after TAB, by the protocol it speaks."""

import pytest

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.engines import ENGINES
from avatar_creator.home import Home
from cli.commandline import Avatar, process


def _offered(*words: str) -> list[str]:
    """What bash would offer for the last word."""
    typed = " ".join(("avatar", *words))
    run = process(_AVATAR_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(len(words)))
    assert run.err == ""
    return run.out.split("\n")[:-1] if run.out.strip() else []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("gener",), ["generate"]),
        (("us",), ["use", "usage"]),
        (("project", "e"), ["edit"]),
        (("generate", "--gender", ""), list(next(a for a in ATTRIBUTES if a.name == "gender").known)),
        (("generate", "--hair-color", "bl"), ["black", "blonde"]),
        (("list", "--hair-style", "dread"), ["dreadlocks"]),
        (("generate", "--format", ""), ["jpeg", "png", "webp"]),
        (("list", "--source", "up"), ["uploaded"]),
        (("edit", "x", "--clear", "hair"), ["hair_style", "hair_color"]),
    ],
)
def test_what_is_known_without_a_library(home: Home, words: tuple[str, ...], offered: list[str]) -> None:
    assert _offered(*words) == offered
    assert not home.root.exists(), "TAB makes no home"


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("generate", "--engine", ""), ["auto", *ENGINES]),
        (("generate", "--art-style", "open"), ["open-peeps"]),
        (("generate", "--provider", "w"), ["wavespeed"]),
        (("generate", "--model", "flux-d"), ["flux-dev"]),
        (("config", "set", "jpeg"), ["jpeg_quality"]),
        (("config", "set", "art_style", "open"), ["open-peeps"]),
        (("config", "set", "engine", "off"), ["offline"]),
        (("config", "set", "format", ""), ["jpeg", "png", "webp"]),
        (("config", "set", "width", ""), []),
        (("config", "unset", "retry_b"), ["retry_base_s"]),
    ],
)
def test_what_else_is_known(home: Home, words: tuple[str, ...], offered: list[str]) -> None:
    del home
    assert _offered(*words) == offered


def test_names_and_ids_of_the_library(avatar: Avatar) -> None:
    avatar("project", "create", "Studio cast", "--description", 'what: it\'s "for"')
    made = avatar.generate("--persona-name", "Ann: 'x' \"y\" $(z)")
    id_ = made["avatar_id"]
    assert _offered("list", "--project", "") == ["default", "Studio\\ cast"]
    assert _offered("generate", "--project", "Stu") == ["Studio\\ cast"]
    assert _offered("project", "show", "d") == ["default"]
    assert _offered("show", "av_") == _offered("show", id_[:8]) == [id_]
    assert _offered("delete", id_, "") == [id_]
    assert _offered("show", "gen_") == []
    assert _offered("status", "") == [made["id"]]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_see_names_beside_ids(avatar: Avatar, shell: str) -> None:
    id_ = avatar.avatar("--persona-name", "Ann Lee")["id"]
    run = process(
        _AVATAR_COMPLETE=f"complete_{shell}",
        _TYPER_COMPLETE_ARGS="avatar show av_",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )
    assert (id_ in run.out, "Ann Lee" in run.out) == (True, True)


def test_the_shell_is_told_of_success(home: Home) -> None:
    """Fish decides by the exit code whether to complete arguments or files."""
    del home
    assert process("--show-completion", "bash").code == 0
    words = {"_TYPER_COMPLETE_ARGS": "avatar generate --gender ", "_TYPER_COMPLETE_FISH_ACTION": "is-args"}
    assert process(_AVATAR_COMPLETE="complete_fish", **words).code == 0


def test_a_broken_home_offers_nothing_and_says_nothing(avatar: Avatar, home: Home) -> None:
    del avatar
    home.create()
    home.database.write_bytes(b"garbage " * 100)
    assert _offered("show", "av_") == _offered("list", "--project", "") == []
