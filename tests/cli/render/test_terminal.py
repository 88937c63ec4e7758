"""What people see: tables and cards, colours, widths, questions and progress on a real terminal."""

import os
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from avatar_creator.home import Home
from cli.commandline import ESCAPE, SMALL, Avatar, files_below, plain, process, terminal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")]

GENERATE = ("generate", *SMALL, "--persona-name", "Ann Lee", "--seed", 7)
NO_COLOURS = ({"NO_COLOR": "1"}, {"TERM": "dumb"})
COLOURS = "\x1b[3"  # red, yellow and their like; and "bold" is \x1b[1


@pytest.fixture
def made(avatar: Avatar) -> str:
    """The id of one avatar with a name as odd as names get."""
    id_: str = avatar.avatar("--persona-name", "[red]Zoë 王🎉", "--persona-age", 32)["id"]
    return id_


def _rows(text: str) -> list[list[str]]:
    return [line.split() for line in plain(text).splitlines() if line.strip()]


def test_generate_shows_a_card_and_a_bar_that_goes(avatar: Avatar) -> None:
    seen = terminal(*GENERATE)
    assert seen.code == 0
    assert "Ann Lee" in plain(seen.out)
    assert "\x1b[?25l" in seen.out, "the bar hides the cursor"
    assert seen.out.count("\x1b[?25h") == seen.out.count("\x1b[?25l"), "and gives it back"
    made = avatar("status", "--json").json[0]
    assert ["id", made["id"]] in _rows(seen.out)
    assert ["seed", "7"] in _rows(seen.out)
    assert made["avatar"]["image_path"] in "".join(plain(seen.out).split())


def test_many_are_a_table(avatar: Avatar) -> None:
    seen = terminal(*GENERATE, "--count", 3)
    ids = avatar("list", "-q").out.split()
    assert [row[0] for row in _rows(seen.out) if row[0] in ids] == list(reversed(ids))
    assert all(avatar("path", id_).out.strip() in plain(seen.out).replace("\n", "").replace(" ", "") for id_ in ids)


@pytest.mark.parametrize("mode", ["--json", "--quiet"])
def test_json_and_quiet_are_the_same_on_a_terminal_as_in_a_pipe(made: str, mode: str) -> None:
    del made
    assert terminal("list", mode).out == process("list", mode).out


def test_quiet_on_a_terminal_is_the_id_alone(avatar: Avatar) -> None:
    seen = terminal(*GENERATE, "-q")
    assert seen.out == avatar("status", "-q").out


@pytest.mark.parametrize(
    ("command", "headings"),
    [
        ("list", "id name age gender project engine made"),
        ("status", "id name status % avatar, or why not engine created"),
        ("project list", "id name avatars description made"),
        ("config show", "setting value from"),
    ],
)
def test_lists_are_tables_with_headings(made: str, command: str, headings: str) -> None:
    del made
    seen = terminal(*command.split(), columns=120)
    assert _rows(seen.out)[0] == headings.split()
    assert process(*command.split()).lines[0][0] not in headings.split(), "a pipe has none"


@pytest.mark.parametrize(
    "command",
    ["show {}", "stats", "usage {}", "project show default", "doctor", "inspect {path}", "use {} --app a --action b"],
)
def test_everything_else_is_a_card_that_keeps_its_words(avatar: Avatar, made: str, command: str) -> None:
    path = avatar("path", made).out.strip()
    seen = terminal(*command.format(made, path=path).split(), columns=60)
    assert seen.code == 0
    assert "\t" not in seen.out
    assert "…" not in plain(seen.out).replace("gen_…", "").replace("HF_TOKEN=…", "")
    assert all(len(line) <= 60 for line in plain(seen.out).splitlines() if " " in _value(line))


def _value(line: str) -> str:
    """What stands right of a card's label: a path or a digest is left to the terminal, that it can be copied."""
    return line.strip().rpartition("  ")[2]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_tables_fit_the_terminal_and_never_cut_an_id(made: str, columns: int) -> None:
    for command in ("list", "status", "project list"):
        seen = terminal(*command.split(), columns=columns)
        lines = plain(seen.out).splitlines()
        assert all(len(line) <= columns for line in lines), command
        assert process(*command.split(), "-q").out.strip() in plain(seen.out)
    assert made in plain(terminal("list", columns=columns).out)


