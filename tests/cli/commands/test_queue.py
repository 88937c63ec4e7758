"""avatar queue|cancel|retry|prune|logs: what waits, and what is to become of it."""

import os
import re
import time
from contextlib import closing
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import Library
from avatar_creator.storage import portions
from cli.commandline import SMALL, Avatar, plain, shell, terminal
from cli.jobs import queue, without_worker

LATER = ("--at", "+2h")


def test_nothing_is_queued(avatar: Avatar) -> None:
    assert avatar("queue").out == ""
    assert avatar("queue", "--json").json == []
    assert "Nothing is made, and nothing waits. Try: avatar generate --detach" in plain(terminal("queue").out)


def test_the_queue_is_in_the_order_in_which_it_is_made(avatar: Avatar) -> None:
    low, high = queue(avatar, *LATER, "--priority", -5), queue(avatar, *LATER, "--priority", 5)
    usual = queue(avatar, *LATER, "--count", 2)
    order = [*high, *usual, *low]
    assert avatar("queue", "--quiet").out.split() == order
    assert [line[0] for line in avatar("queue").lines] == order
    assert [entry["id"] for entry in avatar("queue", "--json").json] == order
    assert avatar("queue", "-q", "-n", 2).out.split() == order[:2]


def test_a_line_says_what_is_waited_for(avatar: Avatar) -> None:
    (first,) = queue(avatar, *LATER)
    (second,) = queue(avatar, "--after", first, "--priority", 9)
    lines = {line[0]: line for line in avatar("queue").lines}
    assert {len(line) for line in lines.values()} == {12}
    assert lines[first][1:6] == ["pending", "0", "queued", "0", "its time"]
    assert lines[second][4:6] == ["9", f"{first}, which is pending"]
    entries = {entry["id"]: entry for entry in avatar("queue", "--json").json}
    assert entries[first]["waiting_until"] == entries[first]["not_before"] == lines[first][6]
    assert entries[second]["expected_at"] is None


@pytest.mark.parametrize("columns", [80, 200])
def test_the_table_fits_and_says_why(avatar: Avatar, home: Home, columns: int) -> None:
    (first,) = queue(avatar, *LATER)
    (second,) = queue(avatar, "--after", first)
    seen = plain(terminal("queue", columns=columns).out)
    assert all(len(line) <= columns for line in seen.splitlines())
    assert re.search(r"waits \d+ min: its time", seen)
    assert f"{first}, which" in seen
    listed = plain(terminal("status", columns=columns).out)
    assert all(len(line) <= columns for line in listed.splitlines())
    assert re.search(r"waits \d+ min: its time", listed)
    assert f"{first}, which" in listed
    assert "No worker runs" not in seen
    without_worker(avatar, home)
    words = " ".join(plain(terminal("queue", columns=columns).out).split())
    assert "Warning: No worker runs. Start one: avatar worker start" in words
    assert second in words


