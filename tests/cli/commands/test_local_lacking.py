"""The local engine on a machine that lacks what it needs: it is said before anything is queued."""

import os
from pathlib import Path

import pytest

from avatar_creator.engines.local import libraries
from avatar_creator.home import Home
from cli.commandline import Avatar, start
from cli.jobs import until_a_worker_runs
from waiting import LONG_S, until

LOCAL = ("--engine", "local")
SAID = "The local engine needs torch"
INSTALL = "Install it: pip install 'avatar-creator[local]'"
ELSEWHERE = "ssh gpu2 avatar engine-process"


@pytest.fixture(autouse=True)
def _lacks_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "find_spec", lambda _name: None)


@pytest.fixture
def table(tmp_path: Path) -> str:
    file = tmp_path / "people.csv"
    file.write_text("name,age\nAnn,31\nBob,44\n")
    return str(file)


def test_nothing_is_queued_that_no_worker_could_make(avatar: Avatar, table: str) -> None:
    for command in (("generate", "--persona-name", "Ann"), ("batch", table)):
        said = avatar.refused(*command, *LOCAL, "--detach", code=4)
        assert SAID in said
        assert INSTALL in said
    assert avatar("queue", "--json").json == []


def test_a_dry_run_says_what_lacks(avatar: Avatar, table: str) -> None:
    for command in (("generate", "--persona-name", "Ann"), ("batch", table)):
        said = avatar(*command, *LOCAL, "--dry-run").err
        assert f"Warning: {SAID}" in said
        assert f"\nHint: {INSTALL}\n" in said


def test_a_plan_for_other_machines_is_made(avatar: Avatar, table: str, tmp_path: Path) -> None:
    said = avatar("batch", "plan", table, *LOCAL, "--shards", 2, "-o", tmp_path / "plan").err
    assert SAID not in said


def test_where_engine_processes_run_elsewhere_this_machine_lacks_nothing(
    avatar: Avatar, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVATAR_ENGINE_PROCESSES", ELSEWHERE)
    for command in (("generate", "--persona-name", "Ann"), ("batch", table)):
        assert SAID not in avatar(*command, *LOCAL, "--dry-run").err


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Windows has no sleep")
def test_nor_where_those_of_the_worker_do(avatar: Avatar, home: Home) -> None:
    with start("worker", "run", "--engine-process", f"sleep {LONG_S}") as worker:
        until_a_worker_runs(home)
        until(lambda: avatar("worker", "status", "--json").json["engine_processes"])
        assert "unused" in avatar("worker", "status").out
        avatar("generate", "--persona-name", "Ann", *LOCAL, "--detach")
        avatar("worker", "stop", "--now")
        worker.wait(LONG_S)
