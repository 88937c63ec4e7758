import json
from dataclasses import replace
from typing import Any

import pytest
from avatar_rows import (
    RUNNER,
    add_generated,
    begin,
    ensure_project,
    generated_avatar,
    new_avatar,
    new_generation,
    opened,
    rows,
)

from avatar_creator.domain.progress import Progress, Wait
from avatar_creator.domain.records import Failure, Stage, Status
from avatar_creator.errors import AvatarError, NotFound, StorageError
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Charge, Lease, Leases

FAILED = Failure("engine", "The engine is ill.", "Try another.")


@pytest.fixture
def leases(library: Library) -> Leases:
    return library.app.leases


@pytest.fixture
def project_id(leases: Leases) -> str:
    return ensure_project(leases)


@pytest.fixture
def lease(leases: Leases, project_id: str) -> Lease:
    return begin(leases, new_generation(project_id), RUNNER)


def row(home: Home, id_: str) -> dict[str, Any]:
    names = [column[1] for column in rows(home.database, "PRAGMA table_info(generations)")]
    (values,) = rows(home.database, "SELECT * FROM generations WHERE id = ?", id_)
    return dict(zip(names, values, strict=True))


# -- the project that is made on first use


def test_a_project_is_made_on_first_use_and_found_afterwards(home: Home, leases: Leases) -> None:
    first = ensure_project(leases)
    with open_library(home.root) as other:
        assert other.app.generations.ensure_project("DEFAULT") == first
    assert rows(home.database, "SELECT id, name, description FROM projects") == [(first, "default", None)]


# -- from the first moment


def test_a_generation_begins_as_processing(home: Home, project_id: str, lease: Lease) -> None:
    assert lease.id.startswith("gen_")
    assert lease.avatar_id.startswith("av_")
    begun = row(home, lease.id)
    assert json.loads(begun.pop("request")) == new_generation(project_id).request
    assert begun == {
        "id": lease.id,
        "project_id": project_id,
        "avatar_id": lease.avatar_id,
        "status": "processing",
        "stage": "started",
        "progress": 10,
        "attempt": 0,
        "engine": "offline",
        "model": "avataaars",
        "provider": None,
        "seed": 42,
        "runner": RUNNER,
        "waiting_for": None,
        "waiting_until": None,
        "pictures": 0,
        "error_code": None,
        "error_message": None,
        "error_hint": None,
        "created_at": begun["created_at"],
        "started_at": begun["started_at"],
        "updated_at": begun["started_at"],
        "finished_at": None,
        "fence": 1,
        "priority": 0,
        "not_before": None,
        "after_id": None,
        "credential": None,
        "interruptions": 0,
        "stop_asked": 0,
        "on_done": None,
        "hook_started": 0,
        "owner": RUNNER,
        "batch_id": None,
        "not_shown": None,
        "recipe_hash": None,
        "persona_id": None,
        "version": 1,
        "paid": 0,
        "price_usd": None,
        "cost_usd": None,
        "error_ends_run": 0,
        "output_path": None,
        "output_folder": None,
        "output_replace": 0,
        "output_written": 0,
        "output_error": None,
        "again": 0,
        "unasked": 0,
        "reserved": 0,
        "call_open": 0,
        "preset": None,
        "fallback": None,
        "fell_back": None,
        "replaces": 0,
        "rejected": 0,
    }
    assert begun["started_at"] > begun["created_at"]


