"""What tests of the hosted engine start from."""

from collections.abc import Iterator

import pytest

from engines.photographs import standing_in
from standin import StandIn


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Lead this process to a stand-in; nothing secret may reach it where it must not, and nothing strange is asked."""
    with standing_in(monkeypatch) as opened:
        yield opened
        assert (opened.leaks, opened.strays) == ([], [])
