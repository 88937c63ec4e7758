"""How generations fail, as their rows have it, and what makes them then."""

import json
from typing import Any

import pytest
from scripted import claimed, reclaimed, request

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Status
from avatar_creator.errors import (
    Cancelled,
    EngineError,
    EngineRefused,
    InvalidInput,
    LimitReached,
    NotConfigured,
    StorageError,
)
from avatar_creator.jobs import failures
from avatar_creator.jobs.attempt import Report, Task
from avatar_creator.jobs.failures import Fallbacks, ends_run, failure_of, status_of
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.library import Library
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.responses import SavedResponse
from sql import run_sql

OFFLINE = {"engine": "offline", "model": "avataaars", "request": {"engine": "offline", "options": {}}}
OTHER = {"engine": "other", "model": "m", "request": {"engine": "other", "options": {}}}
REFUSED = EngineRefused("The service refuses this picture.", hint="Ask for another.")
NO_CREDITS = EngineError("No credits.", ends_run=True)


@pytest.fixture
def fallbacks(library: Library) -> Fallbacks:
    return Fallbacks(library.app.leases, library.app.responses)


def falling(library: Library, *engines: dict[str, Any], engine: str = "paid") -> Lease:
    """Take up a generation that these engines make if its own cannot."""
    return claimed(library, engine=engine, fallback=engines)


def row(library: Library, lease: Lease, names: str) -> tuple[Any, ...]:
    (found,) = run_sql(library.home, f"SELECT {names} FROM generations WHERE id = ?", lease.id)
    return found


def in_flight(lease: Lease, **given: Any) -> InFlight:
    progress = Progress(lease.id)
    return InFlight(Task(lease, request()), Report(progress), progress, **given)


def test_a_failure_is_stored_as_the_user_saw_it_without_secrets() -> None:
    token = "hf_" + "Ab1" * 11
    assert failure_of(StorageError("Full.", hint="Empty it."))[:] == ("storage", "Full.", "Empty it.")
    code, message, hint = failure_of(ValueError(f"it was {token}"))
    assert (code, message.startswith("ValueError: it was"), token in message, hint) == ("bug", True, False, None)
    assert [status_of(Cancelled("x")), status_of(ValueError())] == [Status.CANCELLED, Status.FAILED]


@pytest.mark.parametrize("error", [REFUSED, NO_CREDITS, NotConfigured("No token."), InvalidInput("Too long.")])
def test_the_next_engine_makes_what_one_cannot(library: Library, fallbacks: Fallbacks, error: Exception) -> None:
    lease = falling(library, OFFLINE, OTHER)
    flight = in_flight(lease)
    assert (fallbacks.take(flight, error), flight.waits_again) == (True, True)
    assert row(library, lease, "status, engine, model, fell_back, runner") == (
        *("pending", "offline", "avataaars", int(ends_run(error))),
        None,
    )
    assert json.loads(row(library, lease, "fallback")[0]) == [OTHER]
    (failed,) = json.loads(row(library, lease, "request")[0])["fell_back"]
    assert (failed["engine"], failed["message"], failed["ends_run"]) == ("paid", str(error), ends_run(error))
    assert "fell back" in [event.event for event in library.app.queries.find_events(lease.id)]


def test_each_engine_is_asked_in_its_turn_and_after_the_last_it_fails(library: Library, fallbacks: Fallbacks) -> None:
    lease = falling(library, OFFLINE, OTHER)
    for engine in ("offline", "other"):
        assert fallbacks.take(in_flight(lease), REFUSED)
        lease = reclaimed(library, lease.id)
        assert lease.engine == engine
    assert not fallbacks.take(in_flight(lease), REFUSED)
    assert row(library, lease, "status, engine") == ("processing", "other")
    asked = json.loads(row(library, lease, "request")[0])
    assert [failed["engine"] for failed in asked["fell_back"]] == ["paid", "offline"]


@pytest.mark.parametrize(
    "error",
    [Cancelled("Stopped."), LimitReached("No more today."), StorageError("The disk is full."), ValueError("a bug")],
)
def test_what_concerns_every_engine_is_left_to_none(library: Library, fallbacks: Fallbacks, error: Exception) -> None:
    lease = falling(library, OFFLINE)
    assert not fallbacks.take(in_flight(lease), error)
    assert row(library, lease, "status, engine, fell_back") == ("processing", "paid", None)


@pytest.mark.parametrize("given", [{"stop_asked": True}, {"refused": LimitReached("No more today.")}])
def test_what_is_stopped_or_refused_is_left_to_none(
    library: Library, fallbacks: Fallbacks, given: dict[str, Any]
) -> None:
    assert not fallbacks.take(in_flight(falling(library, OFFLINE), **given), REFUSED)


def test_what_is_paid_for_is_made_of_its_response(library: Library, fallbacks: Fallbacks) -> None:
    lease = falling(library, OFFLINE)
    library.app.responses.save(lease.id, SavedResponse(1, b"paid"))
    assert not fallbacks.take(in_flight(lease), REFUSED)
    library.app.responses.forget(lease.id)
    assert fallbacks.take(in_flight(lease), REFUSED)


def test_a_lost_generation_is_left_to_its_holder(library: Library, fallbacks: Fallbacks) -> None:
    lease = falling(library, OFFLINE)
    flight = in_flight(lease._replace(fence=lease.fence + 1))
    assert (fallbacks.take(flight, REFUSED), flight.waits_again) == (False, False)
    assert row(library, lease, "engine") == ("paid",)


def test_an_engine_that_fails_for_all_is_not_asked_for_a_while(
    library: Library, fallbacks: Fallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_s = [100.0]
    monkeypatch.setattr(failures, "monotonic", lambda: clock_s[0])
    first, second, third = (falling(library, OFFLINE) for _ in range(3))
    assert not fallbacks.skip(second), "it has not failed yet"
    assert fallbacks.take(in_flight(first), NO_CREDITS)
    assert fallbacks.skip(second)
    assert row(library, second, "status, engine, fell_back") == ("pending", "offline", 1)
    assert not fallbacks.skip(third._replace(attempt=1)), "it was asked for, and may be charged"
    assert not fallbacks.skip(third._replace(fallback=None))
    assert not fallbacks.skip(third._replace(engine="other"))
    clock_s[0] += failures._DOWN_S + 1
    assert not fallbacks.skip(third)
    assert row(library, third, "status, engine") == ("processing", "paid")


def test_an_engine_that_refuses_one_picture_is_asked_for_the_next(library: Library, fallbacks: Fallbacks) -> None:
    first, second = (falling(library, OFFLINE) for _ in range(2))
    assert fallbacks.take(in_flight(first), REFUSED)
    assert not fallbacks.skip(second)
