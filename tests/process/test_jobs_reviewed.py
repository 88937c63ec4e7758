"""What a review found in jobs, held by real processes."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from avatar_creator.home import Home
from avatar_creator.library import Library
from waiting import LONG_S, until

PROGRAM = (sys.executable, "-m", "avatar_creator")
SMALL = ("--engine", "offline", "--gender", "female", "--width", "64", "--height", "64", "--detach", "--quiet")
SLOW = """
import time
from avatar_creator.engines.offline.engine import OfflineEngine
draw = OfflineEngine.generate
def slowly(engine, request, watch):
    time.sleep(2)
    return draw(engine, request, watch)
OfflineEngine.generate = slowly
from avatar_creator.__main__ import run
run()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def avatar(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, check=True, timeout=60, env=os.environ | variables
    )
    return done.stdout.strip()


@pytest.fixture
def slow_worker(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    del home
    with subprocess.Popen([sys.executable, "-c", SLOW, "worker", "run"], stderr=subprocess.DEVNULL) as worker:
        yield worker
        worker.kill()


def test_what_is_queued_while_a_worker_is_stopped_is_made_by_the_next(
    library: Library, slow_worker: subprocess.Popen[bytes]
) -> None:
    first = avatar("generate", *SMALL)
    until(lambda: library.app.queries.get_generation(first).status.value != "pending")
    slow_worker.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # it has heard, and finishes what it makes
    second = avatar("generate", *SMALL)
    slow_worker.wait(LONG_S)
    until(lambda: library.app.queries.get_generation(second).status.value == "completed")  # with no further command


def test_what_is_not_due_keeps_no_other_credential_waiting(library: Library) -> None:
    avatar("generate", *SMALL, "--at", "+9h")
    paid = avatar("generate", *SMALL[2:], "--engine", "huggingface", HF_TOKEN="hf_" + "a" * 34)
    until(lambda: library.app.queries.get_generation(paid).status.value != "pending")
    avatar("cancel", "--all", "--yes")


def test_who_waits_for_an_inline_run_needs_no_worker(library: Library) -> None:
    small = ("generate", "--engine", "offline", "--gender", "male", "--width", "64", "--height", "64")
    slow = SLOW.replace("sleep(2)", "sleep(4)")
    with subprocess.Popen([sys.executable, "-c", slow, *small], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        until_s = time.monotonic() + LONG_S
        while not (found := list(library.app.queries.find_generations(limit=1))):
            assert time.monotonic() < until_s
            time.sleep(0.05)
        assert avatar("wait", found[0].id).endswith(".jpg")


def test_followers_that_are_cancelled_with_their_first_are_cancelled(library: Library) -> None:
    first = avatar("generate", *SMALL, "--at", "+9h")
    second = avatar("generate", *SMALL, "--after", first)
    third = avatar("generate", *SMALL, "--after", second)
    avatar("cancel", first, second)
    ended = [library.app.queries.get_generation(id_).status.value for id_ in (first, second, third)]
    assert ended == ["cancelled", "cancelled", "failed"]


def test_signals_that_were_ignored_from_the_start_stay_so(library: Library) -> None:
    """As nohup has it of SIGHUP, and a script of SIGINT for what it runs in the background."""
    library.app.queries.find_projects()
    command = f"trap '' HUP INT; exec {shlex.join(PROGRAM)} worker run"
    with subprocess.Popen(["sh", "-c", command], stderr=subprocess.DEVNULL) as worker:
        until(library.app.worker_process.is_running)
        for number in (signal.SIGHUP, signal.SIGINT):
            worker.send_signal(number)
        time.sleep(0.5)
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait(LONG_S) == 0
