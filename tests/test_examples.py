"""The examples run as they stand."""

import codecs
import csv
import io
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

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SMALL = ("--width", "64", "--height", "64", "--engine", "offline")
GRACE_S = 20  # that the worker takes at most to stop
BYTES_MOST = 200_000  # of a picture in the repository


def start(*command: str | Path, home: Home) -> subprocess.CompletedProcess[str]:
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": programs, "AVATAR_HOME": str(home.root)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def run(*command: str | Path, home: Home) -> list[str]:
    done = start(*command, home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


bash = pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="needs bash")


@bash
def test_the_loop_is_safe_against_csv_as_people_have_it(home: Home, library: Library, tmp_path: Path) -> None:
    rows = (
        '"Okafor, Ann",29.0,female,nan',
        'Ben,,NULL,"casual\r\n"',
        '"Eve ""E"" Lee",41,female,"red sweater, glasses"',  # and no newline
    )
    text = "\r\n".join(("\ufeffname,age,gender,style", *rows))
    (tmp_path / "people.csv").write_text(text, encoding="utf-8", newline="")
    pictures = run("bash", EXAMPLES / "batch.sh", tmp_path / "people.csv", "launch", *SMALL, home=home)
    made = {avatar.name: avatar for avatar in library.find()}
    assert sorted(str(avatar.image_path) for avatar in made.values()) == sorted(pictures)
    assert {avatar.project_name for avatar in made.values()} == {"launch"}
    assert {name: (avatar.persona.age, avatar.attributes.style) for name, avatar in made.items()} == {
        "Okafor, Ann": (29, None),
        "Ben": (None, "casual"),
        'Eve "E" Lee': (41, "red sweater, glasses"),
    }
    again = run("bash", EXAMPLES / "batch.sh", tmp_path / "people.csv", "launch", *SMALL, home=home)
    assert sorted(again) == sorted(pictures)
    assert len(list(library.find())) == 3


@bash
def test_the_loop_ends_as_the_batch_does(home: Home, library: Library, tmp_path: Path) -> None:
    csv = tmp_path / "people.csv"
    csv.write_text("name,age\nAnn,30\nBen,old")
    done = start("bash", EXAMPLES / "batch.sh", csv, "launch", *SMALL, home=home)
    assert (done.returncode, done.stdout, list(library.find())) == (2, "", [])
    assert "Row 3, age 'old'" in done.stderr
    assert len(run("bash", EXAMPLES / "batch.sh", csv, "launch", "--skip-bad", *SMALL, home=home)) == 1


@bash
def test_a_cast_grows_in_a_project_of_its_own(home: Home, library: Library, tmp_path: Path) -> None:
    ask = ("bash", EXAMPLES / "cast.sh")
    first = run(*ask, "8", "launch", tmp_path / "team", *SMALL, home=home)
    assert (len(first), len(list(library.find()))) == (8, 8)
    more = run(*ask, "10", "launch", tmp_path / "team", *SMALL, home=home)
    assert (set(first) < set(more), len(more), len(list(library.find()))) == (True, 10, 10)
    with (tmp_path / "team" / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    assert {person["locale"] for person in people} == {"en_US", "de_DE", "hi_IN", "ja_JP"}


# -- the spreadsheet of twelve


def test_the_spreadsheet_is_as_excel_writes_it() -> None:
    data = (EXAMPLES / "personas.csv").read_bytes()
    text = data.decode("utf-8-sig")
    assert data.startswith(codecs.BOM_UTF8)
    assert (text.count("\r\n"), text.replace("\r\n", "").count("\n")) == (13, 1), "within a cell it is a \\n"
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == 12
    assert any("\n" in row["Zitat"] for row in rows)
    assert any(";" in row["Zitat"] for row in rows)


def test_all_that_the_spreadsheet_asks_for_is_drawn(home: Home, library: Library, tmp_path: Path) -> None:
    pattern, manifest = tmp_path / "{n:02}-{Name}.png", tmp_path / "made.csv"
    command = ("avatar", "batch", EXAMPLES / "personas.csv", *SMALL, "--output", pattern, "--manifest", manifest)
    done = start(*command, home=home)
    assert (done.returncode, "Warning" in done.stderr) == (0, False)
    assert [avatar.not_shown for avatar in library.find()] == [()] * 12
    assert {path.name for path in tmp_path.glob("*.png")} >= {"01-Jürgen-Müller.png", "07-Anna-Schmidt.png"}
    rows = list(csv.DictReader(io.StringIO(manifest.read_text(encoding="utf-8"), newline="")))
    assert {row["status"] for row in rows} == {"completed"}
    assert start(*command, home=home).stderr.splitlines()[-1] == "12 made before."


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


def test_sheets_are_as_in_the_docs(home: Home, tmp_path: Path) -> None:
    run(sys.executable, EXAMPLES / "sheets.py", tmp_path, "sheet", "ages", home=home)
    run(sys.executable, EXAMPLES / "art_styles.py", tmp_path / "art-styles.jpg", home=home)
    run(sys.executable, EXAMPLES / "preset_sheet.py", tmp_path / "presets.jpg", home=home)
    of_pages = (ROOT / "docs").glob("gallery*.jpg")  # which a browser draws, a little otherwise on each machine
    shown = {picture.name: picture for picture in {*(ROOT / "docs").glob("*.jpg")} - {*of_pages}}
    made = {picture.name: picture for picture in tmp_path.glob("*.jpg")}
    assert shown.keys() == made.keys()
    for name, picture in shown.items():
        assert picture.stat().st_size < BYTES_MOST
        with Image.open(picture) as one, Image.open(made[name]) as other:
            assert one.size == other.size
