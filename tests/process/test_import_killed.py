"""An import that is killed: the same command goes on, nothing is there twice, and nothing is left that is a fault."""

import time
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import open_library
from cli.commandline import SMALL, process, start
from stored_files import half_written, stored_files


@pytest.mark.parametrize("files", [1, 90, 250])
def test_the_same_import_goes_on(home: Home, tmp_path: Path, files: int) -> None:
    made = process("generate", "--persona-name", "Ann", "--count", 150, *SMALL, "--quiet", AVATAR_HOME=str(home.root))
    archive = tmp_path / "out.zip"
    process("export", "--output", archive, "--quiet", AVATAR_HOME=str(home.root))
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
        assert library.count() == len(made.out.split()) == 150
        assert there <= {avatar.id for avatar in library.find()}
        assert len(stored_files(library.app.pictures)) == 300
        library.app.pictures.sweep(-1)
        assert half_written(library.app.pictures) == []
