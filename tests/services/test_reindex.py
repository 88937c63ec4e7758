"""Avatars made again of their picture files, and what becomes of files that others made."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import DigitalSourceType, Embed, PictureFormat
from avatar_creator.domain.records import Avatar, SourceType
from avatar_creator.errors import InvalidInput
from avatar_creator.library import Library, open_library
from avatar_creator.storage.pictures import containers, xmp
from made_anew import made, rejected
from stored_files import stored_files

SARAH = Persona("Sarah O'Hara", 41, ("calm", "kind"), "Runs a garage.")
WHO = ("id", "name", "attributes", "prompt", "full_prompt", "negative_prompt", "engine", "model", "seed", "recipe")
WHAT = ("credit", "alt_text", "width_px", "height_px", "format", "bytes", "sha256", "source_type", "version", "drawn")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "given").mkdir()
    return tmp_path / "given"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "other") as opened:
        yield opened


def results(library: Library, folder: Path | None = None) -> list[str]:
    return [each.result.value for each in library.archives.reindex(folder or library.app.home.pictures)]


def said(avatar: Avatar) -> dict[str, object]:
    return {name: getattr(avatar, name) for name in (*WHO, *WHAT)}


def without_database(library: Library) -> None:
    library.close()
    for file in library.app.home.root.glob("library.db*"):
        file.unlink()


@pytest.mark.parametrize("format_", PictureFormat)
def test_a_home_without_its_database_comes_back(library: Library, format_: PictureFormat) -> None:
    before = made(library, persona=SARAH, attributes=Attributes(hair_color="black"), format=format_)
    files = stored_files(library.app.pictures)
    without_database(library)
    assert results(library) == ["new"]
    after = library.show(before.id)
    assert said(after) == said(before)
    assert after.persona == Persona("Sarah O'Hara", 41, ("calm", "kind"))  # no file has a life story
    assert (after.image_path, after.thumbnail_path) == (before.image_path, before.thumbnail_path)
    assert results(library) == ["known"]
    assert stored_files(library.app.pictures) == files
    assert not [each for each in library.examine().findings if each.subject in {"picture", "file"}]


def test_versions_are_versions_again(library: Library) -> None:
    first = made(library, persona=SARAH)
    second = made(library, persona=Persona("Sarah B"), seed=9, version=2, avatar_id=first.id)
    without_database(library)
    assert sorted(results(library)) == ["completed", "new"]
    assert said(library.show(first.id)) == said(second)
    assert [each.avatar.sha256 for each in library.versions.find(first.id)] == [first.sha256, second.sha256]
    assert results(library) == ["known", "known"]


def test_what_a_database_of_yesterday_lacks_is_added(library: Library, tmp_path: Path) -> None:
    first = made(library, persona=SARAH)
    copy = library.backups.create(tmp_path / "yesterday.db")
    second = made(library, persona=SARAH, seed=9, version=2, avatar_id=first.id)
    third = made(library, persona=Persona("Ann"))
    library.tag([first.id], add=["hero"])
    library.close()
    library.backups.restore(copy)
    assert sorted(results(library)) == ["completed", "known", "new"]
    assert library.show(first.id).sha256 == second.sha256
    assert said(library.show(third.id)) == said(third)


def test_a_lost_thumbnail_is_made_again(library: Library) -> None:
    avatar = made(library, persona=SARAH)
    avatar.thumbnail_path.unlink()
    without_database(library)
    assert results(library) == ["new"]
    with Image.open(avatar.thumbnail_path) as thumbnail:
        assert thumbnail.size == (300, 300)


def test_a_folder_of_pictures_alone_brings_every_persona_back(library: Library, other: Library, tmp_path: Path) -> None:
    names = ["Sarah O'Hara", "أمينة", "<b>Zoë</b>", "=cmd"]
    before = [made(library, persona=Persona(name), seed=n + 1) for n, name in enumerate(names)]
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, avatar in enumerate(before):
        shutil.copy(avatar.image_path, folder / f"{number}.jpg")
    assert results(other, folder) == ["new"] * 4
    assert results(other, folder) == ["known"] * 4
    after = sorted(other.find(), key=lambda avatar: avatar.id)
    assert [said(each) | {"id": ""} for each in after] == [said(each) | {"id": ""} for each in before]
    assert [avatar.image_path.read_bytes() for avatar in after] == [avatar.image_path.read_bytes() for avatar in before]
    assert results(library, folder) == ["known"] * 4


def test_files_that_are_called_as_avatars_are_these(library: Library, other: Library, tmp_path: Path) -> None:
    avatar = made(library, persona=SARAH)
    (tmp_path / "flat").mkdir()
    shutil.copy(avatar.image_path, tmp_path / "flat")
    shutil.copy(avatar.thumbnail_path, tmp_path / "flat")
    assert results(other, tmp_path / "flat") == ["new"]
    assert other.show(avatar.id).sha256 == avatar.sha256
    Image.new("RGB", (64, 64)).save(tmp_path / "flat" / avatar.image_path.name)  # another picture of that name
    assert results(other, tmp_path / "flat") == ["new"]
    assert other.show(avatar.id).sha256 == avatar.sha256


def test_pictures_of_other_tools_are_uploads_with_what_they_say(other: Library, folder: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("parameters", "a baker\nNegative prompt: blur\nSteps: 20, Seed: 7, Model: dream, Size: 64x64")
    Image.new("RGB", (64, 64), "teal").save(folder / "baker.png", pnginfo=texts)
    assert results(other, folder) == ["new"]
    (avatar,) = other.find()
    assert (avatar.source_type, avatar.name, avatar.prompt) == (SourceType.UPLOADED, "baker", "a baker")
    assert (avatar.seed, avatar.model, avatar.negative_prompt) == (7, "dream", "blur")
    assert results(other, folder) == ["known"]


def test_files_that_are_no_pictures_are_named_and_left(other: Library, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "a.txt").write_text("no picture by its name")
    (folder / "b.png").write_text("no picture")
    (folder / "c.jpg").symlink_to("/etc/passwd")
    Image.new("RGB", (10, 10)).save(folder / "d.png")
    Image.new("RGB", (64, 64)).save(folder / ".e.png")
    left = list(other.archives.reindex(folder))
    assert [(each.file.name, each.result.value, each.id) for each in left] == [
        ("b.png", "left", None),
        ("d.png", "left", None),
    ]
    assert "not a JPEG" in str(left[0].reason)
    assert stored_files(other.app.pictures) == []


def test_files_that_avatar_did_not_put_into_the_home_are_left(library: Library) -> None:
    avatar = made(library, persona=SARAH)
    Image.new("RGB", (64, 64)).save(library.app.home.pictures / "mine.png")
    shutil.copy(avatar.image_path, library.app.home.pictures / avatar.image_path.name)
    assert sorted(results(library)) == ["known", "left", "left"]


@pytest.mark.parametrize(
    "recipe",
    [
        *("[]", "{}", '{"engine": 1}', "{", '"x"', "[" * 5000 + "]" * 5000),
        json.dumps({"persona": {"name": "\x1b[2J"}, "attributes": {}, "engine": "offline", "seed": 1}),
        json.dumps({"persona": {"age": 10**9}, "attributes": {"gender": 3}, "engine": "offline", "seed": 1}),
    ],
)
def test_a_recipe_that_somebody_made_up_is_none(other: Library, folder: Path, recipe: str) -> None:
    Image.new("RGB", (64, 64), "teal").save(folder / "a.png")
    source = {"Iptc4xmpExt:DigitalSourceType": DigitalSourceType.ALGORITHMIC.uri, "dc:title": "\x1b[2JAna" + "x" * 999}
    data = containers.rewrite((folder / "a.png").read_bytes(), xmp=xmp.write(source | {"avatar:recipe": recipe}))
    (folder / "a.png").write_bytes(data)
    assert results(other, folder) == ["new"]
    (avatar,) = other.find()
    assert (avatar.source_type, dict(avatar.recipe)) == (SourceType.UPLOADED, {})
    assert avatar.name.isprintable()
    assert len(avatar.name) <= 100
    assert results(other, folder) == ["known"]


def test_what_is_no_folder_is_refused(other: Library, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is no folder"):
        results(other, tmp_path / "none")


def test_marked_drawings_have_their_credit(library: Library, other: Library, tmp_path: Path) -> None:
    avatar = made(library, persona=SARAH, embed=Embed.MARK)
    (tmp_path / "given").mkdir()
    shutil.copy(avatar.image_path, tmp_path / "given" / "a.jpg")
    assert results(other, tmp_path / "given") == ["new"]
    (again,) = other.find()
    assert (again.credit, again.persona) == (avatar.credit, Persona())


def test_a_reject_of_the_home_is_no_avatar(library: Library) -> None:
    avatar = made(library, persona=SARAH)
    rejected(library, persona=Persona("Cy"))
    rejected(library, persona=SARAH, seed=6, avatar_id=avatar.id, version=2)
    assert results(library) == ["known"] * 3
    assert [each.id for each in library.find()] == [avatar.id]
    assert len(library.versions.find(avatar.id)) == 1
    assert len(list(library.checks.rejects())) == 2
