"""Pictures for others, as users ask for them: smaller, round, in another format, with their marks."""

import json
import sqlite3
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from cli.commandline import SMALL, Avatar

HOSTILE = "x</script><img src=x onerror=alert(1)>\"'\\"


@pytest.fixture
def ana(avatar: Avatar) -> str:
    made: str = avatar.avatar(
        "--persona-name", "Ana Costa", "--background", "Her life story", "--width", 256, "--height", 256, "--seed", 1
    )["id"]
    return made


def opened(path: Path) -> Image.Image:
    return Image.open(BytesIO(path.read_bytes()))


@pytest.mark.usefixtures("ana")
def test_several_sizes_have_their_size_in_their_names(avatar: Avatar, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = avatar("export", "--output", out, "--size", "128,64", "--size", "32", "--json").json
    assert written[0]["files"] == ["Ana-Costa-128.jpg", "Ana-Costa-64.jpg", "Ana-Costa-32.jpg"]
    assert [opened(out / name).size for name in written[0]["files"]] == [(128, 128), (64, 64), (32, 32)]
    assert sorted(path.name for path in out.iterdir()) == sorted([*written[0]["files"], "export.jsonl", "manifest.csv"])


@pytest.mark.usefixtures("ana")
def test_a_size_may_be_a_folder(avatar: Avatar, tmp_path: Path) -> None:
    out = tmp_path / "out"
    avatar("export", "--output", out, "--size", "64,32", "--names", "{size}/{name}")
    assert (out / "64" / "Ana-Costa.jpg").is_file()
    assert (out / "32" / "Ana-Costa.jpg").is_file()


@pytest.mark.usefixtures("ana")
def test_one_size_needs_no_size_in_names(avatar: Avatar, tmp_path: Path) -> None:
    avatar("export", "--output", tmp_path / "out", "--size", 64, "--format", "webp")
    assert opened(tmp_path / "out" / "Ana-Costa.webp").size == (64, 64)


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(("options", "name"), [((), "Ana-Costa.png"), (("--format", "webp"), "Ana-Costa.webp")])
def test_a_circle_has_clear_corners(avatar: Avatar, tmp_path: Path, options: tuple[str, ...], name: str) -> None:
    avatar("export", "--output", tmp_path / "out", "--size", 64, "--shape", "circle", *options)
    image = opened(tmp_path / "out" / name)
    assert image.mode == "RGBA"
    assert [image.getpixel(at) for at in ((0, 0), (63, 63))] == [(0, 0, 0, 0)] * 2
    alphas = set(image.getchannel("A").get_flattened_data())
    assert alphas > {0, 255}, "its edge is smooth"


@pytest.mark.usefixtures("ana")
def test_pictures_are_not_enlarged_and_that_is_said(avatar: Avatar, tmp_path: Path) -> None:
    run = avatar("export", "--output", tmp_path / "out", "--size", "512,64", "--manifest", "jsonl")
    assert "1 picture is smaller than that" in run.err
    assert opened(tmp_path / "out" / "Ana-Costa-512.jpg").size == (256, 256)
    line = json.loads((tmp_path / "out" / "manifest.jsonl").read_text("utf-8"))
    assert (line["width_px"], line["file_64"]) == (256, "Ana-Costa-64.jpg")


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("options", [("--size", "64"), ("--format", "png"), ("--no-records",), ("--shape", "circle")])
def test_strangers_get_a_mark_and_no_life_story(avatar: Avatar, tmp_path: Path, options: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    avatar("export", "--output", out, *options, "--manifest", "csv,json,jsonl,html,sql,ts")
    assert not (out / "library").exists()
    assert not [path for path in out.iterdir() if b"life story" in path.read_bytes()]
    picture = next(path for path in out.iterdir() if path.suffix in {".png", ".jpg"})
    said = avatar("inspect", picture, "--json").json
    assert said["digital_source_type"] == "algorithmicMedia"
    assert said["credit"]["creator"] == "Pablo Stanley"
    assert (said["title"], said["recipe"]) == (None, None)


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(("embed", "title", "source"), [("recipe", "Ana Costa", True), ("none", None, False)])
def test_files_say_as_much_as_is_asked_for(
    avatar: Avatar, tmp_path: Path, embed: str, title: str | None, source: bool
) -> None:
    avatar("export", "--output", tmp_path / "out", "--size", 64, "--embed", embed, "--format", "png")
    said = avatar("inspect", tmp_path / "out" / "Ana-Costa.png", "--json").json
    assert (said["title"], said["digital_source_type"] is not None) == (title, source)


def test_with_records_it_can_be_imported(
    avatar: Avatar, ana: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(avatar("show", ana, "--json").json["image_path"]).read_bytes()
    avatar("export", "--output", tmp_path / "out.zip", "--size", "64", "--shape", "circle", "--records")
    monkeypatch.setenv("AVATAR_HOME", str(tmp_path / "elsewhere"))
    avatar("import", tmp_path / "out.zip")
    assert Path(avatar("show", ana, "--json").json["image_path"]).read_bytes() == before


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("name", ["out", "out.zip", "out.tar"])
def test_what_was_made_for_others_cannot_be_imported(avatar: Avatar, tmp_path: Path, name: str) -> None:
    avatar("export", "--output", tmp_path / name, "--size", 64)
    assert "made for others" in avatar.refused("import", tmp_path / name)


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--size", "16"), "from 32 to 1024"),
        (("--size", "2048"), "from 32 to 1024"),
        (("--size", "big"), "512"),
        (("--size", "64,"), "512"),
        (("--size", "-64"), "from 32 to 1024"),
        (("--shape", "cirlce"), "circle"),
        (("--shape", "circle", "--format", "jpeg"), "--format png or webp"),
        (("--shape", "circle", "--names", "{name}.jpg"), "--format png or webp"),
        (("--format", "gif"), "png"),
        (("--format", "png", "--names", "{name}.webp"), "names end with .webp"),
        (("--names", "{size}/{name}"), "--size 512,256"),
        (("--names", "{nam}"), "names is '{nam}'"),
        (("--names", "{name"), "names is '{name'"),
        (("--names", "{name}.gif"), "names is '{name}.gif'"),
        (("--names", "library/{name}"), "the folder library"),
        (("--names", "a./{name}"), "no file can be called"),
        (("--names", "a\n{name}"), "no file can be called"),
        (("--embed", "all"), "recipe"),
        (("--size", "256", "--shape", "square", "--size", "64", "--shape", "circle"), "--size 256,64 --shape circle"),
    ],
)
def test_what_does_not_go_together_says_why(avatar: Avatar, tmp_path: Path, argv: tuple[str, ...], said: str) -> None:
    assert said in avatar.refused("export", *argv, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_names_of_strangers_are_data_in_every_manifest(avatar: Avatar, tmp_path: Path) -> None:
    names = [HOSTILE, "=cmd|' /C calc'!A0", "a & b", "O'Brien; DROP TABLE avatars;--", "مريم"]
    for seed, name in enumerate(names, 1):
        avatar.avatar("--persona-name", name, "--seed", seed, *SMALL)
    out = tmp_path / "out"
    avatar("export", "--output", out, "--size", 64, "--manifest", "csv,json,jsonl,html,sql,ts")
    texts = {path.suffix: path.read_text("utf-8") for path in out.glob("manifest.*")}
    stored = [each["name"] for each in avatar("list", "--sort", "created", "--json").json][::-1]
    assert [json.loads(line)["name"] for line in texts[".jsonl"].splitlines()] == stored
    assert [each["name"] for each in json.loads(texts[".json"])] == stored
    with sqlite3.connect(":memory:") as database:
        database.executescript(texts[".sql"])
        assert [name for (name,) in database.execute("SELECT name FROM avatars ORDER BY rowid")] == stored
    assert ",'=cmd" in texts[".csv"]
    for suffix in (".html", ".ts", ".json", ".jsonl"):
        assert "</script>" not in texts[suffix]
        assert "onerror=alert(1)>" not in texts[".html"]


@pytest.mark.parametrize("art", ["avataaars", "lorelei"])
@pytest.mark.parametrize(("width", "height"), [(200, 1024), (400, 1000), (1000, 300)])
def test_every_square_of_a_drawing_shows_the_face(
    avatar: Avatar, tmp_path: Path, width: int, height: int, art: str
) -> None:
    who = ("--gender", "female", "--seed", 7, "--art-style", art, "--format", "png")
    made = avatar.avatar(*who, "--width", width, "--height", height)
    whole = avatar.avatar(*who, "--width", 800, "--height", 1000)  # as slim as a picture can be without more above
    id_ = made["id"]
    avatar("export", id_, "-o", tmp_path / "to", "--size", "128", "--manifest", "jsonl", "--names", "{id}")
    avatar("sheet", id_, "-o", tmp_path / "s.png", "--cell", 128, "--caption", "", "--title", "", "--no-credits")
    with Image.open(whole["image_path"]) as image:
        expected = image.convert("RGB").crop((0, 100, 800, 900))
    if width > height:
        with Image.open(made["image_path"]) as image:
            left = (width - height) // 2
            expected = image.convert("RGB").crop((left, 0, left + height, height))
    exported = tmp_path / "to" / f"{id_}.png"
    with Image.open(tmp_path / "s.png") as page:
        cell = page.convert("RGB").crop((26, 26, 154, 154))
    for seen in (exported, Path(made["thumbnail_path"]), cell):
        assert _difference(seen, expected) < 6, seen


def _difference(seen: Path | Image.Image, expected: Image.Image) -> float:
    """Return by how much two pictures differ, of 255."""
    image = seen if isinstance(seen, Image.Image) else Image.open(BytesIO(seen.read_bytes()))
    small = [each.convert("RGB").resize((32, 32), Image.Resampling.BOX) for each in (image, expected)]
    differing = ImageChops.difference(*small).tobytes()
    return sum(differing) / len(differing)


# -- one avatar as one file


@pytest.mark.parametrize(("name", "format_"), [("me.png", "PNG"), ("me.webp", "WEBP"), ("me.JPG", "JPEG")])
def test_one_avatar_is_one_file_of_the_format_in_its_name(
    avatar: Avatar, ana: str, tmp_path: Path, name: str, format_: str
) -> None:
    run = avatar("export", ana, "-o", tmp_path / name, "--json")
    assert (run.json[0]["id"], run.json[0]["file"]) == (ana, name)
    assert opened(tmp_path / name).format == format_
    stored = Path(avatar("path", ana).out.strip()).read_bytes()
    assert ((tmp_path / name).read_bytes() == stored) is (format_ == "JPEG")
    assert avatar("inspect", tmp_path / name, "--json").json["digital_source_type"]


def test_one_file_is_of_the_size_and_shape_that_is_asked_for(avatar: Avatar, ana: str, tmp_path: Path) -> None:
    avatar("export", ana, "-o", tmp_path / "me.png", "--size", 64, "--shape", "circle")
    image = opened(tmp_path / "me.png")
    assert (image.size, image.mode, image.getpixel((0, 0))) == ((64, 64), "RGBA", (0, 0, 0, 0))
    assert "is there already" in avatar.refused("export", ana, "-o", tmp_path / "me.png")
    avatar("export", ana, "-o", tmp_path / "me.png", "--size", 32, "--force")
    assert opened(tmp_path / "me.png").size == (32, 32)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            (),
            "one picture, and several avatars are meant.\nHint: Give one id; or a folder, a .zip or .tar file for all:",
        ),
        (("ID", "--size", "64,32"), "size has 2 values"),
        (("ID", "--manifest", "json"), "manifest is given"),
        (("ID", "--records"), "records is given"),
        (("ID", "--names", "{id}"), "names is given"),
        (("ID", "--format", "webp"), "format is webp, and the names end with .png."),
    ],
)
def test_what_one_file_cannot_be(avatar: Avatar, ana: str, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    avatar("generate", "--persona-name", "Bo", *SMALL)
    typed = [ana if word == "ID" else word for word in options]
    assert said in avatar.refused("export", *typed, "-o", tmp_path / "me.png")
    assert not (tmp_path / "me.png").exists()


def test_a_damaged_picture_is_no_file(avatar: Avatar, ana: str, tmp_path: Path) -> None:
    Path(avatar("path", ana).out.strip()).write_bytes(b"x")
    assert "1 avatar is left out" in avatar.refused("export", ana, "-o", tmp_path / "me.jpg", code=6)
    assert not (tmp_path / "me.jpg").exists()


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--format png --format webp", "format is given as 'png' and as 'webp', and an export has one."),
        ("--embed none --embed recipe", "avatar export -o none --embed none; avatar export -o recipe --embed recipe"),
        ("--size 64 --shape square --shape circle", "avatar export -o square --size 64 --shape square; avatar export"),
        (
            "--as imagefolder --split train --split test",
            "avatar export -o train --as imagefolder --split train; avatar export -o test --as",
        ),
    ],
)
def test_of_two_values_where_one_is_meant_none_wins(avatar: Avatar, tmp_path: Path, options: str, said: str) -> None:
    assert said in avatar.refused("export", "-o", tmp_path / "out", *options.split())
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("ana")
def test_the_same_value_twice_is_one(avatar: Avatar, tmp_path: Path) -> None:
    avatar("export", "-o", tmp_path / "out", "--format", "png", "--format", "png", "--embed=none", "--embed=none")
    assert opened(tmp_path / "out" / "Ana-Costa.png").format == "PNG"
