"""What a provider says of a picture: its address, or the address of a task to poll until the picture is ready.

A task that was accepted is charged, so it is polled to its end and never started a second time. The client gives up
WaveSpeed's tasks at the first response that cannot be read. It polls none of Replicate's: a prediction that is not
ready after 60 s and one that has failed are both a time-out to it.
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
    """Return whether a response has the content type of a picture."""
    return response.is_success and response.headers.get("content-type", "").startswith("image/")


def picture_url(body: Any) -> str | None:
    """Return the address of the picture in a response of fal, Replicate or WaveSpeed."""
    match body:
        case {"images": [{"url": str(url)}, *_]} | {"output": str(url)} | {"output": [str(url), *_]}:
            return url
        case {"data": {"outputs": [str(url), *_]}}:
            return url
    return None


def is_flagged(body: Any) -> bool:
    """Return whether the provider's filter found something in the picture."""
    match body:
        case {"has_nsfw_concepts": [True, *_]} | {"data": {"has_nsfw_contents": [True, *_]}}:
            return True
    return False


def is_accepted(body: Any) -> bool:
    """Return whether a response is about a task that was accepted, even if the address in it cannot be used."""
    match body:
        case {"data": {"urls": {"get": _}}} | {"id": _, "urls": {"get": _}}:
            return True
    return False


def task_url(posted: httpx2.Response) -> str | None:
    """Return the address to poll, on the host that accepted the task; None if the response is about no task."""
    asked = posted.request.url
    try:
        match json_of(posted):
            case {"data": {"urls": {"get": str(given)}}}:
                before = asked.path.partition("/api/v3/")[0]
                return str(asked.copy_with(path=before + httpx2.URL(given).path, query=None))
            case {"id": str(id_), "urls": {"get": str()}} if id_.isalnum():
                before = asked.path.partition("/v1/")[0]
                return str(asked.copy_with(path=f"{before}/v1/predictions/{id_}", query=None))
    except (httpx2.InvalidURL, ValueError):  # no address
        pass
    return None


def poll(task: str, exchange: Exchange, target: Target) -> Any:
    """Poll a task until its picture is ready, and return the response's JSON then. Raises ProviderError."""
    seen = (exchange.last_response, exchange.post_response)
    bodies = (json_of(response) for response in seen if response is not None and response.is_success)
    body = next(filter(None, bodies), None) or _fetch_status(task, exchange, target)
    while picture_url(body) is None:
        status, reason = _status_of(body)
        if status in {"failed", "canceled"}:
            raise failed_task(target, reason)
        if status in {"completed", "succeeded"}:
            raise bad_response(target, "holds no picture", most=2)
        if exchange.left_s() <= _POLL_S:
            raise _unfinished(target)
        time.sleep(_POLL_S)
        body = _fetch_status(task, exchange, target) or body
    return body


def _fetch_status(url: str, exchange: Exchange, target: Target) -> Any:
    """Return the JSON of the task's status now, None if it cannot be read or fetched this time."""

    def fetch() -> Any:
        token = target.credential.value if target.credential else False
        response = get_session().get(url, headers=build_hf_headers(token=token))
        hf_raise_for_status(response)
        return json_of(response)

    try:
        return run_bounded(exchange, fetch)
    except Exception as error:  # noqa: BLE001 - whatever the client raises, the task goes on
        failure = translate(error, target)
        if failure.backoff is None and isinstance(error, HfHubHTTPError):  # the status is refused for good
            raise _lost_task(failure, target) from None
        return None


def _unfinished(target: Target) -> ProviderError:
    """Return the error of a task that goes on. It is not retried, which would be to pay for two pictures."""
    failure = timed_out(target)
    failure.backoff, failure.is_charged, failure.is_reusable = None, True, True
    return failure


def _lost_task(failure: ProviderError, target: Target) -> ProviderError:
    return cold_model(target) if target.provider == "replicate" else ProviderError(failure.error)


def _status_of(body: Any) -> tuple[str | None, str]:
    match body:
        case {"data": {"status": str(status), **rest}} | {"status": str(status), **rest}:
            return status, error_text(rest.get("error")) or "no reason is given"
    return None, ""
