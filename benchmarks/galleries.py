"""Galleries in headless Chromium: bytes, and how long they take to be made, to load and to filter, beside sigal's.

Run: AVATAR_TEST_CHROMIUM=$(.ci/chromium DIR) python -m benchmarks.galleries [COUNT ...] [--peers DIR].
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from playwright.sync_api import Browser, Page

from avatar_creator import Avatar, Persona, open_library
from avatar_creator.library import Library
from benchmarks.measure import Missing
from benchmarks.peers import Peers
from browser.chromium import PROGRAM, WHY_NOT, WIDE, started

COUNTS = (2_000, 10_000)
DRAWN = 200  # drawings; more avatars than that have the same pictures again
ROUNDS = 5
_SIDE_PX = 512
# Until what has changed is painted, and the time that took.
_SHOWN_MS = """async ({selector, value}) => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await painted();
    const began = performance.now(), input = document.querySelector(selector);
    if (value === null) input.click();
    else { input.value = value; input.dispatchEvent(new Event("input", {bubbles: true})); }
    await painted();
    return performance.now() - began;
}"""


def main() -> int:
    given = _arguments()
    if PROGRAM is None:
        sys.exit(WHY_NOT)
    with (
        tempfile.TemporaryDirectory(prefix="avatar-galleries-") as scratch,
        open_library(Path(scratch) / "home") as library,
        started() as browser,
    ):
        drawn = list(_drawn(library))
        for count in given.counts:
            _print_ours(browser, library, list(_many(drawn, count)), Path(scratch) / f"{count}.html")
            try:
                _print_sigals(browser, Peers(given.peers).sigal(), drawn, count, Path(scratch) / f"sigal-{count}")
            except Missing as missing:
                print(f"sigal: skipped: {missing}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.galleries", description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=COUNTS, help="of avatars (default: 2000 10000)")
    parser.add_argument("--peers", type=Path, metavar="DIR", help="install sigal there if it is missing")
    return parser.parse_args()


def _drawn(library: Library) -> Iterator[Avatar]:
    cast = library.casts.open(DRAWN, seed=1, width_px=_SIDE_PX, height_px=_SIDE_PX)
    for outcome in library.batches.make(cast.batch):
        assert outcome.error is None, outcome.error
    yield from library.find(reverse=True)


def _many(drawn: Sequence[Avatar], count: int) -> Iterator[Avatar]:
    for number, avatar in enumerate(islice(cycle(drawn), count)):
        name = f"{avatar.name} {number}"
        yield avatar._replace(id=f"av_{number:013}", name=name, persona=Persona(name, avatar.persona.age))


def _print_ours(browser: Browser, library: Library, avatars: list[Avatar], file: Path) -> None:
    began_s = time.perf_counter()
    written = library.galleries.write(avatars, file)
    made_s = time.perf_counter() - began_s
    page, loaded_s = _loaded(browser, file)
    searched = [_shown_ms(page, "#search", value) for value in ("a", "an", "ann", "", "translator")][:ROUNDS]
    _shown_ms(page, "#search", "")
    filtered = [_shown_ms(page, "#filters input", None) for _ in range(ROUNDS)]
    page.close()
    print(
        f"avatar {len(avatars):6}  {written.bytes / 1e6:6.1f} MB  made {made_s:6.1f} s  loads {loaded_s:6.2f} s  "
        f"a search {median(searched):4.0f} ms, at most {max(searched):.0f}  "
        f"a filter {median(filtered):4.0f} ms, at most {max(filtered):.0f}",
        flush=True,
    )


def _print_sigals(browser: Browser, sigal: Path, drawn: Sequence[Avatar], count: int, folder: Path) -> None:
    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    for number, avatar in enumerate(islice(cycle(drawn), count)):
        shutil.copyfile(avatar.image_path, pictures / f"{number:06}.jpg")
    (folder / "sigal.conf.py").write_text("theme = 'galleria'\n")  # as it is by itself
    began_s = time.perf_counter()
    subprocess.run([sigal, "build", "--quiet", pictures, folder / "made"], check=True, cwd=folder, capture_output=True)
    made_s = time.perf_counter() - began_s
    size = sum(file.stat().st_size for file in (folder / "made").rglob("*") if file.is_file())
    page, loaded_s = _loaded(browser, folder / "made/index.html")
    page.close()
    print(f"sigal  {count:6}  {size / 1e6:6.1f} MB  made {made_s:6.1f} s  loads {loaded_s:6.2f} s", flush=True)


def _loaded(browser: Browser, file: Path) -> tuple[Page, float]:
    """Return a page, and the median time until it is loaded and painted."""
    times = []
    for _ in range(ROUNDS):
        page = browser.new_page(viewport=WIDE)
        began_s = time.perf_counter()
        page.goto(file.as_uri())
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        times.append(time.perf_counter() - began_s)
        if len(times) < ROUNDS:
            page.close()
    return page, median(times)


def _shown_ms(page: Page, selector: str, value: str | None) -> float:
    """Return how long it takes until a search, or a click, is painted."""
    return float(page.evaluate(_SHOWN_MS, {"selector": selector, "value": value}))


if __name__ == "__main__":
    sys.exit(main())
