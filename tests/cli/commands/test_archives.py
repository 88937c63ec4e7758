"""Export and import as users type them: what leaves a library comes back whole."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from avatar_creator.home import HOME_VARIABLE
from cli.commandline import SMALL, Avatar
from imports.exported import lines_of, write_lines


@pytest.fixture
def pair(avatar: Avatar) -> tuple[str, str]:
    first = avatar.avatar("--persona-name", "Ana Costa", "--gender", "female", "--seed", 1, *SMALL)["id"]
    second = avatar.avatar("--persona-name", "Ana Costa", "--gender", "male", "--seed", 2, *SMALL)["id"]
    avatar("tag", first, "--add", "hero,équipe")
    avatar("star", first)
    avatar("use", second, "--app", "web", "--action", "show")
    return first, second


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another home, from now on."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))


@pytest.mark.parametrize("name", ["out.zip", "out.tar", "out"])
def test_a_round_trip_loses_nothing(
    avatar: Avatar, pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    first, again = tmp_path / name, tmp_path / f"again-{name}"
    written = avatar("export", "--output", first, "--manifest", "csv,jsonl").lines
    assert written == [["Ana-Costa.jpg", pair[0], "Ana Costa"], ["Ana-Costa-2.jpg", pair[1], "Ana Costa"]]
    before = [avatar("show", id_, "--json").json for id_ in pair]
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    assert [line[2] for line in avatar("import", first).lines] == ["new", "new"]
    assert [line[2] for line in avatar("import", first).lines] == ["known", "known"]
    after = [avatar("show", id_, "--json").json for id_ in pair]
    for one, other in zip(before, after, strict=True):
        assert Path(one["image_path"]).read_bytes() == Path(other["image_path"]).read_bytes()
        assert Path(one["thumbnail_path"]).read_bytes() == Path(other["thumbnail_path"]).read_bytes()
        homes = ("image_path", "thumbnail_path", "versions")
        assert {k: v for k, v in one.items() if k not in homes} == {k: v for k, v in other.items() if k not in homes}
    assert avatar("usage", pair[1], "--json").json["events"][0]["app"] == "web"
    avatar("export", "--output", again, "--manifest", "csv,jsonl")
    if first.is_dir():
        for each in ("manifest.csv", "manifest.jsonl", "library/records.jsonl"):
            assert (first / each).read_bytes() == (again / each).read_bytes()
    else:
        assert first.read_bytes() == again.read_bytes()


def test_what_is_here_stays_and_gets_what_it_lacks(avatar: Avatar, pair: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    avatar("export", pair[0], "--output", out)
    avatar("edit", pair[0], "--name", "Ana B")
    avatar("tag", pair[0], "--remove", "hero")
    assert [line[2] for line in avatar("import", out).lines] == ["completed"]
    shown = avatar("show", pair[0], "--json").json
    assert (shown["name"], shown["tags"]) == ("Ana B", ["hero", "équipe"])


def test_projects_of_one_name_are_one(
    avatar: Avatar, pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    avatar("export", "--output", tmp_path / "out.zip")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    avatar.avatar("--seed", 3, *SMALL)
    avatar("import", tmp_path / "out.zip")
    assert [line[1:3] for line in avatar("project", "list").lines] == [["default", "3"]]
    assert avatar("show", pair[0], "--json").json["project_name"] == "default"


@pytest.mark.usefixtures("pair")
def test_the_same_command_goes_on(avatar: Avatar, tmp_path: Path) -> None:
    out = tmp_path / "out"
    avatar("export", "--output", out, "--json")
    (out / "Ana-Costa.jpg").unlink()
    again = avatar("export", "--output", out, "--json").json
    assert [each["written"] for each in again] == [True, False]


@pytest.mark.parametrize(("options", "count"), [((), 2), (("--size", "32"), 1)])
def test_files_of_an_earlier_export_are_named(
    avatar: Avatar, pair: tuple[str, str], tmp_path: Path, options: tuple[str, ...], count: int
) -> None:
    out = tmp_path / "out"
    avatar("export", "--output", out, "--names", "{name}-{gender}", *options)
    assert "stayed" not in avatar("export", "--output", out, "--names", "{name}-{gender}", *options).err
    avatar("delete", pair[1], "--yes")
    said = avatar("export", "--output", out, "--names", "{name}-{gender}", *options).err
    assert f"{count} file{'s' if count > 1 else ''} of an earlier export stayed in {out}: Ana-Costa-male.jpg" in said
    assert (out / "Ana-Costa-male.jpg").exists()


@pytest.mark.usefixtures("pair")
def test_the_whole_file_of_a_damaged_picture_is_not_called_stale(avatar: Avatar, tmp_path: Path) -> None:
    avatar("export", "--output", tmp_path / "out", "--size", 32)
    Path(avatar("list", "--json").json[0]["image_path"]).write_bytes(b"")
    assert "earlier export" not in avatar("export", "--output", tmp_path / "out", "--size", 32, code=6).err


@pytest.mark.usefixtures("pair")
def test_other_files_are_left_alone(avatar: Avatar, tmp_path: Path) -> None:
    folder, file = tmp_path / "mine", tmp_path / "mine.zip"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years")
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("thesis.txt", "years")
    for place in (folder, file):
        assert "--force" in avatar("export", "--output", place, code=2).err
    avatar("export", "--output", folder, "--force")
    assert (folder / "thesis.txt").read_text() == "years"


@pytest.mark.usefixtures("pair", "elsewhere")
@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["../records.jsonl"], "leads out of it"),
        (["/etc/passwd"], "leads out of it"),
        (["a/../../b"], "leads out of it"),
        (["c:\\x"], "leads out of it"),
        (["A.jpg", "a.jpg"], "two files"),
        (["a.jpg"], "library/records.jsonl"),
    ],
)
def test_an_archive_that_leads_elsewhere_is_refused(
    avatar: Avatar, tmp_path: Path, names: list[str], said: str
) -> None:
    file = tmp_path / "bad.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    assert said in avatar("import", file, code=2).err
    assert avatar("list", "--quiet").out == ""


def test_a_picture_that_was_changed_is_left_out(
    avatar: Avatar, pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    avatar("export", "--output", out)
    whole = (out / "Ana-Costa.jpg").read_bytes()
    (out / "Ana-Costa.jpg").write_bytes(whole + b"x")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "third"))
    run = avatar("import", out, code=6)
    assert [line[2] for line in run.lines] == ["damaged", "new"]
    assert f"Ana Costa ({pair[0]}) is left out: 'Ana-Costa.jpg' is not as it was exported" in run.err
    assert "1 avatar is left out" in run.err
    assert avatar("list", "--quiet").out.split() == [pair[1]]
    (out / "Ana-Costa.jpg").write_bytes(whole)
    assert [line[2] for line in avatar("import", out).lines] == ["new", "known"]


@pytest.mark.parametrize(
    ("output", "options"),
    [
        ("out", ()),
        ("out.zip", ("--size", "32")),
        ("out", ("--as", "imagefolder")),
        ("out.parquet", ("--as", "parquet")),
    ],
)
def test_damaged_files_are_left_out(avatar: Avatar, tmp_path: Path, output: str, options: tuple[str, ...]) -> None:
    avatar("cast", 5, *SMALL)
    people = avatar("list", "--sort", "created", "--reverse", "--json").json
    empty, gone, longer, other, whole = (Path(each["image_path"]) for each in people)
    content = other.read_bytes()
    empty.write_bytes(b"")
    gone.unlink()
    longer.write_bytes(longer.read_bytes() + b"x")
    other.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
    run = avatar("export", "--output", tmp_path / output, *options, "--json", code=6)
    assert [each["id"] for each in run.json] == [people[4]["id"]]
    for each, why in zip(people, ("has 0 bytes", "cannot be read", "has more than", "has other bytes"), strict=False):
        assert f"{each['id']} is left out: The file {each['image_path']} {why}" in run.err
    assert "4 avatars are left out" in run.err
    assert "avatar verify" in run.err
    assert whole.stat().st_size


def test_a_damaged_thumbnail_is_not_exported(avatar: Avatar, pair: tuple[str, str], tmp_path: Path) -> None:
    Path(avatar("show", pair[0], "--json").json["thumbnail_path"]).write_bytes(b"")
    run = avatar("export", "--output", tmp_path / "out", code=6)
    assert [line[1] for line in run.lines] == [pair[1]]
    assert f"{pair[0]} is left out" in run.err


def test_a_newer_versions_export_and_a_cut_off_one_are_refused(
    avatar: Avatar, pair: tuple[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    avatar("export", pair[0], "--output", out)
    records = out / "library" / "records.jsonl"
    lines = records.read_text("utf-8").splitlines(keepends=True)
    head = json.loads(lines[0])
    records.write_text("".join([json.dumps({**head, "schema": 999}) + "\n", *lines[1:]]), "utf-8")
    assert "newer version" in avatar("import", out, code=2).err
    records.write_text("".join(lines[:-1]), "utf-8")
    assert "ends too early" in avatar("import", out, code=2).err


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("--names", "../{name}"), 2, "leads elsewhere"),
        (("--names", "/etc/{name}"), 2, "leads elsewhere"),
        (("--names", "{nam}"), 2, "{name}"),
        (("--manifest", "cvs"), 2, "Did you mean csv?"),
        (("nobody",), 3, "no project and no avatar"),
    ],
)
def test_what_cannot_be_exported_says_why(
    avatar: Avatar, tmp_path: Path, argv: tuple[str, ...], code: int, said: str
) -> None:
    assert said in avatar("export", *argv, "--output", tmp_path / "out", code=code).err
    assert not (tmp_path / "out").exists()


STRANGERS_PX = 91  # of pictures of strangers: drawings of these tests, and their thumbnails, have other sides


def in_place_of_a_drawing(folder: Path, encoder: str) -> None:
    """Replace the picture of an export of one drawing, and its thumbnail; the rest calls it a drawing as before."""
    lines = lines_of(folder)
    (line,) = (each for each in lines if each["kind"] == "avatar")
    (files,) = line["files"]
    for name, format_ in (("picture", encoder), ("thumbnail", "JPEG")):
        file = folder / files[name]
        Image.effect_noise((STRANGERS_PX, STRANGERS_PX), 80).convert("RGB").save(file, format_)
        files[f"{name}_sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    recipe = json.loads(line["avatar"]["recipe"]) | {"width_px": STRANGERS_PX, "height_px": STRANGERS_PX}
    line["avatar"] |= {"sha256": files["picture_sha256"], "perceptual_hash": "0" * 128, "recipe": json.dumps(recipe)}
    write_lines(folder, lines)


@pytest.mark.parametrize("encoder", ["PNG", "JPEG", "WEBP"])
def test_what_an_archive_calls_a_drawing_is_decoded_in_another_process(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: str
) -> None:
    drawn = avatar.avatar("--seed", 1, "--format", encoder.lower(), *SMALL)["id"]
    out = tmp_path / "out"
    avatar("export", "--output", out)
    in_place_of_a_drawing(out, encoder)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))

    opened_here: list[tuple[int, int]] = []
    opening = ImageFile.ImageFile.__init__

    def recorded(image: ImageFile.ImageFile, *given: Any, **named: Any) -> None:
        opening(image, *given, **named)
        opened_here.append(image.size)

    monkeypatch.setattr(ImageFile.ImageFile, "__init__", recorded)
    assert avatar("import", out).lines[0][2] == "new"
    shown = avatar("show", drawn, "--json").json
    assert (shown["engine"], shown["source_type"]) == ("offline", "text_to_image")
    (upload := tmp_path / "same.png").write_bytes(Path(shown["image_path"]).read_bytes())
    avatar("upload", upload)
    avatar("gallery", "--output", tmp_path / "people.html")
    avatar("sheet", "--output", tmp_path / "thumbnails.png")
    avatar("sheet", "--output", tmp_path / "pictures.png", "--cell", 400)
    avatar("compare", drawn, drawn, "--output", tmp_path / "pair.png")
    avatar("export", "--output", tmp_path / "small", "--size", 32, "--shape", "circle", "--format", "png")
    avatar("export", "--output", tmp_path / "training", "--as", "imagefolder")
    avatar("twins")
    assert avatar("verify", drawn, "--files-only").lines[0][2] == "intact"
    assert (STRANGERS_PX, STRANGERS_PX) not in opened_here
    avatar.avatar("--seed", 1, "--format", encoder.lower(), "--width", STRANGERS_PX, "--height", STRANGERS_PX)
    ours = opened_here.count((STRANGERS_PX, STRANGERS_PX))
    assert avatar("verify", drawn).lines[0][2] == "differs"  # from what is drawn again, with these sides
    assert opened_here.count((STRANGERS_PX, STRANGERS_PX)) == 2 * ours
