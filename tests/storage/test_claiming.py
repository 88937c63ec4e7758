"""Whose turn it is among many that cannot be made now, and what it costs to find that."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from avatar_rows import RUNNER, new_generation

from avatar_creator.domain.spending import Limits
from avatar_creator.library import Library
from avatar_creator.storage.database import now
from avatar_creator.storage.leases import Leases
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.shared_rows import entry, listed
from sql import run_sql

FEW, MANY = 5, 500
ENGINES = ("huggingface", "local", "offline")
SERVICE = entry(
    engine="huggingface",
    model="flux",
    request={"options": {"provider": "fal-ai"}},
    credential="abc",
    paid=True,
    price_usd=0.035,
)
PAID: dict[str, Any] = {"engine": "huggingface", "credential": "abc", "paid": True, "price_usd": 0.035}
SHARED: dict[str, Any] = {"engine": "local", "fallback": listed([SERVICE])}


class _Undone(Exception):
    """What was done is to be undone."""


def add(library: Library, number: int = 1, **given: Any) -> list[NewGeneration]:
    project_id = library.app.generations.ensure_project("default")
    news = [new_generation(project_id, **given) for _ in range(number)]
    library.app.generations.add(*news)
    return news


@contextmanager
def counted(library: Library) -> Iterator[Callable[[], int]]:
    """Count the steps of SQLite, by tens: as many rows as are read, they grow."""
    connection, steps = library.app._connection, 0

    def step() -> None:
        nonlocal steps
        steps += 1

    connection.set_progress_handler(step, 10)
    try:
        yield lambda: steps
    finally:
        connection.set_progress_handler(None, 0)


def cost_of_claim(library: Library, leases: Leases, *credentials: str, **given: Any) -> tuple[str | None, int]:
    """Return the engine of what is claimed, and the steps that took; it is not claimed after all."""
    engine: str | None = None
    with counted(library) as steps, suppress(_Undone), leases.together():
        taken = leases.claim(RUNNER, credentials, idle=True, **given)
        engine = taken and taken.lease.engine
        raise _Undone
    return engine, steps()


@pytest.mark.parametrize(
    ("waits", "credentials", "given", "engine"),
    [
        (PAID, ["abc"], {"without": ["huggingface"]}, "offline"),
        (PAID, ["xyz"], {}, "offline"),
        (SHARED, ["abc"], {"without": ["huggingface", "local"]}, "offline"),
        (SHARED, ["abc"], {"without": ["huggingface"], "down": ["local"]}, "offline"),
        (SHARED, [], {"without": ["local"]}, "offline"),
        (SHARED, ["abc"], {"without": ["local"]}, "huggingface"),
    ],
)
def test_a_claim_costs_the_same_however_many_wait_that_cannot_be_made(
    library: Library, waits: dict[str, Any], credentials: list[str], given: dict[str, Any], engine: str
) -> None:
    costs: list[int] = []
    for number in (FEW, MANY):
        add(library, number, **waits)
        if not costs:
            add(library, 1, priority=-1)
        found, cost = cost_of_claim(library, library.app.leases, *credentials, **given)
        assert found == engine
        costs.append(cost)
    assert costs[1] < costs[0] * 1.5


def test_a_claim_beyond_a_limit_costs_the_same_however_many_wait_for_it(library: Library) -> None:
    leases = Leases(library.app._connection, library.home.database, lambda: Limits(max_images_day=0))
    costs: list[int] = []
    for number in (FEW, MANY):
        add(library, number, **PAID)
        if not costs:
            add(library, 1, priority=-1)
        found, cost = cost_of_claim(library, leases, "abc")
        assert (found, leases.over_limit) == ("offline", ("huggingface",))
        costs.append(cost)
    assert costs[1] < costs[0] * 1.5


def test_what_a_worker_may_leave_behind_is_known_without_reading_it(library: Library) -> None:
    costs: list[int] = []
    for number in (FEW, MANY):
        add(library, number, **PAID)
        with counted(library) as steps:
            assert not library.app.generations.has_work(["xyz"])
            assert library.app.generations.find_credentials(but=["abc"]) == []
        costs.append(steps())
    assert costs[1] < costs[0] * 1.5


def test_a_worker_stays_for_what_it_can_make_in_place_of_another(library: Library) -> None:
    add(library, **PAID, fallback=listed([entry(engine="local", model="klein", request={})]))
    assert library.app.generations.has_work([])
    run_sql(library.home, "UPDATE generations SET attempt = 1")  # the service was asked for it
    assert not library.app.generations.has_work([])
    assert library.app.generations.has_work(["abc"])


def test_the_credential_of_whoever_shares_is_found_with_its_own_options(library: Library) -> None:
    add(library, 2, **SHARED)
    assert library.app.generations.find_credentials(but=[]) == [("huggingface", "abc", {"provider": "fal-ai"})]


# -- the order


def may_begin(row: dict[str, Any], credentials: list[str], without: list[str], down: list[str]) -> bool:
    """Say of one row alone whether a worker may begin it."""
    shares = row["fallback"] is not None
    able = [
        each
        for each in ({"engine": row["engine"], "credential": row["credential"]}, *(row["fallback"] or ()))
        if each["engine"] not in without
        and (each["credential"] is None or each["credential"] in credentials)
        and not (shares and each["engine"] in down)
    ]
    return bool(able) and (row["not_before"] is None or row["not_before"] < now())


def some_row(chance: random.Random) -> dict[str, Any]:
    own = listed([entry(engine="local", model="klein", request={})])
    kinds: list[dict[str, Any]] = [
        {"engine": "offline"},
        {"engine": "local"},
        {"engine": "huggingface", "credential": "abc"},
        {"engine": "huggingface", "credential": "xyz"},
        SHARED,
        {
            "engine": "huggingface",
            "credential": "xyz",
            "fallback": own,
        },
    ]
    time = chance.choice([None, None, "2020", now(after_s=3600)])
    return chance.choice(kinds) | {"priority": chance.randint(-1, 1), "not_before": time}


@pytest.mark.parametrize("seed", range(5))
def test_of_all_that_can_be_made_the_highest_and_oldest_is_claimed(library: Library, seed: int) -> None:
    chance = random.Random(seed)
    waits = {new.id: new for _ in range(40) for new in add(library, **some_row(chance))}
    for _ in range(60):
        credentials = chance.choice([[], ["abc"], ["xyz"], ["abc", "xyz"]])
        without, down = (
            [name for name in ("huggingface", "local", "offline") if chance.random() < p] for p in (0.4, 0.2)
        )
        able = [
            new
            for new in waits.values()
            if may_begin(
                {name: getattr(new, name) for name in ("engine", "credential", "fallback", "not_before")},
                credentials,
                without,
                down,
            )
        ]
        expected = min(able, key=lambda new: (-new.priority, new.id), default=None)
        claimed = library.app.leases.claim(RUNNER, credentials, idle=True, without=without, down=down)
        assert (claimed and claimed.lease.id) == (expected and expected.id)
        if expected is not None:
            del waits[expected.id]
    assert len(waits) < 30
