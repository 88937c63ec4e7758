"""What is found out without paying: the token, its rights, and who would make the picture."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from avatar_creator.engines.base import Probe
from avatar_creator.engines.huggingface import probe as probe_module
from engines.photographs import engine, seen
from standin import LORA, Behaviour, Repo, StandIn, behaviours


@pytest.fixture
def hub(hub: StandIn) -> Iterator[StandIn]:
    yield hub
    assert hub.calls == []


def _probes() -> dict[str, Probe]:
    return {probe.subject: probe for probe in engine().probe({})}


def test_all_is_well(hub: StandIn) -> None:
    found = _probes()
    assert all(probe.ok for probe in found.values())
    assert found["token"].message == "HF_TOKEN: accepted, of ann."
    assert found["permission"].message == "The token may call Inference Providers."
    assert found["credits"].message.startswith("A free account: ")
    assert [subject for subject in found if subject.startswith("provider ")] == [
        f"provider {name}" for name in ("fal-ai", "replicate", "wavespeed", "together", "nscale")
    ]
    assert "served by fal-ai, replicate, wavespeed." in [probe.message for probe in found.values()]
    assert len(seen(hub, "whoami")) == 1


def test_a_token_that_may_not_infer(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for token, ok in ((hub.narrow_token, False), (hub.read_only_token, True), (hub.write_token, True)):
        monkeypatch.setenv("HF_TOKEN", token)
        found = _probes()["permission"]
        assert found.ok is ok
        assert ok or "settings/tokens" in (found.hint or "")


def test_a_token_that_is_refused(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 34)
    found = _probes()
    assert (found["token"].ok, found["token"].message) == (False, "The token from HF_TOKEN was refused.")
    assert "permission" not in found
    assert hub.calls == []


@pytest.mark.usefixtures("hub")
def test_no_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    (found,) = engine().probe({})
    assert (found.ok, found.message) == (False, "There is no Hugging Face token.")


def test_a_lora_that_nobody_serves(hub: StandIn) -> None:
    hub.mappings[LORA] = Repo()
    (failed,) = (probe for probe in _probes().values() if not probe.ok)
    assert failed.message == "served by no provider now."
    assert LORA in failed.subject


@pytest.mark.parametrize(
    "behaviour",
    [behaviours.error_500, behaviours.error_list, behaviours.closed, behaviours.html_200, behaviours.rate_limited(9)],
    ids=lambda behaviour: behaviour.name,
)
def test_whatever_the_hub_says_is_an_answer(hub: StandIn, behaviour: Behaviour) -> None:
    for kind in ("whoami", "lookup", "ping"):
        hub.always(kind, behaviour)
    found = _probes()
    assert not found["token"].ok
    assert all(not probe.ok for subject, probe in found.items() if subject.startswith("model "))
    assert all(probe.message.endswith(".") and probe.message.isprintable() for probe in found.values())


def test_a_hub_that_hangs_is_given_up(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_module, "LOOKUP_S", 0.3)
    hub.always("whoami", behaviours.hang)
    started = time.monotonic()
    assert not _probes()["token"].ok
    assert time.monotonic() - started < 3
