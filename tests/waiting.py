"""Waiting for what other threads and processes do, and never for ever."""

import time
from collections.abc import Callable

LONG_S = 60  # far longer than a test takes, on a busy machine too


def until(holds: Callable[[], object]) -> None:
    """Return when it holds. Fails where it does not in a long time."""
    end = time.monotonic() + LONG_S
    while not holds():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.002)
