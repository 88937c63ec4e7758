"""How tests type commands: in this process, in one of its own, and on a terminal."""

import errno
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from avatar_creator.cli.main import main

PROGRAM = (sys.executable, "-m", "avatar_creator")
SMALL = ("--width", 64, "--height", 64)
LINES = 40  # of the terminals of tests
# By these it is known which terminal one is.
TERMINALS = (
    *("TMUX", "STY", "TERM_PROGRAM", "LC_TERMINAL", "KITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR"),
    *("WEZTERM_PANE", "ITERM_SESSION_ID"),
)
NOT_A_USERS = ("PYTHONUNBUFFERED", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", *TERMINALS)
# The terminal must be the session's own, for Ctrl-C to reach who runs on it.
_ON_A_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from avatar_creator.cli.main import run
run()
"""
_PIPED = """
import os, subprocess
os.dup2(subprocess.Popen(["cat"], stdin=subprocess.PIPE).stdin.fileno(), 1)
"""
_TAKEN = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
ESCAPE = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


class Run(NamedTuple):
    """What a command left: its exit code, and all it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[list[str]]:
        """The fields of each tab-separated line."""
        return [line.split("\t") for line in self.out.splitlines()]

    @property
    def error(self) -> dict[str, str | None]:
        """The error of a command with --json, the last line of stderr."""
        error: dict[str, str | None] = json.loads(self.err.splitlines()[-1])["error"]
        return error


class Avatar:
    """`avatar`, run in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *argv: object, code: int | Collection[int] = 0) -> Run:
        """Run a command; it must end with ``code``, or one of them."""
        self._capture.readouterr()
        with _own_handlers():
            ended = main([str(word) for word in argv])
        run = Run(ended, *self._capture.readouterr())
        codes = {code} if isinstance(code, int) else code
        assert (ended in codes, "Traceback" in run.err) == (True, False), run
        return run

    def generate(self, *argv: object) -> Any:
        """Make one small picture, or several; return what --json says."""
        who = () if {"--persona-name", "--prompt"} & set(argv) else ("--persona-name", "Ann")
        return self("generate", *SMALL, "--json", *who, *argv).json

    def avatar(self, *argv: object) -> Any:
        """Make one small picture; return its avatar."""
        return self.generate(*argv)["avatar"]

    def refused(self, *argv: object, code: int = 2) -> str:
        """Run a command that must fail with ``code``, write nothing to stdout and say two lines; return them."""
        run = self(*argv, code=code)
        talk = [line for line in run.err.splitlines() if line.startswith(("Error: ", "Hint: "))]
        assert (run.out, len(talk)) == ("", 2), run
        return "\n".join(talk)


@contextmanager
def _own_handlers() -> Iterator[None]:
    """Give this process its handlers of signals back: a command takes those of its process, as `worker run` does."""
    handlers = {number: signal.getsignal(number) for number in _TAKEN}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's environment as a user's shell would have it."""
    return {name: value for name, value in os.environ.items() if name not in NOT_A_USERS} | dict(changes)


def start(*argv: object, **changes: str) -> subprocess.Popen[str]:
    """Start `avatar` with pipes; ``changes`` are environment variables."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, argv)],
        env=environment(changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def process(*argv: object, **changes: str) -> Run:
    """Run `avatar` with pipes to its end."""
    with start(*argv, **changes) as running:
        out, err = running.communicate()
    return Run(running.returncode, out, err)


def shell(script: str, **changes: str) -> Run:
    """Run a line of bash in which `avatar` is this program."""
    function = f"avatar() {{ '{PROGRAM[0]}' -m avatar_creator \"$@\"; }}\n"
    done = subprocess.run(
        ["bash", "-c", function + script], env=environment(changes), capture_output=True, text=True, check=False
    )
    return Run(done.returncode, done.stdout, done.stderr)


def terminal(
    *argv: object,
    typed: str = "",
    question: str = "[y/N]: ",
    columns: int = 80,
    env: Mapping[str, str] | None = None,
    piped: bool = False,
) -> Run:
    """Run `avatar` on a terminal of its own; ``out`` is all that was to be seen there, with its escapes.

    ``typed`` is typed when the question is asked; ``env`` changes the environment. With ``piped`` its output goes
    through a program that prints it there.
    """
    # Neither module is there on Windows, where this file is read too.
    import fcntl  # noqa: PLC0415
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-c", (_PIPED if piped else "") + _ON_A_TERMINAL, *map(str, argv)],
        env=environment({"TERM": "xterm-256color", **(env or {})}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as running:
        os.close(theirs)
        seen, answered = b"", False
        while more := _read(ours):
            seen += more
            # Again when nothing moves: Ctrl-C just before Python begins to wait for a line goes unheard.
            while typed and question.encode() in seen and not (answered and select.select([ours], [], [], 2)[0]):
                os.write(ours, typed.encode())
                answered = True
        os.close(ours)
    return Run(running.returncode, seen.decode().replace("\r\n", "\n"), "")


def plain(text: str) -> str:
    """What is left of a terminal's text without its escapes."""
    return ESCAPE.sub("", text)


def files_below(folder: Path) -> list[str]:
    """Every file below a folder, by its path from there."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # how Linux says that nobody has the other end open any more
            raise
        return b""
