"""What is kept of an answer: whoever comes after a crash goes on with it, and pays for nothing twice."""

import json
import os
import sys
import threading
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.decoding.processes import POOL
from avatar_creator.domain.picture import Picture
from avatar_creator.engines.hub_models import FLUX_DEV
from avatar_creator.engines.huggingface.client import ProviderResponse
from avatar_creator.engines.huggingface.options import parse
from avatar_creator.engines.huggingface.payloads import Call
from avatar_creator.engines.huggingface.routes import Route
from avatar_creator.engines.huggingface.saved_response import pack, unpack
from avatar_creator.errors import Cancelled
from engines.photographs import (
    BUSY,
    ERROR,
    REFUSED,
    SETUP,
    WAYS,
    Watch,
    asked,
    engine,
    photographed,
    refused,
    seen,
    standing_in,
)
from standin import Behaviour, StandIn, behaviours
from standin.behaviour import says

BY_URL, AS_TASK = ("replicate",), ("fal-ai", "wavespeed")
# What is said of a picture that was made, in this order.
WHOLE = {
    **{each: ["save", "charged"] for each in WAYS},
    **{each: ["save", "save", "charged"] for each in BY_URL},
    **{each: ["save", "charged", "save"] for each in AS_TASK},
}
HOSTS = {"fal-ai": "queue.fal.run", "replicate": "api.replicate.com", "wavespeed": "api.wavespeed.ai"}
FAILED = says("failed", 200, {"data": {"status": "failed", "error": "out of memory"}})


class Killed(BaseException):
    """The end of a process that did not see it coming."""


class Dying(Watch):
    """Dies as soon as so much was told."""

    def __init__(self, *events: str, before: bytes | None = None) -> None:
        super().__init__(before)
        self._last = list(events)

    def save_response(self, response: bytes | None, /) -> None:
        super().save_response(response)
        self._die()

    def record_charge(self, provider: str, model: str, *, reroll: bool = False) -> None:
        super().record_charge(provider, model, reroll=reroll)
        self._die()

    def _die(self) -> None:
        if self.events == self._last:
            raise Killed


def _killed(*events: str, before: bytes | None = None, **wishes: Any) -> bytes | None:
    """Return what is kept of a photograph whose maker is killed when so much was told."""
    watch = Dying(*events, before=before)
    with pytest.raises(Killed):
        engine().generate(asked(**wishes), watch)
    _bury()
    return watch.saved


def _bury() -> None:
    """Wait for threads that a killed process would take with it."""
    for thread in threading.enumerate():
        if thread.name == "huggingface":
            thread.join()


def _resumed(saved: bytes | None, **wishes: Any) -> tuple[Picture, Watch]:
    watch = Watch(saved)
    return photographed(watch=watch, **wishes), watch


# -- goes on


@pytest.mark.parametrize("provider", WAYS)
def test_an_answer_is_kept_before_it_is_charged(hub: StandIn, provider: str) -> None:
    watch = Watch()
    photographed(watch=watch, **WAYS[provider])
    assert watch.events == WHOLE[provider]
    assert len(hub.pictures) == 1


@pytest.mark.parametrize("provider", WAYS)
@pytest.mark.parametrize("charged", [False, True])
def test_a_picture_that_is_kept_needs_no_request(hub: StandIn, provider: str, charged: bool) -> None:
    events = WHOLE[provider] if charged or provider in AS_TASK else WHOLE[provider][:-1]
    saved = _killed(*events, **WAYS[provider])
    before = len(hub.requests)
    made, watch = _resumed(saved, **WAYS[provider])
    assert (len(hub.requests), watch.attempts, watch.events) == (before, 0, ["charged"])
    assert watch.charges == [(provider, made.model, False)]
    assert watch.fractions == sorted(watch.fractions)
    assert made == photographed(**WAYS[provider])


@pytest.mark.parametrize("provider", BY_URL)
def test_an_address_that_is_kept_needs_only_to_be_fetched(hub: StandIn, provider: str) -> None:
    saved = _killed("save", provider=provider)
    calls, lookups = len(hub.calls), len(seen(hub, "lookup"))
    made, watch = _resumed(saved, provider=provider)
    assert (len(hub.calls), len(seen(hub, "lookup")), watch.attempts) == (calls, lookups, 0)
    assert watch.events == ["charged", "save"], "and the bytes are kept, too"
    again = len(hub.requests)
    assert _resumed(watch.saved, provider=provider)[0] == made
    assert (len(hub.requests), len(hub.pictures)) == (again, 1)


