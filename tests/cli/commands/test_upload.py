"""avatar upload: what is taken, what is refused, and what is kept of it."""

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.home import Home
from cli.commandline import Avatar, files_below

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def _picture(path: Path, size: tuple[int, int] = (90, 70), **saved: Any) -> Path:
    """A picture: its left half red, its right half blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    picture.save(path, **saved)
    return path


def _photo(path: Path) -> Path:
    """A photograph held sideways, that says where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Canon"  # 6: shown turned by 90 degrees clockwise
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return _picture(path, exif=exif)


@pytest.mark.parametrize(("suffix", "format_"), [(".jpg", "jpeg"), (".png", "png"), (".webp", "webp"), ("", "png")])
def test_a_picture_is_taken_by_its_content(avatar: Avatar, tmp_path: Path, suffix: str, format_: str) -> None:
    file = _picture(tmp_path / f"Me at work{suffix}", format=format_)
    kept = avatar("upload", file, "--json").json
    assert (kept["name"], kept["format"], kept["source_type"]) == ("Me at work", format_, "uploaded")
    assert (kept["width_px"], kept["height_px"]) == (90, 70)
    assert (kept["engine"], kept["model"], kept["seed"], kept["full_prompt"], kept["generation_id"]) == (None,) * 5
    with Image.open(kept["image_path"]) as ours, Image.open(file) as original:
        assert ours.tobytes() == original.tobytes()
    with Image.open(kept["thumbnail_path"]) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (300, 300))
    assert kept.pop("added") is True
    assert kept.items() <= avatar("show", kept["id"], "--json").json.items()
    assert avatar("list", "--source", "uploaded", "-q").out == f"{kept['id']}\n"


def test_a_wrong_suffix_does_not_matter(avatar: Avatar, tmp_path: Path) -> None:
    kept = avatar("upload", _picture(tmp_path / "a.jpg", format="webp"), "--json").json
    assert (kept["format"], Path(kept["image_path"]).suffix) == ("webp", ".webp")


def test_a_file_named_in_decomposed_letters_is_found_by_its_name(avatar: Avatar, tmp_path: Path) -> None:
    kept = avatar("upload", _picture(tmp_path / "\ufeffZoe\u0308.jpg"), "--json").json
    assert kept["name"] == "Zo\u00eb"
    assert avatar("list", "-q", "--text", "zo\u00eb").out == f"{kept['id']}\n"
    nameless = avatar("upload", _picture(tmp_path / "\u200b.png", size=(91, 70)), "--json").json
    assert nameless["name"] == "\\u200b"


def test_persona_attributes_name_and_project(avatar: Avatar, tmp_path: Path) -> None:
    avatar("project", "create", "cast")
    file = _picture(tmp_path / "a.jpg")
    kept = avatar("upload", file, "--persona-name", "Ann", "--gender", "female", "--project", "cast", "--json").json
    assert (kept["name"], kept["persona"]["name"], kept["attributes"]["gender"]) == ("Ann", "Ann", "female")
    assert (kept["project_name"], avatar("project", "show", "cast", "--json").json["avatars"]) == ("cast", 1)
    assert avatar("upload", file, "--name", "Eve", "--json").json["name"] == "Eve", "another project"
    assert "There is no project 'nope'" in avatar.refused("upload", file, "--project", "nope", code=3)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_photograph_is_upright_and_says_no_place(avatar: Avatar, tmp_path: Path, suffix: str) -> None:
    kept = avatar("upload", _photo(tmp_path / f"a{suffix}"), "--json").json
    assert (kept["width_px"], kept["height_px"]) == (70, 90)
    marks = avatar("inspect", kept["image_path"], "--json").json
    assert (marks["gps"], marks["camera_make"]) == (False, None)
    assert b"Canon" not in Path(kept["image_path"]).read_bytes()
    with Image.open(kept["image_path"]) as picture:
        assert picture.getexif()[ORIENTATION] == 6
    with Image.open(kept["thumbnail_path"]) as thumbnail:
        red, _, blue = thumbnail.convert("RGB").split()
    assert [red.getpixel((150, y)) > 200 for y in (50, 250)] == [True, False]  # type: ignore[operator]
    assert [blue.getpixel((150, y)) > 200 for y in (50, 250)] == [False, True]  # type: ignore[operator]


