"""avatar worker run|start|status|stop|logs."""

import os
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

from avatar_creator import __version__
from avatar_creator.home import Home
from avatar_creator.storage.locks import is_held
from avatar_creator.storage.suspension import is_suspended
from cli.commandline import PROGRAM, SMALL, Avatar, plain, process, start, terminal
from cli.jobs import queue, until_a_worker_runs
from waiting import LONG_S, until

pytestmark = pytest.mark.slow

posix = pytest.mark.skipif(os.name != "posix", reason="signals of this system")


def test_there_may_be_no_worker(avatar: Avatar) -> None:
    status = avatar("worker", "status", "--json").json
    assert (status["running"], status["process"], status["credentials"]) == (False, None, [])
    assert ["running", "false"] in avatar("worker", "status").lines
    assert "worker    no worker runs\n" in plain(terminal("worker", "status").out)
    assert "No worker runs." in avatar.refused("worker", "stop", code=3)
    assert "There is no log " in avatar.refused("worker", "logs", code=3)
    assert "Usage: avatar worker" in avatar("worker").out


def test_a_worker_is_started_seen_and_stopped(avatar: Avatar, home: Home) -> None:
    assert avatar("worker", "start") == (0, "", "The worker is being started.\n")
    until_a_worker_runs(home)
    assert avatar("worker", "start").err == "A worker runs already.\n"
    until(lambda: avatar("worker", "status", "--json").json["running"])
    status = avatar("worker", "status", "--json").json
    assert (status["version"], status["leaving"], status["pending"]) == (__version__, False, 0)
    assert dict(avatar("worker", "status").lines)["process"] == str(status["process"])
    seen = plain(terminal("worker", "status", env={"NO_COLOR": "1"}).out)
    assert f"worker    process {status['process']} runs\n" in seen
    assert "last failure" not in seen
    assert "worker begins: process " in avatar("worker", "logs").out
    assert avatar("worker", "stop") == (0, "", "The worker has left.\n")
    assert not is_held(home.worker_lock)
    assert avatar("worker", "logs", "-n", 1).out.endswith(" INFO worker leaves\n")


def test_a_worker_that_is_just_coming_is_stopped_too(avatar: Avatar, home: Home) -> None:
    avatar("worker", "start")
    avatar("worker", "stop", "--now")
    assert not is_held(home.worker_lock)


def test_a_program_that_is_not_here_is_refused_before_anything_fails_for_it(avatar: Avatar) -> None:
    for typed, why in (
        ("nosuch gpu2", "there is no program 'nosuch' here."),
        ("here*x", "what follows * is no number."),
    ):
        said = avatar("worker", "run", "--idle", 0, "--engine-process", typed, code=2).err
        assert f"engine process is '{typed}': {why}" in said


def test_a_second_worker_is_refused(avatar: Avatar, home: Home) -> None:
    avatar("worker", "start")
    until(lambda: avatar("worker", "status", "--json").json["running"])
    pid = avatar("worker", "status", "--json").json["process"]
    said = avatar.refused("worker", "run", code=1)
    assert f"A worker of {home.root} runs already: process {pid}." in said


def test_a_worker_in_the_foreground_leaves_when_it_was_idle(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar)
    avatar("worker", "stop")
    run = process("worker", "run", "--idle", 0, "--concurrency", 1)
    assert (run.code, run.out) == (0, "")
    assert " INFO worker begins: " in run.err
    assert avatar("status", id_, "--json").json["status"] == "completed"
    assert not is_held(home.worker_lock)


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_stop_it_in_order(home: Home, number: int) -> None:
    with start("worker", "run") as running:
        until_a_worker_runs(home)
        assert running.stderr is not None
        assert "worker begins" in running.stderr.readline()
        running.send_signal(number)
        _, err = running.communicate(timeout=LONG_S)
    assert (running.returncode, "worker leaves" in err) == (0, True)


