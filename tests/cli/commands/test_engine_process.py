"""avatar engine-process, and workers that have others run it."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.home import Home
from avatar_creator.jobs.engine_processes.process import PipedProcess
from avatar_creator.jobs.engine_processes.transport import read_transports
from cli.commandline import PROGRAM, Avatar, plain, start, terminal
from cli.jobs import queue, until_a_worker_runs
from waiting import LONG_S, until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="ssh is a script of the shell")]

GPU2, GONE = "ssh gpu2 avatar engine-process", "ssh gone avatar engine-process"
# Runs a command in another folder, with another environment and another home, which it could not write.
_SSH = """#!/bin/sh
host=$1; shift
if [ "$host" = gone ]; then
    echo "ssh: connect to host gone port 22: Connection refused" >&2
    exit 255
fi
echo "$HF_TOKEN" >{seen}
shift
cd / && exec env -i AVATAR_HOME=/dev/null/home {program} "$@"
"""


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Has `ssh` run what it is told here; returns the file in which it says which token it got."""
    folder, seen = tmp_path / "bin", tmp_path / "seen"
    folder.mkdir()
    file = folder / "ssh"
    file.write_text(_SSH.format(program=" ".join(PROGRAM), seen=seen))
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return seen


def test_on_a_terminal_it_says_what_it_is_for() -> None:
    run = terminal("engine-process")
    assert run.code == 2
    assert "serves a worker" in plain(run.out)


def test_it_needs_no_home_prints_nothing_and_ends_with_its_input() -> None:
    (transport,) = read_transports([f"AVATAR_HOME=/dev/null/home {' '.join(PROGRAM)} engine-process"])
    process = transport.start("offline")
    assert isinstance(process, PipedProcess)
    process.await_ready()
    process._to.close()
    assert (process.code(LONG_S), process._from.read()) == (0, b"")
    process.end()
    assert process.last_lines() == ""


@pytest.mark.parametrize(
    ("given", "code", "said"), [("", 0, ""), ("hello, who is there?", 1, "a worker starts this command")]
)
def test_what_is_no_worker_gets_a_word_and_nobody_gets_none(given: str, code: int, said: str) -> None:
    run = subprocess.run([*PROGRAM, "engine-process"], input=given, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (code, "")
    assert said in run.stderr if said else run.stderr == ""


def test_a_worker_has_other_machines_make_its_pictures(
    avatar: Avatar, home: Home, ssh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secretsecret")
    with start("worker", "run", "--engine-process", GONE, "--engine-process", f"{GPU2}*2") as worker:
        until_a_worker_runs(home)  # else the one that a command starts may have made all of them
        ids = queue(avatar, "--engine", "offline", "--count", 6)
        said = {}

        def is_all_said() -> bool:
            said.update({each["transport"]: each for each in processes(avatar) if each["state"] != "starting"})
            return said.keys() == {GONE, GPU2} and said[GPU2]["pictures"] > 0

        until(is_all_said)  # in one look or in several: they end when they are idle
        avatar("wait", *ids)
        lines = [line for line in avatar("worker", "status").lines if line[0] == "engine_process"]
        card = plain(terminal("worker", "status", env={"COLUMNS": "200"}).out)
        avatar("worker", "stop")
        assert worker.wait(LONG_S) == 0
    refused = "exit code 255: ssh: connect to host gone port 22: Connection refused."
    assert said[GONE]["why"] == f"The engine process {GONE} cannot be started: {refused}"
    assert (said[GPU2]["engine"], said[GPU2]["why"]) == ("offline", None)
    assert said[GPU2]["facts"].keys() == {"host"}
    assert {tuple(line[1:4]) for line in lines} >= {(GONE, "offline", "broken")}
    assert f"engine process  {GONE}: offline, broken: The engine process {GONE} cannot be started" in card
    assert ssh.read_text() == "\n", "no token is passed on"
    assert avatar("worker", "logs").out.count(refused) == 1
    assert f"engine processes: {GONE}; {GPU2}*2\n" in avatar("worker", "logs").out


def processes(avatar: Avatar) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = avatar("worker", "status", "--json").json["engine_processes"]
    return found


def test_a_worker_that_was_started_in_the_background_uses_those_that_are_set(avatar: Avatar, ssh: Path) -> None:
    avatar("config", "set", "engine_processes", f"here; {GPU2}")
    ids = queue(avatar, "--count", 3)
    avatar("wait", *ids)
    until(lambda: {each["transport"] for each in processes(avatar)} == {"here", GPU2})
    avatar("worker", "stop")
    assert ssh.exists()


def test_what_is_no_transport_is_refused_before_a_worker_begins(avatar: Avatar, home: Home) -> None:
    said = avatar.refused("worker", "run", "--engine-process", "here now")
    assert "engine process is 'here now': nothing can stand behind here but *N." in said
    assert not home.database.exists()


@pytest.mark.usefixtures("ssh")
def test_values_of_variables_are_shown_nowhere(avatar: Avatar, home: Home) -> None:
    here, far = "FIRST_TOKEN=sesame here", "ssh gpu2 env SECOND_TOKEN=sesame avatar engine-process"
    said = avatar("config", "set", "engine_processes", f"{here}; {far}").err
    assert "engine_processes = FIRST_TOKEN=*** here; ssh gpu2 env SECOND_TOKEN=*** avatar engine-process" in said
    shown = avatar("config", "show").out
    assert "FIRST_TOKEN=*** here" in shown
    shown += said + avatar("config", "show", "--json").out + avatar("doctor").out
    shown += avatar.refused("config", "set", "engine_processes", f"{here} now")
    with start("worker", "run", "--engine-process", here, "--engine-process", far) as worker:
        until_a_worker_runs(home)
        avatar("wait", *queue(avatar, "--engine", "offline", "--count", 3))
        until(lambda: any(each["transport"] == "FIRST_TOKEN=*** here" for each in processes(avatar)))
        shown += avatar("worker", "status").out + avatar("worker", "status", "--json").out
        avatar("worker", "stop")
        assert worker.wait(LONG_S) == 0
    shown += avatar("worker", "logs").out
    assert "engine processes: FIRST_TOKEN=*** here; ssh gpu2 env SECOND_TOKEN=*** avatar engine-process\n" in shown
    assert "sesame" not in shown
    held = b"".join(path.read_bytes() for path in home.root.rglob("*") if path.is_file() and path != home.config)
    assert b"sesame" not in held
