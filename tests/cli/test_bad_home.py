"""A home that cannot be used, a database that is not ours, and streams that are closed."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import avatar_creator
from avatar_creator.cli.crash import write_crash_log
from avatar_creator.home import Home
from cli.commandline import PROGRAM, SMALL, Avatar, Run, environment, files_below, shell

pytestmark = pytest.mark.slow
ANY = [
    ("list",),
    ("status",),
    ("stats",),
    ("show", "x"),
    ("project", "create", "x"),
    ("delete", "x", "--yes"),
    ("generate", *SMALL, "--persona-name", "Ann"),
]
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
as_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root gives files away"
)
NOBODY = 65534


@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_home_below_a_file(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[object, ...]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path / "file" / "home"))
    said = avatar.refused(*command, code=6)
    assert f"Error: The home {tmp_path}/file/home cannot be made: Not a directory." in said
    assert "Hint: Set AVATAR_HOME to a folder that you can write to." in said


NO_HOME = (
    *ANY,
    ("doctor",),
    ("doctor", "--fix"),
    ("config", "show"),
    ("config", "path"),
    ("config", "set", "width", "64"),
    ("upload", "x.png"),
    ("worker", "run"),
    ("worker", "status"),
    ("generate", "--gender", "female", "--detach"),
)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know the folder by other means")
@pytest.mark.parametrize("command", NO_HOME, ids=lambda command: " ".join(map(str, command)))
def test_no_home_folder_is_one_sentence(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, command: tuple[object, ...]
) -> None:
    for name in ("AVATAR_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "")
    said = avatar.refused(*command)
    assert said.startswith("Error: There is no place for avatar-creator's data: HOME is ''.\nHint: Set AVATAR_HOME to")
    if command[0] in ("list", "doctor"):
        assert "AVATAR_HOME" in (avatar(*command, "--json", code=2).error["hint"] or "")
    assert write_crash_log(ValueError("x")) is None


def is_open(file: str) -> bool:
    """Tell whether any user may go to where a file is."""
    return all(folder.stat().st_mode & 0o001 for folder in Path(file).absolute().parents)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs to become a user of no name")
@pytest.mark.skipif(not (is_open(pytest.__file__) and is_open(avatar_creator.__file__)), reason="root's own folder")
@pytest.mark.parametrize("command", ["list", "doctor", "status --json"])
def test_a_user_of_no_name_and_no_home_is_told_of_the_variable(command: str) -> None:
    """As in a container that is run as `--user 54321`."""
    changed = environment({})
    for name in ("HOME", "AVATAR_HOME", "XDG_DATA_HOME"):
        changed.pop(name, None)
    program = (
        "import os, sys; sys.path.insert(0, sys.argv.pop(1)); from avatar_creator.cli.main import run\n"
        "import avatar_creator.library, rich.console, typer.rich_utils\n"
        "os.setgid(54321); os.setuid(54321); run()"
    )
    argv = [sys.executable, "-c", program, str(Path(avatar_creator.__file__).parents[1]), *command.split()]
    done = subprocess.run(argv, env=changed, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no place for avatar-creator's data: HOME is not set, and this user has none." in done.stderr
    assert "AVATAR_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_names_a_home_that_cannot_be_made(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path / "file"))
    assert "problem\thome\t" in avatar("doctor", code=1).out
    assert "cannot be" in avatar.refused("config", "set", "width", "64", code=6)


@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_home_on_a_network_file_system(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch, command: tuple[object, ...]
) -> None:
    monkeypatch.setattr("avatar_creator.storage.database.find_network_type", lambda _path: "nfs4")
    said = avatar.refused(*command, code=6)
    assert f"Error: The home {home.root} is on a network file system (nfs4): " in said
    assert "Hint: Set AVATAR_HOME to a folder on a disk of this machine." in said
    assert files_below(home.root) == []
    (problem,) = [line for line in avatar("doctor", "--fix", code=1).lines if line[0] == "problem"]
    assert problem[1:3] == ["database", said.splitlines()[0].removeprefix("Error: ")]


@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_home_that_cannot_be_written(avatar: Avatar, home: Home, command: tuple[object, ...]) -> None:
    home.create()
    home.root.chmod(0o500)
    if os.access(home.root, os.W_OK):
        pytest.skip("this user writes everywhere")
    assert str(home.root) in avatar.refused(*command, code=6)


@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_newer_database_is_refused_untouched(avatar: Avatar, home: Home, command: tuple[object, ...]) -> None:
    avatar.generate()
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("PRAGMA user_version = 99")
    before = home.database.read_bytes()
    said = avatar.refused(*command, code=6)
    assert f"The database {home.database} was made by a newer version of avatar" in said
    assert "Hint: Upgrade avatar-creator" in said
    assert home.database.read_bytes() == before
    assert "problem\tdatabase\t" in avatar("doctor", "--fix", code=1).out
    assert home.database.read_bytes() == before


@pytest.mark.parametrize("content", [b"garbage " * 1000, b"SQLite format 3\0" + b"\xff" * 4000], ids=len)
@pytest.mark.parametrize("command", ANY, ids=lambda command: command[0])
def test_a_garbage_database_is_refused_untouched(
    avatar: Avatar, home: Home, command: tuple[object, ...], content: bytes
) -> None:
    home.create()
    home.database.write_bytes(content)
    said = avatar.refused(*command, code=6)
    assert f"The file {home.database} is not a database or is damaged." in said
    assert "The pictures beside it are untouched." in said
    assert "problem\tdatabase\t" in avatar("doctor", "--fix", code=1).out
    assert home.database.read_bytes() == content


def test_an_empty_database_is_a_new_one(avatar: Avatar, home: Home) -> None:
    home.create()
    home.database.touch(mode=0o600)
    assert avatar.avatar()["name"] == "Ann"


def test_a_database_that_is_a_folder(avatar: Avatar, home: Home) -> None:
    home.create()
    home.database.mkdir()
    assert "cannot be opened" in avatar.refused("list", code=6)


def test_pictures_that_cannot_be_written(avatar: Avatar, home: Home) -> None:
    home.create()
    home.pictures.touch()
    run = avatar("generate", *SMALL, "--persona-name", "Ann", "--json", code=6)
    assert run.error["code"] == "storage"
    assert str(home.pictures) in (run.error["message"] or "")
    (failed,) = avatar("status", "--json").json
    assert (failed["status"], failed["error"]) == ("failed", run.error)


# -- of somebody else


def powerless(home: Home, *argv: object) -> Run:
    """Run a command for root, whom no file of another user obeys: as any user it is, then."""
    done = subprocess.run(
        ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *PROGRAM, *map(str, argv)],
        env=environment({"AVATAR_HOME": str(home.root)}),
        capture_output=True,
        text=True,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@as_root
def test_root_leaves_nothing_in_the_home_of_another(avatar: Avatar, home: Home) -> None:
    avatar.generate()
    for path in (home.root, *home.root.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    before = files_below(home.root)
    commands = (
        ["list"],
        ["status"],
        ["worker", "run"],
        ["generate", "--prompt", "x", "-d"],
        ["config", "set", "width", 64],
    )
    for command in commands:
        assert "and you are root" in avatar.refused(*command, code=6)
    (problem,) = [line for line in avatar("doctor", "--online", "--fix", code=1).lines if line[0] == "problem"]
    assert "sudo -u nobody avatar" in problem[3]
    assert files_below(home.root) == before


@as_root
def test_what_another_left_is_named_with_the_way_back_and_never_missing(avatar: Avatar, home: Home) -> None:
    """As one run under sudo leaves it: root is the user here, and nobody the one who was there."""
    avatar.generate("--count", 2)
    folder = next(home.pictures.iterdir())
    home.standby.mkdir(mode=0o700)
    home.worker_lock.touch(mode=0o600)
    orphan = home.runners / "run_dead.lock"
    orphan.touch(mode=0o600)
    for path in (home.standby, home.worker_lock, orphan, folder):
        os.chown(path, NOBODY, NOBODY)
    queued = powerless(home, "generate", *SMALL, "--prompt", "x", "-d", "-q")
    assert (queued.code, queued.out.startswith("gen_")) == (6, True), queued
    assert (
        f"Hint: What was queued is kept. {home.standby} belongs to nobody. Run: sudo chown -R root {home.standby}"
        in queued.err
    )
    waiting = powerless(home, "status", queued.out.strip(), "--json").json
    assert f"{home.worker_lock} belongs to nobody" in waiting["waiting_for"]
    for command in (["queue"], ["worker", "status"], ["list"], ["generate", *SMALL, "--prompt", "y", "--seed", 1]):
        run = powerless(home, *command)
        assert run.code == 0, run
    looked = powerless(home, "doctor", "--fix", "--json")
    problems = [finding for finding in looked.json["findings"] if finding["level"] == "problem"]
    assert f"sudo chown -R root {home.root}" in problems[0]["hint"]
    for path in (home.standby, home.worker_lock, orphan, folder):
        assert f"{path} (nobody)" in problems[0]["message"]
    assert "is missing" not in looked.out
    assert "avatar delete" not in looked.out
    assert any("cannot be read: Permission denied" in problem["message"] for problem in problems)
    for path in (home.standby, home.worker_lock, orphan, folder):
        os.chown(path, 0, 0)
    assert avatar("wait", queued.out.strip()).out.endswith(".jpg\n")


@as_root
def test_a_home_that_cannot_be_entered_is_not_an_empty_one(home: Home) -> None:
    home.root.mkdir(mode=0o000)
    run = powerless(home, "list")
    assert (run.code, f"{home.database} cannot be opened: Permission denied." in run.err) == (6, True), run
    (problem,) = [line for line in powerless(home, "doctor").lines if line[0:2] == ["problem", "home"]]
    assert "cannot be written to" in problem[2]


# -- streams


@posix
@pytest.mark.parametrize(
    ("script", "code", "out"),
    [
        ("avatar list --all | head -1", {0}, 1),
        ("avatar list --all | head -1 >/dev/null; exit ${PIPESTATUS[0]}", {0, 141}, 0),
        ("avatar list --all --json | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", {0, 141}, 0),
        ("avatar --help | head -1 >/dev/null; exit ${PIPESTATUS[0]}", {0, 141}, 0),
        ("avatar list --all | true; exit ${PIPESTATUS[0]}", {0, 141}, 0),
        ("avatar generate --width 64 --height 64 -p x --count 20 | true; exit ${PIPESTATUS[0]}", {0, 141}, 0),
        ("avatar generate --width 64 --height 64 -p x -o - | true; exit ${PIPESTATUS[0]}", {0, 141}, 0),
    ],
)
def test_a_reader_that_leaves_is_no_error(avatar: Avatar, script: str, code: set[int], out: int) -> None:
    avatar.generate("--count", 60 if "--json" in script else 2)  # more than a pipe holds
    run = shell(script)
    assert run.code in code
    assert len(run.lines) == out
    assert "Error" not in run.err
    assert "Traceback" not in run.err
    assert avatar("doctor", "--json").json["healthy"]


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(
    "script", ["avatar list", "avatar list --json", "avatar stats", "avatar path $(avatar list -q)"]
)
def test_a_full_disk_behind_stdout_is_no_bug(avatar: Avatar, home: Home, script: str) -> None:
    avatar.generate()
    run = shell(f"{script} > /dev/full")
    assert run.code == 6
    assert "No space left on device" in run.err
    assert not home.logs.exists()


@posix
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("avatar list >&-", 0),  # there is nothing to print
        ("avatar stats >&-", 6),
        ("avatar list --json >&-", 6),
        ("avatar --version >&-", 6),
        ("avatar config set width 64 >&-", 0),
        ("avatar generate -p x --width 64 --height 64 >&-", 6),
        ("avatar list <&-", 0),
        ("avatar generate -p x --width 64 --height 64 2>&-", 0),
        ("avatar show nope 2>&-", 3),
        ("avatar doctor <&- >&- 2>&-", 6),
        ("avatar show nope <&- >&- 2>&-", 3),
    ],
)
def test_streams_that_cron_closed(avatar: Avatar, home: Home, script: str, code: int) -> None:
    avatar("stats")
    assert shell(script).code == code
    assert not home.logs.exists()


@posix
def test_a_stdout_that_is_closed_is_told_as_a_full_disk(avatar: Avatar) -> None:
    avatar.generate()
    said = shell("avatar list >&-").err.splitlines()
    assert said == ["Error: The output cannot be written: Bad file descriptor.", "Hint: See where stdout goes."]


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("avatar show nope", 3),
        ("avatar show nope --json", 3),
        ("avatar nope", 2),
        ("avatar list", 0),
        ("avatar generate -p x --width 64 --height 64", 0),
        ("avatar config set width 64", 0),
        ("AVATAR_WITDH=1 avatar list", 0),
    ],
)
def test_a_full_disk_behind_stderr_changes_no_exit_code(avatar: Avatar, script: str, code: int) -> None:
    avatar("stats")
    assert shell(f"{script} 2> /dev/full").code == code


@posix
@pytest.mark.parametrize("command", ["list", "list --json", "show {}"])
def test_an_output_that_is_not_utf_8(avatar: Avatar, home: Home, command: str) -> None:
    """Pipes on Windows are not."""
    id_ = avatar.avatar("--persona-name", "Zoë 王🎉")["id"]
    run = shell(f"avatar {command.format(id_)}", PYTHONIOENCODING="ascii")
    assert (run.code, id_ in run.out) == (0, True)
    assert not home.logs.exists()
