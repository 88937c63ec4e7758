"""The commands there are, their help, and how failures are shown."""

import errno
import os
import sys
from _thread import interrupt_main
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from avatar_creator import __version__
from avatar_creator.cli.crash import write_crash_log
from avatar_creator.cli.main import COMMANDS, app
from avatar_creator.domain.picture import Picture, PictureRequest
from avatar_creator.engines import ENGINES, Entry
from avatar_creator.engines.base import EnginePlan, Watch
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import AvatarError, EngineBusy, EngineError, EngineRefused, InvalidInput, NotConfigured
from avatar_creator.home import UNREAD_VARIABLE, Home, find_home
from avatar_creator.library.config import Config
from cli.commandline import SMALL, Avatar, process
from sql import run_sql


def _command(*path: str) -> Any:
    found: Any = typer.main.get_command(app)
    for name in path:
        found = found.get_command(None, name)
    return found


GROUPS = {name: tuple(_command(name).commands) for name in COMMANDS if hasattr(_command(name), "commands")}
ALL = [(name,) for name in COMMANDS] + [(group, sub) for group, subs in GROUPS.items() for sub in subs]


@pytest.mark.parametrize("name", COMMANDS)
def test_summary_is_the_first_line_of_the_commands_own_help(name: str) -> None:
    first = (_command(name).help or "").strip().splitlines()[0]
    assert first.startswith(COMMANDS[name].summary.removesuffix("."))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help_on_stdout(avatar: Avatar, home: Home, path: tuple[str, ...], flag: str) -> None:
    run = avatar(*path, flag)
    assert f"Usage: avatar {' '.join(path)}" in " ".join(run.out.split())
    assert not run.err
    assert not home.root.exists(), "help makes no home"


def test_there_are_the_commands_of_each_group() -> None:
    assert GROUPS == {
        "rejects": ("list", "take", "delete"),
        "project": ("create", "list", "show", "edit", "delete"),
        "models": ("list", "pull", "rm"),
        "preset": ("list", "show", "create", "edit", "delete", "export", "import"),
        "backup": ("home", "create", "list", "restore"),
        "config": ("show", "path", "set", "unset"),
        "worker": ("run", "start", "status", "stop", "logs"),
    }


@pytest.mark.parametrize("argv", [(), ("--help",), ("-h",)])
def test_help_names_every_command_with_its_summary(avatar: Avatar, argv: tuple[str, ...]) -> None:
    words = " ".join(avatar(*argv).out.replace("│", "").split())
    for name, entry in COMMANDS.items():
        assert (f"{name} {entry.summary}" in words) is not entry.hidden


def test_version(avatar: Avatar) -> None:
    for way in ("--version", "-V", "version"):
        assert avatar(way).out == f"avatar {__version__}\n"


@pytest.mark.parametrize("command", [(), ("generate",), ("project", "create"), ("worker",)])
def test_help_is_a_command_too(avatar: Avatar, command: tuple[str, ...]) -> None:
    assert avatar("help", *command).out == avatar(*command, "--help").out


def test_a_group_alone_shows_its_help(avatar: Avatar) -> None:
    assert [name for name, entry in COMMANDS.items() if entry.group] == list(GROUPS)
    for name in GROUPS:
        shown = ("list",) if COMMANDS[name].lists else ("--help",)
        assert avatar(name).out == avatar(name, *shown).out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("genrate",), "No such command 'genrate'. Did you mean 'generate'?\nHint: See: avatar --help"),
        (("project", "creat"), "No such command 'creat'. Did you mean 'create'?\nHint: See: avatar project --help"),
        (("show",), "Missing argument 'ID'.\nHint: See: avatar show --help"),
        (("generate", "--sed", "1"), "No such option: --sed"),
        (("list", "--after"), "Option '--after' requires an argument.\nHint: See: avatar list --help"),
        (("project", "create", "--description"), "requires an argument.\nHint: See: avatar project create --help"),
        (("--nope",), "No such option: --nope\nHint: See: avatar --help"),
        (("list", "--limit", "0"), "Invalid value for '--limit' / '-n': 0 is not in the range x>=1."),
        (("list", "extra"), "unexpected extra argument"),
        (("use", "x", "--app", "a"), "Missing option '--action'"),
    ],
)
def test_typing_errors_exit_2_with_the_help_to_read(avatar: Avatar, argv: tuple[str, ...], said: str) -> None:
    assert said in avatar.refused(*argv)


