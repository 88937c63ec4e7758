"""Real pictures on terminals: who is sent which, and that it is the picture."""

import base64
import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.cli.render.protocols import iterm, kitty, png_of, protocol_of, sixel
from cli.commandline import Avatar, plain, process, terminal

on_a_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
PIXELS = os.urandom(3 * 32 * 32)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "blocks"),
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "dumb"}, "blocks"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "foot-extra"}, "sixel"),
        ({"TERM": "xterm-kitty", "TMUX": "1"}, "blocks"),
        ({"TERM": "screen-256color", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ({"TERM_PROGRAM": "Apple_Terminal"}, "blocks"),
    ],
)
def test_a_terminal_is_known_by_its_variables(variables: dict[str, str], expected: str) -> None:
    assert protocol_of(variables) == expected


def test_a_png_is_the_picture() -> None:
    with Image.open(BytesIO(png_of(PIXELS, 32))) as image:
        assert (image.mode, image.size, image.tobytes()) == ("RGB", (32, 32), PIXELS)


def test_kitty_gets_it_in_pieces_and_is_told_to_answer_nothing() -> None:
    png = png_of(os.urandom(3 * 64 * 64), 64)
    parts = re.findall("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\", kitty(png, 24, 12))
    assert base64.b64decode("".join(data for _, data in parts)) == png
    assert parts[0][0] == "a=T,f=100,c=24,r=12,q=2,C=1,m=1"
    assert [how for how, _ in parts[1:]] == ["m=1"] * (len(parts) - 2) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in parts)


def test_iterm_gets_it_whole() -> None:
    found = re.fullmatch("\x1b]1337;File=([^:]*):([^\a]*)\a", iterm(b"png", 24, 12))
    assert found is not None
    assert base64.b64decode(found[2]) == b"png"
    assert {"inline=1", "width=24", "height=12"} <= set(found[1].split(";"))


@pytest.mark.parametrize("side", [1, 6, 13])
def test_sixels_are_the_picture(side: int) -> None:
    palette = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255])
    pixels = bytes((x * y + x) % 3 for y in range(side) for x in range(side))
    assert decoded(sixel(palette, pixels, side), side) == pixels


def decoded(text: str, side: int) -> bytes:
    """Return the numbers of colors that sixels paint."""
    found = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);\d+((?:#\d+;2;\d+;\d+;\d+)*)(.*)\x1b\\', text, re.DOTALL)
    assert found is not None
    assert int(found[1]) == side
    painted, color, x, y = bytearray(b"\xff" * side * side), 0, 0, 0
    for token in re.findall(r"#\d+|!\d+[?-~]|[?-~$-]", found[3]):
        match token[0]:
            case "#":
                color = int(token[1:])
            case "$":
                x = 0
            case "-":
                x, y = 0, y + 6
            case _:
                times = int(token[1:-1]) if token[0] == "!" else 1
                lines = [line for line in range(6) if (ord(token[-1]) - 63) >> line & 1]
                for line in lines:
                    at = (y + line) * side + x
                    painted[at : at + times] = bytes([color]) * times
                x += times
    return bytes(painted)


MARKS = {"kitty": "\x1b_Ga=T", "iterm": "\x1b]1337;File=", "sixel": "\x1bP0;1q", "blocks": "▀"}


@pytest.mark.slow
@on_a_terminal
@pytest.mark.parametrize("wanted", [*MARKS, "none"])
@pytest.mark.parametrize("command", ["show {}", "list"])
def test_what_is_set_is_shown_and_nothing_else(avatar: Avatar, wanted: str, command: str) -> None:
    id_ = avatar.avatar()["id"]
    seen = terminal(*command.format(id_).split(), "--preview", env={"AVATAR_PREVIEW": wanted})
    assert seen.code == 0
    assert id_ in seen.out
    assert {name for name, mark in MARKS.items() if mark in seen.out} == {wanted} - {"none"}


@pytest.mark.slow
@on_a_terminal
def test_facts_stand_beside_a_real_picture(avatar: Avatar) -> None:
    id_ = avatar.avatar()["id"]
    seen = terminal("list", "--preview", env={"TERM": "xterm-kitty"}).out
    without = plain(re.sub("\x1b_G.*?\x1b\\\\|\x1b[78]", "", seen, flags=re.DOTALL))
    (line,) = [line for line in without.splitlines() if id_ in line]
    assert 12 < line.index(id_) < 40
    assert not line[:12].strip()


@pytest.mark.slow
@on_a_terminal
def test_a_terminal_is_asked_nothing(avatar: Avatar) -> None:
    """A question that nobody answers would stall: device attributes, pixel sizes and their like."""
    id_ = avatar.avatar()["id"]
    for env in ({}, {"TERM": "xterm-kitty"}, {"TERM": "foot"}, {"TERM_PROGRAM": "WezTerm"}):
        seen = terminal("show", id_, "--preview", env=env).out
        assert not re.search(r"\x1b\[[\d;?>=]*[cnt]|\x1bP\+q|\x1b_G[^;]*a=q", seen)


@pytest.mark.usefixtures("home")
def test_what_is_no_way_to_show_is_refused(avatar: Avatar) -> None:
    assert "preview" in avatar.refused("config", "set", "preview", "ascii")
    avatar("config", "set", "preview", "Sixel")
    assert process("config", "show").out.count("sixel") == 1


def test_nothing_goes_through_a_pipe(avatar: Avatar, tmp_path: Path) -> None:
    id_ = avatar.avatar()["id"]
    assert "\x1b" not in process("show", id_, "--preview", AVATAR_PREVIEW="kitty", HOME=str(tmp_path)).out
