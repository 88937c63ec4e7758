"""Which cards there are, as NVIDIA's own tool says: a program that plays it stands on PATH."""

import os
import platform
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator.engines.local import libraries

pytestmark = pytest.mark.skipif(os.name != "posix", reason="nvidia-smi is a script of the shell")

SAID = """0, GPU-aaaa1111, NVIDIA H100 80GB HBM3, 81559, 81000, 580.159.04
1, GPU-bbbb2222, NVIDIA GeForce RTX 4090, Founders Edition, 24564, 12000, 580.159.04
2, GPU-cccc3333, NVIDIA Without Numbers, [N/A], [N/A], 580.159.04
"""
H100, RTX = "NVIDIA H100 80GB HBM3", "NVIDIA GeForce RTX 4090, Founders Edition"


@pytest.fixture(autouse=True)
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "nvidia-smi"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{SAID}END\n")
    path.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")  # for cat
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return path


def test_cards_are_read_with_their_memory() -> None:
    assert libraries.cards() == [
        libraries.Card(H100, 81559 * 2**20, 81000 * 2**20, "580.159.04"),
        libraries.Card(RTX, 24564 * 2**20, 12000 * 2**20, "580.159.04"),
    ]


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("1", [RTX]),
        ("1,0", [RTX, H100]),
        ("GPU-aaaa", [H100]),
        ("", []),
        ("-1", []),
        ("0,7,1", [H100]),  # as CUDA does: nothing after one that is not there
        ("MIG-8a1b", [H100, RTX]),
    ],
)
def test_what_is_hidden_from_this_process_is_left_out(
    shown: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", shown)
    assert [card.name for card in libraries.cards()] == names


def test_a_driver_that_fails_has_no_cards(tool: Path) -> None:
    tool.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed' >&2; exit 9\n")
    assert libraries.cards() == []


def test_a_driver_that_hangs_is_not_waited_for(tool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool.write_text("#!/bin/sh\nexec sleep 3\n")
    monkeypatch.setattr(libraries, "_ASK_S", 0.1)
    monkeypatch.setattr(libraries, "_ENDED_S", 0.1)
    monkeypatch.setattr(subprocess.Popen, "kill", lambda _process: None)  # as where no signal reaches it
    with pytest.warns(ResourceWarning, match="still running"):
        found = libraries.cards()
    assert found == []


@pytest.mark.parametrize(
    ("system", "device"),
    [(("linux", "arm64"), "cpu"), (("darwin", "arm64"), "Apple GPU"), (("darwin", "x86_64"), "cpu")],
)
def test_a_process_has_the_cards_that_it_may_see_or_what_there_is(
    tool: Path, monkeypatch: pytest.MonkeyPatch, system: tuple[str, str], device: str
) -> None:
    assert libraries.device() == f"{H100}, {RTX}"
    tool.unlink()
    monkeypatch.setattr(sys, "platform", system[0])
    monkeypatch.setattr(platform, "machine", lambda: system[1])
    assert libraries.device() == device
