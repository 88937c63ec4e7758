"""The command `avatar`: which commands there are, and the one place that shows an AvatarError."""

import atexit
import errno
import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from avatar_creator import cli
from avatar_creator._version import __version__
from avatar_creator.cli.render.output import discard, show_error, talk, unwritten
from avatar_creator.domain.text import shown, without_tokens
from avatar_creator.errors import (
    BUG_CODE,
    BUG_EXIT,
    NO_THREADS,
    NO_THREADS_HINT,
    AvatarError,
    Cancelled,
    InvalidInput,
    StorageError,
)
from avatar_creator.home import (
    COMPLETE_VARIABLE,
    HOME_VARIABLE,
    PREFIX,
    UNREAD_VARIABLE,
    gone_folder,
    has_working_folder,
)


class Entry(NamedTuple):
    """Where a command's file is, and what the list of commands says of it."""

    module: str
    panel: str
    summary: str
    group: bool = False  # of commands: alone it shows its help
    lists: bool = False  # a group that lists where none of its commands is named
    hidden: bool = False  # in the list of commands: nobody types it


_UNTIL_GARBAGE = 50_000  # objects made, a few MB: a short command never looks for garbage, which is 3 % of its time
_JSON = frozenset(["--json", "--jsonl"])  # with these errors are JSON, too
_READER_GONE = 128 + 13  # as shells report a program that SIGPIPE ended
_SIDES = ("COLUMNS", "LINES", "TERMINAL_WIDTH")  # the last is typer's, for help
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SIDE = re.compile(r"0*[1-9][0-9]{0,3}")  # of a terminal, in characters
# What is printed where stdout is closed is an error, as on a full disk: what stands for it can only be read.
_STREAMS = (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))
# A full or failing disk, one that is closed, and the limits of a user's files.
_STDOUT_REFUSED = (errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG, errno.EDQUOT)
_COMPLETION = ("--install-completion", "--show-completion")
MAKE, KEEP, KNOW = "Make", "Keep", "Know"

