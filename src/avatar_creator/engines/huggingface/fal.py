"""fal, which is asked without the client: that overwrites the scale of a LoRA with 1, and waits for the picture.

Orders go to fal's queue (queue.fal.run, or the router with _subdomain=queue). It answers at once with an id, so a
process that is killed while the picture is made does not lose it. Source: fal's reference of its queue, and what
huggingface_hub 2.4.0 makes of it for its other tasks.
"""

from typing import Any
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import constants, get_session
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from avatar_creator.engines.hub.credentials import Credential
from avatar_creator.engines.huggingface.payloads import Call, Payload

FAL = "fal-ai"
_DIRECT, _DIRECT_QUEUE = "https://fal.run", "https://queue.fal.run"
_QUEUE_QUERY = "_subdomain=queue"  # of the router
_REQUESTS = "/requests/"
_NO_QUEUE = (404, 405)  # what answers so has accepted nothing


def send_to_fal(call: Call, payload: Payload, credential: Credential | None) -> bytes:
    """Order a picture, and return it if there is no queue. Of one that was queued only the first response counts."""
    arguments = dict(payload.arguments)
    extra = arguments.pop("extra_body")
    size = {"width": arguments.pop("width"), "height": arguments.pop("height")}
    body = {"prompt": call.request.prompt.full, "image_size": size, **arguments, **extra}
    assert credential is not None  # noqa: S101 - only an own endpoint is called without one
    headers = fal_headers(credential)
    if call.options.bill_to and not credential.direct:
        headers[constants.HUGGINGFACE_HEADER_X_BILL_TO] = call.options.bill_to
    model = call.route.provider_model
    queue = f"{_DIRECT_QUEUE}/{model}" if credential.direct else f"{_router()}/{model}?{_QUEUE_QUERY}"
    response = get_session().post(queue, json=body, headers=headers)
    if response.status_code in _NO_QUEUE:
        base = _DIRECT if credential.direct else _router()
        response = get_session().post(f"{base}/{model}", json=body, headers=headers)
    hf_raise_for_status(response)
    return get_session().get(response.json()["images"][0]["url"]).content  # LookupError, where it was queued


def fal_headers(credential: Credential) -> dict[str, str]:
    """Return the headers of every request to fal, or to the router for it."""
    if credential.direct:
        return {"authorization": f"Key {credential.value}"}
    return build_hf_headers(token=credential.value)


def fal_task_url(asked: httpx2.URL, response_url: str) -> str | None:
    """Return the address of a queued picture's response, on the host that accepted the order."""
    path = urlsplit(response_url).path
    base = next((base for base in (_DIRECT_QUEUE, _router()) if str(asked).startswith(f"{base}/")), None)
    if base is None or _REQUESTS not in path:
        return None
    return str(asked.copy_with(path=urlsplit(base).path + path))


def is_fal_task(task: str) -> bool:
    return task.startswith((f"{_DIRECT_QUEUE}/", f"{_router()}/"))


def beside(task: str, what: str) -> str:
    """Return the address of a queued picture's ``status``, or the one that takes its order back: ``cancel``."""
    url = httpx2.URL(task)
    return str(url.copy_with(path=f"{url.path}/{what}"))


def _router() -> str:
    return constants.INFERENCE_PROXY_TEMPLATE.format(provider=FAL)


def queue_position(body: Any) -> int | None:
    """Return how many orders are ahead of one that nobody has begun, None of one that is begun or ended."""
    match body:
        case {"status": "IN_QUEUE", "queue_position": int(position)}:
            return max(position, 0)
        case {"status": "IN_QUEUE"}:
            return 0
    return None
