"""The translating function: every exception that the client and its HTTP library have, and every status."""

import inspect
import json
import random
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from huggingface_hub import errors
from PIL import Image, UnidentifiedImageError

from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.hub.http_limits import TooLarge
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.provider_errors import Operation, ProviderError, Target, failed_task
from avatar_creator.errors import (
    AvatarError,
    Cancelled,
    EngineBusy,
    EngineError,
    EngineRefused,
    InvalidInput,
    NotConfigured,
)

TOKEN = "hf_" + "Zz9" * 12
KEY = "fal-key-Zz9Zz9"
URL = "https://router.huggingface.co/fal-ai/fal-ai/flux-lora"
# As the client words its errors: for other readers.
NOISE = (
    f"Client error '500' for url '{URL}' (Request ID: abc; token {TOKEN})\nFor more information check: "
    "https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/500\x1b[31m\u202e"
)
CREDENTIAL = Credential(TOKEN, "HF_TOKEN")
OURS = (EngineError, EngineBusy, EngineRefused, NotConfigured)


def _response(status: int, body: Any = None, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, content=content, headers=names, request=httpx2.Request("POST", URL))


def _classes() -> Iterator[type[BaseException]]:
    for module in (errors, httpx2):
        for name in dir(module):
            found = getattr(module, name)
            if inspect.isclass(found) and issubclass(found, BaseException) and not issubclass(found, Warning):
                yield found


CLASSES = sorted(set(_classes()), key=lambda found: f"{found.__module__}.{found.__name__}")
BUILTINS: dict[str, BaseException] = {
    "TimeoutError": TimeoutError(NOISE),
    "OSError": OSError(NOISE),
    "OSError 28": OSError(28, NOISE),
    "ConnectionResetError": ConnectionResetError(104, NOISE),
    "ValueError": ValueError(NOISE),
    "JSONDecodeError": json.JSONDecodeError(NOISE, "<html>", 0),
    "UnicodeDecodeError": UnicodeDecodeError("utf-8", b"\xff", 0, 1, NOISE),
    "UnidentifiedImageError": UnidentifiedImageError(NOISE),
    "DecompressionBombError": Image.DecompressionBombError(NOISE),
    "IndexError": IndexError(NOISE),
    "KeyError": KeyError(NOISE),
    "AttributeError": AttributeError(NOISE),
    "TypeError": TypeError(NOISE),
    "StopIteration": StopIteration(NOISE),
    "RuntimeError": RuntimeError(NOISE),
    "MemoryError": MemoryError(NOISE),
    "AssertionError": AssertionError(NOISE),
    "RecursionError": RecursionError(),
    "TooLarge": TooLarge(),
    "Exception": Exception(),
}


def _built(found: type[BaseException]) -> BaseException:
    """Return one of a class, whatever its constructor asks for."""
    ways: tuple[Any, ...] = (
        lambda: found(NOISE),
        lambda: found(NOISE, response=_response(500, {"error": NOISE})),  # type: ignore[call-arg]
        lambda: found(NOISE, request=httpx2.Request("POST", URL), response=_response(500)),  # type: ignore[call-arg]
        found,
        lambda: found(NOISE, NOISE),
        lambda: found(NOISE, SimpleNamespace(stderr=NOISE, timed_out=True)),
    )
    for way in ways:
        try:
            built = way()
        except (TypeError, AttributeError):
            continue
        assert isinstance(built, BaseException)
        return built
    raise AssertionError(f"nobody knows how to make a {found}")


def _target(operation: Operation, credential: Credential | None = CREDENTIAL) -> Target:
    return Target(
        operation, "XLabs-AI/flux-RealismLora", None if operation is Operation.LOOKUP else "fal-ai", credential, 10.0
    )


def _check(failure: ProviderError, operation: Operation) -> None:
    error = failure.error
    assert isinstance(failure, ProviderError)
    assert isinstance(error, OURS), error
    for text in (error.message, error.hint or "", failure.why, str(failure), repr(failure)):
        assert "\n" not in text
        assert "hf_Zz9" not in text
        assert KEY not in text
        assert "router.huggingface.co" not in text
        assert "developer.mozilla.org" not in text
        assert text.isprintable(), text
    assert error.message.strip()
    assert error.message.endswith(".")
    assert len(error.message) < 400
    if failure.backoff:
        assert failure.why
        assert failure.backoff.wait_s > 0
        assert not isinstance(error, EngineRefused | NotConfigured), "what is refused is not asked for again"
    assert not failure.is_rate_limit or operation is Operation.CALL
    assert not failure.is_gone or operation is Operation.CALL


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("found", CLASSES, ids=lambda found: found.__name__)
def test_every_exception_of_the_client_has_a_meaning(found: type[BaseException], operation: Operation) -> None:
    error = _built(found)
    for credential in (CREDENTIAL, Credential(KEY, "FAL_KEY", direct=True), None):
        _check(translate(error, _target(operation, credential)), operation)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("name", BUILTINS)
