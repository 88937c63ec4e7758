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

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
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


def write_cast(path: Path, rows: int) -> list[str]:
    """Write the first rows of the cast, the one with an empty cell among them, and return their names."""
    heading, *cast = (EXAMPLES / "cast.csv").read_text(encoding="utf-8").splitlines()
    chosen = sorted(cast, key=lambda row: ",," not in row)[:rows]
    path.write_text("\n".join((heading, *chosen, "")), encoding="utf-8")
    return [row.partition(",")[0] for row in chosen]


@bash
def test_batch_makes_an_avatar_of_each_row(home: Home, library: Library, tmp_path: Path) -> None:
    names = write_cast(tmp_path / "two.csv", rows=2)
    pictures = run("bash", EXAMPLES / "batch.sh", tmp_path / "two.csv", "launch", home=home)
    made = list(reversed(list(library.find())))
    assert [str(avatar.image_path) for avatar in made] == pictures
    assert [avatar.name for avatar in made] == names
    assert {avatar.project_name for avatar in made} == {"launch"}


@bash
def test_detached_makes_an_avatar_of_each_row_in_their_order(home: Home, library: Library, tmp_path: Path) -> None:
    names = write_cast(tmp_path / "three.csv", rows=3)
    pictures = run("bash", EXAMPLES / "detached.sh", tmp_path / "three.csv", "launch", home=home)
    made = {str(avatar.image_path): avatar for avatar in library.find()}
    assert [made[picture].name for picture in pictures] == names
    assert all(generation.detached for generation in library.app.queries.find_generations(limit=3))


@bash
@pytest.mark.parametrize("script", ["batch.sh", "detached.sh"])
def test_a_row_that_cannot_be_made_is_named_and_the_others_are_made(
    script: str, home: Home, library: Library, tmp_path: Path
) -> None:
    csv = tmp_path / "rows.csv"
    csv.write_text("name,age\nAnn,30\nBen,old\nEve,40")
    done = start("bash", EXAMPLES / script, csv, home=home)
    assert done.returncode != 0
    assert f"{csv}: row 3 (Ben) was not made: exit code 2" in done.stderr
    assert sorted(avatar.name for avatar in library.find()) == ["Ann", "Eve"]
    assert len(done.stdout.splitlines()) == 2


# -- CSV as people have it: what is read of it is seen in the arguments that a command gets

