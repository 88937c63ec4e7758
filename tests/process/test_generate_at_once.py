"""Several photographs at once, by an engine that hangs: what Ctrl-C and `kill -9` leave behind."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from findings import levels

from avatar_creator.domain.findings import Level
from avatar_creator.library import Library
from stored_files import half_written, stored_files
from waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

# The command line with one engine more. What it does for its nth picture is the test's to say.
PROGRAM = """
import io, itertools, signal, sys, time
from PIL import Image
from avatar_creator.cli.main import run
from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat
from avatar_creator.engines import ENGINES, Entry
from avatar_creator.engines.base import Engine, EnginePlan

signal.signal(signal.SIGINT, signal.default_int_handler)
numbers = itertools.count()

class Hosted(Engine):
    name = "hosted"
    def plan(self, request):
        return EnginePlan("flux", {})
    def generate(self, request, watch):
        work(next(numbers), watch)
        file = io.BytesIO()
        Image.new("RGB", (64, 64), "teal").save(file, "JPEG")
        return Picture(file.getvalue(), PictureFormat.JPEG, 64, 64, "flux", DigitalSourceType.TRAINED, {})

ENGINES["hosted"] = Entry("__main__:Hosted", ())
"""
HANGS = "def work(n, watch):\n    time.sleep(60)\n"
SAVES_SLOWLY = """
from avatar_creator.storage.pictures.images import PictureStore
whole = PictureStore.save
def save(*given, **named):
    time.sleep({seconds})
    return whole(*given, **named)
PictureStore.save = save
def work(n, watch):
    if n:
        time.sleep(60)
"""
CALLS_TWICE = """
def work(n, watch):
    watch.begin_call()
    watch.wait(0.01, "rate limit")
    watch.begin_call()
    time.sleep(60)
"""


@contextmanager
def generate(work: str, *argv: str) -> Iterator[subprocess.Popen[str]]:
    argv = ("generate", "--persona-name", "Ann", "--engine", "hosted", "--concurrency", "3", "--quiet", *argv)
    with subprocess.Popen(
        [sys.executable, "-c", f"{PROGRAM}{work}\nrun()", *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def rows(library: Library, columns: str) -> list[Any]:
    with closing(sqlite3.connect(library.home.database, timeout=30)) as database:
        return database.execute(f"SELECT {columns} FROM generations ORDER BY id").fetchall()


@pytest.fixture(autouse=True)
def made(library: Library) -> None:
    library.app.queries.find_projects()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_what_hangs(library: Library, number: signal.Signals) -> None:
    with generate(HANGS, "--count", "10") as running:
        until(lambda: [status for (status,) in rows(library, "status")].count("processing") == 3)
        sent = time.monotonic()
        running.send_signal(number)
        out, err = running.communicate()
    assert time.monotonic() - sent < 20, "it hangs for a minute"
    assert (running.returncode, out, "Traceback" in err) == (130, "", False)
    assert rows(library, "status, runner") == [("cancelled", None)] * 10
    assert not [*stored_files(library.app.pictures), *half_written(library.app.pictures)]
    assert levels(library) == {Level.OK}
    assert not list(library.home.runners.iterdir())


def test_a_picture_that_is_being_saved_is_kept(library: Library) -> None:
    with generate(SAVES_SLOWLY.format(seconds=0.7), "--count", "3") as running:
        until(lambda: "saving" in [stage for (stage,) in rows(library, "stage")])
        running.send_signal(signal.SIGINT)
        out, err = running.communicate()
    assert running.returncode == 130
    assert sorted(rows(library, "status")) == [("cancelled",), ("cancelled",), ("completed",)]
    assert out.split() == [id_ for id_, status in rows(library, "id, status") if status == "completed"]
    (batch,) = {batch for (batch,) in rows(library, "batch_id")}
    assert f"Hint: To make the others after all: avatar retry --batch {batch}" in err
    assert len(stored_files(library.app.pictures)) == 2
    assert not half_written(library.app.pictures)


def test_who_types_ctrl_c_twice_waits_for_nothing(library: Library) -> None:
    with generate(SAVES_SLOWLY.format(seconds=60), "--count", "3") as running:
        until(lambda: "saving" in [stage for (stage,) in rows(library, "stage")])
        running.send_signal(signal.SIGINT)
        time.sleep(0.5)  # as long as a finger takes
        assert running.poll() is None, "it waits for the picture"
        sent = time.monotonic()
        running.send_signal(signal.SIGINT)
        running.communicate()
    assert time.monotonic() - sent < 4, "less than its patience"
    assert running.returncode == 130
    assert rows(library, "status") == [("cancelled",)] * 3


def test_who_is_killed_in_a_call_has_counted_it(library: Library) -> None:
    with generate(CALLS_TWICE) as running:
        until(lambda: rows(library, "attempt") == [(2,)])
        running.kill()
    assert rows(library, "status, attempt") == [("processing", 2)]
    library.app.doctor.examine(fix=True)
    assert rows(library, "status, error_code, attempt") == [("failed", "interrupted", 2)]
