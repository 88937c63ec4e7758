"""The lock of the one worker: held by one process while others stand by."""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from scripted import Scripted, context, queued

from avatar_creator._version import __version__
from avatar_creator.domain.records import Status
from avatar_creator.errors import AvatarError
from avatar_creator.home import Home
from avatar_creator.jobs.worker import Worker
from avatar_creator.jobs.worker_loop import WorkerOptions
from avatar_creator.jobs.worker_process import take_slot
from avatar_creator.library import Library, open_library
from avatar_creator.storage.locks import Lock, is_held
from avatar_creator.storage.workers import Leave, Workers
from waiting import LONG_S, until

TERMS = WorkerOptions(2, 0)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatar_creator.jobs.worker._LEAVER_S", 0)
    monkeypatch.setattr("avatar_creator.jobs.worker._STANDBY_S", 0.001)


@pytest.fixture
def worker(home: Home, library: Library) -> Worker:
    library.app.generations.ensure_project("default")
    return Worker(home, context(library, Scripted(lambda _n, _watch: None)))


@pytest.fixture
def worker_lock(home: Home, worker: Worker) -> Iterator[Lock]:
    """The lock of the worker, taken."""
    del worker  # which makes the home
    lock = Lock(home.worker_lock)
    assert lock.take(0)
    yield lock
    lock.give_back()


def stand_by(home: Home, fingerprint: str | None = None) -> tuple[list[None], threading.Thread]:
    """Have another worker stand by, in a thread with a library of its own; it stops when the list has an item."""
    stops: list[None] = []
    made = threading.Event()

    slot = take_slot(home, __version__, fingerprint)

    def wait() -> None:
        with open_library(home.root) as own:
            jobs_context = context(own, Scripted(lambda _n, _watch: None))
            worker = Worker(home, jobs_context._replace(fingerprint=pays_with(fingerprint)))
            made.set()
            worker.run(TERMS, stops=lambda: len(stops), standby=True, slot=slot)

    thread = threading.Thread(target=wait)
    thread.start()
    assert made.wait(LONG_S)
    return stops, thread


def pays_with(fingerprint: str | None) -> Callable[[str, Mapping[str, Any]], str | None]:
    return lambda _engine, _options: fingerprint


def test_a_worker_works_and_gives_back_its_lock(home: Home, library: Library, worker: Worker) -> None:
    id_ = queued(library)
    home.logs.mkdir()
    home.worker_errors.write_text("Error: of one before.\n")
    worker.run(TERMS)
    assert library.app.queries.find_status(id_) is Status.COMPLETED
    found = library.app.workers.find()
    assert found is not None
    assert (found.version, found.concurrency, found.accepting) == (__version__, 2, False)
    assert not is_held(home.worker_lock)
    assert (list(home.runners.iterdir()), home.worker_errors.read_bytes()) == ([], b"")


def test_its_row_says_from_the_first_moment_what_it_can_pay_with(home: Home, library: Library) -> None:
    jobs_context = context(library, Scripted(lambda _n, _watch: None))
    library.app.generations.ensure_project("default")
    Worker(home, jobs_context._replace(fingerprint=pays_with("abc"))).run(TERMS, standby=True)
    found = library.app.workers.find()
    assert found is not None
    assert found.credentials == ("abc",)


def test_a_second_one_is_refused(home: Home, library: Library, worker: Worker, worker_lock: Lock) -> None:
    with pytest.raises(AvatarError, match=r"A worker of .* runs already\.") as failed:
        worker.run(TERMS)
    assert failed.value.hint == "See it with: avatar worker status. Stop it with: avatar worker stop"
    library.app.workers.register("run_1", 4711, __version__, 2)
    with pytest.raises(AvatarError, match=r"runs already: process 4711\."):
        worker.run(TERMS)
    worker_lock.give_back()
    assert not is_held(home.worker_lock)
    worker.run(TERMS)


def test_the_lock_is_given_back_by_whoever_fails(home: Home, worker: Worker) -> None:
    home.runners.touch()  # a file where the folder should be
    with pytest.raises(AvatarError, match="cannot be made"):
        worker.run(TERMS)
    assert not is_held(home.worker_lock)


def test_nobody_stands_by_where_the_one_before_will_do(library: Library, worker: Worker, worker_lock: Lock) -> None:
    del worker_lock
    library.app.workers.register("run_1", 4711, __version__, 2)
    worker.run(TERMS, standby=True)
    found = library.app.workers.find()
    assert found is not None
    assert found.runner == "run_1"


@pytest.mark.parametrize("why", ["it leaves", "it accepts nothing", "it is older", "it cannot pay", "it never began"])
def test_a_standby_that_is_needed_becomes_the_worker(home: Home, library: Library, worker_lock: Lock, why: str) -> None:
    if why != "it never began":
        library.app.workers.register("run_1", 4711, "0.0.1" if why == "it is older" else __version__, 2)
    if why == "it leaves":
        library.app.workers.ask_to_leave(Leave.WHEN_IDLE)
    if why == "it accepts nothing":
        library.app.workers.stop_accepting("run_1")
    _, thread = stand_by(home, "abc" if why == "it cannot pay" else None)
    until(lambda: home.standby.exists() and any(is_held(path) for path in home.standby.iterdir()))
    id_ = queued(library)
    assert thread.is_alive()
    worker_lock.give_back()
    thread.join(LONG_S)
    assert library.app.queries.find_status(id_) is Status.COMPLETED
    assert not any(is_held(path) for path in home.standby.iterdir())


def test_one_standby_of_each_kind_is_enough(home: Home, worker_lock: Lock) -> None:
    first, thread = stand_by(home)
    with pytest.raises(BlockingIOError):
        take_slot(home, __version__, None)  # whoever starts workers starts none then
    other, another = stand_by(home, "abc")
    assert sum(is_held(path) for path in home.standby.iterdir()) == 2
    assert sorted(path.name for path in home.standby.iterdir()) == [
        f"{__version__}-{kind}.lock" for kind in ("abc", "any")
    ]
    for each in (first, other):
        each.append(None)
    for waiting in (thread, another):
        waiting.join(LONG_S)
        assert not waiting.is_alive()
    worker_lock.give_back()


def test_a_standby_holds_its_slot_until_it_is_registered(
    home: Home, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.app.generations.ensure_project("default")
    register, had_standby = Workers.register, []

    def registers(self: Workers, *given: Any) -> None:
        had_standby.append(any(is_held(path) for path in home.standby.iterdir()))
        register(self, *given)

    monkeypatch.setattr(Workers, "register", registers)
    _, thread = stand_by(home)
    thread.join(LONG_S)
    assert had_standby == [True]
    assert not any(is_held(path) for path in home.standby.iterdir())


def test_a_worker_that_is_to_stop_claims_nothing(library: Library, worker: Worker) -> None:
    id_ = queued(library)
    worker.run(WorkerOptions(2, None), stops=lambda: 1)
    assert library.app.queries.find_status(id_) is Status.PENDING
