"""Exceptions of the client, and what they mean to the user.

Each row was seen with the unmodified client 2.4.0. The client adds addresses and documentation links to its errors, so
only the service's own text is passed on.
"""

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httpx2
from huggingface_hub import __version__ as client_version
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError
from PIL import UnidentifiedImageError

from avatar_creator.engines.hub.addresses import ForbiddenAddress, ProxyDown
from avatar_creator.engines.hub.credentials import HUB, hub_name
from avatar_creator.engines.hub.http_limits import (
    MOST_BYTES,
    TooLarge,
    Unconnectable,
    UnknownClient,
    Unreadable,
)
from avatar_creator.engines.hub.response_body import (
    body_text,
    error_sentence,
    json_field,
    retry_delay_s,
    shorten,
)
from avatar_creator.engines.huggingface.provider_errors import (
    BUSY,
    FILTERED,
    NETWORK,
    OFFLINE,
    RATE,
    SERVER,
    Operation,
    ProviderError,
    Target,
    bad_response,
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
from avatar_creator.errors import AvatarError, EngineError, NotConfigured

_TOKENS = "https://huggingface.co/settings/tokens"
_BILLING = "https://huggingface.co/settings/billing"
_LOADING_MOST_S = 60.0
_TEMPORARY = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)  # for a store: the file is still there
_UNSERVED = re.compile(r"not supported by provider", re.IGNORECASE)


def translate(error: BaseException, target: Target) -> ProviderError:
    """Return what an exception of the client means. Raises nothing, whatever the exception holds."""
    meaning = next((meaning for kinds, meaning in _MEANINGS if isinstance(error, kinds)), _unknown)
    try:
        return meaning(error, target)
    except Exception:  # noqa: BLE001 - no content of a response may hide that the service failed
        return failed(target, f"{target.name} failed, and what it says cannot be read.")


def _status(error: Exception, response: httpx2.Response, target: Target) -> ProviderError:
    status = response.status_code
    if target.operation is Operation.DOWNLOAD:
        reusable = status in _TEMPORARY or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return undelivered(target, f"HTTP {status}", reusable=reusable)
    if isinstance(error, GatedRepoError):
        hint = f"Accept it at https://huggingface.co/{target.model}"
        return refused(f"The model {target.model} asks for its licence to be accepted.", hint, ends_run=True)
    if isinstance(error, RepositoryNotFoundError) and (status != HTTPStatus.UNAUTHORIZED or target.credential is None):
        return _no_such_model(target)
    detail = error_sentence(error, response, target.credential)
    if status in _BY_STATUS:
        return _BY_STATUS[status](response, detail, target)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return busy(target, f"{target.name} failed with HTTP {status}{detail}.", SERVER, "had an error")
    return _bad_request(response, detail, target)


def _no_such_model(target: Target) -> ProviderError:
    if hub_name() == HUB:
        return refused(
            f"There is no model {target.model} on the Hub.", "Check its id: --model owner/name", ends_run=True
        )
    hint = "Check HF_ENDPOINT, and the id: --model owner/name"
    return refused(f"{hub_name()} has no model {target.model}.", hint, ends_run=True)


def _unauthorized(_response: httpx2.Response, _detail: str, target: Target) -> ProviderError:
    if target.credential and target.credential.direct:
        hint = f"Put a valid key of {target.provider} into {target.credential.source}."
    elif not target.uses_account and target.credential is None:
        hint = "Put its key into a variable, and give that variable's name with --provider-key-env."
    else:
        hint = f"Make a new one at {_TOKENS}, then: hf auth login, or set HF_TOKEN."
    return ProviderError(NotConfigured(f"{source_of(target)} was refused.", hint=hint))


def _unpaid(_response: httpx2.Response, detail: str, target: Target) -> ProviderError:
    if not target.uses_account:
        return refused(f"{target.name} wants to be paid first{detail}.", "Look at your account there.", ends_run=True)
    hint = f"Buy some at {_BILLING}, {OFFLINE}"
    return refused(f"The credits of this Hugging Face account are used up{detail}.", hint, ends_run=True)


def _forbidden(_response: httpx2.Response, detail: str, target: Target) -> ProviderError:
    if not target.uses_account:
        return refused(f"{target.name} forbids it{detail}.", "See what your key may do there.", ends_run=True)
    hint = f'Give it the permission "Make calls to Inference Providers" at {_TOKENS}'
    return refused(f"{source_of(target)} may not call Inference Providers{detail}.", hint, ends_run=True)