def test_keep_metadata(avatar: Avatar, tmp_path: Path) -> None:
    file = _photo(tmp_path / "a.jpg")
    kept = avatar("upload", file, "--keep-metadata", "--json").json
    assert avatar("inspect", kept["image_path"], "--json").json["gps"] is True
    assert Path(kept["image_path"]).read_bytes() == file.read_bytes()


def test_what_is_left_out_beside_metadata_is_said(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "bright.jpg"
    picture = _picture(tmp_path / "plain.jpg").read_bytes()
    segment = b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4)
    file.write_bytes(picture[:2] + b"\xff\xe2" + (len(segment) + 2).to_bytes(2, "big") + segment + picture[2:])
    assert "gain map of " in avatar("upload", file).err


def test_the_same_file_twice_is_said_and_not_stored_twice(avatar: Avatar, tmp_path: Path, home: Home) -> None:
    file, copy = _picture(tmp_path / "a.jpg"), tmp_path / "b.jpg"
    copy.write_bytes(file.read_bytes())
    first = avatar("upload", file, "-q")
    second = avatar("upload", copy)
    assert second.lines[0][0] == first.out.strip()
    assert second.err == f"{copy} is in the project already, as {first.out.strip()}; nothing was changed.\n"
    assert avatar("upload", copy, "--json").json["added"] is False
    assert (len(avatar("list").lines), len(files_below(home.pictures))) == (1, 2)
    avatar("delete", first.out.strip(), "--yes")
    assert avatar("upload", file).err == ""


def test_several_files_at_once(avatar: Avatar, tmp_path: Path) -> None:
    files = [_picture(tmp_path / f"{n}.png", (64 + n, 64)) for n in range(3)]
    assert [kept["name"] for kept in avatar("upload", *files, "--json").json] == ["0", "1", "2"]


def test_a_bad_file_does_not_keep_the_others_out(avatar: Avatar, tmp_path: Path) -> None:
    (tmp_path / "bad1.jpg").write_text("hello")
    good = [_picture(tmp_path / f"{n}.png", (64 + n, 64)) for n in range(2)]
    run = avatar("upload", good[0], tmp_path / "bad1.jpg", tmp_path / "bad2.jpg", good[1], code=2)
    assert [line[1] for line in run.lines] == ["0", "1"]
    assert [f"bad{n}.jpg' {how}" in run.err for n, how in ((1, "is text"), (2, "cannot be read"))] == [True, True]
    assert avatar("stats", "--json").json["avatars"] == 2


def test_errors_of_several_files_are_a_json_line_each(avatar: Avatar, tmp_path: Path) -> None:
    run = avatar("upload", tmp_path / "1", tmp_path / "2", "--json", code=2)
    assert (run.json, len(run.err.splitlines())) == ([], 2)


# -- bad files


