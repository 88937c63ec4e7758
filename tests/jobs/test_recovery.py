"""What becomes of generations whose process was killed: each rule by itself."""

from collections.abc import Callable
from itertools import chain

import pytest
from scripted import RUNNER, claimed, inline, queued, reclaimed

from avatar_creator.domain import records
from avatar_creator.domain.records import Status
from avatar_creator.engines import ENGINES
from avatar_creator.engines.table import Apart, Entry
from avatar_creator.jobs.recovery import Recovery
from avatar_creator.library import Library
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.responses import SavedResponse


@pytest.fixture
def recovery(library: Library) -> Recovery:
    stores, runners = lambda: library.app.stores, library.home.runners
    return Recovery(library.app.leases, library.app.generations, stores, runners, lambda: 3)


def killed(library: Library, times: int = 0, attempt: int = 0) -> Lease:
    """A generation whose worker is killed, after ``times`` others, with so many calls made."""
    lease = claimed(library)
    for _ in range(times):
        library.app.leases.interrupt(lease)
        lease = reclaimed(library, lease.id)
    if attempt:
        library.app.leases.release(lease, attempt)
        lease = reclaimed(library, lease.id)
    return lease


def status(library: Library, lease: Lease) -> Status | None:
    return library.app.queries.find_status(lease.id)


def test_what_a_living_process_works_on_is_left_to_it(library: Library, recovery: Recovery) -> None:
    with ProcessLock(library.home.runners) as runner:
        mine = [claimed(library, runner.id), inline(library, runner.id)]
        assert recovery.recover() == 0
        assert [recovery.is_orphan(lease) for lease in mine] == [False, False]
    assert [status(library, lease) for lease in mine] == [Status.PROCESSING] * 2
    assert recovery.recover() == 2


def test_what_the_worker_made_waits_again(library: Library, recovery: Recovery) -> None:
    lease, told = killed(library), dict[str, str]()
    assert recovery.recover(told.__setitem__) == 1
    assert (status(library, lease), told) == (Status.PENDING, {lease.id: "waits again"})
    assert recovery.recover() == 0


def test_what_its_command_waited_for_has_failed(library: Library, recovery: Recovery) -> None:
    lease = inline(library)
    assert recovery.recover_one(lease) == "has failed"
    error = library.app.queries.get_generation(lease.id).error
    assert error == (
        "interrupted",
        "The process that made the picture was killed.",
        f"To make it after all: avatar retry {lease.id}",
    )


@pytest.mark.parametrize("detached", [False, True])
def test_what_was_to_stop_is_cancelled(library: Library, recovery: Recovery, detached: bool) -> None:
    lease = claimed(library) if detached else inline(library)
    library.app.generations.cancel(lease.id)
    assert recovery.recover() == 1
    generation = library.app.queries.get_generation(lease.id)
    assert (generation.status, generation.error) == (Status.CANCELLED, records.cancelled(lease.id))


@pytest.mark.parametrize(
    ("times", "attempt", "answered", "expected"),
    [
        (0, 0, False, Status.PENDING),
        (1, 0, False, Status.PENDING),
        (2, 0, False, Status.FAILED),  # it was killed three times
        (0, 2, False, Status.PENDING),
        (0, 3, False, Status.FAILED),  # nobody may be asked once more
        (0, 3, True, Status.PENDING),  # and nobody has to be
        (2, 3, True, Status.FAILED),
    ],
)
def test_what_was_tried_often_enough_is_given_up(
    library: Library, recovery: Recovery, times: int, attempt: int, answered: bool, expected: Status
) -> None:
    lease = killed(library, times, attempt)
    if answered:
        library.app.responses.save(lease.id, SavedResponse(1, b"it is here"))
    recovery.recover()
    assert status(library, lease) is expected
    if expected is Status.FAILED:
        error = library.app.queries.get_generation(lease.id).error
        assert error is not None
        words = f"{times + 1} times" if times else "once"
        assert error.message.startswith(f"The worker was killed {words} while it made the picture")
        assert f"asked for {attempt} times" in error.message


@pytest.mark.parametrize(("times", "expected"), [(8, Status.PENDING), (9, Status.FAILED)])
def test_what_another_process_makes_is_given_up_when_ten_workers_were_killed(
    library: Library, recovery: Recovery, monkeypatch: pytest.MonkeyPatch, times: int, expected: Status
) -> None:
    """The system may have killed them with that process, for want of memory."""
    monkeypatch.setitem(ENGINES, "scripted", Entry("scripted:Scripted", apart=Apart.ALWAYS))
    lease = killed(library, times)
    recovery.recover()
    assert status(library, lease) is expected


def test_whoever_takes_care_of_it_second_changes_nothing(library: Library, recovery: Recovery) -> None:
    lease = killed(library)
    recovery.recover_one(lease)
    next_lease = reclaimed(library, lease.id)
    recovery.recover_one(lease)
    assert library.app.leases.find_running() == [next_lease]


def cancelled(library: Library, id_: str) -> Status:
    library.cancel([id_])
    return library.generations.get(id_).status


# What a program or a command may ask, and the answer where the process that made the only generation was killed.
QUESTIONS: dict[str, tuple[Callable[[Library, str], object], object]] = {
    "status": (lambda library, id_: [each.status for each in library.status([id_])], [Status.FAILED]),
    "status of all": (lambda library, _: [each.status for each in library.status()], [Status.FAILED]),
    "watch": (lambda library, id_: [each.status for each in chain(*library.watch([id_]))], [Status.FAILED]),
    "wait": (lambda library, id_: [each.status for each in library.wait([id_])], [Status.FAILED]),
    "queue": (lambda library, _: list(library.queue()), []),
    "worker": (lambda library, _: library.worker.status().processing, 0),
    "ids": (lambda library, id_: library.generations.find_ids([Status.FAILED]) == [id_], True),
    "cancel": (cancelled, Status.CANCELLED),
}


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_whoever_asks_how_it_is_doing_need_not_think_of_processes_that_were_killed(
    library: Library, question: str, begun: bool
) -> None:
    ask, answer = QUESTIONS[question]
    assert ask(library, inline(library).id if begun else queued(library, owner=RUNNER)) == answer


@pytest.mark.parametrize(
    ("row", "may_be"),
    [
        (Entry("scripted:Scripted"), True),
        (Entry("scripted:Scripted", apart=Apart.MANY), True),
        (Entry("scripted:Scripted", apart=Apart.ALWAYS), False),
        (Entry("scripted:Scripted", fingerprint="scripted:fingerprint"), True),
    ],
)
def test_only_what_the_worker_makes_itself_may_have_killed_it(
    library: Library, recovery: Recovery, monkeypatch: pytest.MonkeyPatch, row: Entry, may_be: bool
) -> None:
    monkeypatch.setitem(ENGINES, "scripted", row)
    assert recovery.may_be_cause(killed(library, times=2)) is may_be
    assert not recovery.may_be_cause(claimed(library))