def test_columns_in_the_environment_win(made: str) -> None:
    shown = terminal("show", made, columns=80, env={"COLUMNS": "50"}).out
    prompts = [line for line in plain(shown).splitlines() if " " in _value(line)]
    assert max(map(len, prompts)) <= 50
    assert max(len(line) for line in plain(terminal("show", made, columns=80).out).splitlines()) > 50


@pytest.mark.parametrize(
    ("command", "values"),
    [
        ("list", ("0", "00", "-5", "abc", "", "²", "9" * 5000)),
        *((command, ("0", "abc")) for command in ("show {}", "show nobody", "--help")),
    ],
)
def test_a_size_that_is_none_counts_as_not_set(made: str, command: str, values: tuple[str, ...]) -> None:
    """Each variable that counted would show: so all are set at once, which spares most of the terminals."""
    argv = command.format(made).split()
    unset = terminal(*argv).out
    assert made in unset or command not in {"show {}", "list"}
    for value in values:
        sizes = dict.fromkeys(("COLUMNS", "LINES", "TERMINAL_WIDTH"), value)
        assert terminal(*argv, env=sizes).out == unset, value


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)],
)
def test_colours_are_for_terminals_that_want_them(made: str, environment: dict[str, str], coloured: bool) -> None:
    del made
    seen = terminal("status", env=environment).out + terminal("show", "nope", env=environment).out
    assert (COLOURS in seen) == coloured
    if environment == {"TERM": "dumb"}:
        assert not ESCAPE.search(seen)


def test_a_dumb_terminal_gets_no_bar(home: Home) -> None:
    del home
    seen = terminal(*GENERATE, env={"TERM": "dumb"})
    assert seen.code == 0
    assert "\x1b" not in seen.out
    assert "\r" not in seen.out


def test_a_pipe_gets_no_escapes_even_where_stderr_is_a_terminal(made: str) -> None:
    seen = process("show", made, FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b" not in seen.out + seen.err


def test_a_batch_draws_no_bar_into_what_a_program_behind_its_pipe_prints(home: Home, tmp_path: Path) -> None:
    del home
    (tmp_path / "people.csv").write_text("name\nAnn\nBob\n")
    command = ("batch", tmp_path / "people.csv", *SMALL)
    seen = terminal(*command, piped=True)
    assert seen.code == 0
    assert "\x1b[?25l" not in seen.out
    assert [row[:2] for row in _rows(seen.out) if "made" in row] == [["2", "made"], ["3", "made"]]
    assert "\x1b[?25l" in terminal(*command, "--again").out
    assert "\x1b[?25l" in terminal(*command, "--again", "--json", piped=True).out


def test_names_are_not_markup(made: str) -> None:
    assert "[red]Zoë 王🎉" in plain(terminal("list").out)
    assert "[red]Zoë 王🎉" in plain(terminal("show", made).out)
    assert "[red]Zoë 王🎉" in plain(terminal("delete", made, typed="n\n").out)


def test_wide_characters_keep_columns_straight(avatar: Avatar, made: str) -> None:
    from rich.cells import cell_len  # noqa: PLC0415

    avatar.avatar("--persona-name", "plain", "--persona-age", 32)
    lines = [line for line in plain(terminal("list", columns=120).out).splitlines() if "default" in line]
    assert len({cell_len(line[: line.index("default")]) for line in lines}) == 1
    assert made in lines[1]


@pytest.mark.parametrize(
    ("answer", "code", "left"), [("y\n", 0, 0), ("n\n", 130, 1), ("\n", 130, 1), ("\x04", 130, 1), ("\x03", 130, 1)]
)
def test_delete_asks(avatar: Avatar, made: str, home: Home, *, answer: str, code: int, left: int) -> None:
    seen = terminal("delete", made, typed=answer)
    assert (seen.code, len(avatar("list").lines), len(files_below(home.pictures))) == (code, left, 2 * left)
    assert "[y/N]" in plain(seen.out)
    assert "Traceback" not in seen.out


@pytest.mark.parametrize(("answer", "code", "left"), [("y\n", 0, 0), ("n\n", 130, 1)])
def test_delete_of_a_project_says_how_many_go(avatar: Avatar, made: str, answer: str, code: int, left: int) -> None:
    del made
    seen = terminal("project", "delete", "default", typed=answer)
    assert (seen.code, len(avatar("list").lines)) == (code, left)
    assert "default with 1 avatar" in plain(seen.out)


def test_yes_does_not_ask(made: str) -> None:
    assert "[y/N]" not in terminal("delete", made, "--yes").out


@pytest.mark.parametrize("command", ["list", "show {}", "status {generation}"])
def test_preview_draws_on_a_colour_terminal_only(avatar: Avatar, made: str, command: str) -> None:
    generation = avatar("status", "-q").out.strip()
    argv = (*command.format(made, generation=generation).split(), "--preview")
    assert "▀" in terminal(*argv).out
    assert "▀" in terminal(*argv, env={"COLORTERM": "truecolor"}).out
    for seen in (*(terminal(*argv, env=env) for env in NO_COLOURS), process(*argv)):
        assert (seen.code, "▀" in seen.out) == (0, False)


def test_preview_without_the_file_shows_the_rest(avatar: Avatar, made: str, home: Home) -> None:
    for file in files_below(home.pictures):
        (home.pictures / file).unlink()
    seen = terminal("show", made, "--preview")
    assert (seen.code, made in seen.out, "missing" in plain(seen.out)) == (0, True, True)
    assert avatar("show", made).lines[0][0] == made


def _replace(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


BAD_PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 1) + b"IHDR1" + struct.pack(">I", zlib.crc32(b"IHDR1"))
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n1 0 0 setrgbcolor 0 0 100 100 rectfill showpage\n"


SPOILS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: _replace(path, lambda gone: gone.write_bytes(b"")),
    "bad PNG": lambda path: _replace(path, lambda gone: gone.write_bytes(BAD_PNG)),
    "EPS": lambda path: _replace(path, lambda gone: gone.write_bytes(EPS)),
    "huge": lambda path: _replace(path, lambda gone: gone.write_bytes(b"\xff\xd8\xff" + bytes(2**21))),
    "folder": lambda path: _replace(path, Path.mkdir),
    "pipe": lambda path: _replace(path, os.mkfifo),
    "device": lambda path: _replace(path, lambda gone: gone.symlink_to("/dev/zero")),
    "not readable": lambda path: path.chmod(0),
}


