"""Engines of photographs that are named together: whichever is free and allowed makes a picture."""

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import EnginePlan, Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.engines.table import Apart, Entry
from avatar_creator.errors import EngineError, EngineRefused, NotConfigured
from avatar_creator.home import Home
from cli import paid
from cli.commandline import SMALL, Avatar
from sql import run_sql

BOTH = ("--engine", "huggingface,home", *SMALL)
PEOPLE = 12


class Service(paid.Paid):
    """Fails as it is told."""

    fails: EngineError | None = None

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        if self.fails is not None:
            watch.begin_call()
            raise self.fails
        return super().generate(request, watch)


class AtHome(OfflineEngine):
    """Makes one picture at a time, for nothing; fails by name, as it is told."""

    name = "home"
    most_at_once = 1
    takes_s = 0.1
    lacks: str | None = None
    fails: dict[str | None, EngineError] = {}  # noqa: RUF012 - of the class, since engines are loaded anew

    def check(self, _options: Mapping[str, Any]) -> None:
        if self.lacks is not None:
            raise NotConfigured(self.lacks)

    def plan(self, _request: PictureRequest) -> EnginePlan:
        return EnginePlan("home/test", {}, options={"steps": 4})

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        if error := self.fails.get(request.persona.name):
            raise error
        time.sleep(self.takes_s)
        return super().generate(request._replace(options={}), watch)


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    """A service that takes money, and an engine of one's own."""
    assert not home.root.exists()
    monkeypatch.setitem(ENGINES, paid.NAME, paid.ENTRY._replace(place=f"{__name__}:Service"))
    monkeypatch.setitem(ENGINES, "home", Entry(f"{__name__}:AtHome"))
    monkeypatch.setenv("AVATAR_HF_TOKEN", "hf_abcdefghij")
    monkeypatch.setattr(AtHome, "fails", {})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("name\n" + "".join(f"Ann {n}\n" for n in range(PEOPLE)), "utf-8")
    return path


def made_by(home: Home) -> Counter[str]:
    return Counter(engine for (engine,) in run_sql(home, "SELECT engine FROM avatars"))


def paid_for(home: Home) -> int:
    return int(run_sql(home, "SELECT coalesce(sum(pictures), 0) FROM charge_tally")[0][0])


def reserved(home: Home) -> int:
    return int(run_sql(home, "SELECT coalesce(sum(pictures), 0) FROM reserved_tally")[0][0])


@pytest.mark.parametrize("named", ["huggingface,home", "home,huggingface"])
def test_both_make_some_and_what_was_not_paid_for_costs_nothing(
    avatar: Avatar, home: Home, file: Path, named: str
) -> None:
    run = avatar("batch", file, *BOTH, "--engine", named, "--concurrency", 3)
    assert [line[1] for line in run.lines] == ["made"] * PEOPLE
    made = made_by(home)
    assert made.total() == PEOPLE
    assert set(made) == {"huggingface", "home"}
    assert (paid_for(home), reserved(home)) == (made["huggingface"], 0)
    found = {each["engine"]: each for each in avatar("list", "--json").json}
    assert (found["home"]["recipe"]["engine"], "fallback" in found["home"]["recipe"]) == ("home", False)
    generations = [avatar("status", each["generation_id"], "--json").json for each in found.values()]
    assert {each["engine"]: (each["model"], each["paid"], each["pictures"]) for each in generations} == {
        "home": ("home/test", False, 0),
        "huggingface": ("paid/test", True, 1),
    }
    again = avatar("batch", file, "--engine", "huggingface,home", *SMALL)
    assert [line[1] for line in again.lines] == ["exists"] * PEOPLE
    assert made_by(home) == made


def test_what_is_free_goes_first(avatar: Avatar, home: Home) -> None:
    avatar.generate(*BOTH)
    assert (made_by(home), paid_for(home)) == ({"home": 1}, 0)


def test_what_one_fails_to_make_the_other_makes(avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AtHome, "fails", {"Ann": EngineError("It came out black.")})
    made = avatar.avatar(*BOTH)
    assert (made["engine"], "fallback" in made["recipe"], paid_for(home)) == ("huggingface", False, 1)
    assert "to huggingface: It came out black." in avatar("logs", made["generation_id"]).out


def test_a_drawing_is_made_where_all_of_them_failed(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AtHome, "fails", {"Ann": EngineError("It came out black.")})
    monkeypatch.setattr(Service, "fails", EngineRefused("The service refuses this picture."))
    made = avatar.avatar("--engine", "huggingface,home,offline")
    assert (made["engine"], paid_for(home), reserved(home)) == ("offline", 0, 0)
    generation = avatar("status", made["generation_id"], "--json").json
    assert [said.partition(",")[0] for said in generation["not_shown"]] == [
        "Made by another engine than home",
        "Made by another engine than huggingface",
    ]