# Only the file of the command that was typed is imported. A test compares each summary with the command's own.
COMMANDS: dict[str, Entry] = {
    "generate": Entry("generate", MAKE, "Make avatars from a persona and visual attributes."),
    "batch": Entry("batch", MAKE, "Make an avatar of each row of a table of personas."),
    "batch plan": Entry("batch_plan", MAKE, "Split a batch into shards, for many machines, and make nothing."),
    "batch run": Entry("batch_shards", MAKE, "Make one shard of a plan, anywhere, into one file."),
    "batch merge": Entry("batch_shards", MAKE, "Take in what was made of a plan, and say what is missing of it."),
    "batch status": Entry("batch_shards", MAKE, "Say which shards of a plan are made, and which are missing."),
    "cast": Entry("cast", MAKE, "Make people by quota: balanced, no two alike, and the same ones each time."),
    "upgrade": Entry("upgrade", MAKE, "Replace the pictures of avatars: drawings by photographs."),
    "cancel": Entry("queue", MAKE, "Cancel generations that wait or are made."),
    "retry": Entry("queue", MAKE, "Make generations that failed or were cancelled after all."),
    "worker": Entry("worker", MAKE, "See and run the worker that makes what is queued.", group=True),
    "models": Entry("models", MAKE, "See, download and remove models for your own card.", group=True),
    "engine-process": Entry(
        "engine_process", MAKE, "Make pictures for a worker that asks for them through a pipe.", hidden=True
    ),
    "upload": Entry("upload", MAKE, "Add pictures from files."),
    "project": Entry("project", KEEP, "Keep avatars in projects.", group=True),
    "preset": Entry("preset", KEEP, "Keep presets: a persona, looks and a prompt under one name.", group=True),
    "list": Entry("avatars", KEEP, "List avatars, newest first."),
    "show": Entry("avatars", KEEP, "Show all that is known about an avatar."),
    "edit": Entry("avatars", KEEP, "Change what is known about an avatar."),
    "revert": Entry("upgrade", KEEP, "Go back to an earlier picture of avatars."),
    "tag": Entry("tags", KEEP, "Add tags to avatars, and remove them."),
    "tags": Entry("tags", KEEP, "List tags, and how many avatars have each."),
    "star": Entry("tags", KEEP, "Give avatars a star."),
    "unstar": Entry("tags", KEEP, "Take the star from avatars."),
    "pick": Entry("pick", KEEP, "Pick an avatar, print the path of its picture, and record its use."),
    "delete": Entry("avatars", KEEP, "Delete avatars and their files."),
    "open": Entry("files", KEEP, "Open an avatar's picture in the system's viewer."),
    "path": Entry("files", KEEP, "Print the path of an avatar's picture."),
    "inspect": Entry("files", KNOW, "Show what a picture file says of itself."),
    "use": Entry("usage", KEEP, "Record that an app used an avatar."),
    "usage": Entry("usage", KNOW, "Show who used an avatar."),
    "status": Entry("status", KNOW, "Show how generations are doing: those given, or the recent ones."),
    "wait": Entry("wait", KNOW, "Wait for generations to end, and print the paths of their pictures."),
    "queue": Entry("queue", KNOW, "Show what is made and what waits, why, and when it may end."),
    "logs": Entry("queue", KNOW, "Show all that happened to a generation."),
    "coverage": Entry(
        "coverage", KNOW, "Show how balanced people are: how many there are of each value and pair, and were to be."
    ),
    "stats": Entry("stats", KNOW, "Show the library in figures."),
    "prune": Entry("queue", KEEP, "Forget the details of generations that ended long ago; avatars and figures stay."),
    "gallery": Entry(
        "gallery", KNOW, "Write a page to look at avatars: search, filter, group, read all that is known of each."
    ),
    "verify": Entry(
        "verification", KNOW, "Prove that pictures are those that were saved, and that drawings can be made again."
    ),
    "compare": Entry("compare", KNOW, "Show avatars, or versions of one, side by side, and what differs."),
    "sheet": Entry("sheet", KNOW, "Write avatars as a contact sheet: a picture, or pages of a PDF."),
    "twins": Entry("twins", KNOW, "Find pictures that look alike: the same file twice, or one that was saved again."),
    "rejects": Entry(
        "checks", KEEP, "See pictures that failed their check when they were made.", group=True, lists=True
    ),
    "check": Entry("checks", KNOW, "Check pictures: exactly one face, large, frontal, sharp and whole."),
    "export": Entry("archives", KEEP, "Write avatars into a folder, a ZIP or a TAR file."),
    "import": Entry("archives", KEEP, "Take in what avatar export wrote."),
    "reindex": Entry("reindex", KEEP, "Make avatars again of what picture files say of themselves."),
    "backup": Entry("backup", KEEP, "Back up the home, or its database, and put that back.", group=True),
    "config": Entry("config", KNOW, "Show and change settings.", group=True),
    "doctor": Entry("doctor", KNOW, "Check that everything is in order."),
}


class LazyGroup(TyperGroup):
    """A group whose commands are imported when they are used, and only listed by their summaries."""

    _listing = False

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Any = dict.fromkeys(COMMANDS)  # names, for "Did you mean ...?"

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature of TyperGroup
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if self._listing:
            return TyperCommand(cmd_name, short_help=entry.summary, rich_help_panel=entry.panel, hidden=entry.hidden)
        module = import_module(f"avatar_creator.cli.commands.{entry.module}")
        command = typer.main.get_command(module.APPS[cmd_name])
        if not gc.isenabled():  # as `__main__` left it for the imports, most of which end here
            gc.freeze()
            gc.set_threshold(_UNTIL_GARBAGE)
            gc.enable()
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if " ".join(args[:2]) in COMMANDS:
            args = [" ".join(args[:2]), *args[2:]]
        try:
            return super().resolve_command(ctx, args)
        except typer.TyperException as error:
            raise (cli.options.mistyped.no_command(args) or error) from None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if len(args) == 2 and args[0] in _COMPLETION:  # noqa: PLR2004 - the option and a shell
            _completion_of(ctx, *args)
        if not ctx.resilient_parsing:
            args = _as_others_say_it(args)
        return list(super().parse_args(ctx, args))

    def _main_shell_completion(self, *given: Any, **named: Any) -> None:
        if COMPLETE_VARIABLE in os.environ:
            cli.shells.register()
        super()._main_shell_completion(*given, **named)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._listing = False


