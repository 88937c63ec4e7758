"""Engines that are fallen back to: what one cannot make, the next one does, and says so."""

from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import EngineError, EngineRefused, StorageError
from avatar_creator.home import Home
from cli import paid
from cli.commandline import SMALL, Avatar
from sql import run_sql

BOTH = ("--engine", "huggingface,offline", *SMALL)
PEOPLE = "name,age\nAnn,34\nBob,51\nCem,28\n"


class Failing(paid.Paid):
    """Fails as it is told, by name."""

    fails: dict[str | None, EngineError] = {}  # noqa: RUF012 - of the class, since engines are loaded anew
    asked: list[str | None] = []  # noqa: RUF012

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        self.check(request.options)
        self.asked.append(request.persona.name)
        error = self.fails.get(request.persona.name)
        if error is not None:
            watch.begin_call()
            raise error
        return super().generate(request, watch)


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch, home: Home) -> type[Failing]:  # noqa: ARG001 - it clears the environment
    """A service that makes photographs for money, and refuses Bob."""
    monkeypatch.setitem(ENGINES, paid.NAME, paid.ENTRY._replace(place=f"{__name__}:Failing"))
    monkeypatch.setenv("AVATAR_HF_TOKEN", "hf_abcdefghij")
    monkeypatch.setattr(Failing, "fails", {"Bob": EngineRefused("The service refuses this picture.")})
    monkeypatch.setattr(Failing, "asked", [])
    return Failing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def engines(avatar: Avatar) -> dict[str, str]:
    return {each["name"]: each["engine"] for each in avatar("list", "--json").json}


def results(run: Any) -> list[str]:
    return [line[1] for line in sorted(run.lines)]


def paid_for(home: Home) -> int:
    return int(run_sql(home, "SELECT coalesce(sum(pictures), 0) FROM charge_tally")[0][0])


def test_a_picture_that_one_cannot_make_is_drawn_and_says_so(avatar: Avatar, home: Home, file: Path) -> None:
    run = avatar("batch", file, *BOTH)
    assert results(run) == ["made"] * 3
    assert "3 made, 1 of them by another engine." in run.err
    assert "Row 3: Made by another engine than huggingface, which failed: The service refuses this picture." in run.err
    assert engines(avatar) == {"Ann": "huggingface", "Bob": "offline", "Cem": "huggingface"}
    bob = next(each for each in avatar("list", "--json").json if each["name"] == "Bob")
    assert bob["recipe"]["fallback"] == {"engine": "huggingface", "model": "paid/test", "error": "engine_refused"}
    generation = avatar("status", bob["generation_id"], "--json").json
    assert "The service refuses this picture." in generation["not_shown"][0]
    assert "fell back" in avatar("logs", bob["generation_id"]).out
    assert paid_for(home) == 2


def test_what_failed_on_its_own_is_asked_for_again_when_that_is_wanted(
    avatar: Avatar, home: Home, file: Path, service: type[Failing]
) -> None:
    avatar("batch", file, *BOTH)
    service.fails = {}
    assert results(avatar("batch", file, *BOTH)) == ["exists"] * 3
    assert results(avatar("batch", file, *BOTH, "--retry-failed")) == ["exists", "made", "exists"]
    assert engines(avatar) == dict.fromkeys(("Ann", "Bob", "Cem"), "huggingface")
    assert results(avatar("batch", file, *BOTH, "--retry-failed")) == ["exists"] * 3
    assert paid_for(home) == 3


def test_what_failed_for_all_is_asked_for_once_and_again_by_the_same_command(
    avatar: Avatar, home: Home, file: Path, service: type[Failing]
) -> None:
    service.fails = dict.fromkeys(("Ann", "Bob", "Cem"), EngineError("No credits.", ends_run=True))
    run = avatar("batch", file, *BOTH, "--concurrency", 1)
    assert "3 made, 3 of them by another engine." in run.err
    assert service.asked == ["Ann"], "the others would fail alike"
    service.fails = {}
    assert results(avatar("batch", file, *BOTH)) == ["made"] * 3
    assert set(engines(avatar).values()) == {"huggingface"}
    assert len(engines(avatar)) == 3
    assert paid_for(home) == 3


