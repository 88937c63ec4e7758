"""What a service may send that none should: an error of ours comes of it, in time and in memory."""

import contextlib
import gzip
import json
import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from huggingface_hub import constants
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.text import visible
from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.hub.http_limits import MOST_BYTES
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.provider_errors import Operation, ProviderError, Target
from avatar_creator.errors import AvatarError, EngineError
from engines.photographs import WAYS, Watch, asked, engine, photographed, refused, seen, standing_in
from standin import SD3, Behaviour, StandIn
from standin.record import Kind
from standin.wire import Answer

DEEP = b"[" * 200_000 + b"]" * 200_000
JSON = {"content-type": "application/json"}
# In place of any value of an answer, as JSON.
ODD = (
    b"null",
    b"true",
    b"-1",
    b"9" * 400,
    b"9" * 5000,
    b"1e999",
    b"NaN",
    b"-Infinity",
    b'""',
    b'"\\ud800"',
    b'"\\u0000\\u001b[31m\\u202e"',
    b'"' + b"x" * 70_000 + b'"',
    b"[]",
    b"{}",
    b"[[[]]]",
    b"[" * 900 + b"]" * 900,
    b'{"error":' * 900 + b"1" + b"}" * 900,
    b'{"a":1,"a":{"a":[2]}}',
    b'"http://[::1"',
    b'"http://169.254.169.254/latest"',
    b'"https://127.0.0.1/x.png"',
    b'"https://[::ffff:10.0.0.1]/x.png"',
    b'"https://h:99999/x"',
    b'"//v3.fal.media/x"',
    b'"data:text/html,<b>"',
    b'"data:image/png;base64,AAAA"',
    b'"file:///etc/passwd"',
    b'"javascript:1"',
    b'"https://v3.fal.media/' + b"a" * 70_000 + b'"',
    b'"https://v3.fal.media/\\ud800\\u0000"',
    b'"@evil.example/x"',
)
BODIES = (
    b"",
    b"\xff\xfe",
    b"\x00" * 100,
    b'"x"',
    b"1",
    b"{",
    b'{"images":[{"url":',
    b"\xef\xbb\xbf{}",
    DEEP,
    b"[" * 70_000,
)
HEADERS: dict[str, tuple[str, ...]] = {
    "content-type": ("image/png", "text/html", "application/json; charset=zlib", "x/y; charset=undefined", ""),
    "content-encoding": ("gzip", "br", "zstd", "gzip, gzip", "deflate", "identity", "x", ",".join(["gzip"] * 50)),
    "retry-after": (
        "-1",
        "1e9",
        "9" * 400,
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 +9999",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "x, y z",
        "٣",
    ),
    "ratelimit": ('"api";r=0;t=' + "9" * 400, '"', "x"),
    "x-error-code": ("GatedRepo", "RepoNotFound", "EntryNotFound", "RevisionNotFound", "x"),
    "x-error-message": ("\x1b[31m", "x" * 9000, "Access to this resource is disabled."),
    "location": ("", "http://[::1", "/loop", "https://10.0.0.1/", "file:///etc/passwd", "https://h:99999/", "//"),
}
STATUSES = (200, 200, 200, 200, 200, 201, 202, 204, 206, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 409, 410)
FAILURES = (413, 422, 429, 500, 501, 502, 503, 504)
# What services say where all is well, by and large; any value of it is put in another's place.
WELL: tuple[Any, ...] = (
    {"images": [{"url": "https://v3.fal.media/x", "width": 1}], "seed": 1, "has_nsfw_concepts": [False]},
    {"id": "abc", "status": "succeeded", "output": ["https://replicate.delivery/x"], "urls": {"get": "https://h/x"}},
    {"data": {"id": "x", "status": "created", "outputs": [], "urls": {"get": "https://api.wavespeed.ai/api/v3/x"}}},
    {"data": {"status": "failed", "error": "nsfw", "outputs": ["https://d1q70pf5vjeyhc.cloudfront.net/x"]}},
    {"data": [{"b64_json": "AAAA", "url": None}]},
    {"error": {"message": "no", "type": "x"}, "estimated_time": 20.0, "errors": [{"message": "x"}]},
    {"detail": [{"loc": ["body"], "msg": "no"}], "error_description": "x"},
    {
        "id": SD3,
        "sha": "1",
        "pipeline_tag": "text-to-image",
        "inferenceProviderMapping": {
            "fal-ai": {
                "status": "live",
                "providerId": "fal-ai/x",
                "task": "text-to-image",
                "adapter": "lora",
                "adapterWeightsPath": "x",
            }
        },
    },
    {
        "name": "ann",
        "isPro": False,
        "canPay": True,
        "auth": {
            "accessToken": {"role": "fineGrained", "fineGrained": {"global": [], "scoped": [{"permissions": []}]}}
        },
    },
)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with standing_in(monkeypatch) as opened:
        yield opened
        assert opened.leaks == []


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container within, with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, within in items:
        yield value, key
        yield from _places(within)


