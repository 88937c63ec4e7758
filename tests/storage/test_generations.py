import json
import re
import time
from itertools import pairwise

import pytest
from avatar_rows import RUNNER, begin, claimed, column, events, generated_avatar, new_generation, queued, rows

from avatar_creator.domain.records import Failure, Status
from avatar_creator.library import Library
from avatar_creator.storage import portions
from avatar_creator.storage.database import now
from avatar_creator.storage.generations import Generations
from sql import run_sql

FAILED = Failure("engine", "The engine is ill.", "Try another.")
ENDED = [Status.COMPLETED, Status.FAILED, Status.CANCELLED]
WHY = "error_code, error_message, error_hint"


@pytest.fixture
def generations(library: Library) -> Generations:
    return library.app.generations


def ended(library: Library, status: Status, **given: object) -> str:
    """Add a generation of the worker's that ended."""
    lease = claimed(library, **given)
    if status is Status.COMPLETED:
        library.app.leases.complete(lease, generated_avatar(lease.project_id, lease))
    else:
        library.app.leases.end(lease, status, FAILED)
    return lease.id


def status(library: Library, id_: str) -> Status | None:
    return library.app.queries.find_status(id_)


# -- cancel


@pytest.mark.parametrize("at_once", [False, True])
def test_what_waits_is_cancelled(library: Library, generations: Generations, at_once: bool) -> None:
    id_ = queued(library)
    assert generations.cancel(id_, at_once=at_once) is Status.CANCELLED
    why = ("cancelled", "Cancelled by the user.", f"To make it after all: avatar retry {id_}")
    assert column(library, id_, WHY) == why
    assert column(library, id_, "finished_at = updated_at OR finished_at < updated_at") == 1
    assert events(library, id_) == ["queued", "cancelled"]
    assert library.app.leases.claim(RUNNER, [], idle=True) is None


def test_what_is_made_is_asked_to_stop(library: Library, generations: Generations) -> None:
    lease = claimed(library)
    assert [generations.cancel(lease.id), generations.cancel(lease.id)] == [Status.PROCESSING] * 2
    assert column(library, lease.id, "stop_asked, runner, finished_at") == (1, RUNNER, None)
    assert library.app.leases.wanted(RUNNER) == {lease.id: True}
    assert set(events(library, lease.id)) == {"queued", "begun", "stop_asked"}


def test_what_is_made_is_taken_away_at_once_if_that_is_asked(library: Library, generations: Generations) -> None:
    lease = claimed(library)
    assert generations.cancel(lease.id, at_once=True) is Status.CANCELLED
    assert column(library, lease.id, "runner, waiting_for") == (None, None)
    assert not library.app.leases.end(lease, Status.FAILED, FAILED)
    assert library.app.leases.wanted(RUNNER) == {}


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("before", ENDED)
def test_what_has_ended_is_left_as_it_is(
    library: Library, generations: Generations, before: Status, at_once: bool
) -> None:
    id_ = ended(library, before)
    row = column(library, id_, "updated_at, error_code, finished_at, stop_asked")
    noted = events(library, id_)
    assert generations.cancel(id_, at_once=at_once) is before
    assert column(library, id_, "updated_at, error_code, finished_at, stop_asked") == row
    assert events(library, id_) == noted


def test_what_is_gone_is_not_cancelled(generations: Generations) -> None:
    assert generations.cancel("gen_nobody") is None


# -- retry


@pytest.mark.parametrize("before", [Status.FAILED, Status.CANCELLED])
def test_what_is_tried_again_begins_anew(library: Library, generations: Generations, before: Status) -> None:
    lease = claimed(library, not_before="2020", priority=4, credential=None)
    library.app.leases.interrupt(lease)
    again = library.app.leases.claim(RUNNER, [], idle=True)
    assert again is not None
    generations.cancel(lease.id)  # asked to stop
    library.app.leases.end(again.lease, before, FAILED)
    assert generations.retry(lease.id, "abc") is True
    names = "status, stage, progress, attempt, interruptions, stop_asked, not_before, started_at, finished_at"
    assert column(library, lease.id, names) == ("pending", "queued", 0, 0, 0, 0, None, None, None)
    assert column(library, lease.id, WHY) == (None, None, None)
    assert column(library, lease.id, "credential, owner, priority, fence") == ("abc", None, 4, 2)
    assert library.app.queries.find_events(lease.id)[-1][1:] == ("queued", "to be tried again")


