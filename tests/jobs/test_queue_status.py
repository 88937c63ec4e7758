"""What the queue and a generation that waits say of themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from scripted import Driver, claimed, inline, queued, statements

from avatar_creator._version import __version__
from avatar_creator.domain.records import Failure
from avatar_creator.home import Home
from avatar_creator.jobs.queue_status import QueueStatus
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.library import Library
from avatar_creator.storage.database import now
from avatar_creator.storage.workers import Leave
from sql import run_sql

FAILED = Failure("engine", "It failed.", None)


class FakeWorkerProcess(WorkerProcess):
    running = True

    def is_running(self) -> bool:
        return self.running


@pytest.fixture
def worker_process(home: Home, library: Library) -> FakeWorkerProcess:
    """Where a worker runs that can pay with abc."""
    library.app.workers.register("run_1", 11, __version__, 2)
    library.app.workers.record_credentials("run_1", ["abc"])
    return FakeWorkerProcess(home, library.app.workers)


@pytest.fixture
def queue_status(home: Home, library: Library, worker_process: FakeWorkerProcess) -> QueueStatus:
    return QueueStatus(home, library.app.queries, library.app.workers, worker_process, lambda: library.app.spending)


def why(library: Library, queue_status: QueueStatus, id_: str) -> tuple[str | None, str | None]:
    (explained,) = queue_status.explained([library.app.queries.get_generation(id_)])
    return explained.waiting_for, explained.waiting_until


def test_what_can_be_made_waits_for_its_turn(library: Library, queue_status: QueueStatus) -> None:
    ids = [queued(library, priority=priority, credential=key) for priority, key in ((0, None), (0, "abc"), (5, None))]
    assert [why(library, queue_status, id_) for id_ in ids] == [
        ("its turn, behind 1", None),
        ("its turn, behind 2", None),
        (None, None),
    ]


def test_what_waits_for_its_time_says_until_when(library: Library, queue_status: QueueStatus) -> None:
    later, past = now(after_s=3600), now(after_s=-1)
    assert why(library, queue_status, queued(library, not_before=later)) == ("its time", later)
    assert why(library, queue_status, queued(library, not_before=past)) == (None, None)  # those before it are not due


def test_what_waits_for_another_says_how_that_one_is_doing(library: Library, queue_status: QueueStatus) -> None:
    first = claimed(library)
    follower = queued(library, after_id=first.id, not_before=now(after_s=3600))
    assert why(library, queue_status, follower) == (f"{first.id}, which is processing", None)
    Driver(library, lambda _n, _watch: None).make(first)
    assert why(library, queue_status, follower)[0] == "its time"
    orphan = queued(library, after_id="gen_gone")
    assert why(library, queue_status, orphan) == ("gen_gone, which is gone", None)


def test_what_the_worker_cannot_pay_says_with_what_it_is_to_be_paid(
    library: Library, queue_status: QueueStatus
) -> None:
    assert why(library, queue_status, queued(library, credential="xyz")) == ("credential xyz", None)


def test_what_a_limit_does_not_allow_says_which_and_until_when(
    library: Library, queue_status: QueueStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_creator.storage.spending.now", lambda: "2028-02-29T12:00:00.000000Z")
    id_, free = queued(library, paid=True, price_usd=0.5), queued(library)
    library.home.config.write_text("max_usd_month = 0.25\n")
    limit = "the limit of $0.250 a month (max_usd_month)"
    assert why(library, queue_status, id_) == (limit, "2028-03-01T00:00:00.000000Z")
    assert limit not in str(why(library, queue_status, free))
    unknown = "a price: the limit is $0.250 a month (max_usd_month)"
    library.home.config.write_text("")
    waiting = queued(library, paid=True)
    library.home.config.write_text("max_usd_month = 0.25\n")
    assert why(library, queue_status, waiting) == (unknown, None)


def test_without_a_worker_the_failure_of_the_last_one_is_shown(
    home: Home, library: Library, queue_status: QueueStatus, worker_process: FakeWorkerProcess
) -> None:
    worker_process.running = False
    id_ = queued(library, credential="xyz")
    assert why(library, queue_status, id_) == ("a worker: none runs", None)
    home.logs.mkdir()
    home.worker_errors.write_text("Error: The disk is full.\n")
    assert why(library, queue_status, id_) == ("a worker: none runs; the last one said: Error: The disk is full.", None)


def test_places_are_counted_at_the_head_of_the_queue_alone(
    library: Library, queue_status: QueueStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_creator.jobs.queue_status.COUNTED_MOST", 3)
    ids = [queued(library), queued(library, not_before=now(after_s=3600)), queued(library)]
    assert why(library, queue_status, queued(library)) == ("its turn, behind 2 or more", None)
    assert [why(library, queue_status, id_)[0] for id_ in ids] == [None, "its time", "its turn, behind 1"]


@pytest.mark.parametrize(("working", "counts"), [(True, 1), (False, 0)])
def test_positions_are_counted_once_and_only_where_they_are_shown(
    library: Library, queue_status: QueueStatus, worker_process: FakeWorkerProcess, working: bool, counts: int
) -> None:
    worker_process.running = working
    generations = [library.app.queries.get_generation(queued(library)) for _ in range(5)]
    with statements(library) as asked:
        assert all(each.waiting_for for each in queue_status.explained(generations)[1:])
    assert sum("not_before" in sql for sql in asked) == counts


def test_the_queue_asks_as_often_for_many_as_for_few(library: Library, queue_status: QueueStatus) -> None:
    asked = []
    for _ in range(2):
        for engine in ("offline", "huggingface") * 5:
            queued(library, engine=engine)
        with statements(library) as said:
            list(queue_status.queue(limit=None))
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_only_what_waits_is_explained(library: Library, queue_status: QueueStatus) -> None:
    for lease in (claimed(library), inline(library)):
        generation = library.app.queries.get_generation(lease.id)
        assert queue_status.explained([generation]) == [generation]


def test_the_queue_shows_what_is_made_and_then_what_waits_in_its_order(
    library: Library, queue_status: QueueStatus
) -> None:
    made = claimed(library)
    low, high = queued(library), queued(library, priority=5)
    poor, next_ = queued(library, priority=9, credential="xyz"), queued(library)
    entries = list(queue_status.queue(limit=9))
    assert [entry.id for entry in entries] == [made.id, poor, high, low, next_]
    assert [entry.generation.waiting_for for entry in entries] == [
        *(None, "credential xyz", "its turn", "its turn, behind 1", "its turn, behind 2")
    ]
    assert [entry.expected_at for entry in entries] == [None] * 5  # nobody knows how long one takes
    assert [entry.id for entry in queue_status.queue(limit=2)] == [made.id, poor]


def test_ends_are_expected_as_the_latest_took(library: Library, queue_status: QueueStatus) -> None:
    for _ in range(3):
        Driver(library, lambda _n, _watch: None).make(claimed(library))
    run_sql(
        library.home,
        "UPDATE generations SET started_at = '2026-01-01T00:00:00.000000Z',"
        " finished_at = '2026-01-01T00:10:00.000000Z'",
    )
    fresh, overdue = claimed(library), claimed(library)
    run_sql(
        library.home,
        "UPDATE generations SET started_at = '2026-01-01T00:00:00.000000Z' WHERE id = ?",
        overdue.id,
    )
    waits = [queued(library) for _ in range(4)]
    entries = {entry.id: entry for entry in queue_status.queue(limit=9)}
    begun = datetime.now(UTC)

    def minutes(id_: str) -> int:
        expected = entries[id_].expected_at
        assert expected is not None
        return round((datetime.fromisoformat(expected) - begun) / timedelta(minutes=1))

    assert (minutes(fresh.id), minutes(overdue.id)) == (10, 0)
    assert [minutes(id_) for id_ in waits] == [20, 20, 30, 30]  # two at once, behind those under way
    assert all((entry.expected_at or "").endswith("Z") for entry in entries.values())


@pytest.mark.parametrize("under_way", [1, 4])
def test_as_many_are_expected_at_once_as_are_under_way(
    library: Library, queue_status: QueueStatus, under_way: int
) -> None:
    Driver(library, lambda _n, _watch: None).make(claimed(library))
    run_sql(
        library.home,
        "UPDATE generations SET started_at = '2026-01-01T00:00:00.000000Z',"
        " finished_at = '2026-01-01T00:10:00.000000Z'",
    )
    inline(library)  # that is no work of the worker's
    for _ in range(under_way):  # which may make two at once
        claimed(library)
    waits = [queued(library) for _ in range(8)]
    begun = datetime.now(UTC)
    ends = {each.id: each.expected_at or "" for each in queue_status.queue(limit=None)}
    minutes = [round((datetime.fromisoformat(ends[id_]) - begun) / timedelta(minutes=1)) for id_ in waits]
    assert minutes == [20 + 10 * (n // under_way) for n in range(8)]


@pytest.mark.parametrize("leave", [Leave.NO, Leave.WHEN_IDLE, Leave.NOW])
def test_how_the_worker_is_doing(home: Home, library: Library, queue_status: QueueStatus, leave: Leave) -> None:
    claimed(library)
    queued(library)
    queued(library)
    library.app.workers.ask_to_leave(leave)
    home.logs.mkdir()
    home.worker_errors.write_text("Error: of one before.\n")
    status = queue_status.worker()
    assert (status.running, status.leaving, status.process, status.version) == (True, leave > 0, 11, __version__)
    assert (status.concurrency, status.credentials, status.last_failure) == (2, ("abc",), None)
    assert (status.pending, status.processing, status.log) == (2, 1, home.worker_log)
    assert status.as_json()["credentials"] == ["abc"]


def test_how_it_is_doing_without_a_worker(
    home: Home, library: Library, queue_status: QueueStatus, worker_process: FakeWorkerProcess
) -> None:
    worker_process.running = False
    home.logs.mkdir()
    home.worker_errors.write_text("Error: It cannot.\n")
    status = queue_status.worker()
    assert (status.running, status.leaving, status.process, status.started_at) == (False, False, None, None)
    assert (status.pending, status.processing, status.last_failure) == (0, 0, "Error: It cannot.")
    queued(library)
    assert [entry.expected_at for entry in queue_status.queue(limit=9)] == [None]
    assert library.app.queries.count_pending() == 1
