"""Bad input to `generate`: a clear error, exit code 2, nothing changed. And odd input that is fine."""

import os

import pytest

from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar, files_below, shell

LONG = "x" * 10_000
ESCAPES = "a\x1b]0;owned\x07b"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--persona-age", "0"), "Error: persona age is '0', outside 1 to 120."),
        (("--persona-age", "121"), "Error: persona age is '121', outside 1 to 120."),
        (("--persona-age", "x"), "Error: Invalid value for '--persona-age' / '--age': 'x' is not a valid int"),
        (("--persona-age", "1.5"), "Error: Invalid value for '--persona-age' / '--age': '1.5' is not"),
        (("--seed", "0"), "Error: seed is '0', outside 1 to 2147483647."),
        (("--seed", "-1"), "Error: seed is '-1', outside 1 to 2147483647."),
        (("--seed", str(2**31)), "Error: seed is '2147483648', outside 1 to 2147483647."),
        (("--seed", "9" * 50), "Error: seed is "),
        (("--width", "0"), "Error: width is '0', outside 64 to 2048."),
        (("--width", "63"), "Error: width is '63', outside 64 to 2048."),
        (("--height", "100000"), "Error: height is '100000', outside 64 to 2048."),
        (("--persona-name", "\u200b"), "Error: persona name shows nothing: '\\u200b'"),
        (("--persona-name", "\u3164\ufe0f"), "Error: persona name shows nothing: '\\u3164\\ufe0f'"),
        (("--persona-name", LONG), "Error: persona name has 10000 characters, at most 100 are allowed: 'xxx"),
        (("--persona-name", "a\x00b"), "Error: persona name holds the control character U+0000"),
        (("--persona-name", ESCAPES), "Error: persona name holds the control character U+001B: 'a\\x1b]0;owned\\x07b'"),
        (("--persona-name", "\u202egro.elgoog"), "Error: persona name holds the control character U+202E"),
        (("--persona-name", "a\udcffb"), "Error: persona name is not valid UTF-8 in this locale: 'a\\udcffb'"),
        (("--prompt", "caf\udce9"), "Error: prompt is not valid UTF-8 in this locale: 'caf\\udce9'"),
        (("--prompt", ""), "Error: prompt is empty."),
        (("--prompt", LONG), "Error: prompt has 10000 characters, at most 2000 are allowed"),
        (("--prompt", ESCAPES), "Error: prompt holds the control character U+001B"),
        (("--negative-prompt", LONG), "Error: negative prompt has 10000 characters"),
        (("--name", ESCAPES), "Error: name holds the control character U+001B"),
        (("--name", LONG), "Error: name has 10000 characters"),
        (("--name", ""), "Error: name is empty."),
        (("--background", "x" * 501), "background has 501 characters, at most 500"),
        (("--personality", "x" * 51), "Error: personality has 51 characters, at most 50"),
        (("--personality", "x") * 11, "Error: number of personality traits is '11', outside 0 to 10."),
        (("--gender", "x" * 51), "Error: gender has 51 characters, at most 50"),
        (("--hair-color", "\u2060"), "Error: hair color shows nothing: '\\u2060'"),
        (("--project", ESCAPES), "Error: There is no project 'a\\x1b]0;owned\\x07b'."),
        (("--project", ""), "Error: There is no project ''."),
        (("--engine", ""), "Error: engine is ''"),
        (("--art-style", ""), "Error: art_style is ''"),
    ],
)
def test_bad_input_changes_nothing(avatar: Avatar, home: Home, argv: tuple[str, ...], said: str) -> None:
    name = () if argv[0] == "--persona-name" else ("--persona-name", "Ann")
    error = avatar.refused("generate", *SMALL, *name, *argv, code=3 if argv[0] == "--project" else 2)
    assert said in error
    assert len(error) < 400
    assert "\x1b" not in error
    assert not files_below(home.pictures)
    assert (avatar("status").out, avatar("project", "list").out) == ("", "")


@pytest.mark.parametrize("command", ["upload", "inspect", "backup create", "backup restore"])
def test_an_empty_path_is_called_empty(avatar: Avatar, home: Home, command: str) -> None:
    assert avatar.refused(*command.split(), "") == "Error: file is empty.\nHint: Give a path."
    assert not files_below(home.root)