def test_what_failed_inline_is_the_workers_when_it_is_tried_again(library: Library, generations: Generations) -> None:
    lease = begin(library.app.leases, new_generation(library.app.generations.ensure_project("default")), RUNNER)
    library.app.leases.end(lease, Status.FAILED, FAILED)
    assert generations.retry(lease.id, None)
    taken = library.app.leases.claim(RUNNER, [], idle=True)
    assert taken is not None
    assert (taken.lease.id, taken.lease.owner, taken.lease.fence) == (lease.id, None, 2)


def test_what_waits_is_only_paid_otherwise(library: Library, generations: Generations) -> None:
    id_ = queued(library, credential="old", not_before="2020")
    assert generations.retry(id_, "new") is True
    assert column(library, id_, "credential, not_before") == ("new", "2020")
    assert events(library, id_) == ["queued"]


def test_what_is_made_or_completed_is_not_tried_again(library: Library, generations: Generations) -> None:
    for id_ in (ended(library, Status.COMPLETED), claimed(library).id, "gen_nobody"):
        before = status(library, id_)
        assert generations.retry(id_, None) is False
        assert status(library, id_) is before


# -- followers


@pytest.mark.parametrize("how", ["failed", "cancelled", "removed", "cancelled while it waits"])
def test_those_behind_fail_with_the_first_however_many(library: Library, generations: Generations, how: str) -> None:
    first = queued(library) if "waits" in how else claimed(library).id
    chain = [first]
    for _ in range(3):
        chain.append(queued(library, after_id=chain[-1]))
    other = queued(library)
    if how == "removed":
        run_sql(library.home, "DELETE FROM generations WHERE id = ?", first)
    elif how == "failed":
        (lease,) = library.app.leases.find_running()
        library.app.leases.end(lease, Status.FAILED, FAILED)
    generations.cancel(first, at_once=True)
    failed = generations.fail_followers()
    assert (failed in {0, 3}, status(library, other)) == (True, Status.PENDING)
    assert [status(library, id_) for id_ in chain[1:]] == [Status.FAILED] * 3
    for before, id_ in pairwise(chain):
        message = f"The generation {before}, which it was to follow, was not completed."
        assert column(library, id_, WHY) == ("after", message, f"To make it all the same: avatar retry {id_}")
        assert column(library, id_, "after_id") is None
        assert library.app.queries.find_events(id_)[-1][1:] == ("failed", message)
    assert generations.fail_followers() == 0


@pytest.mark.parametrize("first", ["pending", "processing", "completed"])
def test_those_behind_what_may_be_completed_wait(library: Library, generations: Generations, first: str) -> None:
    ids = {
        "pending": lambda: queued(library),
        "processing": lambda: claimed(library).id,
        "completed": lambda: ended(library, Status.COMPLETED),
    }
    id_ = queued(library, after_id=ids[first]())
    assert generations.fail_followers() == 0
    assert status(library, id_) is Status.PENDING


# -- what a worker asks


def test_there_is_work_if_any_that_waits_can_be_paid(library: Library, generations: Generations) -> None:
    assert not generations.has_work(["abc"])
    ended(library, Status.FAILED)
    dear = queued(library, credential="abc", not_before=now(after_s=3600))
    assert [generations.has_work([]), generations.has_work(["xyz"]), generations.has_work(["xyz", "abc"])] == [
        False,
        False,
        True,
    ]
    generations.retry(dear, None)
    assert generations.has_work([])


