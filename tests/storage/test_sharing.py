"""One process, one database: who waits for whom."""

import sqlite3
import subprocess
import sys
from threading import Event, Thread

import pytest

from avatar_creator.home import Home
from avatar_creator.storage.database import Connection, connect
from avatar_creator.storage.sharing import alone, close_soon, in_use


def test_whoever_closes_waits_for_those_who_are_in_the_middle() -> None:
    inside, go_on, order = Event(), Event(), list[str]()

    def use() -> None:
        with in_use(), in_use():
            inside.set()
            go_on.wait()
            order.append("used")

    def close() -> None:
        with alone():
            order.append("closed")

    using, closing = Thread(target=use), Thread(target=close)
    using.start()
    inside.wait()
    closing.start()
    go_on.set()
    using.join()
    closing.join()
    assert order == ["used", "closed"]


def test_nobody_begins_while_one_is_alone() -> None:
    order = list[str]()

    def use() -> None:
        with in_use():
            order.append("used")

    using = Thread(target=use)
    with alone(), alone():
        using.start()
        with in_use():  # its own use does not wait for itself
            order.append("alone")
    using.join()
    assert order == ["alone", "used"]


def test_what_nobody_will_close_is_closed_when_the_last_one_has_left(home: Home) -> None:
    home.create()
    connection = connect(home.database, home.backups)
    with in_use():
        with in_use():
            close_soon([connection])
        assert connection.execute("SELECT 1").fetchone()[0] == 1
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_connection_that_slept_goes_on_as_it_was(home: Home) -> None:
    home.create()
    connection = connect(home.database, home.backups)
    for _ in range(2):
        connection.sleep()
        assert not connection.in_transaction
        connection.rollback()
        row = connection.execute("SELECT folded('ÄB') AS small").fetchone()
        assert (row["small"], connection.execute("PRAGMA foreign_keys").fetchone()[0]) == ("äb", 1)
    connection.sleep()
    assert connection.cursor().execute("SELECT 1").fetchone()[0] == 1
    connection.execute("BEGIN IMMEDIATE")
    connection.sleep()
    assert connection.in_transaction, "what this thread is in the middle of stays"
    connection.close()


@pytest.mark.parametrize("fails", [sqlite3.OperationalError("disk I/O error"), KeyboardInterrupt()])
def test_a_connection_that_cannot_be_set_up_again_sleeps_on(
    home: Home, monkeypatch: pytest.MonkeyPatch, fails: BaseException
) -> None:
    home.create()
    connection = connect(home.database, home.backups)

    def fail(_connection: Connection) -> None:
        raise fails

    connection.sleep()
    with monkeypatch.context() as broken:
        broken.setattr(Connection, "prepare", fail)
        with pytest.raises(type(fails)):
            connection.execute("SELECT 1")
    assert connection.execute("PRAGMA foreign_keys").fetchone()["foreign_keys"] == 1
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_one_that_slept_is_closed_for_good(home: Home) -> None:
    home.create()
    connection = connect(home.database, home.backups)
    connection.sleep()
    connection.close()
    connection.sleep()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_one_that_outlives_the_names_of_its_module_is_silent(home: Home) -> None:
    """As at the end of an interpreter that a second Ctrl-C has sent there. What __del__ raises would be printed."""
    code = (
        "import sys\n"
        "from avatar_creator.storage import sharing\n"
        "left = sharing.SharedConnection(sys.argv[1])\n"
        "sys.modules['avatar_creator.storage.sharing'].sys = None\n"
        "sys.modules['avatar_creator.storage.sharing'].suppress = None\n"
        "import builtins\n"
        "builtins.left = left\n"
    )
    home.create()
    done = subprocess.run([sys.executable, "-c", code, home.database], capture_output=True, text=True, check=True)
    assert done.stderr == ""
