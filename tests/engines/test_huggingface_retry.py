"""Every way to fail: what the user is told, what it costs, how often it is asked again, and how late."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from avatar_creator.engines.base import Retry
from avatar_creator.engines.huggingface import retry
from avatar_creator.engines.huggingface.provider_errors import ProviderError
from avatar_creator.errors import EngineBusy
from engines.photographs import (
    ANOTHER,
    BILLED,
    BUSY,
    CHARGED,
    CLOCK,
    ERROR,
    JITTER,
    LONGER,
    OFFLINE,
    REFUSED,
    SETUP,
    TOKENS,
    TRY_LATER,
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


class Row(NamedTuple):
    """What comes of a call that always goes wrong in one way; ``waits`` are asked for with a base of 1 s.

    ``exact`` waits are the service's own word, the others ours, which chance makes longer.
    """

    behaviour: Behaviour
    code: str
    message: str
    hint: str
    calls: int = 1
    waits: tuple[float, ...] = ()
    exact: bool = False
    why: str = ""
    charged: int = 0
    downloads: int = 0
    ends_run: bool = False
    provider: str = "fal-ai"
    unqueued: int = 0  # more calls: where there is no queue, the picture is asked for without


REFUSALS = (
    Row(behaviours.unauthorized, SETUP, "The token from HF_TOKEN was refused.", TOKENS),
    Row(
        behaviours.no_credits,
        REFUSED,
        "The credits of this Hugging Face account are used up: You have depleted your monthly included credits.",
        f"Buy some at https://huggingface.co/settings/billing, {OFFLINE}",
        ends_run=True,
    ),
    Row(
        behaviours.forbidden,
        REFUSED,
        "The token from HF_TOKEN may not call Inference Providers: This authentication method does not have",
        f'Give it the permission "Make calls to Inference Providers" at {TOKENS}',
        ends_run=True,
    ),
    Row(
        behaviours.gated,
        REFUSED,
        f"The model {LORA} asks for its licence to be accepted.",
        f"Accept it at https://huggingface.co/{LORA}",
        ends_run=True,
    ),
    Row(
        behaviours.not_found,
        REFUSED,
        f"fal-ai does not serve {LORA} any more: Not Found.",
        "--provider",
        ends_run=True,
        unqueued=1,
    ),
    Row(
        behaviours.gone,
        REFUSED,
        f"fal-ai does not serve {LORA} any more: The requested model is",
        "--provider",
        ends_run=True,
    ),
    Row(
        behaviours.bad_request,
        REFUSED,
        "fal-ai refused the request: Bad request: the prompt is too long.",
        "Change what the message names.",
    ),
    Row(behaviours.bad_request_dict, REFUSED, "fal-ai refused the request: The prompt is too long.", "Change what"),
    Row(behaviours.unprocessable, REFUSED, "fal-ai refused the request: ensure this value is shorter.", "Change what"),
    Row(
        behaviours.content_policy,
        REFUSED,
        "The content filter of fal-ai refused the prompt: The content could not be processed",
        "Change the wording of the prompt.",
    ),
    Row(
        behaviours.too_large, REFUSED, "The request is too large for fal-ai: Payload Too Large.", "Shorten the prompt."
    ),
)
OVERLOADS = (
    Row(behaviours.request_timeout, BUSY, "fal-ai timed out: Request Timeout.", TRY_LATER, 3, (2, 4), why="timed out"),
    Row(behaviours.rate_limited(), BUSY, "fal-ai limits the rate: Too Many Requests.", TRY_LATER, 3, (5, 15)),
    *(
        Row(
            behaviours.rate_limited(7, form=form),
            BUSY,
            "fal-ai limits the rate: ",
            f"Try again in 8 s, {OFFLINE}",
            3,
            (8, 8),
            exact=True,
            why="limits the rate",
        )
        for form in ("seconds", "ratelimit", "body")
    ),
    Row(behaviours.rate_limited(0), BUSY, "fal-ai limits the rate", "Try again in 1 s", 3, (1, 1), exact=True),
    Row(behaviours.rate_limited(118), BUSY, "fal-ai limits the rate", "in 119 s", 3, (119, 119), exact=True),
    Row(behaviours.rate_limited(3600), BUSY, "fal-ai limits the rate", "Try again in 60 min", ends_run=True),
    Row(behaviours.error_500, BUSY, "fal-ai failed with HTTP 500: Internal Server Error.", TRY_LATER, 3, (2, 4)),
    Row(behaviours.error_list, BUSY, "fal-ai failed with HTTP 500: Internal Server Error.", TRY_LATER, 3, (2, 4)),
    Row(behaviours.bad_gateway_html, BUSY, "fal-ai failed with HTTP 502.", TRY_LATER, 3, (2, 4), why="had an error"),
    Row(
        behaviours.loading(20),
        BUSY,
        "The model is still being loaded by fal-ai.",
        f"Try again in 20 s, {OFFLINE}",
        3,
        (20, 20),
        exact=True,
        why="loads the model",
    ),
    Row(behaviours.loading(500), BUSY, "The model is still being loaded", "in 60 s", 3, (60, 60), exact=True),
    Row(behaviours.loading(-3), BUSY, "The model is still being loaded", "in 0 s", 3, (0, 0), exact=True),
    Row(behaviours.busy, BUSY, "fal-ai is overloaded: No runner could be scheduled.", TRY_LATER, 3, (5, 10)),
    Row(
        says("retry_after_503", 503, {"error": "Overloaded"}, retry_after="9"),
        BUSY,
        "fal-ai is overloaded: Overloaded.",
        "in 10 s",
        3,
        (10, 10),
        exact=True,
        why="is overloaded",
    ),
    Row(behaviours.gateway_timeout, BUSY, f"fal-ai gave no picture in its own time. {BILLED}", LONGER, 2, (2,)),
    Row(behaviours.gateway_timeout_json, BUSY, f"fal-ai gave no picture: Request timed out. {BILLED}", LONGER, 2, (2,)),
)
BROKEN = (
    *(
        Row(each, BUSY, "The connection to fal-ai broke.", TRY_LATER, 3, (1, 2), why="broke the connection")
        for each in (behaviours.reset, behaviours.closed, behaviours.cut)
    ),
    Row(
        behaviours.redirect_loop,
        ERROR,
        "fal-ai sends from one address to the next without end.",
        "Choose another: --provider",
    ),
    Row(behaviours.redirect_elsewhere, ERROR, "The answer of fal-ai is no picture.", ANOTHER, 3, (2, 4)),
    *(
        Row(each, ERROR, "The answer of fal-ai is no picture.", ANOTHER, 3, (2, 4), why="gave a bad answer")
        for each in (behaviours.html_200, behaviours.empty_200, behaviours.cut_json_200)
    ),
    *(
        Row(each, ERROR, "The answer of fal-ai holds no picture.", ANOTHER, 2, (2,))
        for each in (behaviours.no_picture_200, behaviours.empty_list_200)
    ),
)
# Paid: fetched again where that may help; what is damaged is ordered once more, and nothing else.
PAID = (
    *(
        Row(behaviours.truncated(share), ERROR, message, CHARGED, 2, (2, 4, 2, 2, 4), charged=2, downloads=6)
        for share, message in (
            (0.5, "The answer of fal-ai is cut short."),
            (0.01, "The answer of fal-ai is no picture."),
        )
    ),
    Row(
        behaviours.as_gif,
        ERROR,
        "The answer of fal-ai is no picture.",
        CHARGED,
        2,
        (2, 4, 2, 2, 4),
        charged=2,
        downloads=6,
    ),
    Row(
        behaviours.bomb,
        ERROR,
        "The answer of fal-ai has 30000x30000 px, too many.",
        CHARGED,
        charged=1,
        downloads=1,
    ),
    Row(behaviours.huge, ERROR, "The answer of fal-ai is larger than 30 MB.", CHARGED, charged=1, downloads=1),
    Row(
        behaviours.size(200, 150),
        ERROR,
        "The answer of fal-ai is 200x150 px instead of 512x512 px.",
        CHARGED,
        charged=1,
        downloads=1,
    ),
    Row(behaviours.size(1, 1), ERROR, "The answer of fal-ai is 1x1 px", CHARGED, charged=1, downloads=1),
    *(
        Row(
            each,
            REFUSED,
            "The content filter of fal-ai held the picture back twice; both were charged.",
            "Change the wording of the prompt.",
            2,
            charged=2,
            downloads=2,
        )
        for each in (behaviours.black, behaviours.blank, behaviours.nsfw_flag)
    ),
)
# Replicate and WaveSpeed answer before the picture is made; the others with the picture itself.
ELSEWHERE = (
    Row(
        behaviours.replicate_failed,
        REFUSED,
        "The content filter of replicate refused the picture: NSFW content detected.",
        "Change the wording of the prompt.",
        provider="replicate",
    ),
    Row(
        Behaviour("failed", outcome="failed", error="CUDA out of memory."),
        REFUSED,
        "replicate failed: CUDA out of memory.",
        "Try another seed or wording.",
        provider="replicate",
    ),
    Row(
        behaviours.wavespeed_failed,
        REFUSED,
        "The content filter of wavespeed refused the picture: Content flagged as potentially sensitive.",
        "Change the wording of the prompt.",
        provider="wavespeed",
    ),
    Row(behaviours.html_200, ERROR, "The answer of together is no picture.", ANOTHER, 3, (2, 4), provider="together"),
    Row(behaviours.error_500, BUSY, "nscale failed with HTTP 500", TRY_LATER, 3, (2, 4), provider="nscale"),
    Row(
        behaviours.truncated(0.5),
        ERROR,
        "The answer of together is cut short.",
        ANOTHER,
        2,  # each of them is paid for
        (2,),
        charged=2,
        provider="together",
    ),
    Row(
        behaviours.html_200,
        ERROR,
        "The answer of hf-inference is no picture.",
        ANOTHER,
        3,
        (2, 4),
        provider="hf-inference",
    ),
    Row(
        behaviours.truncated(0.01),
        ERROR,
        "The answer of hf-inference is no picture.",
        ANOTHER,
        2,
        (2,),
        charged=2,
        provider="hf-inference",
    ),
    Row(
        behaviours.bomb,
        ERROR,
        "The answer of hf-inference has 30000x30000 px, too many.",
        "--provider",
        charged=1,
        provider="hf-inference",
    ),
    Row(behaviours.huge, ERROR, "The answer of hf-inference is larger", "--provider", provider="hf-inference"),
    Row(behaviours.unauthorized, SETUP, "The token from HF_TOKEN was refused.", TOKENS, provider="hf-inference"),
    Row(behaviours.no_credits, REFUSED, "are used up", "billing", ends_run=True, provider="replicate"),
    # fal's queue takes every order; the model's own failure comes when the picture is asked for.
    Row(behaviours.fal_refused, REFUSED, "The content filter of fal-ai refused the prompt", "Change the wording"),
    Row(behaviours.fal_failed, BUSY, "fal-ai failed with HTTP 500: Internal Server Error.", TRY_LATER, 3, (2, 4)),
)


def _name(row: Row) -> str:
    return f"{row.provider}-{row.behaviour.name}"


@pytest.mark.parametrize("row", [*REFUSALS, *OVERLOADS, *BROKEN, *PAID, *ELSEWHERE], ids=_name)
def test_a_call_that_goes_wrong(hub: StandIn, row: Row) -> None:
    hub.always("call", row.behaviour)
    watch = Watch()
    error = refused(asked(**WAYS[row.provider]), watch)
    assert (error.code, error.message.isprintable()) == (row.code, True)
    assert row.message in error.message
    assert row.hint in (error.hint or "")
    assert getattr(error, "ends_run", False) == row.ends_run
    assert (len(hub.calls), watch.attempts) == (row.calls + row.unqueued, row.calls)
    assert len(watch.charges) == row.charged
    assert len(seen(hub, "download")) == row.downloads
    _check_waits(watch, row)


def _check_waits(watch: Watch, row: Row) -> None:
    assert len(watch.waits) == len(row.waits)
    for (seconds, why), expected in zip(watch.waits, row.waits, strict=True):
        assert expected <= seconds <= (expected if row.exact else expected * JITTER)
        assert row.why in why
        assert row.provider in why


@pytest.mark.parametrize("row", [*REFUSALS[4:6]], ids=_name)
def test_a_model_that_is_gone_is_found_elsewhere(hub: StandIn, row: Row) -> None:
    hub.script("call", *[row.behaviour] * (1 + row.unqueued))
    assert photographed().provider == "replicate"
    assert len(hub.calls) == 2 + row.unqueued


@pytest.mark.parametrize(
    "behaviour",
    [each.behaviour for each in (*OVERLOADS, *BROKEN) if each.calls > 1 and not each.behaviour.paid],
    ids=lambda behaviour: behaviour.name,
)
def test_what_passes_ends_well(hub: StandIn, behaviour: Behaviour) -> None:
    hub.script("call", behaviour)
    watch = Watch()
    assert photographed(watch=watch, provider="fal-ai").data
    assert (len(hub.calls), len(hub.pictures), len(watch.waits), len(watch.charges)) == (2, 1, 1, 1)


def test_a_date_to_come_back_at_is_waited_for(hub: StandIn) -> None:
    hub.script("call", behaviours.rate_limited(30, form="date"))
    watch = Watch()
    assert photographed(watch=watch).data
    (waited,) = watch.seconds
    assert 28 <= waited <= 31  # it is told in whole seconds


def test_waits_grow_from_the_base_and_not_over_the_most(hub: StandIn) -> None:
    hub.always("call", behaviours.error_500)
    for base_s, most_s, expected in ((0.5, 120, (1, 2, 4)), (10, 30, (20, 30, 30)), (0, 120, (0, 0, 0))):
        watch = Watch()
        refused(asked(), watch, by=engine(attempts=4, base_s=base_s, max_s=most_s))
        for seconds, least in zip(watch.seconds, expected, strict=True):
            assert least <= seconds <= min(least * JITTER, most_s)


@pytest.mark.parametrize("behaviour", [behaviours.error_500, behaviours.rate_limited(1), behaviours.gateway_timeout])
def test_one_attempt_is_one(hub: StandIn, behaviour: Behaviour) -> None:
    hub.always("call", behaviour)
    watch = Watch()
    refused(asked(), watch, by=engine(attempts=1))
    assert (len(hub.calls), watch.waits) == (1, [])


def test_what_may_be_billed_is_tried_twice_however_many_attempts_there_are(hub: StandIn) -> None:
    hub.always("call", behaviours.gateway_timeout)
    refused(asked(), by=engine(attempts=9))
    assert len(hub.calls) == 2


def test_after_five_minutes_of_waiting_it_is_enough(hub: StandIn) -> None:
    hub.always("call", behaviours.rate_limited(99))
    watch = Watch()
    refused(asked(), watch, by=engine(attempts=50))
    assert watch.seconds == [100] * 3
    assert len(hub.calls) == 4


def test_a_service_that_is_longer_than_the_most_is_not_waited_for(hub: StandIn) -> None:
    hub.always("call", behaviours.loading(20))
    watch = Watch()
    error = refused(asked(), watch, by=engine(max_s=10))
    assert (len(hub.calls), watch.waits, getattr(error, "retry_after_s", None)) == (1, [], 20)


def test_who_gives_up_while_waiting_asks_no_more(hub: StandIn) -> None:
    class Leaves(Watch):
        def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
            raise KeyboardInterrupt(f"{seconds} {why} {busy}")

    hub.always("call", behaviours.error_500)
    with pytest.raises(KeyboardInterrupt):
        engine().generate(asked(), Leaves())
    assert len(hub.calls) == 1


# -- the gate


def test_one_rate_limit_closes_the_gate_for_all(hub: StandIn) -> None:
    one = engine()
    one.generate(asked(), Watch())
    hub.script("call", behaviours.rate_limited(50))
    first = Watch()
    told, go_on = threading.Event(), threading.Event()

    def wait(seconds: float, why: str, *, busy: str | None = None) -> None:  # noqa: ARG001
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


def test_what_is_refused_while_others_are_taken_does_not_count(hub: StandIn) -> None:
    one = engine()

    class Crowded(Watch):
        def wait(self, seconds: float, why: str, *, busy: str | None = None) -> None:
            super().wait(seconds, why, busy=busy)
            if len(self.waits) < 6:
                one.generate(asked(), Watch())
                hub.script("call", behaviours.rate_limited(1))

    hub.script("call", behaviours.rate_limited(1))
    watch = Crowded()
    assert one.generate(asked(), watch).data
    assert (watch.busy, watch.attempts) == (["fal-ai"] * 6, 7)
    hub.script("call", *[behaviours.busy] * 3)
    alone = Watch()
    assert refused(asked(), alone, by=one).code == BUSY
    assert (alone.busy, alone.attempts) == (["fal-ai"] * 2, 3)


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


def test_every_behaviour_of_the_stand_in_is_met() -> None:
    files = (path for path in Path(__file__).parent.glob("test_hu*_*.py"))
    tests = "".join(path.read_text("utf-8") for path in files)
    assert [name for name in behaviours.__all__ if f"behaviours.{name}" not in tests] == []
