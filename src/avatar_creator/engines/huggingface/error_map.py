"""What goes wrong at Hugging Face and its providers, in our words: the one function that says so.

Each row was seen with the unmodified client 2.4.0. It words its errors for its own readers (URLs, documentation
links), so of an error only the service's own sentence is passed on.
"""

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx2
from huggingface_hub import __version__ as client_version
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from PIL import Image, UnidentifiedImageError

from avatar_creator.engines.huggingface.addresses import Astray, ProxyDown
from avatar_creator.engines.huggingface.credentials import HUB, hub_name
from avatar_creator.engines.huggingface.http_limits import (
    MOST_BYTES,
    TooLarge,
    Unconnectable,
    UnknownClient,
    Unreadable,
)
from avatar_creator.engines.huggingface.provider_errors import (
    BUSY,
    FILTERED,
    NETWORK,
    OFFLINE,
    RATE,
    SERVER,
    Doing,
    Trouble,
    Where,
    bad_answer,
    busy,
    failed,
    failed_task,
    filtered,
    refused,
    source_of,
    timed_out,
    undelivered,
    unreadable,
)
from avatar_creator.engines.huggingface.response_body import body_text, field, sentence, short, wait_s
from avatar_creator.errors import AvatarError, EngineError, NotConfigured

_TOKENS = "https://huggingface.co/settings/tokens"
_BILLING = "https://huggingface.co/settings/billing"
_LOADING_MOST_S = 60.0
_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)  # stores say most others of what has expired
_UNSERVED = re.compile(r"not supported by provider", re.IGNORECASE)


def translate(error: BaseException, where: Where) -> Trouble:
    """Say what an exception of the client means. Raises nothing, whatever it is."""
    meaning = next((meaning for kinds, meaning in _MEANINGS if isinstance(error, kinds)), _unknown)
    try:
        return meaning(error, where)
    except Exception:  # noqa: BLE001 - what a service put into its answer must not hide that it failed
        return Trouble(failed(where, f"{where.who} failed, and what it says cannot be read."))


def _status(error: Exception, response: httpx2.Response, where: Where) -> Trouble:
    status = response.status_code
    if where.doing is Doing.DOWNLOAD:
        keeps = status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return undelivered(where, f"HTTP {status}", keeps=keeps)
    if isinstance(error, GatedRepoError):
        hint = f"Accept it at https://huggingface.co/{where.model}"
        return refused(f"The model {where.model} asks for its licence to be accepted.", hint, ends_run=True)
    if isinstance(error, RepositoryNotFoundError) and (status != HTTPStatus.UNAUTHORIZED or where.credential is None):
        return _no_such_model(where)
    said = sentence(error, response, where.credential)
    if status in _BY_STATUS:
        return _BY_STATUS[status](response, said, where)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return busy(where, f"{where.who} failed with HTTP {status}{said}.", SERVER, "had an error")
    return _bad_request(response, said, where)


def _no_such_model(where: Where) -> Trouble:
    if hub_name() == HUB:
        return refused(
            f"There is no model {where.model} on the Hub.", "Check its id: --model owner/name", ends_run=True
        )
    hint = "Check HF_ENDPOINT, and the id: --model owner/name"
    return refused(f"{hub_name()} has no model {where.model}.", hint, ends_run=True)


def _unauthorized(_response: httpx2.Response, _said: str, where: Where) -> Trouble:
    if where.credential and where.credential.direct:
        hint = f"Put a valid key of {where.provider} into {where.credential.source}."
    elif not where.by_account and where.credential is None:
        hint = "Put its key into a variable, and give that variable's name with --provider-key-env."
    else:
        hint = f"Make a new one at {_TOKENS}, then: hf auth login, or set HF_TOKEN."
    return Trouble(NotConfigured(f"{source_of(where)} was refused.", hint=hint))


