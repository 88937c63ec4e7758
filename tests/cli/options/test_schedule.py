"""avatar generate --detach: what it takes, what it refuses, what it says."""

import json
import os
import shlex
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from avatar_creator.domain.records import Status
from avatar_creator.home import Home
from avatar_creator.library import Library
from cli.commandline import SMALL, Avatar, plain, shell, terminal
from cli.jobs import queue, without_worker
from waiting import until

WHO = ("generate", "--persona-name", "Ann", *SMALL)
KEEPS = """
import json, os
with open(r"{path}", "w") as file:
    json.dump({{name: value for name, value in os.environ.items() if name.startswith("AVATAR_")}}, file)
"""


@pytest.mark.parametrize(("option", "value"), [("--priority", 3), ("--after", "gen_x"), ("--at", "+1h")])
def test_what_orders_the_queue_needs_detach(avatar: Avatar, option: str, value: object) -> None:
    said = avatar.refused(*WHO, option, value)
    assert f"Error: {option[2:]} is for what the worker makes." in said
    assert "Add --detach." in said


@pytest.mark.parametrize(
    ("argv", "said", "code"),
    [
        (("--at", "soon"), "at is 'soon', which is no time.", 2),
        (("--at", "2020-01-01T00:00"), "which is past", 2),
        (("--at", "+400d"), "more than a year ahead", 2),
        (("--priority", 1001), "priority is '1001', outside -1000 to 1000.", 2),
        (("--priority", "high"), "Invalid value for '--priority'", 2),
        (("--after", "gen_nope"), "There is no generation 'gen_nope'.", 3),
        (("--on-done", ""), "on done is empty.", 2),
        (("--on-done", "say 'done"), "No closing quotation.", 2),
        (("--preview",), "preview is for what is made now", 2),
        (("--concurrency", 3), "concurrency is for what is made now", 2),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_bad_orders_queue_nothing(avatar: Avatar, argv: tuple[object, ...], said: str, code: int) -> None:
    assert said in avatar.refused(*WHO, "--detach", *argv, code=code)
    assert avatar("status", "--json").json == []


def test_a_pipe_gets_a_line_of_each_that_is_queued(avatar: Avatar) -> None:
    lines = avatar(*WHO, "--detach", "--count", 3, "--at", "+1h", "--priority", -7).lines
    assert {len(line) for line in lines} == {26}
    assert [line[1:4] for line in lines] == [["pending", "0", "queued"]] * 3
    assert [line[16] for line in lines] == ["-7"] * 3
    assert [line[0] for line in lines] == sorted(line[0] for line in lines)


def test_json_has_the_orders(avatar: Avatar) -> None:
    (first,) = queue(avatar, "--at", "+1h")
    soon = datetime.now(UTC) + timedelta(hours=1)
    made = avatar(*WHO, "-d", "--after", first[:-1], "--priority", 2, "--at", "+1h", "--json").json
    assert (made["status"], made["detached"], made["priority"], made["after"]) == ("pending", True, 2, first)
    assert made["waiting_for"] == f"{first}, which is pending"
    assert made["credential"] is None
    assert abs(datetime.fromisoformat(made["not_before"]) - soon) < timedelta(minutes=1)
    both = avatar(*WHO, "-d", "--at", "+1h", "--count", 2, "--json").json
    assert [one["status"] for one in both] == ["pending", "pending"]


def test_quiet_says_nothing_but_ids(avatar: Avatar) -> None:
    run = avatar(*WHO, "-d", "-q", "--at", "+1h", "--count", 2, "--engine", "offline")
    assert [line[:4] for line in run.out.splitlines()] == ["gen_", "gen_"]
    assert run.err == ""


def test_a_dry_run_queues_nothing_and_starts_nobody(avatar: Avatar, home: Home) -> None:
    assert avatar(*WHO, "--detach", "--dry-run", "--json").json["engine"] == "offline"
    assert not home.worker_lock.exists()


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_person_is_told_what_to_do_next(home: Home, env: dict[str, str]) -> None:  # noqa: ARG001 - where it goes
    seen = terminal(*WHO, "--detach", "--at", "+2h", env=env).out
    text = plain(seen)
    id_ = next(line for line in text.splitlines() if line.startswith("id ")).split()[1]
    assert "status   pending\n" in text
    assert " (120 min): its time\n" in text or " (2 h): its time\n" in text
    assert f"avatar status {id_} --watch" in text
    assert f"avatar wait {id_}" in text
    assert "\nbegun" not in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b[" not in seen or env != {"TERM": "dumb"}
    several = plain(terminal(*WHO, "--detach", "--at", "+2h", "--count", 2).out)
    assert "See them: avatar queue\n" in several


def test_a_worker_on_its_way_is_not_called_missing(home: Home) -> None:  # noqa: ARG001
    text = plain(terminal(*WHO, "--detach").out)
    assert "none runs" not in text


def _noting(path: Path) -> str:
    """Return a command line, as for a shell, that notes the variables it gets."""
    script = path.with_suffix(".py")
    script.write_text(KEEPS.format(path=path).replace("{{", "{").replace("}}", "}"))
    return f'"{Path(sys.executable).as_posix()}" "{script.as_posix()}"'


@pytest.mark.parametrize("detach", [("--detach",), ()], ids=["detached", "inline"])
def test_the_command_of_on_done_gets_id_status_and_path(
    avatar: Avatar, home: Home, tmp_path: Path, detach: tuple[str, ...]
) -> None:
    told = tmp_path / "told of it.json"
    id_ = avatar(*WHO, *detach, "-q", "--on-done", _noting(told)).out.strip()
    made = avatar("wait", id_).out.strip()
    until(lambda: told.exists() and told.read_text().endswith("}"))
    got = json.loads(told.read_text())
    assert (got["AVATAR_GENERATION_ID"], got["AVATAR_GENERATION_STATUS"]) == (id_, "completed")
    assert (got["AVATAR_GENERATION_PATH"], got["AVATAR_HOME"]) == (made, str(home.root))
    until(lambda: any(event[1] == "on_done" for event in avatar("logs", id_).lines))


def test_a_cancelled_one_is_told_without_a_path(avatar: Avatar, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    (id_,) = queue(avatar, "--at", "+1h", "--on-done", _noting(told))
    avatar("cancel", id_)
    until(lambda: told.exists() and told.read_text().endswith("}"))
    got = json.loads(told.read_text())
    assert (got["AVATAR_GENERATION_STATUS"], got["AVATAR_GENERATION_PATH"]) == ("cancelled", "")


@pytest.mark.skipif(os.name != "posix", reason="the words of this system")
def test_a_command_that_is_not_there_spoils_nothing(avatar: Avatar) -> None:
    (id_,) = queue(avatar, "--on-done", "no-such-program-anywhere")
    avatar("wait", id_)
    until(lambda: any(event[1] == "on_done" for event in avatar("logs", id_).lines))
    said = [event[2] for event in avatar("logs", id_).lines if event[1] == "on_done"]
    assert said == ["no-such-program-anywhere could not be started: No such file or directory"]


def test_one_after_another_that_failed_fails_with_it(avatar: Avatar, library: Library) -> None:
    (first,) = queue(avatar, "--at", "+1h")
    (second,) = queue(avatar, "--after", first)
    (third,) = queue(avatar, "--after", second)
    avatar("cancel", first)
    until(lambda: library.app.queries.get_generation(third).error is not None)
    for id_ in (second, third):
        failed = avatar("status", id_, "--json").json
        assert (failed["status"], failed["error"]["code"]) == ("failed", "after")
    avatar("retry", first, second, third)
    assert len(avatar("wait", first, second, third).out.splitlines()) == 3


@pytest.mark.parametrize("place", ["line", "logs"])
@pytest.mark.parametrize("form", ["--quiet", "--json"])
def test_what_is_queued_is_told_where_no_worker_can_be_started(
    avatar: Avatar, home: Home, place: str, form: str
) -> None:
    home.create()
    (home.root / place).touch()  # or a full disk, or a folder of root's
    run = avatar("generate", *SMALL, "--persona-name", "Ann", "--detach", form, code=6)
    (queued,) = avatar("status", "--json").json
    assert (run.json["id"] if form == "--json" else run.out.strip()) == queued["id"]
    assert "What was queued is kept." in run.err
    assert str(home.root / place) in run.err


def test_what_is_tried_again_is_told_where_no_worker_can_be_started(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+1h")
    without_worker(avatar, home)
    avatar("cancel", id_)
    shutil.rmtree(home.standby)
    home.standby.touch()
    run = avatar("retry", id_, "--json", code=6)
    assert [each["id"] for each in run.json] == [id_]
    assert "What was queued is kept." in run.err
    said = avatar("worker", "start", code=6).err
    assert f"The worker cannot be started: {home.standby}: File exists." in said


def test_what_is_queued_is_told_whatever_comes_then(
    avatar: Avatar, home: Home, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C, say, in the middle of the start of the worker."""
    del home

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("avatar_creator.jobs.worker_process.take_slot", stop)
    run = avatar("generate", *SMALL, "--persona-name", "Ann", "--detach", "--quiet", code=130)
    assert run.out.split() == library.app.generations.find_ids([Status.PENDING])


@pytest.mark.skipif(os.name != "posix", reason="needs a shebang")
@pytest.mark.parametrize("detach", [(), ("--detach",)])
def test_a_program_beside_is_found_from_the_folder_of_the_user(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detach: tuple[str, ...]
) -> None:
    script = tmp_path / "tell me.sh"
    script.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/told"\n')
    script.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    avatar(*WHO, *detach, "-q", "--on-done", "'./tell me.sh' done")
    until(lambda: (tmp_path / "told").exists() and (tmp_path / "told").read_text() == "done\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no such device")
@pytest.mark.parametrize("to", [">&-", ">/dev/full", ">/dev/full --json", ">/dev/full --quiet"])
def test_where_stdout_takes_nothing_the_error_names_what_is_queued(avatar: Avatar, to: str) -> None:
    run = shell(f"avatar {shlex.join(map(str, WHO))} --detach --at +1h --count 2 {to}")
    ids = avatar("queue", "-q").out.split()
    assert (run.code, len(ids)) == (6, 2)
    assert "The output cannot be written: " in run.err
    assert f"Queued, and made all the same: {', '.join(ids)}." in run.err


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
@pytest.mark.parametrize("detach", [(), ("--detach",)])
def test_nothing_is_started_from_a_home_that_others_write(
    avatar: Avatar, home: Home, library: Library, tmp_path: Path, detach: tuple[str, ...]
) -> None:
    told = tmp_path / "told"
    home.create()
    home.root.chmod(0o770)
    said = avatar.refused(*WHO, *detach, "--on-done", _noting(told), code=6)
    assert f"on done starts nothing from this home: {home.root} can be written by other users." in said
    assert not library.app.generations.find_ids(list(Status))
    home.root.chmod(0o700)
    (id_,) = queue(avatar, "--at", "+1h", "--on-done", _noting(told))
    home.root.chmod(0o777)
    avatar("cancel", id_)
    until(lambda: any(event[1] == "on_done" for event in avatar("logs", id_).lines))
    assert "can be written by other users" in avatar("logs", id_).out
    assert not told.exists()