@pytest.mark.parametrize(
    ("argv", "code", "error"),
    [
        (("show", "av_none", "--json"), 3, ("not_found", "There is no avatar 'av_none'.", "Run: avatar list")),
        (
            ("list", "--json", "--nope"),
            2,
            (
                "invalid",
                "No such option: --nope (Possible options: --model, --name, --since)",
                "See: avatar list --help",
            ),
        ),
        (
            ("generate", "--persona-name", "A", "--seed", "0", "--json"),
            2,
            (
                "invalid",
                "seed is '0', outside 1 to 2147483647.",
                "Give seed a whole number from 1 to 2147483647.",
            ),
        ),
    ],
)
def test_with_json_an_error_is_one_json_line_on_stderr(
    avatar: Avatar, argv: tuple[str, ...], code: int, error: tuple[str, str, str]
) -> None:
    run = avatar(*argv, code=code)
    assert (run.out, len(run.err.splitlines())) == ("", 1)
    assert run.error == dict(zip(("code", "message", "hint"), error, strict=True))


# -- engines that fail


class _Broken(OfflineEngine):
    """Draws every picture but the second."""

    error: BaseException
    made = 0

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        type(self).made += 1
        if self.made == 2:
            if isinstance(self.error, KeyboardInterrupt):  # Ctrl-C is raised where the run is followed, not here
                interrupt_main()
                watch.wait(60, "Ctrl-C")
            raise self.error
        return super().generate(request, watch)


class _Crossed(OfflineEngine):
    """Draws while another shell does something to those that wait."""

    meanwhile: str

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        run_sql(find_home(), f"{self.meanwhile} WHERE status = 'pending'")
        return super().generate(request, watch)


class _Unready(OfflineEngine):
    """Lacks something it needs."""

    def check(self, _options: Mapping[str, Any]) -> None:
        raise NotConfigured("There is no token.", hint="Run: hf auth login")

    def plan(self, request: PictureRequest) -> EnginePlan:
        return super().plan(request)


