"""What strangers wrote reaches no shell as code: the lines that each shell gets, and real shells that press TAB."""

import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.cli.options.completion import harmless, is_plain
from avatar_creator.cli.shells import SHELLS
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import Avatar, environment, process

pytestmark = pytest.mark.slow
posix = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")

# Each would make the file PWN, read as code by one shell or another.
CODE = (
    "$(touch PWN)",
    r"\$(touch PWN)",
    r"\\$(touch PWN)",
    "`touch PWN`",
    r"\`touch PWN\`",
    "a`touch PWN`",
    "'$(touch PWN)'",
    "'; touch PWN; '",
    '"; touch PWN; "',
    '"$(touch PWN)"',
    r"\"; touch PWN; \"",
    "))'; touch PWN; : '((",
    '")); touch PWN; : (("',
    "; touch PWN",
    "| touch PWN",
    "& touch PWN &",
    "(touch PWN)",
    "{touch,PWN}",
    "<(touch PWN)",
    "=(touch PWN)",
    "$[`touch PWN`]",
    "${$(touch PWN)}",
    "$((x[$(touch PWN)]))",
    "(e:'touch PWN':)",
    "*(e:'touch PWN':)",
    "[red]$(touch PWN)[/]",
    "[/red] [link=x]",
    "!touch PWN",
    "!!",
    "~/x",
    "*",
    "?",
    "-P",
    "--help",
    "@(x)",
    "%x{touch PWN}",
    "#{touch PWN}",
    "a:b",
    "a=b",
    ":::x",
    "\u2019; touch PWN; \u2019",
    "\uff04\uff08touch PWN\uff09",
    r"x\u0024(touch PWN)",
    "a\u200db",
)
HONEST = ("Spring launch", "default", "日本語 の", "Zoë", "a.b-c_d/e+f", "हिन्दी")