SHOWS = (sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))")
HEADING = "name,age,gender,style\n"
ANN = ["--persona-name=Ann", "--persona-age=29", "--gender=female"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param(HEADING + "Ann,29,female,", [ANN], id="no newline at the end"),
        pytest.param(
            HEADING + '"Okafor, Ann",29,female,"red sweater, glasses"\n',
            [["--persona-name=Okafor, Ann", *ANN[1:], "--style=red sweater, glasses"]],
            id="quoted commas",
        ),
        pytest.param(
            HEADING + '"Ann ""Annie"" Lee",29,female,"casual\n"\n',
            [['--persona-name=Ann "Annie" Lee', *ANN[1:], "--style=casual"]],
            id="quotes and line breaks",
        ),
        pytest.param(HEADING + "Ann,,female,\n", [[ANN[0], ANN[2]]], id="empty age"),
        pytest.param(HEADING.replace("\n", "\r\n") + "Ann,29,female,\r\n", [ANN], id="CRLF"),
        pytest.param("\ufeff" + HEADING + "Ann,29,female,\n", [ANN], id="byte order mark"),
        pytest.param("\ufeff" + '"name",age,gender\nAnn,29,female\n', [ANN], id="byte order mark and quotes"),
        pytest.param(HEADING + "Ann,29.0,female,nan\n", [ANN], id="pandas"),
        pytest.param(HEADING + "Ann,29,female,NULL\nBen,None,N/A,\n", [ANN, ["--persona-name=Ben"]], id="null"),
        pytest.param(HEADING.replace(",", ";") + "Ann;29;female;\n", [ANN], id="semicolons"),
        pytest.param("sep=;\r\n" + HEADING.replace(",", ";") + "Ann;29,0;female;\r\n", [ANN], id="sep= of Excel"),
        pytest.param("\ufeffsep=|\nname|age|gender\nAnn|29|female\n", [ANN], id="sep= of any kind"),
        pytest.param(HEADING.replace(",", "\t") + "Ann\t29\tfemale\t\n", [ANN], id="tabs"),
        pytest.param("Gender, Persona Name ,AGE\nfemale,Ann,29\n", [[ANN[2], ANN[0], ANN[1]]], id="any order"),
        pytest.param(HEADING + "Ann,29,female\n", [ANN], id="cells missing"),
        pytest.param(HEADING + "\n,,,\nAnn,29,female,\n\n", [ANN], id="empty rows"),
        pytest.param(HEADING + "-Ann,29,female,\n", [["--persona-name=-Ann", *ANN[1:]]], id="a dash in front"),
    ],
)
def test_rows_are_read_as_spreadsheets_write_them(text: str, rows: list[list[str]], home: Home, tmp_path: Path) -> None:
    csv = tmp_path / "rows.csv"
    csv.write_bytes(text.encode())
    lines = run(sys.executable, EXAMPLES / "for_each_row.py", csv, *SHOWS, home=home)
    assert [json.loads(line) for line in lines] == [[f"--seed={n}", *row] for n, row in enumerate(rows, start=1)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(encoding: str, home: Home, tmp_path: Path) -> None:
    csv = tmp_path / "rows.csv"
    mark = "" if encoding == "utf-16" else "\ufeff"
    csv.write_bytes(f"{mark}name\tage\r\nJosé\t29\r\n".encode(encoding))
    (line,) = run(sys.executable, EXAMPLES / "for_each_row.py", csv, *SHOWS, home=home)
    assert json.loads(line) == ["--seed=1", "--persona-name=José", "--persona-age=29"]


def test_a_row_is_named_by_its_number_in_excel_which_hides_sep(home: Home, tmp_path: Path) -> None:
    csv = tmp_path / "rows.csv"
    csv.write_text("sep=;\nname;age\nAnn;29;more\n", encoding="utf-8")
    done = start(sys.executable, EXAMPLES / "for_each_row.py", csv, *SHOWS, home=home)
    assert "row 2 (Ann) was not made" in done.stderr


@bash
def test_detached_of_a_file_that_is_missing_says_only_that(home: Home, tmp_path: Path) -> None:
    done = start("bash", EXAMPLES / "detached.sh", tmp_path / "missing.csv", home=home)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path / 'missing.csv'}: No such file or directory\n"


@pytest.mark.parametrize(
    ("text", "said", "made"),
    [
        (HEADING + "Ann,29,female,,more\nBen,,,\n", "row 2 (Ann) was not made: it has more cells", 1),
        (HEADING + "Ann,\0,,\nBen,,,\n", "row 2 (Ann) was not made: embedded null byte", 1),
        ("Ann,29,female\n", "the first row should name the columns: name, age", 0),
        ("", "the first row should name the columns: name, age", 0),
        ("name\nJosé\n".encode("cp1252"), "is no CSV file in UTF-8", 0),
        ("name\nJosé\n".encode("cp1252"), '\nSave it as "CSV UTF-8", as Excel calls it', 0),
        ("\ufeffname\nJosé\n".encode("utf-16-le")[:-1], "is no CSV file in UTF-8", 0),
    ],
)
def test_what_cannot_be_read_is_said(text: str | bytes, said: str, made: int, home: Home, tmp_path: Path) -> None:
    csv = tmp_path / "rows.csv"
    csv.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = start(sys.executable, EXAMPLES / "for_each_row.py", csv, *SHOWS, home=home)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, made)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_column_that_is_no_option_is_said(home: Home, tmp_path: Path) -> None:
    csv = tmp_path / "rows.csv"
    csv.write_text("name,E-Mail\nAnn,ann@example.org\n")
    done = start(sys.executable, EXAMPLES / "for_each_row.py", csv, *SHOWS, home=home)
    assert (done.returncode, json.loads(done.stdout)) == (0, ["--seed=1", "--persona-name=Ann"])
    assert done.stderr == f"{csv}: left out, since they are no options: E-Mail\n"


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
    shown = {picture.name: picture for picture in (ROOT / "docs").glob("*.jpg")}
    made = {picture.name: picture for picture in tmp_path.glob("*.jpg")}
    assert shown.keys() == made.keys()
    for name, picture in shown.items():
        assert picture.stat().st_size < BYTES_MOST
        with Image.open(picture) as one, Image.open(made[name]) as other:
            assert one.size == other.size
