"""What waits for the worker: who takes it up, and what becomes of those who lost it."""

import subprocess
import sys
import threading
from collections import Counter

import pytest
from avatar_rows import (
    RUNNER,
    begin,
    claimed,
    column,
    ensure_project,
    events,
    generated_avatar,
    new_generation,
    queued,
    rows,
)

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Charge, Lease, Leases
from sql import run_sql

FAILED = Failure("engine", "The engine is ill.", "Try another.")
PAID, AGAIN = Charge("fal-ai", "flux/dev", rerolled=False), Charge("replicate", "flux", rerolled=True)
CLAIM_ALL = """
import sys
from avatar_creator.library import open_library
with open_library(sys.argv[1]) as library:
    print("ready", flush=True)
    sys.stdin.readline()
    while taken := library.app.leases.claim(sys.argv[2], [], idle=True):
        print(taken.lease.id, taken.lease.fence, flush=True)
"""


@pytest.fixture
def leases(library: Library) -> Leases:
    return library.app.leases


def claim(leases: Leases, *credentials: str, idle: bool = True, without: tuple[str, ...] = ()) -> str | None:
    taken = leases.claim(RUNNER, credentials, idle=idle, without=without)
    return taken and taken.lease.id


def state(library: Library, id_: str) -> tuple[object, ...]:
    (values,) = rows(library.home.database, "SELECT * FROM generations WHERE id = ?", id_)
    return (*values, *rows(library.home.database, "SELECT * FROM generation_events WHERE generation_id = ?", id_))


# -- whose turn it is


def test_what_waits_is_queued_and_nobodys(library: Library) -> None:
    id_ = queued(library, priority=3, credential="abc", not_before="2020", after_id="gen_x", on_done=["true", "1"])
    names = "status, stage, progress, attempt, fence, runner, owner, started_at, finished_at, on_done, priority"
    assert column(library, id_, names) == (*("pending", "queued", 0, 0, 0, None, None, None, None, '["true", "1"]', 3),)
    assert column(library, id_, "credential, not_before, after_id") == ("abc", "2020", "gen_x")
    assert events(library, id_) == ["queued"]


def test_whoever_takes_it_up_gets_all_that_was_asked(library: Library, leases: Leases) -> None:
    new = new_generation(ensure_project(leases), seed=7)
    library.app.generations.add(new)
    taken = leases.claim(RUNNER, [], idle=True)
    assert taken is not None
    assert taken.request == new.request
    assert taken.lease == Lease(new.id, new.avatar_id, new.project_id, new.engine, 7, RUNNER, fence=1, attempt=0)
    names = "status, stage, progress, attempt, runner, fence"
    assert column(library, new.id, names) == ("processing", "started", 10, 0, RUNNER, 1)
    assert column(library, new.id, "started_at") == column(library, new.id, "updated_at")
    assert (claim(leases), events(library, new.id)) == (None, ["queued", "begun"])


def test_the_highest_priority_goes_first_and_the_oldest_of_it(library: Library, leases: Leases) -> None:
    ids = [queued(library, priority=priority) for priority in (0, -5, 9, 0, 9)]
    assert [claim(leases) for _ in range(6)] == [ids[2], ids[4], ids[0], ids[3], ids[1], None]


def test_none_is_made_before_its_time(library: Library, leases: Leases) -> None:
    later = queued(library, priority=5, not_before=now(after_s=3600))
    due = queued(library, not_before=now(after_s=-1))
    assert [claim(leases), claim(leases)] == [due, None]
    assert column(library, later, "status") == "pending"


def test_a_follower_waits_until_the_first_is_completed(library: Library, leases: Leases) -> None:
    first = queued(library)
    follower = queued(library, priority=9, after_id=first)
    taken = leases.claim(RUNNER, [], idle=True)
    assert taken is not None
    assert (taken.lease.id, claim(leases)) == (first, None)
    leases.complete(taken.lease, generated_avatar(taken.lease.project_id, taken.lease))
    assert claim(leases) == follower


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_follower_of_what_was_not_completed_is_never_made(library: Library, leases: Leases, status: Status) -> None:
    first = claimed(library)
    queued(library, after_id=first.id)
    queued(library, after_id="gen_nobody")
    leases.end(first, status, FAILED)
    assert claim(leases) is None


def test_only_what_can_be_paid_is_taken_up(library: Library, leases: Leases) -> None:
    dear = queued(library, priority=1, credential="abc")
    free = queued(library)
    assert [claim(leases), claim(leases), claim(leases, "xyz")] == [free, None, None]
    assert claim(leases, "xyz", "abc") == dear