Break = Callable[[BaseException], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Make `--engine broken` fail with an error at its second picture."""
    monkeypatch.setitem(ENGINES, "broken", Entry(f"{__name__}:_Broken", ()))
    monkeypatch.setitem(ENGINES, "unready", Entry(f"{__name__}:_Unready", ()))
    monkeypatch.setattr(_Broken, "made", 0)

    def fail_with(error: BaseException) -> None:
        monkeypatch.setattr(_Broken, "error", error, raising=False)

    return fail_with


THREE = ("generate", *SMALL, "--persona-name", "Ann", "--engine", "broken", "--count", 3)


@pytest.mark.parametrize(
    "error",
    [
        EngineError("It broke.", hint="Try again."),
        EngineBusy("It is busy.", hint="Wait.", retry_after_s=1.0),
        EngineRefused("It will not.", hint="Ask for something else."),
    ],
)
def test_an_engines_failure_ends_only_its_own_picture(avatar: Avatar, broken: Break, error: EngineError) -> None:
    broken(error)
    run = avatar(*THREE, "--json", code=5)
    assert [generation["status"] for generation in run.json] == ["completed", "failed", "completed"]
    said = {"code": error.code, "message": error.message, "hint": error.hint}
    assert run.error == run.json[1]["error"] == said
    status = avatar("status", run.json[1]["id"], "--json").json
    assert (status["error"], status["avatar"], status["avatar_id"]) == (said, None, None)
    assert [g["status"] for g in avatar("status", "--json").json] == ["completed", "failed", "completed"]


def test_an_engines_failure_in_a_pipe_is_a_line_like_the_others(avatar: Avatar, broken: Break) -> None:
    broken(EngineRefused("It will not.", hint="Ask for something else."))
    run = avatar(*THREE, code=5)
    assert [(line[1], line[8]) for line in run.lines] == [
        ("completed", ""),
        ("failed", "It will not."),
        ("completed", ""),
    ]
    assert run.err == "2 made, 1 failed.\nError: It will not.\nHint: Ask for something else.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (EngineRefused("No credits.", hint="Buy some.", ends_run=True), 5, "No credits."),
        (NotConfigured("The token was refused.", hint="Make another."), 4, "The token was refused."),
        (EngineError("It broke.", hint="Try again."), 6, "1.jpg"),
    ],
)
def test_what_ends_a_run_is_told_before_what_only_ends_a_picture(
    avatar: Avatar, broken: Break, tmp_path: Path, error: AvatarError, code: int, said: str
) -> None:
    """The first picture is made and cannot be written to where it was asked for, the second cannot be made."""
    broken(error)
    full = tmp_path / "1.jpg"
    full.symlink_to("/dev/full")
    run = avatar(*THREE, "--concurrency", 1, "--output", tmp_path / "{n}.jpg", code=code)
    assert said in run.err


def test_a_run_that_fails_says_how_many_were_made(avatar: Avatar, broken: Break) -> None:
    broken(NotConfigured("The token was refused.", hint="Make another."))
    run = avatar(*THREE, "--concurrency", 1, code=4)
    assert run.err.splitlines()[0] == "1 made, 1 failed, 1 not made."
    broken(EngineRefused("It will not.", hint="Ask for something else."))
    _Broken.made = 0
    assert avatar(*THREE, "--quiet", code=5).err == "Error: It will not.\nHint: Ask for something else.\n"


_CANCELS = "UPDATE generations SET status = 'cancelled', error_message = 'Cancelled.', error_hint = 'retry ' || id"


@pytest.mark.parametrize(("meanwhile", "code"), [(_CANCELS, 130), ("DELETE FROM generations", 3)])
def test_how_to_make_the_others_is_said_where_that_can_be_done(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, meanwhile: str, code: int
) -> None:
    """What another shell cancelled is tried again all at once; what it deleted cannot be."""
    monkeypatch.setitem(ENGINES, "broken", Entry(f"{__name__}:_Crossed", ()))
    monkeypatch.setattr(_Crossed, "meanwhile", meanwhile, raising=False)
    run = avatar(*THREE, "--concurrency", 1, code=code)
    (batch,) = {generation["batch_id"] for generation in avatar("status", "--json").json}
    assert run.err.splitlines()[0] == "1 made, 2 not made."
    said = f"To make the others after all: avatar retry --batch {batch}\n" in run.err
    assert said == (meanwhile == _CANCELS)
    if said:
        assert len(avatar("retry", "--batch", batch, "--quiet").out.split()) == 2
        avatar("worker", "stop")


def test_ctrl_c_before_the_command_has_begun_is_a_sentence(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_config: Config) -> dict[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setenv("AVATAR_CONCURRENCY", "2")
    monkeypatch.setattr(Config, "misspelt_variables", interrupted)
    assert avatar("list", code=130).err == "Error: Stopped by the user.\n"


def test_an_engine_that_lacks_something_exits_4_and_makes_nothing(avatar: Avatar, broken: Break) -> None:
    del broken
    said = avatar.refused("generate", "--persona-name", "Ann", "--engine", "unready", code=4)
    assert said == "Error: There is no token.\nHint: Run: hf auth login"
    assert avatar("status").out == ""
    assert "ok\tengine unready\tThere is no token.\tRun: hf auth login\n" in avatar("doctor").out


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RuntimeError("can't start new thread"), 1, "This system lets avatar start no more threads or processes."),
        (BlockingIOError(errno.EAGAIN, "x"), 1, "This system lets avatar start no more threads or processes."),
        (
            OverflowError("timestamp too large to convert to C _PyTime_t"),
            1,
            "The clock of this machine shows a time that Python cannot tell.",
        ),
        (MemoryError(), 1, "This system gives avatar no more memory."),
        (
            ImportError("libjpeg.so.62: failed to map segment from shared object"),
            1,
            "This system gives avatar no more memory.",
        ),
    ],
)
def test_what_the_system_lacks_is_no_bug(
    avatar: Avatar, broken: Break, home: Home, error: Exception, code: int, said: str
) -> None:
    broken(error)
    assert avatar(*THREE, code=code).err.splitlines()[0] == f"Error: {said}"
    assert not home.logs.exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_an_output_that_takes_no_more_is_no_bug(avatar: Avatar, broken: Break, home: Home, code: int) -> None:
    broken(OSError(code, "No more"))
    assert avatar(*THREE, code=6).err == "Error: The output cannot be written: No more.\nHint: See where stdout goes.\n"
    assert not home.logs.exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a working folder from being removed")
@pytest.mark.parametrize(
    ("gone", "code", "said"), [(True, 2, "Your working folder is gone."), (False, 70, "This is a bug")]
)
def test_what_is_not_found_and_has_no_name_is_the_working_folder_or_a_bug(
    avatar: Avatar, broken: Break, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool, code: int, said: str
) -> None:
    broken(FileNotFoundError(errno.ENOENT, "x"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    if gone:
        (tmp_path / "here").rmdir()
    assert avatar(*THREE, code=code).err.startswith(f"Error: {said}")


def test_what_nobody_reads_is_not_said(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_WITDH", "512")
    monkeypatch.setenv(UNREAD_VARIABLE, "1")
    assert avatar("list").err == ""
    assert "AVATAR_WITDH" in avatar("list").err, "what the process starts is read again"


def test_a_bug_is_one_line_and_a_log(avatar: Avatar, broken: Break, home: Home) -> None:
    broken(ZeroDivisionError("by \x1b[31mzero"))
    run = avatar(*THREE, code=70)
    log = home.logs / "crash.log"
    assert run.err == (
        "Error: This is a bug in avatar: ZeroDivisionError: by \\x1b[31mzero\n"
        f"Hint: The traceback is in {log}; please report it.\n"
    )
    written = log.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in written
    assert "by \\x1b[31mzero" in written
    assert "\x1b" not in written
    (left, failed, _) = avatar("status", "--json").json
    assert (failed["status"], failed["error"]["code"]) == ("failed", "bug")
    assert (left["status"], left["error"]["message"]) == ("cancelled", "The run ended before it began.")


def test_the_log_of_bugs_is_its_owners_and_has_an_end(home: Home) -> None:
    log = home.logs / "crash.log"
    for _ in range(3):
        assert write_crash_log(ZeroDivisionError("zero " * 50_000)) == log
        log.chmod(0o644)  # as older versions made it
    write_crash_log(ZeroDivisionError("last"))
    assert {path.name for path in home.logs.iterdir()} == {"crash.log", "crash.log.1"}
    assert sum(path.stat().st_size for path in home.logs.iterdir()) < 900_000
    assert "last" in log.read_text()
    if sys.platform != "win32":
        assert log.stat().st_mode & 0o777 == 0o600


def test_a_log_that_is_a_device_stays_everybodys(home: Home, null_device: Path) -> None:
    home.create()
    home.logs.mkdir()
    (home.logs / "crash.log").symlink_to(null_device)
    assert write_crash_log(ZeroDivisionError("zero")) == home.logs / "crash.log"
    assert null_device.is_char_device()
    assert null_device.stat().st_mode & 0o777 == 0o666


@pytest.mark.skipif(os.name != "posix", reason="needs pipes with names")
def test_a_log_that_is_a_pipe_is_not_waited_for(home: Home) -> None:
    home.create()
    home.logs.mkdir()
    os.mkfifo(home.logs / "crash.log")
    assert write_crash_log(ZeroDivisionError("zero")) is None


def test_a_bug_with_json_keeps_what_was_made_readable(avatar: Avatar, broken: Break) -> None:
    broken(ZeroDivisionError("oops"))
    run = avatar(*THREE, "--json", code=70)
    assert [generation["status"] for generation in run.json] == ["completed"]
    assert run.error["code"] == "bug"


def test_ctrl_c_stops_the_run(avatar: Avatar, broken: Break) -> None:
    broken(KeyboardInterrupt())
    assert avatar(*THREE, "--json", code=130).error["code"] == "cancelled"
    third, second, first = avatar("status", "--json").json
    assert (first["status"], second["status"]) == ("completed", "cancelled")
    assert third["status"] == "cancelled", "it had not begun, and can be tried again"


def test_what_an_engine_refuses_of_one_picture_ends_that_alone(avatar: Avatar, broken: Break) -> None:
    broken(InvalidInput("Odd.", hint="Even."))
    assert avatar(*THREE, "--json", code=2).error["code"] == "invalid"
    statuses = [generation["status"] for generation in avatar("status", "--json").json]
    assert statuses == ["completed", "failed", "completed"]


@pytest.mark.skipif(os.name != "posix", reason="the names of files are texts elsewhere")
def test_a_locale_without_letters_is_named(home: Home, tmp_path: Path) -> None:  # noqa: ARG001 - where it looks
    people = tmp_path / "people.csv"
    people.write_text("name\nÄnne\n", "utf-8")
    pattern = tmp_path / "{name}.png"
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run = process("batch", people, "--output", pattern, "--engine", "offline", **locale)
    assert run.code == 2
    assert "The locale of this shell has no letters to write" in run.err
    assert "Hint: Set another, such as LC_ALL=C.UTF-8" in run.err


def test_it_runs_as_a_module() -> None:
    assert process("--version").out == f"avatar {__version__}\n"


@pytest.mark.parametrize("spelled", ["--persona-name", "--persona_name", "--personaName", "--PERSONA-NAME"])
def test_options_are_known_in_every_spelling(avatar: Avatar, spelled: str) -> None:
    argv = (spelled, "Ann", "--hair_colour", "red", "--eyeColour=blue", "--PromptStyle", "NATURAL", "--dry-run")
    plan = avatar("generate", *argv, "--format", "Jpg", "--embed", "MARK", "--engine", "Offline", "--json").json
    assert (plan["persona"]["name"], plan["attributes"]["hair_color"], plan["attributes"]["eye_color"]) == (
        "Ann",
        "red",
        "blue",
    )
    assert (plan["prompt_style"], plan["format"], plan["embed"], plan["engine"]) == (
        "natural",
        "jpeg",
        "mark",
        "offline",
    )


def test_short_options_are_what_their_case_says(avatar: Avatar) -> None:
    assert "no project" in avatar.refused("list", "-P", "nowhere", code=3)
    assert avatar("list", "-p", "nothing").out == ""


def test_commands_are_known_in_any_case(avatar: Avatar) -> None:
    assert avatar("LIST", "--json").json == []