def test_what_a_worker_asks_all_day_is_served_by_the_index_of_the_few(library: Library) -> None:
    """However many wait or have ended: none of the rest is read, and nothing is sorted."""
    connection, asked = library.app._connection, list[str]()
    library.app.generations.add(new_generation(ensure_project(library.app.leases), not_before=now(after_s=3600)))
    connection.set_trace_callback(asked.append)
    library.app.leases.claim(RUNNER, ["abc"], idle=True, without=["huggingface"])
    library.app.leases.claim_owned(RUNNER, without=["offline"])
    library.app.leases.wanted(RUNNER)
    library.app.generations.find_owners()
    library.app.generations.find_hooks()
    library.app.generations.fail_followers()
    connection.set_trace_callback(None)
    plans = [
        " ".join(row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in asked
        if "generations" in sql and not sql.startswith("--")
    ]
    indexes = ["kinds", "kinds", "owned", "running", "owned", "hooks", "after"]
    for plan, index in zip(plans, indexes, strict=True):
        assert f"INDEX generations_{index}" in plan
        assert "TEMP B-TREE" not in plan


def test_a_generation_of_a_project_that_is_gone_does_not_begin(home: Home, leases: Leases) -> None:
    with pytest.raises(NotFound, match="was deleted meanwhile"):
        begin(leases, new_generation("prj_nobody"), RUNNER)
    assert rows(home.database, "SELECT count(*) FROM generations") == [(0,)]


def test_progress_is_written(home: Home, leases: Leases, lease: Lease) -> None:
    leases.advance(lease, Progress(lease.id, Stage.GENERATING, 45))
    advanced = row(home, lease.id)
    assert (advanced["stage"], advanced["progress"], advanced["status"]) == ("generating", 45, "processing")
    assert advanced["updated_at"] > advanced["created_at"]


def test_waiting_is_written_and_cleared_by_whatever_comes_next(
    home: Home, leases: Leases, project_id: str, lease: Lease
) -> None:
    other = begin(leases, new_generation(project_id), RUNNER)
    wait = Wait("rate limit of fal-ai", "2026-01-02T03:04:05.000000Z", 12.0)
    for each in (lease, other):
        leases.advance(each, Progress(each.id, Stage.WAITING, 45, attempt=2, wait=wait))
        waiting = row(home, each.id)
        assert (waiting["stage"], waiting["progress"], waiting["attempt"]) == ("waiting", 45, 2)
        assert (waiting["waiting_for"], waiting["waiting_until"]) == wait[:2]
    leases.advance(lease, Progress(lease.id, Stage.GENERATING, 45, attempt=2))
    leases.end(other, Status.FAILED, FAILED)
    for each in (lease, other):
        assert (row(home, each.id)["waiting_for"], row(home, each.id)["waiting_until"]) == (None, None)


def test_changes_made_together_are_seen_together(home: Home, leases: Leases, project_id: str, lease: Lease) -> None:
    with leases.together():
        leases.advance(lease, Progress(lease.id, Stage.SAVING, 70))
        begin(leases, new_generation(project_id), RUNNER)
        assert rows(home.database, "SELECT stage FROM generations") == [("started",)]
    assert rows(home.database, "SELECT stage FROM generations ORDER BY id") == [("saving",), ("started",)]


def test_one_that_fails_of_changes_made_together_is_undone_alone(
    home: Home, leases: Leases, project_id: str, lease: Lease
) -> None:
    with leases.together():
        leases.advance(lease, Progress(lease.id, Stage.SAVING, 70))
        with pytest.raises(AvatarError, match="constraint failed"):
            leases.complete(lease, generated_avatar(project_id, lease, name=None))
    assert (row(home, lease.id)["status"], row(home, lease.id)["stage"]) == ("processing", "saving")


def test_changes_made_together_are_undone_together(home: Home, leases: Leases, lease: Lease) -> None:
    with pytest.raises(KeyboardInterrupt), leases.together():  # noqa: PT012 - what is undone, and by what
        leases.advance(lease, Progress(lease.id, Stage.SAVING, 70))
        raise KeyboardInterrupt
    assert row(home, lease.id)["stage"] == "started"
    leases.advance(lease, Progress(lease.id, Stage.SAVING, 70))  # and the connection is as good as before
    assert row(home, lease.id)["stage"] == "saving"


# -- what is paid

PAID, AGAIN = Charge("fal-ai", "flux/dev", rerolled=False), Charge("fal-ai", "flux/dev", rerolled=True)
TALLY = "SELECT engine, provider, model, pictures, rerolled FROM charge_tally"


def test_charges_are_counted_once_however_often_they_are_reported(home: Home, leases: Leases, lease: Lease) -> None:
    for charges in ([PAID], [PAID], [PAID, AGAIN], [PAID, AGAIN]):
        leases.charge(lease, charges)
    leases.end(lease, Status.CANCELLED, FAILED)
    leases.charge(lease, [PAID, AGAIN, AGAIN])
    assert rows(home.database, TALLY) == [("offline", "fal-ai", "flux/dev", 3, 2)]
    assert (row(home, lease.id)["pictures"], row(home, lease.id)["provider"]) == (3, "fal-ai")


def test_what_was_paid_outlives_generations_and_their_project(
    home: Home, library: Library, leases: Leases, project_id: str, lease: Lease
) -> None:
    leases.charge(lease, [PAID])
    with opened(home.database) as connection:
        connection.execute("DELETE FROM generations")
    leases.charge(lease, [PAID, PAID])  # nobody knows any more whose it is
    assert [charged.pictures for charged in library.app.stats.stats().charged] == [1]
    library.app.catalog.remove_project(project_id)
    assert [charged.pictures for charged in library.app.stats.stats().charged] == [1]


def test_the_provider_is_the_one_that_made_the_picture(
    home: Home, leases: Leases, project_id: str, lease: Lease
) -> None:
    other = begin(leases, replace(new_generation(project_id), provider="fal-ai"), RUNNER)
    leases.complete(lease, generated_avatar(project_id, lease), provider="replicate")
    leases.complete(other, generated_avatar(project_id, other))
    assert [row(home, each.id)["provider"] for each in (lease, other)] == ["replicate", "fal-ai"]


def test_those_that_some_process_works_on_are_found(leases: Leases, project_id: str, lease: Lease) -> None:
    others = [begin(leases, new_generation(project_id), f"run_{number}") for number in range(2)]
    leases.end(begin(leases, new_generation(project_id), "run_9"), Status.FAILED, FAILED)
    assert leases.find_running() == [lease, *others]


# -- to the last


def test_completing_inserts_the_avatar_and_ends_the_generation(
    home: Home, library: Library, leases: Leases, project_id: str, lease: Lease
) -> None:
    leases.complete(lease, generated_avatar(project_id, lease))
    ended = row(home, lease.id)
    assert (ended["status"], ended["stage"], ended["progress"], ended["runner"]) == ("completed", "done", 100, None)
    avatar = library.show(lease.avatar_id)
    assert (avatar.generation_id, avatar.created_at) == (lease.id, ended["finished_at"])
    assert ended["finished_at"] == ended["updated_at"] > ended["started_at"]
    assert leases.find_running() == []


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_ending_writes_the_failure_and_where_it_happened(
    home: Home, leases: Leases, lease: Lease, status: Status
) -> None:
    leases.advance(lease, Progress(lease.id, Stage.SAVING, 70))
    assert leases.end(lease, status, FAILED) is True
    ended = row(home, lease.id)
    assert (ended["status"], ended["stage"], ended["progress"], ended["runner"]) == (status, "saving", 70, None)
    assert (ended["error_code"], ended["error_message"], ended["error_hint"]) == FAILED
    assert ended["finished_at"] == ended["updated_at"]


def test_a_completed_generation_is_not_ended_or_moved_again(
    home: Home, leases: Leases, project_id: str, lease: Lease
) -> None:
    leases.complete(lease, generated_avatar(project_id, lease))
    ended = row(home, lease.id)
    assert leases.end(lease, Status.FAILED, FAILED) is False
    leases.advance(lease, Progress(lease.id, Stage.GENERATING, 20))
    with pytest.raises(StorageError, match="ended or deleted by another process"):
        leases.complete(lease, new_avatar(project_id))
    assert row(home, lease.id) == ended
    assert rows(home.database, "SELECT count(*) FROM avatars") == [(1,)]


def test_an_ended_generation_is_not_completed(home: Home, leases: Leases, project_id: str, lease: Lease) -> None:
    leases.end(lease, Status.CANCELLED, FAILED)
    ended = row(home, lease.id)
    with pytest.raises(StorageError, match="ended or deleted by another process") as failed:
        leases.complete(lease, generated_avatar(project_id, lease))
    assert failed.value.exit_code == 6
    assert leases.end(lease, Status.FAILED, FAILED) is False
    assert row(home, lease.id) == ended
    assert rows(home.database, "SELECT count(*) FROM avatars") == [(0,)]


def test_a_generation_whose_project_was_removed_is_not_completed(
    home: Home, library: Library, leases: Leases, project_id: str, lease: Lease
) -> None:
    library.app.catalog.remove_project(project_id)
    with pytest.raises(StorageError, match="ended or deleted by another process"):
        leases.complete(lease, generated_avatar(project_id, lease))
    assert leases.end(lease, Status.FAILED, FAILED) is False
    assert rows(home.database, "SELECT count(*) FROM avatars") == [(0,)]


@pytest.mark.parametrize("fault", ["project", "generation", "name"])
def test_completing_is_all_or_nothing(home: Home, library: Library, project_id: str, lease: Lease, fault: str) -> None:
    taken = add_generated(library, project_id)
    good = generated_avatar(project_id, lease)
    bad = {
        "project": generated_avatar("prj_nobody", lease),
        "generation": generated_avatar(project_id, lease, generation_id=taken.id),
        "name": generated_avatar(project_id, lease, name=None),
    }[fault]
    before = row(home, lease.id)
    with pytest.raises(AvatarError, match=r"constraint failed|was deleted meanwhile"):
        library.app.leases.complete(lease, bad)
    assert row(home, lease.id) == before
    assert [avatar.id for avatar in library.find()] == [taken.avatar_id]
    library.app.leases.complete(lease, good)  # and can still be completed
