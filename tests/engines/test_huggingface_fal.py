"""fal's queue: ordered at once, polled, fetched; taken back while it waits; and without a queue, waited for."""

from typing import Any

import pytest

from avatar_creator.engines.huggingface.polling import Withdrawn
from avatar_creator.errors import Cancelled
from engines.photographs import BUSY, ERROR, REFUSED, WAYS, Watch, asked, photographed, refused, seen
from standin import StandIn, behaviours
from standin.behaviour import says

NO_QUEUE = [behaviours.not_found, says("not_allowed", 405, {"error": "Method Not Allowed"})]


def _key(hub: StandIn, monkeypatch: pytest.MonkeyPatch, *, given: bool) -> dict[str, Any]:
    if not given:
        return {}
    monkeypatch.setenv("OWN_KEY", hub.keys["queue.fal.run"])
    return {"provider_key_env": "OWN_KEY"}


@pytest.mark.parametrize("key", [False, True], ids=["token", "key"])
@pytest.mark.parametrize("model", ["flux-realism", "flux-dev", "flux-schnell"])
def test_a_picture_is_ordered_from_the_queue(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, key: bool, model: str
) -> None:
    hub.delay_s = 0.05
    watch = Watch()
    made = photographed(
        watch=watch, provider="fal-ai", model=model, bill_to="portrait-house", **_key(hub, monkeypatch, given=key)
    )
    (call,) = hub.calls
    host, query = ("queue.fal.run", {}) if key else ("router.huggingface.co", {"_subdomain": ["queue"]})
    assert (call.host, call.query) == (host, query)
    polls = seen(hub, "poll")
    assert {(each.host, str(each.query)) for each in polls} == {(host, str(query))}
    assert [each.path.rpartition("/")[2] for each in polls[:-1]] == ["status"] * (len(polls) - 1)
    assert [each.status for each in polls] == [202] * (len(polls) - 2) + [200, 200]
    assert call.headers.get("x-hf-bill-to") == (None if key else "portrait-house")
    assert (made.provider, len(hub.pictures), watch.charges) == ("fal-ai", 1, [("fal-ai", made.model, False)])


@pytest.mark.parametrize("key", [False, True], ids=["token", "key"])
@pytest.mark.parametrize("refusal", NO_QUEUE, ids=["404", "405"])
def test_where_there_is_no_queue_it_is_waited_for(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, key: bool, refusal: Any
) -> None:
    hub.script("call", refusal)
    watch = Watch()
    assert photographed(watch=watch, provider="fal-ai", **_key(hub, monkeypatch, given=key)).data
    assert [call.query for call in hub.calls] == ([{}, {}] if key else [{"_subdomain": ["queue"]}, {}])
    assert [call.host for call in hub.calls][-1] == ("fal.run" if key else "router.huggingface.co")
    assert (watch.attempts, len(watch.charges), len(hub.pictures), seen(hub, "poll")) == (1, 1, 1, [])


@pytest.mark.parametrize("behaviour", [behaviours.error_500, behaviours.gone, behaviours.forbidden])
def test_no_other_refusal_has_it_asked_for_without_a_queue(hub: StandIn, behaviour: Any) -> None:
    hub.always("call", behaviour)
    refused(asked(provider="fal-ai"))
    assert all(call.query for call in hub.calls)


def test_a_place_in_the_queue_is_said(hub: StandIn) -> None:
    hub.queued_s, hub.delay_s = 0.2, 0.1
    watch = Watch()
    assert photographed(watch=watch, provider="fal-ai").data
    assert watch.phases == ["3 ahead in the queue of fal-ai"]
    assert watch.fractions == sorted(watch.fractions)


@pytest.mark.parametrize(
    "polls",
    [
        (behaviours.error_500, behaviours.bad_gateway_html),
        (behaviours.rate_limited(1), behaviours.closed),
        (behaviours.html_200, says("list", 200, [])),
    ],
    ids=lambda polls: polls[0].name,
)
def test_a_poll_that_fails_is_asked_again_and_never_the_picture(hub: StandIn, polls: tuple[Any, ...]) -> None:
    hub.script("poll", *polls)
    watch = Watch()
    assert photographed(watch=watch, provider="fal-ai").data
    assert (len(hub.calls), len(watch.charges), watch.waits) == (1, 1, [])


