"""What tests of every part start from."""

import gc
import os
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from hypothesis import settings

from avatar_creator.home import HOME_VARIABLE, Home
from avatar_creator.library import Library, open_library
from waiting import stop_worker
from whole_schema import migrate

# Before huggingface_hub is imported: it reads its variables once, and finds the token of whoever tests.
for variable in [name for name in os.environ if name.startswith(("HF_", "HUGGING"))]:
    del os.environ[variable]
os.environ["HF_HOME"] = str(Path(tempfile.gettempdir()) / "avatar-tests-without-huggingface")

# A process without bytecode compiles all that it imports, and tests start thousands: it is kept, whatever is said.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What a script starts in the background ignores Ctrl-C, as does all that it starts: tests of it would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Homes are in memory where a Linux has room there: on a disk, tests would wait most of all for what is synced. What a
# disk holds after a power cut is tested by replay. TMPDIR says otherwise.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there
_ROOM_BYTES = 2 * 2**30
if sys.platform == "linux" and "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK):
    _refuses = os.ST_NOEXEC | (os.ST_NODEV if os.geteuid() == 0 else 0)  # tests make programs, and root's make devices
    if not os.statvfs(_MEMORY).f_flag & _refuses and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None  # it is asked for anew

# Tests leave little in circles, and whoever looks for those passes all that pytest knows of 15,000 tests.
gc.set_threshold(50_000, 20, 50)

settings.register_profile("tests", deadline=None)  # a busy machine is no failure
settings.load_profile("tests")


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Start one worker more than there are cores: many tests wait for processes."""
    return (yield) + ("PYTEST_XDIST_AUTO_NUM_WORKERS" not in os.environ)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of processes as slow; other slow files mark themselves. They begin first, so that none is last."""
    for item in items:
        if item.nodeid.startswith("tests/process/"):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Pass over all that is there by now, which stays, whenever garbage is looked for."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _new_homes_are_made_at_once() -> Iterator[None]:
    """Processes of their own take the steps of the migrations, and so do tests of these."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("avatar_creator.storage.database.migrate", migrate)
        yield


@pytest.fixture(scope="session", autouse=True)
def _commands_are_read_once() -> Iterator[None]:
    """A process has one command, and reads it then; that takes as long as many a command takes in all."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("typer.main.get_command", cache(typer.main.get_command))
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home of the test's own, not made yet, in an environment without settings, tokens and proxies.

    No worker of it outlives the test.
    """
    for name in tuple(os.environ):
        if name.upper().startswith("AVATAR_") or name.upper().endswith(("_TOKEN", "_PROXY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    home = Home(tmp_path / "home")
    yield home
    if home.standby.exists() or home.worker_lock.exists():
        stop_worker(home)


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    """The library at that home."""
    with open_library(home.root) as opened:
        yield opened


@pytest.fixture
def null_device(tmp_path: Path) -> Path:
    """A device like /dev/null, which everybody may write to: a fault of ours must not cost the machine its own."""
    path = tmp_path / "null"
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        path.chmod(0o666)  # whatever the umask is
        path.write_bytes(b"x")
    except (AttributeError, OSError):
        pytest.skip("this user, or this system, makes no devices")
    return path
