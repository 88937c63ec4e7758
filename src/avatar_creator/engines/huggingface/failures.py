"""What goes wrong at Hugging Face and its providers, in our words: the one function that says so.

Each row was seen with the unmodified client 2.4.0. It words its errors for its own readers (URLs, documentation
links), so of an error only the service's own sentence is passed on.
"""

import json
import math
import re
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx2
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from PIL import Image, UnidentifiedImageError

from avatar_creator.engines.huggingface.credentials import Credential
from avatar_creator.engines.huggingface.limits import MOST_BYTES, TooLarge
from avatar_creator.engines.huggingface.responses import body_text, field, sentence, short, wait_s
from avatar_creator.errors import AvatarError, EngineBusy, EngineError, EngineRefused, NotConfigured

_TOKENS = "https://huggingface.co/settings/tokens"
_BILLING = "https://huggingface.co/settings/billing"
_OFFLINE = "or draw it: --engine offline"
_LOADING_MOST_S = 60.0
_UNSERVED = re.compile(r"not supported by provider", re.IGNORECASE)
_FILTERED = re.compile(r"nsfw|content.?policy|safety|sensitive", re.IGNORECASE)


class Doing(StrEnum):
    """What was being done when it failed."""

    LOOKUP = "asking the Hub"
    CALL = "asking for the picture"
    DOWNLOAD = "fetching the picture"


class Again(NamedTuple):
    """Asking once more: after ``wait_s`` x the base of all waits, ``growth`` times as long each time.

    ``most`` limits the tries where more of them may cost; None leaves it to the settings.
    """

    wait_s: float
    growth: float = 2.0
    most: int | None = None


# The waits that providers recommend, for a base of 1 s.
_NETWORK, _SERVER, _BUSY, _RATE = Again(1), Again(2), Again(5), Again(5, growth=3)
_MAYBE_BILLED, _COLD = Again(2, most=2), Again(15, most=2)


class Where(NamedTuple):
    """What was asked of whom."""

    doing: Doing
    model: str
    provider: str | None = None
    credential: Credential | None = None
    timeout_s: float | None = None

    @property
    def who(self) -> str:
        return "Hugging Face" if self.doing is Doing.LOOKUP or not self.provider else self.provider


