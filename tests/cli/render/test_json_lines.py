"""--jsonl: what --json prints, an object a line, by every command that lists."""

import json
from pathlib import Path

import pytest

from cli.commandline import SMALL, Avatar
from cli.jobs import queue

LISTS = ("list", "status", "queue", "project list", "backup list", "cancel --all --yes", "retry --cancelled")


@pytest.mark.parametrize("command", LISTS)
def test_it_is_what_json_prints_an_object_a_line(avatar: Avatar, command: str) -> None:
    avatar.generate("--count", 2)
    avatar("backup", "create")
    queue(avatar, "--at", "+1h", "--persona-name", "Zoë\nB", "--count", 2)
    words = command.split()
    if words[0] == "retry":
        avatar("cancel", "--all", "--yes")
    lines = avatar(*words, "--jsonl").out.splitlines()
    documents = [json.loads(line) for line in lines]
    assert all(type(each) is dict for each in documents)
    if words[0] not in {"cancel", "retry"}:
        moving = {"expected_at", "waiting_until"}
        shown = [{k: v for k, v in each.items() if k not in moving} for each in avatar(*words, "--json").json]
        assert [{k: v for k, v in each.items() if k not in moving} for each in documents] == shown
    assert len(documents) == {"project": 1, "backup": 1, "status": 4}.get(words[0], 2)


def test_one_record_is_one_line(avatar: Avatar, tmp_path: Path) -> None:
    (line,) = avatar("generate", *SMALL, "--persona-name", "Ann", "--jsonl").out.splitlines()
    id_ = json.loads(line)["id"]
    for words in (("status", id_), ("wait", id_), ("status", "--watch", id_)):
        (line,) = avatar(*words, "--jsonl").out.splitlines()
        assert json.loads(line)["id"] == id_, words
    assert [json.loads(line)["event"] for line in avatar("logs", id_, "--jsonl").out.splitlines()]
    (tmp_path / "cast.csv").write_text("name\nBob\nCy\n", encoding="utf-8")
    run = avatar("batch", tmp_path / "cast.csv", *SMALL, "--jsonl")
    assert sorted(json.loads(line)["name"] for line in run.out.splitlines()) == ["Bob", "Cy"]


def test_nothing_is_no_line_and_errors_are_json(avatar: Avatar) -> None:
    assert avatar("list", "--jsonl").out == ""
    assert avatar("status", "gen_nope", "--jsonl", code=3).error["code"] == "not_found"
    assert avatar("list", "--json", "--jsonl", code=2).error["message"] == "json and jsonl are both given."
