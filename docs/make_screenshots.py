"""Pictures of galleries in a browser: docs/gallery.jpg, and gallery-dark, -narrow, -wide, -printed, -no-script.

usage: AVATAR_TEST_CHROMIUM=$(.ci/chromium FOLDER) python docs/make_screenshots.py [FOLDER]
"""

import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Page

from avatar_creator import open_library

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser.chromium import started

DOCS = Path(__file__).parent
PEOPLE, SEED = 48, 1
QUALITY = 82


class Screenshot(NamedTuple):
    name: str
    context: Mapping[str, Any]
    prepare: Callable[[Page], None]


def _as_it_opens(page: Page) -> None:
    page.wait_for_selector(".tile")


def _record(page: Page) -> None:
    page.locator(".tile").nth(2).click()


def _printed(page: Page) -> None:
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")  # a browser says so when it prints


def _list(page: Page) -> None:
    page.wait_for_selector("li img")


SCREENSHOTS = (
    Screenshot("gallery.jpg", {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}, _as_it_opens),
    Screenshot("gallery-dark.jpg", {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}, _record),
    Screenshot(
        "gallery-narrow.jpg",
        {"viewport": {"width": 400, "height": 800}, "color_scheme": "light", "device_scale_factor": 1.5},
        _as_it_opens,
    ),
    Screenshot("gallery-wide.jpg", {"viewport": {"width": 2560, "height": 760}}, _as_it_opens),
    Screenshot("gallery-printed.jpg", {"viewport": {"width": 794, "height": 1123}}, _printed),  # A4 at 96 dpi
    Screenshot(
        "gallery-no-script.jpg", {"viewport": {"width": 1280, "height": 800}, "java_script_enabled": False}, _list
    ),
)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, started() as browser:
        file = _gallery(Path(scratch))
        for shot in SCREENSHOTS:
            page = browser.new_page(**shot.context)
            page.goto(file.as_uri())
            shot.prepare(page)
            page.wait_for_function("() => Array.from(document.images).every((image) => image.complete)")
            with Image.open(io.BytesIO(page.screenshot())) as image:
                image.convert("RGB").save(folder / shot.name, quality=QUALITY, optimize=True)
            page.close()
            sys.stdout.write(f"{folder / shot.name}\n")


def _gallery(scratch: Path) -> Path:
    with open_library(scratch / "home") as library:
        for outcome in library.batches.make(library.casts.open(PEOPLE, seed=SEED).batch):
            assert outcome.error is None, outcome.error  # noqa: S101 - there would be an empty frame
        file = scratch / "people.html"
        library.galleries.write(library.find(reverse=True), file, title="People", count=PEOPLE, full=True)
    return file


if __name__ == "__main__":
    main()
