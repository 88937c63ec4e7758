"""What a service says in an answer that is no picture: its own sentence, and how long it wants us to wait."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from avatar_creator.domain.text import visible
from avatar_creator.engines.huggingface.credentials import Credential, scrub

_LONGEST = 200  # characters of a service's own sentence
_LONGEST_S = 7 * 24 * 3600.0  # of a wait that is believed
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII)
_RATELIMIT = re.compile(r'"\w+"\s*;\s*r\s*=\s*\d+\s*;\s*t\s*=\s*(\d+)')
_LINK = re.compile(r"https?://(?:router\.huggingface\.co|developer\.mozilla\.org)\S*")  # for the client's own readers
_RESETS = re.compile(r"resets? in ~?(\d+)\s*s")


def sentence(error: Exception, response: httpx2.Response, credential: Credential | None) -> str:
    """Return the service's own sentence, after a colon; nothing when it said nothing for people."""
    try:
        body = response.json()
    except (ValueError, httpx2.StreamError):
        body = None
    text = _spoken(body) or getattr(error, "server_message", None) or response.headers.get("x-error-message") or ""
    text = short(text, credential).rstrip(".")
    return f": {text}" if text and "<" not in text else ""


def _spoken(body: Any) -> str:
    """Find the sentence in what providers call error, message, detail, or detail[].msg."""
    match body:
        case str():
            return body
        case [first, *_]:
            return _spoken(first)
        case dict():
            return next(filter(None, (_spoken(body.get(key)) for key in ("error", "message", "detail", "msg"))), "")
    return ""


def field(response: httpx2.Response, name: str) -> Any:
    try:
        body = response.json()
    except (ValueError, httpx2.StreamError):
        return None
    return body.get(name) if isinstance(body, dict) else None


def wait_s(response: httpx2.Response) -> float | None:
    """Return how long the service wants us to wait, a second added since it rounds down."""
    after = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(after):
        return min(float(after), _LONGEST_S) + 1
    if after:
        try:
            return max(parsedate_to_datetime(after).timestamp() - time.time(), 0.0) + 1
        except (ValueError, OverflowError):
            pass
    found = _RATELIMIT.search(response.headers.get("ratelimit", "")) or _RESETS.search(body_text(response))
    return min(float(found[1]), _LONGEST_S) + 1 if found else None


def body_text(response: httpx2.Response) -> str:
    try:
        return response.text
    except httpx2.StreamError:
        return ""


def short(text: str, credential: Credential | None) -> str:
    line = visible(" ".join(_LINK.sub("", scrub(text, credential)).split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