def test_each_credential_that_is_waited_for_is_found_once(library: Library, generations: Generations) -> None:
    for engine, credential in (("huggingface", "abc"), ("huggingface", "abc"), ("huggingface", "x"), ("offline", None)):
        queued(library, engine=engine, credential=credential)
    generations.cancel(queued(library, engine="huggingface", credential="gone"))
    assert sorted(generations.find_credentials(but=[])) == [("huggingface", "abc", {}), ("huggingface", "x", {})]
    assert generations.find_credentials(but=["abc"]) == [("huggingface", "x", {})]


def test_ids_are_found_by_status_and_project(library: Library, generations: Generations) -> None:
    made, failed, waits = ended(library, Status.COMPLETED), ended(library, Status.FAILED), queued(library)
    other = new_generation(library.app.generations.ensure_project("other"))
    library.app.generations.add(other)
    assert generations.find_ids((Status.PENDING,)) == [waits, other.id]
    assert generations.find_ids((Status.COMPLETED, Status.FAILED)) == [made, failed]
    assert generations.find_ids((Status.PENDING, Status.COMPLETED), other.project_id) == [other.id]


# -- hooks


@pytest.mark.parametrize("how", ENDED)
def test_a_hook_is_found_until_it_is_recorded(library: Library, generations: Generations, how: Status) -> None:
    queued(library, on_done=["later"])
    id_ = ended(library, how, on_done=["notify", "a b"], priority=1)
    ended(library, how, priority=1)
    assert generations.find_hooks() == [(id_, how, ["notify", "a b"])]
    generations.record_hook(id_, "notify was started")
    assert generations.find_hooks() == []
    assert library.app.queries.find_events(id_)[-1][1:] == ("on_done", "notify was started")


def test_the_hook_of_what_was_made_inline_is_its_own_process_to_start(
    library: Library, generations: Generations
) -> None:
    new = new_generation(library.app.generations.ensure_project("default"), on_done=["notify"])
    lease = begin(library.app.leases, new, RUNNER)
    assert generations.find_hooks([lease.id]) == []
    library.app.leases.end(lease, Status.FAILED, FAILED)
    assert generations.find_hooks() == []
    assert generations.find_hooks([lease.id]) == [(lease.id, Status.FAILED, ["notify"])]


# -- forgetting


def test_what_ended_long_ago_is_forgotten_and_stays_counted(library: Library, generations: Generations) -> None:
    made, failed = ended(library, Status.COMPLETED), ended(library, Status.FAILED)
    cancelled = ended(library, Status.CANCELLED)
    waits, lease = queued(library), claimed(library, priority=1)
    before = library.app.stats.stats()
    soon = now(after_s=60)
    assert generations.prune(completed_before="2020", failed_before="2020") == 0
    assert generations.prune(completed_before=soon, failed_before="2020") == 1
    assert [status(library, id_) for id_ in (made, failed, cancelled)] == [None, Status.FAILED, Status.CANCELLED]
    assert generations.prune(completed_before="2020", failed_before=soon) == 2
    assert [status(library, id_) for id_ in (failed, cancelled, waits, lease.id)] == [
        None,
        None,
        "pending",
        "processing",
    ]
    after = library.app.stats.stats()
    assert (after.generations, after.avatars) == (before.generations, 1)
    assert rows(library.home.database, "SELECT count(*) FROM generation_events WHERE generation_id = ?", made) == [(0,)]
    assert library.app.queries.find_made_by(made) is not None
    assert generations.prune(completed_before=soon, failed_before=soon) == 0


def test_what_another_or_a_hook_waits_for_is_not_forgotten(library: Library, generations: Generations) -> None:
    first = ended(library, Status.COMPLETED)
    unhooked = ended(library, Status.FAILED, on_done=["notify"])
    follower = queued(library, after_id=first)
    soon = now(after_s=60)
    assert generations.prune(completed_before=soon, failed_before=soon) == 0
    taken = library.app.leases.claim(RUNNER, [], idle=True)
    assert taken is not None
    assert taken.lease.id == follower
    generations.record_hook(unhooked, "done")
    assert generations.prune(completed_before=soon, failed_before=soon) == 2


def test_a_row_has_its_hook_as_json(library: Library) -> None:
    assert json.loads(column(library, queued(library, on_done=["a", "ü"]), "on_done")) == ["a", "ü"]


