"""Waiting for generations, whoever makes them; here the test does, through a connection of its own."""

from collections.abc import Callable, Iterator

import pytest
from scripted import Maker, inline, queued, reclaimed

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Status
from avatar_creator.errors import NotFound, StorageError
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


class Office(WorkerProcess):
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
def office(home: Home, library: Library, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(wait, "_WORKER_S", 0)
    monkeypatch.setattr(wait, "_POLL_S", 0.001)
    return Office(home, library.app.workers)


@pytest.fixture
def waits(home: Home, library: Library, office: Office) -> Waiter:
    enqueue = Submitter(
        library.app.queries,
        library.app.generations,
        office,
        lambda _engine, _options: None,
        lambda: False,
    )
    return Waiter(home, library.app.queries, library.app.workers, library.app.recovery, office, enqueue)


def quiet(_progress: Progress) -> None:
    pass


def made(other: Library, id_: str) -> None:
    Maker(other, lambda _n, _watch: None).make(reclaimed(other, id_))


def acting(*steps: Callable[[], object]) -> Callable[[], bool]:
    """Do one step each time somebody looks whether a worker runs."""
    left = list(steps)

    def act() -> bool:
        if left:
            left.pop(0)()
        return True

    return act


def test_each_is_yielded_in_the_order_given_whatever_ends_first(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [queued(other, priority=priority) for priority in (1, 2, 3)]
    steps = [lambda id_=id_: made(other, id_) for id_ in reversed(ids)]
    monkeypatch.setattr(office, "is_running", acting(*steps))
    found = list(waits.until_ended(ids, quiet))
    assert [waited.id for waited in found] == ids
    for waited in found:
        assert waited.status is Status.COMPLETED
        assert waited.generation is not None
        assert waited.avatar == waited.generation.avatar is not None


def test_progress_is_told_to_the_end(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, told = queued(other), list[Progress]()
    with ProcessLock(other.home.runners) as runner:
        steps = [
            lambda: None,
            lambda: other.app.leases.claim(runner.id, [], idle=True),
            lambda: other.app.leases.end(other.app.leases.find_running()[0], Status.FAILED, FAILED),
        ]
        monkeypatch.setattr(office, "is_running", acting(*steps))
        (waited,) = waits.until_ended([id_], told.append)
    assert (waited.status, waited.avatar) == (Status.FAILED, None)
    assert [(progress.percent, progress.ended) for progress in told] == [(0, False), (10, False), (10, True)]


def lacks(waits: Waiter, ids: list[str]) -> list[str]:
    """Wait a moment, and return what is told to wait for a credential that the worker lacks."""
    told: list[str] = []
    assert not list(waits.until_ended(ids, quiet, on_lack=lambda next_: told.append(next_.id), timeout_s=0.2))
    return told


def test_a_credential_that_the_worker_lacks_is_told_once(other: Library, waits: Waiter, office: Office) -> None:
    office.running = True
    other.app.workers.enter("run_1", 11, "1.0", 2, ("abc",))
    ids = [queued(other, credential=credential) for credential in ("xyz", "abc")]
    assert lacks(waits, ids) == ids[:1]


@pytest.mark.parametrize("why", ["it leaves", "it has left", "another is in line", "it makes it"])
def test_no_lack_is_told_that_is_about_to_end(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    office.running = True
    other.app.workers.enter("run_1", 11, "1.0", 2)
    id_ = queued(other, credential="xyz")
    with ProcessLock(other.home.runners) as runner:
        if why == "it leaves":
            other.app.workers.ask_to_leave(Leave.WHEN_IDLE)
        elif why == "it has left":
            other.app.workers.resign("run_1")
        elif why == "another is in line":
            monkeypatch.setattr(office, "has_standby", lambda: True)
        else:
            other.app.leases.claim(runner.id, ["xyz"], idle=True)
        assert not lacks(waits, [id_])


def test_when_the_time_is_over_what_has_ended_is_yielded_all_the_same(
    other: Library, waits: Waiter, office: Office
) -> None:
    office.running = True
    ended, late, forgotten = queued(other, priority=2), queued(other, credential="xyz"), queued(other, priority=1)
    made(other, ended)
    made(other, forgotten)
    other.app.generations.prune(completed_before=now(after_s=60), failed_before=now())
    found = list(waits.until_ended([late, forgotten, ended], quiet, timeout_s=0))
    assert [(waited.id, waited.avatar is not None) for waited in found] == [(forgotten, True), (ended, True)]


def test_the_time_may_be_over_first(other: Library, waits: Waiter, office: Office) -> None:
    office.running = True
    ended, left = queued(other, priority=1), queued(other)
    made(other, ended)
    assert [waited.id for waited in waits.until_ended([ended, left], quiet, timeout_s=0)] == [ended]
    assert list(waits.until_ended([left], quiet, timeout_s=0.01)) == []


def test_what_is_forgotten_meanwhile_has_its_avatar_still(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, gone = queued(other, priority=1), queued(other)

    def forget() -> None:
        made(other, id_)
        other.app.generations.prune(completed_before=now(after_s=60), failed_before="2020")
        run_sql(other.home, "DELETE FROM generations")

    monkeypatch.setattr(office, "is_running", acting(lambda: None, forget))
    first, second = waits.until_ended([id_, gone], quiet)
    assert (first.status, first.avatar and first.avatar.generation_id) == ("completed", id_)
    assert (second.status, second.generation, second.avatar) == ("cancelled", None, None)
    assert waits.find_ids([id_]) == [id_]
    with pytest.raises(NotFound):
        waits.find_ids([id_, gone])


def test_ids_are_found_by_their_beginnings(other: Library, waits: Waiter) -> None:
    ids = [queued(other), queued(other)]
    assert waits.find_ids([ids[1], ids[0].removeprefix("gen_")]) == [ids[1], ids[0]]


def test_what_is_left_by_a_killed_process_is_noticed_though_nobody_writes(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody but the one who waits sees to it, and one's own writing is no change to oneself."""
    runner = ProcessLock(other.home.runners)
    with runner:
        running = inline(other, runner.id)

        def killed() -> None:
            runner.__exit__(None, None, None)

        monkeypatch.setattr(office, "is_running", acting(lambda: None, lambda: None, killed))
        (waited,) = waits.until_ended([running.id], quiet, timeout_s=30)
    assert waited.generation is not None
    assert waited.generation.error is not None
    assert waited.generation.error.code == "interrupted"


def test_a_worker_is_started_where_none_is(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queued(other)

    def ensure(*, needed: bool, credential: str | None) -> None:
        assert (needed, credential) == (True, None)
        made(other, id_)

    monkeypatch.setattr(office, "ensure", ensure)
    assert [waited.status for waited in waits.until_ended([id_], quiet)] == [Status.COMPLETED]


@pytest.mark.parametrize("said", [None, "Error: The disk is full.\nHint: Empty it.\n"])
def test_a_worker_that_never_comes_is_given_up(
    home: Home, other: Library, waits: Waiter, office: Office, said: str | None
) -> None:
    if said:
        home.logs.mkdir()
        home.worker_errors.write_text(said)
    with pytest.raises(StorageError, match="No worker can be started") as failed:
        list(waits.until_ended([queued(other)], quiet))
    assert failed.value.message == "No worker can be started" + (". It said: Error: The disk is full." if said else ".")
    assert (office.starts, failed.value.hint) == (5, "See what is wrong with: avatar worker run")


def test_a_worker_that_came_and_went_is_started_anew_as_often_as_it_takes(
    other: Library, waits: Waiter, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_, looks = queued(other), list[bool]()

    def comes_and_goes() -> bool:
        looks.append(len(looks) % 2 == 1)
        if len(looks) == 30:
            made(other, id_)
        return looks[-1]

    monkeypatch.setattr(office, "is_running", comes_and_goes)
    assert len(list(waits.until_ended([id_], quiet))) == 1
    assert office.starts > 5


def test_nobody_is_started_for_what_has_ended(other: Library, waits: Waiter, office: Office) -> None:
    ids = [queued(other)]
    made(other, ids[0])
    for _ in range(2):
        assert len(list(waits.until_ended(ids, quiet))) == 1
    assert list(waits.until_ended([], quiet)) == []
    assert office.starts <= 2
