"""What is used of the client beyond its documented names, and what it leaves in the process of its host."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from huggingface_hub import InferenceClient
from huggingface_hub import __version__ as client_version

from avatar_creator.engines.huggingface import client
from avatar_creator.errors import EngineError
from engines.photographs import ERROR, WAYS, Watch, asked, refused
from standin import StandIn

HOST = """
import os
from avatar_creator import open_library
with open_library() as library:
    assert not list(library.find())
assert not [name for name in os.environ if name.startswith("HF_")]
"""


@pytest.fixture
def hub(hub: StandIn) -> Iterator[StandIn]:
    client._text_to_image.cache_clear()
    yield hub
    client._text_to_image.cache_clear()


class _Callable:
    def __call__(self, *_arguments: Any, **_options: Any) -> bytes:
        return b""


@pytest.mark.parametrize("other", [lambda *_arguments, **_options: b"", _Callable()], ids=["function", "object"])
def test_a_version_that_works_otherwise_is_named_before_anything_is_ordered(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, other: Any
) -> None:
    monkeypatch.setattr(InferenceClient, "text_to_image", other)
    watch = Watch()
    error = refused(asked(**WAYS["replicate"]), watch)
    assert isinstance(error, EngineError)
    assert (error.code, error.ends_run) == (ERROR, True)
    assert f"huggingface_hub {client_version}" in error.message
    assert (hub.calls, watch.charges, watch.waits) == ([], [], [])


@pytest.mark.usefixtures("home")
def test_a_library_that_makes_no_picture_changes_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HF_")]:  # set when this process imported the client
        monkeypatch.delenv(name)
    subprocess.run([sys.executable, "-W", "error", "-c", HOST], check=True, timeout=60)
