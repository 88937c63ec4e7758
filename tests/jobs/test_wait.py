"""Waiting for generations, whoever makes them; here the test does, through a connection of its own."""

from collections.abc import Callable, Iterator

import pytest
from scripted import Driver, inline, queued, reclaimed

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Status
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.jobs import wait
from avatar_creator.jobs.submit import Submitter
from avatar_creator.jobs.wait import Waiter
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.library import Library, open_library
from avatar_creator.storage.database import now
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.workers import Leave
from sql import run_sql

FAILED = Failure("engine", "It failed.", None)


class FakeWorkerProcess(WorkerProcess):
    """Starts no process; the worker is there when the test says so."""

    running = False
    starts = 0

    def is_running(self) -> bool:
        return self.running

    def ensure(self, *, needed: bool, credential: str | None = None) -> None:
        del needed, credential
        self.starts += 1


@pytest.fixture
def other(library: Library, home: Home) -> Iterator[Library]:
    """Whoever makes what is waited for."""
    library.app.generations.ensure_project("default")
    with open_library(home.root) as opened:
        yield opened


@pytest.fixture
def worker_process(home: Home, library: Library, monkeypatch: pytest.MonkeyPatch) -> FakeWorkerProcess:
    monkeypatch.setattr(wait, "_WORKER_S", 0)
    monkeypatch.setattr(wait, "_POLL_S", 0.001)
    return FakeWorkerProcess(home, library.app.workers)


@pytest.fixture
def waiter(home: Home, library: Library, worker_process: FakeWorkerProcess) -> Waiter:
    submitter = Submitter(
        library.app.queries,
        library.app.generations,
        worker_process,
        lambda _engine, _options: None,
        lambda: False,
    )
    return Waiter(home, library.app.queries, library.app.workers, library.app.recovery, worker_process, submitter)


def quiet(_progress: Progress) -> None:
    pass


def made(other: Library, id_: str) -> None:
    Driver(other, lambda _n, _watch: None).make(reclaimed(other, id_))


def acting(*steps: Callable[[], object]) -> Callable[[], bool]:
    """Do one step each time somebody looks whether a worker runs."""
    left = list(steps)

    def act() -> bool:
        if left:
            left.pop(0)()
        return True

    return act