def is_suspended_between_transactions(running: "subprocess.Popen[str]", home: Home) -> bool:
    """Suspend a process, and let it go on if it is in a transaction: it would block all who write."""
    running.send_signal(signal.SIGSTOP)
    until(lambda: is_suspended(running.pid))
    with closing(sqlite3.connect(home.database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            running.send_signal(signal.SIGCONT)
            return False
    return True


@posix
def test_a_suspended_worker_is_named_by_all_who_look(avatar: Avatar, home: Home) -> None:
    with start("worker", "run") as running:
        try:
            until(lambda: avatar("worker", "status", "--json").json["running"])
            until(lambda: is_suspended_between_transactions(running, home))
            advice = f"The worker, process {running.pid}, is suspended. Let it go on: kill -CONT {running.pid}"
            (id_,) = queue(avatar)
            waiting = avatar("status", id_, "--json").json
            assert waiting["waiting_for"] == "the worker, which is suspended"
            looked = avatar("queue", "--json")
            assert (looked.json[0]["waiting_for"], advice in looked.err) == ("the worker, which is suspended", True)
            assert avatar("wait", id_, "--timeout", 2, code=124).err.count(advice) == 1
            (found,) = [line[1:4] for line in avatar("doctor", code=1).lines if line[0] == "problem"]
            assert (found[0], f"{found[1]} {found[2]}") == ("worker", advice)
            said = avatar.refused("worker", "stop", "--timeout", 60, code=1)
            assert f"The worker, process {running.pid}, is suspended" in said
            assert f"kill -CONT {running.pid}" in said
        finally:
            running.send_signal(signal.SIGCONT)
        running.communicate(timeout=LONG_S)
    assert not is_held(home.worker_lock)


@posix
def test_a_killed_worker_is_replaced(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+2s")
    until(lambda: avatar("worker", "status", "--json").json["running"])
    os.kill(avatar("worker", "status", "--json").json["process"], signal.SIGKILL)
    until(lambda: not is_held(home.worker_lock))
    assert avatar("wait", id_).out.endswith(".jpg\n")


@posix
def test_the_log_is_followed_to_its_next_file(avatar: Avatar, home: Home) -> None:
    home.logs.mkdir(parents=True)
    home.worker_log.write_text("one\ntwo\n")
    with start("worker", "logs", "--follow", "-n", 1) as following:
        assert following.stdout is not None
        assert following.stdout.readline() == "two\n"
        with home.worker_log.open("a") as log:
            log.write("three\n")
        assert following.stdout.readline() == "three\n"
        home.worker_log.rename(home.logs / "worker.log.1")
        home.worker_log.write_text("four\n")
        assert following.stdout.readline() == "four\n"
        following.send_signal(signal.SIGINT)
        _, err = following.communicate(timeout=LONG_S)
    assert (following.returncode, err) == (0, "")
    assert avatar("worker", "logs").out == "four\n"


def test_what_a_worker_said_that_could_not_start_comes_first(avatar: Avatar, home: Home) -> None:
    home.logs.mkdir(parents=True)
    home.worker_errors.write_text("Error: The disk is full.\nHint: Make room.\n")
    assert avatar("worker", "logs").out == "Error: The disk is full.\nHint: Make room.\n"


def test_a_worker_in_the_background_says_no_more_than_why_it_left(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVATAR_WITDH", "512")
    monkeypatch.setenv("AVATAR_CONCURRENCY", "none")
    avatar("worker", "start")
    until(lambda: home.worker_errors.exists() and "Hint: " in home.worker_errors.read_text())
    assert home.worker_errors.read_text().startswith("Error: The setting concurrency (AVATAR_CONCURRENCY) is 'none'")


def test_settings_that_were_broken_meanwhile_are_told(avatar: Avatar, home: Home) -> None:
    (id_,) = queue(avatar, "--at", "+1h")
    avatar("worker", "stop")
    home.config.write_text("width = 3\n")
    said = process("worker", "run", "--in-line").err
    assert "The setting width (config.toml) is '3'" in said
    assert avatar("status", id_).lines[0][1] == "pending"
    assert "The setting width" in avatar.refused("retry", id_)


def test_what_is_for_the_launcher_alone_is_not_in_the_help(avatar: Avatar) -> None:
    shown = avatar("worker", "run", "--help").out
    assert "--idle" in shown
    assert "--in-line" not in shown
    assert "--place" not in shown


@posix
def test_a_detached_generation_survives_its_terminal(avatar: Avatar, home: Home) -> None:
    command = [*PROGRAM, "generate", "--prompt", "x", *map(str, SMALL), "--detach", "--quiet"]
    shell = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    id_ = shell.communicate()[0].strip()
    with pytest.raises(ProcessLookupError):
        os.killpg(shell.pid, signal.SIGHUP)  # nobody of its session is left
    assert avatar("wait", id_).out.startswith(str(home.root))