# -- very many


def test_very_many_are_forgotten_in_short_transactions(
    library: Library, generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [ended(library, how) for how in ENDED for _ in range(3)]
    kept = ended(library, Status.FAILED, on_done=["notify"])
    before = library.app.stats.stats()
    monkeypatch.setattr("avatar_creator.storage.generations._FEW", 2)
    monkeypatch.setattr(portions, "PORTION_S", 0)
    soon = now(after_s=60)
    forgotten = []
    for number in generations.prune_portions(completed_before=soon, failed_before=soon, gap_s=0):
        assert not library.app._connection.in_transaction
        forgotten.append(number)
    assert (sum(forgotten), max(forgotten)) == (len(ids), 2)
    assert [status(library, id_) for id_ in (*ids, kept)] == [None] * len(ids) + [Status.FAILED]
    assert library.app.stats.stats().generations == before.generations


def test_an_interrupt_between_two_portions_leaves_the_rest_for_another_time(
    library: Library, generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [ended(library, Status.FAILED) for _ in range(3)]
    before = library.app.stats.stats()
    monkeypatch.setattr("avatar_creator.storage.generations._FEW", 1)
    monkeypatch.setattr(portions, "PORTION_S", 0)
    monkeypatch.setattr(time, "sleep", interrupted)
    soon = now(after_s=60)
    with pytest.raises(KeyboardInterrupt):
        generations.prune(completed_before=soon, failed_before=soon)
    assert [status(library, id_) for id_ in ids] == [None, Status.FAILED, Status.FAILED]
    assert library.app.stats.stats().generations == before.generations
    monkeypatch.undo()
    assert generations.prune(completed_before=soon, failed_before=soon) == 2


def interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_what_is_written_of_very_many_is_found_by_an_index(library: Library, generations: Generations) -> None:
    first = queued(library)
    queued(library, after_id=first)
    ended(library, Status.COMPLETED, priority=1)
    connection, asked, soon = library.app._connection, list[str](), now(after_s=60)
    connection.set_trace_callback(asked.append)
    generations.cancel_some([first])
    generations.fail_followers()
    generations.prune(completed_before=soon, failed_before=soon)
    connection.set_trace_callback(None)
    plans = {
        sql: " ".join(row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in asked
        if re.match(r"(SELECT|UPDATE|DELETE)\b.*\bgenerations ", sql) and "_tally" not in sql
    }
    assert len(plans) > 6
    for sql, plan in plans.items():
        own = "sqlite_autoindex_generations_1 (id=?)"  # where ids are given: no other index finds them as quickly
        assert own in plan if "FROM json_each" in sql and "after_id IN" not in sql else "INDEX generations_" in plan
        assert "SCAN generations" not in plan
        assert "TEMP B-TREE" not in plan


def test_a_chain_of_followers_fails_to_its_end(
    library: Library, generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = queued(library)
    chain = [first]
    for _ in range(6):
        chain.append(queued(library, after_id=chain[-1]))
    aside = [queued(library, after_id=first) for _ in range(5)]
    generations.cancel(first)
    monkeypatch.setattr("avatar_creator.storage.followers._FEW", 2)
    assert generations.fail_followers() == 11
    assert {status(library, id_) for id_ in (*chain[1:], *aside)} == {Status.FAILED}
    assert generations.fail_followers() == 0


def test_some_are_cancelled_as_one_is(library: Library, generations: Generations) -> None:
    made, lease, waits = ended(library, Status.COMPLETED), claimed(library, priority=1).id, queued(library)
    generations.cancel_some([made, lease, waits, "gen_gone"])
    assert [status(library, id_) for id_ in (made, lease, waits)] == ["completed", "processing", "cancelled"]
    assert [library.app.queries.find_events(id_)[-1].event for id_ in (lease, waits)] == ["stop_asked", "cancelled"]
    generations.cancel_some([lease], at_once=True)
    assert status(library, lease) is Status.CANCELLED
    error = library.app.queries.get_generation(waits).error
    assert error is not None
    assert error.hint == f"To make it after all: avatar retry {waits}"
