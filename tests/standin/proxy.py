"""The proxy that clients are pointed at: it ends the tunnels itself, with certificates of its own authority."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import trustme

from .wire import Answer, Connection, Request

HOSTS = (
    "huggingface.co",
    "router.huggingface.co",
    "hub-lfs.s3.amazonaws.com",
    "cas-bridge.xethub.hf.co",
    "v3.fal.media",
    "replicate.delivery",
    "d1q70pf5vjeyhc.cloudfront.net",
    "portraits.endpoints.huggingface.cloud",
    "fal.run",
    "queue.fal.run",
    "api.replicate.com",
    "api.wavespeed.ai",
    "api.together.xyz",
    "inference.api.nscale.com",
)
LOOPBACK = "127.0.0.1"

Answering = Callable[[Request], Answer]


class Proxy:
    """A thread for each connection; ``connect`` may refuse a tunnel, ``answer`` says what is answered in it."""

    def __init__(self, folder: Path, port: int, connect: Callable[[Request], Answer | None], answer: Answering) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        self.authority_file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.authority_file))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(self._tls)
        self._tls.num_tickets = 0
        self._connect = connect
        self._answer = answer
        self.stopping = threading.Event()
        self._live: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, port), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="stand-in", daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        """End every connection, and wait until it has."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        socket.create_connection((LOOPBACK, self.port)).close()  # wakes the acceptor
        self._acceptor.join()
        self._listener.close()
        with self._lock:
            threads = list(self._threads)
            for sock in self._live:
                with suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, another thread may be reading
        for thread in threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.stopping.is_set():
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            with self._lock:
                self._live.add(sock)
                self._threads.add(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            # A client may go at any time, a stop may come in the middle of a handshake.
            with suppress(OSError):
                self._talk(sock)
        finally:
            self._forget(sock)
            with self._lock:
                self._threads.discard(threading.current_thread())

    def _talk(self, sock: socket.socket) -> None:
        connection = Connection(sock, "http", f"{LOOPBACK}:{self.port}", self.stopping)
        while (request := connection.read()) is not None:
            if request.method == "CONNECT":
                refused = self._connect(request)
                if refused:
                    connection.write(refused, request.method)
                else:
                    connection.established()
                    self._tunnel(sock, request.host.partition(":")[0])
                return
            if not connection.write(self._answer(request), request.method):
                return

    def _tunnel(self, sock: socket.socket, host: str) -> None:
        secure = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._live.add(secure)
        try:
            secure.do_handshake()
            connection = Connection(secure, "https", host, self.stopping)
            while (request := connection.read()) is not None:
                if not connection.write(self._answer(request), request.method):
                    return
        finally:
            self._forget(secure)

    def _forget(self, sock: socket.socket) -> None:
        with self._lock:
            self._live.discard(sock)
        sock.close()
