"""What was taken on, and what nobody serves any more."""

import pytest

from avatar_creator.engines.huggingface import routes
from engines.photographs import BUSY, Clock, Watch, asked, engine, refused, seen
from standin import StandIn, behaviours


@pytest.mark.parametrize("provider", ["wavespeed", "replicate"])
def test_a_task_that_takes_too_long_is_charged_and_not_ordered_again(hub: StandIn, provider: str) -> None:
    hub.always("call", behaviours.replicate_cold if provider == "replicate" else behaviours.endless_queue)
    if provider == "replicate":
        hub.always("poll", behaviours.error_500)
    watch = Watch()
    error = refused(asked(provider=provider, timeout_s=1.0), watch)
    assert error.code == BUSY
    assert len(hub.calls) == 1
    assert [charge[0] for charge in watch.charges] == [provider]


def test_who_stopped_to_serve_a_model_is_asked_once(hub: StandIn) -> None:
    hub.script("call", behaviours.gone)
    one = engine()
    for seed in (1, 2, 3):
        one.generate(asked(seed=seed), Watch())
    assert [made.provider for made in hub.pictures] == ["replicate"] * 3
    assert len(hub.calls) == 4
    assert len(seen(hub, "lookup")) == 2


def test_who_stopped_to_serve_a_model_is_asked_again_after_ten_minutes(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(routes, "time", clock)
    hub.script("call", behaviours.gone)
    one = engine()
    made = []
    for seconds in (0, 590, 20):
        clock.skip(seconds)
        made.append(one.generate(asked(), Watch()).provider)
    assert made == ["replicate", "replicate", "fal-ai"]
