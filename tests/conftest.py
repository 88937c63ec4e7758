"""What tests of every part start from."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from avatar_creator.home import HOME_VARIABLE, Home
from avatar_creator.library import Library, open_library

# Before huggingface_hub is imported: it reads its variables once, and finds the token of whoever tests.
for variable in [name for name in os.environ if name.startswith(("HF_", "HUGGING"))]:
    del os.environ[variable]
os.environ["HF_HOME"] = str(Path(tempfile.gettempdir()) / "avatar-tests-without-huggingface")

settings.register_profile("tests", deadline=None)  # a busy machine is no failure
settings.load_profile("tests")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of the test's own, not made yet, in an environment without settings, tokens and proxies."""
    for name in tuple(os.environ):
        if name.upper().startswith("AVATAR_") or name.upper().endswith(("_TOKEN", "_PROXY")):
            monkeypatch.delenv(name)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    """The library at that home."""
    with open_library(home.root) as opened:
        yield opened
