"""`kill -9` at any moment while an avatar is made anew: it has a picture, and each that it had is what it was."""

import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import open_library
from made_anew import made

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

ROUNDS = 6
LONGEST_S = 0.15  # about ten pictures
ANEW = """
import sys
from avatar_creator.library import open_library
from made_anew import made
with open_library(sys.argv[1]) as library:
    while True:
        version = library.app.recipes.find_versions([sys.argv[2]])[sys.argv[2]] + 1
        made(library, prompt="nobody", seed=version, persona_id="k-7", avatar_id=sys.argv[2], version=version)
        print(version, flush=True)
"""


def test_no_kill_takes_a_picture_from_an_avatar(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    chance, made_before = random.Random(9), 1
    with open_library(home.root) as library:
        id_ = made(library, prompt="nobody", persona_id="k-7").id
        for _ in range(ROUNDS):
            with subprocess.Popen([sys.executable, "-c", ANEW, home.root, id_], stdout=subprocess.PIPE) as running:
                assert running.stdout
                assert int(running.stdout.readline()) > made_before
                time.sleep(chance.uniform(0, LONGEST_S))  # the moment is the point
                running.kill()
            library.app.recover()
            versions = library.versions.find(id_)
            assert len(versions) > made_before
            made_before = len(versions)
            assert versions[-1].is_current
            for version in versions:
                assert hashlib.sha256(version.avatar.image_path.read_bytes()).hexdigest() == version.avatar.sha256
                assert version.avatar.thumbnail_path.is_file()
        assert library.examine(fix=True).healthy
        assert next(version.avatar.version for version in library.versions.find(id_)) == 1
        assert library.app.recipes.find_avatars(library.show(id_).project_id, ["k-7"])["k-7"][0] == id_
