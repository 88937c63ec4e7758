"""Limits that hold for everything the client does: time, size, and who gets the token.

The client's own time-out covers only the request for a picture, and there only each read: a service that sends a
byte a second, a look-up, a poll or a download can last for ever.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError

from avatar_creator.engines.huggingface.credentials import Credential

MOST_BYTES = 30_000_000  # of one answer: twice a PNG of 2048 x 2048 px, in base64
_CONNECT_S = 15.0
_STALLED_S = 30.0  # between two pieces of a body

_Result = TypeVar("_Result")


class Unconnectable(Exception):
    """No client can be made with the proxy and the certificates that the environment names."""


class TooLarge(Exception):
    """An answer was larger than `MOST_BYTES`."""


@dataclass(slots=True)
class Exchange:
    """All requests made for one thing, until ``deadline`` (time.monotonic).

    ``posted`` is what the service said to the request for a picture, and ``settled`` is set once that can be read, or
    nothing will come; ``answer`` is what it said last; ``downloading`` tells that something is being fetched from where
    the service put it.
    """

    deadline: float
    credential: Credential | None = None
    posted: httpx2.Response | None = None
    answer: httpx2.Response | None = None
    downloading: bool = False
    service: str | None = None  # the host that was asked for the picture
    settled: threading.Event = field(default_factory=threading.Event)

    def left_s(self) -> float:
        return self.deadline - time.monotonic()

    def status_error(self, error: Exception) -> Exception:
        """Return an error's better word: the answer's status, where the client fell over the body that came with it."""
        response = self.answer
        if isinstance(error, HfHubHTTPError) or response is None or not response.is_error:
            return error
        return httpx2.HTTPStatusError("", request=response.request, response=response)


_hanging = threading.Lock()
_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


class Work(Generic[_Result]):
    """What is done in a thread of its own, from now on, and given up at the deadline.

    The hooks end nearly everything before that; a name server that is silent or headers that drip they cannot.
    """

    def __init__(self, exchange: Exchange, work: Callable[[], _Result]) -> None:
        self._exchange = exchange
        self._work = work
        self._outcome: list[_Result] = []
        self._failure: list[BaseException] = []
        self._thread = threading.Thread(target=copy_context().run, args=(self._run,), daemon=True, name="huggingface")
        self._thread.start()

    def posted(self) -> httpx2.Response | None:
        """Wait for what the service says to the request for a picture, and return it if it is a success."""
        self._exchange.settled.wait(self._exchange.left_s() + 1)
        said = self._exchange.posted
        return said if said is not None and said.is_success else None

    def result(self) -> _Result:
        """Wait for the end. Raises httpx2.ReadTimeout at the deadline."""
        self._thread.join(self._exchange.left_s() + 1)  # the hooks' own word is the better one
        if self._failure:
            raise self._failure[0]
        if not self._outcome:
            raise httpx2.ReadTimeout("the deadline is over")
        return self._outcome[0]

    def abandon(self) -> None:
        """Let the hooks end it: nobody waits any more."""
        self._exchange.deadline = time.monotonic()

    def _run(self) -> None:
        _exchange.set(self._exchange)
        try:
            _watch_session()
            self._outcome.append(self._work())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            self._failure.append(error)
        finally:
            self._exchange.settled.set()


def bounded(exchange: Exchange, work: Callable[[], _Result]) -> _Result:
    """Do ``work``, and give it up at the deadline. Raises httpx2.ReadTimeout then."""
    return Work(exchange, work).result()


def _watch_session() -> None:
    """Hang our limits on the client that the library shares; its own hooks, and a program's own client, stay."""
    try:
        session = get_session()
    except Exception as error:  # noqa: BLE001 - whatever proxies and certificates are refused with
        raise Unconnectable(str(error)) from None
    with _hanging:
        hooks = session.event_hooks
        if _before not in hooks["request"]:
            session.event_hooks = {
                "request": [*hooks["request"], _before],
                "response": [_after, *hooks["response"]],
            }


def _before(request: httpx2.Request) -> None:
    exchange = _exchange.get()
    if exchange is None:
        return
    left = exchange.left_s()
    if left <= 0:
        raise httpx2.ReadTimeout("the deadline is over", request=request)
    request.extensions["timeout"] = {"connect": min(left, _CONNECT_S), "read": left, "write": left, "pool": left}
    host = request.url.host
    if "authorization" in request.headers and not (exchange.credential and exchange.credential.may_go_to(host)):
        del request.headers["authorization"]
    if request.method == "POST":
        exchange.service = host
    exchange.downloading = exchange.service is not None and host != exchange.service


def _after(response: httpx2.Response) -> None:
    exchange = _exchange.get()
    if exchange is None:
        return
    if not exchange.downloading:
        exchange.answer = response
    if response.request.method == "POST":
        exchange.posted = response
    if exchange.downloading and response.is_error:
        response.raise_for_status()  # the client would take the page that says so for the picture
    response.request.extensions["timeout"]["read"] = min(max(exchange.left_s(), 0.1), _STALLED_S)
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Bounded(response.stream, exchange)
    if response.request.method == "POST" and response.is_success:
        response.read()  # now: the client may go on for minutes before it lets anybody see it
        exchange.settled.set()


class _Bounded(httpx2.SyncByteStream):
    """A body that ends at the deadline, or when it is too large."""

    def __init__(self, stream: httpx2.SyncByteStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge
            if self._exchange.left_s() <= 0:
                raise httpx2.ReadTimeout("the deadline is over")
            yield chunk

    def close(self) -> None:
        self._stream.close()