def test_a_poll_comes_no_sooner_than_the_service_says(hub: StandIn) -> None:
    class Counting(Watch):
        pauses: tuple[float, ...] = ()

        def pause(self, seconds: float, /) -> None:
            self.pauses += (seconds,)
            super().pause(seconds)

    hub.script("poll", behaviours.error_500, behaviours.rate_limited(7), behaviours.error_500)
    watch = Counting()
    assert photographed(watch=watch, provider="fal-ai").data
    assert watch.pauses == (0.2, 8.0, 0.2)


@pytest.mark.parametrize("times", [1, 2])
def test_a_picture_that_is_ready_is_asked_for_until_the_queue_gives_it(hub: StandIn, times: int) -> None:
    completed = says("completed", 200, {"status": "COMPLETED"})
    hub.script("poll", completed, *[behaviours.bad_gateway_html] * times, behaviours.closed)
    assert photographed(provider="fal-ai").data
    assert len(hub.calls) == 1


def test_one_that_the_queue_does_not_know_any_more_is_not_ordered_again_unasked(hub: StandIn) -> None:
    hub.always("poll", behaviours.not_found)
    watch = Watch()
    error = refused(asked(provider="fal-ai"), watch)
    assert (error.code, len(hub.calls), watch.waits) == (REFUSED, 1, [])
    assert error.message == "fal-ai knows nothing any more of the picture that it accepted."


def test_an_order_without_an_address_is_not_ordered_again(hub: StandIn) -> None:
    hub.always("call", says("odd", 200, {"request_id": "1", "response_url": "https://queue.fal.run/"}, paid=True))
    watch = Watch()
    assert refused(asked(provider="fal-ai"), watch).code == ERROR
    assert (len(hub.calls), len(watch.charges)) == (1, 1)


@pytest.mark.parametrize("body", [{"request_id": "1"}, {"request_id": "1", "status": "error"}])
def test_an_id_alone_is_no_order(hub: StandIn, body: dict[str, str]) -> None:
    hub.script("call", says("odd", 200, body))
    for provider in ("fal-ai", "together"):
        assert photographed(**WAYS[provider]).data
    assert len(hub.calls) == 3


def test_one_that_is_not_ready_in_time_is_kept(hub: StandIn) -> None:
    hub.script("call", behaviours.endless_queue)
    watch = Watch()
    assert refused(asked(provider="fal-ai", timeout_s=1), watch).code == BUSY
    assert (len(hub.calls), len(watch.charges), watch.saved is None) == (1, 1, False)


# -- stopped by the user


class _Stopped(Watch):
    """Its user stops it at the first pause."""

    def pause(self, seconds: float, /) -> None:
        raise Cancelled(f"Stopped after {seconds} s.")


@pytest.mark.parametrize("key", [False, True], ids=["token", "key"])
def test_an_order_that_waits_is_taken_back(hub: StandIn, monkeypatch: pytest.MonkeyPatch, key: bool) -> None:
    hub.queued_s = 30
    watch = _Stopped()
    error = refused(asked(provider="fal-ai", **_key(hub, monkeypatch, given=key)), watch)
    assert isinstance(error, Withdrawn)
    assert (len(seen(hub, "cancel")), hub.pictures, watch.charges) == (1, [], [])
    hub.queued_s = 0
    again = Watch(watch.saved)
    assert photographed(watch=again, provider="fal-ai", **_key(hub, monkeypatch, given=key)).data
    assert (len(hub.pictures), len(again.charges), again.attempts) == (1, 1, 1)


def test_an_order_that_is_begun_is_charged_and_fetched_later(hub: StandIn) -> None:
    hub.delay_s = 0.1
    watch = _Stopped()
    refused(asked(provider="fal-ai"), watch)
    assert (seen(hub, "cancel"), len(hub.pictures), len(watch.charges)) == ([], 1, 1)
    again = Watch(watch.saved)
    assert photographed(watch=again, provider="fal-ai").data
    assert (len(hub.calls), again.attempts) == (1, 0)


@pytest.mark.parametrize("behaviour", [behaviours.error_500, behaviours.closed, behaviours.hang])
def test_an_order_that_cannot_be_taken_back_is_charged(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, behaviour: Any
) -> None:
    from avatar_creator.engines.huggingface import polling  # noqa: PLC0415

    monkeypatch.setattr(polling, "_WITHDRAW_S", 0.2)
    hub.queued_s = 30
    hub.always("cancel", behaviour)
    watch = _Stopped()
    error = refused(asked(provider="fal-ai"), watch)
    assert (isinstance(error, Withdrawn), len(watch.charges)) == (False, 1)
