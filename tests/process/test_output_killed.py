"""A process that is killed between a picture and its copy, and a disk that takes no copy."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from avatar_creator.domain.records import Generation
from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import Run, environment, process

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9, nor a mount")

SMALL = ("--engine", "offline", "--persona-name", "Ann", "--width", "64", "--height", "64")
# Kills the process where a copy is to be written, or where it is written and its row does not say so yet.
KILLED = """
import os, signal, sys
from avatar_creator.{module} import {owner}
def killed(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
{owner}.{method} = killed
from avatar_creator.cli.main import run
run()
"""
MOMENTS = {
    "before": KILLED.format(module="jobs.deliver", owner="Deliverer", method="_write"),
    "after": KILLED.format(module="storage.outputs", owner="Outputs", method="record_written"),
}


def killed_at(moment: str, *argv: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MOMENTS[moment], *argv], env=environment({}), capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done


def only(home: Home) -> Generation:
    with open_library(home.root) as library:
        (found,) = library.generations.find()
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_worker_writes_what_a_killed_one_left(home: Home, tmp_path: Path, moment: str) -> None:
    copy = tmp_path / "cast" / "unknown" / "Ann.png"
    copy.parent.parent.mkdir()
    pattern = f"{tmp_path}/cast/{{gender}}/{{name}}.png"
    queued = process("generate", *SMALL, "--detach", "--quiet", "--at", "+3s", "--output", pattern)
    process("worker", "stop", "--now")
    killed_at(moment, "worker", "run", "--idle", "20")
    assert copy.exists() is (moment == "after")
    if moment == "before":
        assert only(home).avatar is not None, "the picture is safe"
    run = process("worker", "run", "--idle", "0")
    assert (run.code, copy.is_file()) == (0, True)
    assert process("wait", queued.out.strip()).code == 0
    made = only(home)
    assert (made.output_path, made.output_error) == (copy, None)
    assert made.avatar is not None
    assert copy.read_bytes() == made.avatar.image_path.read_bytes()


@pytest.mark.parametrize("moment", MOMENTS)
def test_whoever_comes_next_writes_what_a_killed_run_left(home: Home, tmp_path: Path, moment: str) -> None:
    killed_at(moment, "generate", *SMALL, "--output", str(tmp_path / "a.png"))
    shown = process("status", "--json").json
    assert [(each["status"], each["output_path"], each["output_error"]) for each in shown] == [
        ("completed", str(tmp_path / "a.png"), None)
    ]
    assert (tmp_path / "a.png").is_file()
    assert only(home).output_error is None


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk with no room for a picture; only root can mount one."""
    place = tmp_path / "full"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root mounts")
    argv = ["mount", "-t", "tmpfs", "-o", "size=4k", "none", str(place)]
    if subprocess.run(argv, check=False, capture_output=True).returncode:
        pytest.skip("this user mounts nothing")
    (place / "filler").write_bytes(bytes(4096))
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def _made_now(copy: str) -> Run:
    return process("generate", *SMALL, "--output", copy)


def _made_later(copy: str) -> Run:
    return process("wait", process("generate", *SMALL, "--detach", "--quiet", "--output", copy).out.strip())


@pytest.mark.parametrize("make", [_made_now, _made_later])
def test_a_full_disk_is_said_and_the_picture_is_safe(home: Home, full: Path, make: object) -> None:
    assert callable(make)
    run = make(str(full / "a.png"))
    said = f"'{full / 'a.png'}' cannot be written: No space left on device."
    assert (run.code, said in run.err) == (6, True), run
    assert [path.name for path in full.iterdir()] == ["filler"]
    made = only(home)
    assert (made.output_path, made.output_error) == (None, said)
    assert made.avatar is not None
    assert made.avatar.image_path.is_file()
