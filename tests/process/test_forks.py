"""Forks of a Python program that uses a library: of servers, and of multiprocessing."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import Library

PATIENCE_S = 120  # for a busy machine
WARNED = "ignore:This process:DeprecationWarning"  # Python 3.12 and newer: it has threads, and forks
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs forks")

START = """
import multiprocessing, os, sys, threading
from avatar_creator import AvatarError, Persona, open_library

def draw(library, seed=7):
    return library.generate(persona=Persona("Ann", 30), seed=seed, width_px=64, height_px=64)

def forked(work):
    "Run a function in a fork; the exit code tells whether it came to its end."
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child

def ended(*children):
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * len(children)
"""


def run(program: str) -> str:
    """Run a program in an interpreter of its own, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", WARNED, "-c", START + program],
        # Unbuffered, a line and its end are two writes, and those of forks mix.
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def test_a_fork_draws_after_its_parent_drew_and_draws_the_same(home: Home) -> None:
    printed = run("""
library = open_library()
mine = draw(library).sha256
def again():
    print(draw(library).sha256 == mine == draw(open_library()).sha256, flush=True)
ended(forked(again), forked(lambda: ended(forked(again))))
print(draw(library).sha256 == mine)
library.close()
""")
    assert printed.split() == ["True"] * 3
    with Library(home) as library:
        assert len(list(library.find())) == 6


def test_a_fork_before_the_first_drawing_draws_by_itself(home: Home) -> None:
    run("""
library = open_library()
library.app.catalog.add_project("p")
ended(forked(lambda: draw(library)), forked(lambda: draw(library)))
""")
    with Library(home) as library:
        assert len(list(library.find())) == 2


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(home: Home, tmp_path: Path, method: str) -> None:
    assert method in multiprocessing.get_all_start_methods()
    program = tmp_path / "program.py"
    program.write_text(
        START
        + f"""
def work(seed):
    with open_library() as library:
        return draw(library, seed).seed

if __name__ == "__main__":
    with open_library() as library:
        draw(library)
        with multiprocessing.get_context({method!r}).Pool(2) as pool:
            print(sorted(pool.map(work, range(1, 7))))
"""
    )
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert (done.returncode, done.stdout) == (0, "[1, 2, 3, 4, 5, 6]\n"), done
    with Library(home) as library:
        assert len(list(library.find())) == 7


def test_what_a_fork_writes_is_kept_when_its_parent_closes_before(home: Home) -> None:
    """SQLite removes the log of who closes last: a fork has none of its parent's locks that would tell of it."""
    run("""
library = open_library()
library.app.catalog.add_project("before")
def write():
    os.read(told, 1)
    for n in range(20):
        library.app.catalog.add_project(f"from the fork {n}")
        with open_library() as other:
            other.app.catalog.add_project(f"beside it {n}")
told, tell = os.pipe()
child = forked(write)
library.close()
with open_library() as another:
    another.app.catalog.add_project("after")
os.write(tell, b"x")
ended(child)
""")
    with Library(home) as library:
        assert len(library.app.queries.find_projects()) == 42
        assert library.app.doctor.examine(fix=False).healthy


def test_forks_of_a_busy_process_leave_what_it_does_alone(home: Home) -> None:
    run("""
library = open_library()
draw(library)
errors = []
def work(seed):
    try:
        for n in range(3):
            library.app.catalog.add_usage(draw(library, seed + n).id, app="a", action="b")
    except BaseException as error:
        errors.append(error)
threads = [threading.Thread(target=work, args=(seed,)) for seed in (10, 20, 30)]
for thread in threads:
    thread.start()
children = [forked(lambda: draw(library)) for _ in range(4)]
for thread in threads:
    thread.join()
ended(*children)
assert errors == [], errors
library.close()
""")
    with Library(home) as library:
        assert len(list(library.find())) == 1 + 9 + 4


def test_an_open_library_is_not_opened_anew_where_the_home_was_replaced(home: Home) -> None:
    printed = run("""
import shutil
library = open_library()
library.app.catalog.add_project("p")
def use():
    try:
        library.app.catalog.add_project("q")
    except AvatarError as error:
        print(error.message, flush=True)
ended(forked(lambda: shutil.rmtree(library.home.root)))
use()
print(library.home.database.exists())
""")
    assert printed.count("deleted") == 1
    assert printed.endswith("False\n")
    assert not home.database.exists()
