"""The gallery as users ask for it: what is written where, and what is left alone."""

import json
import re
from pathlib import Path

import pytest

from cli.commandline import SMALL, Avatar


@pytest.fixture
def ana(avatar: Avatar) -> str:
    made = ("--persona-name", "Ana Costa", "--persona-age", 29, "--gender", "female", "--seed", 1, *SMALL)
    return str(avatar.avatar(*made)["id"])


def rows(page: Path) -> list[dict[str, object]]:
    """Return what a page knows of its avatars."""
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page.read_text("utf-8"), re.DOTALL)
    assert found
    data = json.loads(found[1])
    keys = [column["key"] for column in data["columns"]]
    shared = {column["key"] for column in data["columns"] if column.get("shared")}
    return [
        {
            key: data["texts"][value] if key in shared and value is not None else value
            for key, value in zip(keys, row, strict=True)
        }
        for row in data["rows"]
    ]


def test_one_file_has_all(avatar: Avatar, ana: str, tmp_path: Path) -> None:
    page = tmp_path / "people.html"
    assert avatar("gallery", "-o", page).out == f"{page}\n"
    text = page.read_text("utf-8")
    assert 'alt="Ana Costa, 29, female, drawn"' in text
    assert text.count('src="data:image/webp;base64,') == 1
    (row,) = rows(page)
    assert (row["id"], row["made"], row["gender"], row["project"]) == (ana, "drawn", "female", "default")
    assert avatar("gallery", "-o", page, "--json").json == {
        "path": str(page),
        "avatars": 1,
        "bytes": page.stat().st_size,
    }


@pytest.mark.usefixtures("ana")
def test_a_folder_has_the_pictures_beside_the_page(avatar: Avatar, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    assert avatar("gallery", "-o", folder).out == f"{folder / 'index.html'}\n"
    assert (folder / "pictures/Ana-Costa.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert 'src="thumbnails/Ana-Costa.jpg.webp"' in (folder / "index.html").read_text("utf-8")
    assert rows(folder / "index.html")[0]["picture"] == "pictures/Ana-Costa.jpg"


@pytest.mark.usefixtures("ana")
def test_what_is_no_gallery_is_left_alone(avatar: Avatar, tmp_path: Path) -> None:
    page = tmp_path / "people.html"
    page.write_text("<!doctype html>\n<p>mine")
    assert "there already" in avatar.refused("gallery", "-o", page)
    assert page.read_text().endswith("mine")
    avatar("gallery", "-o", page, "--force")
    avatar("gallery", "-o", page)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/index.html").write_text("<!doctype html>\n<p>mine")
    assert "other files" in avatar.refused("gallery", "-o", tmp_path / "mine")
