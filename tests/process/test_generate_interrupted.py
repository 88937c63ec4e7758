"""Ctrl-C and SIGTERM in the middle: exit 130, the running generation is cancelled, no half file stays."""

import itertools
import json
import logging
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from findings import levels

from avatar_creator.cli.main import main
from avatar_creator.domain.findings import Level
from avatar_creator.home import Home
from avatar_creator.jobs.coordinator import Coordinator
from avatar_creator.library import Library
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.writing import Writer
from stored_files import half_written, stored_files
from waiting import until

SMALL = ("--persona-name", "Ann", "--width", "64", "--height", "64")
# A shell that starts a job in the background has it ignore Ctrl-C; this one is in the foreground.
FOREGROUND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from avatar_creator.cli.main import run
run()
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def _statuses(home: Home) -> Counter[str]:
    if not home.database.exists():
        return Counter()
    with closing(sqlite3.connect(home.database, timeout=30)) as database:
        return Counter(status for (status,) in database.execute("SELECT status FROM generations"))


def _cancelled_when_begun(home: Home) -> int:
    with closing(sqlite3.connect(home.database, timeout=30)) as database:
        sql = "SELECT count(started_at) FROM generations WHERE status = 'cancelled'"
        return int(database.execute(sql).fetchone()[0])


def _left_in_order(library: Library) -> None:
    """Check that no row and no file tells of the interruption, but for the cancelled generation."""
    statuses = _statuses(library.home)
    assert statuses["completed"] + statuses["cancelled"] == statuses.total(), statuses
    assert len(stored_files(library.app.pictures)) == 2 * statuses["completed"]
    assert not half_written(library.app.pictures)
    assert not list(library.home.runners.iterdir())
    assert levels(library) == {Level.OK}


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_signal_in_the_middle(
    library: Library, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, after: int
) -> None:
    monkeypatch.setenv("AVATAR_PROCESSES", "1")  # so that no more than one generation is being made
    argv = ("generate", *SMALL, "--count", "200", "--quiet")
    with subprocess.Popen(
        [sys.executable, "-c", FOREGROUND, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        until(lambda: _statuses(library.home)["completed"] >= after)
        running.send_signal(number)
        out, err = running.communicate()
    assert running.returncode == 130
    assert "Traceback" not in err
    statuses = _statuses(library.home)
    assert after <= statuses["completed"] < 200
    assert statuses["cancelled"] == 200 - statuses["completed"], "what had not begun can be tried again"
    assert _cancelled_when_begun(library.home) <= 1
    said = len(out.split())
    assert statuses["completed"] - 2 <= said <= statuses["completed"], (
        "every id made was said, but the one being said, and the one that only had to be saved"
    )
    _left_in_order(library)


@posix
def test_what_was_made_before_is_valid_json(library: Library) -> None:
    argv = ("generate", *SMALL, "--count", "200", "--json")
    with subprocess.Popen(
        [sys.executable, "-c", FOREGROUND, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        until(lambda: _statuses(library.home)["completed"] >= 3)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate()
    assert len(json.loads(out)) >= 2


# -- at the very moments where a signal can do harm


@pytest.mark.parametrize(
    ("kind", "method", "left"),
    [(Generations, "add", set()), (Leases, "claim_owned", {"cancelled"}), (Leases, "complete", {"completed"})],
)
def test_ctrl_c_in_the_middle_of_a_transaction(
    library: Library, monkeypatch: pytest.MonkeyPatch, kind: type, method: str, left: set[str]
) -> None:
    """It comes while the method's last call to the system returns: that is where Python raises it."""
    whole, interrupts = getattr(kind, method), iter([KeyboardInterrupt])

    def interrupted(*given: Any, **named: Any) -> Any:
        done = whole(*given, **named)
        for interrupt in interrupts:
            raise interrupt
        return done

    monkeypatch.setattr(kind, method, interrupted)
    assert main(["generate", *SMALL, "--quiet"]) == 130
    assert _statuses(library.home).keys() == left
    _left_in_order(library)


@pytest.mark.parametrize(
    ("kind", "nth", "left"), [(Generations, 1, "cancelled"), (Leases, 1, "cancelled"), (Leases, 2, "completed")]
)
def test_ctrl_c_as_a_commit_returns(
    library: Library, monkeypatch: pytest.MonkeyPatch, kind: type[Writer], nth: int, left: str
) -> None:
    whole, commits = kind.together, itertools.count(1)

    @contextmanager
    def interrupted(writer: Writer) -> Iterator[None]:
        with whole(writer):
            yield
        if next(commits) == nth:
            raise KeyboardInterrupt

    monkeypatch.setattr(kind, "together", interrupted)
    assert main(["generate", *SMALL, "--quiet"]) == 130
    assert _statuses(library.home).keys() == {left}
    _left_in_order(library)


def test_ctrl_c_pressed_again_as_the_run_was_stopped(
    library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Coordinator.stop

    def interrupted(coordinator: Coordinator, error: BaseException) -> None:
        whole(coordinator, error)
        raise KeyboardInterrupt

    def press(_leases: Leases, *_claimed: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Leases, "claim_owned", press)
    monkeypatch.setattr(Coordinator, "stop", interrupted)
    assert main(["generate", *SMALL, "--count", "4"]) == 130
    assert _statuses(library.home) == {"cancelled": 4}
    assert "avatar retry --batch bat_" in capsys.readouterr().err
    _left_in_order(library)


def test_no_library_calls_back_into_python_where_ctrl_c_would_be_lost(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception in a callback from C is printed and forgotten: the run would go on as if nothing was typed.

    Python raises a Ctrl-C in the main thread only, so callbacks in any other do no harm.
    """
    del home
    with caplog.at_level(logging.DEBUG, logger="pyvips"):
        assert main(["generate", *SMALL, "--quiet"]) == 0
        caplog.clear()
        assert main(["generate", *SMALL, "--quiet"]) == 0
    main_thread = threading.main_thread().ident
    assert not [record for record in caplog.records if record.name == "pyvips" and record.thread == main_thread]
