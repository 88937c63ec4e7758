"""The engine, used by many threads."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from engines.photographs import WAYS, Watch, asked, engine, refused, seen
from standin import StandIn, behaviours

THREADS = 16


def test_threads_share_an_engine(hub: StandIn) -> None:
    hub.delay_s = 0.2
    one, together = engine(), threading.Barrier(THREADS)

    def photograph(number: int) -> list[tuple[int, bytes]]:
        together.wait()
        return [(seed, one.generate(asked(seed=seed), Watch()).data) for seed in (number + 1, number + 1 + THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        made = dict(pair for pairs in pool.map(photograph, range(THREADS)) for pair in pairs)
    assert sorted(made) == list(range(1, 2 * THREADS + 1))
    assert sorted(paid.seed for paid in hub.pictures) == sorted(made)
    assert {paid.downloads for paid in hub.pictures} == {1}
    assert (len(hub.calls), len(seen(hub, "lookup"))) == (2 * THREADS, 1)
    assert THREADS // 2 <= hub.peak <= THREADS
    hub.delay_s = 0
    assert all(one.generate(asked(seed=seed), Watch()).data == made[seed] for seed in (1, 17, 32))


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("provider", ["replicate", "wavespeed", "together", "hf-inference"])
def test_no_thread_gets_the_picture_of_another(provider: str) -> None:
    one = engine()

    def photograph(seed: int) -> bytes:
        data: bytes = one.generate(asked(seed=seed, **WAYS[provider]), Watch()).data
        return data

    seeds = range(1, 9)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(photograph, seeds))
    assert together == [photograph(seed) for seed in seeds]


def test_threads_that_wait_for_a_look_up_share_its_failure(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatar_creator.engines.huggingface.model_index.LOOKUP_S", 0.5)
    hub.always("lookup", behaviours.hang)
    one, together = engine(attempts=1), threading.Barrier(THREADS)

    def photograph(seed: int) -> str:
        together.wait()
        return refused(asked(seed=seed), by=one).code

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(photograph, range(1, THREADS + 1))) == {"engine_busy"}
    assert len([seen for seen in hub.requests if seen.kind == "lookup"]) <= 2  # not one for each


def test_one_thread_that_is_refused_stops_no_other(hub: StandIn) -> None:
    one = engine()
    one.plan(asked())
    hub.script("call", behaviours.content_policy)

    def photograph(seed: int) -> str:
        try:
            one.generate(asked(seed=seed), Watch())
        except Exception as error:  # noqa: BLE001
            return str(getattr(error, "code", error))
        return "made"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(photograph, range(1, 9))) == {"made": 7, "engine_refused": 1}
