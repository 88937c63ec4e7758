"""Contact sheets as users type them."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.library import open_library
from avatar_creator.storage.pictures import containers, provenance
from cli.commandline import Avatar


@pytest.fixture
def people(avatar: Avatar) -> list[str]:
    avatar("project", "create", "Cast")
    avatar("cast", "8", "--project", "Cast", "--width", 64, "--height", 64)
    return [line[0] for line in avatar("list", "--sort", "created", "--reverse").lines]


def stated(path: Path) -> dict[str, str]:
    return provenance.stated(containers.read(path.read_bytes()))


@pytest.mark.parametrize("name", ["s.png", "s.jpg", "s.JPEG", "s.webp"])
@pytest.mark.usefixtures("people")
def test_a_sheet_shows_its_pictures_and_says_how_they_came_to_be(avatar: Avatar, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert avatar("sheet", "Cast", "--output", out, "--columns", 4, "--cell", 100).lines == [[str(out)]]
    with Image.open(out) as image:
        image.load()
        assert image.width == 2 * 20 + 4 * 110 - 10
        assert len(image.convert("RGB").resize((60, 40)).getcolors(2400) or ()) > 50
    said = stated(out)
    assert said["dc:title"] == "Cast"
    assert said["Iptc4xmpExt:DigitalSourceType"].endswith("/algorithmicMedia")
    assert "Pablo Stanley" in said["dc:rights"]
    assert avatar("inspect", out, "--json").json["digital_source_type"] == "algorithmicMedia"


@pytest.mark.usefixtures("people")
def test_pages_are_files_or_one_pdf(avatar: Avatar, tmp_path: Path) -> None:
    pages = [str(tmp_path / f"s-{n}.png") for n in (1, 2, 3)]
    written = avatar("sheet", "-o", tmp_path / "s.png", "--per-page", 3, "--cell", 50, "--json").json
    assert written == {"files": pages, "pictures": 8, "missing": [], "lacking": []}
    assert [stated(Path(page))["avatar:sheet"] for page in pages] == ["3", "3", "2"]
    avatar("sheet", "-o", tmp_path / "s.pdf", "--per-page", 3, "--cell", 50, "--title", "Réunion")
    data = (tmp_path / "s.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.7")
    assert b"/Count 3" in data
    assert "Réunion".encode("utf-16-be").hex().encode() in data
    assert b"algorithmicMedia" in data
    for secret in (str(tmp_path).encode(), os.environ.get("USER", "nobody-in-here").encode()):
        assert secret not in data


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("page", "box"),
    [([], "595.28 841.89"), (["--page", "letter"], "612.00 792.00"), (["--page", "a4-landscape"], "841.89 595.28")],
)
@pytest.mark.parametrize(
    "grid", [[], ["--columns", "1"], ["--columns", "10"], ["--per-page", "8"], ["--per-page", "3"]]
)
def test_pages_of_a_pdf_are_paper(avatar: Avatar, tmp_path: Path, page: list[str], box: str, grid: list[str]) -> None:
    avatar("sheet", "-o", tmp_path / "s.pdf", "--cell", 50, *page, *grid)
    data = (tmp_path / "s.pdf").read_bytes()
    assert set(re.findall(rb"/MediaBox \[0 0 ([^]]*)\]", data)) == {box.encode()}
    width, height = map(float, box.split())
    sides = re.findall(rb"/Width (\d+) /Height (\d+)", data)
    assert all(int(high) / int(wide) == pytest.approx(height / width, rel=0.02) for wide, high in sides)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["s.png", "s.jpg", "s.webp", "s.pdf"])
def test_the_same_sheet_is_the_same_bytes_and_replaces_itself(avatar: Avatar, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    avatar("sheet", "-o", out)
    first = out.read_bytes()
    avatar("sheet", "-o", out)
    assert out.read_bytes() == first


def test_order_filters_and_ids_choose(avatar: Avatar, people: list[str], tmp_path: Path) -> None:
    out = tmp_path / "s.png"
    assert avatar("sheet", *people[:2], "-o", out, "--json").json["pictures"] == 2
    assert avatar("sheet", "Cast", "--gender", "female", "-o", out, "--json").json["pictures"] < 8
    assert "nobody" in avatar.refused("sheet", "nobody", "-o", out, code=3)


@pytest.mark.usefixtures("people")
def test_without_credits_the_page_says_nothing_and_the_file_all_the_same(avatar: Avatar, tmp_path: Path) -> None:
    avatar("sheet", "-o", tmp_path / "with.png")
    avatar("sheet", "-o", tmp_path / "without.png", "--no-credits")
    with Image.open(tmp_path / "with.png") as one, Image.open(tmp_path / "without.png") as other:
        assert one.height > other.height
    assert "Pablo Stanley" in stated(tmp_path / "without.png")["dc:rights"]


@pytest.mark.parametrize("cell", [200, 400])
def test_pictures_that_are_gone_or_damaged_leave_a_place_and_a_warning(
    avatar: Avatar, people: list[str], tmp_path: Path, cell: int
) -> None:
    with open_library() as library:
        gone, damaged, thumb_gone = (library.show(id_) for id_ in people[:3])
    for path in (gone.image_path, gone.thumbnail_path, thumb_gone.thumbnail_path):
        path.unlink()
    damaged.image_path.write_bytes(damaged.image_path.read_bytes()[:300])
    damaged.thumbnail_path.write_bytes(b"nonsense")
    run = avatar("sheet", "-o", tmp_path / "s.png", "--cell", cell, "--json")
    assert json.loads(run.out)["missing"] == people[:2]
    assert all(f"The picture of {id_} is missing" in run.err for id_ in people[:2])
    assert people[2] not in run.err


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "s.gif"], "no format of a sheet"),
        (["-o", "s"], "no format of a sheet"),
        (["-o", "none/s.png"], "there is no folder"),
        (["-o", "folder.png"], "is a folder"),
        (["-o", "other.png"], "there already"),
        (["-o", "other.pdf"], "there already"),
        (["-o", "s.png", "--caption", "{nmae}"], "{nmae} is no field"),
        (["-o", "s.png", "--page-color", "blurple"], "no color"),
        (["-o", "s.png", "--shape", "star"], "star"),
        (["-o", "s.png", "--cell", "1"], "outside 16 to 2048"),
        (["-o", "s.png", "--columns", "0"], "outside 1 to 500"),
        (["-o", "s.png", "--per-page", "0"], "outside 1 to"),
        (["-o", "s.png", "--font", "none.ttf"], "no font"),
        (["-o", "s.png", "--page", "letter"], "page is letter, and output is 's.png', a picture"),
        (["-o", "s.png", "--title", "x" * 301], "301 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.png").mkdir()
    Image.new("RGB", (8, 8)).save("other.png")
    Path("other.pdf").write_text("%PDF-1.4 of another program")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("[so]*")}
    assert said in avatar.refused("sheet", *options)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("[so]*")} == before


@pytest.mark.usefixtures("people")
def test_another_file_is_replaced_where_that_is_said(avatar: Avatar, tmp_path: Path) -> None:
    (tmp_path / "other.png").write_text("precious")
    avatar("sheet", "-o", tmp_path / "other.png", "--force")
    assert stated(tmp_path / "other.png")["avatar:sheet"] == "8"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.usefixtures("people")
def test_a_folder_that_nobody_may_write_to(avatar: Avatar, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o500)
    assert "cannot be written" in avatar.refused("sheet", "-o", closed / "s.png", code=6)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux")
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["s.png", "s.pdf"])
def test_a_full_disk_leaves_nothing_half_written(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("avatar_creator.storage.durable.sync", full)
    monkeypatch.setattr("avatar_creator.sheets.writing.sync", full)
    said = avatar("sheet", "-o", tmp_path / name, code=6)
    assert "No space left on device" in said.err
    assert [path for path in tmp_path.iterdir() if path.suffix in {".png", ".pdf", ".part"}] == []


def test_fonts_that_are_needed_are_named(avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "none"))
    for name in ("अमारा शर्मा", "佐藤 さくら", "x" * 100, "=cmd <b>", "محمد"):
        avatar.avatar("--persona-name", name)
    run = avatar("sheet", "-o", tmp_path / "s.png", "--json")
    assert run.json["lacking"] == ["Arabic", "Chinese", "Devanagari", "Japanese"]
    assert "No font has all characters of Arabic, Chinese, Devanagari and Japanese." in run.err
    assert "fonts-noto-core fonts-noto-cjk" in run.err.replace(
        "fonts-noto-cjk fonts-noto-core", "fonts-noto-core fonts-noto-cjk"
    )


def test_nobody_is_refused(avatar: Avatar, tmp_path: Path) -> None:
    assert "no avatar" in avatar.refused("sheet", "-o", tmp_path / "s.png", code=3).lower()


def test_the_source_of_a_sheet_is_what_all_its_pictures_are(avatar: Avatar, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.effect_noise((64, 64), 60).convert("RGB").save(photo)
    uploaded: dict[str, Any] = avatar("upload", photo, "--name", "Ana", "--json").json
    avatar("sheet", "-o", tmp_path / "s.png")
    assert "Iptc4xmpExt:DigitalSourceType" not in stated(tmp_path / "s.png")
    avatar.avatar("--persona-name", "Bo")
    avatar("sheet", "-o", tmp_path / "s.png")
    assert stated(tmp_path / "s.png")["Iptc4xmpExt:DigitalSourceType"].endswith("/compositeSynthetic")
    assert uploaded


def test_damaged_files_that_do_not_show_are_said_once(avatar: Avatar, tmp_path: Path) -> None:
    avatar("cast", 4, "--width", 64, "--height", 64)
    people = avatar("list", "--sort", "created", "--reverse", "--json").json
    Path(people[0]["image_path"]).write_bytes(b"")
    Path(people[1]["image_path"]).unlink()
    run = avatar("sheet", "-o", tmp_path / "people.png")
    said = f"2 avatars have files that are damaged or missing, first {people[0]['id']}. Run: avatar verify"
    assert run.err.count(said) == 1
    avatar("delete", people[0]["id"], people[1]["id"], "--yes")
    assert "damaged" not in avatar("sheet", "-o", tmp_path / "people.png", "--force").err
