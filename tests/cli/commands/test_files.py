"""avatar path|open|inspect."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import Avatar, process, terminal
from made_anew import made


def test_path_prints_the_path_and_nothing_else(avatar: Avatar) -> None:
    made = avatar.generate()
    for given in (made["avatar_id"], made["id"]):
        assert avatar("path", given).out == made["avatar"]["image_path"] + "\n"
    assert avatar("path", made["avatar_id"], "--thumbnail").out == made["avatar"]["thumbnail_path"] + "\n"


def test_path_prints_that_of_an_earlier_picture(avatar: Avatar, home: Home) -> None:
    with open_library(home.root) as library:
        first = made(library, prompt="nobody")
        second = made(library, prompt="nobody", seed=6, avatar_id=first.id, version=2)
    assert avatar("path", first.id).out == f"{second.image_path}\n"
    assert avatar("path", first.id, "--version", 1).out == f"{first.image_path}\n"
    assert avatar("path", first.id, "--version", 1, "--thumbnail").out == f"{first.thumbnail_path}\n"
    assert "It has: 1, 2." in avatar("path", first.id, "--version", 3, code=3).err


SCREENS = ({"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"})
linux = pytest.mark.skipif(sys.platform != "linux", reason="the viewer's stub is a shell script named xdg-open")


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a script in the place of the system's viewer; returns the file to which it writes."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    def put(script: str) -> Path:
        program = tmp_path / "bin" / "xdg-open"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\ncd "{tmp_path}"\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")
        return tmp_path / "opened"

    return put


@linux
@pytest.mark.parametrize("thumbnail", [False, True])
@pytest.mark.parametrize("screen", SCREENS)
def test_open_starts_the_systems_viewer(
    avatar: Avatar, viewer: Callable[[str], Path], screen: dict[str, str], *, thumbnail: bool
) -> None:
    opened = viewer('echo "$1" >opened')
    kept = avatar.avatar()
    run = process("open", kept["id"], *(["--thumbnail"] if thumbnail else []), **screen)
    assert (run.code, run.out, run.err) == (0, "", "")
    assert opened.read_text().strip() == kept["thumbnail_path" if thumbnail else "image_path"]


@linux
@pytest.mark.parametrize(
    "script", ["exit 3", "exit 4", "kill -9 $$", "head -c1 >/dev/tty && exit 0; exit 4"], ids=str.split
)
def test_open_with_a_viewer_that_fails_says_the_path(
    avatar: Avatar, viewer: Callable[[str], Path], script: str
) -> None:
    viewer(f"echo noise; echo noise >&2; {script}")
    kept = avatar.avatar()
    run = process("open", kept["id"], DISPLAY=":0")
    assert (run.code, run.out) == (6, "")
    assert run.err == f"Error: No viewer opened {kept['image_path']}.\nHint: Open that path with a program of yours.\n"
    seen = terminal("open", kept["id"], env={"DISPLAY": ":0"}, columns=500)
    assert "noise" not in seen.out


@linux
def test_open_without_a_screen_starts_nothing(avatar: Avatar, viewer: Callable[[str], Path]) -> None:
    """What is started there is a browser of the terminal."""
    opened = viewer("echo >opened")
    kept = avatar.avatar()
    assert kept["image_path"] in avatar.refused("open", kept["id"], code=6)
    assert not opened.exists()


@linux
def test_open_without_a_viewer_says_the_path(avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = avatar.avatar()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    assert kept["image_path"] in avatar.refused("open", kept["id"], code=6)


@pytest.mark.parametrize("thumbnail", [False, True])
def test_open_of_a_missing_file_is_an_error(
    avatar: Avatar, viewer: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, *, thumbnail: bool
) -> None:
    viewer("exit 0")
    monkeypatch.setenv("DISPLAY", ":0")
    kept = avatar.avatar()
    gone = Path(kept["thumbnail_path" if thumbnail else "image_path"])
    gone.unlink()
    said = avatar.refused("open", kept["id"], *(["--thumbnail"] if thumbnail else []), code=6)
    assert said == f"Error: The file {gone} is missing.\nHint: Run: avatar doctor"


def test_inspect_says_what_a_file_carries(avatar: Avatar) -> None:
    kept = avatar.avatar("--persona-name", "Ann", "--seed", 9)
    facts = dict(avatar("inspect", kept["image_path"]).lines)
    assert (facts["digital_source_type"], facts["seed"], facts["title"]) == ("algorithmicMedia", "9", "Ann")
    marks = avatar("inspect", kept["image_path"], "--json").json
    assert (marks["made_by_avatar"], marks["prompt"]) == (True, kept["full_prompt"])
    assert marks["recipe"].items() >= {"seed": 9, "engine": "offline"}.items()


def test_the_alt_text_is_in_the_file_and_not_in_the_thumbnail(avatar: Avatar) -> None:
    made = avatar.avatar("--gender", "female", "--hair-style", "bob", "--hair-color", "black", "--style", "hoodie")
    assert avatar("inspect", made["image_path"], "--json").json["alt_text"] == made["alt_text"]
    assert made["alt_text"].startswith("Drawing of a woman with a black bob")
    assert avatar("inspect", made["thumbnail_path"], "--json").json["alt_text"] is None
    assert ["alt_text", made["alt_text"]] in avatar("inspect", made["image_path"]).lines


def test_a_pipe_gets_all_that_inspect_finds(avatar: Avatar) -> None:
    path = avatar.avatar("--persona-name", "Ann", "--seed", 9)["image_path"]
    stated = {name: value for name, value in avatar("inspect", path, "--json").json.items() if value is not None}
    lines = avatar("inspect", path).lines
    assert [line[0] for line in lines] == list(stated)
    facts = dict(lines)
    assert (facts["made_by_avatar"], facts["c2pa"], facts["gps"]) == ("true", "false", "false")
    for name in ("credit", "recipe"):
        assert json.loads(facts[name]) == stated[name]
    assert facts["xmp"].startswith("<?xpacket")


def test_inspect_of_a_strangers_file(avatar: Avatar, tmp_path: Path, home: Home) -> None:
    camera = Image.Exif()
    camera[0x010F], camera[0x0110] = "Canon\x1b[31m", "EOS"
    camera.get_ifd(0x8825)[1], camera.get_ifd(0x8825)[2] = "N", (48.0, 51.0, 30.0)
    Image.new("RGB", (70, 90)).save(tmp_path / "a.jpg", exif=camera)
    run = avatar("inspect", tmp_path / "a.jpg", "--json")
    assert (run.json["made_by_avatar"], run.json["gps"], run.json["camera_model"]) == (False, True, "EOS")
    assert (run.json["width_px"], run.json["height_px"]) == (70, 90)
    line = avatar("inspect", tmp_path / "a.jpg")
    assert "\x1b" not in line.out
    assert "algorithmicMedia" not in line.out
    assert not home.root.exists(), "looking at a file makes no home"


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"])
def test_inspect_of_what_is_no_picture(avatar: Avatar, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert "a.jpg" in avatar.refused("inspect", tmp_path / "a.jpg")
    assert "no.jpg" in avatar.refused("inspect", tmp_path / "no.jpg")
    assert "is a folder" in avatar.refused("inspect", tmp_path)


def test_a_picture_is_inspected_without_a_home(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    path = avatar.avatar()["image_path"]
    monkeypatch.setenv("AVATAR_HOME", "'nowhere'")
    avatar.refused("list")
    assert ["made_by_avatar", "true"] in avatar("inspect", path).lines
