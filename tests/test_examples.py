"""The examples run as they stand."""

import json
import os
import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.home import Home
from avatar_creator.library import Library

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
GRACE_S = 20  # that the worker takes at most to stop
BYTES_MOST = 200_000  # of a picture in the repository


def run(*command: str | Path, home: Home) -> list[str]:
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": programs, "AVATAR_HOME": str(home.root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="needs bash")
def test_batch_makes_an_avatar_of_each_row(home: Home, library: Library, tmp_path: Path) -> None:
    heading, *rows = (EXAMPLES / "cast.csv").read_text(encoding="utf-8").splitlines()
    chosen = [rows[0], next(row for row in rows if ",," in row)]  # one with every cell, one with an empty one
    csv = tmp_path / "two.csv"
    csv.write_text("\n".join((heading, *chosen, "")), encoding="utf-8")
    pictures = run("bash", EXAMPLES / "batch.sh", csv, "launch", home=home)
    made = list(reversed(list(library.find())))
    assert [str(avatar.image_path) for avatar in made] == pictures
    assert [avatar.name for avatar in made] == [row.partition(",")[0] for row in chosen]
    assert {avatar.project_name for avatar in made} == {"launch"}


@pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="needs bash")
def test_detached_makes_an_avatar_of_each_row_in_their_order(home: Home, library: Library, tmp_path: Path) -> None:
    heading, *rows = (EXAMPLES / "cast.csv").read_text(encoding="utf-8").splitlines()
    csv = tmp_path / "three.csv"
    csv.write_text("\n".join((heading, *rows[:3], "")), encoding="utf-8")
    pictures = run("bash", EXAMPLES / "detached.sh", csv, "launch", home=home)
    made = {str(avatar.image_path): avatar for avatar in library.find()}
    assert [made[picture].name for picture in pictures] == [row.partition(",")[0] for row in rows[:3]]
    assert all(generation.detached for generation in library.reading.find_generations(limit=3))


def test_service_managers_are_told_to_run_the_worker(home: Home) -> None:
    agent = plistlib.loads((EXAMPLES / "avatar-worker.plist").read_bytes())
    unit = (EXAMPLES / "avatar-worker.service").read_text(encoding="utf-8")
    compose = (EXAMPLES / "compose.yaml").read_text(encoding="utf-8")
    (started,) = re.findall(r"^ExecStart=%h/.local/bin/(.*)$", unit, re.MULTILINE)
    (command,) = re.findall(r"CMD (\[.*\])$", compose, re.MULTILINE)
    assert {started, agent["ProgramArguments"][-1].removeprefix("exec "), " ".join(json.loads(command))} == {
        "avatar worker run"
    }
    patience_s = {
        int(agent["ExitTimeOut"]),
        *map(int, re.findall(r"(?:TimeoutStopSec=|stop_grace_period: )(\d+)", unit + compose)),
    }
    assert min(patience_s) > GRACE_S
    run(*started.split(), "--idle", "0", home=home)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_understands_its_unit(tmp_path: Path) -> None:
    unit = (EXAMPLES / "avatar-worker.service").read_text(encoding="utf-8")
    copy = tmp_path / "avatar-worker.service"
    copy.write_text(unit.replace("%h/.local/bin/avatar", sys.executable), encoding="utf-8")
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    command = ("systemd-analyze", "verify", "--user", copy)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert str(copy) not in done.stdout + done.stderr  # no line of it is complained of


def test_library_makes_finds_and_uses_avatars(home: Home) -> None:
    lines = run(sys.executable, EXAMPLES / "library.py", home.root, home=home)
    assert len(lines) == 4
    assert lines[2:] == ["in their fifties or sixties: Erik Holm", "used 1 times"]


@pytest.mark.parametrize(("script", "picture"), [("readme_sheet.py", "sheet.jpg"), ("art_styles.py", "art-styles.jpg")])
def test_sheets_are_as_in_the_docs(script: str, picture: str, home: Home, tmp_path: Path) -> None:
    run(sys.executable, EXAMPLES / script, tmp_path / picture, home=home)
    kept = ROOT / "docs" / picture
    assert kept.stat().st_size < BYTES_MOST
    with Image.open(tmp_path / picture) as made, Image.open(kept) as shown:
        assert made.size == shown.size
