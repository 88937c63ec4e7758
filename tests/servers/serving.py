"""A web service of this package under a real server on loopback, and the requests that are made of it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

ROOT = Path(__file__).parents[2]
SERVERS: Mapping[str, tuple[str, ...]] = {
    "uvicorn": ("uvicorn", "--app-dir", "{folder}", "--host", "127.0.0.1", "--port", "{port}", "{app}"),
    "gunicorn": (
        *("gunicorn", "--preload", "--workers", "4", "--worker-class", "uvicorn.workers.UvicornWorker"),
        *("--chdir", "{folder}", "--bind", "127.0.0.1:{port}", "{app}"),
    ),
}
_PATIENCE_S = 120  # for a busy machine
_AT_ONCE = 16


class Service(NamedTuple):
    """A service that runs, and where its server writes its log."""

    port: int
    log: Path

    def ask(self, method: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def make_and_show(self, n: int) -> str | None:
        """Make two requests; return what is wrong with an answer."""
        try:
            status, body = self.ask("POST", f"/avatars?name={quote(f'Ann {n}')}&seed={n + 1}")
            if status != http.client.CREATED:
                return f"{status} {body!r}"
            status, body = self.ask("GET", f"/avatars/{json.loads(body)['id']}")
            return None if (status, body[:2]) == (http.client.OK, b"\xff\xd8") else f"{status} {body[:200]!r}"
        except OSError as error:
            return repr(error)

    def make_and_show_many(self, count: int) -> list[str]:
        """Make ``count`` requests, 16 at once, and return what was wrong."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return [wrong for wrong in pool.map(self.make_and_show, range(count // 2)) if wrong]

    def complaints(self) -> list[str]:
        """Return the lines of the log that tell of trouble."""
        words = ("Traceback", "Error", "ERROR", "CRITICAL", "TIMEOUT", "Exception", "Warning")
        return [line for line in self.log.read_text("utf-8").splitlines() if any(word in line for word in words)]


@contextmanager
def served(
    server: str, home: Path, log: Path, *, app: str = "web:app", folder: Path = ROOT / "examples"
) -> Iterator[Service]:
    """Run a service under one of the servers until the end of the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    command = [word.format(folder=folder, port=port, app=app) for word in SERVERS[server]]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", *command],
            env=os.environ | {"AVATAR_HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        ) as running,
    ):
        try:
            _await(port, running)
            yield Service(port, log)
        finally:
            running.terminate()
            running.wait(_PATIENCE_S)


def _await(port: int, running: subprocess.Popen[bytes]) -> None:
    until_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if running.poll() is not None or time.monotonic() > until_s:
                raise
            time.sleep(0.05)
        else:
            return
