"""Limits of every request that the client makes: time, size, address, and which host gets the token.

The client's own time-out covers only the request for a picture, and of that each read. A service that sends a byte a
second could last for ever, and so could a look-up, a poll or a download.
"""

import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Generic, TypeVar

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import HfHubHTTPError

from avatar_creator.domain.text import shown
from avatar_creator.engines.hub.addresses import (
    ConnectionGuard,
    ForbiddenAddress,
    Origin,
    ProxyDown,
    check_address,
)
from avatar_creator.engines.hub.credentials import Credential, in_the_clear, is_loopback
from avatar_creator.engines.hub.response_body import has_too_many_values

MOST_BYTES = 30_000_000  # of a response, decompressed: twice a PNG of 2048 x 2048 px, in base64
THREAD = "huggingface"  # the name of those that wait for services
_ERROR_BYTES_MOST = 64_000  # of an error or a redirect; the rest is not read
_PIECE_BYTES = 2**20  # that are decompressed at once
_PACKED = ("gzip", "x-gzip", "deflate")
_CONNECT_S = 15.0
_STALLED_S = 30.0  # between two pieces of a body
# The client asks it to answer when the picture is made. Asked so, a process that is killed meanwhile loses the picture.
# The router is asked so all the same: it may not pass on who polls a prediction.
_REPLICATE = "api.replicate.com"
# What is raised where nothing was sent; and statuses of those who wait for the service, and do not know what it did.
_UNSENT = (
    *(httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError, httpx2.LocalProtocolError),
    *(httpx2.UnsupportedProtocol, ForbiddenAddress, ProxyDown),
)
_UNDECIDED = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)
_OF_A_PROXY = 520  # and above: Cloudflare's own

_Result = TypeVar("_Result")


class Unconnectable(Exception):
    """No HTTP client can be made with the proxy and the certificates that the environment names."""


class UnknownClient(Exception):
    """The installed version of huggingface_hub is not known here. Nothing was sent with it."""


class TooLarge(Exception):
    """A response was larger than `MOST_BYTES`, or than the file that was asked for."""


class Abandoned(Exception):
    """Nobody waits any more for what is requested."""


class Unreadable(Exception):
    """A response was a success, and cannot be read. The message completes "The answer of PROVIDER "."""


@dataclass(slots=True)
class Exchange:
    """The requests that belong together, until ``deadline`` (time.monotonic).

    ``origin`` is where the first of them goes, unless given; responses may lead back there. ``posts`` is set when a
    picture is requested, and ``post_response`` is the response to that; ``readable`` is set once it can be read, or
    will never come. ``last_response`` is the service's latest. ``downloading``: a file is being fetched from where the
    service put it. ``file_bytes``: what is asked for is a file of so many bytes, which the client writes to a disk as
    they come.
    """

    deadline: float
    credential: Credential | None = None
    origin: Origin | None = None
    posts: bool = False
    post_response: httpx2.Response | None = None
    last_response: httpx2.Response | None = None
    downloading: bool = False
    file_bytes: int | None = None
    is_abandoned: bool = False
    api_host: str | None = None  # the host that was asked for the picture
    readable: threading.Event = field(default_factory=threading.Event)

    def left_s(self) -> float:
        return self.deadline - time.monotonic()

    def check_time(self, request: httpx2.Request | None = None) -> None:
        """Raise httpx2.ReadTimeout after the deadline, or Abandoned, after which the client does not try again."""
        if self.is_abandoned:
            raise Abandoned
        if self.left_s() <= 0:
            raise httpx2.ReadTimeout("the deadline is over", request=request)

    def status_error(self, error: Exception) -> Exception:
        """Return the response's status as the error where the client failed at the body that came with it."""
        response = self.last_response
        if isinstance(error, HfHubHTTPError) or response is None or not response.is_error:
            return error
        return httpx2.HTTPStatusError("", request=response.request, response=response)

    def may_be_charged(self, error: Exception) -> bool:
        """Return whether the picture may be charged whose request ended with an error: it was sent, and not refused."""
        posted = self.post_response
        if posted is None:
            return self.posts and not isinstance(error.__cause__ or error, _UNSENT)
        return not posted.is_error or posted.status_code in _UNDECIDED or posted.status_code >= _OF_A_PROXY


