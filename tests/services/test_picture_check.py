"""Rows against files, a folder at a time, while others write."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from avatar_creator.domain.findings import Finding, Level
from avatar_creator.domain.records import Avatar
from avatar_creator.library import Library
from avatar_creator.services.picture_check import PictureCheck
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures.images import PictureStore
from sql import run_sql


class Watched(PictureStore):
    """Does what a test says just after the last folder was listed; ``listed`` are the folders, in order."""

    def __init__(self, root: Path, then: Callable[[], object] = lambda: None) -> None:
        super().__init__(root)
        self.listed: list[str] = []
        self._then = then

    def files_in(self, folder: str) -> Iterator[tuple[str, int]]:
        self.listed.append(folder)
        yield from super().files_in(folder)
        if set(self.folders()) == set(self.listed):
            self._then()


@pytest.fixture
def made(library: Library) -> list[Avatar]:
    return [library.generate(prompt="x", seed=seed) for seed in range(1, 9)]


def findings(library: Library, pictures: PictureStore, *, fix: bool = False) -> list[Finding]:
    found = PictureCheck(library.home, pictures).findings(library.app._connection, fix=fix)
    return [finding for finding in found if finding.level is not Level.OK]


def stray(library: Library, name: str) -> Path:
    path = library.home.pictures / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_each_folder_is_listed_once(library: Library, made: list[Avatar]) -> None:
    stray(library, "zz/x.jpg")
    store = Watched(library.home.pictures)
    (found,) = findings(library, store)
    assert "zz/x.jpg belongs to no avatar" in found.message
    assert sorted(store.listed) == sorted({avatar.image_path.parent.name for avatar in made} | {"zz"})


@pytest.mark.parametrize("name", ["x.jpg", "zz/deeper/x.jpg"])
def test_files_at_any_depth_are_found(library: Library, made: list[Avatar], name: str) -> None:
    assert made
    if "deeper" in name:
        (library.home.pictures / "zz").mkdir()
    path = stray(library, name)
    (found,) = findings(library, library.app.pictures)
    assert f"{path} belongs to no avatar" in found.message


def test_a_file_that_is_gone_or_cut_is_reported(library: Library, made: list[Avatar]) -> None:
    whole = made[1].thumbnail_path.stat().st_size
    made[0].image_path.unlink()
    made[1].thumbnail_path.write_bytes(b"")
    assert {finding.message for finding in findings(library, library.app.pictures)} == {
        f"The file {made[0].image_path} of avatar {made[0].id} is missing.",
        f"The file {made[1].thumbnail_path} of avatar {made[1].id} has 0 bytes instead of {whole}.",
    }


def test_a_picture_that_is_added_meanwhile_is_no_stray(library: Library, made: list[Avatar]) -> None:
    """Its file is in a list, and its row was not there yet when the rows were read."""
    path = stray(library, f"{made[0].image_path.parent.name}/new.jpg")

    def keep() -> None:
        kept = path.relative_to(library.home.pictures).as_posix()
        run_sql(library.home, "UPDATE avatars SET image_path = ? WHERE id = ?", kept, made[0].id)

    found = findings(library, Watched(library.home.pictures, keep), fix=True)
    assert path.exists()
    assert [finding.message for finding in found] == []


def test_strays_are_no_matter_while_pictures_are_made(library: Library, made: list[Avatar]) -> None:
    assert made
    path = stray(library, "zz/x.jpg")
    with ProcessLock(library.home.runners):
        assert findings(library, library.app.pictures, fix=True) == []
    assert path.exists()


def test_one_that_is_removed_meanwhile_is_passed_by(library: Library, made: list[Avatar]) -> None:
    assert made
    path = stray(library, "zz/x.jpg")
    assert findings(library, Watched(library.home.pictures, path.unlink), fix=True) == []
