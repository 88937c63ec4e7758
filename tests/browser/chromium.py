"""A Chromium that tests look at pages with, and what a page does in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell", "chrome-headless-shell")
# Read before the tests' own environment has no variables of ours.
PROGRAM = os.environ.get("AVATAR_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
WHY_NOT = "no Chromium: .ci/chromium has one, for AVATAR_TEST_CHROMIUM"
_FOCUSED = "() => (it => it.matches('.tile') ? it.querySelector('b').textContent : it.id)(document.activeElement)"
_PATIENCE_MS = 60_000  # for a busy machine
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=400, height=800)


class Seen:
    """A page, and what it did that nobody sees: requests, and what it wrote to the console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(_PATIENCE_MS)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._requested)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _requested(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    # -- what is on it

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()

    @property
    def names(self) -> list[str]:
        """The names under the pictures, in their order."""
        return self.texts("#people .tile b")

    @property
    def focused(self) -> str:
        """The name of the picture that has the focus, else the id of what has it."""
        found: str = self.page.evaluate(_FOCUSED)
        return found

    def await_focus(self, wanted: str) -> None:
        """Wait until that has the focus: some of it moves on events that come later."""
        self.page.wait_for_function(f"wanted => ({_FOCUSED})() === wanted", arg=wanted)

    @property
    def is_focus_in_view(self) -> bool:
        """Whether what has the focus is wholly in view, and nothing lies on it."""
        found: bool = self.page.evaluate("""() => {
            const it = document.activeElement, box = it.getBoundingClientRect();
            const inside = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
            const at = (y) => document.elementFromPoint((box.left + box.right) / 2, y);
            return inside && it.contains(at(box.top + 2)) && it.contains(at(box.bottom - 2));
        }""")
        return found

    def violations(self) -> list[tuple[Any, Any]]:
        """Return what axe-core finds: rules, and where they are broken."""
        found = Axe().run(self.page).response["violations"]
        return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


@contextmanager
def started() -> Iterator[Browser]:
    """Run Chromium until the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM)
        try:
            yield browser
        finally:
            browser.close()
