"""Archives that are taken in: whole, again, into a library that has some of them, and those of strangers."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from avatar_creator.domain.persona import Persona
from avatar_creator.errors import StorageError
from avatar_creator.imports import library as importing
from avatar_creator.imports.results import Result
from avatar_creator.library import Library, open_library
from avatar_creator.storage.durable import put_in_place
from avatar_creator.storage.pictures import images
from avatar_creator.storage.pictures.images import PictureStore
from imports.exported import RECORDS, exported, filled, lines_of, write_lines
from made_anew import made, rejected
from sql import run_sql
from stored_files import half_written, stored_files

ANN = Persona("Ann")


@pytest.fixture
def folder(library: Library, tmp_path: Path) -> Path:
    """What a library with all that there is was exported to."""
    Image.new("RGB", (64, 80), "teal").save(tmp_path / "ben.png")
    filled(library, tmp_path / "ben.png")
    return exported(library, tmp_path / "out")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "other") as opened:
        yield opened


def taken(library: Library, folder: Path) -> list[str]:
    return [each.result.value for each in library.archives.import_(folder)]


TABLES = {
    "avatars": "id",
    "rejects": "id",
    "avatar_versions": "avatar_id, version",
    "avatar_tags": "avatar_id, tag",
    "usage_events": "id",
    "casts": "project_id, seed",
    "presets": "name",
    "projects": "id",
    "avatar_tally": "project_id",
    "people_tally": "project_id, gender, age",
    "day_tally": "day, project_id",
}


def everything(library: Library) -> dict[str, Any]:
    return {
        table: run_sql(library.app.home, f"SELECT * FROM {table} ORDER BY {order}") for table, order in TABLES.items()
    }


def test_all_of_a_library_comes_back(library: Library, folder: Path, other: Library) -> None:
    assert taken(other, folder) == ["new"] * 3
    assert everything(other) == everything(library)
    assert [avatar.id for avatar in other.find()] == [avatar.id for avatar in library.find()]
    assert {path.name for path in other.app.home.pictures.rglob("*")} == {
        path.name for path in library.app.home.pictures.rglob("*")
    }
    assert not [each for each in other.examine().findings if each.subject in {"picture", "file"}]


def test_twice_is_nothing_new(folder: Path, other: Library) -> None:
    taken(other, folder)
    before = everything(other)
    assert taken(other, folder) == ["known"] * 3
    assert everything(other) == before


def test_what_was_deleted_comes_back(library: Library, folder: Path) -> None:
    before = everything(library)
    library.delete([avatar.id for avatar in library.find()])
    assert taken(library, folder) == ["new"] * 3
    assert everything(library) == before


def test_it_is_said_how_many_there_are_before_the_first(folder: Path, other: Library) -> None:
    said: list[int] = []
    coming = other.archives.import_(folder, on_checked=said.append)
    next(coming)
    assert said == [3]


def test_a_file_of_the_same_name_is_not_overwritten(library: Library, other: Library, tmp_path: Path) -> None:
    first = made(library, persona=ANN)
    exported(library, tmp_path / "one")
    taken(other, tmp_path / "one")
    for each, seed in ((library, 8), (other, 9)):  # both have a second picture now, whose files have the same name
        made(each, persona=ANN, seed=seed, version=2, avatar_id=first.id)
    here = other.show(first.id)
    before = here.image_path.read_bytes()
    assert library.show(first.id).image_path.name == here.image_path.name
    assert taken(other, exported(library, tmp_path / "two")) == ["completed"]
    assert here.image_path.read_bytes() == before
    assert other.show(first.id).image_path == here.image_path
    assert len(other.versions.find(first.id)) == 3
    assert taken(other, tmp_path / "two") == ["known"]


def test_a_picture_that_was_changed_by_hand_stays_what_it_is(library: Library, other: Library, tmp_path: Path) -> None:
    avatar = made(library, persona=ANN)
    folder = exported(library, tmp_path / "out")
    *_, line, end = lines_of(folder)
    picture = folder / line["files"][0]["picture"]
    picture.write_bytes(picture.read_bytes() + b"more")
    line["files"][0]["picture_sha256"] = hashlib.sha256(picture.read_bytes()).hexdigest()
    write_lines(folder, [*lines_of(folder)[:-2], line, end])
    assert taken(other, folder) == ["new"]
    assert taken(other, folder) == ["known"]
    assert other.show(avatar.id).sha256 == avatar.sha256


@pytest.mark.parametrize("portion", [1, 100])
@pytest.mark.parametrize("kind", ["picture", "thumbnail"])
@pytest.mark.parametrize("number", [0, -1])
def test_a_damaged_file_leaves_out_its_avatar_alone(
    folder: Path, other: Library, monkeypatch: pytest.MonkeyPatch, portion: int, kind: str, number: int
) -> None:
    monkeypatch.setattr(importing, "_PORTION", portion)
    line = next(line for line in lines_of(folder) if len(line.get("files", ())) > 1)
    damaged = folder / line["files"][number][kind]
    whole = damaged.read_bytes()
    for content, why in ((whole[:-1], "SHA-256"), (b"", "SHA-256"), (None, "no file")):
        damaged.unlink()
        if content is not None:
            damaged.write_bytes(content)
        (wrong,) = (each for each in other.archives.import_(folder) if each.result is Result.DAMAGED)
        assert wrong.id == line["avatar"]["id"]
        assert why in wrong.notices[0]
        assert len(list(other.find())) == 2
        assert len(stored_files(other.app.pictures)) == 4
    damaged.write_bytes(whole)
    assert sorted(taken(other, folder)) == ["known", "known", "new"]


def test_a_full_disk_leaves_no_file(folder: Path, other: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    staged, count = PictureStore.staged, iter(range(100))

    def full(*given: Any, **named: Any) -> Any:
        if next(count) == 2:
            raise StorageError("The disk is full.")
        return staged(*given, **named)

    monkeypatch.setattr(PictureStore, "staged", full)
    with pytest.raises(StorageError):
        taken(other, folder)
    assert (stored_files(other.app.pictures), half_written(other.app.pictures)) == ([], [])
    monkeypatch.setattr(PictureStore, "staged", staged)
    assert taken(other, folder) == ["new"] * 3


def test_two_at_once_add_each_once(library: Library, folder: Path, tmp_path: Path) -> None:
    results: list[str] = []

    def work() -> None:
        with open_library(tmp_path / "other") as opened:
            results.extend(taken(opened, folder))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["known"] * 6 + ["new"] * 3
    with open_library(tmp_path / "other") as opened:
        assert everything(opened) == everything(library)
        assert all(avatar.image_path.exists() and avatar.thumbnail_path.exists() for avatar in opened.find())


@pytest.mark.parametrize("number", range(8))
def test_another_import_that_ends_between_two_files_of_this_one_has_all_of_its_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    place, count = put_in_place, iter(range(1000))
    results: list[str] = []

    def interrupted(new: Path, path: Path) -> None:
        if next(count) == number:
            with open_library(tmp_path / "other") as second:
                results.extend(taken(second, folder))
        place(new, path)

    monkeypatch.setattr(images, "put_in_place", interrupted)
    with open_library(tmp_path / "other") as first:
        results.extend(taken(first, folder))
        named = {path for avatar in first.find() for path in (avatar.image_path, avatar.thumbnail_path)}
        assert sorted(results) == ["known"] * 3 + ["new"] * 3
        assert all(path.exists() for path in named)
        assert len(stored_files(first.app.pictures)) == 8
        assert half_written(first.app.pictures) == []
        assert {path.parent.parent for path in named} == {first.app.pictures.root}


def test_who_is_here_by_row_or_generation_keeps_that(folder: Path, other: Library) -> None:
    made(other, persona=Persona("Someone"), recipe_hash="3" * 16, persona_id="r1")
    imported = list(other.archives.import_(folder))
    assert [each.result for each in imported] == [Result.NEW] * 3
    assert [len(each.notices) for each in imported] == [1, 0, 0]
    assert "row 'r1'" in imported[0].notices[0]
    lines = lines_of(folder)
    stranger = {**lines[-2], "avatar": {**lines[-2]["avatar"], "id": "av_0sabd6w2bmk2v", "original_sha256": None}}
    stranger["avatar"]["generation_id"] = other.show(imported[1].id).generation_id
    write_lines(folder, [*lines[:-2], stranger, lines[-1]])
    assert ["generation" in said for each in other.archives.import_(folder) for said in each.notices] == [True]


DERIVED = {
    "width_px": 7,
    "height_px": 9,
    "format": "webp",
    "bytes": 1,
    "thumbnail_bytes": 1,
    "perceptual_hash": "0" * 128,
    "usage_count": 99,
    "last_used_at": "2099-01-01T00:00:00.000000Z",
}


def test_rejects_go_with_their_avatar_project_or_library(library: Library, other: Library, tmp_path: Path) -> None:
    ann = made(library, persona=ANN)
    of_ann = rejected(library, persona=ANN, seed=6, avatar_id=ann.id, version=2)
    of_nobody = rejected(library, persona=Persona("Cy"))
    kinds: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({}, [of_ann.id]),
        ({"projects": [ann.project_id]}, [of_ann.id, of_nobody.id]),
        ({"is_whole": True}, [of_ann.id, of_nobody.id]),
        ({"is_whole": True, "sizes": [32]}, []),
        ({"is_whole": True, "sizes": [32], "records": True}, [of_ann.id, of_nobody.id]),
    )
    for number, (asked, ids) in enumerate(kinds):
        folder = tmp_path / str(number)
        list(library.archives.export(library.find(), folder, **asked))
        records = folder / RECORDS
        lines = lines_of(folder) if records.exists() else []
        assert [line["reject"]["id"] for line in lines if line["kind"] == "reject"] == ids
        assert len(list((folder / "library" / "rejects").glob("*"))) == 2 * len(ids)
    assert taken(other, tmp_path / "1") == ["new"] * 3
    assert taken(other, tmp_path / "2") == ["known"] * 3
    here = [each.as_json() | {"image_path": "", "thumbnail_path": ""} for each in library.checks.rejects()]
    there = [each.as_json() | {"image_path": "", "thumbnail_path": ""} for each in other.checks.rejects()]
    assert here == there
    (_, reject) = other.checks.rejects()
    assert reject.image_path.read_bytes() == of_nobody.image_path.read_bytes()
    assert other.checks.take(reject.id).name == "Cy"
    assert taken(other, tmp_path / "1") == ["known"] * 3


@pytest.mark.parametrize("kind", ["picture", "thumbnail"])
def test_a_damaged_reject_is_left_out_alone(library: Library, other: Library, tmp_path: Path, kind: str) -> None:
    made(library, persona=ANN)
    reject = rejected(library, persona=Persona("Cy"))
    folder = exported(library, tmp_path / "out")
    (line,) = (line for line in lines_of(folder) if line["kind"] == "reject")
    damaged = folder / line["files"][0][kind]
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1])
    assert taken(other, folder) == ["new", "damaged"]
    assert list(other.checks.rejects()) == []
    assert len(stored_files(other.app.pictures)) == 2
    damaged.write_bytes(whole)
    assert taken(other, folder) == ["known", "new"]
    lost = reject.image_path if kind == "picture" else reject.thumbnail_path
    lost.unlink()
    left_out: list[str] = []
    list(
        library.archives.export(
            library.find(), tmp_path / "again", is_whole=True, on_lost=lambda each: left_out.append(each.id)
        )
    )
    assert left_out == [reject.id]
    assert [line["kind"] for line in lines_of(tmp_path / "again")] == ["head", "project", "avatar", "end"]


def test_what_a_picture_shows_itself_is_measured_and_not_believed(
    library: Library, folder: Path, other: Library
) -> None:
    lines = lines_of(folder)
    for line in lines:
        if line["kind"] == "avatar":
            line["avatar"] |= DERIVED
            for version in line["versions"]:
                record = json.loads(version["record"])
                lies = {name: value for name, value in DERIVED.items() if name in record}
                assert {"width_px", "height_px", "format", "perceptual_hash"} <= lies.keys()
                version |= {"record": json.dumps(record | lies, ensure_ascii=False), "bytes": 1, "thumbnail_bytes": 1}
    write_lines(folder, lines)
    assert taken(other, folder) == ["new"] * 3
    assert everything(other) == everything(library)


def test_a_hash_that_was_never_made_is_left_to_who_looks_for_twins(folder: Path, other: Library) -> None:
    lines = lines_of(folder)
    for line in lines:
        if line["kind"] == "avatar":
            line["avatar"]["perceptual_hash"] = None
    write_lines(folder, lines)
    taken(other, folder)
    assert run_sql(other.app.home, "SELECT DISTINCT perceptual_hash FROM avatars") == [(None,)]


def test_a_file_that_only_begins_as_a_picture_is_left_out(folder: Path, other: Library) -> None:
    *before, line, end = lines_of(folder)
    picture = folder / line["files"][0]["picture"]
    picture.write_bytes(picture.read_bytes()[:20])
    line["files"][0]["picture_sha256"] = hashlib.sha256(picture.read_bytes()).hexdigest()
    write_lines(folder, [*before, line, end])
    assert sorted(taken(other, folder)) == ["damaged", "new", "new"]


def test_where_a_copy_is_at_home_is_not_taken_in(folder: Path, other: Library) -> None:
    lines = lines_of(folder)
    lines[-2]["avatar"]["copy_path"] = "/etc/passwd"
    write_lines(folder, lines)
    taken(other, folder)
    assert [avatar.copy_path for avatar in other.find()] == [None] * 3


def test_rows_of_an_earlier_version_get_what_is_new(folder: Path, other: Library) -> None:
    lines = lines_of(folder)
    for line in lines:
        for row in (line.get("avatar"), *line.get("versions", ())) if line["kind"] == "avatar" else ():
            for name in ("perceptual_hash", "starred", "replaces", "preset", "picture_at", "fell_back"):
                if row is line["avatar"]:
                    del row[name]
            row["of_yesterday"] = 1
    lines[0]["schema"] = 7
    write_lines(folder, lines)
    assert taken(other, folder) == ["new"] * 3
    assert [avatar.starred for avatar in other.find()] == [False] * 3


def test_a_file_in_place_of_the_folder_of_pictures_says_so(folder: Path, other: Library) -> None:
    other.app.home.create()
    other.app.home.pictures.write_text("mine")
    with pytest.raises(StorageError, match="cannot be written"):
        taken(other, folder)
    assert other.app.home.pictures.read_text() == "mine"
