"""A migration waits for processes of the version before: they could write nothing after it."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from avatar_rows import make_tables, opened, rows

from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.storage import upgrade
from avatar_creator.storage.database import connect
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.locks import Lock
from avatar_creator.storage.migrations import MIGRATIONS

BEFORE = len(MIGRATIONS) - 1


@pytest.fixture(autouse=True)
def old_home(home: Home) -> None:
    home.create()
    with opened(home.database) as old:
        make_tables(old, BEFORE)
        old.execute(
            "INSERT INTO worker (one, accepting, leave, runner, pid, version, credentials, concurrency, started_at)"
            " VALUES (1, 1, 0, 'run_1', ?, '0.0.1', '[]', 2, '')",
            (os.getpid(),),
        )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrade, "_PATIENCE_S", 0.05)


@contextmanager
def held(path: Path) -> Iterator[Lock]:
    path.parent.mkdir(exist_ok=True)
    lock = Lock(path)
    assert lock.take(0)
    try:
        yield lock
    finally:
        lock.give_back()


def schema(home: Home) -> int:
    return int(rows(home.database, "PRAGMA user_version")[0][0])


def test_the_worker_is_asked_to_leave_and_waited_for(home: Home) -> None:
    seen: list[int] = []

    def work() -> None:
        """Leave when asked to, as every version's worker does; not before the last row is written."""
        with held(home.worker_lock):
            begun.set()
            while not rows(home.database, "SELECT leave FROM worker WHERE leave = 2"):
                time.sleep(0.01)
            seen.append(schema(home))
            rows(home.database, "UPDATE worker SET accepting = 0")

    begun, worker = threading.Event(), threading.Thread(target=work)
    worker.start()
    assert begun.wait(30)
    with closing(connect(home.database, home.backups)) as connection:
        assert connection.execute("SELECT accepting FROM worker").fetchone()[0] == 0
    worker.join(30)
    assert (seen, schema(home)) == ([BEFORE], len(MIGRATIONS))


@pytest.mark.usefixtures("impatient")
def test_a_worker_that_does_not_leave_is_named(home: Home) -> None:
    with held(home.worker_lock), pytest.raises(StorageError, match=f"process {os.getpid()}, has not left") as caught:
        connect(home.database, home.backups)
    assert caught.value.hint == f"Run the command again after: kill {os.getpid()}"
    assert schema(home) == BEFORE
    assert not list(home.backups.glob("*"))


@pytest.mark.usefixtures("impatient")
def test_a_suspended_worker_is_said_to_be(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrade, "is_suspended", lambda process: process == os.getpid())
    with held(home.worker_lock), pytest.raises(StorageError, match="is suspended") as caught:
        connect(home.database, home.backups)
    assert caught.value.hint == f"Run the command again after: kill -CONT {os.getpid()}"


@pytest.mark.usefixtures("impatient")
def test_a_worker_that_is_being_started_is_waited_for(home: Home) -> None:
    rows(home.database, "DELETE FROM worker")
    with held(home.standby / "0.0.1-any.lock"), pytest.raises(StorageError, match="is being started"):
        connect(home.database, home.backups)
    assert schema(home) == BEFORE


@pytest.mark.usefixtures("impatient")
def test_an_inline_run_keeps_its_tables(home: Home) -> None:
    with ProcessLock(home.runners), pytest.raises(StorageError, match="a command of an older version") as caught:
        connect(home.database, home.backups)
    assert caught.value.hint is not None
    assert "Ctrl-C" in caught.value.hint
    assert (schema(home), rows(home.database, "SELECT leave FROM worker")) == (BEFORE, [(0,)])
    connect(home.database, home.backups).close()
    assert schema(home) == len(MIGRATIONS)