def test_every_exception_of_python_has_a_meaning(name: str, operation: Operation) -> None:
    _check(translate(BUILTINS[name], _target(operation)), operation)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("kind", [errors.HfHubHTTPError, httpx2.HTTPStatusError], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "body",
    [
        {"error": NOISE},
        {"error": {"message": NOISE}},
        {"detail": [{"msg": NOISE}]},
        [NOISE],
        NOISE,
        None,
        {"error": 3},
        {"error": [], "detail": {}},
        b"<html>502 https://router.huggingface.co</html>",
        b"\xff\xfe\x00",
        b"",
    ],
    ids=range(11),
)
def test_every_status_has_a_meaning(kind: Any, body: Any, operation: Operation) -> None:
    for status in range(400, 600):
        response = _response(status, body)
        if kind is httpx2.HTTPStatusError:
            error = kind(NOISE, request=response.request, response=response)
        else:
            error = kind(NOISE, response=response, server_message=NOISE)
        failure = translate(error, _target(operation))
        if "router" not in str(body):
            _check(failure, operation)
        _check_class(status, failure, operation)


def _check_class(status: int, failure: ProviderError, operation: Operation) -> None:
    again = failure.backoff is not None
    if operation is Operation.DOWNLOAD:
        assert (type(failure.error), again) == (EngineError, True)
    elif status == 401:
        assert (type(failure.error), again) == (NotConfigured, False)
    elif status in {408, 429} or status >= 500:
        assert (type(failure.error), again) == (EngineBusy, True)
        if status == 504 and operation is Operation.CALL:
            assert failure.backoff is not None
            assert failure.backoff.most == 2
            assert "may have been billed" in failure.error.message
    else:
        assert (type(failure.error), again) == (EngineRefused, False)
    if status in {402, 403} and operation is not Operation.DOWNLOAD:
        assert isinstance(failure.error, EngineError)
        assert failure.error.ends_run
    assert failure.is_gone == (status in {404, 410} and operation is Operation.CALL)
    assert failure.is_rate_limit == (status == 429 and operation is Operation.CALL)