def _normalised(name: str) -> str:
    """Return the one spelling of an option, a command or a known value: ``--hairColour`` is ``--hair-color``."""
    if len(name) == 1:  # -p and -P are two options
        return name
    return _CAMEL.sub("-", name).lower().replace("_", "-").replace("colour", "color")


app = typer.Typer(
    cls=LazyGroup,
    name="avatar",
    help="Pictures of personas, made from the command line.",
    epilog="Start with: avatar generate --persona-name 'Sarah Johnson' --persona-age 32 --gender female; for a table of"
    " personas: avatar batch people.csv",
    context_settings={"help_option_names": ["-h", "--help"], "token_normalize_func": _normalised},
    pretty_exceptions_enable=False,
)


def _as_others_say_it(args: list[str]) -> list[str]:
    """Return what is meant by the ways in which other programs ask for help and version."""
    match args:
        case ["help", *command]:
            return [*command, "--help"]
        case ["version"]:
            return ["--version"]
        case [name] if name in COMMANDS and COMMANDS[name].group and not COMMANDS[name].lists:
            return [name, "--help"]
    return args


def _completion_of(ctx: Any, option: str, shell: str) -> None:
    """Install or print the script of the shell that is named; typer takes its own options for flags."""
    from typer.completion import install_callback, show_callback

    if shell not in cli.shells.SHELLS:
        raise InvalidInput(
            f"There is no completion for {shown(shell)}.", hint=f"Shells: {', '.join(cli.shells.SHELLS)}."
        )
    try:
        (install_callback if option == _COMPLETION[0] else show_callback)(ctx, ctx, shell)
    except RuntimeError as error:  # HOME is not set, and this user has none
        raise InvalidInput(
            f"The script cannot be installed: {error}", hint=f"Run: avatar {_COMPLETION[1]} {shell}"
        ) from error


