"""One engine, many threads."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from avatar_creator.engines.base import Retry
from avatar_creator.engines.huggingface import retry
from avatar_creator.engines.huggingface.provider_errors import ProviderError
from avatar_creator.errors import EngineBusy
from engines.photographs import CLOCK, WAYS, Watch, asked, engine, refused, seen
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


def test_one_rate_limit_closes_the_gate_for_all(hub: StandIn) -> None:
    one = engine()
    one.generate(asked(), Watch())
    hub.script("call", behaviours.rate_limited(50))
    first = Watch()
    told, go_on = threading.Event(), threading.Event()

    def wait(seconds: float, why: str) -> None:
        first.waits.append((seconds, why))
        told.set()
        assert go_on.wait(10)
        CLOCK.skip(seconds)

    first.wait = wait  # type: ignore[method-assign]
    with ThreadPoolExecutor(1) as pool:
        limited = pool.submit(one.generate, asked(), first)
        assert told.wait(10)
        assert len(hub.calls) == 2
        others = [Watch() for _ in range(3)]
        for watch in others:  # the first of them waits, and by that the gate opens
            one.generate(asked(), watch)
        assert [len(watch.waits) for watch in others] == [1, 0, 0]
        ((seconds, why),) = others[0].waits
        assert (why, 40 < seconds <= 51) == ("fal-ai limits the rate", True)
        go_on.set()
        assert limited.result().data
    assert first.seconds == [51]
    assert len(hub.calls) == 6


def test_a_gate_is_one_providers(hub: StandIn) -> None:
    one = engine(attempts=1)
    hub.script("call", behaviours.rate_limited(50))
    refused(asked(provider="fal-ai"), by=one)
    watch = Watch()
    one.generate(asked(provider="replicate"), watch)
    assert watch.waits == []
    one.generate(asked(provider="fal-ai"), watch)
    assert len(watch.waits) == 1


def test_a_failure_of_another_kind_closes_no_gate(hub: StandIn) -> None:
    one = engine(attempts=1)
    for behaviour in (behaviours.error_500, behaviours.busy, behaviours.loading(20)):
        hub.script("call", behaviour)
        refused(asked(), by=one)
        watch = Watch()
        assert one.generate(asked(), watch).data
        assert watch.waits == []


def test_a_gate_stays_closed_for_the_longest_that_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "time", CLOCK)
    gate, watch = retry.RateGate(), Watch()
    gate.wait(watch, Retry())
    for seconds in (5, 20, 1):
        gate.close(seconds, ProviderError(EngineBusy("limited"), why="why"))
    gate.wait(watch, Retry())
    assert [round(seconds) for seconds in watch.seconds if seconds > 0.1] == [20]


def test_nobody_waits_at_a_gate_that_opens_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "time", CLOCK)
    gate, watch = retry.RateGate(), Watch()
    gate.close(3600, ProviderError(EngineBusy("limited"), why="why"))
    with pytest.raises(ProviderError, match="limited") as raised:
        gate.wait(watch, Retry())
    assert raised.value.backoff is None
    assert watch.seconds == []


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
