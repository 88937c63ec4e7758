"""Where requests go: what services answer leads to no private place, and no credential goes in the clear."""

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import close_session, constants

from avatar_creator.engines.hub.addresses import (
    NO_ORIGIN,
    ConnectionGuard,
    ForbiddenAddress,
    Origin,
    check_address,
    parse_address,
)
from avatar_creator.errors import InvalidInput
from engines.photographs import SETUP, WAYS, Watch, asked, engine, photographed, refused
from standin import Behaviour, StandIn
from standin.pictures import Wish, picture
from standin.wire import Answer, json_answer

PUBLIC = ("https://v3.fal.media/x", "https://93.184.216.34/x", "https://[2606:2800:21f::1]/x", "https://10.example/x")
PRIVATE = (
    "https://localhost/x",
    "https://a.localhost/x",
    "https://127.0.0.1/x",
    "https://127.8.9.1:8080/x",
    "https://10.0.0.1/x",
    "https://172.16.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/x",
    "https://0.0.0.0/x",
    "https://224.0.0.1/x",
    "https://255.255.255.255/x",
    "https://[::1]/x",
    "https://[::]/x",
    "https://[fe80::1]/x",
    "https://[fd00::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://[2002:7f00:1::]/x",
)


# -- which they are


@pytest.mark.parametrize("url", PUBLIC)
def test_public_places_are_asked(url: str) -> None:
    check_address(parse_address(url), NO_ORIGIN)


@pytest.mark.parametrize("url", PRIVATE)
def test_private_places_are_not(url: str) -> None:
    with pytest.raises(ForbiddenAddress, match="is not public"):
        check_address(parse_address(url), NO_ORIGIN)
    with pytest.raises(ForbiddenAddress, match="is not public"):
        check_address(parse_address(url), Origin.of("https://93.184.216.34/v1"))


@pytest.mark.parametrize("url", ["http://v3.fal.media/x", "ftp://v3.fal.media/x", "file:///etc/x", "data:x", "x:y"])
def test_what_is_not_https_is_not_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddress, match="not with https"):
        check_address(parse_address(url), NO_ORIGIN)


@pytest.mark.parametrize("url", ["", "x", "/x", "//h/x", "http://", "https://[::1", "https://h:x/", "https://\ud800/"])
def test_what_is_no_address_is_not_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check_address(parse_address(url), NO_ORIGIN)


@pytest.mark.parametrize(
    ("home", "url", "is_asked"),
    [
        ("http://10.0.0.5:8000/predict", "http://10.0.0.5:9000/x", True),
        ("http://10.0.0.5:8000/predict", "https://10.0.0.5/x", True),
        ("http://10.0.0.5:8000/predict", "http://10.0.0.6:8000/x", False),
        ("https://10.0.0.5/predict", "http://10.0.0.5/x", False),
        ("http://localhost:8000", "http://127.0.0.1:8000/x", True),
        ("http://127.0.0.1:8000", "http://localhost:8000/x", True),
        ("http://127.0.0.1:8000", "http://169.254.169.254/x", False),
        ("http://gpu.lan:8000", "http://GPU.lan:8000/x", True),
        ("http://gpu.lan:8000", "http://store.lan:8000/x", False),
    ],
)
def test_a_service_may_lead_back_to_itself(home: str, url: str, is_asked: bool) -> None:
    if is_asked:
        check_address(parse_address(url), Origin.of(home))
    else:
        with pytest.raises(ForbiddenAddress):
            check_address(parse_address(url), Origin.of(home))


# -- through the engine


@pytest.mark.parametrize("url", ["http://v3.fal.media/x.jpeg", "https://10.0.0.1/x.jpeg", "https://[fd00::1]/x.jpeg"])
@pytest.mark.parametrize("provider", ["fal-ai", "replicate", "own"])
def test_a_picture_at_a_private_place_is_not_fetched(hub: StandIn, provider: str, url: str) -> None:
    body = {"images": [{"url": url}], "output": [url], "id": "x", "urls": {"get": "https://x/x"}}
    hub.always("call", Behaviour("astray", paid=True, answer=lambda: json_answer(body)))
    watch = Watch()
    error = refused(asked(**({"model": hub.endpoint} if provider == "own" else WAYS[provider])), watch)
    assert "made the picture, and it cannot be fetched: its address " in error.message
    assert error.message.endswith(("is not public.", "begins with 'http', not with https."))
    assert (watch.attempts, len(watch.charges), watch.waits) == (1, 1, [])
    assert {each.kind for each in hub.requests} <= {"call", "lookup"}


