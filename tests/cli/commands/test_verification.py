"""`avatar verify` as users type it: what is proved of pictures, and what is said of those that were changed."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar


@pytest.fixture
def drawing(avatar: Avatar) -> Any:
    return avatar.avatar("--persona-name", "Ann", "--seed", 1, *SMALL)


def change_row(home: Home, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute(f"UPDATE avatars SET {sql}", values)


def change_recipe(home: Home, change: Callable[[dict[str, Any]], None]) -> None:
    with closing(sqlite3.connect(home.database)) as database:
        recipe = json.loads(database.execute("SELECT recipe FROM avatars").fetchone()[0])
    change(recipe)
    change_row(home, "recipe = ?", json.dumps(recipe))


def only(avatar: Avatar, *options: str, code: int = 0) -> tuple[str, str]:
    """Verify the one avatar; return its result and what is said of it."""
    (found,) = avatar("verify", "--json", *options, code=code).json
    return found["result"], found["said"]


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("embed", ["none", "mark", "recipe"])
def test_a_drawing_is_proved(avatar: Avatar, format_: str, embed: str) -> None:
    made = avatar.avatar("--persona-name", "Ann", *SMALL, "--format", format_, "--embed", embed)
    (line,) = avatar("verify", made["id"]).lines
    assert line == [made["id"], "1", "ok", "Ann", "Drawn again, every pixel is the same."]
    assert only(avatar, "--files-only") == ("intact", "It was not drawn again.")


def test_a_persona_with_all_that_can_be_said_is_proved(avatar: Avatar) -> None:
    avatar.avatar(
        *("--persona-name", "Ann", "--persona-age", 62, "--background", "Born in a lighthouse."),
        *("--gender", "female", "--hair-color", "red", "--prompt", "with glasses"),
        *("--art-style", "lorelei", "--width", 96, "--height", 128),
    )
    assert only(avatar)[0] == "ok"


def one_byte(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def saved_again(file: Path) -> None:
    with Image.open(file) as image:
        image.load()
    image.save(file, quality=60)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_broken_link(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.with_name("nowhere"))


@pytest.mark.parametrize(
    ("change", "result", "said"),
    [
        (one_byte, "changed", "has other bytes than were saved"),
        (saved_again, "changed", "bytes instead of"),
        (lambda file: file.write_bytes(b""), "changed", "has 0 bytes instead of"),
        (lambda file: os.truncate(file, 2**40), "changed", "has 1099511627776 bytes instead of"),
        (a_folder, "changed", "Its file is a folder."),
        (Path.unlink, "missing", "Its file is missing."),
        (a_broken_link, "missing", "Its file is missing."),
    ],
    ids=["byte", "again", "empty", "huge", "folder", "gone", "link"],
)
def test_a_picture_that_was_changed_is_found(
    avatar: Avatar, drawing: Any, change: Callable[[Path], object], result: str, said: str
) -> None:
    change(Path(drawing["image_path"]))
    found = only(avatar, code=6)
    assert (found[0], said in found[1]) == (result, True), found
    assert avatar("verify", "-q", code=6).out == f"{drawing['id']}\n"
    failed = avatar("verify", "--json", code=6).error
    assert failed["message"] == "1 picture is damaged or missing."


def test_a_link_to_the_picture_has_its_bytes(avatar: Avatar, drawing: Any, tmp_path: Path) -> None:
    file = Path(drawing["image_path"])
    file.rename(tmp_path / "elsewhere.jpg")
    file.symlink_to(tmp_path / "elsewhere.jpg")
    assert only(avatar)[0] == "ok"


def test_a_thumbnail_is_verified_too(avatar: Avatar, drawing: Any) -> None:
    thumbnail = Path(drawing["thumbnail_path"])
    other = avatar.avatar("--persona-name", "Bea", "--seed", 2, *SMALL, "--art-style", "micah")
    thumbnail.write_bytes(Path(other["thumbnail_path"]).read_bytes())
    assert avatar("verify", drawing["id"], code=6).lines[0][2::2] == ["changed", "Its thumbnail shows another picture."]
    thumbnail.write_bytes(b"no picture")
    assert avatar("verify", drawing["id"], code=6).lines[0][4] == "Its thumbnail is no picture any more."
    thumbnail.unlink()
    assert avatar("verify", drawing["id"], code=6).lines[0][2::2] == ["missing", "Its thumbnail is missing."]


@pytest.mark.usefixtures("drawing")
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("seed = 9", "The seed was changed by another program: its row says 9, and its recipe 1."),
        ("width_px = 65", "The width was changed by another program: its row says 65, and its recipe 64."),
        ("sha256 = 'abc'", "and the row says abc."),
        ("bytes = 5", "bytes instead of 5."),
    ],
)
def test_a_row_that_another_program_changed_is_found(avatar: Avatar, home: Home, sql: str, said: str) -> None:
    change_row(home, sql)
    result, why = only(avatar, code=6)
    assert (result, said in why) == ("changed", True), why


@pytest.mark.parametrize(
    "sql",
    [
        "recipe = '{'",
        "recipe = '[]'",
        """recipe = '{"drawn": 4}'""",
        """recipe = '{"made_with": []}'""",
        "persona_personality = 'calm'",
        "persona_age = 'old'",
        "source_type = 'found'",
        "format = 'tiff'",
        "width_px = 'wide'",
        "bytes = 'many'",
        "name = x'ff'",
        "gender = x'ff'",
        "credit = x'ff'",
    ],
)
def test_a_row_that_cannot_be_read_any_more_is_named(avatar: Avatar, home: Home, drawing: Any, sql: str) -> None:
    change_row(home, sql)
    other = avatar.avatar("--persona-name", "Bea", "--seed", 2, *SMALL)
    said = f"The row of the avatar {drawing['id']} was changed by another program, and cannot be read"
    out = str(home.root.with_name("people"))
    for command in (("list",), ("gallery", "-o", f"{out}.html"), ("export", "-o", out), ("sheet", "-o", f"{out}.png")):
        failed = avatar(*command, "--json", code=6).error
        assert said in str(failed["message"])
        assert "avatar backup list" in str(failed["hint"])
    verified = avatar("verify", code=6)
    assert said in verified.err
    assert [line[0] for line in verified.lines] == [other["id"]]
    assert "1 picture is damaged or missing." in verified.err
    twins = avatar("twins", code=6)
    assert "No two pictures look alike." in twins.err
    assert said in twins.err


@pytest.mark.usefixtures("drawing")
def test_a_row_that_leads_elsewhere_is_not_followed(avatar: Avatar, home: Home) -> None:
    change_row(home, "image_path = '../../../etc/passwd'")
    assert only(avatar, code=6) == ("missing", "Its file is missing.")


@pytest.mark.usefixtures("drawing")
def test_a_drawing_by_other_rules_is_said_to_differ(avatar: Avatar, home: Home) -> None:
    def older(recipe: dict[str, Any]) -> None:
        recipe["options"]["drawing_rules"] = 1
        recipe["made_with"]["renderer"] = "libvips 8.1.0"
        recipe["persona"]["age"] = 80

    change_recipe(home, older)
    result, said = only(avatar)
    assert result == "differs"
    assert said.startswith("Drawn again, it is another drawing. What changed: drawing rules (1 then, 2 now), ")
    assert "renderer (libvips 8.1.0 then, libvips " in said
    assert only(avatar, "--require-same", code=5)[0] == "differs"


@pytest.mark.usefixtures("drawing")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda recipe: recipe["options"].update(art_style="cubism"),
            "art_style is 'cubism', which the offline engine",
        ),
        (lambda recipe: recipe.pop("persona"), "persona is missing"),
        (lambda recipe: recipe.update(prompt=7), "prompt"),
        (lambda recipe: recipe.update(options=7, attributes=[]), "attributes"),
    ],
    ids=["style", "lacking", "typed", "nonsense"],
)
def test_what_cannot_be_proved_is_said(
    avatar: Avatar, home: Home, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    change_recipe(home, change)
    result, why = only(avatar)
    assert (result, why.startswith("It cannot be drawn again."), said in why) == ("intact", True, True), why


def test_an_uploaded_picture_has_its_bytes(avatar: Avatar, tmp_path: Path) -> None:
    file = tmp_path / "ann.png"
    Image.effect_noise((100, 100), 80).save(file)
    avatar("upload", file)
    assert only(avatar) == ("intact", "It has no recipe, as pictures that were uploaded.")


@pytest.mark.usefixtures("drawing")
def test_a_photograph_says_what_may_have_changed(avatar: Avatar, home: Home) -> None:
    def photograph(recipe: dict[str, Any]) -> None:
        made_with = {"provider": "fal-ai", "model_version": "0123456789abcdef", "lora": "someone/lora"}
        recipe.update(engine="huggingface", model="someone/model", made_with=made_with)

    change_recipe(home, photograph)
    change_row(home, "engine = 'huggingface', model = 'someone/model'")
    result, said = only(avatar)
    assert result == "intact"
    for what in (
        "the model someone/model",
        "The provider fal-ai",
        "The revision 0123456789ab",
        "The LoRA someone/lora",
    ):
        assert what in said


def test_earlier_pictures_are_verified_where_that_is_asked_for(avatar: Avatar, drawing: Any) -> None:
    avatar("upgrade", drawing["id"], "--engine", "offline", "--art-style", "micah", "--yes")
    Path(drawing["image_path"]).unlink()
    assert [line[1:3] for line in avatar("verify").lines] == [["2", "ok"]]
    assert [line[1:3] for line in avatar("verify", "--versions", code=6).lines] == [["2", "ok"], ["1", "missing"]]


def test_whom_it_is_about_is_chosen_as_everywhere(avatar: Avatar, drawing: Any) -> None:
    other = avatar.avatar("--persona-name", "Bea", "--seed", 2, *SMALL)
    avatar("tag", other["id"], "--add", "hero")
    assert [line[0] for line in avatar("verify").lines] == [drawing["id"], other["id"]]
    assert [line[0] for line in avatar("verify", "--all").lines] == [drawing["id"], other["id"]]
    assert [line[0] for line in avatar("verify", "--tag", "hero").lines] == [other["id"]]
    assert [line[0] for line in avatar("verify", "default", "--reverse").lines] == [other["id"], drawing["id"]]
    assert "Give one of the two." in avatar("verify", "--all", other["id"], code=2).err
    avatar("verify", "nobody", code=3)


def test_nothing_is_written(avatar: Avatar, home: Home, drawing: Any) -> None:
    def all_files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in home.pictures.rglob("*") if path.is_file()}

    before, row = all_files(), avatar("show", drawing["id"], "--json").out
    avatar("verify")
    assert (all_files(), avatar("show", drawing["id"], "--json").out) == (before, row)


# -- exports


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("out", ()),
        ("out.zip", ()),
        ("out.tar", ("--size", "64,32")),
        ("out", ("--format", "png", "--records")),
        ("out", ("--as", "imagefolder")),
    ],
)
def test_an_export_is_what_was_written(avatar: Avatar, tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    avatar("generate", "--persona-name", "Ana Costa", *SMALL)
    avatar("export", "-o", tmp_path / name, *options)
    checked = avatar("verify", tmp_path / name, "--json").json
    assert checked
    assert {each["result"] for each in checked} == {"intact"}
    assert list(checked[0]) == ["file", "result", "said"]
    if name == "out":
        picture = next(path for path in tmp_path.rglob("Ana-Costa*"))
        picture.write_bytes(b"x")
        run = avatar("verify", tmp_path / name, code=6)
        assert "Error: 1 file is damaged or missing." in run.err
        assert [line[1] for line in run.lines].count("changed") == 1
        picture.unlink()
        run = avatar("verify", tmp_path / name, "-q", code=6)
        assert run.out.split() == [picture.relative_to(tmp_path / name).as_posix()]


def test_an_export_that_is_none_or_cut_off_is_said(avatar: Avatar, tmp_path: Path) -> None:
    avatar("generate", "--persona-name", "Ana Costa", *SMALL)
    (tmp_path / "none").mkdir()
    assert "is no export of avatar" in avatar.refused("verify", tmp_path / "none")
    avatar("export", "-o", tmp_path / "out")
    records = tmp_path / "out" / "library" / "records.jsonl"
    whole = records.read_bytes().splitlines(keepends=True)
    records.write_bytes(b"".join(whole[:-1]))
    assert "is cut off" in avatar.refused("verify", tmp_path / "out")
    records.write_bytes(b"".join(whole[:-1]) + b'{"kind": "avatar", "files": 1}\n')
    assert "is damaged" in avatar.refused("verify", tmp_path / "out")
    assert "There is no project and no avatar" in avatar.refused("verify", tmp_path / "nowhere", code=3)
