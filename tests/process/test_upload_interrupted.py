"""Uploads that something comes between: a picture that has a row is never taken away."""

from pathlib import Path
from typing import Any

import pytest
from findings import levels
from PIL import Image

from avatar_creator.domain.findings import Level
from avatar_creator.library import Library
from avatar_creator.storage.catalog import Catalog
from stored_files import stored_files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    Image.new("RGB", (80, 70), "teal").save(path)
    return path


def test_ctrl_c_as_the_commit_returns_keeps_the_picture(
    library: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Catalog.add_avatar

    def interrupted(*given: Any) -> None:
        whole(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalog, "add_avatar", interrupted)
    with pytest.raises(KeyboardInterrupt):
        library.upload(file)
    (avatar,) = library.find()
    assert avatar.image_path.exists()
    assert avatar.thumbnail_path.exists()


def test_ctrl_c_before_the_commit_leaves_no_file(library: Library, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalog, "add_avatar", interrupted)
    with pytest.raises(KeyboardInterrupt):
        library.upload(file)
    assert not stored_files(library.app.pictures)


def test_the_doctor_takes_nothing_from_an_upload_on_its_way(
    library: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Catalog.add_avatar

    def examined(*given: Any) -> None:
        library.app.doctor.examine(fix=True)
        whole(*given)

    monkeypatch.setattr(Catalog, "add_avatar", examined)
    assert library.upload(file).image_path.exists()
    assert levels(library) == {Level.OK}
