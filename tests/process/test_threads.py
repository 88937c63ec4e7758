"""Threads of a Python program that share a library, and interrupts in the middle of it."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, Thread

import pytest

from avatar_creator.domain.persona import Persona
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library

PATIENCE_S = 120  # for a busy machine


def in_a_thread(work: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> object:
    yield
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def draw(library: Library, seed: int) -> None:
    avatar = library.generate(persona=Persona(f"Ann {seed}"), seed=seed, width_px=64, height_px=64)
    library.app.catalog.add_usage(avatar.id, app="web", action="shown")
    assert library.show(avatar.id).usage_count == 1
    assert avatar in [found._replace(usage_count=0, last_used_at=None) for found in library.find()]


def test_many_threads_use_one_library_at_once(library: Library) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seed: draw(library, seed), range(1, 25)))
    assert len(list(library.find())) == 24


def test_a_library_is_opened_used_and_closed_in_three_threads(home: Home) -> None:
    """What a web framework does with a dependency that yields."""
    for seed in (1, 2):
        library = open_library(home.root)
        in_a_thread(lambda library=library, seed=seed: draw(library, seed))  # type: ignore[misc]
        in_a_thread(library.close)
        assert not home.database.with_name("library.db-wal").exists(), "no connection is left"


def test_a_closed_library_opens_again_when_it_is_used(library: Library) -> None:
    draw(library, 1)
    in_a_thread(library.close)
    draw(library, 2)
    in_a_thread(lambda: draw(library, 3))
    assert len(list(library.find())) == 3


def test_a_thread_that_ends_leaves_no_connection(library: Library, home: Home) -> None:
    def use() -> None:
        library.app.catalog.add_project("p")
        list(library.find())

    in_a_thread(use)
    assert not home.database.with_name("library.db-wal").exists()


def test_whoever_uses_a_library_while_it_is_closed_is_told_or_goes_on(library: Library) -> None:
    draw(library, 1)
    begun = Barrier(5)
    told: list[str] = []

    def use() -> None:
        begun.wait()
        for n in range(60):
            try:
                reading = library.app.queries
                library.app.catalog.add_usage(
                    next(iter(reading.find_generations(limit=1))).avatar_id or "", app="a", action=f"{n}"
                )
            except StorageError as error:
                told.append(error.message)

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    while any(thread.is_alive() for thread in threads):
        library.close()
    for thread in threads:
        thread.join()
    assert set(told) <= {"The library was closed while it was used."}


INTERRUPTED = """
import os, random, signal, sqlite3, sys, threading, time
from avatar_creator import open_library
library = open_library()
library.app.catalog.add_project("first")
rounds, n = 0, 0
kept = []
go_on = threading.Event()
def interrupt():
    while True:
        go_on.wait()
        go_on.clear()
        time.sleep(random.random() / 300)
        os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
while rounds < 60:
    try:
        go_on.set()
        while True:
            n += 1
            library.app.catalog.add_project(f"p{n}")
    except KeyboardInterrupt as error:
        kept.append(error)  # as a notebook keeps the last traceback
        rounds += 1
    other = sqlite3.connect(library.home.database, timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()
library.close()
print(rounds)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT that can be sent")
def test_an_interrupt_leaves_no_lock(home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "60\n", "")
    with closing(sqlite3.connect(home.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
