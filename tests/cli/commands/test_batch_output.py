"""avatar batch --output: copies named by any field and column, right after every edit."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.home import Home
from avatar_creator.storage.pictures.inspection import inspect_file
from cli.commandline import SMALL, Avatar, files_below, plain, terminal
from sql import run_sql

ROWS = "persona id;Name;Geschlecht;Beruf\n1;Jürgen Müller;male;Köchin\n2;Anna Schmidt;female;Ärztin\n3;Anna Schmidt;;\n"
BATCH = ("batch", "cast.csv", "--map", "Geschlecht=gender", "--map", "Beruf=prompt", *SMALL, "--engine", "offline")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the shell stands, with a file of three people."""
    made = tmp_path / "here"
    made.mkdir()
    (made / "cast.csv").write_text(ROWS, encoding="utf-8")
    monkeypatch.chdir(made)
    return made


def copies(folder: Path) -> list[str]:
    return [name for name in files_below(folder) if name != "cast.csv"]


def pixels(path: Path) -> bytes:
    with Image.open(path) as picture:
        return picture.tobytes()


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "cast.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_copies_are_named_by_fields_and_columns(avatar: Avatar, folder: Path) -> None:
    avatar(*BATCH, "-o", "{Geschlecht}/{n:02}-{name}-{Beruf}-{persona id:03}.png")
    assert copies(folder) == [
        "female/02-Anna-Schmidt-Ärztin-002.png",
        "male/01-Jürgen-Müller-Köchin-001.png",
        "unknown/03-Anna-Schmidt-unknown-003.png",
    ]
    with Image.open(folder / copies(folder)[0]) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize(
    ("columns", "row", "pattern", "name"),
    [
        ("Vorname;Nachname", "Jürgen;Weiß", "{Nachname}-{Vorname}-{name}", "Weiß-Jürgen-Jürgen-Weiß"),
        ("first_name;last_name;age", "Ann;Lee;30", "{last_name}_{age}", "Lee_30"),
        ("name;Geburtsdatum", "Ann;1990-05-17", "{name}-{Geburtsdatum}-{age}", "Ann-1990-05-17-35"),
        ("name;age;birthdate", "Ann;30;1990-05-17", "{birthdate}-{age:03}", "1990-05-17-030"),
        ("name;Stil;Aussehen", "Ann;x;beard", "{Aussehen}-{Stil}", "beard-x"),
        ("name;traits;personality", "Ann;kind;brave", "{traits}-{personality}", "kind-brave"),
    ],
)
def test_a_column_that_is_a_part_of_a_field_is_itself(
    avatar: Avatar, folder: Path, columns: str, row: str, pattern: str, name: str
) -> None:
    (folder / "cast.csv").write_text(f"{columns}\n{row}\n", encoding="utf-8")
    avatar("batch", "cast.csv", *SMALL, "--engine", "offline", "-o", f"{pattern}.png")
    assert copies(folder) == [f"{name}.png"]


def test_what_is_nested_in_a_file_is_a_column_of_names_too(avatar: Avatar, folder: Path) -> None:
    (folder / "cast.csv").write_text('{"name": "Ana", "home": {"city": "Rome"}}\n', encoding="utf-8")
    avatar("batch", "cast.csv", *SMALL, "--engine", "offline", "-o", "{home.city}-{name}.png")
    assert copies(folder) == ["Rome-Ana.png"]


def said(path: Path) -> set[str]:
    """What a file says of itself that tells of the persona or of the program."""
    marks = inspect_file(path)
    return {part for part in ("title", "prompt", "recipe", "creator_tool") if getattr(marks, part)}


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
@pytest.mark.parametrize(("embed", "left"), [("mark", {"creator_tool"}), ("none", set())])
def test_copies_of_what_was_made_before_say_what_is_asked_for_now(
    avatar: Avatar, folder: Path, suffix: str, embed: str, left: set[str]
) -> None:
    to = ("-o", "{name}." + suffix, "--manifest", "m.csv")
    avatar(*BATCH, *to)
    before = {name: pixels(folder / name) for name in copies(folder) if name != "m.csv"}
    assert all(said(folder / name) > {"creator_tool", "recipe"} for name in before)
    avatar(*BATCH, *to, "--embed", embed)
    assert [said(folder / name) for name in before] == [left] * 3
    assert {name: pixels(folder / name) for name in before} == before, "nothing is encoded anew"
    times = {name: (folder / name).stat().st_mtime_ns for name in before}
    run = avatar(*BATCH, *to, "--embed", embed)
    assert {name: (folder / name).stat().st_mtime_ns for name in before} == times
    assert "says more" not in run.err


