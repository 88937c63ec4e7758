"""What tests of pages start from."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from browser.chromium import PROGRAM, WHY_NOT, WIDE, Seen, started

Opened = Callable[..., Seen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip these tests on a machine without a Chromium: PyPI has none. CI gets one from npm and runs them."""
    for item in items:
        if PROGRAM is None and item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.skip(reason=WHY_NOT))


@pytest.fixture(scope="module")  # not for longer: its event loop would be in the way of others
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens a page, by its path or its address; what is given else are options of the browser's context."""
    contexts: list[BrowserContext] = []

    def open_(page: Path | str, **options: Any) -> Seen:
        context = browser.new_context(**{"viewport": WIDE, "locale": "en-US", **options})
        contexts.append(context)
        seen = Seen(context.new_page())
        seen.page.goto(page.as_uri() if isinstance(page, Path) else page)
        return seen

    yield open_
    for context in contexts:
        context.close()
