"""What tests of every part start from."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from avatar_creator.home import HOME_VARIABLE, Home
from avatar_creator.library import Library, open_library

settings.register_profile("tests", deadline=None)  # a busy machine is no failure
settings.load_profile("tests")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of the test's own, not made yet, in an environment without settings and tokens."""
    for name in tuple(os.environ):
        if name.upper().startswith("AVATAR_") or name.upper().endswith("_TOKEN"):
            monkeypatch.delenv(name)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    return Home(tmp_path / "home")


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    """The library at that home."""
    with open_library(home.root) as opened:
        yield opened
