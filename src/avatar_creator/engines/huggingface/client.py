"""One request for a picture, and fetching it from where the provider put it."""

import time
from collections.abc import Callable
from functools import cache, lru_cache
from types import FunctionType
from typing import Any, NamedTuple

import httpx2
from huggingface_hub import InferenceClient, constants, get_session
from huggingface_hub.hf_api import InferenceProviderMapping
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status
from PIL import UnidentifiedImageError

from avatar_creator.decoding import sniff
from avatar_creator.engines.huggingface.addresses import NO_ORIGIN, Origin, parse_address
from avatar_creator.engines.huggingface.credentials import Credential
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.http_limits import BackgroundWork, Exchange, UnknownClient, run_bounded
from avatar_creator.engines.huggingface.payloads import Call, Payload
from avatar_creator.engines.huggingface.polling import (
    is_accepted,
    is_flagged,
    is_picture,
    picture_url,
    poll,
    task_url,
)
from avatar_creator.engines.huggingface.provider_errors import Operation, Target, cold_model, unpollable
from avatar_creator.engines.huggingface.response_body import json_of
from avatar_creator.engines.huggingface.routes import ENDPOINT, Route

DOWNLOAD_S = 60.0
_FAL = "fal-ai"
_FAL_DIRECT = "https://fal.run"


class ProviderResponse(NamedTuple):
    """A picture that was made, or with ``task`` one that was taken on, and is told of there.

    ``data`` is None while it could not be fetched from ``url``; ``flagged`` tells that the provider's filter found
    something in it.
    """

    data: bytes | None
    url: str | None
    flagged: bool = False
    task: str | None = None


def ask(
    call: Call, payload: Payload, credential: Credential | None, heard: Callable[[ProviderResponse], None]
) -> ProviderResponse:
    """Ask for one picture, which is charged for if it is made. Raises Trouble.

    ``heard`` is told at once where the picture lies, or is told of; the client returns only when it has it.
    """
    target = target_of(call, credential)
    exchange = Exchange(time.monotonic() + call.options.timeout_s, credential)
    work = BackgroundWork(exchange, lambda: _asked(call, payload, credential))
    begun = _begun(work.post_response())
    if begun is not None:
        try:
            heard(begun)
        except BaseException:
            work.abandon()
            raise
    try:
        data = work.result()
    except Exception as error:  # noqa: BLE001 - whatever the client raises is translated
        said = _said(exchange)
        if picture_url(said):
            return _made(said)
        if begun is not None and begun.task:  # whatever the client fell over, the task goes on
            return _made(poll(begun.task, exchange, target))
        if (
            exchange.post_response
            and exchange.post_response.is_success
            and is_accepted(json_of(exchange.post_response))
        ):
            raise unpollable(target) from None
        if exchange.post_response and isinstance(error, UnidentifiedImageError) and is_picture(exchange.post_response):
            return ProviderResponse(
                exchange.post_response.content, None, flagged=False
            )  # damaged, and made all the same
        if type(error) is TimeoutError:  # the client's word for an answer of Replicate's without a picture
            raise cold_model(target) from None
        raise translate(exchange.status_error(error), target) from None
    return _made(_said(exchange), data)


def follow_up(task: str, call: Call, credential: Credential | None) -> ProviderResponse:
    """Follow a task that an earlier try was told of. Raises Trouble."""
    exchange = Exchange(time.monotonic() + call.options.timeout_s, credential, api_host=Origin.of(task).host)
    return _made(poll(task, exchange, target_of(call, credential)))


def fetch(url: str, target: Target) -> bytes:
    """Return what lies at the address of a picture. Raises Trouble."""
    target = target._replace(operation=Operation.DOWNLOAD, timeout_s=DOWNLOAD_S)
    # Nobody but the provider's store is asked, and nothing is shown to it.
    origin = Origin.of(target.model) if target.is_endpoint else NO_ORIGIN
    exchange = Exchange(time.monotonic() + DOWNLOAD_S, api_host="", origin=origin)
    try:
        return run_bounded(exchange, lambda: get_session().get(parse_address(url)).content)
    except Exception as error:  # noqa: BLE001
        raise translate(error, target) from None