def test_busy_engines_are_passed_over(library: Library, leases: Leases) -> None:
    busy = queued(library, priority=1, engine="huggingface")
    drawn = queued(library)
    assert claim(leases, without=("huggingface",)) == drawn
    assert [claim(leases, without=("huggingface", "offline")), claim(leases)] == [None, busy]


def test_what_was_interrupted_twice_is_taken_up_by_the_idle_only_and_blocks_those_behind_it(
    library: Library, leases: Leases
) -> None:
    killer = claimed(library)
    leases.interrupt(killer)
    assert claim(leases, idle=False) == killer.id, "once is no reason to be made alone"
    (killer,) = leases.find_running()
    leases.interrupt(killer)
    behind, before = queued(library), queued(library, priority=1)
    assert claim(leases, idle=False) == before
    assert claim(leases, idle=False) is None
    assert [claim(leases), claim(leases, idle=False)] == [killer.id, behind]


def test_once_is_enough_where_the_next_crash_would_be_its_last(library: Library, leases: Leases) -> None:
    leases.interrupt(claimed(library))
    behind = queued(library)
    assert leases.claim(RUNNER, [], idle=False, crashes_most=0) is None
    assert leases.claim(RUNNER, [], idle=True, crashes_most=0) is not None
    assert claim(leases, idle=False) == behind


def test_what_was_interrupted_blocks_nobody_while_it_cannot_be_made_itself(library: Library, leases: Leases) -> None:
    killer = claimed(library)
    leases.interrupt(killer)
    run_sql(library.home, "UPDATE generations SET credential = 'abc'")
    behind = queued(library)
    assert claim(leases, idle=False) == behind