def test_without_a_token_the_free_one_makes_all_and_that_is_said_once(
    avatar: Avatar, home: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    monkeypatch.setattr(AtHome, "takes_s", 0)
    run = avatar("batch", file, *BOTH)
    assert run.err.count("huggingface makes none of it: There is no token of Hugging Face.") == 1
    assert made_by(home) == {"home": PEOPLE}
    monkeypatch.setenv("AVATAR_HF_TOKEN", "hf_abcdefghij")
    assert [line[1] for line in avatar("batch", file, *BOTH).lines] == ["exists"] * PEOPLE


def test_where_the_free_one_lacks_something_the_other_makes_all(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AtHome, "lacks", "torch is not installed.")
    run = avatar("generate", *BOTH, "--persona-name", "Ann", "--json")
    assert "home makes none of it: torch is not installed." in run.err
    assert made_by(home) == {"huggingface": 1}


@pytest.mark.parametrize("command", [("generate", "--persona-name", "Ann"), ("batch",)])
@pytest.mark.parametrize("more", [(), ("--detach",)])
def test_where_all_lack_something_each_of_them_says_what(
    avatar: Avatar,
    home: Home,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    more: tuple[str, ...],
) -> None:
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    monkeypatch.setattr(AtHome, "lacks", "torch is not installed.")
    argv = (*command, *(() if "generate" in command else (file,)), *BOTH)
    lacks = [
        "huggingface makes none of it: There is no token of Hugging Face.",
        "home makes none of it: torch is not installed.",
    ]
    refused = avatar(*argv, *more, code=4).err
    for said in (refused, avatar(*argv, "--dry-run").err):
        assert [said.count(each) for each in lacks] == [1, 1]
    assert "Error: None of the engines that are named can make a picture: huggingface, home.\n" in refused
    assert "Hint: huggingface: Set it with: avatar config set hf_token.\n" in refused
    assert not home.database.exists() or made_by(home) == {}


@pytest.mark.parametrize(("processes", "is_known"), [("here", True), ("here; ssh gpu2 avatar engine-process", False)])
def test_what_other_machines_lack_is_not_known_here(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, processes: str, is_known: bool
) -> None:
    monkeypatch.setitem(ENGINES, "home", ENGINES["home"]._replace(apart=Apart.ALWAYS))
    monkeypatch.setattr(AtHome, "lacks", "torch is not installed.")
    monkeypatch.setenv("AVATAR_ENGINE_PROCESSES", processes)
    run = avatar("generate", *BOTH, "--persona-name", "Ann", "--dry-run")
    assert ("home makes none of it: torch is not installed." in run.err) is is_known


def test_when_a_limit_is_reached_the_free_one_goes_on_alone(
    avatar: Avatar, home: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVATAR_MAX_IMAGES_DAY", "2")
    avatar("batch", file, *BOTH, "--concurrency", 3)
    assert made_by(home) == {"home": PEOPLE - 2, "huggingface": 2}
    assert (paid_for(home), reserved(home)) == (2, 0)


def test_a_service_that_fails_for_all_leaves_all_to_the_other(
    avatar: Avatar, home: Home, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service, "fails", EngineError("No credits.", ends_run=True))
    monkeypatch.setattr(AtHome, "takes_s", 0.01)
    avatar("batch", file, *BOTH, "--concurrency", 2)
    assert (made_by(home), paid_for(home), reserved(home)) == ({"home": PEOPLE}, 0, 0)


def test_a_dry_run_says_both(avatar: Avatar, home: Home) -> None:
    run = avatar("generate", *BOTH, "--persona-name", "Ann", "--dry-run")
    assert dict(line[:2] for line in run.lines)["shared"] == "home (home/test), huggingface (paid/test)"
    assert "Shared by home and huggingface: whichever is free makes a picture." in run.err
    plan = avatar("generate", *BOTH, "--persona-name", "Ann", "--dry-run", "--json").json
    assert plan["shared"] == [
        {"engine": "home", "model": "home/test", "paid": False},
        {"engine": "huggingface", "model": "paid/test", "paid": True},
    ]
    assert not home.database.exists()


def test_one_that_draws_does_not_share(avatar: Avatar, home: Home) -> None:
    avatar.generate("--engine", "home,offline")
    assert made_by(home) == {"home": 1}
    assert "paid for" in avatar.refused("generate", "--engine", "offline,huggingface", "--persona-name", "Ann")


def test_shards_are_shared_and_merged_with_who_made_each(
    avatar: Avatar, home: Home, file: Path, tmp_path: Path
) -> None:
    avatar("batch", "plan", file, "--shards", 2, "-o", tmp_path / "plan", *BOTH)
    for shard in range(2):
        avatar("batch", "run", tmp_path / "plan", "--shard", shard, "--yes", "--concurrency", 3)
    avatar("batch", "merge", tmp_path / "plan")
    found = avatar("list", "--json").json
    made = Counter(each["engine"] for each in found)
    assert (made.total(), set(made)) == (PEOPLE, {"huggingface", "home"})
    assert all(each["recipe"]["engine"] == each["engine"] for each in found)
    assert [line[1] for line in avatar("batch", file, *BOTH).lines] == ["exists"] * PEOPLE
    assert made_by(home) == made
