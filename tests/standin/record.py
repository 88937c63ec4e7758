"""What the stand-in saw, for tests to ask."""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .accounts import KEYS
from .pictures import Wish
from .wire import Request

Kind = Literal[
    "call",
    "lookup",
    "whoami",
    "download",
    "poll",
    "cancel",
    "ping",
    "connect",
    "create",  # from here on of data sets
    "dataset",
    "tree",
    "preupload",
    "objects",
    "put",
    "card",
    "commit",
    "file",  # from here on of models
    "store",
    "other",
]

_TOKEN = re.compile(rb"hf_[A-Za-z0-9]{10,}")
_TRUSTED = re.compile(r"(router\.)?huggingface\.co|[\w-]+\.endpoints\.huggingface\.cloud")


@dataclass
class Seen:
    """A request. Until it is answered, ``status`` is 0 and ``ended`` is None.

    ``ended`` is just before the answer is sent; if it hangs or drips, it is when the client has gone.
    """

    kind: Kind
    host: str
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    started: float
    ended: float | None = None
    status: int = 0
    behaviour: str | None = None
    # A task may be under way after its call was answered.
    busy_until: float = 0.0

    def end(self) -> None:
        self.ended = time.monotonic()


@dataclass
class Made:
    """A picture that was made, and would have been paid."""

    provider: str
    model: str
    lora: str | None
    lora_scale: float | None
    seed: int
    width: int
    height: int
    steps: int | None
    guidance: float | None
    prompt: str
    downloads: int = 0


def made(wish: Wish) -> Made:
    return Made(
        wish.provider,
        wish.model,
        wish.lora,
        wish.lora_scale,
        wish.seed,
        wish.width,
        wish.height,
        wish.steps,
        wish.guidance,
        wish.prompt,
    )


def is_leak(request: Request) -> bool:
    """Tell whether a request carries a secret to somebody it is not for, or in the clear."""
    host = request.host.partition(":")[0]
    if _TOKEN.search(request.raw) and not (request.scheme == "https" and _TRUSTED.fullmatch(host)):
        return True
    return any(key.encode() in request.raw for key in set(KEYS.values()) - {KEYS.get(host)})


def peak(calls: Iterable[Seen], now: float) -> int:
    """Return how many calls were in flight at the busiest moment."""
    steps: list[tuple[float, int]] = []
    for call in calls:
        ended = now if call.ended is None else max(call.ended, call.busy_until)
        steps += [(call.started, 1), (ended, -1)]
    most = count = 0
    for _, step in sorted(steps):
        count += step
        most = max(most, count)
    return most


def bearer(headers: Mapping[str, str]) -> str | None:
    """Return the token or key of a request."""
    kind, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() in {"bearer", "key"} and secret else None