def _body(chance: random.Random) -> bytes:
    if chance.random() < 0.15:
        return chance.choice(BODIES)
    if chance.random() < 0.1:
        return chance.choice(ODD)
    said = json.loads(json.dumps(chance.choice(WELL)))
    odd = [chance.choice(ODD) for _ in range(chance.choice((0, 1, 1, 2)))]
    for number in range(len(odd)):
        within, key = chance.choice(list(_places(said)) or [([None], 0)])
        within[key] = f"<{number}>"
    text = json.dumps(said).encode()
    for number, value in enumerate(odd):
        text = text.replace(f'"<{number}>"'.encode(), value)
    return text


def _odd_answer(chance: random.Random) -> Answer:
    headers = dict(JSON)
    for name, values in HEADERS.items():
        if chance.random() < 0.15:
            headers[name] = chance.choice(values).encode("latin-1", "replace").decode("latin-1")
    body = _body(chance)
    if headers.get("content-encoding") == "gzip" and chance.random() < 0.7:
        body = gzip.compress(body)
    return Answer(chance.choice(STATUSES + FAILURES), body, headers)


def _misbehaves(hub: StandIn, kind: Kind, seed: int) -> None:
    chance = random.Random(f"{kind} {seed}")
    hub.always(kind, Behaviour(f"odd {seed}", paid=True, answer=lambda: _odd_answer(chance)))


# -- whatever it is


@pytest.mark.parametrize("kind", ["call", "poll", "download", "lookup"])
@pytest.mark.parametrize("provider", [*WAYS, "own"])
def test_whatever_is_answered_ends_in_an_error_of_ours(hub: StandIn, provider: str, kind: Kind) -> None:
    way = {"model": hub.endpoint} if provider == "own" else WAYS[provider]
    for seed in range(25):
        hub.reset()
        _misbehaves(hub, kind, seed)
        watch = Watch()
        with contextlib.suppress(AvatarError):
            engine().generate(asked(seed=seed + 1, timeout_s=5, **way), watch)
        for seconds, why in watch.waits:
            assert 0 <= seconds <= 120
            assert why == visible(why)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_answered_the_doctor_says_something(hub: StandIn, seed: int) -> None:
    kinds: tuple[Kind, ...] = ("whoami", "lookup", "ping")
    for kind in kinds:
        _misbehaves(hub, kind, seed)
    found = list(engine().probe({}))
    assert found
    for probe in found:
        assert probe.message == visible(probe.message)
        assert len(probe.message) < 400


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"1", b"{}", b'{"auth":null}', b'{"auth":{"accessToken":7}}'])
def test_an_account_of_another_shape_is_an_answer(hub: StandIn, body: bytes) -> None:
    hub.always("whoami", Behaviour("odd", answer=lambda: Answer(200, body, JSON)))
    assert "token" in {probe.subject for probe in engine().probe({})}