def test_each_is_yielded_in_the_order_given_whatever_ends_first(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [queued(other, priority=priority) for priority in (1, 2, 3)]
    steps = [lambda id_=id_: made(other, id_) for id_ in reversed(ids)]
    monkeypatch.setattr(worker_process, "is_running", acting(*steps))
    found = list(waiter.until_ended(ids, quiet))
    assert [waited.id for waited in found] == ids
    for waited in found:
        assert waited.status is Status.COMPLETED
        assert waited.generation is not None
        assert waited.avatar == waited.generation.avatar is not None


def test_progress_is_reported_to_the_end(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, reported = queued(other), list[Progress]()
    with ProcessLock(other.home.runners) as runner:
        steps = [
            lambda: None,
            lambda: other.app.leases.claim(runner.id, [], idle=True),
            lambda: other.app.leases.end(other.app.leases.find_running()[0], Status.FAILED, FAILED),
        ]
        monkeypatch.setattr(worker_process, "is_running", acting(*steps))
        (waited,) = waiter.until_ended([id_], reported.append)
    assert (waited.status, waited.avatar) == (Status.FAILED, None)
    assert [(progress.percent, progress.ended) for progress in reported] == [(0, False), (10, False), (10, True)]


def lacks(waiter: Waiter, ids: list[str]) -> list[str]:
    """Wait a moment, and return what is told to wait for a credential that the worker lacks."""
    reported: list[str] = []
    assert not list(waiter.until_ended(ids, quiet, on_lack=lambda next_: reported.append(next_.id), timeout_s=0.2))
    return reported


def test_a_credential_that_the_worker_lacks_is_reported_once(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess
) -> None:
    worker_process.running = True
    other.app.workers.register("run_1", 11, "1.0", 2, ("abc",))
    ids = [queued(other, credential=credential) for credential in ("xyz", "abc")]
    assert lacks(waiter, ids) == ids[:1]


@pytest.mark.parametrize("why", ["it leaves", "it has left", "another stands by", "it makes it"])
def test_no_lack_is_reported_that_is_about_to_end(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    worker_process.running = True
    other.app.workers.register("run_1", 11, "1.0", 2)
    id_ = queued(other, credential="xyz")
    with ProcessLock(other.home.runners) as runner:
        if why == "it leaves":
            other.app.workers.ask_to_leave(Leave.WHEN_IDLE)
        elif why == "it has left":
            other.app.workers.stop_accepting("run_1")
        elif why == "another stands by":
            monkeypatch.setattr(worker_process, "has_standby", lambda: True)
        else:
            other.app.leases.claim(runner.id, ["xyz"], idle=True)
        assert not lacks(waiter, [id_])


def test_when_the_time_is_over_what_has_ended_is_yielded_all_the_same(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess
) -> None:
    worker_process.running = True
    ended, late, forgotten = queued(other, priority=2), queued(other, credential="xyz"), queued(other, priority=1)
    made(other, ended)
    made(other, forgotten)
    other.app.generations.prune(completed_before=now(after_s=60), failed_before=now())
    found = list(waiter.until_ended([late, forgotten, ended], quiet, timeout_s=0))
    assert [(waited.id, waited.avatar is not None) for waited in found] == [(forgotten, True), (ended, True)]


def test_the_time_may_be_over_first(other: Library, waiter: Waiter, worker_process: FakeWorkerProcess) -> None:
    worker_process.running = True
    ended, left = queued(other, priority=1), queued(other)
    made(other, ended)
    assert [waited.id for waited in waiter.until_ended([ended, left], quiet, timeout_s=0)] == [ended]
    assert list(waiter.until_ended([left], quiet, timeout_s=0.01)) == []


def test_what_is_forgotten_meanwhile_has_its_avatar_still(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, gone = queued(other, priority=1), queued(other)

    def forget() -> None:
        made(other, id_)
        other.app.generations.prune(completed_before=now(after_s=60), failed_before="2020")
        run_sql(other.home, "DELETE FROM generations")

    monkeypatch.setattr(worker_process, "is_running", acting(lambda: None, forget))
    first, second = waiter.until_ended([id_, gone], quiet)
    assert (first.status, first.avatar and first.avatar.generation_id) == ("completed", id_)
    assert (second.status, second.generation, second.avatar) == ("cancelled", None, None)


def test_what_is_left_by_a_killed_process_is_noticed_though_nobody_writes(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody but the one who waits sees to it, and one's own writing is no change to oneself."""
    runner = ProcessLock(other.home.runners)
    with runner:
        lease = inline(other, runner.id)

        def killed() -> None:
            runner.__exit__(None, None, None)

        monkeypatch.setattr(worker_process, "is_running", acting(lambda: None, lambda: None, killed))
        (waited,) = waiter.until_ended([lease.id], quiet, timeout_s=30)
    assert waited.generation is not None
    assert waited.generation.error is not None
    assert waited.generation.error.code == "interrupted"


def test_a_worker_is_started_where_none_is(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queued(other)

    def ensure(*, needed: bool, credential: str | None) -> None:
        assert (needed, credential) == (True, None)
        made(other, id_)

    monkeypatch.setattr(worker_process, "ensure", ensure)
    assert [waited.status for waited in waiter.until_ended([id_], quiet)] == [Status.COMPLETED]


@pytest.mark.parametrize("said", [None, "Error: The disk is full.\nHint: Empty it.\n"])
def test_a_worker_that_never_comes_is_given_up(
    home: Home, other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, said: str | None
) -> None:
    if said:
        home.logs.mkdir()
        home.worker_errors.write_text(said)
    with pytest.raises(StorageError, match="No worker can be started") as failed:
        list(waiter.until_ended([queued(other)], quiet))
    assert failed.value.message == "No worker can be started" + (". It said: Error: The disk is full." if said else ".")
    assert (worker_process.starts, failed.value.hint) == (5, "See what is wrong with: avatar worker run")


def test_a_worker_that_came_and_went_is_started_anew_as_often_as_it_takes(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, looks = queued(other), list[bool]()

    def comes_and_goes() -> bool:
        looks.append(len(looks) % 2 == 1)
        if len(looks) == 30:
            made(other, id_)
        return looks[-1]

    monkeypatch.setattr(worker_process, "is_running", comes_and_goes)
    assert len(list(waiter.until_ended([id_], quiet))) == 1
    assert worker_process.starts > 5


def test_nobody_is_started_for_what_has_ended(
    other: Library, waiter: Waiter, worker_process: FakeWorkerProcess
) -> None:
    ids = [queued(other)]
    made(other, ids[0])
    for _ in range(2):
        assert len(list(waiter.until_ended(ids, quiet))) == 1
    assert list(waiter.until_ended([], quiet)) == []
    assert worker_process.starts <= 2