def _version(wanted: bool) -> None:
    if wanted:
        print(f"avatar {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; every failure is shown here."""
    try:
        if os.environ.pop(UNREAD_VARIABLE, None) is None and COMPLETE_VARIABLE not in os.environ:
            _warn_of_variables()
        code = typer.main.get_command(app).main(list(argv) or ["--help"], prog_name="avatar", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as stop:
        if not isinstance(stop, BrokenPipeError) and not isinstance(stop.__context__, BrokenPipeError):
            return stop.code if isinstance(stop.code, int) else 0  # typer's own, after completion was installed
        discard(sys.stdout)
        return _READER_GONE
    except KeyboardInterrupt:  # before typer has begun, which makes a code of it
        code = Cancelled.exit_code
    except Exception as error:  # noqa: BLE001 - whatever comes, the user gets a sentence and never a traceback
        failure = _failure(error, argv)
        show_error(failure, as_json=not _JSON.isdisjoint(argv))
        return failure.exit_code
    if code == Cancelled.exit_code:  # typer's word for a KeyboardInterrupt
        show_error(Cancelled("Stopped by the user."), as_json=not _JSON.isdisjoint(argv))
    return code if isinstance(code, int) else 0


def run() -> NoReturn:
    """Run the command line of this process."""
    for name, flag, mode in _STREAMS:  # cron and service managers may have closed them
        if getattr(sys, name) is None:  # nothing else may get its number
            setattr(sys, name, open(os.open(os.devnull, flag), mode, encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name must not fail for the terminal's encoding
            stream.reconfigure(errors="backslashreplace")
    for name in _SIDES:  # 0 or nonsense is as good as none; what draws would take it at its word
        if not _SIDE.fullmatch(os.environ.get(name, "80")):
            del os.environ[name]
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _terminated)
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # one more, while it was said what the first had ended
        code = Cancelled.exit_code
    _end(code)


def _end(code: int) -> NoReturn:
    """End the process at once: to take all modules apart, as the interpreter does, is 5 % of a short command."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # all is said: Ctrl-C could only show a traceback
    if any(not each.daemon for each in threading.enumerate() if each is not threading.main_thread()):
        sys.exit(code)  # which waits for them
    atexit._run_exitfuncs()  # noqa: SLF001 - what libraries leave to the end is done
    with suppress(OSError):  # what was printed before a failure; after a success all of it is written
        sys.stdout.flush()
    os._exit(code)


def _warn_of_variables() -> None:
    """Say which variables have almost the name of a setting's: what they were to set is not set."""
    if not any(name.upper().startswith(PREFIX) and name != HOME_VARIABLE for name in os.environ):
        return  # settings are not imported for nothing
    from avatar_creator.library import open_library

    for name, meant in open_library().config.misspelt_variables():
        talk(f"Warning: The variable {name} sets nothing; did you mean {meant}?", style="yellow")


def _terminated(_number: int, _frame: object) -> NoReturn:
    """Unwind as Ctrl-C does, so that rows and files are put in order."""
    raise KeyboardInterrupt


class _Bug(AvatarError):
    code = BUG_CODE
    exit_code = BUG_EXIT


def _failure(error: Exception, argv: Sequence[str]) -> AvatarError:
    match error:
        case AvatarError():
            return error
        case typer.TyperException():
            if (meant := cli.options.mistyped.no_such_usage(error, argv)) is not None:
                return meant
            context = getattr(error, "ctx", None)  # an option without its argument has none
            return InvalidInput(
                error.format_message(), hint=f"See: {context.command_path if context else _command(argv)} --help"
            )
        case typer.Abort():
            return Cancelled("Stopped by the user.")
    return _of_the_system(error) or _bug(error)


def _command(argv: Sequence[str]) -> str:
    """Return the command that was typed, as far as there is one."""
    entry = COMMANDS.get(argv[0]) if argv else None
    words = [] if entry is None else [word for word in argv[: 1 + entry.group] if not word.startswith("-")]
    return " ".join(["avatar", *words])


def _of_the_system(error: Exception) -> AvatarError | None:
    """Say what the system would not do; None where it is not to blame."""
    match error:
        case OSError() if error.filename is not None:
            return StorageError(f"{error.filename}: {error.strerror}.", hint="Run: avatar doctor")
        case FileNotFoundError() if not has_working_folder():
            return gone_folder()
        case OSError(errno=code) if code in _STDOUT_REFUSED:  # no file of ours goes without a name: it is stdout
            return unwritten(error)
        case UnicodeEncodeError() if error.encoding != "utf-8":
            return InvalidInput(
                f"The locale of this shell has no letters to write {shown(error.object)} with.",
                hint="Set another, such as LC_ALL=C.UTF-8, or PYTHONUTF8=1.",
            )
    return _of_too_little(error)


def _of_too_little(error: Exception) -> AvatarError | None:
    """Say of what this machine has too little, or in its clock too much; None where that is not to blame."""
    match error:
        case OSError(errno=errno.EAGAIN | errno.ENOMEM) | RuntimeError(args=("can't start new thread",)):
            said, hint = NO_THREADS.capitalize(), NO_THREADS_HINT
        case MemoryError() | ImportError() if isinstance(error, MemoryError) or "map segment" in str(error):
            said = "This system gives avatar no more memory."
            hint = "End other programs, or raise the limit of memory; see: ulimit -v"
        case OverflowError() if "timestamp" in str(error):
            said = "The clock of this machine shows a time that Python cannot tell."
            hint = "Set it: it is past the year 2262, or far before 1970."
        case _:
            return None
    return AvatarError(said, hint=hint)


def _bug(error: Exception) -> AvatarError:
    path = cli.crash.write_crash_log(error)
    hint = f"The traceback is in {path}; please report it." if path else "The home could not take a log of it."
    said = without_tokens(f"{type(error).__name__}: {error}")
    return _Bug(f"This is a bug in avatar: {said}", hint=hint)