# What may stand around text in the lines of each shell; in the text itself there is nothing but words.
_WORD, _TALK = r"[\w./+\-\u0900-\u097f]", r"[\w ,:()@./+\-\u2019\u0900-\u097f]"
LINES = {
    "bash": rf"(?:{_WORD}|\\ )+",
    "zsh": rf"\"(?:{_WORD}| )+\"(?::\"{_TALK}+\")?",
    "fish": rf"(?:{_WORD}| )+(?:\t{_TALK}+)?",
    "powershell": rf"(?:{_WORD}+|'(?:{_WORD}| )+'):::(?:{_TALK}+| )",
}
COMMANDS = (
    "show ",
    "list --project ",
    "project show ",
    "status ",
    "delete ",
    "generate --hair-style long",
    "config set ",
)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of names and descriptions that are code."""
    root = tmp_path_factory.mktemp("named")
    with open_library(root) as library:
        for name in (*CODE, *HONEST[::2]):
            library.projects.create(name, name)
            who, female = Persona(name), Attributes(gender="female")
            library.generate(persona=who, attributes=female, engine="offline", width_px=64, height_px=64)
    return root


@pytest.fixture
def hostile(avatar: Avatar, home: Home, named: Path, tmp_path: Path) -> Avatar:
    """`avatar` at a copy of that home."""
    (tmp_path / "here").mkdir()
    shutil.copytree(named, home.root)
    return avatar


@pytest.mark.parametrize("shell", LINES)
def test_lines_hold_words_alone(hostile: Avatar, shell: str) -> None:
    ids = set(hostile("project", "list", "-q").out.split())
    for command in COMMANDS:
        run = process(
            _AVATAR_COMPLETE=f"complete_{shell}",
            _TYPER_COMPLETE_ARGS=f"avatar {command}",
            _TYPER_COMPLETE_FISH_ACTION="get-args",
            _TYPER_COMPLETE_WORD_TO_COMPLETE=command.split(" ")[-1],
            COMP_WORDS="\n".join(("avatar", *command.split(" "))),
            COMP_CWORD=str(len(command.split(" "))),
            PYTHONIOENCODING="utf-8",
        )
        out = run.out.removesuffix("\n")
        if shell == "zsh":
            assert (out[:16], out[-3:]) == ("_arguments '*: :", "))'")
            out = out[18:-3]
        lines = out.split("\n")
        assert [line for line in lines if not re.fullmatch(LINES[shell], line)] == []
        if command == "list --project ":
            offered = {re.split(r"[\t:]", line.replace("\\ ", " "))[0].strip("\"'") for line in lines}
            assert offered & set(CODE) == set()
            assert {"default", "Spring launch", "日本語 の"} <= offered
            assert len(offered - ids) == len(HONEST[::2]) + 1
            assert len(lines) == len(CODE) + len(HONEST[::2]) + 1, "the others are offered by their ids"


@given(st.text() | st.sampled_from(CODE))
def test_what_is_said_beside_a_candidate_means_nothing_to_a_shell(text: str) -> None:
    said = harmless(text)
    assert not set(said) & set("\\$`\"';&|<>{}[]!*?~#=^%\n\r\t\0\x1b")
    assert said.isprintable() or not said.isascii()
    assert said == " ".join(said.split())


@given(st.text(max_size=20) | st.sampled_from((*CODE, *HONEST)))
def test_a_plain_value_is_one_word_once_its_spaces_are_quoted(text: str) -> None:
    if is_plain(text):
        assert shlex.split(text.replace(" ", "\\ ")) == [text]
        assert not set(text) & set("\\$`\"';&|<>(){}[]!*?~#=^%:,@")
        assert text[0] not in "-+./"


def test_names_of_everyday_are_plain_and_code_is_not() -> None:
    assert [name for name in HONEST if not is_plain(name)] == []
    assert [name for name in CODE if is_plain(name)] == []


def test_an_output_that_cannot_hold_a_letter_offers_none(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be written with a backslash, which shells read in their own ways."""
    avatar("project", "create", "Zoë", "--description", "é\\$(x)")
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    asked = {"_AVATAR_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run(
        [sys.executable, "-m", "avatar_creator"],
        env=environment(asked | {"_TYPER_COMPLETE_ARGS": "avatar list --project ", "PYTHONIOENCODING": "ascii"}),
        capture_output=True,
        check=True,
    )
    assert done.stdout.isascii()
    assert b"\\" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith(b"prj_")


@pytest.mark.parametrize(
    ("shell", "holds"),
    [("bash", "complete -o default"), ("zsh", "#compdef avatar"), ("fish", "complete --command avatar")],
)
def test_the_script_is_of_the_shell_that_is_named(avatar: Avatar, shell: str, holds: str) -> None:
    assert holds in avatar("--show-completion", shell).out


def test_a_shell_without_completion_is_refused(avatar: Avatar) -> None:
    said = avatar.refused("--show-completion", "tcsh")
    assert f"Hint: Shells: {', '.join(SHELLS)}." in said


