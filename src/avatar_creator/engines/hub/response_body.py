"""What a service says in a response that is no picture: the reason of an error, and how long to wait."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from avatar_creator.domain.text import visible
from avatar_creator.engines.hub.credentials import Credential, scrub

_LONGEST = 200  # characters of a service's text that are shown
_READ = 10_000  # characters of it that are read
_MOST_VALUES = 100_000  # of JSON: in memory each takes many times its bytes
_DEEP = 5  # levels of JSON that are searched for it
_LONGEST_S = 7 * 24 * 3600.0  # of a wait
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII)
_RATELIMIT = re.compile(r'"\w+"\s*;\s*r\s*=\s*\d+\s*;\s*t\s*=\s*(\d+)')
_LINK = re.compile(r"https?://(?:router\.huggingface\.co|developer\.mozilla\.org)\S*")  # that the client adds
_RESETS = re.compile(r"resets? in ~?(\d+)\s*s")


def error_sentence(error: Exception, response: httpx2.Response, credential: Credential | None) -> str:
    """Return the service's text after a colon, an empty string if it has none for people."""
    body = json_of(response)
    text = error_text(body) or response.headers.get("x-error-message")
    if not text and body is None:
        text = getattr(error, "server_message", None)
    text = shorten(text or "", credential).rstrip(".")
    return f": {text}" if text and "<" not in text else ""


def json_of(response: httpx2.Response) -> Any:
    """Return a response as JSON, None if it is something else, is nested too deep, or has too many values."""
    try:
        return None if has_too_many_values(response.content) else response.json()
    except (ValueError, RecursionError, httpx2.StreamError):
        return None


def has_too_many_values(content: bytes) -> bool:
    """Return whether a response would be more values of JSON than memory should be spent on."""
    return content.lstrip()[:1] in {b"{", b"["} and sum(map(content.count, (b",", b"{", b"["))) > _MOST_VALUES


def error_text(body: Any, deep: int = _DEEP) -> str:
    """Return the text that providers call error, message, detail, or detail[].msg."""
    match body:
        case str():
            return body
        case [first, *_] if deep:
            return error_text(first, deep - 1)
        case dict() if deep:
            named = (body.get(key) for key in ("error", "message", "detail", "msg"))
            return next(filter(None, (error_text(each, deep - 1) for each in named)), "")
    return ""


def json_field(response: httpx2.Response, name: str) -> Any:
    body = json_of(response)
    return body.get(name) if isinstance(body, dict) else None


def retry_delay_s(response: httpx2.Response) -> float | None:
    """Return the wait that the service asks for, and a second more, since services round down."""
    after = response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(after):
        return min(float(after), _LONGEST_S) + 1
    if after:
        try:
            left_s = parsedate_to_datetime(after).timestamp() - time.time()
            return min(max(left_s, 0.0), _LONGEST_S) + 1
        except (ValueError, OverflowError, TypeError, IndexError, OSError):  # OSError: a year out of the system's range
            pass
    found = _RATELIMIT.search(response.headers.get("ratelimit", "")) or _RESETS.search(body_text(response))
    return min(float(found[1]), _LONGEST_S) + 1 if found else None


def body_text(response: httpx2.Response) -> str:
    try:
        return response.text
    except httpx2.StreamError:
        return ""


def shorten(text: str, credential: Credential | None) -> str:
    line = visible(" ".join(_LINK.sub("", scrub(text[:_READ], credential)).split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
