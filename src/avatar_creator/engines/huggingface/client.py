"""One call of a provider for a picture, and the download of the picture from where the provider put it."""

import time
from collections.abc import Generator
from functools import cache, lru_cache
from types import FunctionType
from typing import Any, NamedTuple

import httpx2
from huggingface_hub import InferenceClient, constants, get_session
from huggingface_hub.hf_api import InferenceProviderMapping
from PIL import UnidentifiedImageError

from avatar_creator.decoding import sniff
from avatar_creator.engines.base import Watch
from avatar_creator.engines.hub.addresses import NO_ORIGIN, Origin, parse_address
from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.hub.http_limits import BackgroundWork, Exchange, UnknownClient, run_bounded
from avatar_creator.engines.hub.response_body import json_of
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.fal import FAL, send_to_fal
from avatar_creator.engines.huggingface.payloads import Call, payload_of
from avatar_creator.engines.huggingface.polling import is_accepted, is_flagged, is_picture, picture_url, poll, task_url
from avatar_creator.engines.huggingface.provider_errors import Operation, Target, cold_model, unpollable
from avatar_creator.engines.huggingface.routes import ENDPOINT, Route

DOWNLOAD_S = 60.0


class ProviderResponse(NamedTuple):
    """A picture that was made, or with ``task`` one that was accepted: the address of its status.

    ``data`` is None until it is downloaded from ``url``. ``flagged``: the provider's filter found something in it.
    """

    data: bytes | None
    url: str | None
    flagged: bool = False
    task: str | None = None


def request_picture(call: Call, credential: Credential | None) -> Generator[ProviderResponse, None, None]:
    """Request one picture, which is charged for if it is made. Raises ProviderError.

    Yields where the picture is or will be, as soon as the provider says so: the client returns only when it has the
    picture. Then yields the picture, unless it is a task, for `follow_task`. Whoever stops before that closes the
    iterator, which gives the call up.
    """
    target = target_of(call, credential)
    exchange = Exchange(time.monotonic() + call.options.timeout_s, credential)
    work = BackgroundWork(exchange, lambda: _send(call, credential))
    early = _early_response(work.post_response())
    if early is not None:
        try:
            yield early
        except BaseException:
            work.abandon()
            raise
        if early.task is not None:  # some clients poll it, too, and cannot be stopped while they do
            work.abandon()
            return
    try:
        data = work.result()
        response = _response(_last_body(exchange), data)
    except Exception as error:  # noqa: BLE001 - whatever the client raises
        response = _response_despite(error, exchange, target)
    yield response


def follow_task(task: str, call: Call, credential: Credential | None, watch: Watch) -> ProviderResponse:
    """Return the picture of a task that was accepted, when it is made. Raises ProviderError, Withdrawn, Cancelled."""
    exchange = Exchange(time.monotonic() + call.options.timeout_s, credential, api_host=Origin.of(task).host)
    return _response(poll(task, exchange, target_of(call, credential), watch))


def download(url: str, target: Target) -> bytes:
    """Return the file at the address of a picture. Raises ProviderError."""
    target = target._replace(operation=Operation.DOWNLOAD, timeout_s=DOWNLOAD_S)
    # Only the provider's store is asked, and no credential is sent to it.
    origin = Origin.of(target.model) if target.is_endpoint else NO_ORIGIN
    exchange = Exchange(time.monotonic() + DOWNLOAD_S, api_host="", origin=origin)
    try:
        return run_bounded(exchange, lambda: get_session().get(parse_address(url)).content)
    except Exception as error:  # noqa: BLE001 - whatever the client raises
        raise translate(error, target) from None


def target_of(call: Call, credential: Credential | None) -> Target:
    is_endpoint = call.route.provider == ENDPOINT
    name = Origin.of(call.route.provider_model).host if is_endpoint else call.route.provider
    return Target(Operation.CALL, call.route.repo, name, credential, call.options.timeout_s)


