"""What another version of this program has queued is made, or refused with a hint: never a bug."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from avatar_creator.home import Home
from cli.commandline import Avatar
from cli.jobs import queue, without_worker

# Every version wrote these, and nothing stands for them.
NEEDED = {"persona", "attributes", "prompt", "full_prompt", "negative_prompt"}
JUNK: tuple[Any, ...] = (None, True, -7, 1.5, "x", "", [], ["x"], [None], {}, {"x": 1})


@pytest.fixture
def avatar(home: Home, capfd: pytest.CaptureFixture[str]) -> Avatar:  # noqa: ARG001 - a home of the test's own
    return Avatar(capfd)


def made(avatar: Avatar, home: Home, change: Any) -> list[tuple[str, str, Any]]:
    """Queue a generation, have the worker make it as `change` leaves it, and return all that was changed."""
    queue(avatar, "--at", "+1h", "--prompt", "in an office", "--gender", "female")
    without_worker(avatar, home)
    with closing(sqlite3.connect(home.database, isolation_level=None)) as rows:
        ((id_, text),) = rows.execute("SELECT id, request FROM generations").fetchall()
        columns = [name for _, name, *_ in rows.execute("PRAGMA table_info(generations)")]
        kept = json.loads(text)
        changed = list(change(kept))
        for number, (what, request) in enumerate(changed):
            new = {"id": f"'{id_[:-4]}{number:04}'", "avatar_id": f"'av_{number:013}'", "request": "?"}
            names = ", ".join(new.get(name, name) for name in columns)
            sql = f"INSERT INTO generations ({', '.join(columns)}) SELECT {names} FROM generations WHERE id = ?"
            rows.execute(sql, (request if what == "no JSON" else json.dumps(request), id_))
        rows.execute("UPDATE generations SET not_before = NULL WHERE id <> ?", (id_,))
        rows.execute("DELETE FROM generations WHERE id = ?", (id_,))
        avatar("worker", "run", "--idle", 0)
        ended = rows.execute("SELECT status, error_code, error_message, error_hint FROM generations ORDER BY id")
        return [(what, status, rest) for (what, _), (status, *rest) in zip(changed, ended, strict=True)]


def without(kept: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the request without each of its keys."""
    for key in kept:
        yield key, {name: value for name, value in kept.items() if name != key}
    for part in ("persona", "attributes"):
        for key in kept[part]:
            yield f"{part}.{key}", kept | {part: {name: v for name, v in kept[part].items() if name != key}}


def with_more(kept: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "more", kept | {"wings": "two"}
    for part in ("persona", "attributes"):
        yield f"{part}.more", kept | {part: kept[part] | {"wings": "two"}}


def with_junk(kept: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "no JSON", "{"
    for junk in JUNK:
        for key in kept:
            yield f"{key} = {junk}", kept | {key: junk}
        for part in ("persona", "attributes"):
            for key in kept[part]:
                yield f"{part}.{key} = {junk}", kept | {part: kept[part] | {key: junk}}
        yield f"all = {junk}", junk


def test_what_an_older_version_did_not_ask_has_its_default(avatar: Avatar, home: Home) -> None:
    for what, status, said in made(avatar, home, without):
        if what in NEEDED:
            assert (status, said[0]) == ("failed", "invalid"), (what, said)
            assert what in said[1]
            assert "avatar generate" in said[2]
        else:
            assert (status, said) == ("completed", [None] * 3), (what, said)


def test_what_only_a_newer_version_asks_is_left_out(avatar: Avatar, home: Home) -> None:
    assert [(what, status) for what, status, _ in made(avatar, home, with_more)] == [
        ("more", "completed"),
        ("persona.more", "completed"),
        ("attributes.more", "completed"),
    ]


def test_what_cannot_be_understood_is_refused_with_a_hint(avatar: Avatar, home: Home) -> None:
    ended = made(avatar, home, with_junk)
    refused = [(what, said) for what, status, said in ended if status != "completed"]
    assert {said[0] for _, said in refused} == {"invalid"}
    assert not [what for what, (_, _, hint) in refused if not hint]
    for command in ("status", "queue", "stats"):
        avatar(command)
    generations = avatar("status", "--all", "--json").json
    avatar("retry", *(each["id"] for each in generations if each["status"] == "failed"), "--quiet")