@pytest.mark.parametrize(
    ("command", "spoil"),
    [*(("show {}", spoil) for spoil in SPOILS), ("list", "bad PNG"), ("status {generation}", "bad PNG")],
)
def test_preview_of_what_is_no_thumbnail_shows_the_rest(avatar: Avatar, made: str, command: str, spoil: str) -> None:
    thumbnail = Path(avatar("path", "--thumbnail", made).out.strip())
    generation = avatar("status", "-q").out.strip()
    SPOILS[spoil](thumbnail)
    seen = terminal(*command.format(made, generation=generation).split(), "--preview")
    assert (seen.code, made in seen.out) == (0, True)
    if thumbnail.stat().st_mode & 0o777 == 0 and os.access(thumbnail, os.R_OK):
        return  # root may read anything
    assert ("unreadable" in plain(seen.out), "▀" in seen.out) == (True, False)


def test_a_gallery_has_the_facts_beside_the_picture(made: str) -> None:
    (line,) = [line for line in plain(terminal("list", "--preview").out).splitlines() if made in line]
    assert line.startswith("▀")
    assert line.index(made) < 40


def test_the_doctor_says_what_to_do_below_what_is_wrong(avatar: Avatar, made: str) -> None:
    Path(avatar("path", made).out.strip()).unlink()
    seen = terminal("doctor", columns=300)
    assert seen.code == 1
    problem = re.search(r"is missing\. *\n", plain(seen.out))
    assert problem
    assert f"run: avatar delete {made}" in plain(seen.out)[problem.end() :]
    assert "\\n" not in seen.out


def test_nothing_yet_says_what_to_type(home: Home) -> None:
    del home
    assert "avatar generate" in plain(terminal("list").out)
    assert "avatar generate" in plain(terminal("status").out)
    assert "avatar project create" in plain(terminal("project", "list").out)


def test_a_picture_is_not_poured_onto_a_terminal(home: Home) -> None:
    seen = terminal(*GENERATE, "--output", "-")
    assert (seen.code, "stdout is a terminal" in plain(seen.out)) == (2, True)
    assert not home.pictures.exists()


def test_errors_are_two_lines(home: Home) -> None:
    del home
    seen = terminal("show", "nope")
    assert (seen.code, plain(seen.out)) == (3, "Error: There is no avatar 'nope'.\nHint: Run: avatar list\n")