@pytest.mark.parametrize("key", [False, True], ids=["token", "key"])
@pytest.mark.parametrize("provider", ["fal-ai", "replicate", "wavespeed"])
def test_a_task_is_followed_and_not_ordered_again(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, provider: str, key: bool
) -> None:
    wishes: dict[str, Any] = {"provider": provider}
    if key:
        monkeypatch.setenv("OWN_KEY", hub.keys[HOSTS[provider]])
        wishes["provider_key_env"] = "OWN_KEY"
    hub.delay_s = 0.3
    hub.script("call", behaviours.replicate_cold)
    saved = _killed("save", **wishes)
    assert seen(hub, "download") == []
    lookups = len(seen(hub, "lookup"))
    made, watch = _resumed(saved, **wishes)
    assert (len(hub.calls), len(hub.pictures), len(seen(hub, "lookup"))) == (1, 1, lookups)
    assert (watch.attempts, watch.events, made.provider) == (0, ["charged", "save"], provider)


def test_a_task_that_takes_too_long_is_kept(hub: StandIn) -> None:
    hub.script("call", behaviours.replicate_cold)
    hub.always("poll", behaviours.error_500)
    watch, again = Watch(), Watch()
    assert refused(asked(provider="wavespeed", timeout_s=1), watch).code == BUSY
    again.before = watch.saved
    assert refused(asked(provider="wavespeed", timeout_s=1), again).code == BUSY
    assert again.events == ["charged"], "nothing is forgotten"
    hub.always("poll", None)
    assert _resumed(watch.saved, provider="wavespeed")[0].data
    assert len(hub.calls) == 1


# -- blank ones


@pytest.mark.parametrize("provider", WAYS)
def test_a_blank_one_is_taken_anew_from_where_it_was(hub: StandIn, provider: str) -> None:
    wishes = {"seed": 41, **WAYS[provider]}
    first = WHOLE[provider]
    hub.script("call", behaviours.black)
    saved = _killed(*first, **wishes)
    made, watch = _resumed(saved, **wishes)
    assert (made.seed, made.recipe["rerolled_seeds"], len(hub.calls)) == (42, [41], 2)
    assert [reroll for _, _, reroll in watch.charges] == [False, True]
    hub.script("call", behaviours.black)
    saved = _killed(*first, *(first if provider in AS_TASK else first[:-1]), **wishes)
    assert len(hub.calls) == 4
    again, watch = _resumed(saved, **wishes)
    assert (again, watch.attempts, len(hub.calls)) == (made, 0, 4)
    assert [reroll for _, _, reroll in watch.charges] == [True]


def test_a_second_blank_one_is_the_last(hub: StandIn) -> None:
    hub.always("call", behaviours.black)
    watch = Watch()
    assert refused(asked(provider="together", model="flux-schnell"), watch).code == REFUSED
    assert watch.events == ["save", "charged"] * 2 + ["remove"]
    saved = _killed(*watch.events[:3], provider="together", model="flux-schnell")
    calls, watch = len(hub.calls), Watch(saved)
    error = refused(asked(provider="together", model="flux-schnell"), watch)
    assert error.message.endswith("twice; both were charged.")
    assert (len(hub.calls), watch.events) == (calls, ["charged", "remove"])


def test_a_reroll_goes_elsewhere_when_its_provider_has_gone(hub: StandIn) -> None:
    hub.script("call", behaviours.black, behaviours.gone)
    made, _ = _resumed(_killed(*WHOLE["fal-ai"]))
    assert (made.provider, made.recipe["rerolled_seeds"], len(hub.calls)) == ("replicate", [], 3)


# -- useless ones


def _spoilt(saved: bytes, **changes: Any) -> bytes:
    head, _, data = saved[:-32].partition(b"\n")
    packed = json.dumps(json.loads(head) | changes).encode() + b"\n" + data
    return packed + sha256(packed).digest()


@pytest.mark.parametrize("provider", ["fal-ai", "together"])
@pytest.mark.parametrize("how", ["nothing", "junk", "cut", "version", "seed", "damaged"])
def test_what_cannot_be_used_is_forgotten_and_the_picture_asked_for(hub: StandIn, provider: str, how: str) -> None:
    saved = _killed(*(WHOLE[provider] if provider in AS_TASK else ["save"]), **WAYS[provider])
    assert saved
    damaged = saved[: saved.index(b"\n") + 9000]
    spoilt = {
        "nothing": b"",
        "junk": b"\xff{[" * 99,
        "cut": saved[:-1],
        "version": _spoilt(saved, version=2),
        "seed": _spoilt(saved, seed=8),
        "damaged": _spoilt(damaged + sha256(damaged).digest(), url=None),
    }
    made, watch = _resumed(spoilt[how], **WAYS[provider])
    assert (made.seed, len(hub.calls), watch.attempts) == (7, 2, 1)
    charged = ["charged"] if how == "damaged" else []
    assert watch.events == [*charged, "remove", *WHOLE[provider]]


