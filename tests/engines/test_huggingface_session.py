"""What goes wrong around a call: the look-up before it, the polls and the download after it."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.engines.huggingface import client, model_index
from avatar_creator.errors import AvatarError, EngineError
from engines.photographs import (
    BILLED,
    BUSY,
    CHARGED,
    ERROR,
    JITTER,
    REFUSED,
    SETUP,
    WAYS,
    Watch,
    asked,
    engine,
    photographed,
    refused,
    seen,
)
from standin import LORA, Behaviour, StandIn, behaviours
from standin.behaviour import says

# -- the look-up


@pytest.mark.parametrize(
    ("behaviour", "code", "message", "lookups", "waits"),
    [
        (behaviours.rate_limited(7), BUSY, "Hugging Face limits the rate", 3, (8, 8)),
        (behaviours.rate_limited(), BUSY, "Hugging Face limits the rate", 3, (5, 15)),
        (behaviours.error_500, BUSY, "Hugging Face failed with HTTP 500", 3, (2, 4)),
        (behaviours.error_list, BUSY, "Hugging Face failed with HTTP 500", 3, (2, 4)),
        (behaviours.bad_gateway_html, BUSY, "Hugging Face failed with HTTP 502", 3, (2, 4)),
        (behaviours.busy, BUSY, "Hugging Face is overloaded", 3, (5, 10)),
        (behaviours.gateway_timeout, BUSY, "The Hub gave no answer", 3, (1, 2)),
        (behaviours.unauthorized, SETUP, "The token from HF_TOKEN was refused.", 1, ()),
        (behaviours.gated, REFUSED, f"The model {LORA} asks for its licence", 1, ()),
        (behaviours.not_found, REFUSED, f"There is no model {LORA} on the Hub.", 1, ()),
        (behaviours.gone, REFUSED, f"There is no model {LORA} on the Hub.", 1, ()),
        (behaviours.closed, BUSY, "The connection to Hugging Face broke.", 3, (1, 2)),
        (behaviours.reset, BUSY, "The connection to Hugging Face broke.", 3, (1, 2)),
        (behaviours.cut, BUSY, "The connection to Hugging Face broke.", 3, (1, 2)),
        (behaviours.html_200, ERROR, "The answer of Hugging Face cannot be read.", 3, (2, 4)),
        (behaviours.redirect_loop, ERROR, "Hugging Face sends from one address to the next", 1, ()),
    ],
    ids=lambda value: value.name if isinstance(value, Behaviour) else "",
)
def test_a_look_up_that_goes_wrong_costs_nothing(
    hub: StandIn, behaviour: Behaviour, code: str, message: str, lookups: int, waits: tuple[float, ...]
) -> None:
    hub.always("lookup", behaviour)
    watch = Watch()
    error = refused(asked(), watch)
    assert (error.code, len(hub.calls), watch.attempts, watch.charges) == (code, 0, 0, [])
    assert message in error.message
    assert len(seen(hub, "lookup")) == lookups
    assert not isinstance(error, EngineError) or error.ends_run, "the next picture would fail as well"
    assert len(watch.waits) == len(waits)
    assert all(least <= waited <= least * JITTER for waited, least in zip(watch.seconds, waits, strict=True))


@pytest.mark.parametrize("behaviour", [behaviours.error_500, behaviours.closed, behaviours.rate_limited(1)])
def test_a_look_up_that_fails_once_is_forgotten(hub: StandIn, behaviour: Behaviour) -> None:
    hub.script("lookup", behaviour)
    assert photographed().data


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.error_500,
        behaviours.error_list,
        behaviours.rate_limited(600),
        behaviours.closed,
        behaviours.hang,
        behaviours.html_200,
    ],
    ids=lambda behaviour: behaviour.name,
)
def test_an_old_answer_is_better_than_none(
    hub: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    engine(tmp_path).generate(asked(), Watch())
    hub.reset()
    hub.always("lookup", behaviour)
    monkeypatch.setattr(model_index, "_FRESH_S", -1)
    monkeypatch.setattr(model_index, "LOOKUP_S", 0.3)
    watch = Watch()
    assert engine(tmp_path).generate(asked(), watch).recipe["lora"] == LORA
    assert (len(seen(hub, "lookup")), watch.waits) == (1, [])


def test_a_plan_that_cannot_ask_says_so(hub: StandIn) -> None:
    hub.always("lookup", behaviours.error_500)
    plan = engine().plan(asked(steps=9))
    assert (plan.provider, plan.paid, plan.options["steps"]) == (None, True, 9)
    assert plan.notices[0].startswith("Hugging Face failed with HTTP 500")


# -- polls: the task was taken on, and is never asked for twice


@pytest.mark.parametrize(
    "polls",
    [
        (behaviours.error_500, behaviours.error_500, behaviours.error_500),
        (behaviours.bad_gateway_html,),
        (behaviours.error_list,),
        (behaviours.rate_limited(1), behaviours.rate_limited()),
        (behaviours.reset, behaviours.closed),
        (behaviours.cut,),
        (behaviours.html_200, behaviours.empty_200),
        (behaviours.redirect_elsewhere,),
        (says("queued", 200, {"data": {"status": "queued", "id": "1"}}),),
        (says("strange", 200, {"data": []}), says("list", 200, [])),
    ],
    ids=lambda polls: "-".join(each.name for each in polls),
)
@pytest.mark.parametrize("provider", ["wavespeed", "replicate"])
def test_a_poll_that_fails_is_asked_again_and_never_the_picture(
    hub: StandIn, provider: str, polls: tuple[Behaviour, ...]
) -> None:
    if provider == "replicate":
        hub.script("call", behaviours.replicate_cold)
    hub.script("poll", *polls)
    watch = Watch()
    made = photographed(watch=watch, provider=provider)
    assert (made.provider, len(hub.calls), len(hub.pictures), watch.waits) == (provider, 1, 1, [])
    assert watch.charges == [(provider, made.model, False)]
    assert len(seen(hub, "poll")) > len(polls)


def test_a_task_that_nobody_knows_any_more_is_given_up(hub: StandIn) -> None:
    hub.always("poll", behaviours.not_found)
    watch = Watch()
    error = refused(asked(provider="wavespeed"), watch)
    assert (error.code, len(hub.calls), watch.waits) == (REFUSED, 1, [])


def test_a_task_that_is_done_without_a_picture_is_tried_once_more(hub: StandIn) -> None:
    hub.always("poll", says("nothing", 200, {"data": {"status": "completed", "outputs": []}}))
    error = refused(asked(provider="wavespeed"))
    assert (error.message, len(hub.calls)) == ("The answer of wavespeed holds no picture.", 2)


def test_a_cold_prediction_is_followed_to_its_picture(hub: StandIn) -> None:
    hub.script("call", behaviours.replicate_cold)
    watch = Watch()
    assert photographed(watch=watch, provider="replicate").data
    assert (len(hub.calls), len(watch.charges), watch.waits) == (1, 1, [])


def test_a_prediction_that_cannot_be_followed_is_asked_for_once_more(hub: StandIn) -> None:
    hub.always("call", behaviours.replicate_cold)
    hub.always("poll", behaviours.not_found)
    watch = Watch()
    error = refused(asked(provider="replicate"), watch)
    assert (error.code, len(hub.calls), len(watch.waits)) == (BUSY, 2, 1)
    assert "the model was cold" in error.message
    assert BILLED in error.message
    assert 15 <= watch.seconds[0] <= 15 * JITTER


# -- the download: paid already


@pytest.mark.parametrize("provider", ["fal-ai", "replicate", "wavespeed"])
@pytest.mark.parametrize(
    ("behaviour", "says_what"),
    [
        (behaviours.download_403, "it cannot be fetched: HTTP 403."),
        (behaviours.download_404, "it cannot be fetched: HTTP 404."),
        (behaviours.download_500, "it cannot be fetched: HTTP 500."),
        (behaviours.closed, "it cannot be fetched: the connection broke."),
        (behaviours.cut, "it cannot be fetched: the connection broke."),
    ],
    ids=lambda value: value.name if isinstance(value, Behaviour) else "",
)
def test_a_picture_is_fetched_again_and_never_made_again(
    hub: StandIn, provider: str, behaviour: Behaviour, says_what: str
) -> None:
    hub.script("download", behaviour)
    watch = Watch()
    assert photographed(watch=watch, provider=provider).data
    assert (len(hub.calls), len(watch.charges)) == (1, 1)
    hub.always("download", behaviour)
    watch = Watch()
    error = refused(asked(provider=provider), watch)
    assert (error.code, len(hub.calls), len(watch.charges), len(watch.waits)) == (ERROR, 2, 1, 2)
    assert error.message.endswith(says_what)
    assert (error.hint or "").startswith(f"{CHARGED}{seen(hub, 'download')[-1].host}/")


@pytest.mark.parametrize("provider", ["fal-ai", "replicate", "wavespeed"])
@pytest.mark.parametrize(
    ("behaviour", "says_what"),
    [(behaviours.download_html, "is no picture."), (behaviours.truncated(0.5), "is cut short.")],
    ids=["html", "truncated"],
)
def test_a_picture_that_stays_damaged_is_made_once_more(
    hub: StandIn, provider: str, behaviour: Behaviour, says_what: str
) -> None:
    hub.script("download", behaviour, behaviour)
    watch = Watch()
    assert photographed(watch=watch, provider=provider).data
    assert (len(hub.calls), len(watch.charges)) == (1, 1)
    fetches = 4 if says_what == "is no picture." and provider != "fal-ai" else 3  # the client looks, and passes it over
    hub.script("download", *[behaviour] * fetches)
    watch = Watch()
    assert photographed(watch=watch, provider=provider).data
    assert (len(hub.calls), len(watch.charges)) == (3, 2)
    hub.always("download", behaviour)
    watch = Watch()
    error = refused(asked(provider=provider), watch)
    assert (error.code, len(hub.calls), len(watch.charges), len(watch.waits)) == (ERROR, 5, 2, 5)
    assert error.message.endswith(says_what)
    assert watch.saved is None


@pytest.mark.parametrize("provider", WAYS)
def test_without_reroll_what_is_damaged_is_not_made_again(hub: StandIn, provider: str) -> None:
    hub.always("download", behaviours.truncated(0.5))
    hub.always("call", behaviours.truncated(0.5))
    watch = Watch()
    error = refused(asked(reroll=False, **WAYS[provider]), watch)
    assert error.message == f"The answer of {provider} is cut short."
    assert (len(hub.calls), len(watch.charges), len(hub.pictures)) == (1, 1, 1)


@pytest.mark.parametrize("provider", WAYS)
@pytest.mark.parametrize("attempts", [1, 3])
def test_what_is_damaged_is_made_once_more_and_counted_as_a_reroll(hub: StandIn, provider: str, attempts: int) -> None:
    hub.script("call", behaviours.truncated(0.5))  # where it comes with the answer, and where it is fetched
    watch = Watch()
    made = engine(attempts=attempts).generate(asked(**WAYS[provider]), watch)
    assert (made.seed, made.recipe["rerolled_seeds"], len(hub.calls)) == (7, [7], 2)
    assert [reroll for _, _, reroll in watch.charges] == [False, True]
    assert watch.waits[-1][1] == f"the picture of {provider} is damaged, and ordered once more"


@pytest.mark.parametrize("provider", ["fal-ai", "together"])
def test_an_error_before_it_does_not_take_its_place(hub: StandIn, provider: str) -> None:
    hub.script("call", behaviours.error_500, behaviours.truncated(0.5), behaviours.error_500)
    watch = Watch()
    assert photographed(watch=watch, **WAYS[provider]).data
    assert (len(hub.calls), len(watch.charges)) == (4, 2)


@pytest.mark.parametrize("behaviour", [behaviours.black, behaviours.truncated(0.5)], ids=["blank", "damaged"])
@pytest.mark.parametrize("first", [behaviours.black, behaviours.truncated(0.5)], ids=["blank", "damaged"])
def test_no_more_than_two_are_paid_for(hub: StandIn, first: Behaviour, behaviour: Behaviour) -> None:
    hub.script("call", first, behaviour)
    watch = Watch()
    error = refused(asked(**WAYS["together"]), watch)
    assert (len(hub.calls), len(watch.charges), watch.saved) == (2, 2, None)
    if first is not behaviours.black and behaviour is behaviours.black:
        assert error.message.endswith("after one that was damaged; both were charged.")


@pytest.mark.parametrize("provider", ["fal-ai", "together"])
@pytest.mark.parametrize("reroll", [True, False])
def test_what_a_crash_left_damaged_is_made_once_more(hub: StandIn, provider: str, reroll: bool) -> None:
    hub.always("call", behaviours.truncated(0.5))
    before = Watch()
    options = WAYS[provider] | {"reroll": False}
    refused(asked(**options), before)
    saved = before.saved if provider == "fal-ai" else _saved_inline(hub, options)
    assert saved
    hub.always("call", None)
    hub.always("download", behaviours.truncated(0.5) if not reroll else None)
    hub.script("download", *[behaviours.truncated(0.5)] * 3)
    calls, watch = len(hub.calls), Watch(saved)
    if reroll:
        made = engine().generate(asked(**WAYS[provider]), watch)
        assert (made.recipe["rerolled_seeds"], len(hub.calls) - calls) == ([7], 1)
        assert watch.charges[-1][2] is True
    else:
        refused(asked(**options), watch)
        assert (len(hub.calls), watch.saved) == (calls, None)


def _saved_inline(hub: StandIn, options: dict[str, Any]) -> bytes | None:
    """Return what is saved of a damaged picture that came with its answer, before it is looked at."""

    class First(Watch):
        first: bytes | None = None

        def save_response(self, response: bytes | None, /) -> None:
            super().save_response(response)
            self.first = self.first or response

    hub.always("call", behaviours.truncated(0.5))
    watch = First()
    refused(asked(**options), watch)
    return watch.first


def test_a_picture_that_hangs_is_fetched_again(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "DOWNLOAD_S", 0.3)
    hub.script("download", behaviours.hang, behaviours.hang)
    assert photographed(timeout_s=1).data
    assert len(hub.calls) == 1


# -- what may be charged

_SILENT = {"hang", "drip", "drip_headers", "endless_queue"}  # each takes as long as the time limit
_BEHAVIOURS = [each for each in vars(behaviours).values() if isinstance(each, Behaviour) and not each.at_connect]
_BEHAVIOURS += [behaviours.truncated(0.5), behaviours.size(512, 384)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("behaviour", _BEHAVIOURS, ids=lambda each: each.name)
def test_whatever_may_be_billed_is_charged_or_in_doubt(hub: StandIn, behaviour: Behaviour, way: str) -> None:
    if behaviour.name in _SILENT and way not in {"fal-ai", "nscale"}:
        pytest.skip("the others wait in the same way")
    hub.always("download" if behaviour.name.startswith("download") else "call", behaviour)
    watch = Watch()
    with suppress(AvatarError):
        engine().generate(asked(timeout=1, **WAYS[way]), watch)
    assert len(hub.pictures) <= len(watch.charges) + watch.events.count("in doubt") <= watch.attempts


@pytest.mark.parametrize(
    "behaviour",
    [
        *(behaviours.unauthorized, behaviours.no_credits, behaviours.bad_request, behaviours.content_policy),
        *(behaviours.gone, behaviours.rate_limited(1), behaviours.error_500, behaviours.busy, behaviours.loading(1)),
        *(behaviours.proxy_502, behaviours.proxy_407, behaviours.replicate_failed),
    ],
    ids=lambda each: each.name,
)
@pytest.mark.parametrize("way", ["replicate", "nscale"])
def test_what_is_refused_is_neither_charged_nor_in_doubt(hub: StandIn, behaviour: Behaviour, way: str) -> None:
    if behaviour.outcome == "failed" and way != "replicate":
        pytest.skip("its answer is the picture")
    hub.always("connect" if behaviour.at_connect else "call", behaviour)
    watch = Watch()
    with suppress(AvatarError):
        engine().generate(asked(**WAYS[way]), watch)
    assert not {"charged", "in doubt"} & set(watch.events)
