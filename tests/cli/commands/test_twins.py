"""Pictures that look alike, found as users type it."""

import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.home import Home
from cli.commandline import SMALL, Avatar


def hashes(home: Home) -> dict[str, str | None]:
    with closing(sqlite3.connect(home.database)) as database:
        return dict(database.execute("SELECT id, perceptual_hash FROM avatars").fetchall())


def test_each_picture_is_hashed_as_it_is_saved(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    drawn = [avatar.avatar("--seed", 1, *SMALL, "--format", each)["id"] for each in ("png", "jpeg", "webp")]
    file = tmp_path / "photo.png"
    Image.effect_noise((300, 400), 80).save(file)
    uploaded = avatar("upload", file, "-q").out.strip()
    found = hashes(home)
    assert found.keys() == {*drawn, uploaded}
    assert all(re.fullmatch("[0-9a-f]{384}", each or "") for each in found.values())
    assert len(set(found.values())) > 1


def test_a_new_picture_has_a_new_hash_and_the_earlier_one_gets_its_own_back(avatar: Avatar, home: Home) -> None:
    id_ = avatar.avatar("--seed", 1, *SMALL, "--hair-color", "blonde", "--art-style", "lorelei")["id"]
    first = hashes(home)[id_]
    avatar("upgrade", id_, "--engine", "offline", "--art-style", "avataaars", "--yes")
    assert hashes(home)[id_] != first
    avatar("revert", id_)
    assert hashes(home)[id_] == first


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A picture with all shades, as photographs have."""
    spots = Image.frombytes("RGB", (12, 12), random.Random(7).randbytes(12 * 12 * 3))
    file = tmp_path / "photo.png"
    spots.resize((400, 400), Image.Resampling.BICUBIC).save(file)
    return file


@pytest.fixture
def family(avatar: Avatar, photograph: Path) -> dict[str, str]:
    """The same picture again and again, and others."""

    def upload(name: str, image: Image.Image) -> str:
        file = photograph.with_name(name)
        image.save(file, quality=80)
        return avatar("upload", file, "-q").out.strip()

    avatar("project", "create", "other")
    with Image.open(photograph) as image:
        image.load()
    ids = {"photo": avatar("upload", photograph, "-q").out.strip()}
    ids["again"] = upload("again.jpg", image)
    ids["small"] = upload("small.webp", image.resize((150, 150)))
    ids["copy"] = avatar("upload", photograph, "-q", "--project", "other").out.strip()
    ids["mirrored"] = upload("mirrored.png", image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    ids["drawing"] = avatar.avatar("--seed", 1, *SMALL)["id"]
    return ids


def test_pictures_that_were_saved_again_are_found(avatar: Avatar, family: dict[str, str]) -> None:
    found = avatar("twins", "--json").json
    assert [each["id"] for each in found] == [family[name] for name in ("photo", "again", "small", "copy")]
    assert {each["group"] for each in found} == {1}
    assert [each["is_first"] for each in found] == [True, False, False, False]
    assert [each["is_same_file"] for each in found] == [True, False, False, True]
    assert (found[0]["distance"], found[3]["distance"]) == (0, 0)
    assert all(0 < each["distance"] <= 100 for each in found[1:3])


def test_lines_ids_and_what_can_be_deleted(avatar: Avatar, family: dict[str, str]) -> None:
    lines = avatar("twins").lines
    assert [(line[0], line[1]) for line in lines] == [
        ("1", family[name]) for name in ("photo", "again", "small", "copy")
    ]
    assert (lines[0][3], lines[3][3:]) == ("", ["same file", "other"])
    assert "4 pictures look alike, in 1 group." in avatar("twins").err
    rest = avatar("twins", "--omit-first", "-q").out.split()
    assert rest == [family[name] for name in ("again", "small", "copy")]
    avatar("delete", *rest, "--yes")
    assert "No two pictures look alike." in avatar("twins", "--require-none").err


def test_among_whom_and_how_near_is_chosen(avatar: Avatar, family: dict[str, str]) -> None:
    assert [line[1] for line in avatar("twins", "--distance", 0).lines] == [family["photo"], family["copy"]]
    assert family["copy"] not in avatar("twins", "default").out
    assert avatar("twins", "other", family["again"]).lines[0][1] == family["copy"]
    failed = avatar("twins", "--require-none", "--json", code=5)
    assert failed.error["message"] == "4 pictures look alike, in 1 group."
    assert len(failed.json) == 4
    assert "distance" in avatar("twins", "--distance", 401, code=2).err


def test_hashes_that_are_missing_are_made_and_saved(avatar: Avatar, family: dict[str, str], home: Home) -> None:
    """Earlier versions saved none, and another program may have written anything."""
    before = hashes(home)
    shown = avatar("show", family["photo"], "--json").json
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute("UPDATE avatars SET perceptual_hash = NULL")
        database.execute("UPDATE avatars SET perceptual_hash = 'nonsense' WHERE id = ?", (family["photo"],))
        database.execute("UPDATE avatars SET perceptual_hash = x'00ff' WHERE id = ?", (family["copy"],))
    assert len(avatar("twins").lines) == 4
    assert hashes(home) == before
    assert avatar("show", family["photo"], "--json").json == shown


def test_a_picture_that_cannot_be_read_is_no_twin(avatar: Avatar, family: dict[str, str], home: Home) -> None:
    with closing(sqlite3.connect(home.database)) as database, database:
        database.execute("UPDATE avatars SET perceptual_hash = NULL")
    Path(avatar("show", family["photo"], "--json").json["image_path"]).write_bytes(b"")
    Path(avatar("show", family["again"], "--json").json["image_path"]).unlink()
    assert {line[1] for line in avatar("twins").lines} == {family["photo"], family["small"], family["copy"]}