_hook_lock = threading.Lock()
_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


class BackgroundWork(Generic[_Result]):
    """Work in a thread of its own, given up at the deadline of its exchange.

    The hooks end most requests before that. They cannot end a silent name server, or headers that come byte by byte.
    """

    def __init__(self, exchange: Exchange, work: Callable[[], _Result]) -> None:
        self._exchange = exchange
        self._work = work
        self._future = Future[_Result]()
        self._thread = threading.Thread(target=copy_context().run, args=(self._run,), daemon=True, name=THREAD)
        self._thread.start()

    def post_response(self) -> httpx2.Response | None:
        """Wait for the response to the request for a picture, and return it if it is a success."""
        self._exchange.readable.wait(self._exchange.left_s() + 1)
        posted = self._exchange.post_response
        return posted if posted is not None and posted.is_success else None

    def result(self) -> _Result:
        """Wait for the end. Raises httpx2.ReadTimeout at the deadline."""
        self._thread.join(self._exchange.left_s() + 1)  # the hooks' own error is the better one
        if not self._future.done():
            raise httpx2.ReadTimeout("the deadline is over")
        return self._future.result()

    def abandon(self) -> None:
        """Move the deadline to now, so that the hooks end it."""
        self._exchange.is_abandoned = True
        self._exchange.deadline = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Wait so long for the end; return whether it has come."""
        try:
            self._future.exception(seconds)  # a join that is interrupted takes the thread for ended, in Python 3.11
        except TimeoutError:
            return False
        return True

    def _run(self) -> None:
        _exchange.set(self._exchange)
        try:
            _install_hooks()
            self._future.set_result(self._work())
        except BaseException as error:  # noqa: BLE001 - `result` raises it
            self._future.set_exception(error)
        finally:
            self._exchange.readable.set()


def run_bounded(exchange: Exchange, work: Callable[[], _Result]) -> _Result:
    """Return what ``work`` returns. Raises httpx2.ReadTimeout at the deadline."""
    return BackgroundWork(exchange, work).result()


def _install_hooks() -> None:
    """Add our hooks to the HTTP client that huggingface_hub shares, beside those of the program."""
    _disable_agent_lookup()
    try:
        session = get_session()
    except Exception as error:  # noqa: BLE001 - proxies and certificates are refused with many types
        raise Unconnectable(_describe(error)) from None
    with _hook_lock:
        hooks = session.event_hooks
        if _on_request not in hooks["request"]:
            session.event_hooks = {
                "request": [*hooks["request"], _on_request],
                "response": [_on_response, *hooks["response"]],
            }


def _describe(error: Exception) -> str:
    """Return why no client can be made. It names the variable of a certificate, which Python does not."""
    if isinstance(error, OSError):  # an ssl.SSLError is one too
        for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            if given := os.environ.get(variable):
                wrong = "holds no certificate" if Path(given).exists() else "does not exist"
                return f"{variable} is {shown(given)}, which {wrong}"
    return str(error)


def _disable_agent_lookup() -> None:
    """Keep the client from asking the Hub for its list of agents, and from reading the one that it cached.

    It fails at a list that it does not expect. The variable that turns this off is read when the client is imported,
    which a program may have done before us.
    """
    with suppress(ImportError):  # a later version
        from huggingface_hub.utils import _detect_agent  # noqa: PLC0415 - there is no public way

        _detect_agent._registry = {"standardEnvVars": [], "harnesses": {}}  # noqa: SLF001


def _on_request(request: httpx2.Request) -> None:
    exchange = _exchange.get()
    if exchange is None:
        return
    exchange.check_time(request)
    left = exchange.left_s()
    request.extensions["timeout"] = {"connect": min(left, _CONNECT_S), "read": left, "write": left, "pool": left}
    url = request.url
    if exchange.origin is None:
        exchange.origin = Origin(url.scheme, url.host)
    check_address(url, exchange.origin)
    request.extensions["trace"] = ConnectionGuard(url, exchange.origin)
    request.headers["accept-encoding"] = "identity"
    if "authorization" in request.headers:
        _check_credential(request, exchange)
    if request.method == "POST":
        exchange.api_host, exchange.posts, exchange.post_response = url.host, True, None
        if url.host == _REPLICATE:
            request.headers.pop("prefer", None)
    exchange.downloading = exchange.api_host is not None and url.host != exchange.api_host


def _check_credential(request: httpx2.Request, exchange: Exchange) -> None:
    """Remove the credential for a host that must not see it. Raises NotConfigured where it would not be encrypted."""
    url, credential = request.url, exchange.credential
    if credential is None or not credential.may_go_to(url.host):
        del request.headers["authorization"]
    elif url.scheme != "https" and not is_loopback(url.host):
        raise in_the_clear(credential, f"{url.scheme}://{url.host}")


def _on_response(response: httpx2.Response) -> None:
    exchange = _exchange.get()
    if exchange is None:
        return
    if not exchange.downloading:
        exchange.last_response = response
    if response.request.method == "POST":
        exchange.post_response = response
    if exchange.downloading and response.is_error:
        response.raise_for_status()  # the client would take the error page for the picture
    response.request.extensions["timeout"]["read"] = min(max(exchange.left_s(), 0.1), _STALLED_S)
    response.encoding = "utf-8"  # a service may name any of Python's codecs, and some of them decompress
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Bounded(response.stream, exchange, response)
        response.headers.pop("content-encoding", None)  # `_Bounded` decompresses it
    if exchange.downloading or exchange.file_bytes is not None or not response.is_success:
        return
    content = response.read()  # now: the client may go on for minutes before it returns it
    if has_too_many_values(content):
        raise Unreadable("holds too much to be read")
    if response.request.method == "POST":
        exchange.readable.set()


class _Bounded(httpx2.SyncByteStream):
    """A decompressed body that ends at the deadline, or when it is too large.

    Of an error or a redirect only the beginning is read: the status says enough.
    """

    def __init__(self, stream: httpx2.SyncByteStream, exchange: Exchange, response: httpx2.Response) -> None:
        self._stream = stream
        self._exchange = exchange
        self._codings = [
            coding.strip().lower()
            for coding in response.headers.get_list("content-encoding", split_commas=True)
            if coding.strip().lower() not in {"", "identity"}
        ]
        self._is_success = response.is_success
        self._most = MOST_BYTES if exchange.file_bytes is None else exchange.file_bytes

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        most = self._most if self._is_success else _ERROR_BYTES_MOST
        for piece in self._unpacked():
            size += len(piece)
            if size > most:
                if self._is_success:
                    raise TooLarge
                yield piece[: most - size]
                return
            yield piece

    def _unpacked(self) -> Iterator[bytes]:
        """Yield the body, decompressed if it is compressed although it was requested without."""
        if not self._codings:
            yield from self._sent()
            return
        if len(self._codings) > 1 or self._codings[0] not in _PACKED:
            if self._is_success:
                raise Unreadable("is packed in a way that nobody asked for")
            return
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, by the header
        try:
            for piece in self._sent():
                packed = piece
                while packed and not unpacker.eof:
                    yield unpacker.decompress(packed, _PIECE_BYTES)
                    packed = unpacker.unconsumed_tail
            yield unpacker.flush()
        except zlib.error:
            if self._is_success:
                raise Unreadable("cannot be unpacked") from None

    def _sent(self) -> Iterator[bytes]:
        size = 0
        for piece in self._stream:
            size += len(piece)
            if size > max(self._most, _ERROR_BYTES_MOST):
                raise TooLarge
            self._exchange.check_time()
            yield piece

    def close(self) -> None:
        self._stream.close()
