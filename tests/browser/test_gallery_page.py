"""A gallery in a browser: what people see, hear and type, and what the page never does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar
from avatar_creator.gallery.page import Shown, write_page
from browser.chromium import NARROW, WIDE
from browser.conftest import Opened
from sample_records import an_avatar

PICTURE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
IS_BOX_WIDE_ENOUGH = "(box => box.scrollWidth <= box.clientWidth)(document.getElementById('box'))"
FIRST = ("Amara", "Björn", "Chloé", "Dmitri", "Eve")
LAST = ("Okafor", "Svensson", "Martin", "Orlov", "Stone", "Ito")
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "{{script}}",
    "a\u2028b",
    "\u202egnp.exe",
    "&lt;b&gt; \"quoted' `$`",
    "محمد العربي",
    "x" * 500,
)
SHOWN = [text.replace("\u2028", r"\u2028").replace("\u202e", r"\u202e") for text in HOSTILE]


def people(count: int) -> Iterator[Avatar]:
    for n in range(count):
        name = f"{FIRST[n % 5]} {LAST[n % 6]} {n}"
        yield an_avatar(
            id=f"av_{n}",
            name=name,
            persona=Persona(name, 18 + n % 60, background=f"Came from town {n}."),
            attributes=Attributes(gender=("female", "male")[n % 2], hair_color=("black", "gray", None)[n % 3]),
            tags=("team",) if n < 3 else (),
            credit="By somebody, CC BY 4.0",
        )


def written(path: Path, avatars: Iterator[Avatar], title: str = "People") -> Path:
    with path.open("wb") as file:
        write_page(file, title, (Shown(each, PICTURE) for each in avatars))
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("gallery") / "people.html", people(48))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("gallery") / "large.html", people(2000))


def test_search_narrows_down_as_it_is_typed(page: Path, opened: Opened) -> None:
    seen = opened(page)
    assert seen.texts("#count") == ["48 avatars"]
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("bjorn")
    assert len(seen.names) == 10
    assert all("Björn" in name for name in seen.names)
    seen.page.keyboard.type(" it")
    assert seen.names == ["Björn Ito 11", "Björn Ito 41"]
    seen.page.keyboard.type(" nobody")
    assert seen.page.locator("#nobody").is_visible()
    seen.page.get_by_role("button", name="Clear search and filters").click()
    assert (seen.texts("#count"), seen.focused) == (["48 avatars"], "search")


def test_choices_of_one_filter_add_up_and_of_several_narrow_down(page: Path, opened: Opened) -> None:
    seen = opened(page)
    hair = seen.page.get_by_role("group", name="Hair color")
    hair.get_by_label("black").check()
    assert seen.texts("#count") == ["16 of 48 avatars"]
    hair.get_by_label("gray").check()
    assert seen.texts("#count") == ["32 of 48 avatars"]
    seen.page.get_by_role("group", name="Gender").get_by_label("female", exact=False).first.check()
    assert seen.texts("#count") == ["16 of 48 avatars"]


def test_groups_have_headings_with_their_sizes(page: Path, opened: Opened) -> None:
    seen = opened(page)
    seen.page.locator("#group").select_option(label="gender")
    assert seen.texts("#people h2") == ["female 24", "male 24"]


def test_sorting(page: Path, opened: Opened) -> None:
    seen = opened(page)
    assert seen.names[0] == "Amara Okafor 0"
    seen.page.locator("#sort").select_option("age")
    assert seen.names[:2] == ["Amara Okafor 0", "Björn Svensson 1"]
    seen.page.locator("#sort").select_option("name")
    assert seen.names[:2] == ["Amara Ito 5", "Amara Ito 35"]


def test_everything_by_the_keyboard(page: Path, opened: Opened) -> None:
    seen = opened(page)
    seen.page.locator("#search").focus()
    seen.page.keyboard.press("ArrowDown")
    assert seen.focused == "Amara Okafor 0"
    seen.page.keyboard.press("ArrowRight")
    seen.page.keyboard.press("Enter")
    assert seen.page.get_by_role("dialog").get_by_role("heading", level=2).inner_text() == "Björn Svensson 1"
    assert "Came from town 1." in seen.page.get_by_role("dialog").inner_text()
    seen.page.keyboard.press("ArrowRight")
    seen.page.keyboard.press("ArrowRight")
    seen.page.keyboard.press("ArrowLeft")
    assert seen.texts("#box-place") == ["3 of 48"]
    seen.page.keyboard.press("Escape")
    assert seen.page.get_by_role("dialog").count() == 0
    seen.await_focus("Chloé Martin 2")


def test_turning_pages_ends_at_both_ends(page: Path, opened: Opened) -> None:
    seen = opened(page)
    seen.page.locator(".tile").first.click()
    seen.page.keyboard.press("ArrowLeft")
    assert seen.texts("#box-place") == ["1 of 48"]
    assert seen.page.locator("#previous").is_disabled()
    for _ in range(60):
        seen.page.keyboard.press("ArrowRight")
    assert seen.texts("#box-place") == ["48 of 48"]
    seen.page.get_by_role("button", name="Close").click()
    seen.await_focus("Chloé Ito 47")
    assert seen.is_focus_in_view


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_what_has_the_focus_is_in_view(large: Path, opened: Opened, viewport: ViewportSize) -> None:
    seen = opened(large, viewport=viewport)
    seen.page.locator("#search").focus()
    seen.page.keyboard.press("ArrowDown")
    keys = ["ArrowDown"] * 9 + ["PageDown"] * 5 + ["ArrowUp"] * 9 + ["End", "ArrowUp", "ArrowLeft", "Home"]
    for key in keys:
        seen.page.keyboard.press(key)
        assert seen.is_focus_in_view, (key, seen.focused)
    assert seen.focused == "Amara Okafor 0"


def test_tab_leads_through_the_controls_to_one_picture_and_out(page: Path, opened: Opened) -> None:
    seen = opened(page)
    visited: list[str] = []
    while "BODY" not in visited:
        seen.page.keyboard.press("Tab")
        visited.append(seen.page.evaluate("(it => it.id || it.className || it.tagName)(document.activeElement)"))
        assert visited[-1] == "BODY" or seen.is_focus_in_view, visited
    assert visited[:4] == ["search", "group", "sort", "theme"]
    assert visited.count("tile") == 1


def test_of_thousands_only_those_in_view_are_in_the_document(large: Path, opened: Opened) -> None:
    seen = opened(large)
    assert seen.texts("#count") == ["2,000 avatars"]
    assert seen.page.locator("#people img").count() < 100
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("town 1999")
    assert seen.names == ["Eve Svensson 1999"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_axe_finds_nothing(page: Path, opened: Opened, scheme: str, viewport: ViewportSize) -> None:
    seen = opened(page, color_scheme=scheme, viewport=viewport)
    assert seen.violations() == []
    if viewport is NARROW:
        seen.page.get_by_role("button", name="Filters").click()
        assert seen.violations() == []
    seen.page.locator("#group").select_option(label="hair color")
    assert seen.violations() == []
    seen.page.locator(".tile").nth(1).click()
    assert seen.violations() == []
    seen.page.keyboard.press("Escape")
    seen.page.locator("#search").fill("nobody at all")
    assert seen.violations() == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW])
def test_nothing_is_wider_than_the_window(page: Path, opened: Opened, viewport: ViewportSize) -> None:
    seen = opened(page, viewport=viewport)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    seen.page.locator(".tile").first.click()
    assert seen.page.evaluate(IS_BOX_WIDE_ENOUGH)


def test_a_page_asks_nobody_and_complains_of_nothing(page: Path, opened: Opened) -> None:
    seen = opened(page)
    seen.page.locator(".tile").first.click()
    seen.page.keyboard.press("Escape")
    seen.page.get_by_role("button", name="Dark").click()
    seen.page.locator("#search").fill("ito")
    seen.page.emulate_media(media="print")
    assert (seen.requests, seen.complaints) == ([page.as_uri()], [])


def test_the_page_may_ask_nobody(page: Path, opened: Opened) -> None:
    seen = opened(page)
    seen.page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    seen.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/a.png'}))")
    seen.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
    assert not seen.page.evaluate("'ran' in window")
    seen.page.wait_for_function("document.querySelector('body > img').complete")
    assert len([each for each in seen.complaints if "Content Security Policy" in each]) >= 3, seen.complaints


def test_texts_that_are_markup_are_shown_as_texts(tmp_path: Path, opened: Opened) -> None:
    hostile = (an_avatar(name=text, full_prompt=text, engine="huggingface") for text in HOSTILE)
    seen = opened(written(tmp_path / "people.html", hostile, HOSTILE[1]))
    assert seen.page.title() == HOSTILE[1]
    assert seen.texts("#people .tile b") == SHOWN
    seen.page.locator(".tile").first.click()
    for text in SHOWN:
        assert seen.texts("#box-name") == [text]
        assert text in seen.texts("#box-record")[0]
        seen.page.keyboard.press("ArrowRight")
    assert seen.page.evaluate(IS_BOX_WIDE_ENOUGH)
    assert seen.violations() == []
    assert (len(seen.requests), seen.complaints) == (1, [])


def test_without_scripts_it_is_a_list_of_all(page: Path, opened: Opened) -> None:
    seen = opened(page, java_script_enabled=False)
    pictures = seen.page.locator("main img")
    assert pictures.count() == 48
    assert pictures.first.get_attribute("alt") == "Amara Okafor 0, 18, female, drawn"
    assert pictures.first.is_visible()
    assert "CC BY 4.0" in seen.page.locator("footer").inner_text()
    assert not seen.page.locator("#search").is_visible()


def test_a_screen_reader_hears_who_it_is(page: Path, opened: Opened) -> None:
    seen = opened(page)
    assert seen.page.get_by_role("button", name="Amara Okafor 0, 18, female, drawn").count() == 1
    seen.page.locator(".tile").first.click()
    assert seen.page.get_by_role("dialog", name="Amara Okafor 0").is_visible()


def test_all_that_match_are_printed(page: Path, opened: Opened) -> None:
    seen = opened(page)
    seen.page.locator("#search").fill("ito")
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen.page.emulate_media(media="print")
    assert seen.page.locator("#paper img").count() == 8
    assert seen.page.locator("#paper img").first.is_visible()
    assert not seen.page.locator("#search").is_visible()


def test_nobody(tmp_path: Path, opened: Opened) -> None:
    seen = opened(written(tmp_path / "people.html", iter(())))
    assert seen.texts("#count") == ["0 avatars"]
    assert (seen.violations(), seen.complaints) == ([], [])
