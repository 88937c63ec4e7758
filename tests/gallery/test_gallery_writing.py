"""Galleries on disk: what is written where, what goes on, what is removed, and what a full disk leaves."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.domain.records import Avatar
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.gallery import writing
from avatar_creator.gallery.page import MARK
from sample_records import an_avatar


@pytest.fixture
def people(tmp_path: Path) -> list[Avatar]:
    home = tmp_path / "home"
    home.mkdir()
    avatars: list[Avatar] = []
    for name in ("Ann", "Bob", "Çağla & <b>"):
        picture, thumbnail = home / f"{len(avatars)}.jpg", home / f"{len(avatars)}.thumb.jpg"
        Image.effect_noise((320, 320), 60).save(picture)
        Image.effect_noise((300, 300), 60).save(thumbnail)
        avatars.append(an_avatar(id=f"av_{name}", name=name, image_path=picture, thumbnail_path=thumbnail))
    return avatars


def folder(path: Path, people: list[Avatar]) -> writing.Gallery:
    return writing.write_folder(path, "People", people, lambda avatar: f"{avatar.name}.jpg", on_failure=pytest.fail)


def file(path: Path, people: list[Avatar], *, full: bool = False) -> writing.Gallery:
    return writing.write_file(path, "People", people, count=len(people), full=full, on_failure=pytest.fail)


def files(path: Path) -> set[str]:
    return {each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file()}


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_may_hold_the_pictures_themselves(people: list[Avatar], tmp_path: Path) -> None:
    small, full = file(tmp_path / "small.html", people), file(tmp_path / "full.html", people, full=True)
    assert full.bytes - small.bytes > 3 * people[0].image_path.stat().st_size
    assert full.bytes == full.path.stat().st_size


def test_the_same_people_are_the_same_bytes(people: list[Avatar], tmp_path: Path) -> None:
    file(tmp_path / "one.html", people)
    file(tmp_path / "two.html", people)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_no_path_of_the_home_is_in_it(people: list[Avatar], tmp_path: Path) -> None:
    for written in (file(tmp_path / "page.html", people, full=True), folder(tmp_path / "page", people)):
        assert os.fsencode(tmp_path) not in written.path.read_bytes()


def test_pictures_of_people_who_are_gone_are_removed(people: list[Avatar], tmp_path: Path) -> None:
    path = tmp_path / "people"
    folder(path, people)
    (path / "pictures/mine.jpg").write_bytes(b"mine")
    assert len(files(path)) == 8
    folder(path, people[1:2])
    assert files(path) == {"index.html", "pictures/Bob.jpg", "pictures/mine.jpg", "thumbnails/Bob.jpg.webp"}


def test_a_page_that_names_other_files_has_none_removed(people: list[Avatar], tmp_path: Path) -> None:
    path = tmp_path / "people"
    folder(path, people)
    (tmp_path / "mine.jpg").write_bytes(b"mine")
    (path / "index.html").write_bytes(
        MARK + b'<img src="thumbnails/../../mine.jpg.webp"><img src="thumbnails//etc/x.webp">'
    )
    folder(path, people)
    assert (tmp_path / "mine.jpg").exists()


def test_what_was_interrupted_goes_on(people: list[Avatar], tmp_path: Path) -> None:
    path = tmp_path / "people"

    def interrupted() -> Iterator[Avatar]:
        yield people[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writing.write_folder(path, "People", interrupted(), lambda avatar: avatar.name, on_failure=pytest.fail)
    writing.check(path, force=False)
    assert folder(path, people).avatars == 3


def test_a_full_disk_leaves_what_was_there(people: list[Avatar], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    file(page, people[:1])
    before = page.read_bytes()
    with full_disk(2**15), pytest.raises(StorageError, match=r"page\.html' cannot be written: File too large"):
        file(page, people)
    assert page.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".avatar")] == []


def test_a_picture_that_is_gone_is_said(people: list[Avatar], tmp_path: Path) -> None:
    people[1].image_path.unlink()
    said: list[str] = []
    writing.write_folder(tmp_path / "people", "People", people, lambda avatar: avatar.name, on_failure=said.append)
    assert said == ["The picture of av_Bob cannot be read: No such file or directory."]


@pytest.mark.parametrize(
    ("name", "said"),
    [("page.txt", "suffix"), ("none/page.html", "no folder"), ("folder.html", "is a folder"), ("mine.html", "already")],
)
def test_where_no_gallery_can_be(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "mine.html").write_text("<!doctype html>")
    with pytest.raises(InvalidInput, match=said):
        writing.check(tmp_path / name, force=False)
