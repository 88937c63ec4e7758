"""HTTP/1.1 on a socket: requests read, answers written, well or badly."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

Wire = Literal["whole", "slow", "hang", "drip", "drip_headers", "reset", "cut", "closed"]

_DRIP_S = 1.0
_PIECE, _PIECE_S = 65536, 0.05  # of an answer that is slow
_NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True)
class Request:
    """What a client asked; ``raw`` is every byte of it."""

    method: str
    scheme: str
    host: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    raw: bytes


@dataclass(frozen=True)
class Answer:
    """What it is told, how that travels, and what to do when the client has it, or has gone."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: Wire = "whole"
    after: Callable[[], None] | None = None


def json_answer(body: Any, status: int = 200, **headers: str) -> Answer:
    """Say it as JSON; ``x_error_code`` becomes the header x-error-code."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(body).encode(), {"content-type": "application/json", **names})


class Connection:
    """One client's connection, in a tunnel or not."""

    def __init__(self, sock: socket.socket, scheme: str, host: str, stopping: threading.Event) -> None:
        self._sock = sock
        self._scheme = scheme
        self._host = host
        self._stopping = stopping
        self._buffer = b""

    def read(self) -> Request | None:
        """Return the next request, or None when the client has gone."""
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if not self._receive():
                return None
        head, self._buffer = self._buffer[: end + 4], self._buffer[end + 4 :]
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self._buffer) < length:
            if not self._receive():
                return None
        raw, self._buffer = self._buffer[:length], self._buffer[length:]
        scheme, host = self._scheme, self._host
        if method == "CONNECT":
            return Request(method, scheme, target, "", {}, headers, None, head)
        url = urlsplit(target)
        if url.netloc:  # as a proxy is asked for plain HTTP
            scheme, host = url.scheme, url.netloc
        return Request(method, scheme, host, unquote(url.path), parse_qs(url.query), headers, _parsed(raw), head + raw)

    def write(self, answer: Answer, method: str) -> bool:
        """Answer, as badly as ``answer.wire`` says; True if the connection can be used again."""
        try:
            return self._write(answer, method)
        finally:
            if answer.after:
                answer.after()

    def established(self) -> None:
        self._sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def _write(self, answer: Answer, method: str) -> bool:
        status = HTTPStatus(answer.status)
        fields = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        length = "" if status in _NO_BODY else f"content-length: {len(answer.body)}\r\n"
        head = f"HTTP/1.1 {answer.status} {status.phrase}\r\n{fields}{length}\r\n".encode("latin-1")
        body = b"" if method == "HEAD" else answer.body
        match answer.wire:
            case "whole":
                self._sock.sendall(head + body)
                return True
            case "hang":
                while self._receive():
                    pass
            case "slow":
                self._sock.sendall(head)
                return self._slowly(body)
            case "drip":
                self._sock.sendall(head)
                self._drip(body)
            case "drip_headers":
                self._drip(head + body)
            case "cut":
                self._sock.sendall(head + body[: len(body) // 2])
            case "reset":
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case "closed":
                pass
        return False

    def _receive(self) -> bool:
        more = self._sock.recv(262144)
        self._buffer += more
        return bool(more)

    def _slowly(self, body: bytes) -> bool:
        for place in range(0, len(body), _PIECE):
            self._sock.sendall(body[place : place + _PIECE])
            if self._stopping.wait(_PIECE_S):
                return False
        return True

    def _drip(self, text: bytes) -> None:
        for place in range(len(text)):
            self._sock.sendall(text[place : place + 1])
            if self._stopping.wait(_DRIP_S):
                return


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None
