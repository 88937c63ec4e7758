"""What a provider says of a picture it has taken on: whether it is ready, where it lies, and how to ask again.

A task that was taken on will be charged, so it is followed to its end and never asked for a second time. The client
follows WaveSpeed's until the first answer that is not one, and Replicate's not at all: it calls a prediction that is
not ready after 60 s, and one that has failed, both a time-out.
"""

import time
from typing import Any

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.http_limits import Exchange, run_bounded
from avatar_creator.engines.huggingface.provider_errors import (
    ProviderError,
    Target,
    bad_response,
    cold_model,
    failed_task,
    timed_out,
)
from avatar_creator.engines.huggingface.response_body import error_text, json_of

_POLL_S = 1.0


def is_picture(response: httpx2.Response) -> bool:
    """Tell whether an answer calls itself a picture."""
    return response.is_success and response.headers.get("content-type", "").startswith("image/")


def picture_url(body: Any) -> str | None:
    """Return where the picture lies: fal's, Replicate's or WaveSpeed's way to say so."""
    match body:
        case {"images": [{"url": str(url)}, *_]} | {"output": str(url)} | {"output": [str(url), *_]}:
            return url
        case {"data": {"outputs": [str(url), *_]}}:
            return url
    return None


def is_flagged(body: Any) -> bool:
    """Tell whether the provider's filter found something in the picture."""
    match body:
        case {"has_nsfw_concepts": [True, *_]} | {"data": {"has_nsfw_contents": [True, *_]}}:
            return True
    return False


def is_accepted(body: Any) -> bool:
    """Tell whether an answer is about a picture that is being made, whatever the address it gives is worth."""
    match body:
        case {"data": {"urls": {"get": _}}} | {"id": _, "urls": {"get": _}}:
            return True
    return False


def task_url(posted: httpx2.Response) -> str | None:
    """Return where the task is told of, on the host that took it on; None for providers that answer at once."""
    status_body = posted.request.url
    try:
        match json_of(posted):
            case {"data": {"urls": {"get": str(given)}}}:
                before = status_body.path.partition("/api/v3/")[0]
                return str(status_body.copy_with(path=before + httpx2.URL(given).path, query=None))
            case {"id": str(id_), "urls": {"get": str()}} if id_.isalnum():
                before = status_body.path.partition("/v1/")[0]
                return str(status_body.copy_with(path=f"{before}/v1/predictions/{id_}", query=None))
    except (httpx2.InvalidURL, ValueError):  # no address at all, or a character that none may hold
        pass
    return None


def poll(task: str, exchange: Exchange, target: Target) -> Any:
    """Ask how the task is doing until its picture is ready, and return what is said then. Raises Trouble."""
    last = exchange.last_response if exchange.last_response is not None and exchange.last_response.is_success else None
    known = (json_of(response) for response in (last, exchange.post_response) if response is not None)
    body = next(filter(None, known), None) or _status(task, exchange, target)
    while picture_url(body) is None:
        status, reason = _state(body)
        if status in {"failed", "canceled"}:
            raise failed_task(target, reason)
        if status in {"completed", "succeeded"}:
            raise bad_response(target, "holds no picture", most=2)
        if exchange.left_s() <= _POLL_S:
            raise _unfinished(target)
        time.sleep(_POLL_S)
        body = _status(task, exchange, target) or body
    return body


def _status(url: str, exchange: Exchange, target: Target) -> Any:
    """Return what is said of the task now, None if the answer is worth nothing."""

    def status_body() -> Any:
        response = get_session().get(url, headers=build_hf_headers(token=_token(target)))
        hf_raise_for_status(response)
        return json_of(response)

    try:
        return run_bounded(exchange, status_body)
    except Exception as error:  # noqa: BLE001 - whatever it is, the task goes on
        failure = translate(error, target)
        if failure.backoff is None and isinstance(error, HfHubHTTPError):  # it will not be told any more
            raise _lost_task(failure, target) from None
        return None


def _unfinished(target: Target) -> ProviderError:
    """Return the trouble of a task that goes on: to ask for another picture would be to pay for two."""
    failure = timed_out(target)
    failure.backoff, failure.is_charged, failure.keeps_response = None, True, True
    return failure


def _lost_task(failure: ProviderError, target: Target) -> ProviderError:
    return cold_model(target) if target.provider == "replicate" else ProviderError(failure.error)


def _token(target: Target) -> str | bool:
    return target.credential.value if target.credential else False


def _state(body: Any) -> tuple[str | None, str]:
    match body:
        case {"data": {"status": str(status), **rest}} | {"status": str(status), **rest}:
            return status, error_text(rest.get("error")) or "no reason is given"
    return None, ""