def _unpaid(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    if not where.by_account:
        return refused(f"{where.who} wants to be paid first{said}.", "Look at your account there.", ends_run=True)
    hint = f"Buy some at {_BILLING}, {OFFLINE}"
    return refused(f"The credits of this Hugging Face account are used up{said}.", hint, ends_run=True)


def _forbidden(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    if not where.by_account:
        return refused(f"{where.who} forbids it{said}.", "See what your key may do there.", ends_run=True)
    hint = f'Give it the permission "Make calls to Inference Providers" at {_TOKENS}'
    return refused(f"{source_of(where)} may not call Inference Providers{said}.", hint, ends_run=True)


def _gone(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    if where.doing is Doing.LOOKUP:
        return _no_such_model(where)
    if where.is_own:
        return refused(f"{where.who} has nothing at that address{said}.", "Check the URL of --model.", ends_run=True)
    trouble = refused(f"{where.who} does not serve {where.model} any more{said}.", "Choose another: --provider")
    trouble.gone = True
    return trouble


def _too_slow(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    return busy(where, f"{where.who} timed out{said}.", SERVER, "timed out")


def _too_large(_response: httpx2.Response, said: str, where: Where) -> Trouble:
    return refused(f"The request is too large for {where.who}{said}.", "Shorten the prompt.")


def _bad_request(response: httpx2.Response, said: str, where: Where) -> Trouble:
    text = body_text(response)
    if _UNSERVED.search(text):  # the router's word; the mapping that is kept was older
        return _gone(response, said, where)
    if FILTERED.search(text):
        return filtered(where, f"refused the prompt{said}")
    what = said or f" with HTTP {response.status_code}"
    return refused(f"{where.who} refused the request{what}.", "Change what the message names.")


def _too_many(response: httpx2.Response, said: str, where: Where) -> Trouble:
    trouble = busy(where, f"{where.who} limits the rate{said}.", RATE, "limits the rate", wait_s(response))
    trouble.limits_rate = where.doing is Doing.CALL
    return trouble


def _unavailable(response: httpx2.Response, said: str, where: Where) -> Trouble:
    estimate = field(response, "estimated_time")
    if isinstance(estimate, int | float) and not isinstance(estimate, bool):
        after_s = float(max(min(estimate, _LOADING_MOST_S), 0))  # in this order: an int may be too large, and NaN is 0
        return busy(where, f"The model is still being loaded by {where.who}.", BUSY, "loads the model", after_s)
    return busy(where, f"{where.who} is overloaded{said}.", BUSY, "is overloaded", wait_s(response))


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


def _network(error: Exception, where: Where) -> Trouble:
    if where.doing is Doing.DOWNLOAD:
        return undelivered(where, "the connection broke")
    match error:
        case httpx2.ProxyError():
            return _by_proxy(error, where)
        case httpx2.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            hint = "Behind a proxy that reads along: set SSL_CERT_FILE to its certificate."
            return Trouble(
                EngineError(f"The certificate of {where.who} is not trusted here.", hint=hint, ends_run=True)
            )
        case httpx2.ConnectError():
            return busy(where, f"{where.who} cannot be reached.", NETWORK, "could not be reached")
        case httpx2.LocalProtocolError():
            return Trouble(failed(where, f"The request to {where.who} cannot be sent."))
    return busy(where, f"The connection to {where.who} broke.", NETWORK, "broke the connection")


def _by_proxy(error: httpx2.ProxyError, where: Where) -> Trouble:
    if "407" in str(error):
        hint = "Put name and password into HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT"
        return Trouble(EngineError("The proxy wants a password.", hint=hint, ends_run=True))
    return busy(where, f"The proxy cannot reach {where.who}.", NETWORK, "could not be reached")


def _misfit(error: ValueError, where: Where) -> Trouble:
    """The client's own word on a provider or a model, before anything is sent; or a task that failed."""
    text = short(str(error), where.credential)
    if "integer string conversion" in text:  # Python reads no number of more than 4300 digits
        return bad_answer(where, "is no picture")
    if "task failed" in text:
        return failed_task(where, text.rpartition("task failed: ")[2])
    if "No result URL" in text or "Unknown status" in text or "No output URL" in text:
        return bad_answer(where, "holds no picture", most=2)
    return refused(
        f"{where.who} cannot make pictures with {where.model}: {text.rstrip('.')}.",
        "Choose another: --provider or --model",
        ends_run=True,
    )


def _offline_mode(_error: BaseException, _where: Where) -> Trouble:
    hint = f"Unset HF_HUB_OFFLINE, {OFFLINE}"
    return Trouble(NotConfigured("The offline mode of Hugging Face is on (HF_HUB_OFFLINE).", hint=hint))


def _unconnectable(error: BaseException, where: Where) -> Trouble:
    said = short(str(error), where.credential).split(". ")[0].rstrip(".")
    hint = "Check the variables HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE."
    return Trouble(NotConfigured(f"The network settings of the environment cannot be used: {said}.", hint=hint))


def _unknown_client(_error: BaseException, _where: Where) -> Trouble:
    return Trouble(
        EngineError(
            f"Pictures cannot be asked for with huggingface_hub {client_version}: this avatar does not know it.",
            hint="Install another: pip install 'huggingface_hub==2.4.0'; or look for a newer avatar-creator.",
            ends_run=True,
        )
    )


def _proxy_down(error: BaseException, where: Where) -> Trouble:
    trouble = busy(where, f"The proxy that {error} names cannot be reached.", NETWORK, "could not be reached")
    trouble.error.hint = f"Start the proxy, or set {error} right; NO_PROXY names what needs none."
    return trouble


def _led_round(_error: BaseException, where: Where) -> Trouble:
    return Trouble(failed(where, f"{where.who} sends from one address to the next without end."))


def _oversized(_error: BaseException, where: Where) -> Trouble:
    what = f"The answer of {where.who} is larger than {MOST_BYTES // 1_000_000} MB."
    return unreadable(where, failed(where, what))


def _unreadable(error: BaseException, where: Where) -> Trouble:
    """It would be read no better the next time, and each may be paid for."""
    return unreadable(where, bad_answer(where, str(error)).error)


def _astray(error: BaseException, where: Where) -> Trouble:
    if where.doing is Doing.DOWNLOAD:
        trouble = undelivered(where, f"its address {error}", keeps=False)
        trouble.again = None
        return trouble
    return Trouble(failed(where, f"{where.who} sends on to another address, which {error}."))


def _unsendable(error: BaseException, where: Where) -> Trouble:
    said = short(str(error), where.credential).rstrip(".")
    return Trouble(failed(where, f"The request to {where.who} cannot be sent: {said}."))


def _too_many_pixels(_error: BaseException, where: Where) -> Trouble:
    return Trouble(failed(where, f"The picture of {where.who} has too many pixels to be one."))


def _unknown(error: BaseException, where: Where) -> Trouble:
    if type(error) is OSError and error.errno is None:  # Pillow's word for a picture that is cut short
        return bad_answer(where, "is no picture")
    if isinstance(error, OSError) and where.doing is not Doing.DOWNLOAD:
        return busy(where, f"The connection to {where.who} broke.", NETWORK, "broke the connection")
    return Trouble(
        failed(where, f"{where.who} cannot be used: {short(str(error), where.credential) or type(error).__name__}.")
    )


# The first that fits counts: HfHubHTTPError is an OSError too, and JSONDecodeError and BadRequestError are ValueErrors.
_MEANINGS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Callable[[Any, Where], Trouble]], ...] = (
    (Trouble, lambda error, _where: error),
    (AvatarError, lambda error, _where: Trouble(error)),
    ((HfHubHTTPError, httpx2.HTTPStatusError), lambda error, where: _status(error, error.response, where)),
    ((TimeoutError, httpx2.TimeoutException), _late),
    (OfflineModeIsEnabled, _offline_mode),
    (Unconnectable, _unconnectable),
    (UnknownClient, _unknown_client),
    (ProxyDown, _proxy_down),
    (Astray, _astray),
    (httpx2.TooManyRedirects, _led_round),
    ((httpx2.InvalidURL, httpx2.UnsupportedProtocol), _unsendable),
    (httpx2.TransportError, _network),
    (TooLarge, _oversized),
    (Unreadable, _unreadable),
    (Image.DecompressionBombError, _too_many_pixels),
    (
        (UnidentifiedImageError, json.JSONDecodeError, UnicodeDecodeError, RecursionError),
        lambda _error, where: bad_answer(where, "is no picture"),
    ),
    (ValueError, _misfit),
    (
        (LookupError, AttributeError, StopIteration, TypeError),
        lambda _error, where: bad_answer(where, "holds no picture", most=2),
    ),
)
