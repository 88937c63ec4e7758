"""A gallery that is live: a page on loopback, for those who have its address, that shows what is made meanwhile."""

import errno
import hmac
import io
import logging
import re
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from waitress.server import create_server
from waitress.wasyncore import close_all

from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.filters import Sort
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import AvatarError, InvalidInput, NotFound
from avatar_creator.gallery.changes import Changes
from avatar_creator.gallery.data import Table, as_json
from avatar_creator.gallery.page import write_page

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
_PAGE = 500  # rows of one response
_BYTES_MOST = 2**26  # of a picture
_THREADS = 4
_CONNECTIONS = 64
_IDLE_S = 20  # after that a connection is closed
_HEADERS_BYTES = 2**14
_BODY_BYTES = 2**10  # none is read
_TOKEN_BYTES = 24
_VERSION = 12  # characters of a picture's hash, so that a page asks anew for one that was made anew
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_NO_PAGE = (("Content-Security-Policy", "default-src 'none'; sandbox"),)
_TEXT = "text/plain; charset=utf-8"

Find = Callable[..., Iterator[Avatar]]
"""Yields the avatars of a gallery, as `Library.find` does: takes sort, reverse, after and limit."""


class _Response(NamedTuple):
    status: HTTPStatus
    body: bytes
    kind: str = _TEXT
    headers: tuple[tuple[str, str], ...] = _NO_PAGE


class Server:
    """Serves one gallery, only reads, and responds to nobody who lacks the token in its address.

    ``find`` yields its avatars, ``show`` returns one by its id. Raises InvalidInput for a port that cannot be had; 0 is
    any that is free.
    """

    def __init__(self, title: str, find: Find, show: Callable[[str], Avatar], *, port: int = 0) -> None:
        try:
            listening = socket.create_server((HOST, port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be had: {error.strerror}"
            raise InvalidInput(f"The port {port} {why}.", hint="Name another one, or leave out --port.") from error
        self.port: int = listening.getsockname()[1]
        self._find = find
        self._show = show
        self._changes = Changes(find)
        self._listed = set[str]()  # no picture is served but of these
        self._token = secrets.token_urlsafe(_TOKEN_BYTES)
        logging.getLogger("waitress.queue").setLevel(
            logging.ERROR
        )  # browsers ask for more pictures than there are threads
        self._sockets: dict[int, Any] = {}
        page = io.BytesIO()
        write_page(page, title, (), images="'self' data:", live=True)
        self._page = page.getvalue()
        self._http = create_server(
            self._respond,
            map=self._sockets,
            sockets=[listening],
            threads=_THREADS,
            connection_limit=_CONNECTIONS,
            channel_timeout=_IDLE_S,
            cleanup_interval=_IDLE_S,
            max_request_header_size=_HEADERS_BYTES,
            max_request_body_size=_BODY_BYTES,
            ident=None,
            log_socket_errors=False,  # of browsers that go away
            asyncore_use_poll=True,
        )
        self._is_running = False
        self._hosts = {f"{HOST}:{self.port}", f"localhost:{self.port}"}

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/{self._token}/"

    def as_json(self) -> dict[str, Any]:
        return {"url": self.url, "port": self.port}

    def run(self) -> None:
        """Serve until Ctrl-C, or until another thread calls `close`."""
        self._is_running = True
        try:
            self._http.run()
        finally:
            self._is_running = False
            self._end()

    def close(self) -> None:
        """Have `run` return, whichever thread runs it."""
        if self._is_running:
            self._http.trigger.pull_trigger(self._end)
        else:
            self._end()

    def _end(self) -> None:
        self._http.task_dispatcher.shutdown()
        close_all(self._sockets)

    # -- requests

    def _respond(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        try:
            response = self._response(environ)
        except NotFound:
            response = _said(HTTPStatus.NOT_FOUND)
        except AvatarError:  # its message may name paths of this machine
            response = _said(HTTPStatus.SERVICE_UNAVAILABLE, "The library cannot be read.")
        headers = [("Content-Type", response.kind), ("Content-Length", str(len(response.body)))]
        start(f"{response.status.value} {response.status.phrase}", [*headers, *_HEADERS, *response.headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _response(self, environ: "WSGIEnvironment") -> _Response:
        # A name of others that leads here would make this page theirs.
        if environ.get("HTTP_HOST", "") not in self._hosts:
            return _said(HTTPStatus.FORBIDDEN)
        token, *parts = environ["PATH_INFO"].removeprefix("/").split("/")
        if not hmac.compare_digest(token.encode(errors="replace"), self._token.encode()):
            return _said(HTTPStatus.FORBIDDEN, "The address that avatar gallery --serve printed has a token in it.")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _said(HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", "GET, HEAD"), *_NO_PAGE))
        return self._at(parts, dict(parse_qsl(environ.get("QUERY_STRING", ""))))

    def _at(self, parts: list[str], asked: Mapping[str, str]) -> _Response:
        match parts:
            case [""]:
                return _Response(HTTPStatus.OK, self._page, "text/html; charset=utf-8", ())
            case ["avatars"] if "since" in asked:
                return self._changed(asked["since"])
            case ["avatars"]:
                number = self._changes.number  # before they are read: what changes meanwhile comes again
                avatars = list(self._find(sort=Sort.CREATED, reverse=True, after=asked.get("after"), limit=_PAGE))
                return self._listing(avatars, number=number, more=len(avatars) == _PAGE)
            case ["pictures" | "thumbnails" as folder, id_] if id_ in self._listed:
                return _picture(self._show(id_), thumbnail=folder == "thumbnails")
            case _:
                return _said(HTTPStatus.NOT_FOUND)

    def _changed(self, since: str) -> _Response:
        if not _NUMBER.fullmatch(since):
            return _said(HTTPStatus.BAD_REQUEST)
        changed = self._changes.since(int(since))
        if changed.avatars is None:
            return self._listing((), number=changed.number, lost=True)
        return self._listing(changed.avatars, number=changed.number)

    def _listing(self, avatars: Sequence[Avatar], **said: int) -> _Response:
        table = Table()
        rows = [table.row(avatar, f"pictures/{avatar.id}?{avatar.sha256[:_VERSION]}") for avatar in avatars]
        self._listed.update(avatar.id for avatar in avatars)
        listing = {"rows": rows, "texts": table.texts, "last": avatars[-1].id if avatars else None, **said}
        return _Response(HTTPStatus.OK, as_json(listing).encode(), "application/json")


def _picture(avatar: Avatar, *, thumbnail: bool) -> _Response:
    path, known = (avatar.thumbnail_path, "jpeg") if thumbnail else (avatar.image_path, avatar.format)
    try:
        data = read_regular(path, _BYTES_MOST)
    except OSError:
        return _said(HTTPStatus.NOT_FOUND)
    return _Response(HTTPStatus.OK, data, f"image/{known}")


def _said(status: HTTPStatus, text: str | None = None, headers: tuple[tuple[str, str], ...] = _NO_PAGE) -> _Response:
    return _Response(status, f"{text or status.phrase}\n".encode(), headers=headers)