def test_a_script_is_installed_for_the_shell_that_is_named(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    avatar("--install-completion", "fish")
    script = tmp_path / ".config" / "fish" / "completions" / "avatar.fish"
    assert script.read_text().strip() == avatar("--show-completion", "fish").out.strip()


# -- real shells


class Shell(NamedTuple):
    """How a real shell starts, loads a script, and writes down the line that is typed at Ctrl-X Ctrl-P."""

    argv: tuple[str, ...]
    rc: str
    load: str


REAL = {
    "bash": Shell(
        ("bash", "--noprofile", "--rcfile", "{rc}", "-i"),
        """
PS1='> '; source '{script}'; bind 'set bell-style none'; bind 'set completion-query-items 1000'
bind 'set page-completions off'
_line() {{ printf %s "$READLINE_LINE" >line.new; mv line.new line; }}
bind -x '"\\C-x\\C-p": _line'
: >ready
""",
        "",
    ),
    "zsh": Shell(
        ("zsh", "-d", "-i"),
        """
PS1='> '; autoload -U compinit; compinit -u -D; source '{script}'; unsetopt beep; LISTMAX=1000
_line() {{ print -rn -- "$BUFFER" >line.new; mv line.new line; }}
zle -N _line; bindkey '^X^P' _line
: >ready
""",
        "",
    ),
    "fish": Shell(
        ("fish", "--no-config", "-i", "--init-command", "source '{rc}'"),
        """
source '{script}'
function _line; commandline >line.new; mv line.new line; end
bind \\cx\\cp _line
: >ready
""",
        "",
    ),
}
_PATIENCE_S = 30


class Typist:
    """Types into a shell on a terminal of its own."""

    def __init__(self, here: Path, terminal: int) -> None:
        self._here = here
        self._terminal = terminal

    def wait_for(self, name: str) -> str:
        """Return the text of a file that the shell makes, and remove it."""
        file, until = self._here / name, time.monotonic() + _PATIENCE_S
        while not file.exists():
            assert time.monotonic() < until, f"no {name}"
            if select.select([self._terminal], [], [], 0.05)[0]:
                os.read(self._terminal, 65536)
        text = file.read_text()
        file.unlink()
        return text

    def line_after(self, keys: str) -> str:
        """Return what stands on the line after these keys."""
        os.write(self._terminal, f"{keys}\x18\x10".encode())
        return self.wait_for("line")

    def enter(self) -> list[str]:
        """Run the line; return the arguments that `avatar` gets."""
        os.write(self._terminal, b"\r")
        return self.wait_for("argv").split("\0")[:-1]

    def clear(self) -> None:
        os.write(self._terminal, b"\x15")  # Ctrl-U


@contextmanager
def _typed_into(name: str, avatar: Avatar, tmp_path: Path) -> Iterator[Typist]:
    import pty  # noqa: PLC0415 - not on Windows

    shell, here = REAL[name], tmp_path / "here"
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "avatar"  # asked for candidates it is ours; else it notes what it was given
    program.write_text(
        f'#!/bin/sh\n[ -n "$_AVATAR_COMPLETE" ] && exec "{sys.executable}" -m avatar_creator "$@"\n'
        'printf "%s\\0" "$@" >argv.new; mv argv.new argv\n'
    )
    program.chmod(0o755)
    script, rc = tmp_path / "script", tmp_path / ".zshrc"
    script.write_text(avatar("--show-completion", name).out)
    rc.write_text(shell.rc.format(script=script))
    changes = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "ZDOTDIR": str(tmp_path),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "TERM": "xterm",
        "LC_ALL": "C.UTF-8",
    }
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(here)
        argv = [word.format(rc=rc) for word in shell.argv]
        os.execvpe(argv[0], argv, environment(changes))  # noqa: S606
    try:
        typist = Typist(here, terminal)
        typist.wait_for("ready")
        yield typist
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)


@posix
@pytest.mark.parametrize("shell", REAL)
def test_tab_runs_nothing_and_makes_one_word(hostile: Avatar, home: Home, tmp_path: Path, shell: str) -> None:
    del home
    here = tmp_path / "here"
    projects = {row["id"]: row["name"] for row in hostile("project", "list", "--json").json}
    with _typed_into(shell, hostile, tmp_path) as typist:
        for command in COMMANDS:
            typist.line_after(f"avatar {command}\t\t")
            typist.clear()
        for id_ in [id_ for id_, name in projects.items() if name in CODE][:6]:
            typist.line_after(f"avatar list --project {id_[:-1]}\t")
            assert typist.enter() == ["list", "--project", id_]
        for typed in ("Spr", "Spring\\ la", "'Spring la", '"Spring la'):
            typist.line_after(f"avatar list --project {typed}\t")
            assert typist.enter() == ["list", "--project", "Spring launch"], typed
        typist.line_after("avatar list --project 日本\t")
        assert typist.enter() == ["list", "--project", "日本語 の"]
        for typed in CODE[:6]:  # what the user types is not read twice either
            typist.line_after(f"avatar list --project '{typed.replace(chr(39), '')}\t")
            typist.clear()
    assert list(here.iterdir()) == []
