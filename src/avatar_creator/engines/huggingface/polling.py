"""What a provider says of a picture: its address, or the address of a task to poll until the picture is ready.

A task that was accepted is charged, so it is polled to its end and never started a second time. The client gives up
WaveSpeed's tasks at the first response that cannot be read. It polls none of Replicate's: a prediction that is not
ready after 60 s and one that has failed are both a time-out to it. fal's queue it uses for other tasks only.
"""

import time
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from avatar_creator.engines.base import Watch
from avatar_creator.engines.hub.http_limits import Exchange, run_bounded
from avatar_creator.engines.hub.response_body import error_text, json_of
from avatar_creator.engines.huggingface.error_map import translate
from avatar_creator.engines.huggingface.fal import beside, fal_headers, fal_task_url, is_fal_task, queue_position
from avatar_creator.engines.huggingface.provider_errors import (
    ProviderError,
    Target,
    bad_response,
    cold_model,
    doubtful,
    failed_task,
    unfinished,
    unknown_task,
)
from avatar_creator.errors import Cancelled

_POLL_LEAST_S, _POLL_MOST_S = 0.2, 1.0
_POLL_SHARE = 0.2  # of the time that it has taken: so much longer it may seem to take
_RESULT_TRIES = 3  # of a picture that is ready, where the queue itself may have failed
_WITHDRAW_S = 2.0
_ENDED_BADLY = {"failed", "canceled", "cancelled", "error"}
_READY = {"completed", "succeeded"}
_UNKNOWN = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE)


class Withdrawn(Cancelled):
    """The user stopped it, and its order was taken back before anybody had begun it: it is not charged."""


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
        case {"data": {"urls": {"get": _}}} | {"id": _, "urls": {"get": _}} | {"request_id": _, "response_url": _}:
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
            case {"request_id": str(), "response_url": str(given)}:
                return fal_task_url(asked, given)
    except (httpx2.InvalidURL, ValueError):  # no address
        pass
    return None


def poll(task: str, exchange: Exchange, target: Target, watch: Watch) -> Any:
    """Poll a task until its picture is ready, and return the response's JSON then.

    Raises ProviderError, and Cancelled as soon as the user stops it: Withdrawn if its order was taken back.
    """
    return _Poll(task, exchange, target, watch).result()


class _Poll:
    """One task that is polled."""

    def __init__(self, task: str, exchange: Exchange, target: Target, watch: Watch) -> None:
        self._task = task
        self._status_url = beside(task, "status") if is_fal_task(task) else task
        self._exchange = exchange
        self._target = target
        self._watch = watch
        self._ahead: int | None = None  # in the queue, None when it is begun
        self._later_s = 0.0  # until the next poll, where the service says so

    def result(self) -> Any:
        began_s = time.monotonic()
        try:
            while True:
                body = self._status()
                if picture_url(body) is not None:
                    return body
                status, reason = _status_of(body)
                if status in _ENDED_BADLY:
                    raise failed_task(self._target, reason)
                if status in _READY:
                    return self._ready()
                if body is not None:
                    self._say(queue_position(body))
                wait_s = min(max((time.monotonic() - began_s) * _POLL_SHARE, _POLL_LEAST_S), _POLL_MOST_S)
                self._pause(max(wait_s, self._later_s))
        except Cancelled as stopped:
            if self._ahead is not None and self._withdraw():
                raise Withdrawn(stopped.message, hint=stopped.hint) from None
            raise

    def _status(self) -> Any:
        """Return the JSON of the task's status now, None if it cannot be read or fetched this time."""
        self._later_s = 0.0
        try:
            return self._get(self._status_url)
        except Exception as error:  # noqa: BLE001 - whatever the client raises, the task goes on
            failure = translate(error, self._target)
            if failure.backoff is None and isinstance(error, HfHubHTTPError):  # the status is refused for good
                raise self._lost(error, failure) from None
            self._later_s = failure.retry_after_s or 0.0
            return None

    def _ready(self) -> Any:
        """Return the response of a task that is done. fal has it at another address than its status."""
        errors = 0
        while is_fal_task(self._task):
            try:
                body = self._get(self._task)
            except Exception as error:  # noqa: BLE001 - whatever the client raises, the picture is there
                failure = translate(error, self._target)
                if isinstance(error, HfHubHTTPError):
                    if failure.backoff is None:
                        raise self._lost(error, failure) from None
                    errors += error.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
                if errors >= _RESULT_TRIES:  # of the model, not of the queue; fal does not charge it
                    raise failure from None
            else:
                if picture_url(body) is not None:
                    return body
                if body is not None:
                    break
            self._pause(_POLL_LEAST_S)
        raise doubtful(bad_response(self._target, "holds no picture", most=2))

    def _get(self, url: str) -> Any:
        def get() -> Any:
            response = get_session().get(url, headers=self._headers())
            hf_raise_for_status(response)
            return json_of(response)

        return run_bounded(self._exchange, get)

    def _headers(self) -> dict[str, str]:
        credential = self._target.credential
        if credential is not None and is_fal_task(self._task):
            return fal_headers(credential)
        return build_hf_headers(token=credential.value if credential else False)

    def _pause(self, seconds: float) -> None:
        if self._exchange.left_s() <= seconds:
            raise unfinished(self._target)
        self._watch.pause(seconds)

    def _say(self, ahead: int | None) -> None:
        if ahead == self._ahead:
            return
        self._ahead = ahead
        if ahead is None:
            self._watch.progress(0.1)
        else:
            self._watch.phase(f"{ahead} ahead in the queue of {self._target.name}")

    def _withdraw(self) -> bool:
        """Take an order back that waits in fal's queue; return whether it was."""
        deadline_s = time.monotonic() + _WITHDRAW_S
        exchange = Exchange(deadline_s, self._target.credential, api_host=self._exchange.api_host)

        def put() -> bool:
            return get_session().put(beside(self._task, "cancel"), headers=self._headers()).is_success

        with suppress(Exception):  # then it is made; who tries again finds it
            return run_bounded(exchange, put)
        return False

    def _lost(self, error: HfHubHTTPError, failure: ProviderError) -> ProviderError:
        """Return the error of a task whose status or response is refused for good."""
        if error.response.status_code not in _UNKNOWN:
            return doubtful(ProviderError(failure.error))
        if self._target.provider == "replicate" and self._target.uses_account:  # the router may not know predictions
            return cold_model(self._target)
        return unknown_task(self._target)


def _status_of(body: Any) -> tuple[str | None, str]:
    match body:
        case {"data": {"status": str(status), **rest}} | {"status": str(status), **rest}:
            return status.lower(), error_text(rest.get("error")) or "no reason is given"
    return None, ""