@pytest.mark.parametrize(
    ("kind", "behaviour", "times", "provider"),
    [
        ("download", behaviours.download_404, 3, "fal-ai"),
        ("download", behaviours.download_403, 3, "replicate"),
        ("download", behaviours.bad_request, 3, "fal-ai"),
        ("download", behaviours.download_html, 3, "fal-ai"),
        ("poll", FAILED, 1, "wavespeed"),
        ("poll", behaviours.not_found, 1, "wavespeed"),
        ("poll", says("nothing", 200, {"data": {"status": "completed", "outputs": []}}), 1, "wavespeed"),
    ],
    ids=lambda value: value.name if isinstance(value, Behaviour) else None,
)
def test_what_is_gone_or_has_failed_is_asked_for_anew(
    hub: StandIn, kind: Any, behaviour: Behaviour, times: int, provider: str
) -> None:
    hub.delay_s = 0.3 if kind == "poll" else 0.0
    saved = _killed("save", provider=provider)
    hub.delay_s = 0.0
    hub.script(kind, *[behaviour] * times)
    made, watch = _resumed(saved, provider=provider)
    assert made.data
    assert (len(hub.calls), watch.attempts, watch.events.count("remove")) == (2, 1, 1)
    assert watch.events[-3:] == WHOLE[provider]


def test_a_useless_second_one_is_not_begun_from_the_first(hub: StandIn) -> None:
    hub.script("call", behaviours.black)
    saved = _killed("save", "charged", "save", seed=41, **WAYS["hf-inference"])
    assert saved
    cut = saved[: saved.index(b"\n") + 9000]
    made, watch = _resumed(cut + sha256(cut).digest(), seed=41, **WAYS["hf-inference"])
    assert (made.seed, made.recipe["rerolled_seeds"]) == (42, [41])
    assert [reroll for _, _, reroll in watch.charges] == [True, True]
    assert len(hub.calls) == 3


def test_bytes_that_are_no_picture_are_not_kept(hub: StandIn) -> None:
    hub.script("call", behaviours.truncated(0.5))
    watch = Watch()
    photographed(watch=watch, **WAYS["together"])
    assert watch.events == ["save", "charged", "remove", "save", "charged"]
    hub.script("poll", FAILED)
    watch = Watch()
    assert refused(asked(provider="wavespeed"), watch).code == REFUSED
    assert watch.events == ["save", "remove"]


# -- what passes


@pytest.mark.parametrize("provider", ["fal-ai", "replicate", "wavespeed"])
@pytest.mark.parametrize(
    "behaviour",
    [behaviours.download_500, behaviours.rate_limited(1), behaviours.closed, behaviours.cut],
    ids=lambda each: each.name,
)
def test_what_cannot_be_fetched_is_kept_until_it_can(hub: StandIn, provider: str, behaviour: Behaviour) -> None:
    hub.always("download", behaviour)
    saved = None
    for _ in range(3):
        watch = Watch(saved)
        assert refused(asked(provider=provider), watch).code == ERROR
        assert "remove" not in watch.events
        saved = watch.saved
    hub.always("download", None)
    assert _resumed(saved, provider=provider)[0].data
    assert (len(hub.calls), len(hub.pictures)) == (1, 1)


@pytest.mark.parametrize(("behaviour", "code"), [(behaviours.unauthorized, SETUP), (behaviours.no_credits, REFUSED)])
def test_a_task_outlives_a_token_that_is_refused(hub: StandIn, behaviour: Behaviour, code: str) -> None:
    hub.delay_s = 0.3
    saved = _killed("save", provider="wavespeed")
    hub.script("poll", behaviour)
    watch = Watch(saved)
    assert refused(asked(provider="wavespeed"), watch).code == code
    assert (watch.events, watch.saved, len(hub.calls)) == (["in doubt"], saved, 1)
    _, later = _resumed(watch.saved, provider="wavespeed")
    assert (later.attempts, later.events, len(hub.calls)) == (0, ["charged", "save"], 1)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("provider", WAYS)
def test_a_picture_is_not_lost_with_the_process_that_decodes_it(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, provider: str
) -> None:
    stopped = tmp_path / "python"
    stopped.write_text("#!/bin/sh\nkill -TERM $$\n", "utf-8")
    stopped.chmod(0o700)
    saved = None
    POOL.close()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(stopped))
        for events in (WHOLE[provider], ["charged"]):
            watch = Watch(saved)
            assert refused(asked(**WAYS[provider]), watch).code == "storage"
            assert watch.events == events
            saved = watch.saved
    before = len(hub.requests)
    made, watch = _resumed(saved, **WAYS[provider])
    assert (made.data, watch.attempts) == (photographed(**WAYS[provider]).data, 0)
    assert len(hub.calls) == 2  # the other one of the line before
    assert [seen.kind for seen in hub.requests[before:]].count("call") == 1