def target_of(call: Call, credential: Credential | None) -> Target:
    """Return what is asked of whom, for messages."""
    is_endpoint = call.route.provider == ENDPOINT
    who = Origin.of(call.route.provider_model).host if is_endpoint else call.route.provider
    return Target(Operation.CALL, call.route.repo, who, credential, call.options.timeout_s)


def _begun(posted: httpx2.Response | None) -> ProviderResponse | None:
    """Return what the first answer tells of a picture that does not come with it."""
    if posted is None:
        return None
    said = json_of(posted)
    if picture_url(said):
        return _made(said)
    task = task_url(posted)
    return ProviderResponse(None, None, task=task) if task else None


def _said(exchange: Exchange) -> Any:
    """Return what the service said last as JSON, None if that was no success."""
    response = exchange.last_response
    return json_of(response) if response is not None and response.is_success else None


def _made(said: Any, data: bytes | None = None) -> ProviderResponse:
    return ProviderResponse(data, picture_url(said), is_flagged(said))


def _asked(call: Call, payload: Payload, credential: Credential | None) -> bytes:
    if call.route.provider == _FAL and call.route.lora:
        return _fal_with_lora(call, payload, credential)
    route = call.route
    model = _model(route)
    client = _client(
        None if route.provider == ENDPOINT else route.provider, credential, call.options.timeout_s, call.options.bill_to
    )
    made = _text_to_image()(client, call.request.prompt.full, model=model, **payload.arguments)
    assert isinstance(made, bytes)  # noqa: S101 - `_unopened` gave them
    return made


@cache
def _text_to_image() -> FunctionType:
    """Return the client's own method with another last step: it would open the picture here, by any reader there is.

    For everybody else in this process the client stays as it is. Raises UnknownClient for a version that does it
    otherwise.
    """
    method = InferenceClient.text_to_image
    if not isinstance(method, FunctionType) or "_bytes_to_image" not in method.__code__.co_names:
        raise UnknownClient
    known = {**method.__globals__, "_bytes_to_image": _unopened}
    made = FunctionType(method.__code__, known)
    made.__kwdefaults__ = method.__kwdefaults__
    return made


def _unopened(content: bytes) -> bytes:
    if sniff(content) is None:
        raise UnidentifiedImageError
    return content


def _model(route: Route) -> str:
    """Return what the client is to be given as the model, so that it does not ask the Hub once more."""
    if route.provider == ENDPOINT:
        return route.provider_model
    if route.provider == "hf-inference":
        return f"{constants.INFERENCE_PROXY_TEMPLATE.format(provider=route.provider)}/models/{route.repo}"
    _teach(route)
    return route.repo


def _teach(route: Route) -> None:
    """Tell the client what the Hub said of the route; it would ask without a limit, and with another token."""
    try:
        from huggingface_hub.inference._providers import _common  # noqa: PLC0415 - there is no other door

        known = _common.HARDCODED_MODEL_INFERENCE_MAPPING
    except (ImportError, AttributeError):  # a later version: it will ask
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
    """Return the one client that all threads share."""
    token = credential.value if credential else None
    billed = bill_to if credential and not credential.direct else None
    return InferenceClient(provider=provider, token=token, timeout=timeout_s, bill_to=billed)


def _fal_with_lora(call: Call, payload: Payload, credential: Credential | None) -> bytes:
    """Ask fal by ourselves: the client overwrites the LoRA's scale with 1."""
    arguments = dict(payload.arguments)
    extra = arguments.pop("extra_body")
    size = {"width": arguments.pop("width"), "height": arguments.pop("height")}
    body = {"prompt": call.request.prompt.full, "image_size": size, **arguments, **extra}
    assert credential is not None  # noqa: S101 - only an own endpoint is asked without one
    if credential.direct:
        base, headers = _FAL_DIRECT, {"authorization": f"Key {credential.value}"}
    else:
        base = constants.INFERENCE_PROXY_TEMPLATE.format(provider=_FAL)
        headers = build_hf_headers(token=credential.value)
        if call.options.bill_to:
            headers[constants.HUGGINGFACE_HEADER_X_BILL_TO] = call.options.bill_to
    response = get_session().post(f"{base}/{call.route.provider_model}", json=body, headers=headers)
    hf_raise_for_status(response)
    return get_session().get(response.json()["images"][0]["url"]).content