def test_many_processes_take_each_up_once(home: Home, library: Library) -> None:
    ids = [queued(library) for _ in range(60)]
    command = [sys.executable, "-c", CLAIM_ALL, str(home.root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    claimers = [subprocess.Popen([*command, f"run_{n}"], text=True, **pipes) for n in range(4)]  # type: ignore[call-overload]
    try:
        for claimer in claimers:
            assert claimer.stdout.readline() == "ready\n"
        for claimer in claimers:
            claimer.stdin.write("go\n")
            claimer.stdin.flush()
        lines = [line for claimer in claimers for line in claimer.communicate(timeout=60)[0].splitlines()]
    finally:
        for claimer in claimers:
            claimer.kill()
            claimer.wait(10)
    assert Counter(lines) == Counter(f"{id_} 1" for id_ in ids)


def test_threads_with_libraries_of_their_own_take_each_up_once(home: Home, library: Library) -> None:
    ids = [queued(library) for _ in range(30)]
    begin, taken = threading.Barrier(4), list[str]()

    def work(runner: str) -> None:
        with open_library(home.root) as own:
            begin.wait(30)
            while found := own.app.leases.claim(runner, [], idle=True):
                taken.append(found.lease.id)

    threads = [threading.Thread(target=work, args=(f"run_{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == ids


# -- put back


def test_what_is_released_waits_again_and_counts_the_calls_that_ended(library: Library, leases: Leases) -> None:
    lease = claimed(library)
    leases.advance(lease, Progress(lease.id, Stage.GENERATING, 45, attempt=2))
    assert leases.release(lease, 1) is True
    names = "status, stage, progress, attempt, runner, interruptions, fence, waiting_for"
    assert column(library, lease.id, names) == ("pending", "queued", 0, 1, None, 0, 1, None)
    assert leases.release(lease, 0) is False
    assert column(library, lease.id, "attempt") == 1
    assert events(library, lease.id) == ["queued", "begun", "released"]
    again = leases.claim("run_2", [], idle=False)
    assert again is not None
    assert (again.lease.fence, again.lease.attempt, again.lease.runner) == (2, 1, "run_2")


def test_what_is_interrupted_waits_again_and_counts_it(library: Library, leases: Leases) -> None:
    lease = claimed(library)
    leases.advance(lease, Progress(lease.id, Stage.GENERATING, 45, attempt=1))
    assert [leases.interrupt(lease), leases.interrupt(lease)] == [True, False]
    names = "status, stage, progress, attempt, runner, interruptions"
    assert column(library, lease.id, names) == ("pending", "queued", 0, 1, None, 1)
    again = leases.claim(RUNNER, [], idle=True)
    assert again is not None
    assert (again.lease.interruptions, again.lease.attempt, again.lease.fence) == (1, 1, 2)
    assert events(library, lease.id) == ["queued", "begun", "interrupted", "begun"]


# -- whoever lost it


@pytest.fixture
def lost(library: Library, leases: Leases) -> Lease:
    """A lease that is lost: another process has claimed the generation since."""
    lease = claimed(library)
    leases.release(lease, 0)
    assert leases.claim("run_heir", [], idle=True) is not None
    return lease


def test_whoever_lost_it_changes_nothing(library: Library, leases: Leases, lost: Lease) -> None:
    before = state(library, lost.id)
    leases.advance(lost, Progress(lost.id, Stage.SAVING, 70, attempt=3))
    assert not leases.end(lost, Status.FAILED, FAILED)
    assert not leases.release(lost, 5)
    assert not leases.interrupt(lost)
    with pytest.raises(StorageError, match="ended or deleted by another process"):
        leases.complete(lost, generated_avatar(lost.project_id, lost))
    assert state(library, lost.id) == before
    assert rows(library.home.database, "SELECT count(*) FROM avatars") == [(0,)]


def test_what_the_next_holder_completes_is_not_whose_it_was(leases: Leases, lost: Lease) -> None:
    (next_lease,) = leases.find_running()
    leases.complete(next_lease, generated_avatar(next_lease.project_id, next_lease))
    assert (leases.is_completed(next_lease), leases.is_completed(lost)) == (True, False)


def test_what_was_charged_to_whoever_lost_it_is_counted_once(library: Library, leases: Leases, lost: Lease) -> None:
    (next_lease,) = leases.find_running()
    leases.charge(next_lease, [PAID])
    for charges, counted in (([PAID], 0), ([PAID], 1), ([PAID, AGAIN], 1), ([PAID, AGAIN], 2)):
        leases.charge(lost, charges, counted)
    tally = "SELECT provider, model, pictures, rerolled FROM charge_tally ORDER BY provider"
    assert rows(library.home.database, tally) == [("fal-ai", "flux/dev", 2, 0), ("replicate", "flux", 1, 1)]
    assert column(library, lost.id, "pictures") == 1


def test_what_was_charged_before_it_was_put_back_is_not_counted_again(library: Library, leases: Leases) -> None:
    lease = claimed(library)
    leases.charge(lease, [PAID])
    leases.interrupt(lease)
    again = leases.claim(RUNNER, [], idle=True)
    assert again is not None
    assert again.lease.pictures == 1
    for charges in ([], [AGAIN], [AGAIN]):
        leases.charge(again.lease, charges)
    assert column(library, lease.id, "pictures") == 2
    assert events(library, lease.id).count("charged") == 2


def test_a_charge_of_the_next_holder_is_not_lost_over_one_reported_late(
    library: Library, leases: Leases, lost: Lease
) -> None:
    """Who lost it reports late, when the next holder has reported nothing yet: neither picture is forgotten."""
    (next_lease,) = leases.find_running()
    leases.charge(lost, [AGAIN], 0)
    leases.charge(next_lease, [PAID], 0)
    assert rows(library.home.database, "SELECT sum(pictures) FROM charge_tally") == [(2,)]
    assert events(library, lost.id).count("charged") == 2


# -- what its maker learns


def test_a_runner_learns_what_is_still_its_own_and_what_is_to_stop(library: Library, leases: Leases) -> None:
    mine, other, ended = claimed(library), claimed(library), claimed(library)
    leases.end(ended, Status.FAILED, FAILED)
    library.app.generations.cancel(other.id)
    begin(leases, new_generation(mine.project_id), "run_other")
    assert leases.wanted(RUNNER) == {mine.id: False, other.id: True}
    assert leases.wanted("run_nobody") == {}


def test_what_happens_is_noted(library: Library, leases: Leases) -> None:
    lease = claimed(library)
    begun = Progress(lease.id, attempt=0)
    asked = begun._replace(attempt=1)
    leases.advance(lease, asked, begun)
    leases.advance(lease, asked._replace(percent=40), asked)
    leases.charge(lease, [PAID])
    leases.end(lease, Status.FAILED, FAILED)
    found = [(event.event, event.said) for event in library.app.queries.find_events(lease.id, after=1)]
    assert found == [
        ("begun", "by the worker"),
        ("asked", "attempt 1"),
        ("charged", "by fal-ai (flux/dev)"),
        ("failed", "The engine is ill."),
    ]


def test_a_transaction_left_open_by_ctrl_c_is_undone_first(library: Library, leases: Leases) -> None:
    id_ = queued(library)
    library.app._connection.execute("BEGIN IMMEDIATE")
    library.app._connection.execute("DELETE FROM generations")
    with leases.together():
        pass
    assert column(library, id_, "status") == "pending"