@pytest.mark.parametrize("url", ["http://v3.fal.media/elsewhere", "https://192.168.0.1/x", "http://[::1]/x"])
@pytest.mark.parametrize("kind", ["call", "download", "lookup"])
def test_a_redirect_to_a_private_place_is_not_followed(hub: StandIn, kind: Any, url: str) -> None:
    hub.always(kind, Behaviour("away", answer=lambda: Answer(307, headers={"location": url})))
    error = refused(asked(provider="fal-ai"))
    assert "public." in error.message or "https." in error.message
    tries = len([each for each in hub.requests if each.kind == kind])
    assert tries == 1


def test_an_own_endpoint_at_home_may_say_where_its_picture_lies(hub: StandIn) -> None:
    base = hub.endpoint.removesuffix("/endpoint")
    hub.script("call", Behaviour("there", paid=True, answer=lambda: json_answer({"output": f"{base}/elsewhere"})))
    assert photographed(model=hub.endpoint.replace("127.0.0.1", "localhost")).data


# -- what a name leads to


@contextmanager
def _served() -> Iterator[int]:
    """Serve a picture on this machine; yield the port."""
    data = picture(Wish("", "", "x", 512, 512, 1)).data

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked += 1  # type: ignore[attr-defined]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = 0  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
        assert server.asked <= 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(("home", "is_asked"), [("http://gpu.example", True), ("http://other.example", False)])
def test_a_name_that_leads_to_a_private_place_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
    home: str,
    is_asked: bool,
) -> None:
    found = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: found("127.0.0.1", *rest, **more))
    with _served() as port, httpx2.Client(trust_env=False) as client:
        url = httpx2.URL(f"http://gpu.example:{port}/")
        request = client.build_request("GET", url, extensions={"trace": ConnectionGuard(url, Origin.of(home))})
        if is_asked:
            assert client.send(request).status_code == 200
        else:
            with pytest.raises(ForbiddenAddress, match="is not public"):
                client.send(request)


# -- what is sent in the clear


@pytest.mark.usefixtures("hub")
def test_a_key_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret-key-1")
    with pytest.raises(InvalidInput, match="the key would go there in the clear"):
        engine().plan(asked(model="http://gpu.example/predict", provider_key_env="MY_KEY"))


def test_a_key_may_stay_on_this_machine(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret-key-1")
    assert photographed(model=hub.endpoint, provider_key_env="MY_KEY").data
    assert "secret-key-1" in hub.calls[0].headers["authorization"]


@pytest.mark.parametrize("address", ["http://hub.example", "http://10.0.0.1:8000", "http://huggingface.co"])
def test_a_token_is_not_sent_in_the_clear(hub: StandIn, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    monkeypatch.setattr(constants, "ENDPOINT", address)
    error = refused(asked())
    assert (error.code, error.message) == (SETUP, f"HF_ENDPOINT is '{address}': a token would go there in the clear.")
    (found, *_) = engine().probe({})
    assert found.message == error.message
    assert hub.requests == []


@pytest.mark.parametrize(
    "address", ["huggingface.co", "ftp://huggingface.co", "https://", "", "https://u:p@hub.example"]
)
def test_what_is_no_address_of_a_hub_is_said(hub: StandIn, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    error = refused(asked())
    assert error.code == SETUP
    assert error.message.startswith("HF_ENDPOINT ")
    assert "u:p" not in error.message
    assert (error.hint or "").endswith("unset HF_ENDPOINT")
    assert hub.requests == []


def test_a_hub_elsewhere_is_named(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://huggingface.co/api")
    monkeypatch.setattr(constants, "ENDPOINT", "https://huggingface.co/api")
    hub.always("other", Behaviour("nothing", answer=lambda: json_answer({"error": "Not Found"}, 404)))
    error = refused(asked(model="a/b"))
    assert error.message == "HF_ENDPOINT (huggingface.co/api) has no model a/b."
    assert error.hint == "Check HF_ENDPOINT, and the id: --model owner/name"


# -- what the environment names


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("there", [False, True])
def test_certificates_that_are_none_are_named(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    there: bool,
) -> None:
    path = tmp_path / "ca.pem"
    if there:
        path.write_text("none")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    close_session()
    error = refused(asked())
    assert error.code == SETUP
    assert "SSL_CERT_FILE is '" in error.message
    assert error.message.endswith("which holds no certificate." if there else "which does not exist.")


@pytest.mark.usefixtures("hub")
def test_a_proxy_of_another_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "gopher://user:secret@proxy.example")
    close_session()
    error = refused(asked())
    assert error.code == SETUP
    assert "HTTPS_PROXY" in f"{error.message} {error.hint}"
    assert "secret" not in f"{error.message} {error.hint}"
