"""An import that is killed: the same command goes on, nothing is there twice, and nothing is left that is a fault."""

import time
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import SMALL, process, start
from stored_files import half_written, stored_files


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """150 avatars that were exported."""
    folder = tmp_path_factory.mktemp("made")
    path, home = folder / "out.zip", {"AVATAR_HOME": str(folder / "home")}
    asked = ("--persona-name", "Ann", "--count", 150, *SMALL, "--engine", "offline", "--quiet")
    assert len(process("generate", *asked, **home).out.split()) == 150
    assert process("export", "--output", path, "--quiet", **home).code == 0
    return path


@pytest.mark.parametrize("files", [1, 90, 250])
def test_the_same_import_goes_on(home: Home, archive: Path, tmp_path: Path, files: int) -> None:
    del home  # an environment of its own
    other = Home(tmp_path / "other")
    with start("import", archive, AVATAR_HOME=str(other.root)) as running:
        while running.poll() is None and len(list(other.pictures.glob("*/*.jpg"))) < files:
            time.sleep(0.001)
        running.kill()
    with open_library(other.root) as library:
        there = {avatar.id for avatar in library.find()}
        assert all(avatar.image_path.exists() for avatar in library.find())
        assert not [each for each in library.examine().findings if each.subject == "picture"]
    again = process("import", archive, "--quiet", AVATAR_HOME=str(other.root))
    assert again.code == 0
    with open_library(other.root) as library:
        assert library.count() == 150
        assert there <= {avatar.id for avatar in library.find()}
        assert len(stored_files(library.app.pictures)) == 300
        library.app.pictures.sweep(-1)
        assert half_written(library.app.pictures) == []
