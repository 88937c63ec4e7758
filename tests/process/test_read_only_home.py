"""A home on a disk that nobody can write to: what only reads works, and what writes says why it does not."""

import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.domain.persona import Persona
from avatar_creator.home import HOME_VARIABLE, Home
from avatar_creator.library import open_library

# In a mount namespace of its own, which ends with it.
_MOUNT = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'


def read_only(home: Home, *command: object, code: int = 0) -> str:
    """Run a command while the home's disk is read-only; return what it prints."""
    mounted = ["unshare", "-m", "sh", "-c", _MOUNT, "sh", str(home.root)]
    found = subprocess.run(
        [*mounted, sys.executable, "-m", "avatar_creator", *map(str, command)],
        env={HOME_VARIABLE: str(home.root), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in found.stderr or "mount:" in found.stderr:
        pytest.skip("this user mounts nothing")
    assert (found.returncode, "Traceback" in found.stderr) == (code, False), found
    return found.stdout + found.stderr


@pytest.fixture
def ids(home: Home) -> list[str]:
    """Two avatars in a database that is closed."""
    with open_library(home.root) as library:
        made = (library.generate(persona=Persona("Ann"), seed=1, width_px=64, height_px=64) for _ in range(2))
        return [avatar.id for avatar in made]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has mount namespaces")
def test_a_home_on_a_read_only_disk_is_read(home: Home, ids: list[str], tmp_path: Path) -> None:
    assert read_only(home, "list", "-q").split() == ids[::-1]
    assert '"seed": 1' in read_only(home, "show", ids[0], "--json")
    assert read_only(home, "verify").count("\tok\t") == 2
    assert "2 pictures look alike, in 1 group." in read_only(home, "twins")
    assert "Exported 2 avatars" in read_only(home, "export", "-o", tmp_path / "out.zip")
    refused = read_only(home, "star", ids[0], code=6)
    assert "Hint: Its disk is read-only: copy the home to another one, and set AVATAR_HOME to the copy." in refused
    with open_library(home.root) as library:
        assert not library.show(ids[0]).starred


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has mount namespaces")
def test_what_was_written_last_is_read_too(home: Home, ids: list[str]) -> None:
    """It is in the log beside the database while a process has that open."""
    with open_library(home.root) as library:
        library.edit(ids[0], name="Bea")
        assert home.database.with_name("library.db-wal").stat().st_size
        assert '"name": "Bea"' in read_only(home, "show", ids[0], "--json")
