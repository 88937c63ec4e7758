"""What one worker does from its first look to its last, in a thread of this process."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest
from scripted import Script, Scripted, claimed, context, files, inline, queued

from avatar_creator.domain.records import Failure, Status
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.engines.table import Entry
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.jobs import worker_loop
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.credentials import Credentials
from avatar_creator.jobs.executor import ThreadExecutor
from avatar_creator.jobs.worker_loop import WorkerLoop, WorkerOptions
from avatar_creator.library import Library, open_library
from avatar_creator.storage import generations, portions
from avatar_creator.storage.leases import Claimed, Leases
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures.images import PictureStore, StoredPicture
from avatar_creator.storage.workers import Leave
from sql import run_sql
from waiting import LONG_S, until


class Worker:
    """A worker in a thread, with a library of its own."""

    def __init__(self, home: Home, engine: Scripted, options: WorkerOptions) -> None:
        self.stops = 0
        self.raised: BaseException | None = None
        self.thread = threading.Thread(target=self._work)
        self._home, self._engine, self._options = home, engine, options

    def context(self, own: Library) -> JobContext:
        return context(own, self._engine)

    def _work(self) -> None:
        try:
            with open_library(self._home.root) as own:
                own.app.workers.register("run_worker", 1, "1.0", self._options.at_once)
                jobs = self.context(own)
                credentials = Credentials(jobs.generations, jobs.fingerprint)
                WorkerLoop(jobs, self._options, "run_worker", credentials, lambda: self.stops).run()
        except BaseException as error:  # noqa: BLE001 - it is raised where the test hears it
            self.raised = error

    def ends(self) -> None:
        self.thread.join(LONG_S)
        assert not self.thread.is_alive()
        assert self.raised is None


@contextmanager
def at_work(
    library: Library,
    script: Script,
    *,
    most: int | None = None,
    at_once: int = 2,
    idle_s: float | None = None,
    kind: type[Worker] = Worker,
) -> Iterator[Worker]:
    """Have a worker work; it is told to stop at the end, twice."""
    worker = kind(library.home, Scripted(script, most), WorkerOptions(at_once, idle_s))
    worker.thread.start()
    try:
        yield worker
    finally:
        worker.stops += 2
        worker.ends()


def status(library: Library, id_: str) -> Status | None:
    return library.app.queries.find_status(id_)


def test_all_that_waits_is_made_before_the_worker_leaves(library: Library) -> None:
    ids = [queued(library, priority=n) for n in range(5)]
    with at_work(library, lambda _n, _watch: None, idle_s=0) as worker:
        worker.ends()
    assert [status(library, id_) for id_ in ids] == [Status.COMPLETED] * 5
    left = library.app.workers.find()
    assert left is not None
    assert not left.accepting


def test_a_worker_stays_for_what_waits_for_its_time_or_another(library: Library) -> None:
    """It leaves only when nothing waits that it could make, ever."""
    paid = queued(library, credential="abc")
    first = inline(library)
    follower = queued(library, after_id=first.id)
    with at_work(library, lambda _n, _watch: None, idle_s=0) as worker:
        library.app.leases.end(first, Status.FAILED, Failure("engine", "It failed.", None))
        worker.ends()
    assert [status(library, id_) for id_ in (paid, follower)] == [Status.PENDING, Status.FAILED]


def test_what_follows_something_that_others_ended_fails_at_once(library: Library) -> None:
    library.home.create()
    with ProcessLock(library.home.runners) as runner, at_work(library, lambda _n, _watch: None):
        first = inline(library, runner.id)
        follower = queued(library, after_id=first.id)
        until(lambda: library.app.workers.find() is not None)
        made = queued(library)
        until(lambda: status(library, made) is Status.COMPLETED)  # it has tidied up, and has nothing to do
        library.app.leases.end(first, Status.FAILED, Failure("engine", "It failed.", None))
        until(lambda: status(library, follower) is Status.FAILED)


def test_no_more_are_made_at_once_than_the_engine_can(library: Library) -> None:
    peak: list[int] = []
    ids = [queued(library) for _ in range(4)]
    with at_work(library, lambda _n, _watch: peak.append(1), most=1, idle_s=0) as worker:
        worker.ends()
    assert worker._engine.peak == 1
    assert {status(library, id_) for id_ in ids} == {Status.COMPLETED}


def test_what_was_interrupted_is_made_alone(library: Library) -> None:
    killer = claimed(library, priority=5)
    library.app.leases.interrupt(killer)
    others = [queued(library, priority=priority) for priority in (9, 9, 0, 0)]
    alone: list[bool] = []

    def script(_n: int, watch: Watch) -> None:
        if threading.current_thread().name == killer.id:
            for _ in range(20):
                watch.wait(0.005, "nothing")
            alone.append(worker._engine.under_way == 1)

    with at_work(library, script, idle_s=0) as worker:
        worker.ends()
    assert alone == [True]
    assert {status(library, id_) for id_ in (killer.id, *others)} == {Status.COMPLETED}


@pytest.mark.parametrize(
    ("row", "at_once"),
    [
        (Entry("scripted:Scripted", fingerprint="scripted:fingerprint"), 1),
        (Entry("scripted:Scripted"), 1),
    ],
    ids=["a service makes it", "the worker makes it"],
)
def test_after_many_crashes_only_what_the_worker_makes_itself_is_made_alone(
    library: Library, monkeypatch: pytest.MonkeyPatch, row: Entry, at_once: int
) -> None:
    monkeypatch.setitem(ENGINES, "scripted", row)
    monkeypatch.setattr(ThreadExecutor, "_processes_of", lambda _executor, _engine: None)  # they would not know it
    ids = [queued(library) for _ in range(6)]
    run_sql(library.home, "UPDATE generations SET interruptions = 2")
    together = threading.Barrier(at_once)
    with at_work(library, lambda _n, _watch: together.wait(LONG_S), at_once=6, idle_s=0) as worker:
        worker.ends()
    assert worker._engine.peak == at_once
    assert {status(library, id_) for id_ in ids} == {Status.COMPLETED}


def test_a_worker_may_stay_as_long_as_an_engine_is_loaded_that_takes_long_to_load(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = [True]
    monkeypatch.setattr(ThreadExecutor, "has_loaded", property(lambda _executor: loaded[0]))
    options = WorkerOptions(2, 0, stays_for_loaded=True)
    worker = Worker(library.home, Scripted(lambda _n, _watch: None), options)
    id_ = queued(library)
    worker.thread.start()
    until(lambda: status(library, id_) is Status.COMPLETED)
    row = library.app.workers.find()
    assert row is not None
    assert row.accepting
    loaded[0] = False
    worker.ends()


def test_a_request_of_another_version_fails_and_the_rest_is_made(library: Library) -> None:
    odd, good = queued(library, request={"persona": {}}), queued(library)
    with at_work(library, lambda _n, _watch: None, idle_s=0) as worker:
        worker.ends()
    assert [status(library, odd), status(library, good)] == [Status.FAILED, Status.COMPLETED]
    failure = library.app.queries.get_generation(odd).error
    assert failure is not None
    assert failure.code == "invalid"


@pytest.mark.parametrize("leave", [Leave.WHEN_IDLE, Leave.NOW])
def test_what_is_under_way_is_finished_first(library: Library, leave: Leave) -> None:
    go_on = threading.Event()
    first = queued(library)
    with at_work(library, lambda _n, _watch: go_on.wait(LONG_S), most=1) as worker:
        until(lambda: worker._engine.begun == 1)
        second = queued(library)
        library.app.workers.ask_to_leave(leave)
        go_on.set()
        worker.ends()
    assert status(library, first) is Status.COMPLETED
    assert status(library, second) is (Status.PENDING if leave is Leave.NOW else Status.COMPLETED)


def test_at_once_what_is_under_way_is_put_back(library: Library) -> None:
    go_on = threading.Event()
    id_ = queued(library)
    with at_work(library, lambda _n, _watch: go_on.wait(LONG_S)) as worker:
        until(lambda: worker._engine.begun == 1)
        library.app.workers.ask_to_leave(Leave.AT_ONCE)
        worker.ends()
    go_on.set()
    assert status(library, id_) is Status.PENDING


def test_a_worker_whose_place_was_taken_leaves(library: Library) -> None:
    with at_work(library, lambda _n, _watch: None) as worker:
        until(lambda: library.app.workers.find() is not None)
        library.app.workers.register("run_other", 2, "1.0", 2)
        worker.ends()


def test_what_is_taken_away_at_the_last_moment_leaves_no_files(library: Library) -> None:
    id_ = queued(library)

    class Late(PictureStore):
        def save(self, *given: Any, **named: Any) -> StoredPicture:
            stored = super().save(*given, **named)
            with open_library(library.home.root) as other:
                other.app.generations.cancel(id_, at_once=True)
            return stored

    class SavesLate(Worker):
        def context(self, own: Library) -> JobContext:
            jobs = super().context(own)
            return jobs._replace(stores=jobs.stores._replace(pictures=Late(own.home.pictures)))

    with at_work(library, lambda _n, _watch: None, idle_s=0, kind=SavesLate) as worker:
        worker.ends()
    assert (status(library, id_), files(library)) == (Status.CANCELLED, [])


def test_a_database_that_cannot_be_written_is_tried_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_loop, "_TRY_AGAIN_S", 0)
    id_ = queued(library)

    class Full(Leases):
        refusals = 3

        def claim(self, runner: str, credentials: Sequence[str], **given: Any) -> Claimed | None:
            if self.refusals:
                self.refusals -= 1
                raise StorageError("The disk is full.")
            return super().claim(runner, credentials, **given)

    class Refused(Worker):
        def context(self, own: Library) -> JobContext:
            return super().context(own)._replace(leases=Full(own.app._connection, own.home.database))

    with at_work(library, lambda _n, _watch: None, idle_s=0, kind=Refused) as worker:
        worker.ends()
    assert status(library, id_) is Status.COMPLETED


def test_what_dead_processes_left_is_taken_care_of_first(library: Library) -> None:
    left, shown = claimed(library, "run_dead"), inline(library, "run_dead")
    with at_work(library, lambda _n, _watch: None, idle_s=0) as worker:
        worker.ends()
    assert [status(library, each.id) for each in (left, shown)] == [Status.COMPLETED, Status.FAILED]


def test_the_journal_says_how_each_ended(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    ids = [queued(library) for _ in range(3)]

    def script(_n: int, watch: Watch) -> None:
        name = threading.current_thread().name
        for _ in range(600):
            if any(record.getMessage().startswith(f"{name} waits until 2") for record in caplog.records):
                break
            watch.wait(0.05, "rate limit of fal-ai")
        else:
            raise AssertionError
        which = ids.index(name)
        if which == 1:
            raise StorageError("The disk is full.")
        if which == 2:
            raise ZeroDivisionError

    caplog.set_level("INFO", "avatar_creator.worker")
    with at_work(library, script, idle_s=0) as worker:
        worker.ends()
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert f"{ids[0]} completed" in said
    assert f"{ids[1]} ended: The disk is full." in said
    assert f"{ids[2]} failed by a bug" in said


def test_what_is_old_is_forgotten_between_pictures(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction a step: what waits is not made only when a million are forgotten."""
    old = [queued(library) for _ in range(200)]
    library.cancel(old)
    with closing(sqlite3.connect(library.home.database)) as connection, connection:
        connection.execute("UPDATE generations SET finished_at = '2020-01-01T00:00:00.000000Z'")
    monkeypatch.setattr(generations, "_FEW", 1)
    monkeypatch.setattr(portions, "PORTION_S", 0)
    left: list[bool] = []

    def script(_n: int, _watch: Watch) -> None:
        with open_library(library.home.root) as other:
            left.append(other.app.queries.find_status(old[-1]) is not None)

    made = queued(library)
    with at_work(library, script):
        until(lambda: status(library, made) is Status.COMPLETED)
        assert left == [True]
        assert status(library, old[0]) is None
