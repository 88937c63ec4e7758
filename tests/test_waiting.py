"""Nothing is waited for without end."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from avatar_creator.home import Home
from waiting import stop_worker

HOLD = """
import fcntl, sys
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(home: Home) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the worker's lock, and hears nothing."""
    home.root.mkdir()
    argv = [sys.executable, "-c", HOLD, str(home.worker_lock)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says who has a file open")
def test_a_worker_that_does_not_leave_fails_its_test_by_name(home: Home, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(AssertionError, match="does not leave") as error:
        stop_worker(home, patience_s=0.2)
    assert str(error.value).count(f"{holder.pid} ({sys.executable} -c") == 1