def test_a_copy_in_a_folder_of_ids_and_one_of_a_restored_version_say_no_more(avatar: Avatar, folder: Path) -> None:
    (folder / "cast").mkdir()
    avatar(*BATCH, "-o", "cast")
    edit(folder, "Köchin", "Bäcker")
    avatar(*BATCH, "-o", "cast")
    edit(folder, "Bäcker", "Köchin")
    lines = avatar(*BATCH, "-o", "cast", "--embed", "mark").lines
    assert [line[1] for line in lines] == ["restored", "exists", "exists"]
    assert [said(Path(line[3])) for line in lines] == [{"creator_tool"}] * 3
    assert [Path(line[3]).parent for line in lines] == [folder / "cast"] * 3


def test_pictures_that_say_more_than_is_asked_for_are_named(avatar: Avatar) -> None:
    avatar(*BATCH)
    run = avatar(*BATCH, "--embed", "mark")
    assert (
        "Warning: Rows 2, 3, 4: The picture was made before, and its file says more than --embed asks for." in run.err
    )
    assert "says more" not in avatar(*BATCH, "--embed", "mark", "-o", "{name}.png").err
    assert "says more" not in avatar(*BATCH).err


def test_the_manifest_names_the_copies_and_the_pictures_of_the_home(avatar: Avatar, folder: Path) -> None:
    batch = (*BATCH, "-o", "{name}.png", "--manifest", "m.csv")
    avatar(*batch)
    for _ in range(2):
        with (folder / "m.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        names = ["Jürgen-Müller.png", "Anna-Schmidt.png", "Anna-Schmidt-2.png"]
        assert [each["path"] for each in rows] == [str(folder / name) for name in names]
        pictures = [avatar("path", each["avatar_id"]).out.strip() for each in rows]
        assert [each["picture"] for each in rows] == pictures
        printed = avatar(*batch, "--json").json
        assert [(each["path"], each["picture"]) for each in printed] == [(e["path"], e["picture"]) for e in rows]


def test_the_same_command_brings_a_manifest_of_queued_rows_up_to_date(avatar: Avatar, folder: Path) -> None:
    batch = (*BATCH, "-o", "{name}.png", "--manifest", "m.jsonl", "--detach")

    def rows() -> list[dict[str, Any]]:
        return [json.loads(line) for line in (folder / "m.jsonl").read_text(encoding="utf-8").splitlines()]

    queued = avatar(*batch, "--quiet").out.split()
    avatar("wait", *queued)
    avatar(*batch)
    assert [each["status"] for each in rows()] == ["completed"] * 3
    assert all(Path(each["path"]).is_file() and Path(each["picture"]).is_file() for each in rows())
    assert len(avatar("status", "-q").out.split()) == 3, "nothing was queued anew"


def test_namesakes_are_numbered_in_the_order_of_the_file(avatar: Avatar, folder: Path) -> None:
    avatar(*BATCH, "-o", "{name}.png")
    assert copies(folder) == ["Anna-Schmidt-2.png", "Anna-Schmidt.png", "Jürgen-Müller.png"]


def test_in_a_folder_the_names_are_ids(avatar: Avatar, folder: Path) -> None:
    (folder / "cast").mkdir()
    lines = avatar(*BATCH, "-o", "cast", "--format", "webp").lines
    assert copies(folder) == sorted(f"cast/{line[2]}.webp" for line in lines)


@pytest.mark.parametrize("mode", [(), ("--detach",)], ids=["now", "later"])
def test_run_again_writes_what_is_missing_and_what_changed(avatar: Avatar, folder: Path, mode: tuple[str, ...]) -> None:
    def run() -> None:
        avatar(*BATCH, "-o", "{persona id}.png", *mode)
        ids = [each["id"] for each in avatar("status", "--json").json]
        avatar("wait", *ids)

    run()
    before = {name: (folder / name).read_bytes() for name in copies(folder)}
    (folder / "2.png").unlink()
    edit(folder, "Köchin", "red hat")
    run()
    after = {name: (folder / name).read_bytes() for name in copies(folder)}
    assert {name: after[name] == before[name] for name in before} == {"1.png": False, "2.png": True, "3.png": True}
    edit(folder, "red hat", "Köchin")  # its first picture is the present one again
    run()
    assert {name: (folder / name).read_bytes() for name in copies(folder)} == before


@pytest.mark.parametrize("mode", [(), ("--detach",)], ids=["now", "later"])
def test_the_copy_of_a_row_without_an_id_is_replaced_after_an_edit(
    avatar: Avatar, folder: Path, mode: tuple[str, ...]
) -> None:
    (folder / "cast.csv").write_text(ROWS.replace("persona id;", "nr;"), encoding="utf-8")
    command = (*BATCH, "--map", "nr=", "-o", "{nr}.png", *mode)

    def run() -> dict[str, bytes]:
        avatar(*command)
        avatar("wait", *(each["id"] for each in avatar("status", "--json").json))
        return {name: (folder / name).read_bytes() for name in copies(folder)}

    before = run()
    edit(folder, "Köchin", "red hat")
    after = run()
    assert {name: after[name] == before[name] for name in before} == {"1.png": False, "2.png": True, "3.png": True}
    (folder / "3.png").write_bytes(after["3.png"] + b"edited")  # what no picture of the home is
    edit(folder, "3;Anna", "3;Hanna")
    assert "output names 3.png, which is there already." in avatar(*command, code=2).err


@pytest.mark.parametrize("mode", [(), ("--detach",), ("--dry-run",)], ids=["now", "later", "dry-run"])
def test_a_file_of_somebody_else_is_not_replaced(
    avatar: Avatar, home: Home, folder: Path, mode: tuple[str, ...]
) -> None:
    (folder / "2.png").write_text("precious")
    assert "output names 2.png, which is there already." in avatar(*BATCH, "-o", "{persona id}.png", *mode, code=2).err
    assert (copies(folder), home.pictures.exists()) == (["2.png"], False)
    avatar(*BATCH, "-o", "{persona id}.png", "--force")
    assert (folder / "2.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("{Berufe}.png", "{Berufe} is no field."),
        ("x.png", "one file for many pictures"),
        ("no/{n}.png", "there is no folder no"),
        ("-", "takes one picture"),
        ("{n}.gif", ".gif is no format"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_made(
    avatar: Avatar, home: Home, folder: Path, output: str, said: str
) -> None:
    assert said in avatar(*BATCH, "-o", output, code=2).err
    assert (copies(folder), home.pictures.exists()) == ([], False)


def test_a_row_whose_name_would_be_too_long_is_bad(avatar: Avatar, folder: Path) -> None:
    edit(folder, "Ärztin", "Ä" * 130)
    assert "File name too long" in avatar(*BATCH, "-o", "{Beruf}.png", code=2).err
    assert copies(folder) == []


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
def test_pictures_that_were_made_before_get_their_copies(avatar: Avatar, folder: Path, format_: str) -> None:
    """Of another suffix, too: they are no other people for that."""
    avatar(*BATCH, "--format", format_)
    (folder / "cast").mkdir()
    run = avatar(*BATCH, "-o", "cast/{persona id}.png", "--json").json
    assert [(row["result"], row["error"]) for row in run] == [("exists", None)] * 3
    assert copies(folder) == ["cast/1.png", "cast/2.png", "cast/3.png"]
    for name in copies(folder):
        with Image.open(folder / name) as picture:
            assert picture.format == "PNG"
    assert len(avatar("list").lines) == 3


@pytest.mark.parametrize(
    "before", [("--format", "png"), ("-o", "{n}.png", "--on-done", "false")], ids=["no copy", "another copy"]
)
def test_what_is_taken_up_again_gets_the_copy_that_is_wanted_now(
    avatar: Avatar, home: Home, folder: Path, before: tuple[str, ...]
) -> None:
    avatar(*BATCH, *before, "--detach", "--at", "+5d")
    avatar("cancel", *(each["id"] for each in avatar("status", "--json").json))
    (folder / "cast").mkdir()
    lines = avatar(*BATCH, "-o", "cast/{persona id}.png", "--on-done", "true").lines
    assert [line[1] for line in lines] == ["made"] * 3
    assert copies(folder) == ["cast/1.png", "cast/2.png", "cast/3.png"]
    assert run_sql(home, "SELECT DISTINCT on_done FROM generations") == [('["true"]',)]


def test_a_copy_that_cannot_be_written_is_said_and_is_exit_6(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    file.write_text("name\nAnn\nBob\n", encoding="utf-8")
    size = ("--width", "64", "--height", "64", "--format", "png")
    first = avatar("batch", file, *size).lines
    Path(first[0][3]).unlink()  # of which a copy is wanted
    run = avatar("batch", file, *size, "--output", tmp_path / "{name}.png", code=6)
    assert "A copy could not be written." in run.err
    assert [line[1] for line in run.lines] == ["exists", "exists"]
    assert [bool(line[5]) for line in run.lines] == [True, False]
    assert (tmp_path / "Bob.png").is_file()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "See them: avatar list"),
        (("-o", "{n}.png"), "The copies are in this folder."),
        (("-o", "pics/{n}.png", "--manifest", "made.csv"), "The copies are in pics, all rows in made.csv."),
        (("--manifest", "made.csv"), "All rows are in made.csv."),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
@pytest.mark.usefixtures("home")
def test_a_terminal_is_told_where_all_is(folder: Path, argv: tuple[str, ...], said: str) -> None:
    (folder / "pics").mkdir()
    assert said in plain(terminal(*BATCH, *argv).out).splitlines()