def test_it_says_whose_picture_each_row_is(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "cast.csv"
    file.write_text("id,name,age,gender\n7,Jürgen Müller,61,male\n8,Ana Núñez de la Torre y Castellanos,34,\n")
    avatar("batch", file, *SMALL, "--detach", *LATER)
    whose = [["Jürgen Müller", "7"], ["Ana Núñez de la Torre y Castellanos", "8"]]
    assert [line[-2:] for line in avatar("queue").lines] == whose
    assert [line[-2:] for line in avatar("status").lines] == whose[::-1]
    first = avatar("queue", "--json").json[0]
    assert (first["name"], first["persona_id"]) == ("Jürgen Müller", "7")
    assert first["persona"] == {"name": "Jürgen Müller", "age": 61, "personality": [], "background": None}
    assert first["attributes"]["gender"] == "male"
    for command in ("queue", "status"):
        rows = [line for line in plain(terminal(command, columns=120).out).splitlines() if "gen_" in line]
        assert [("7: Jürgen Müller" in row, "8: Ana Núñez" in row) for row in rows].count((True, False)) == 1
        assert len(rows) == 2
    card = plain(terminal("status", first["id"]).out)
    assert re.search(r"name +Jürgen Müller\npersona id +7\npersona age +61\ngender +male\n", card)


def test_a_worker_that_could_not_start_is_told(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, *LATER)
    (other,) = queue(avatar, "--after", id_)
    without_worker(avatar, home)
    home.worker_errors.write_text("Error: The disk is full.\nHint: Make room.\n")
    assert "Warning: No worker runs. The last one said: Error: The disk is full. Start one" in avatar("queue").err
    assert avatar("worker", "status", "--json").json["last_failure"] == "Error: The disk is full."
    assert "last failure  Error: The disk is full.\n" in plain(terminal("worker", "status").out)
    waiting = {line[0]: line[5] for line in avatar("queue").lines}
    assert waiting == {id_: "its time", other: f"{id_}, which is pending"}


def test_who_would_be_next_waits_for_a_worker_that_is_not_there(avatar: Avatar, home: Home, library: Library) -> None:
    queue(avatar, *LATER)
    without_worker(avatar, home)
    (id_,) = avatar("queue", "-q").out.split()
    avatar("cancel", id_)
    library.app.generations.retry(id_, None)
    assert avatar("status", id_, "--json").json["waiting_for"] == "a worker: none runs"


# -- cancel


def test_cancel_ends_what_waits(avatar: Avatar) -> None:
    first, second, third = queue(avatar, *LATER, "--count", 3)
    (line,) = avatar("cancel", first).lines
    assert (line[0], line[1], line[9]) == (first, "cancelled", f"To make it after all: avatar retry {first}")
    (made,) = avatar("cancel", second, "--json", "--now").json
    assert (made["status"], made["error"]["code"]) == ("cancelled", "cancelled")
    assert avatar("cancel", third, "-q").out == f"{third}\n"
    assert avatar("queue").out == ""


def test_cancel_leaves_what_has_ended(avatar: Avatar) -> None:
    made = avatar.generate()["id"]
    run = avatar("cancel", made)
    assert run.lines[0][1] == "completed"
    assert "1 had ended before." in run.err


def test_of_very_many_that_are_cancelled_a_terminal_shows_a_screenful(avatar: Avatar) -> None:
    ids = queue(avatar, *LATER, "--count", 52)
    seen = plain(terminal("cancel", "--all", "--yes").out)
    assert [id_ in seen for id_ in ids] == [True] * 50 + [False] * 2
    assert "50 of 52 generations are shown." in seen
    assert len(avatar("retry", "--cancelled").lines) == 52


def test_what_an_inline_run_has_not_begun_is_shown_and_counted(avatar: Avatar, library: Library) -> None:
    mine = queue(avatar, *LATER)
    plan_ = library.plan(library.request(prompt="nobody", engine="offline", count=9, width_px=64, height_px=64))
    with closing(library.make(plan_)) as outcomes:  # several may have ended when the first is yielded
        first = next(outcomes).generation.id
        shown = avatar("queue", "-n", 3)
        assert "3 of" in shown.err
        assert int(shown.err.split()[2].rstrip(";")) >= 4
        waits = {line[0]: line[5] for line in avatar("queue").lines}
    assert first not in waits
    assert "its turn in the run that asked for it" in waits.values()
    assert "its time" in waits[mine[0]]
    assert avatar("queue", "--quiet").out.split() == mine


def test_a_batch_is_cancelled_and_tried_again_alone(avatar: Avatar) -> None:
    """What one command asked for; what was cancelled by itself, or before, is none of its business."""
    (other,) = queue(avatar, *LATER)
    ids = queue(avatar, *LATER, "--count", 3)
    avatar("cancel", other)
    shown = {entry["id"]: entry["batch_id"] for entry in avatar("status", "--json").json}
    assert shown[other] is None
    (batch,) = {shown[id_] for id_ in ids}
    assert f"batch    {batch}" in plain(terminal("status", ids[0]).out)
    assert sorted(avatar("cancel", "--batch", batch, "--yes", "--quiet").out.split()) == ids
    assert sorted(avatar("retry", "--batch", batch.removeprefix("bat_"), "--quiet").out.split()) == ids
    assert avatar("status", other, "--json").json["status"] == "cancelled"


def test_an_interrupt_says_what_waits_still(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(avatar, *LATER, "--count", 3)
    monkeypatch.setattr("avatar_creator.jobs.cancel._PAGE", 1)
    monkeypatch.setattr(portions, "PORTION_S", 0)
    with monkeypatch.context() as interrupting:
        interrupting.setattr(time, "sleep", interrupted)
        run = avatar("cancel", "--all", "--yes", code=130)
    assert "what was cancelled stays so; still waiting: 2 generations." in run.err
    assert sorted(line[1] for line in avatar("status").lines) == ["cancelled", "pending", "pending"]


def interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("command", ["cancel", "retry"])
def test_something_must_say_which(avatar: Avatar, command: str) -> None:
    every = {"cancel": "--all", "retry": "--failed"}[command]
    said = avatar.refused(command)
    assert f"Give ids, - for ids from stdin, --project, --batch or {every}." in said
    (id_,) = queue(avatar, *LATER)
    assert "Ids are given, and more than that." in avatar.refused(command, id_, every)
    assert "Ids are given, and more than that." in avatar.refused(command, id_, "--project", "default")
    assert "There is no generation 'gen_nope'." in avatar.refused(command, id_, "gen_nope", code=3)
    assert "There is no batch 'bat_nope'." in avatar.refused(command, "--batch", "bat_nope", code=3)
    assert "There is no project 'nowhere'." in avatar.refused(command, "--project", "nowhere", code=3)
    assert "There is no project ''." in avatar.refused(command, every, "--project", "", code=3), "an unset variable"
    assert avatar("status", id_, "--json").json["status"] == "pending", "all or none"


@pytest.mark.parametrize("which", ["--all", "--project=other"])
def test_many_are_cancelled_only_by_a_yes(avatar: Avatar, which: str) -> None:
    avatar("project", "create", "other")
    ids = queue(avatar, *LATER, "--count", 2, "--project", "other")
    assert "Cancel 2 generations? There is no terminal to ask on.\nHint: Say --yes" in avatar.refused("cancel", which)
    no = terminal("cancel", which, typed="n\n")
    assert (no.code, "Nothing was cancelled." in plain(no.out)) == (130, True)
    assert avatar("queue", "-q").out.split() == ids
    assert terminal("cancel", which, typed="y\n").code == 0
    assert avatar("cancel", which, "--yes").out == ""
    assert {line[1] for line in avatar("status").lines} == {"cancelled"}


def test_there_may_be_nothing_to_do(avatar: Avatar) -> None:
    avatar.generate()
    assert avatar("cancel", "--all").err == "Nothing waits, and nothing is made.\n"
    assert avatar("retry", "--failed").err == "None has failed.\n"
    assert avatar("retry", "--cancelled").err == "None was cancelled.\n"
    assert avatar("retry", "--failed", "--cancelled").err == "None has failed or was cancelled.\n"
    assert avatar("cancel", "--all", "--json").json == avatar("retry", "--failed", "--json").json == []
    assert plain(terminal("cancel", "--all").out) == "Nothing waits, and nothing is made.\n"


# -- retry


def test_retry_of_what_is_completed_is_refused_and_changes_nothing(avatar: Avatar) -> None:
    made = avatar.generate()["id"]
    (cancelled,) = queue(avatar, *LATER)
    avatar("cancel", cancelled)
    said = avatar.refused("retry", cancelled, made)
    assert f"The generation {made} is completed." in said
    assert avatar("status", cancelled, "--json").json["status"] == "cancelled"


def test_retry_makes_what_was_cancelled_with_the_same_seed(avatar: Avatar) -> None:
    (id_,) = queue(avatar, *LATER, "--seed", 77)
    avatar("cancel", id_)
    (line,) = avatar("retry", id_).lines
    assert line[:2] == [id_, "pending"]
    avatar("wait", id_)
    made = avatar("status", id_, "--json").json
    assert (made["status"], made["seed"], made["avatar"]["seed"], made["error"]) == ("completed", 77, 77, None)


def test_retry_all_that_failed(avatar: Avatar) -> None:
    (first,) = queue(avatar, *LATER)
    (second,) = queue(avatar, "--after", first)
    avatar("cancel", first)
    assert avatar("status", second, "--json").json["status"] == "failed"
    avatar("retry", first)
    avatar("wait", first)
    assert avatar("retry", "--failed", "-q").out == f"{second}\n"
    assert avatar("wait", second).out.endswith(".jpg\n")


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
def test_ids_come_through_pipes(avatar: Avatar, home: Home) -> None:
    queue(avatar, *LATER, "--count", 2)
    run = shell(
        "avatar queue -q | avatar cancel - -q | avatar retry - | avatar wait - | wc -l", AVATAR_HOME=str(home.root)
    )
    assert (run.code, run.out.strip()) == (0, "2")


# -- logs and prune


def test_logs_tell_all_that_happened(avatar: Avatar) -> None:
    (id_,) = queue(avatar)
    avatar("wait", id_)
    events = avatar("logs", id_, "--json").json
    assert [event["event"] for event in events] == ["queued", "begun", "completed"]
    assert [line[1] for line in avatar("logs", id_).lines] == ["queued", "begun", "completed"]
    assert [line[0] for line in avatar("logs", id_).lines] == [event["at"] for event in events]
    seen = plain(terminal("logs", id_).out)
    assert seen.startswith("when (UTC) ")
    assert events[0]["at"][:23].replace("T", " ") in seen
    assert "There is no generation 'gen_nope'." in avatar.refused("logs", "gen_nope", code=3)


def test_prune_forgets_details_and_keeps_avatars(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    made = avatar.generate()
    before = avatar("status", made["id"], "--json").json
    assert avatar("prune").err == "Forgotten: 0 generations.\n"
    monkeypatch.setenv("AVATAR_KEEP_COMPLETED_H", "0")
    assert avatar("prune") == (0, "", "Forgotten: 1 generation.\n")
    assert avatar("status").out == ""
    assert avatar("show", made["avatar"]["id"], "--json").json["id"] == made["avatar"]["id"]
    assert avatar("wait", made["id"]).out.strip() == made["avatar"]["image_path"]
    (forgotten,) = avatar("wait", made["id"], "--json").json
    assert (forgotten["status"], forgotten["avatar"]["id"]) == ("completed", made["avatar"]["id"])
    assert forgotten.keys() == before.keys()
    unknown = {name for name in before if forgotten[name] is None and before[name] is not None}
    assert unknown == {"attempt", "pictures", "paid", "started_at", "detached", "priority", "interruptions"}
    known = before.keys() - unknown - {"created_at", "updated_at", "finished_at"}
    assert {name: forgotten[name] for name in known} == {name: before[name] for name in known}
    (follower,) = queue(avatar, "--after", made["id"], "--at", "+1h")
    assert avatar("status", follower, "--json").json["after"] == made["id"]
    assert ["generations", "1", "completed", "offline"] in avatar("stats").lines


@pytest.mark.parametrize("form", ["whole", "prefix", "bare"])
def test_a_forgotten_generations_id_finds_its_avatar_for_ever(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    made = avatar.generate()
    kept = made["avatar"]
    monkeypatch.setenv("AVATAR_KEEP_COMPLETED_H", "0")
    avatar("prune")
    id_ = {"whole": made["id"], "prefix": made["id"][:-1], "bare": made["id"].removeprefix("gen_")}[form]
    assert avatar("wait", id_, "--quiet").out == f"{kept['id']}\n"
    assert avatar("status", id_).lines[0][:2] == [made["id"], "completed"]
    assert avatar("status", id_, "--watch").lines[0][:2] == [made["id"], "completed"]
    assert "is forgotten" in avatar("logs", id_).err
    assert "is completed." in avatar.refused("retry", id_)
    assert "1 had ended before" in avatar("cancel", id_).err
    if form == "bare":  # to these commands it is the id of an avatar
        return
    assert avatar("path", id_).out == f"{kept['image_path']}\n"
    assert kept.items() <= avatar("show", id_, "--json").json.items()
    assert avatar("edit", id_, "--name", "Bea", "--json").json["id"] == kept["id"]
    avatar("use", id_, "--app", "web", "--action", "shown")
    assert avatar("usage", id_, "--json").json["avatar_id"] == kept["id"]
    avatar("delete", id_, "--yes")
    assert "There is no generation" in avatar.refused("path", id_, code=3)


def test_a_prefix_of_a_forgotten_and_a_kept_generation_fits_two(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = avatar.generate()
    monkeypatch.setenv("AVATAR_KEEP_COMPLETED_H", "0")
    avatar("prune")
    monkeypatch.delenv("AVATAR_KEEP_COMPLETED_H")
    second = avatar.generate()
    said = avatar.refused("path", first["id"][:8])
    assert first["id"] in said
    assert second["id"] in said


def test_a_wait_is_said_in_the_status_of_one(avatar: Avatar) -> None:
    ended = avatar("generate", "--persona-name", "Ann", *SMALL, "-d", "--at", "+3d", "--json").json
    seen = plain(terminal("status", ended["id"]).out)
    assert f"until {ended['not_before'][:10]} {ended['not_before'][11:16]} UTC (3 d): its time\n" in seen
