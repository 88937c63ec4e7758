"""The way there, and how long anything may take."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import close_session

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.engines.hub import http_limits
from avatar_creator.engines.huggingface import client, model_index
from avatar_creator.engines.huggingface.engine import HuggingFaceEngine
from avatar_creator.errors import EngineError
from engines.photographs import (
    BILLED,
    BUSY,
    ERROR,
    LONGER,
    OFFLINE,
    SETUP,
    WAYS,
    Watch,
    asked,
    engine,
    photographed,
    refused,
)
from standin import Behaviour, StandIn, behaviours

pytestmark = pytest.mark.slow

# -- the way there


def test_a_certificate_that_is_not_trusted(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    close_session()
    watch = Watch()
    error = refused(asked(), watch)
    assert (error.code, getattr(error, "ends_run", False)) == (ERROR, True)
    assert error.message == "The certificate of Hugging Face is not trusted here."
    assert "SSL_CERT_FILE" in (error.hint or "")
    assert (watch.waits, hub.requests) == ([], [])


def test_a_proxy_that_wants_a_password(hub: StandIn) -> None:
    hub.always("connect", behaviours.proxy_407)
    watch = Watch()
    error = refused(asked(), watch)
    assert (error.message, error.code, watch.waits) == ("The proxy wants a password.", ERROR, [])
    assert "HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT" in (error.hint or "")


def test_a_proxy_that_cannot_reach_it(hub: StandIn) -> None:
    hub.always("connect", behaviours.proxy_502)
    watch = Watch()
    error = refused(asked(), watch)
    assert (error.message, error.code) == ("The proxy cannot reach Hugging Face.", BUSY)
    assert len(watch.waits) == 2
    hub.reset()
    hub.script("connect", behaviours.proxy_502, behaviours.proxy_502)
    assert photographed().data


def test_a_network_that_is_down(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    close_session()
    watch = Watch()
    error = refused(asked(), watch)
    assert (error.message, error.code) == ("The proxy that HTTPS_PROXY names cannot be reached.", BUSY)
    assert (len(watch.waits), hub.requests) == (2, [])


def test_the_offline_mode_of_the_client(hub: StandIn) -> None:
    program = (
        "from engines.photographs import Watch, asked, engine\n"
        "try: engine().generate(asked(), Watch())\n"
        "except Exception as error: print(error.code, error.message, error.hint, sep='|')\n"
    )
    tests = str(Path(__file__).parents[1])
    environment = os.environ | hub.environment() | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": tests}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    code, message, hint = told.stdout.strip().split("|")
    assert (code, message) == (SETUP, "The offline mode of Hugging Face is on (HF_HUB_OFFLINE).")
    assert hint == f"Unset HF_HUB_OFFLINE, {OFFLINE}"
    assert hub.requests == []


# -- deadlines


def _within(request: PictureRequest, limit_s: float) -> EngineError:
    started = time.monotonic()
    error = refused(request, by=engine(attempts=1))
    assert time.monotonic() - started < limit_s + 4  # a busy machine is no failure
    assert isinstance(error, EngineError)
    return error


@pytest.mark.parametrize(
    ("provider", "behaviour"),
    [
        ("fal-ai", behaviours.hang),
        ("fal-ai", behaviours.drip),
        ("fal-ai", behaviours.drip_headers),
        ("hf-inference", behaviours.drip),
        ("replicate", behaviours.hang),
        ("wavespeed", behaviours.endless_queue),
        ("fal-ai", behaviours.endless_queue),
        ("wavespeed", behaviours.drip_headers),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_call_ends_at_its_deadline(hub: StandIn, provider: str, behaviour: Behaviour) -> None:
    hub.always("call", behaviour)
    error = _within(asked(**WAYS[provider], timeout_s=1), 1)
    is_accepted = behaviour is behaviours.endless_queue
    said = ", and goes on with it." if is_accepted else f". {BILLED}"
    assert error.message == f"{provider} gave no picture within 1 s{said}"
    assert (error.code, len(hub.calls)) == (BUSY, 1)
    assert ("avatar retry, which orders nothing anew" in (error.hint or "")) if is_accepted else error.hint == LONGER


@pytest.mark.parametrize("behaviour", [behaviours.hang, behaviours.drip], ids=["hang", "drip"])
def test_polls_end_at_the_deadline_of_the_call(hub: StandIn, behaviour: Behaviour) -> None:
    hub.always("poll", behaviour)
    assert "gave no picture within 1 s" in _within(asked(provider="wavespeed", timeout_s=1), 1).message
    assert len(hub.calls) == 1


@pytest.mark.parametrize("behaviour", [behaviours.hang, behaviours.drip], ids=["hang", "drip"])
def test_a_look_up_ends_at_its_deadline(hub: StandIn, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour) -> None:
    monkeypatch.setattr(model_index, "LOOKUP_S", 0.5)
    hub.always("lookup", behaviour)
    assert _within(asked(), 0.5).message.startswith("The Hub gave no answer")


@pytest.mark.parametrize("behaviour", [behaviours.hang, behaviours.drip], ids=["hang", "drip"])
def test_a_download_ends_at_its_deadline(hub: StandIn, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour) -> None:
    monkeypatch.setattr(client, "DOWNLOAD_S", 0.5)
    hub.always("download", behaviour)
    error = _within(asked(timeout_s=1), 1.5)
    assert "made the picture, and it cannot be fetched: no answer within 0.5 s." in error.message
    assert len(hub.calls) == 1


def test_a_hang_leaves_the_engine_usable(hub: StandIn) -> None:
    hub.script("call", behaviours.hang)
    one: HuggingFaceEngine = engine(attempts=1)
    refused(asked(timeout_s=1), by=one)
    assert one.generate(asked(), Watch()).data


def test_an_answer_is_cut_off_where_it_grows_too_large(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_limits, "MOST_BYTES", 1000)
    error = refused(asked(provider="fal-ai"))
    assert (error.code, len(hub.calls)) == (ERROR, 1)