class Trouble(Exception):
    """A failure in our words, whether asking again is worth it, and how long the service wants us to wait.

    ``why`` goes on from "waiting: "; ``limits_rate`` holds for every request to the provider; with ``gone`` it does
    not serve the model any more.
    """

    def __init__(
        self,
        error: AvatarError,
        *,
        again: Again | None = None,
        after_s: float | None = None,
        why: str = "",
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.again = again
        self.after_s = after_s
        self.why = why
        self.limits_rate = False
        self.gone = False


def translate(error: BaseException, where: Where) -> Trouble:
    """Say what an exception of the client means. Raises nothing, whatever it is."""
    for kinds, meaning in _MEANINGS:
        if isinstance(error, kinds):
            return meaning(error, where)
    return _unknown(error, where)


def bad_answer(where: Where, what: str, *, most: int | None = None) -> Trouble:
    """Return the trouble of an answer that cannot be used, though the service called it a success."""
    if where.doing is Doing.LOOKUP:
        what, hint = "cannot be read", "Try again; a proxy or the login page of a network may answer in its place."
    else:
        hint = "Try again; if it stays so, choose another provider with --provider."
    return Trouble(
        EngineError(f"The answer of {where.who} {what}.", hint=hint, ends_run=where.doing is Doing.LOOKUP),
        again=_SERVER._replace(most=most),
        why=f"{where.who} gave a bad answer",
    )


def failed_task(where: Where, reason: str) -> Trouble:
    """Return the trouble of a task that was taken on, and failed for the reason that the provider gives."""
    reason = short(reason, where.credential).rstrip(".")
    if _FILTERED.search(reason):
        return filtered(where, f"refused the picture: {reason}")
    return _refused(f"{where.who} failed: {reason}.", "Try another seed or wording.")


def filtered(where: Where, what: str) -> Trouble:
    """Return the trouble of a picture that the provider's filter held back."""
    return Trouble(
        EngineRefused(f"The content filter of {where.who} {what}.", hint="Change the wording of the prompt.")
    )


def _status(error: Exception, response: httpx2.Response, where: Where) -> Trouble:
    status = response.status_code
    if where.doing is Doing.DOWNLOAD:
        return _undelivered(where, f"HTTP {status}")
    if isinstance(error, GatedRepoError):
        hint = f"Accept it at https://huggingface.co/{where.model}"
        return _refused(f"The model {where.model} asks for its licence to be accepted.", hint, ends_run=True)
    if isinstance(error, RepositoryNotFoundError) and (status != HTTPStatus.UNAUTHORIZED or where.credential is None):
        return _no_such_model(where)
    said = sentence(error, response, where.credential)
    if status in _BY_STATUS:
        return _BY_STATUS[status](response, said, where)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _again(where, f"{where.who} failed with HTTP {status}{said}.", _SERVER, "had an error")
    return _bad_request(response, said, where)


def _no_such_model(where: Where) -> Trouble:
    hint = "Check its id: --model owner/name"
    return _refused(f"There is no model {where.model} on the Hub.", hint, ends_run=True)


def _unauthorized(_response: httpx2.Response, _said: str, where: Where) -> Trouble:
    if where.credential and where.credential.direct:
        hint = f"Put a valid key of {where.provider} into {where.credential.source}."
    else:
        hint = f"Make a new one at {_TOKENS}, then: hf auth login, or set HF_TOKEN."
    return Trouble(NotConfigured(f"{_source(where)} was refused.", hint=hint))


def _unpaid(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    hint = f"Buy some at {_BILLING}, {_OFFLINE}"
    direct = where.credential is not None and where.credential.direct
    whose = f"this key of {where.provider}" if direct else "this Hugging Face account"
    return _refused(f"The credits of {whose} are used up{said}.", hint, ends_run=True)


def _forbidden(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    hint = f'Give it the permission "Make calls to Inference Providers" at {_TOKENS}'
    return _refused(f"{_source(where)} may not call Inference Providers{said}.", hint, ends_run=True)


def _gone(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    if where.doing is Doing.LOOKUP:
        return _no_such_model(where)
    trouble = _refused(f"{where.who} does not serve {where.model} any more{said}.", "Choose another: --provider")
    trouble.gone = True
    return trouble


def _too_slow(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    return _again(where, f"{where.who} timed out{said}.", _SERVER, "timed out")


def _too_large(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    return _refused(f"The request is too large for {where.who}{said}.", "Shorten the prompt.")


def _bad_request(response: httpx2.Response, said: str, where: Where) -> Trouble:
    text = body_text(response)
    if _UNSERVED.search(text):  # the router's word; the mapping that is kept was older
        return _gone(response, said, where)
    if _FILTERED.search(text):
        return filtered(where, f"refused the prompt{said}")
    what = said or f" with HTTP {response.status_code}"
    return _refused(f"{where.who} refused the request{what}.", "Change what the message names.")


def _too_many(response: httpx2.Response, said: str, where: Where) -> Trouble:
    trouble = _again(where, f"{where.who} limits the rate{said}.", _RATE, "limits the rate", wait_s(response))
    trouble.limits_rate = where.doing is Doing.CALL
    return trouble


def _unavailable(response: httpx2.Response, said: str, where: Where) -> Trouble:
    estimate = field(response, "estimated_time")
    if isinstance(estimate, int | float) and not isinstance(estimate, bool) and not math.isnan(estimate):
        after_s = min(max(float(estimate), 0.0), _LOADING_MOST_S)
        return _again(where, f"The model is still being loaded by {where.who}.", _BUSY, "loads the model", after_s)
    return _again(where, f"{where.who} is overloaded{said}.", _BUSY, "is overloaded", wait_s(response))


def _gateway_timed_out(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    return timed_out(where, said or " in its own time")


_BY_STATUS: dict[int, Callable[[httpx2.Response, str, Where], Trouble]] = {
    401: _unauthorized,
    402: _unpaid,
    403: _forbidden,
    404: _gone,
    408: _too_slow,
    410: _gone,
    413: _too_large,
    429: _too_many,
    503: _unavailable,
    504: _gateway_timed_out,
}


def _late(error: BaseException, where: Where) -> Trouble:
    if isinstance(error.__cause__ or error, httpx2.ConnectTimeout | httpx2.PoolTimeout):  # nothing was sent
        return _network(httpx2.ConnectError(""), where)
    return timed_out(where)


def timed_out(where: Where, said: str = "") -> Trouble:
    """Return the trouble of a picture that did not come in time: it may be charged all the same."""
    limit = f" within {where.timeout_s:g} s" if where.timeout_s and not said else ""
    if where.doing is Doing.DOWNLOAD:
        return _undelivered(where, f"no answer{limit}")
    if where.doing is Doing.LOOKUP:
        return _again(where, f"The Hub gave no answer{limit}.", _NETWORK, "gave no answer")
    return Trouble(
        EngineBusy(
            f"{where.who} gave no picture{limit}{said}. Each try may have been billed.",
            hint="Give it longer with --timeout, or ask for less: --steps, --width, --height.",
        ),
        again=_MAYBE_BILLED,
        why=f"{where.who} gave no answer",
    )


def cold(where: Where) -> Trouble:
    """Return the trouble of a prediction that was accepted, and cannot be followed."""
    return Trouble(
        EngineBusy(
            f"{where.who} made no picture within 60 s: the model was cold. Each try may have been billed.",
            hint="Try again in a minute, or choose another provider with --provider.",
        ),
        again=_COLD,
        why=f"the model of {where.who} is cold",
    )


def _network(error: Exception, where: Where) -> Trouble:
    if where.doing is Doing.DOWNLOAD:
        return _undelivered(where, "the connection broke")
    match error:
        case httpx2.ProxyError():
            return _by_proxy(error, where)
        case httpx2.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            hint = "Behind a proxy that reads along: set SSL_CERT_FILE to its certificate."
            return Trouble(
                EngineError("The certificate of Hugging Face is not trusted here.", hint=hint, ends_run=True)
            )
        case httpx2.ConnectError():
            return _again(where, f"{where.who} cannot be reached.", _NETWORK, "could not be reached")
        case httpx2.LocalProtocolError() | httpx2.UnsupportedProtocol():
            return Trouble(_failed(where, f"The request to {where.who} cannot be sent."))
    return _again(where, f"The connection to {where.who} broke.", _NETWORK, "broke the connection")


def _by_proxy(error: httpx2.ProxyError, where: Where) -> Trouble:
    if "407" in str(error):
        hint = "Put name and password into HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT"
        return Trouble(EngineError("The proxy wants a password.", hint=hint, ends_run=True))
    return _again(where, f"The proxy cannot reach {where.who}.", _NETWORK, "could not be reached")


def _undelivered(where: Where, what: str) -> Trouble:
    return Trouble(
        EngineError(f"{where.who} made the picture, and it cannot be fetched: {what}."),
        again=_NETWORK,
        why="the picture could not be fetched",
    )


def _misfit(error: ValueError, where: Where) -> Trouble:
    """The client's own word on a provider or a model, before anything is sent; or a task that failed."""
    text = short(str(error), where.credential)
    if "task failed" in text:
        return failed_task(where, text.rpartition("task failed: ")[2])
    if "No result URL" in text or "Unknown status" in text or "No output URL" in text:
        return bad_answer(where, "holds no picture", most=2)
    return _refused(
        f"{where.who} cannot make pictures with {where.model}: {text.rstrip('.')}.",
        "Choose another: --provider or --model",
        ends_run=True,
    )


def _offline_mode(_error: BaseException, _where: Where) -> Trouble:
    hint = f"Unset HF_HUB_OFFLINE, {_OFFLINE}"
    return Trouble(NotConfigured("The offline mode of Hugging Face is on (HF_HUB_OFFLINE).", hint=hint))


def _led_round(_error: BaseException, where: Where) -> Trouble:
    return Trouble(_failed(where, f"{where.who} sends from one address to the next without end."))


def _oversized(_error: BaseException, where: Where) -> Trouble:
    return Trouble(_failed(where, f"The answer of {where.who} is larger than {MOST_BYTES // 1_000_000} MB."))


def _too_many_pixels(_error: BaseException, where: Where) -> Trouble:
    return Trouble(_failed(where, f"The picture of {where.who} has too many pixels to be one."))


def _unknown(error: BaseException, where: Where) -> Trouble:
    if type(error) is OSError and error.errno is None:  # Pillow's word for a picture that is cut short
        return bad_answer(where, "is no picture")
    if isinstance(error, OSError) and where.doing is not Doing.DOWNLOAD:
        return _again(where, f"The connection to {where.who} broke.", _NETWORK, "broke the connection")
    return Trouble(
        _failed(where, f"{where.who} cannot be used: {short(str(error), where.credential) or type(error).__name__}.")
    )


def _again(where: Where, message: str, again: Again, why: str, after_s: float | None = None) -> Trouble:
    later = "later" if after_s is None else f"in {after_s:.0f} s"
    return Trouble(
        EngineBusy(
            message,
            hint=f"Try again {later}, {_OFFLINE}",
            ends_run=where.doing is Doing.LOOKUP,
            retry_after_s=after_s,
        ),
        again=again,
        after_s=after_s,
        why=f"{where.who} {why}",
    )


def _refused(message: str, hint: str, *, ends_run: bool = False) -> Trouble:
    return Trouble(EngineRefused(message, hint=hint, ends_run=ends_run))


def _failed(where: Where, message: str) -> EngineError:
    return EngineError(message, hint="Choose another: --provider", ends_run=where.doing is Doing.LOOKUP)


def _source(where: Where) -> str:
    if where.credential is None:
        return "A request without a token"
    kind = "key" if where.credential.direct else "token"
    return f"The {kind} from {where.credential.source}"


# The first that fits counts: HfHubHTTPError is an OSError too, and JSONDecodeError and BadRequestError are ValueErrors.
_MEANINGS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Any, Where], Trouble]], ...] = (
    (Trouble, lambda error, _where: error),
    (AvatarError, lambda error, _where: Trouble(error)),
    ((HfHubHTTPError, httpx2.HTTPStatusError), lambda error, where: _status(error, error.response, where)),
    ((TimeoutError, httpx2.TimeoutException), _late),
    (OfflineModeIsEnabled, _offline_mode),
    (httpx2.TooManyRedirects, _led_round),
    (httpx2.TransportError, _network),
    (TooLarge, _oversized),
    (Image.DecompressionBombError, _too_many_pixels),
    (
        (UnidentifiedImageError, json.JSONDecodeError, UnicodeDecodeError),
        lambda _error, where: bad_answer(where, "is no picture"),
    ),
    (ValueError, _misfit),
    (
        (LookupError, AttributeError, StopIteration, TypeError),
        lambda _error, where: bad_answer(where, "holds no picture", most=2),
    ),
)
