import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from avatar_creator.errors import StorageError
from avatar_creator.storage import locks
from avatar_creator.storage.locks import Lock, is_held

HOLD = """
import pathlib, sys
from avatar_creator.storage.locks import Lock
lock = Lock(pathlib.Path(sys.argv[1]))
print(lock.take(0), flush=True)
sys.stdin.readline()
lock.give_back()
print("given back", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "worker.lock"


@pytest.fixture(params=["the system", "filelock"])
def asks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], bool]:
    """Both ways to ask; the second is for Windows."""
    if request.param == "filelock":
        monkeypatch.setattr(locks, "fcntl", None)
    return is_held


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield another process that holds the lock until it is told a line."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "True\n"
            yield process
        finally:
            process.kill()


def test_nobody_holds_what_is_not_there(path: Path, asks: Callable[[Path], bool]) -> None:
    assert not asks(path)
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="needs pipes with names")
def test_a_pipe_in_its_place_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    assert not is_held(path)


def test_a_file_alone_is_held_by_nobody(path: Path, asks: Callable[[Path], bool]) -> None:
    path.touch()
    assert not asks(path)
    assert path.exists()


def test_another_process_holds_it_until_it_gives_it_back(path: Path, asks: Callable[[Path], bool]) -> None:
    with holder(path) as process:
        assert [asks(path) for _ in range(3)] == [True] * 3
        assert not Lock(path).take(0)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "given back\n"
        assert not asks(path)
        lock = Lock(path)
        assert lock.take(0)
        assert asks(path)
        lock.give_back()


def test_the_killed_hold_nothing(path: Path, asks: Callable[[Path], bool]) -> None:
    with holder(path) as process:
        process.kill()
        process.wait(10)
        assert path.exists()
        assert not asks(path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGSTOP")
def test_the_frozen_hold_what_they_held(path: Path, asks: Callable[[Path], bool]) -> None:
    with holder(path) as process:
        process.send_signal(signal.SIGSTOP)
        assert asks(path)
        assert not Lock(path).take(0.05)


def test_who_asks_stands_in_nobodys_way_that_asks(path: Path) -> None:
    """Two who ask at once must not take each other for the holder."""
    fcntl = pytest.importorskip("fcntl")
    path.touch()
    with closing(path.open()) as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        assert not is_held(path)


def test_whoever_waits_gets_it_when_it_is_free(path: Path) -> None:
    with holder(path) as process:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
        lock = Lock(path)
        assert lock.take(30)
        lock.give_back()


def test_a_lock_that_cannot_be_made_raises(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        Lock(tmp_path / "file" / "worker.lock").take(0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_nobody_else_can_hold_a_lock_file_also_one_of_an_older_version(path: Path) -> None:
    lock = Lock(path)
    lock.take(0)
    assert path.stat().st_mode & 0o777 == 0o600
    lock.give_back()
    path.chmod(0o644)
    with closing(path.open()) as other:  # another user's, who was quicker
        fcntl = pytest.importorskip("fcntl")
        fcntl.flock(other, fcntl.LOCK_EX)
        assert is_held(path)
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="has no such links")
def test_a_lock_file_that_cannot_be_opened_is_no_free_one(path: Path) -> None:
    path.symlink_to(path)  # also root cannot open it
    with pytest.raises(StorageError, match=f"The lock file {path} cannot be opened: "):
        is_held(path)