def _gone(_response: httpx2.Response, detail: str, target: Target) -> ProviderError:
    if target.operation is Operation.LOOKUP:
        return _no_such_model(target)
    if target.is_endpoint:
        return refused(
            f"{target.name} has nothing at that address{detail}.", "Check the URL of --model.", ends_run=True
        )
    failure = refused(f"{target.name} does not serve {target.model} any more{detail}.", "Choose another: --provider")
    failure.is_gone = True
    return failure


def _bad_request(response: httpx2.Response, detail: str, target: Target) -> ProviderError:
    text = body_text(response)
    if _UNSERVED.search(text):  # of the router; the cached mapping was older
        return _gone(response, detail, target)
    if FILTERED.search(text):
        return filtered(target, f"refused the prompt{detail}")
    what = detail or f" with HTTP {response.status_code}"
    return refused(f"{target.name} refused the request{what}.", "Change what the message names.")


def _too_many(response: httpx2.Response, detail: str, target: Target) -> ProviderError:
    failure = busy(target, f"{target.name} limits the rate{detail}.", RATE, "limits the rate", retry_delay_s(response))
    if target.operation is Operation.CALL:
        failure.is_rate_limit, failure.busy = True, target.name
    return failure


def _unavailable(response: httpx2.Response, detail: str, target: Target) -> ProviderError:
    estimate = json_field(response, "estimated_time")
    if isinstance(estimate, int | float) and not isinstance(estimate, bool):
        seconds = float(max(min(estimate, _LOADING_MOST_S), 0))  # in this order NaN is 0, and an int fits a float
        return busy(target, f"The model is still being loaded by {target.name}.", BUSY, "loads the model", seconds)
    failure = busy(target, f"{target.name} is overloaded{detail}.", BUSY, "is overloaded", retry_delay_s(response))
    failure.busy = target.name if target.operation is Operation.CALL else None
    return failure


_BY_STATUS: dict[int, Callable[[httpx2.Response, str, Target], ProviderError]] = {
    401: _unauthorized,
    402: _unpaid,
    403: _forbidden,
    404: _gone,
    408: lambda _response, detail, target: busy(target, f"{target.name} timed out{detail}.", SERVER, "timed out"),
    410: _gone,
    413: lambda _response, detail, target: refused(
        f"The request is too large for {target.name}{detail}.", "Shorten the prompt."
    ),
    429: _too_many,
    503: _unavailable,
    504: lambda _response, detail, target: timed_out(target, detail or " in its own time"),
}


def _late(error: BaseException, target: Target) -> ProviderError:
    if isinstance(error.__cause__ or error, httpx2.ConnectTimeout | httpx2.PoolTimeout):  # nothing was sent
        return _network(httpx2.ConnectError(""), target)
    return timed_out(target)


def _network(error: Exception, target: Target) -> ProviderError:
    if target.operation is Operation.DOWNLOAD:
        return undelivered(target, "the connection broke")
    match error:
        case httpx2.ProxyError():
            return _by_proxy(error, target)
        case httpx2.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            hint = "Behind a proxy that reads along: set SSL_CERT_FILE to its certificate."
            return ProviderError(
                EngineError(f"The certificate of {target.name} is not trusted here.", hint=hint, ends_run=True)
            )
        case httpx2.ConnectError():
            return busy(target, f"{target.name} cannot be reached.", NETWORK, "could not be reached")
        case httpx2.LocalProtocolError():
            return failed(target, f"The request to {target.name} cannot be sent.")
    return busy(target, f"The connection to {target.name} broke.", NETWORK, "broke the connection")


def _by_proxy(error: httpx2.ProxyError, target: Target) -> ProviderError:
    if "407" in str(error):
        hint = "Put name and password into HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT"
        return ProviderError(EngineError("The proxy wants a password.", hint=hint, ends_run=True))
    return busy(target, f"The proxy cannot reach {target.name}.", NETWORK, "could not be reached")


def _misfit(error: ValueError, target: Target) -> ProviderError:
    """Map a ValueError of the client: on a provider or model, before anything is sent, or on a task that failed."""
    text = shorten(str(error), target.credential)
    if "integer string conversion" in text:  # Python reads no number of more than 4300 digits
        return bad_response(target, "is no picture")
    if "task failed" in text:
        return failed_task(target, text.rpartition("task failed: ")[2])
    if "No result URL" in text or "Unknown status" in text or "No output URL" in text:
        return bad_response(target, "holds no picture", most=2)
    return refused(
        f"{target.name} cannot make pictures with {target.model}: {text.rstrip('.')}.",
        "Choose another: --provider or --model",
        ends_run=True,
    )