@pytest.mark.parametrize(
    ("error", "expected", "waits", "most"),
    [
        (errors.InferenceTimeoutError("late"), EngineBusy, 2, 2),
        (httpx2.ReadTimeout("late"), EngineBusy, 2, 2),
        (httpx2.WriteTimeout("late"), EngineBusy, 2, 2),
        (TimeoutError("late"), EngineBusy, 2, 2),
        (httpx2.ConnectTimeout("nothing was sent"), EngineBusy, 1, None),
        (httpx2.PoolTimeout("nothing was sent"), EngineBusy, 1, None),
        (httpx2.RemoteProtocolError("cut"), EngineBusy, 1, None),
        (httpx2.ReadError("reset"), EngineBusy, 1, None),
        (httpx2.ConnectError("refused"), EngineBusy, 1, None),
        (httpx2.ProxyError("502 Bad Gateway"), EngineBusy, 1, None),
        (ConnectionResetError(104, "reset"), EngineBusy, 1, None),
        (json.JSONDecodeError("x", "x", 0), EngineError, 2, None),
        (UnidentifiedImageError("x"), EngineError, 2, None),
        (OSError("image file is truncated (0 bytes not processed)"), EngineError, 2, None),
        (KeyError("images"), EngineError, 2, 2),
        (IndexError("0"), EngineError, 2, 2),
        (AttributeError("x"), EngineError, 2, 2),
        (StopIteration(), EngineError, 2, 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_is_asked_again_and_how_often(
    error: Exception, expected: type[AvatarError], waits: float, most: int | None
) -> None:
    failure = translate(error, _target(Operation.CALL))
    assert type(failure.error) is expected
    assert failure.backoff is not None
    assert (failure.backoff.wait_s, failure.backoff.most) == (waits, most)


@pytest.mark.parametrize(
    ("error", "expected", "says"),
    [
        (httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), EngineError, "not trusted"),
        (httpx2.ProxyError("407 Proxy Authentication Required"), EngineError, "wants a password"),
        (httpx2.LocalProtocolError(f"Illegal header value b'Bearer {TOKEN}'"), EngineError, "cannot be sent"),
        (httpx2.UnsupportedProtocol("ftp"), EngineError, "cannot be sent"),
        (httpx2.InvalidURL("URL too long"), EngineError, "URL too long"),
        (httpx2.TooManyRedirects("20"), EngineError, "from one address to the next"),
        (errors.OfflineModeIsEnabled("x"), NotConfigured, "HF_HUB_OFFLINE"),
        (TooLarge(), EngineError, "larger than 30 MB"),
        (ValueError("Model X is not supported by provider fal-ai."), EngineRefused, "is not supported by provider"),
        (ValueError("WaveSpeed AI task failed: nsfw"), EngineRefused, "content filter of fal-ai refused the picture"),
        (ValueError("WaveSpeed AI task failed: no GPU"), EngineRefused, "fal-ai failed: no GPU."),
        (RuntimeError("x"), EngineError, "fal-ai cannot be used: x."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_is_not_asked_again(error: Exception, expected: type[AvatarError], says: str) -> None:
    failure = translate(error, _target(Operation.CALL))
    assert (type(failure.error), failure.backoff) == (expected, None)
    assert says in failure.error.message


def test_a_repository_that_is_not_there_depends_on_who_asks() -> None:
    def said(status: int, credential: Credential | None) -> ProviderError:
        error = errors.RepositoryNotFoundError(NOISE, response=_response(status, {"error": "no"}))
        return translate(error, _target(Operation.LOOKUP, credential))

    for failure in (said(404, CREDENTIAL), said(401, None)):
        assert isinstance(failure.error, EngineRefused)
        assert failure.error.message == "There is no model XLabs-AI/flux-RealismLora on the Hub."
    assert isinstance(said(401, CREDENTIAL).error, NotConfigured)


def test_a_key_that_was_refused_is_not_called_a_token() -> None:
    key = Credential(KEY, "FAL_KEY", direct=True)
    refused, unpaid = (
        translate(errors.HfHubHTTPError("x", response=_response(status)), _target(Operation.CALL, key)).error
        for status in (401, 402)
    )
    assert refused.message == "The key from FAL_KEY was refused."
    assert refused.hint == "Put a valid key of fal-ai into FAL_KEY."
    assert unpaid.message.startswith("fal-ai wants to be paid first")


def test_our_own_errors_pass_unchanged() -> None:
    for error in (Cancelled("Stopped."), InvalidInput("Odd."), EngineBusy("Busy.", retry_after_s=3)):
        failure = translate(error, _target(Operation.CALL))
        assert (failure.error, failure.backoff) == (error, None)
        assert translate(failure, _target(Operation.LOOKUP)) is failure


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry_after": "0"}, {}, 1),
        ({"retry_after": "7"}, {}, 8),
        ({"retry_after": " 7 "}, {}, 8),
        ({"retry_after": "9" * 400}, {}, 7 * 24 * 3600 + 1),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, {}, 1),
        ({"retry_after": "soon"}, {}, None),
        ({"retry_after": "-5"}, {}, None),
        ({"retry_after": "soon", "ratelimit": '"api";r=0;t=55'}, {}, 56),
        ({"ratelimit": '"api";r=0;t=55'}, {}, 56),
        ({"ratelimit": '"api" ; r = 0 ; t = 55'}, {}, 56),
        ({"ratelimit": "nonsense"}, {}, None),
        ({}, {"detail": "Your rate limit for creating predictions resets in ~30s."}, 31),
        ({}, {"detail": "it reset in 3 s"}, 4),
        ({}, {}, None),
    ],
)
def test_when_to_come_back_is_read_from_all_that_says_so(
    headers: dict[str, str], body: dict[str, str], seconds: float | None
) -> None:
    error = errors.HfHubHTTPError("x", response=_response(429, body, **headers))
    failure = translate(error, _target(Operation.CALL))
    assert failure.retry_after_s == seconds
    assert isinstance(failure.error, EngineBusy)
    assert failure.error.retry_after_s == seconds


@pytest.mark.parametrize("estimate", [True, "20", None, [], {}])
def test_an_estimate_that_is_none_is_passed_over(estimate: object) -> None:
    error = errors.HfHubHTTPError("x", response=_response(503, {"estimated_time": estimate, "error": "Busy"}))
    assert translate(error, _target(Operation.CALL)).error.message == "fal-ai is overloaded: Busy."


def test_what_a_service_says_is_one_short_harmless_line() -> None:
    loud = "é\x1b[2J\u202e " + "many words " * 100 + TOKEN
    error = errors.HfHubHTTPError("x", response=_response(400, {"error": loud}))
    message = translate(error, _target(Operation.CALL)).error.message
    assert message.isprintable()
    assert message.startswith("fal-ai refused the request: é\\x1b[2J")
    assert message.endswith("….")
    assert len(message) < 250
    assert "hf_***" in failed_task(_target(Operation.CALL, None), f"bad {TOKEN}").error.message


def test_answers_nobody_thought_of_raise_nothing() -> None:
    chance = random.Random(1)

    def junk(depth: int = 0) -> Any:
        values: list[Any] = [None, True, 3, 2.5, "", "text", TOKEN, [], {}]
        if depth < 3:
            names = ("error", "message", "detail", "msg", "estimated_time", "x")
            values += [{chance.choice(names): junk(depth + 1)} for _ in range(6)] + [[junk(depth + 1)]] * 3
        return chance.choice(values)

    for _ in range(3000):
        operation, status = chance.choice(list(Operation)), chance.randrange(400, 600)
        error = errors.HfHubHTTPError("x", response=_response(status, junk()))
        _check(translate(error, _target(operation)), operation)
