"""Generations that several engines share: who may claim one, and what its row says then."""

import json
from typing import Any

import pytest
from avatar_rows import RUNNER, new_generation, queued
from test_leases_pending import FAILED

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.spending import Limits
from avatar_creator.home import Home
from avatar_creator.library import Library
from avatar_creator.storage.lease import Lease
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.shared_rows import entry, listed
from sql import run_sql

SERVICE = entry(
    engine="huggingface",
    model="flux",
    request={"options": {"steps": 28}, "licenses": [], "prompt": "is left out"},
    provider="fal-ai",
    credential="abc",
    paid=True,
    price_usd=0.035,
)
DRAWN = {"engine": "offline", "model": "avataaars", "request": {"options": {}, "licenses": []}}
OWN: dict[str, Any] = {"engine": "home", "fallback": listed([SERVICE, DRAWN])}


def claim(leases: Leases, *credentials: str, **given: Any) -> Lease | None:
    taken = leases.claim(RUNNER, credentials, idle=True, **given)
    return taken and taken.lease


def row(home: Home, columns: str) -> tuple[Any, ...]:
    (found,) = run_sql(home, f"SELECT {columns} FROM generations")
    return found


def tallied(home: Home) -> bool:
    """Return whether the tallies count what the rows say."""
    found = "SELECT status, engine, count(*) FROM generations GROUP BY 1, 2 ORDER BY 1, 2"
    counted = "SELECT status, engine, generations FROM generation_tally WHERE generations > 0 ORDER BY 1, 2"
    held = "SELECT count(*) FROM generations WHERE reserved"
    reserved = "SELECT coalesce(sum(pictures), 0) FROM reserved_tally"
    return run_sql(home, found) == run_sql(home, counted) and run_sql(home, held) == run_sql(home, reserved)


@pytest.fixture
def leases(library: Library) -> Leases:
    return library.app.leases


def test_what_is_free_goes_first_and_the_other_when_that_is_busy(library: Library, home: Home, leases: Leases) -> None:
    for _ in range(2):
        queued(library, **OWN)
    first, second = claim(leases, "abc"), claim(leases, "abc", without=["home"])
    assert first is not None
    assert second is not None
    assert (first.engine, second.engine) == ("home", "huggingface")
    columns = "engine, model, provider, credential, paid, reserved, price_usd, json_extract(request, '$.options.steps')"
    found = run_sql(home, f"SELECT {columns} FROM generations ORDER BY id")
    assert found[0] == ("home", "avataaars", None, None, 0, 0, None, None)
    assert found[1] == ("huggingface", "flux", "fal-ai", "abc", 1, 1, 0.035, 28)
    own, drawn = json.loads(second.fallback or "")
    assert (own["engine"], own["model"], own["paid"], own["shared"], drawn) == (
        "home",
        "avataaars",
        False,
        "home",
        DRAWN,
    )
    assert tallied(home)


@pytest.mark.parametrize(
    "given",
    [
        {"without": ["home", "huggingface"]},
        {"without": ["home"], "down": ["huggingface"]},
        {"without": ["huggingface"], "down": ["home"]},
    ],
)
def test_where_neither_can_it_waits(library: Library, leases: Leases, given: dict[str, Any]) -> None:
    queued(library, **OWN)
    assert claim(leases, "abc", **given) is None
    assert claim(leases, "abc") is not None


def test_without_its_credential_the_other_makes_none(library: Library, leases: Leases) -> None:
    queued(library, **OWN)
    assert claim(leases, without=["home"]) is None
    assert claim(leases, "xyz", without=["home"]) is None
    assert claim(leases, "abc", without=["home"]) is not None


def test_beyond_a_limit_only_what_is_free_makes_some(library: Library, home: Home) -> None:
    leases = Leases(library.app._connection, home.database, lambda: Limits(max_images_day=1))
    for _ in range(4):
        queued(library, **OWN)
    assert claim(leases, "abc", without=["home"]) is not None
    assert claim(leases, "abc", without=["home"]) is None
    assert leases.over_limit == ("huggingface",)
    taken = claim(leases, "abc")
    assert taken is not None
    assert (taken.engine, tallied(home)) == ("home", True)


def test_one_that_waits_again_is_made_by_whoever_is_free_then(library: Library, home: Home, leases: Leases) -> None:
    queued(library, **OWN)
    lease = claim(leases, "abc", without=["home"])
    assert lease is not None
    leases.release(lease, 0)
    assert row(home, "engine, reserved") == ("huggingface", 1)
    taken = claim(leases)
    assert taken is not None
    assert (taken.engine, row(home, "paid, reserved, credential, price_usd")) == ("home", (0, 0, None, None))
    assert tallied(home)


def test_what_a_service_was_asked_for_stays_with_it(library: Library, leases: Leases) -> None:
    queued(library, **OWN)
    lease = claim(leases, "abc", without=["home"])
    assert lease is not None
    assert leases.advance(lease, Progress(lease.id, attempt=1), Progress(lease.id, attempt=0))
    leases.interrupt(lease)
    assert claim(leases) is None
    again = claim(leases, "abc")
    assert again is not None
    assert again.engine == "huggingface"


def test_what_a_service_has_answered_stays_with_it_when_it_is_tried_again(
    library: Library, home: Home, leases: Leases
) -> None:
    queued(library, **OWN)
    lease = claim(leases, "abc", without=["home"])
    assert lease is not None
    library.cancel([lease.id], at_once=True)
    library.app.generations.retry(lease.id, "abc", has_response=True)
    assert json.loads(row(home, "fallback")[0]) == [DRAWN]
    again = claim(leases, "abc")
    assert again is not None
    assert again.engine == "huggingface"
    library.cancel([lease.id], at_once=True)
    wanted = new_generation(library.app.generations.ensure_project("default"), **OWN)
    assert library.app.recipes.adopt(lease.id, wanted, has_response=True)
    assert (row(home, "engine")[0], json.loads(row(home, "fallback")[0])) == ("huggingface", [DRAWN])


def test_one_that_failed_goes_to_the_other_and_then_to_what_draws(library: Library, home: Home, leases: Leases) -> None:
    queued(library, **OWN)
    lease = claim(leases, "abc")
    assert lease is not None
    assert leases.fall_back(lease, FAILED, ends_run=True)
    assert row(home, "engine, paid, reserved, fell_back, price_usd") == ("huggingface", 1, 1, None, 0.035)
    lease = claim(leases, "abc")
    assert lease is not None
    assert leases.fall_back(lease, FAILED, ends_run=False)
    assert row(home, "engine, paid, reserved, fell_back") == ("offline", 0, 0, 0)
    request = json.loads(row(home, "request")[0])
    assert [each["engine"] for each in request["fell_back"]] == ["home", "huggingface"]
    assert ("failed" in request, tallied(home)) == (False, True)


def test_one_that_failed_is_drawn_where_a_limit_refuses_the_other(library: Library, home: Home) -> None:
    leases = Leases(library.app._connection, home.database, lambda: Limits(max_images_day=0))
    queued(library, **OWN)
    lease = claim(leases, "abc")
    assert lease is not None
    assert leases.fall_back(lease, FAILED, ends_run=False)
    assert row(home, "engine") == ("offline",)


def test_one_of_an_inline_run_pays_with_what_that_has(library: Library, home: Home, leases: Leases) -> None:
    queued(library, owner=RUNNER, **OWN)
    taken = leases.claim_owned(RUNNER, without=["home"])
    assert taken is not None
    assert (taken.lease.engine, row(home, "credential, reserved")) == ("huggingface", (None, 1))