def _offline_mode(_error: BaseException, _target: Target) -> ProviderError:
    hint = f"Unset HF_HUB_OFFLINE, {OFFLINE}"
    return ProviderError(NotConfigured("The offline mode of Hugging Face is on (HF_HUB_OFFLINE).", hint=hint))


def _unconnectable(error: BaseException, target: Target) -> ProviderError:
    detail = shorten(str(error), target.credential).split(". ")[0].rstrip(".")
    hint = "Check the variables HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE."
    return ProviderError(NotConfigured(f"The network settings of the environment cannot be used: {detail}.", hint=hint))


def _unknown_client(_error: BaseException, _target: Target) -> ProviderError:
    return ProviderError(
        EngineError(
            f"Pictures cannot be asked for with huggingface_hub {client_version}: this avatar does not know it.",
            hint="Install another: pip install 'huggingface_hub==2.4.0'; or look for a newer avatar-creator.",
            ends_run=True,
        )
    )


def _proxy_down(error: BaseException, target: Target) -> ProviderError:
    failure = busy(target, f"The proxy that {error} names cannot be reached.", NETWORK, "could not be reached")
    failure.error.hint = f"Start the proxy, or set {error} right; NO_PROXY names what needs none."
    return failure


def _redirected(_error: BaseException, target: Target) -> ProviderError:
    return failed(target, f"{target.name} sends from one address to the next without end.")


def _oversized(_error: BaseException, target: Target) -> ProviderError:
    what = f"The answer of {target.name} is larger than {MOST_BYTES // 1_000_000} MB."
    return unreadable(target, failed(target, what))


def _unreadable(error: BaseException, target: Target) -> ProviderError:
    """Map a response that cannot be read. It is not retried: the next would be no better, and may be charged."""
    return unreadable(target, bad_response(target, str(error)))


def _forbidden_address(error: BaseException, target: Target) -> ProviderError:
    if target.operation is Operation.DOWNLOAD:
        failure = undelivered(target, f"its address {error}", reusable=False)
        failure.backoff = None
        return failure
    return failed(target, f"{target.name} sends on to another address, which {error}.")


def _unsendable(error: BaseException, target: Target) -> ProviderError:
    detail = shorten(str(error), target.credential).rstrip(".")
    return failed(target, f"The request to {target.name} cannot be sent: {detail}.")


def _unknown(error: BaseException, target: Target) -> ProviderError:
    if type(error) is OSError and error.errno is None:  # Pillow raises it for a picture that is cut short
        return bad_response(target, "is no picture")
    if isinstance(error, OSError) and target.operation is not Operation.DOWNLOAD:
        return busy(target, f"The connection to {target.name} broke.", NETWORK, "broke the connection")
    detail = shorten(str(error), target.credential) or type(error).__name__
    return failed(target, f"{target.name} cannot be used: {detail}.")


_Kinds = type[BaseException] | tuple[type[BaseException], ...]
# The first row that fits counts: an HfHubHTTPError is an OSError, a JSONDecodeError or BadRequestError a ValueError.
_MEANINGS: tuple[tuple[_Kinds, Callable[[Any, Target], ProviderError]], ...] = (
    (ProviderError, lambda error, _target: error),
    (AvatarError, lambda error, _target: ProviderError(error)),
    ((HfHubHTTPError, httpx2.HTTPStatusError), lambda error, target: _status(error, error.response, target)),
    ((TimeoutError, httpx2.TimeoutException), _late),
    (OfflineModeIsEnabled, _offline_mode),
    (Unconnectable, _unconnectable),
    (UnknownClient, _unknown_client),
    (ProxyDown, _proxy_down),
    (ForbiddenAddress, _forbidden_address),
    (httpx2.TooManyRedirects, _redirected),
    ((httpx2.InvalidURL, httpx2.UnsupportedProtocol), _unsendable),
    (httpx2.TransportError, _network),
    (TooLarge, _oversized),
    (Unreadable, _unreadable),
    (
        (UnidentifiedImageError, json.JSONDecodeError, UnicodeDecodeError, RecursionError),
        lambda _error, target: bad_response(target, "is no picture"),
    ),
    (ValueError, _misfit),
    (
        (LookupError, AttributeError, StopIteration, TypeError),
        lambda _error, target: bad_response(target, "holds no picture", most=2),
    ),
)