_TEXTS = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    [t.decode() for t in (DEEP[:2000], b"NaN", b"9" * 400)]
)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS | st.just(10**400),
    lambda within: (
        st.lists(within, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "msg", "estimated_time"]) | _TEXTS, within, max_size=4
        )
    ),
    max_leaves=12,
)


@given(
    status=st.integers(100, 999),
    body=_VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60) | st.sampled_from(BODIES),
    headers=st.dictionaries(
        st.sampled_from(sorted(set(HEADERS) - {"content-encoding"})),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
        max_size=3,
    ),
    operation=st.sampled_from(Operation),
)
def test_whatever_a_status_comes_with_has_a_meaning(
    status: int, body: bytes, headers: dict[str, str], operation: Operation
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    request = httpx2.Request("POST", "https://router.huggingface.co/x")
    response = httpx2.Response(status, content=body, headers=list(encoded.items()), request=request)  # type: ignore[arg-type]
    target = Target(operation, "a/b", "fal-ai", Credential("hf_" + "x" * 30, "HF_TOKEN"), 10.0)
    failure = translate(httpx2.HTTPStatusError("", request=request, response=response), target)
    assert isinstance(failure, ProviderError)
    assert failure.error.message == visible(failure.error.message)
    assert len(failure.error.message) < 400
    assert failure.retry_after_s is None or 0 <= failure.retry_after_s <= 8 * 24 * 3600


@pytest.mark.parametrize("after", ["Fri, 31 Dec 9999 23:59:59 GMT", "9" * 40, str(7 * 86_400)])
def test_a_wait_is_said_in_units_that_people_use(hub: StandIn, after: str) -> None:
    hub.always("call", Behaviour("late", answer=lambda: Answer(429, b"{}", JSON | {"retry-after": after})))
    assert (refused(asked(provider="fal-ai")).hint or "").startswith("Try again in 7 days, ")


def test_an_error_that_cannot_say_what_it_is_has_a_meaning() -> None:
    class Mute(ValueError):
        def __str__(self) -> str:
            raise RuntimeError

    failure = translate(Mute(), Target(Operation.CALL, "a/b", "fal-ai"))
    assert failure.error.message == "fal-ai failed, and what it says cannot be read."


# -- what was made is counted


@pytest.mark.parametrize(
    "url",
    [
        "https://v3.fal.media/" + "a" * 70_000,
        "http://[::1",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "\ud800",
    ],
    ids=lambda url: url[:22].encode("ascii", "replace").decode(),
)
@pytest.mark.parametrize("provider", ["fal-ai", "own"])
def test_a_picture_at_an_impossible_address_is_charged_once(hub: StandIn, provider: str, url: str) -> None:
    body = json.dumps({"images": [{"url": url}]}).encode()
    hub.always("call", Behaviour("odd", paid=True, answer=lambda: Answer(200, body, JSON)))
    watch = Watch()
    error = refused(asked(**({"model": hub.endpoint} if provider == "own" else WAYS[provider])), watch)
    assert error.message.endswith(("cannot be fetched: its address is none that can be asked.", "not with https."))
    assert (error.hint or "").startswith("It was charged")
    assert len(error.hint or "") < 100
    assert (len(watch.charges), watch.attempts, len(hub.calls)) == (1, 1, 1)


@pytest.mark.parametrize("provider", ["wavespeed", "own"])
def test_a_task_at_an_impossible_address_is_charged_once(hub: StandIn, provider: str) -> None:
    body = json.dumps({"data": {"id": "x", "urls": {"get": "http://[::1"}}}).encode()
    hub.always("call", Behaviour("odd", paid=True, answer=lambda: Answer(200, body, JSON)))
    watch = Watch()
    error = refused(asked(**({"model": hub.endpoint} if provider == "own" else WAYS[provider])), watch)
    assert "tells of a picture at an address that cannot be asked." in error.message
    assert (len(watch.charges), watch.attempts, len(hub.calls)) == (1, 1, 1)


# -- how much it is


def _bomb(megabytes: int, wbits: int = 31) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()


PACKED: dict[str, Callable[[], tuple[bytes, str]]] = {
    "gzip": lambda: (_bomb(40), "gzip"),
    "deflate": lambda: (_bomb(40, 15), "deflate"),
    "gzip in gzip": lambda: (gzip.compress(_bomb(40)), "gzip, gzip"),
    "many": lambda: (b"x", ", ".join(["gzip"] * 40)),
    "br": lambda: (b"x", "br"),
    "zstd": lambda: (b"x", "zstd"),
    "no gzip": lambda: (b"no gzip at all", "gzip"),
}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("kind", ["call", "download", "lookup"])
def test_what_is_packed_counts_as_unpacked(hub: StandIn, kind: Kind, packed: str) -> None:
    body, coding = PACKED[packed]()
    assert len(body) < 100_000
    answer = Answer(200, body, JSON | {"content-encoding": coding})
    hub.always(kind, Behaviour("packed", paid=True, answer=lambda: answer))
    error = refused(asked(provider="fal-ai"))
    assert isinstance(error, EngineError)
    known = {"gzip": "larger than 30 MB", "deflate": "larger than 30 MB", "no gzip": "cannot be unpacked"}
    said = known.get(packed, "is packed in a way that nobody asked for")
    assert ("larger" if "larger" in said else "cannot be read" if kind == "lookup" else said) in error.message
    assert len(hub.calls) == (kind != "lookup")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_is_packed_though_nobody_asked_is_taken(hub: StandIn, coding: str) -> None:
    for kind in ("call", "download"):
        hub.reset()
        plain = photographed(provider="fal-ai").data
        assert {each.headers["accept-encoding"] for each in hub.requests} == {"identity"}
        (answered,) = seen(hub, "call")
        body = plain if kind == "download" else json.dumps({"images": [{"url": _fetched(hub)}]}).encode()
        packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
        answer = Answer(200, packed, JSON | {"content-encoding": coding})
        hub.script(kind, Behaviour("packed", paid=True, answer=lambda: answer))  # noqa: B023
        assert photographed(provider="fal-ai").data == plain
        assert answered.status == 200


def _fetched(hub: StandIn) -> str:
    (download,) = seen(hub, "download")
    return f"https://{download.host}{download.path}"


@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_an_error_says_only_so_much(hub: StandIn, coding: str | None) -> None:
    body = b'{"error": "no' + b" " * MOST_BYTES + b'"}'
    headers = JSON | ({"content-encoding": coding} if coding else {})
    answer = Answer(422, gzip.compress(body) if coding == "gzip" else body, headers)
    hub.always("call", Behaviour("long", answer=lambda: answer))
    error = refused(asked(provider="fal-ai"))
    assert error.message.startswith("fal-ai refused the request")
    assert len(error.message) < 300


def test_an_answer_of_too_many_values_is_not_read(hub: StandIn) -> None:
    body = b'{"images":[{"url":"https://v3.fal.media/x"}],"a":[' + b"[]," * 200_000 + b"1]}"
    hub.always("call", Behaviour("wide", paid=True, answer=lambda: Answer(200, body, JSON)))
    error = refused(asked(provider="fal-ai"))
    assert error.message == "The answer of fal-ai holds too much to be read. It may have been billed."
    assert len(hub.calls) == 1


# -- what the client keeps of its own


@pytest.mark.parametrize("kept", ['"x"', "1", '{"harnesses": 5}', '{"standardEnvVars": 3, "harnesses": {"a": 1}}'])
def test_what_the_client_kept_of_agents_is_not_read(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, kept: str
) -> None:
    path = tmp_path / "agents.json"
    path.write_text(kept)
    monkeypatch.setattr(constants, "AGENT_HARNESSES_PATH", str(path))
    assert photographed(provider="fal-ai").data
    assert "agent" not in " ".join(each.headers.get("user-agent", "") for each in hub.requests)