def _png_of(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels, all of them black and packed to almost nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" * min(width // 8 * height, 10**8), 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _encoded(format_: str, size: tuple[int, int] = (90, 70)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, format_)
    return file.getvalue()


def _animated(format_: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
    file = io.BytesIO()
    frames[0].save(file, format_, save_all=True, append_images=frames[1:])
    return file.getvalue()


BAD = {
    "text.jpg": (b"hello", "is text, not a JPEG, PNG or WebP picture."),
    "empty.jpg": (b"", "is empty."),
    "cut.jpg": (_encoded("JPEG", (500, 500))[:-900], "cannot be used."),
    "cut.png": (_encoded("PNG", (500, 500))[:-20], "cannot be used."),
    "cut.webp": (_encoded("WEBP", (500, 500))[:-20], "cannot be used."),
    "head.jpg": (_encoded("JPEG")[:20], "cannot be used."),
    "bomb.png": (_png_of(8192, 8192), "decoded that is over 100 MB."),
    "wide.png": (_png_of(30_000, 64), "has 30000 x 64 px; a side may have 8192 at most."),
    "square.png": (_png_of(30_000, 30_000), "has 30000 x 30000 px"),
    "small.png": (_encoded("PNG", (63, 64)), "has 63 x 64 px; a side needs 64 or more."),
    "big.jpg": (_encoded("JPEG") + b"\0" * 10 * 2**20, "is larger than 10 MB."),
    "moves.webp": (_animated("WEBP"), "is animated."),
    "moves.png": (_animated("PNG"), "is animated."),
    "gif.jpg": (_encoded("GIF"), "is a GIF picture"),
    "noise.jpg": (bytes(range(256)), "is of an unknown kind"),
    "cmd\x1b[31m.jpg": (b"hello", "cmd\\x1b[31m.jpg' is text"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_nothing_stored(avatar: Avatar, tmp_path: Path, home: Home, name: str) -> None:
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    error = avatar.refused("upload", tmp_path / name)
    assert said in error
    assert "\x1b" not in error
    assert (avatar("list").out, avatar("project", "list").out, files_below(home.pictures)) == ("", "", [])


def test_what_is_no_file_is_refused(avatar: Avatar, tmp_path: Path) -> None:
    assert "is a folder, not a picture." in avatar.refused("upload", tmp_path)
    assert "cannot be read: No such file or directory." in avatar.refused("upload", tmp_path / "missing.jpg")
    assert "Not a directory" in avatar.refused("upload", _picture(tmp_path / "a.png") / "b.png")


@pytest.mark.skipif(os.name != "posix", reason="there are no FIFOs")
def test_a_fifo_is_refused_without_waiting_for_it(avatar: Avatar, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "is a pipe, not a picture." in avatar.refused("upload", tmp_path / "pipe.jpg")
    assert "is a device, not a picture." in avatar.refused("upload", "/dev/null")


def test_an_unreadable_file_is_refused_alone(avatar: Avatar, tmp_path: Path) -> None:
    _picture(tmp_path / "a.png").chmod(0)
    if os.access(tmp_path / "a.png", os.R_OK):
        pytest.skip("this user reads everything")
    run = avatar("upload", tmp_path / "a.png", _picture(tmp_path / "b.png"), code=2)
    assert "a.png' cannot be read: Permission denied." in run.err
    assert [line[1] for line in run.lines] == ["b"]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that nobody can read from its start")
def test_a_file_that_cannot_be_read_is_refused(avatar: Avatar) -> None:
    assert "cannot be read: Input/output error." in avatar.refused("upload", "/proc/self/mem")


@pytest.mark.parametrize("argv", [("--name", ""), ("--persona-age", "0"), ("--gender", "x" * 51), ("--name", "a\x1bb")])
def test_bad_options_store_nothing(avatar: Avatar, tmp_path: Path, home: Home, argv: tuple[str, ...]) -> None:
    avatar.refused("upload", _picture(tmp_path / "a.png"), *argv)
    assert (avatar("list").out, files_below(home.pictures)) == ("", [])


@pytest.mark.parametrize("options", [(), ("--keep-metadata",)])
def test_a_drawing_of_ours_keeps_its_credit(avatar: Avatar, options: tuple[str, ...]) -> None:
    drawing = avatar.avatar("--persona-name", "Ann", "--art-style", "micah", "--seed", 5)
    avatar("project", "create", "other")
    kept = avatar("upload", drawing["image_path"], "--project", "other", *options, "--json").json
    assert kept["credit"] == drawing["credit"]
    assert "CC BY 4.0" in kept["credit"]
    for file in (kept["image_path"], kept["thumbnail_path"]):
        marks = avatar("inspect", file, "--json").json
        assert marks["credit"]["text"] == drawing["credit"]
        assert (marks["title"] == "Ann") == (bool(options) and file == kept["image_path"])