def test_who_wants_it_no_more_when_it_is_kept_is_heard(hub: StandIn) -> None:
    class Leaves(Watch):
        def save_response(self, response: bytes | None, /) -> None:
            super().save_response(response)
            raise Cancelled("Stopped.")

    for provider in WAYS:
        watch = Leaves()
        with pytest.raises(Cancelled):
            engine().generate(asked(**WAYS[provider]), watch)
        assert watch.events == ["save"]
    _bury()
    assert len(hub.calls) == len(WAYS)


# -- what is in it


class _Collecting(Watch):
    all = b""

    def save_response(self, response: bytes | None, /) -> None:
        self.all += response or b""
        super().save_response(response)


@pytest.mark.parametrize("provider", WAYS)
def test_no_token_is_kept(hub: StandIn, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    key = next((key for host, key in hub.keys.items() if provider.split("-", maxsplit=1)[0] in host), None)
    monkeypatch.setenv("OWN_KEY", key or "")
    watch = _Collecting()
    photographed(watch=watch, **WAYS[provider])
    if key:
        photographed(watch=watch, provider_key_env="OWN_KEY", **WAYS[provider])
        assert key.encode() not in watch.all
    assert watch.all
    assert hub.token.encode() not in watch.all


@pytest.mark.parametrize("key", ["token", "key-0123", 'k"e/y:0%'])
def test_a_token_that_a_service_repeats_is_not_kept(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    with standing_in(monkeypatch) as hub:  # to fetch it takes the secret there again
        secret, wishes = hub.token, dict[str, Any]()
        if key != "token":
            monkeypatch.setenv("OWN_KEY", key)
            monkeypatch.setitem(hub.keys, "queue.fal.run", key)
            secret, wishes = key, {"provider_key_env": "OWN_KEY"}
        url = f"https://v3.fal.media/x?by={secret}"
        hub.always("call", says("repeats", 200, {"images": [{"url": url}]}, paid=True))
        watch = Watch()
        error = refused(asked(provider="fal-ai", **wishes), watch)
        assert (watch.events, watch.saved) == (["charged"], None)
        assert secret not in f"{error.message}{error.hint}"


ROUTE = Route("fal-ai", "fal-ai/flux-lora", "a/lora", FLUX_DEV, "a/lora", "lora.safetensors", "1" * 40, ("A notice.",))
REQUEST, OPTIONS = asked(seed=7), parse({})
CALL = Call(REQUEST, OPTIONS, ROUTE, (), {"lora": "a/lora", "made_px": [512, 512]})
GOOD = (
    ProviderResponse(b"\xff\xd8\n{}", None),
    ProviderResponse(None, "https://x/y?sig=1", True),
    ProviderResponse(None, None, task="https://x/z"),
)


@pytest.mark.parametrize("answer", GOOD, ids=["data", "url", "task"])
def test_what_is_kept_is_read_again(answer: ProviderResponse) -> None:
    assert unpack(pack(CALL, answer), REQUEST, OPTIONS) == (CALL, answer)
    assert unpack(pack(CALL, answer), asked(seed=8), OPTIONS) is None, "it is of another picture"
    assert unpack(pack(CALL, ProviderResponse(None, None)), REQUEST, OPTIONS) is None, "there is nothing in it"


@given(answer=st.sampled_from(GOOD), at=st.integers(0), junk=st.binary(max_size=40))
def test_what_is_not_whole_is_not_read(answer: ProviderResponse, at: int, junk: bytes) -> None:
    good = pack(CALL, answer)
    at %= len(good)
    for spoilt in (junk, good[:at], good[:at] + junk, good[:at] + junk + good[at + len(junk) :], good + junk):
        assert spoilt == good or unpack(spoilt, REQUEST, OPTIONS) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
_HEAD = json.loads(pack(CALL, GOOD[1])[:-32])


@given(events=_JSON, field=st.sampled_from(sorted(_HEAD)), part=st.sampled_from(["", *ROUTE.__slots__]))
def test_what_somebody_else_wrote_is_read_or_not(events: Any, field: str, part: str) -> None:
    for head in (events, _HEAD | {field: events}, _HEAD | {"route": _HEAD["route"] | {part: events}}):
        packed = json.dumps(head).encode() + b"\n"
        found = unpack(packed + sha256(packed).digest(), REQUEST, OPTIONS)
        assert found is None or found[0].request.seed in {7, 8}
