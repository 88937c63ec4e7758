"""Data goes to stdout, also while a bar is drawn on the terminal that stderr is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from avatar_creator.home import Home

if sys.platform == "win32":
    pytest.skip("terminals of POSIX", allow_module_level=True)

import pty
import threading

PROGRAM = (sys.executable, "-m", "avatar_creator")
SMALL = ("--engine", "offline", "--gender", "female", "--width", "64", "--height", "64")


@pytest.fixture
def screen() -> Iterator[int]:
    """The end of a terminal that a program writes to; what it draws is thrown away."""
    ours, theirs = pty.openpty()

    def read() -> None:
        with suppress(OSError):
            while os.read(ours, 4096):
                pass

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    yield theirs
    os.close(theirs)
    reader.join(10)
    os.close(ours)


def printed(screen: int, *arguments: str) -> list[str]:
    env = os.environ | {"TERM": "xterm"}
    ended = subprocess.run(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=screen, text=True, env=env, check=True, timeout=60
    )
    return ended.stdout.splitlines()


def test_what_is_waited_for_is_printed_into_the_pipe(home: Home, screen: int) -> None:
    ids = printed(screen, "generate", *SMALL, "--count", "3", "--detach", "--quiet")
    paths = printed(screen, "wait", *ids)
    assert len(paths) == 3
    assert all(path.startswith(str(home.pictures)) for path in paths)


def test_what_is_made_is_printed_into_the_pipe(home: Home, screen: int) -> None:
    del home
    lines = printed(screen, "generate", *SMALL, "--count", "3")
    assert [line.split("\t")[1] for line in lines] == ["completed"] * 3
