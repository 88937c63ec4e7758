"""An export that is killed: the same command goes on, makes nothing twice, and ends as if nothing had been."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from avatar_creator.home import Home
from cli.commandline import process, start

PEOPLE = 60
ASKED = ("--size", "128,64,32", "--shape", "circle", "--manifest", "csv,jsonl")
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no signals")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of many avatars, and all that an export makes of them."""
    folder = tmp_path_factory.mktemp("made")
    home = {"AVATAR_HOME": str(folder / "home")}
    asked = ("--persona-name", "Ann", "--count", PEOPLE, "--width", 128, "--height", 128, "--engine", "offline")
    assert process("generate", *asked, **home).code == 0
    assert process("export", "--output", folder / "whole", *ASKED, **home).code == 0
    return folder


@pytest.fixture
def people(made: Path, home: Home) -> dict[str, str]:
    """The variables of a copy of that home."""
    shutil.copytree(made / "home", home.root)
    return {"AVATAR_HOME": str(home.root)}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stopped(out: Path, after: int, ended: signal.Signals, variables: dict[str, str]) -> int:
    """Stop an export when so many pictures are there; return how many it made."""
    with start("export", "--output", out, *ASKED, **variables) as running:
        while running.poll() is None and len(list(out.glob("*.png"))) < after:
            time.sleep(0.001)
        running.send_signal(ended)
        running.wait()
    return len(list(out.glob("*.png")))


@posix
@pytest.mark.parametrize(("after", "ended"), [(1, signal.SIGKILL), (90, signal.SIGKILL), (90, signal.SIGTERM)])
def test_the_same_export_goes_on(
    made: Path, people: dict[str, str], tmp_path: Path, after: int, ended: signal.Signals
) -> None:
    out = tmp_path / "out"
    pictures = stopped(out, after, ended, people)
    assert pictures < 3 * PEOPLE
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.png")}
    again = process("export", "--output", out, *ASKED, "--jsonl", **people)
    assert again.code == 0, again.err
    same = {name for name, at in before.items() if (out / name).stat().st_mtime_ns == at}
    lost = pictures - len(same)
    assert lost <= 3 * (os.cpu_count() or 1), "what was under way at most, and only where it was not yet written down"
    written = [json.loads(line)["written"] for line in again.out.splitlines()]
    assert written.count(True) >= PEOPLE - pictures // 3 - 1
    assert contents(out) == contents(made / "whole"), "and nothing else is there"


@posix
def test_a_file_of_others_stays_whole_until_the_new_one_is(people: dict[str, str], tmp_path: Path) -> None:
    out, part = tmp_path / "out.zip", tmp_path / ".out.zip.part"
    assert process("export", "--output", out, *ASKED, **people).code == 0
    before = out.read_bytes()
    process("generate", "--persona-name", "Zoe", "--width", 64, "--height", 64, **people)
    with start("export", "--output", out, *ASKED, **people) as running:
        while running.poll() is None and not list(part.glob("*.png")):
            time.sleep(0.001)
        running.kill()
    assert out.read_bytes() == before
    assert process("export", "--output", out, *ASKED, **people).code == 0
    assert out.read_bytes() != before
    assert not part.exists()


@posix
def test_two_shells_do_not_write_at_once(people: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with start("export", "--output", out, *ASKED, **people) as running:
        while running.poll() is None and not list(out.glob("*.png")):
            time.sleep(0.001)
        running.send_signal(signal.SIGSTOP)
        other = process("export", "--output", out, *ASKED, **people)
        running.send_signal(signal.SIGCONT)
        assert running.wait() == 0
    assert (other.code, "Another export writes" in other.err) == (6, True)
