"""The gallery as users ask for it: what is written where, and what is left alone."""

import html
import json
import re
import socket
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


def test_a_damaged_thumbnail_is_said_and_the_entry_stays(avatar: Avatar, ana: str, tmp_path: Path) -> None:
    Path(avatar("show", ana, "--json").json["thumbnail_path"]).write_bytes(b"no picture")
    page = tmp_path / "people.html"
    assert f"Warning: The thumbnail of {ana} is no picture." in avatar("gallery", "-o", page).err
    assert [row["id"] for row in rows(page)] == [ana]


def test_it_is_called_as_the_project_or_as_is_said(avatar: Avatar, ana: str, tmp_path: Path) -> None:
    page = tmp_path / "people.html"
    titles = {"default": ["default"], "Avatars": [], "Team <3": ["--title", "Team <3"], "A": [ana, "--title", "A"]}
    for title, words in titles.items():
        avatar("gallery", *words, "-o", page)
        assert f"<title>{html.escape(title)}</title>" in page.read_text("utf-8")


@pytest.mark.usefixtures("ana")
def test_who_is_in_it_and_in_which_order(avatar: Avatar, tmp_path: Path) -> None:
    avatar.avatar("--persona-name", "Bo", "--gender", "male", "--seed", 2, *SMALL)
    avatar.avatar("--persona-name", "Cy", "--gender", "male", "--seed", 3, *SMALL)
    page = tmp_path / "people.html"
    for words, names in (
        ([], ["Ana Costa", "Bo", "Cy"]),
        (["--reverse"], ["Cy", "Bo", "Ana Costa"]),
        (["--gender", "male", "--sort", "name"], ["Bo", "Cy"]),
    ):
        avatar("gallery", "-o", page, *words)
        assert [row["name"] for row in rows(page)] == names


def test_without_anybody_nothing_is_written(avatar: Avatar, tmp_path: Path) -> None:
    assert "no avatars" in avatar.refused("gallery", "-o", tmp_path / "people.html", code=3)
    assert list(tmp_path.glob("*.html")) == []


@pytest.mark.usefixtures("ana")
def test_without_a_screen_nothing_is_opened(avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    run = avatar("gallery", "-o", tmp_path / "people.html", "--open", code=6)
    assert f"No browser opened {tmp_path / 'people.html'}." in run.err
    assert (tmp_path / "people.html").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "not said where to"),
        (("--serve", "-o", "people.html"), "--output is given with --serve"),
        (("--serve", "--full"), "--full is given with --serve"),
        (("--serve", "--sort", "name"), "--sort is given with --serve"),
        (("--port", 8000, "-o", "people.html"), "--port is given without --serve"),
    ],
)
@pytest.mark.usefixtures("ana")
def test_options_of_files_and_of_the_live_page_are_not_mixed(
    avatar: Avatar, options: tuple[object, ...], said: str
) -> None:
    assert said in avatar.refused("gallery", *options)


def test_a_live_page_is_of_projects_and_filters(avatar: Avatar, ana: str) -> None:
    assert "Single avatars" in avatar.refused("gallery", ana, "--serve")


def test_a_port_that_is_taken_is_named(avatar: Avatar) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"The port {port} is taken" in avatar.refused("gallery", "--serve", "--port", port)


def test_damaged_files_that_do_not_show_are_said_once(avatar: Avatar, tmp_path: Path) -> None:
    avatar("cast", 4, "--width", 64, "--height", 64)
    people = avatar("list", "--sort", "created", "--reverse", "--json").json
    Path(people[0]["image_path"]).write_bytes(b"")
    Path(people[1]["image_path"]).unlink()
    run = avatar("gallery", "-o", tmp_path / "people.html")
    said = f"2 avatars have files that are damaged or missing, first {people[0]['id']}. Run: avatar verify"
    assert run.err.count(said) == 1
    avatar("delete", people[0]["id"], people[1]["id"], "--yes")
    assert "damaged" not in avatar("gallery", "-o", tmp_path / "people.html", "--force").err
