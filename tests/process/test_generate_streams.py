"""Readers that want each id as it is made, readers that leave, and disks that are full."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from findings import levels

from avatar_creator.domain.findings import Level
from avatar_creator.home import Home
from avatar_creator.library import Library
from stored_files import half_written, stored_files

SMALL = ("--persona-name", "Ann", "--width", "64", "--height", "64")
PROGRAM = (sys.executable, "-m", "avatar_creator")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and limits of POSIX")


def _begun(home: Home) -> int:
    with closing(sqlite3.connect(home.database, timeout=30)) as database:
        return int(database.execute("SELECT count(started_at) FROM generations").fetchone()[0])


def test_each_id_is_said_as_it_is_made(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    with subprocess.Popen(
        [*PROGRAM, "generate", *SMALL, "--count", "150", "--quiet"], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("gen_")
        said_after = _begun(library.home)
        running.stdout.close()  # the reader leaves
    assert said_after < 20
    assert running.returncode == 128 + signal.SIGPIPE
    assert _begun(library.home) < 40, "nobody reads any more"
    assert levels(library) == {Level.OK}


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from avatar_creator.cli.main import run
run()
"""


@pytest.mark.parametrize("limit", [1, 3000, 8000])
def test_a_disk_that_is_full_half_way_through_a_picture(library: Library, limit: int) -> None:
    """A file may grow to the size of the database and no further, as on a full disk."""
    library.app.queries.find_projects()
    library.close()
    with closing(sqlite3.connect(library.home.database)) as database:
        for each in ("journal_mode = DELETE", "page_size = 1024"):
            database.execute(f"PRAGMA {each}")
        database.execute("VACUUM")  # smaller than the picture, however many tables it has
        database.execute("PRAGMA journal_mode = WAL")
    size = library.home.database.stat().st_size
    large = ("--format", "png", "--width", "2048", "--height", "2048", "--art-style", "lorelei", "--seed", "7")
    argv = ("generate", "--persona-name", "Ann", *large)  # 236 kB
    assert size < 150_000
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size + limit), *argv], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 6
    assert "\tcompleted\t" not in ended.stdout
    assert "Traceback" not in ended.stderr
    assert [line.split(":")[0] for line in ended.stderr.splitlines()[-2:]] == ["Error", "Hint"]
    assert not stored_files(library.app.pictures)
    assert not half_written(library.app.pictures)
    assert library.app.doctor.examine(fix=False).healthy
