import pytest

from avatar_creator.domain.worker_status import EngineProcessStatus, ProcessState
from avatar_creator.library import Library, open_library
from avatar_creator.storage.workers import Leave, Workers


@pytest.fixture
def workers(library: Library) -> Workers:
    return library.app.workers


def test_there_is_no_worker_at_first(workers: Workers) -> None:
    assert workers.find() is None
    workers.ask_to_leave(Leave.NOW)
    workers.stop_accepting("run_1")
    assert workers.find() is None


def test_a_worker_enters_in_the_place_of_the_one_before(workers: Workers) -> None:
    workers.register("run_1", 11, "1.0", 2)
    workers.ask_to_leave(Leave.NOW)
    workers.stop_accepting("run_1")
    workers.register("run_2", 12, "1.1", 4)
    worker = workers.find()
    assert worker is not None
    assert worker[:7] == (True, Leave.NO, "run_2", 12, "1.1", (), 4)
    assert worker.started_at.endswith("Z")


def test_what_a_worker_can_pay_with_is_noted_for_itself_only(workers: Workers) -> None:
    workers.register("run_1", 11, "1.0", 2, ("abc",))
    entered = workers.find()
    assert entered is not None
    assert entered.credentials == ("abc",)
    found = []
    for runner, credentials in (("run_1", ("abc",)), ("run_1", ("abc", "xyz")), ("run_0", ("of one that left",))):
        workers.record_credentials(runner, credentials)
        worker = workers.find()
        assert worker is not None
        found.append(worker.credentials)
    assert found == [("abc",), ("abc", "xyz"), ("abc", "xyz")]


def test_so_are_its_engine_processes(workers: Workers) -> None:
    workers.register("run_1", 11, "1.0", 2)
    processes = [
        EngineProcessStatus("here", "offline", ProcessState.BUSY, 3, {"host": "desk"}),
        EngineProcessStatus("ssh gpu2 avatar engine-process", "offline", ProcessState.BROKEN, why="It is gone."),
    ]
    workers.record_engine_processes("run_0", processes[:1])
    workers.record_engine_processes("run_1", processes)
    worker = workers.find()
    assert worker is not None
    assert worker.engine_processes == tuple(processes)
    workers.register("run_2", 12, "1.0", 2)
    worker = workers.find()
    assert worker is not None
    assert worker.engine_processes == ()


def test_only_the_worker_itself_stops_accepting(workers: Workers) -> None:
    workers.register("run_1", 11, "1.0", 2)
    accepting = []
    for runner in ("run_0", "run_1"):
        workers.stop_accepting(runner)
        worker = workers.find()
        assert worker is not None
        accepting.append(worker.accepting)
    assert accepting == [True, False]


def test_a_worker_that_is_to_leave_soon_is_not_asked_to_take_its_time(workers: Workers) -> None:
    workers.register("run_1", 11, "1.0", 2)
    found = []
    for when in (Leave.WHEN_IDLE, Leave.NO, Leave.AT_ONCE, Leave.NOW):
        workers.ask_to_leave(when)
        worker = workers.find()
        assert worker is not None
        found.append(worker.leave)
    assert found == [Leave.WHEN_IDLE, Leave.WHEN_IDLE, Leave.AT_ONCE, Leave.AT_ONCE]


def test_changes_of_others_are_seen_and_not_ones_own(library: Library, workers: Workers) -> None:
    before = workers.changes()
    library.app.generations.ensure_project("mine")
    assert workers.changes() == before
    with open_library(library.home.root) as other:
        other.app.generations.ensure_project("theirs")
    assert workers.changes() != before
