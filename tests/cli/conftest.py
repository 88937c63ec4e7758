"""What tests of the command line start from."""

import pytest

from avatar_creator.home import Home
from cli.commandline import Avatar


@pytest.fixture
def avatar(home: Home, capfd: pytest.CaptureFixture[str]) -> Avatar:  # noqa: ARG001 - a home of the test's own
    """`avatar` at the test's home."""
    return Avatar(capfd)