class FullDisk(OfflineEngine):
    """Draws nothing, as on a full disk."""

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:  # noqa: ARG002
        raise StorageError("The disk is full.")


def test_what_was_not_drawn_either_is_asked_for_again(
    avatar: Avatar, home: Home, file: Path, service: type[Failing], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(ENGINES, "offline", ENGINES["offline"]._replace(place=f"{__name__}:FullDisk"))
        assert "failed" in results(avatar("batch", file, *BOTH, code=6))
    service.fails = {}
    service.asked.clear()
    avatar("batch", file, *BOTH)
    assert "Bob" in service.asked
    assert engines(avatar) == dict.fromkeys(("Ann", "Bob", "Cem"), "huggingface")
    assert paid_for(home) == 3
    assert results(avatar("batch", file, *BOTH, "--retry-failed")) == ["exists"] * 3


def test_without_a_token_all_are_drawn(
    avatar: Avatar, file: Path, service: type[Failing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    run = avatar("batch", file, *BOTH)
    assert "3 made, 3 of them by another engine." in run.err
    assert run.err.count("There is no token of Hugging Face.") == 1
    assert service.asked == []
    made = avatar("generate", "--persona-name", "Dee", *BOTH, "--json").json
    assert made["avatar"]["engine"] == "offline"
    assert "There is no token" in made["warnings"][0] + made["not_shown"][0]


def test_a_limit_is_no_failure_to_fall_back_from(avatar: Avatar, file: Path, service: type[Failing]) -> None:
    service.fails = {}
    avatar("config", "set", "max_images_day", "2")
    avatar("batch", file, *BOTH, code=5)
    assert sorted(engines(avatar).values()) == ["huggingface", "huggingface"]


def test_a_drawing_that_was_no_photograph_is_upgraded(
    avatar: Avatar, home: Home, file: Path, service: type[Failing]
) -> None:
    avatar("batch", file, *BOTH)
    service.fails = {}
    assert results(avatar("upgrade", "--all", "--engine", "huggingface", "--retry-failed")) == ["made"]
    assert set(engines(avatar).values()) == {"huggingface"}
    assert paid_for(home) == 3


def test_a_try_that_failed_makes_no_failure_of_a_row_that_fell_back(avatar: Avatar, file: Path) -> None:
    avatar("batch", file, *BOTH)
    assert results(avatar("upgrade", "--all", "--engine", "huggingface", "--retry-failed", code=5)) == ["failed"]
    assert results(avatar("batch", file, *BOTH)) == ["exists"] * 3


def test_an_upgrade_leaves_drawings_where_the_fallback_would_draw_them_once_more(
    avatar: Avatar, home: Home, file: Path, service: type[Failing]
) -> None:
    avatar("generate", "--persona-name", "Ann", "--engine", "huggingface", *SMALL)
    avatar("batch", file, "--engine", "offline", *SMALL)
    before = {each["name"]: each for each in avatar("list", "--json").json}
    run = avatar("upgrade", "--all", "--engine", "huggingface,offline")
    assert "left out: 1 by huggingface already." in run.err
    assert results(run) == ["made", "left", "made"]
    why = "Left as before, by offline, since huggingface failed: The service refuses this picture."
    assert f"Picture 2: {why}" in run.err
    assert "2 made, 1 left as before.\nTo try them again, add --retry-failed to the same command." in run.err
    assert {each["name"]: each for each in avatar("list", "--json").json}["Bob"] == before["Bob"]
    assert paid_for(home) == 3
    again = avatar("upgrade", "--all", "--engine", "huggingface,offline")
    assert (results(again), service.asked.count("Bob")) == (["left"], 1), "it failed on its own, so it is not asked for"
    service.fails = {}
    assert results(avatar("upgrade", "--all", "--engine", "huggingface,offline", "--retry-failed")) == ["made"]
    assert set(engines(avatar).values()) == {"huggingface"}
    assert paid_for(home) == 4


@pytest.mark.parametrize("concurrency", [1, 3])
def test_an_upgrade_leaves_all_drawings_where_the_service_fails_for_everybody(
    avatar: Avatar, home: Home, file: Path, service: type[Failing], concurrency: int
) -> None:
    avatar("batch", file, "--engine", "offline", *SMALL)
    before = avatar("list", "--json").json
    service.fails = dict.fromkeys(("Ann", "Bob", "Cem"), EngineError("No credits.", ends_run=True))
    upgrade = ("upgrade", "--all", "--engine", "huggingface,offline")
    run = avatar(*upgrade, "--concurrency", concurrency)
    assert results(run) == ["left"] * 3
    assert "3 left as before." in run.err
    assert run.err.count("No credits.") == 1
    assert avatar("list", "--json").json == before
    service.fails = {}
    assert results(avatar(*upgrade)) == ["made"] * 3, "what failed as all would have is asked for again"
    assert paid_for(home) == 3
    assert set(run_sql(home, "SELECT status FROM generations")) == {("completed",)}, "no try is left behind"


def test_an_upgrade_without_a_token_leaves_drawings_and_says_why(
    avatar: Avatar, file: Path, service: type[Failing], monkeypatch: pytest.MonkeyPatch
) -> None:
    avatar("batch", file, "--engine", "offline", *SMALL)
    before = avatar("list", "--json").json
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    run = avatar("upgrade", "--all", "--engine", "huggingface,offline")
    assert results(run) == ["left"] * 3
    assert run.err.count("There is no token of Hugging Face.") == 1
    assert "3 left as before." in run.err
    assert service.asked == []
    assert avatar("list", "--json").json == before
    ids = [each["id"] for each in before]
    assert sorted(avatar("upgrade", *ids, "--engine", "huggingface,offline", "--quiet").out.split()) == sorted(ids)


def test_a_limit_leaves_nothing_for_good(avatar: Avatar, file: Path, service: type[Failing]) -> None:
    service.fails = {}
    avatar("batch", file, "--engine", "offline", *SMALL)
    avatar("config", "set", "max_images_day", "2")
    run = avatar("upgrade", "--all", "--engine", "huggingface,offline", code=5)
    assert "left as before" not in run.err
    assert sorted(engines(avatar).values()) == ["huggingface", "huggingface", "offline"]


def test_an_upgrade_makes_no_drawing_of_a_photograph(avatar: Avatar, file: Path, service: type[Failing]) -> None:
    service.fails = {}
    avatar("batch", file, "--engine", "huggingface", *SMALL)
    before = avatar("list", "--json").json
    service.fails = {"Ann": EngineRefused("It refuses.")}
    run = avatar("upgrade", *[each["id"] for each in before], "--engine", "huggingface,offline", "--width", 128)
    assert sorted(results(run)) == ["left", "made", "made"]
    assert set(engines(avatar).values()) == {"huggingface"}


def test_it_can_be_set(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_ENGINE", "huggingface, offline")
    made = avatar("generate", "--persona-name", "Bob", "--art-style", "micah", *SMALL, "--json").json
    assert (made["avatar"]["engine"], made["avatar"]["recipe"]["options"]["art_style"]) == ("offline", "micah")


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("huggingface,dalle", "in which 'dalle' is no engine"),
        ("offline,offline", "in which 'offline' is named twice"),
        ("auto,offline", "in which 'auto' is no engine"),
        ("huggingface,", "in which '' is no engine"),
        ("offline,huggingface", "its pictures are paid for"),
    ],
)
def test_what_cannot_be_fallen_back_to_is_refused(avatar: Avatar, engine: str, said: str) -> None:
    assert said in avatar("generate", "--persona-name", "Ann", "--engine", engine, code=2).err
