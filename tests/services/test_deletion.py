"""Projects of very many avatars, deleted while others write."""

import time
from pathlib import Path

import pytest

from avatar_creator.errors import NotFound
from avatar_creator.library import Library
from avatar_creator.storage import catalog


def draw(library: Library, seed: int) -> Path:
    return library.generate(prompt="nobody", engine="offline", width_px=64, height_px=64, seed=seed).image_path


@pytest.mark.parametrize("keep_files", [False, True])
def test_a_project_is_emptied_in_turns_in_which_others_write(
    library: Library, monkeypatch: pytest.MonkeyPatch, keep_files: bool
) -> None:
    pictures = [draw(library, seed + 1) for seed in range(6)]
    project = library.app.queries.get_project("default")
    left: list[int] = []

    def write(_seconds: float) -> None:
        with Library(library.home) as other:
            left.append(other.app.queries.get_project(project.id).avatars)
            other.app.catalog.add_project(f"p{len(left)}")

    monkeypatch.setattr(catalog, "_FEW", 2)
    monkeypatch.setattr(catalog, "PORTION_S", 0)
    monkeypatch.setattr(time, "sleep", write)
    library.projects.delete(project.id, keep_files=keep_files)
    monkeypatch.undo()
    assert left == [6, 6, 4, 2]  # its generations first
    with pytest.raises(NotFound):
        library.app.queries.get_project(project.id)
    assert [picture.exists() for picture in pictures] == [keep_files] * 6
    assert (list(library.find()), list(library.app.queries.find_generations(limit=None))) == ([], [])


def test_a_project_that_is_gone_is_not_found(library: Library) -> None:
    with pytest.raises(NotFound):
        library.projects.delete("prj_0")
