"""What there is to make pictures on, as it is said without torch."""

import os
import platform
import sys
from pathlib import Path

import pytest

from avatar_creator.engines.local import libraries

pytestmark = pytest.mark.skipif(os.name != "posix", reason="nvidia-smi is a script of the shell")

A, B = "NVIDIA L4", "NVIDIA H100 80GB HBM3"


@pytest.fixture
def _two_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{A}, 23034, 22000, 570.1'\necho '{B}, 81559, 81000, 570.1'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("_two_cards")
@pytest.mark.parametrize(
    ("visible", "device"),
    [
        (None, f"{A}, {B}"),
        ("0", A),
        ("1", B),
        ("1, 0", f"{B}, {A}"),
        ("7", "cpu"),
        ("", "cpu"),
        ("-1", "cpu"),
        ("GPU-8932f937", f"{A}, {B}"),
    ],
)
def test_a_process_has_the_cards_that_it_may_see(
    visible: str | None, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert libraries.device() == device


@pytest.mark.parametrize(("system", "device"), [(("linux", "arm64"), "cpu"), (("darwin", "arm64"), "Apple GPU")])
def test_without_a_card_it_is_said_what_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: tuple[str, str], device: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", system[0])
    monkeypatch.setattr(platform, "machine", lambda: system[1])
    assert libraries.device() == device
