"""Pictures that look alike, found as users type it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

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
