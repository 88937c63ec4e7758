"""What each thread of a program makes for itself, and who closes it."""

import gc
from collections.abc import Callable
from threading import Thread

import pytest

from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.library import Library
from avatar_creator.per_thread import Threads, per_thread
from avatar_creator.storage.sharing import in_use


class Connection:
    """One that can be closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


class Owner:
    """An object whose connection is of each thread; ``meanwhile`` happens while one is made."""

    def __init__(self) -> None:
        self.threads = Threads()
        self.made: list[Connection] = []
        self.meanwhile: Callable[[], object] = lambda: None

    @per_thread
    def connection(self) -> Connection:
        self.made.append(Connection())
        self.meanwhile()
        return self.made[-1]


def test_each_thread_has_its_own_and_keeps_it() -> None:
    owner = Owner()
    assert owner.connection is owner.connection
    other = Thread(target=lambda: owner.connection)
    other.start()
    other.join()
    assert len(owner.made) == 2


def test_all_are_closed_and_made_anew_when_asked_for() -> None:
    owner = Owner()
    first = owner.connection
    owner.threads.close()
    assert first.closed
    assert owner.connection is not first


def test_what_is_closed_while_it_is_made_is_refused_and_left_open_by_nobody() -> None:
    owner = Owner()

    def close_in_another_thread() -> None:
        closing = Thread(target=owner.threads.close)
        closing.start()
        closing.join()

    owner.meanwhile = close_in_another_thread
    with pytest.raises(StorageError, match="was closed while it was used"):
        owner.connection  # noqa: B018 - it is made
    assert [connection.closed for connection in owner.made] == [True]


def test_a_collection_waits_for_no_thread(home: Home) -> None:
    """It runs anywhere, so also in the middle of a transaction that another thread waits for."""
    forgotten = Library(home)
    forgotten.app.queries.find_projects()
    forgotten.app.submitter  # noqa: B018 - it refers back to the library: only a collection finds it
    collected: list[int] = []

    def collect() -> None:
        collected.append(gc.collect())

    gc.disable()
    try:
        del forgotten
        with in_use():
            collecting = Thread(target=collect, daemon=True)
            collecting.start()
            collecting.join(20)
            assert collected, "it waits for who uses a database"
    finally:
        gc.enable()
    assert not home.database.with_name("library.db-wal").exists(), "a connection that nobody closes"
