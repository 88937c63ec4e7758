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
from avatar_creator.engines.huggingface.http_limits import Exchange, bounded
from avatar_creator.engines.huggingface.provider_errors import Trouble, Where, bad_answer, cold, failed_task, timed_out
from avatar_creator.engines.huggingface.response_body import json_of, spoken

_POLL_S = 1.0


def is_picture(response: httpx2.Response) -> bool:
    """Tell whether an answer calls itself a picture."""
    return response.is_success and response.headers.get("content-type", "").startswith("image/")


def picture_url(said: Any) -> str | None:
    """Return where the picture lies: fal's, Replicate's or WaveSpeed's way to say so."""
    match said:
        case {"images": [{"url": str(url)}, *_]} | {"output": str(url)} | {"output": [str(url), *_]}:
            return url
        case {"data": {"outputs": [str(url), *_]}}:
            return url
    return None


def is_flagged(said: Any) -> bool:
    """Tell whether the provider's filter found something in the picture."""
    match said:
        case {"has_nsfw_concepts": [True, *_]} | {"data": {"has_nsfw_contents": [True, *_]}}:
            return True
    return False


def is_taken_on(said: Any) -> bool:
    """Tell whether an answer is about a picture that is being made, whatever the address it gives is worth."""
    match said:
        case {"data": {"urls": {"get": _}}} | {"id": _, "urls": {"get": _}}:
            return True
    return False


def task_url(posted: httpx2.Response) -> str | None:
    """Return where the task is told of, on the host that took it on; None for providers that answer at once."""
    asked = posted.request.url
    try:
        match json_of(posted):
            case {"data": {"urls": {"get": str(told)}}}:
                before = asked.path.partition("/api/v3/")[0]
                return str(asked.copy_with(path=before + httpx2.URL(told).path, query=None))
            case {"id": str(id_), "urls": {"get": str()}} if id_.isalnum():
                before = asked.path.partition("/v1/")[0]
                return str(asked.copy_with(path=f"{before}/v1/predictions/{id_}", query=None))
    except (httpx2.InvalidURL, ValueError):  # no address at all, or a character that none may hold
        pass
    return None


def follow(task: str, exchange: Exchange, where: Where) -> Any:
    """Ask how the task is doing until its picture is ready, and return what is said then. Raises Trouble."""
    last = exchange.answer if exchange.answer is not None and exchange.answer.is_success else None
    heard = (json_of(response) for response in (last, exchange.posted) if response is not None)
    said = next(filter(None, heard), None) or _asked(task, exchange, where)
    while picture_url(said) is None:
        status, reason = _state(said)
        if status in {"failed", "canceled"}:
            raise failed_task(where, reason)
        if status in {"completed", "succeeded"}:
            raise bad_answer(where, "holds no picture", most=2)
        if exchange.left_s() <= _POLL_S:
            raise _unfinished(where)
        time.sleep(_POLL_S)
        said = _asked(task, exchange, where) or said
    return said


def _asked(url: str, exchange: Exchange, where: Where) -> Any:
    """Return what is said of the task now, None if the answer is worth nothing."""

    def asked() -> Any:
        response = get_session().get(url, headers=build_hf_headers(token=_token(where)))
        hf_raise_for_status(response)
        return json_of(response)

    try:
        return bounded(exchange, asked)
    except Exception as error:  # noqa: BLE001 - whatever it is, the task goes on
        trouble = translate(error, where)
        if trouble.again is None and isinstance(error, HfHubHTTPError):  # it will not be told any more
            raise _unfollowed(trouble, where) from None
        return None


def _unfinished(where: Where) -> Trouble:
    """Return the trouble of a task that goes on: to ask for another picture would be to pay for two."""
    trouble = timed_out(where)
    trouble.again, trouble.charged, trouble.keeps = None, True, True
    return trouble


def _unfollowed(trouble: Trouble, where: Where) -> Trouble:
    return cold(where) if where.provider == "replicate" else Trouble(trouble.error)


def _token(where: Where) -> str | bool:
    return where.credential.value if where.credential else False


def _state(said: Any) -> tuple[str | None, str]:
    match said:
        case {"data": {"status": str(status), **rest}} | {"status": str(status), **rest}:
            return status, spoken(rest.get("error")) or "no reason is given"
    return None, ""
