"""The live gallery as programs on this machine may ask it: with real requests, and with what are none."""

import http.client
import json
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import pytest

from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.persona import Persona
from avatar_creator.errors import InvalidInput
from avatar_creator.gallery.serving import Server
from avatar_creator.home import Home
from avatar_creator.library import Library

_PATIENCE_S = 60


class Asked(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        """The ids of the avatars in a listing."""
        return [re.sub(r"pictures/(\w+)\?\w+", r"\1", row[2]) for row in self.json["rows"]]


class Client:
    def __init__(self, server: Server) -> None:
        self.port = server.port
        self.base = urlsplit(server.url).path

    def __call__(self, path: str = "", *, method: str = "GET", base: str | None = None, **headers: str) -> Asked:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        try:
            connection.request(method, (self.base if base is None else base) + path, headers=headers)
            response = connection.getresponse()
            return Asked(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def raw(self, data: bytes) -> bytes:
        """Send bytes as they are, and return what comes until the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE_S) as connection:
            connection.sendall(data)
            received = b""
            with suppress(ConnectionResetError):  # as it is where not all of a request is read
                while part := connection.recv(65536):
                    received += part
        return received


def make(library: Library, name: str, **choices: Any) -> str:
    return library.generate(persona=Persona(name), width_px=64, height_px=64, **choices).id


@pytest.fixture
def server(library: Library) -> Iterator[Server]:
    with_own = library.galleries.server(title="People")
    yield from running(with_own)


def running(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    server.close()
    thread.join(_PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def client(server: Server) -> Client:
    return Client(server)


def test_a_page_and_its_pictures(library: Library, client: Client) -> None:
    id_ = make(library, "Ana")
    page = client()
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'<h1 dir="auto">People</h1>' in page.body
    assert b"connect-src &#x27;self&#x27;" in page.body
    listing = client("avatars")
    assert (listing.ids, listing.json["more"], listing.json["number"]) == ([id_], False, 0)
    avatar = library.show(id_)
    picture = client(f"pictures/{id_}?anything")
    assert (picture.headers["Content-Type"], picture.body) == ("image/jpeg", avatar.image_path.read_bytes())
    assert client(f"thumbnails/{id_}").body == avatar.thumbnail_path.read_bytes()


def test_what_is_made_meanwhile_comes(library: Library, client: Client) -> None:
    assert client("avatars").ids == []
    id_ = make(library, "Ana")
    listing = client("avatars?since=0")
    assert (listing.ids, listing.json["number"]) == ([id_], 1)
    assert client(f"avatars?since={listing.json['number']}").ids == []
    assert client(f"thumbnails/{id_}").status == 200


def test_many_come_page_after_page(library: Library, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatar_creator.gallery.serving._PAGE", 2)
    made = [make(library, f"Ana {n}") for n in range(5)]
    first = client("avatars")
    assert (first.ids, first.json["more"]) == (made[:2], True)
    second = client(f"avatars?after={made[1]}")
    assert (second.ids, second.json["more"]) == (made[2:4], True)
    assert client(f"avatars?after={made[3]}").json["more"] is False


def test_of_others_than_those_of_the_gallery_nothing_is_shown(library: Library) -> None:
    wanted = AvatarFilter(project_id=library.projects.create("shop").id)
    shown, other = make(library, "Ana", project="shop"), make(library, "Ben")
    for server in running(library.galleries.server(wanted)):
        client = Client(server)
        assert client("avatars").ids == [shown]
        assert client(f"pictures/{shown}").status == 200
        assert client(f"pictures/{other}").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "pictures/",
        "pictures/../../../../etc/passwd",
        "pictures/%2e%2e/%2e%2e/avatars.db",
        "pictures/..%2f..%2favatars.db",
        "thumbnails//etc/passwd",
        "pictures/av_\0",
        "pictures/av_",
        "scripts/live.js",
        "avatars/",
        "../",
        "%",
        "é".encode().decode("latin-1"),
    ],
)
def test_nothing_else_is_there(library: Library, client: Client, path: str) -> None:
    make(library, "Ana")
    client("avatars")
    response = client.raw(
        f"GET {client.base}{path} HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nConnection: close\r\n\r\n".encode(
            "latin-1"
        )
    )
    assert response.split(b" ", 2)[1] in {b"404", b"403", b"400"}, response
    assert b"Traceback" not in response


def test_a_part_of_an_id_finds_nothing(library: Library, client: Client) -> None:
    id_ = make(library, "Ana")
    client("avatars")
    assert client(f"pictures/{id_[:-1]}").status == 404


@pytest.mark.parametrize("base", ["/", "/avatars", "/x/", "//", "/%00/", "/é/".encode().decode("latin-1")])
def test_without_the_token_nothing_is_said(client: Client, base: str) -> None:
    said = client.raw(
        f"GET {base} HTTP/1.1\r\nHost: localhost:{client.port}\r\nConnection: close\r\n\r\n".encode("latin-1")
    )
    assert said.split(b" ", 2)[1] in {b"403", b"400"}
    assert client(base=client.base[:-2] + "/").status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""])
def test_other_names_of_this_machine_are_refused(client: Client, host: str) -> None:
    assert client(Host=host.format(port=client.port)).status == 403
    assert client("avatars", Host=host.format(port=client.port)).status == 403


@pytest.mark.parametrize(
    "target", ["*", "x", "", "http://127.0.0.1/", "//127.0.0.1/", "?x", "#", "/a/../b", "/" * 9000]
)
def test_targets_that_are_no_paths_are_refused(client: Client, target: str) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nConnection: close\r\n\r\n"
    assert client.raw(head.encode()).split(b" ", 2)[1] in {b"400", b"403"}


def test_a_request_without_a_host_is_refused(client: Client) -> None:
    assert client.raw(f"GET {client.base} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.0 403 ")


def test_localhost_is_this_machine(client: Client) -> None:
    assert client(Host=f"localhost:{client.port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    asked = client("avatars", method=method)
    assert (asked.status, asked.headers["Allow"]) == (405, "GET, HEAD")


def test_the_head_of_a_page_comes_alone(client: Client) -> None:
    asked = client(method="HEAD")
    assert (asked.status, asked.body) == (200, b"")
    assert asked.headers["Content-Length"] == str(len(client().body))


@pytest.mark.parametrize("path", ["", "avatars", "pictures/x", "avatars?since=x"])
def test_nobody_else_may_store_or_embed_a_response(client: Client, path: str) -> None:
    headers = client(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("since", ["", "x", "-1", "1e3", "٣", "9" * 400])
def test_a_number_that_is_none(client: Client, since: str) -> None:
    assert client(f"avatars?since={quote(since)}").status in {200, 400}


def test_a_number_of_another_time_has_the_page_begin_anew(client: Client) -> None:
    assert client("avatars?since=77").json["lost"] is True


def test_large_headers_are_refused(client: Client) -> None:
    head = f"GET {client.base} HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
    received = client.raw(head.encode() + b"X: " + b"x" * 17_000 + b"\r\n\r\n")
    assert received == b"" or b" 431 " in received.split(b"\r\n")[0]
    assert client().status == 200


def test_large_bodies_are_refused(client: Client) -> None:
    head = f"GET {client.base} HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nContent-Length: 9999999\r\n\r\n"
    assert b" 413 " in client.raw(head.encode()).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "data", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_request(client: Client, data: bytes) -> None:
    assert b"Traceback" not in client.raw(data + b"GET / HTTP/1.0\r\n\r\n")
    assert client().status == 200


def test_slow_ones_are_in_nobodys_way(client: Client) -> None:
    slow = []
    try:
        for _ in range(20):
            slow.append(socket.create_connection(("127.0.0.1", client.port), timeout=_PATIENCE_S))
            slow[-1].sendall(b"GET /")
        with ThreadPoolExecutor(8) as pool:
            assert {asked.status for asked in pool.map(client, ["avatars"] * 40)} == {200}
    finally:
        for each in slow:
            each.close()


def test_a_home_that_is_deleted(library: Library, client: Client, home: Home) -> None:
    id_ = make(library, "Ana")
    client("avatars")
    shutil.rmtree(home.root)
    for path in ("avatars", "avatars?since=0", f"pictures/{id_}"):
        gone = client(path)
        assert gone.status in {200, 404, 503}
        assert str(home.root) not in gone.body.decode()
    assert client(f"pictures/{id_}").status != 200
    assert client().status == 200


def test_a_picture_that_is_deleted(library: Library, client: Client) -> None:
    id_ = make(library, "Ana")
    client("avatars")
    library.show(id_).image_path.unlink()
    assert client(f"pictures/{id_}").status == 404
    library.delete([id_])
    assert client(f"pictures/{id_}").status == 404


def test_texts_are_data(library: Library, client: Client) -> None:
    make(library, "</script><script>alert(1)</script>")
    asked = client("avatars")
    assert asked.headers["Content-Type"] == "application/json"
    assert b"<" not in asked.body
    assert asked.json["rows"][0][0] == "</script><script>alert(1)</script>"


def test_a_port_that_is_taken(library: Library, server: Server) -> None:
    with pytest.raises(InvalidInput, match=f"port {server.port} is taken"):
        library.galleries.server(port=server.port)


def test_each_server_has_a_token_of_its_own(library: Library, server: Server) -> None:
    for other in running(library.galleries.server()):
        assert Client(other).base != Client(server).base
        assert len(Client(other).base) > 32
        assert Client(other)(base=Client(server).base).status == 403