def _early_response(posted: httpx2.Response | None) -> ProviderResponse | None:
    """Return what the first response says of a picture that does not come with it."""
    if posted is None:
        return None
    body = json_of(posted)
    if picture_url(body):
        return _response(body)
    task = task_url(posted)
    return ProviderResponse(None, None, task=task) if task else None


def _response_despite(error: Exception, exchange: Exchange, target: Target) -> ProviderResponse:
    """Return the picture that was made although the client failed. Raises ProviderError where there is none."""
    body, posted = _last_body(exchange), exchange.post_response
    if picture_url(body):
        return _response(body)
    if posted and posted.is_success and is_accepted(json_of(posted)):
        raise unpollable(target) from None
    if posted and isinstance(error, UnidentifiedImageError) and is_picture(posted):
        return ProviderResponse(posted.content, None)  # damaged, and charged all the same
    if type(error) is TimeoutError:  # what the client raises where Replicate's response holds no picture
        raise cold_model(target) from None
    failure = translate(exchange.status_error(error), target)
    failure.is_in_doubt = exchange.may_be_charged(error)
    raise failure from None


def _last_body(exchange: Exchange) -> Any:
    """Return the service's last response as JSON, None if that was no success."""
    response = exchange.last_response
    return json_of(response) if response is not None and response.is_success else None


def _response(body: Any, data: bytes | None = None) -> ProviderResponse:
    return ProviderResponse(data, picture_url(body), is_flagged(body))


def _send(call: Call, credential: Credential | None) -> bytes:
    route, payload = call.route, payload_of(call)
    if route.provider == FAL:
        return send_to_fal(call, payload, credential)
    provider = None if route.provider == ENDPOINT else route.provider
    client = _client(provider, credential, call.options.timeout_s, call.options.bill_to)
    data = _text_to_image()(client, call.request.prompt.full, model=_model(route), **payload.arguments)
    assert isinstance(data, bytes)  # noqa: S101 - `_undecoded` returned them
    return data


@cache
def _text_to_image() -> FunctionType:
    """Return a copy of the client's method that does not decode the picture.

    The client would decode it in this process, with every reader that Pillow has. The client itself is not changed.
    Raises UnknownClient for a version whose method is another one.
    """
    method = InferenceClient.text_to_image
    if not isinstance(method, FunctionType) or "_bytes_to_image" not in method.__code__.co_names:
        raise UnknownClient
    known = {**method.__globals__, "_bytes_to_image": _undecoded}
    copy = FunctionType(method.__code__, known)
    copy.__kwdefaults__ = method.__kwdefaults__
    return copy


def _undecoded(content: bytes) -> bytes:
    if sniff(content) is None:
        raise UnidentifiedImageError
    return content


def _model(route: Route) -> str:
    """Return the model as the client is given it: so that it does not ask the Hub for it once more."""
    if route.provider == ENDPOINT:
        return route.provider_model
    if route.provider == "hf-inference":
        return f"{constants.INFERENCE_PROXY_TEMPLATE.format(provider=route.provider)}/models/{route.repo}"
    _add_mapping(route)
    return route.repo


def _add_mapping(route: Route) -> None:
    """Give the client the mapping that the Hub returned: it would ask without a time limit, and with another token."""
    try:
        from huggingface_hub.inference._providers import _common  # noqa: PLC0415 - there is no public way

        known = _common.HARDCODED_MODEL_INFERENCE_MAPPING
    except (ImportError, AttributeError):  # a later version of the client asks
        return
    known.setdefault(route.provider, {})[route.repo] = InferenceProviderMapping(  # type: ignore[no-untyped-call]
        provider=route.provider,
        hf_model_id=route.repo,
        providerId=route.provider_model,
        status="live",
        task="text-to-image",
        adapter="lora" if route.weights else None,
        adapterWeightsPath=route.weights,
    )


@lru_cache(maxsize=16)
def _client(provider: Any, credential: Credential | None, timeout_s: float, bill_to: str | None) -> InferenceClient:
    """Return the client that all threads share."""
    token = credential.value if credential else None
    billed = bill_to if credential and not credential.direct else None
    return InferenceClient(provider=provider, token=token, timeout=timeout_s, bill_to=billed)