@pytest.mark.parametrize(
    "name",
    [
        "[red]",
        "[/red]",
        "[bold]Bob[/]",
        ":smile:",
        "Zoë 🎉👩‍👩‍👧",
        "王小明",
        "עברית",
        "محمد علي",
        "q\u0301",
        'O\'Brien "Bo"',
        "100%",
        "{name}",
        "a\\tb",
        "<b>&amp;",
        "'; DROP TABLE avatars; --",
    ],
)
def test_odd_names_are_fine_and_print_right(avatar: Avatar, name: str) -> None:
    kept = avatar.avatar("--persona-name", name, "--prompt", name)
    assert (kept["name"], kept["persona"]["name"], kept["prompt"]) == (name, name, name)
    assert avatar("list").lines[0][1] == name
    assert avatar("list", "--text", name, "-q").out == f"{kept['id']}\n"
    assert avatar("inspect", kept["image_path"], "--json").json["title"] == name


def test_white_space_is_folded(avatar: Avatar) -> None:
    assert avatar.avatar("--persona-name", "  Ann\t \n Lee ")["name"] == "Ann Lee"


@pytest.mark.parametrize(("option", "longest"), [("--persona-name", 100), ("--prompt", 2000), ("--background", 500)])
def test_the_longest_texts_are_fine(avatar: Avatar, option: str, longest: int) -> None:
    kept = avatar.avatar("--persona-name", "Ann", option, "🎉" * longest)
    assert "🎉" * longest in (kept["name"], kept["prompt"], kept["persona"]["background"])
    marks = avatar("inspect", kept["image_path"], "--json").json
    assert marks["prompt"] == kept["full_prompt"]


@pytest.mark.parametrize(("width", "height"), [(64, 64), (2048, 64), (64, 2048)])
def test_the_smallest_and_the_largest_sizes_are_fine(avatar: Avatar, width: int, height: int) -> None:
    kept = avatar.avatar("--width", width, "--height", height)
    assert (kept["width_px"], kept["height_px"]) == (width, height)


def test_the_limits_themselves_are_fine(avatar: Avatar) -> None:
    kept = avatar.avatar("--persona-age", 120, "--seed", 2**31 - 1)
    assert (kept["persona"]["age"], kept["seed"]) == (120, 2**31 - 1)


@pytest.mark.parametrize("name", ["x" * 101, "a\x1b[31mb", "  "])
def test_the_default_project_is_named_like_any_other(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("AVATAR_PROJECT", name)
    assert "project" in avatar.refused("generate", *SMALL, "--persona-name", "Ann")
    assert avatar("project", "list").out == ""


@pytest.mark.parametrize("command", ["list", "status"])
def test_a_limit_beyond_any_number_of_rows(avatar: Avatar, command: str) -> None:
    avatar.generate()
    assert len(avatar(command, "--limit", 2**63).lines) == 1


# -- ids from stdin


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
@pytest.mark.parametrize("encoding", ["utf-8:strict", "utf-8:surrogateescape", "latin-1", "ascii"])
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (r"printf '\xff\xfeg\0e\0' | avatar {} -", "What came from stdin is UTF-16, and no ids."),
        (r"printf 'gen_\xe9\n' | avatar {} -", "What came from stdin is no UTF-8, and no ids."),
        ("head -c 10000001 /dev/zero | avatar {} -", "More than 10 MB came from stdin, which are no ids."),
        ("avatar {} - < /dev/zero", "More than 10 MB came from stdin, which are no ids."),
    ],
)
def test_stdin_that_holds_no_ids(avatar: Avatar, home: Home, script: str, said: str, encoding: str) -> None:
    del avatar
    for command in ("wait", "status", "cancel", "retry")[:: 1 if encoding == "utf-8:strict" else 3]:
        run = shell(script.format(command), PYTHONIOENCODING=encoding)
        assert (run.code, run.err.splitlines()[0]) == (2, f"Error: {said}")
    assert not home.logs.exists()


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
def test_a_mark_before_the_first_id_and_ends_of_lines_of_windows_are_no_part_of_it(avatar: Avatar) -> None:
    id_ = avatar.generate()["id"]
    run = shell(rf"printf '\xef\xbb\xbf{id_}\tx\r\n\r\n' | avatar status --quiet -")
    assert (run.code, run.out) == (0, f"{id_}\n")
