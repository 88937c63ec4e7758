"""avatar generate --output: where else a picture is written."""

import os
import shlex
import time
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.home import Home
from avatar_creator.storage.pictures import copies
from avatar_creator.storage.pictures.copies import write_copy
from cli.commandline import SMALL, Avatar, files_below, plain, shell, terminal

GENERATE = ("generate", *SMALL, "--persona-name", "Ann Lee", "--seed", 5)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the shell stands."""
    made = tmp_path / "here"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.jpg", "JPEG"), ("a.JPEG", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP"), ("a", "JPEG"), ("ü 王.png", "PNG")],
)
def test_a_files_suffix_chooses_the_format(avatar: Avatar, folder: Path, name: str, format_: str) -> None:
    kept = avatar.avatar("--output", name)
    assert files_below(folder) == [name]
    assert (folder / name).read_bytes() == Path(kept["image_path"]).read_bytes()
    with Image.open(folder / name) as picture:
        assert picture.format == format_


def test_a_suffix_of_no_format_we_write_is_refused(avatar: Avatar) -> None:
    assert "gif" in avatar.refused(*GENERATE, "-o", "a.gif")


def test_format_and_suffix_must_agree(avatar: Avatar, folder: Path) -> None:
    avatar(*GENERATE, "-o", "a.jpg", "--format", "jpeg")
    said = avatar.refused(*GENERATE, "-o", "b.png", "--format", "jpeg")
    assert said.startswith("Error: format is jpeg, and output 'b.png' names a png.")
    assert files_below(folder) == ["a.jpg"]


@pytest.mark.parametrize("mode", [(), ("--yes",), ("--json",), ("--dry-run",)], ids=["lines", "yes", "json", "dry-run"])
def test_a_file_that_is_there_is_kept_and_nothing_is_made(
    avatar: Avatar, home: Home, folder: Path, mode: tuple[str, ...]
) -> None:
    (folder / "a.png").write_text("precious")
    run = avatar(*GENERATE, "-o", "a.png", *mode, code=2)
    assert "output names a.png, which is there already." in (
        run.error["message"] or "" if "--json" in mode else run.err
    )
    assert (run.out, files_below(home.pictures), (folder / "a.png").read_text()) == ("", [], "precious")


def test_a_file_is_replaced_by_force(avatar: Avatar, folder: Path) -> None:
    (folder / "a.png").write_text("old")
    avatar(*GENERATE, "-o", "a.png", "--force")
    with Image.open("a.png") as picture:
        assert picture.format == "PNG"
    assert files_below(folder) == ["a.png"]


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 130)])
def test_a_terminal_asks_before_a_file_is_replaced(folder: Path, home: Home, typed: str, code: int) -> None:
    (folder / "a.png").write_text("old")
    run = terminal(*GENERATE, "-o", "a.png", typed=typed)
    assert (run.code, "Replace a.png?" in run.out) == (code, True)
    assert ((folder / "a.png").read_bytes() == b"old") == (not files_below(home.pictures)) == (code != 0)


def test_a_file_that_appears_meanwhile_is_kept_and_so_is_the_picture(
    avatar: Avatar, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(data: bytes, path: Path, *, replace: bool = True, below: Path | None = None) -> None:
        path.write_text("of somebody else")
        write_copy(data, path, replace=replace, below=below)

    monkeypatch.setattr("avatar_creator.storage.pictures.copies.write_copy", late)
    run = avatar(*GENERATE, "-o", "a.png", "--json", code=6)
    (kept,) = avatar("list", "--json").json
    assert run.json["output_path"] is None
    assert f"'{folder / 'a.png'}' cannot be written: File exists." in (run.error["message"] or "")
    assert run.error["hint"] == f"The picture is kept: {kept['image_path']}"
    assert ((folder / "a.png").read_text(), Path(kept["image_path"]).is_file()) == ("of somebody else", True)
    assert files_below(folder) == ["a.png"]


@pytest.mark.parametrize("pattern", ["{name}.png", "{name}"])
def test_namesakes_of_a_run_are_numbered_in_its_order(avatar: Avatar, folder: Path, pattern: str) -> None:
    made = avatar.generate("--persona-name", "St. Ann", "--seed", 5, "--count", 4, "--concurrency", 4, "-o", pattern)
    stem, suffix = ("St.-Ann", ".png") if pattern.endswith("png") else ("St--Ann", "")
    names = [f"{stem}{suffix}", *(f"{stem}-{n}{suffix}" for n in (2, 3, 4))]
    assert files_below(folder) == sorted(names)
    plan = avatar(
        "generate", *SMALL, "--persona-name", "St. Ann", "--seed", 5, "--count", 4, "--dry-run", "--json"
    ).json
    written = {each["seed"]: Path(each["output_path"]).name for each in made}
    assert [written[seed] for seed in plan["seeds"]] == names
    for each in made:
        assert (folder / written[each["seed"]]).read_bytes() == Path(each["avatar"]["image_path"]).read_bytes()


def test_the_copy_is_confirmed_in_every_mode(avatar: Avatar, folder: Path) -> None:
    assert avatar.generate(*GENERATE[len(SMALL) + 1 :], "-o", "a.png")["output_path"] == str(folder / "a.png")
    assert avatar.generate()["output_path"] is None
    assert avatar(*GENERATE, "-o", "b.png").lines[0][-5:-3] == [str(folder / "b.png"), ""]
    (shown,) = [line for line in _shown(*GENERATE, "-o", "c.png") if line.startswith("output")]
    assert shown.split() == ["output", str(folder / "c.png")]
    table = _shown("generate", *SMALL, "--persona-name", "Ann", "--count", 2, "-o", ".")
    assert all(str(folder) in line for line in table[-2:])


def _shown(*argv: object) -> list[str]:
    return plain(terminal(*argv, columns=300).out).splitlines()


@pytest.mark.parametrize("given", [".", "./", "../here"])
def test_into_a_folder_the_name_is_the_id(avatar: Avatar, folder: Path, given: str) -> None:
    made = avatar.generate("--count", 2, "-o", given)
    assert files_below(folder) == sorted(f"{m['avatar_id']}.jpg" for m in made)


def test_a_pattern(avatar: Avatar, folder: Path) -> None:
    made = avatar.generate("--persona-name", "Ann Lee", "--seed", 5, "--count", 2, "-o", "{n}-{name}-{seed}-{id}.png")
    assert files_below(folder) == [f"{n}-Ann-Lee-{m['seed']}-{m['avatar_id']}.png" for n, m in enumerate(made, 1)]


def test_doubled_braces_are_braces(avatar: Avatar, folder: Path) -> None:
    avatar(*GENERATE, "-o", "{{{n}}}.png")
    assert files_below(folder) == ["{1}.png"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "-rf", "   .", "🎉", "con\u2044x"])
def test_a_name_leads_nowhere_else(avatar: Avatar, folder: Path, tmp_path: Path, name: str) -> None:
    avatar(*GENERATE, "--name", name, "-o", "{name}.png")
    (written,) = folder.iterdir()
    assert not written.name.startswith((".", "-"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "home"]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("-o", "no/a.png"), "output is 'no/a.png'; there is no folder no."),
        (("-o", "no/"), "output is 'no/'; there is no folder no."),
        (("-o", "a.png", "--count", "2"), "output is 'a.png', one file for 2 pictures."),
        (("-o", "x" * 300 + ".png"), "File name too long."),
        (("-o", "a.tiff"), "output is 'a.tiff'; .tiff is no format that can be written."),
        (("-o", "{agee}.png"), "{agee} is no field."),
        (("-o", "{name.x}.png"), "{name.x} is no field."),
        (("-o", "{n:9}.png"), "in {n:9}, '9' is no padding."),
        (("-o", "{name!r}.png"), "is no field."),
        (("-o", "{n.png"), "a { stands alone"),
        (("-o", "{}.png"), "{} is no field."),
        (("-o", ""), "output is"),
        (("-o", "-", "--count", "2"), "output is '-', which takes one picture"),
        (("-o", "-", "--json"), "output is '-', which takes one picture"),
    ],
)
@pytest.mark.parametrize("mode", [(), ("--dry-run",)], ids=["make", "dry-run"])
def test_what_cannot_be_written_is_refused_before_anything_is_made(
    avatar: Avatar, home: Home, folder: Path, *, argv: tuple[str, ...], said: str, mode: tuple[str, ...]
) -> None:
    run = avatar(*GENERATE, *argv, *mode, code=2)
    assert said in (run.error["message"] or "" if "--json" in argv else run.err)
    assert (run.out, files_below(folder), files_below(home.pictures)) == ("", [], [])


def test_a_folder_in_the_way_of_a_pattern(avatar: Avatar, home: Home, folder: Path) -> None:
    (folder / "2.png").mkdir()
    run = avatar(*GENERATE, "--count", 3, "-o", "{n}.png", code=2)
    assert "Error: output is '2.png', which is a folder." in run.err
    assert files_below(home.pictures) == []


@pytest.mark.parametrize(("format_", "name"), [("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WEBP")])
def test_stdout_gets_the_picture_and_nothing_else(avatar: Avatar, folder: Path, format_: str, name: str) -> None:
    run = shell(f"avatar generate --persona-name Ann --width 64 --height 64 --format {format_} --output - > a")
    assert (run.code, run.out) == (0, "")
    (kept,) = avatar("list", "--json").json
    assert (folder / "a").read_bytes() == Path(kept["image_path"]).read_bytes()
    with Image.open(folder / "a") as picture:
        assert picture.format == name


def test_a_link_is_followed(avatar: Avatar, folder: Path) -> None:
    (folder / "link.png").symlink_to("real.png")
    avatar(*GENERATE, "-o", "link.png")
    assert (folder / "link.png").is_symlink()
    assert (folder / "real.png").is_file()


def test_a_device_is_written_to(avatar: Avatar, null_device: Path) -> None:
    avatar(*GENERATE, "-o", null_device)
    assert null_device.is_char_device()


@pytest.mark.usefixtures("home")
@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no such name")
def test_stdout_has_a_name_too(folder: Path) -> None:
    run = shell(f"avatar {shlex.join(map(str, GENERATE))} --engine offline -o /dev/stdout | head -c 3 > start")
    assert (run.code, run.err) == (0, "")
    assert (folder / "start").read_bytes() == b"\xff\xd8\xff"


def test_a_link_to_where_nothing_can_be_written_makes_nothing(avatar: Avatar, home: Home, folder: Path) -> None:
    (folder / "link.png").symlink_to("gone/real.png")
    said = avatar.refused(*GENERATE, "-o", "link.png")
    assert said.startswith(f"Error: output is 'link.png', a link; there is no folder {folder / 'gone'}.")
    assert not home.pictures.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions hold")
def test_a_file_in_a_folder_that_cannot_be_written_makes_nothing(avatar: Avatar, home: Home, folder: Path) -> None:
    (folder / "closed").mkdir()
    (folder / "closed/a.png").touch()
    (folder / "closed").chmod(0o500)
    assert f"nothing can be written to {folder / 'closed'}" in avatar.refused(
        *GENERATE, "-o", "closed/a.png", "--force"
    )
    assert not home.pictures.exists()


@pytest.mark.skipif(os.name != "posix", reason="needs pipes with names")
def test_a_named_pipe_gets_the_picture(folder: Path, home: Home) -> None:
    os.mkfifo(folder / "pipe.png")
    argv = shlex.join(map(str, GENERATE))
    run = shell(f"timeout 60 cat pipe.png > a & avatar {argv} -o pipe.png; wait", AVATAR_HOME=str(home.root))
    assert run.code == 0, run
    with Image.open(folder / "a") as picture:
        assert picture.format == "PNG"


# -- places that are gone, too long, or never read


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a working folder from being removed")
@pytest.mark.parametrize("output", ["x.png", "./", ".", "{id}.png", "~x", "{name}"])
def test_a_path_from_a_working_folder_that_is_gone_makes_nothing(
    avatar: Avatar, home: Home, folder: Path, tmp_path: Path, output: str
) -> None:
    folder.rmdir()
    said = avatar.refused(*GENERATE, "-o", output)
    assert "your working folder, is gone" in said
    assert not home.pictures.exists()
    avatar(*GENERATE, "-o", tmp_path / "x.png")
    assert (tmp_path / "x.png").exists()


def test_an_upload_from_a_working_folder_that_is_gone(avatar: Avatar, home: Home, folder: Path) -> None:
    if os.name != "posix":
        pytest.skip("Windows keeps a working folder from being removed")
    folder.rmdir()
    assert "'x.jpg' cannot be read" in avatar.refused("upload", "x.jpg")
    assert not home.pictures.exists()


@pytest.mark.parametrize(
    "output", ["{id}" + "x" * 240 + ".jpg", "{name}{name}{id}.jpg", "{name}{name}{name}.jpg", "{seed}{seed}" * 14]
)
def test_a_name_that_is_too_long_makes_nothing(avatar: Avatar, home: Home, output: str) -> None:
    said = avatar.refused("generate", *SMALL, "--persona-name", "语" * 45, "--seed", 2**31 - 1, "-o", output)
    assert "File name too long." in said
    assert not home.pictures.exists()


def test_a_name_of_the_greatest_length_is_written(avatar: Avatar, folder: Path) -> None:
    name = "x" * 251 + ".jpg"
    avatar(*GENERATE, "-o", name)
    assert files_below(folder) == [name]


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_a_pipe_that_nobody_reads_is_told(avatar: Avatar, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_READER_S", 0.2)
    os.mkfifo(folder / "pipe.jpg")
    run = avatar(*GENERATE, "-o", "pipe.jpg", code=6)
    assert "pipe.jpg" in run.err
    assert avatar("list").out, "the picture is kept"


# -- patterns


def test_a_pattern_takes_any_field_and_makes_its_folders(avatar: Avatar, folder: Path) -> None:
    (folder / "cast").mkdir()
    persona = ("--persona-name", "Zoë O'Hara", "--age", 7, "--hair-color", "dark-brown")
    avatar.generate(*persona, "--count", 2, "-o", "cast/{gender}/{hair colour}/{name}-{persona_age:03}-{n:02d}.png")
    names = [f"cast/unknown/dark-brown/Zoë-O-Hara-007-0{n}.png" for n in (1, 2)]
    assert files_below(folder) == names


def test_options_of_the_engine_are_fields(avatar: Avatar, folder: Path) -> None:
    avatar(*GENERATE, "--engine", "offline", "--art-style", "micah", "-o", "{engine}-{artStyle}-{width}x{height}.png")
    assert files_below(folder) == ["offline-micah-64x64.png"]


def test_a_folder_with_fields(avatar: Avatar, folder: Path) -> None:
    made = avatar.generate("--gender", "male", "--seed", 5, "--format", "webp", "-o", "{gender}/")
    assert files_below(folder) == [f"male/{made['avatar_id']}.webp"]


def test_a_folder_whose_name_has_braces(avatar: Avatar, folder: Path) -> None:
    (folder / "{n}").mkdir()
    made = avatar.generate("-o", "{n}")
    assert files_below(folder) == [f"{{n}}/{made['avatar_id']}.jpg"]


@pytest.mark.parametrize("output", ["no/{gender}/{n}.png", "a.png/{gender}/{n}.png", "a.png/{n}.png"])
@pytest.mark.parametrize("mode", [(), ("--detach",), ("--dry-run",)], ids=["make", "detach", "dry-run"])
def test_a_folder_that_cannot_be_made_makes_nothing(
    avatar: Avatar, home: Home, folder: Path, output: str, mode: tuple[str, ...]
) -> None:
    (folder / "a.png").touch()
    assert "there is no folder" in avatar.refused(*GENERATE, "-o", output, *mode)
    assert (files_below(folder), home.pictures.exists()) == (["a.png"], False)


@pytest.mark.parametrize(
    ("output", "hint"),
    [
        ("pics/{n}.png", "Make it first: mkdir -p pics"),
        ("my pics/all/", "Make it first: mkdir -p 'my pics/all'"),
        ("a.png/{n}.png", "a.png is a file: give another name."),
        ("a.png/b/{n}.png", "a.png is a file: give another name."),
        (f"{'x' * 300}/{{n}}.png", f"Make it first: mkdir -p {'x' * 300}"),
    ],
)
@pytest.mark.parametrize("command", [GENERATE, ("batch", "cast.csv")], ids=["generate", "batch"])
def test_a_folder_that_is_missing_is_made_by_the_hint(
    avatar: Avatar, folder: Path, output: str, hint: str, command: tuple[object, ...]
) -> None:
    (folder / "a.png").touch()
    (folder / "cast.csv").write_text("name\nAnn\n")
    assert avatar.refused(*command, "-o", output).endswith(f"\nHint: {hint}")


def test_a_file_where_a_value_asks_for_a_folder_makes_nothing(avatar: Avatar, home: Home, folder: Path) -> None:
    (folder / "male").touch()
    said = avatar.refused(*GENERATE, "--gender", "male", "-o", "{gender}/{n}.png")
    assert "output is 'male/1.png'" in said
    assert (files_below(folder), home.pictures.exists()) == (["male"], False)


def test_a_run_that_is_refused_makes_no_folder(avatar: Avatar, folder: Path) -> None:
    avatar(*GENERATE, "-o", "{gender}/{n}.png", "--dry-run")
    avatar(*GENERATE, "--engine", "offline", "--model", "flux", "-o", "{gender}/{n}.png", code=2)
    assert list(folder.iterdir()) == []


# -- made later


def _detached(avatar: Avatar, *argv: object, code: int = 0) -> list[str]:
    ids = avatar(*GENERATE, "--engine", "offline", "--detach", "--quiet", *argv).out.split()
    avatar("wait", *ids, code=code)
    return ids


def test_the_worker_writes_what_is_made_later(avatar: Avatar, folder: Path) -> None:
    ids = _detached(avatar, "--count", 2, "-o", "{gender}/{name}.png", "--gender", "female")
    assert files_below(folder) == ["female/Ann-Lee-2.png", "female/Ann-Lee.png"]
    found = avatar("status", "--json", *ids).json
    assert [each["output_path"] for each in found] == [
        str(folder / "female" / name) for name in ("Ann-Lee.png", "Ann-Lee-2.png")
    ]
    assert [each["output_error"] for each in found] == [None, None]
    with Image.open(found[0]["output_path"]) as picture:
        assert picture.format == "PNG"


def test_what_is_made_later_is_named_by_its_id(avatar: Avatar, folder: Path) -> None:
    (id_,) = _detached(avatar, "-o", ".")
    assert files_below(folder) == [f"{avatar('status', id_, '--json').json['avatar_id']}.jpg"]


def test_where_the_copy_will_be_is_said_at_once(avatar: Avatar, folder: Path) -> None:
    later = ("--detach", "--at", "+9h", "-o", "a.png")
    made = avatar.generate(*later)
    assert (made["status"], made["output_path"]) == ("pending", str(folder / "a.png"))
    (shown,) = [line for line in _shown(*GENERATE, *later) if line.startswith("output")]
    assert shown.split() == ["output", str(folder / "a.png")]


def test_a_copy_that_the_worker_cannot_write_is_said_wherever_one_looks(avatar: Avatar, folder: Path) -> None:
    (folder / "cast").mkdir()
    argv = ("--engine", "offline", "--detach", "--quiet", "--at", "+1s", "-o", "cast/{gender}/a.png")
    id_ = avatar(*GENERATE, *argv).out.strip()
    (folder / "cast").rmdir()
    said = f"'{folder}/cast/unknown/a.png' cannot be written: the folder '{folder}/cast/unknown' does not exist."
    run = avatar("wait", id_, code=6)
    assert run.out.strip().endswith(".png")
    assert f"{id_} has no copy: {said}" in run.err
    found = avatar("status", id_, "--json").json
    assert (found["status"], found["output_path"], found["output_error"]) == ("completed", None, said)
    assert avatar("status", id_).lines[0][-5:-3] == ["", said]
    assert " ".join(_shown("status", id_)).count("does not exist") == 1
    assert " ".join(_shown("show", id_)).count("does not exist") == 1
    assert avatar("show", id_, "--json").json["output_error"] == said
    assert avatar("logs", id_).lines[-1][1:] == ["not_copied", said]
    assert files_below(folder) == []


def test_a_file_that_is_there_is_not_replaced_later_either(avatar: Avatar, home: Home, folder: Path) -> None:
    (folder / "a.png").write_text("precious")
    assert "output names a.png, which is there already." in avatar.refused(*GENERATE, "--detach", "-o", "a.png")
    assert not home.pictures.exists()
    _detached(avatar, "-o", "a.png", "--force")
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("output", ["-", "pipe.jpg"])
@pytest.mark.skipif(os.name != "posix", reason="needs pipes with names")
def test_what_is_read_now_cannot_be_written_later(avatar: Avatar, home: Home, folder: Path, output: str) -> None:
    os.mkfifo(folder / "pipe.jpg")
    assert "--detach makes the picture later" in avatar.refused(*GENERATE, "--detach", "-o", output)
    assert not home.database.exists()


def test_a_hook_gets_the_path_of_the_copy(avatar: Avatar, folder: Path) -> None:
    command = 'test -f "$AVATAR_GENERATION_OUTPUT" && printf %s "$AVATAR_GENERATION_OUTPUT" > told'
    home = folder.parent / "home"
    _detached(avatar, "-o", "a.png", "--on-done", f"sh -c {shlex.quote(command)}")
    until = time.monotonic() + 30
    while not (home / "told").exists() or not (home / "told").read_text():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert (home / "told").read_text() == str(folder / "a.png")
