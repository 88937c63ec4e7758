"""A live gallery in a browser: what is made meanwhile appears, and disturbs nobody."""

import threading
from collections.abc import Iterator

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.gallery.serving import Server
from avatar_creator.library import Library
from browser.chromium import Seen
from browser.conftest import Opened


@pytest.fixture
def server(library: Library) -> Iterator[Server]:
    server = library.galleries.server(title="People")
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    server.close()
    thread.join()


def make(library: Library, name: str, gender: str = "female") -> str:
    who = Attributes(gender=gender)
    return library.generate(persona=Persona(name), attributes=who, width_px=64, height_px=64).id


def await_count(seen: Seen, said: str) -> None:
    seen.page.wait_for_function("said => document.getElementById('count').textContent === said", arg=said)


def test_people_appear_as_they_are_made(library: Library, server: Server, opened: Opened) -> None:
    make(library, "Ana")
    seen = opened(server.url)
    await_count(seen, "1 avatar, live")
    make(library, "Ben", "male")
    await_count(seen, "2 avatars, live")
    assert seen.names == ["Ana", "Ben"]
    seen.page.wait_for_function(
        "() => Array.from(document.querySelectorAll('.tile img')).every(it => it.naturalWidth > 0)"
    )
    assert seen.violations() == []
    assert (seen.complaints, [url for url in seen.requests if not url.startswith(server.url)]) == ([], [])


def test_who_looks_at_pictures_is_not_disturbed(library: Library, server: Server, opened: Opened) -> None:
    make(library, "Ana")
    make(library, "Ben", "male")
    seen = opened(server.url)
    await_count(seen, "2 avatars, live")
    seen.page.locator("#sort").select_option("name")
    seen.page.locator("#group").select_option(label="gender")
    seen.page.get_by_role("group", name="Gender").get_by_label("female").check()
    seen.page.locator(".tile").first.focus()
    assert seen.focused == "Ana"
    make(library, "Aba")
    await_count(seen, "2 of 3 avatars, live")
    seen.await_focus("Ana")
    assert seen.names == ["Aba", "Ana"]
    seen.page.keyboard.press("Enter")
    assert seen.texts("#box-place") == ["2 of 2"]
    make(library, "Abby")
    await_count(seen, "3 of 4 avatars, live")
    assert (seen.texts("#box-name"), seen.texts("#box-place")) == (["Ana"], ["3 of 3"])
    seen.page.keyboard.press("Escape")
    seen.await_focus("Ana")
    seen.page.get_by_role("group", name="Gender").get_by_label("female").focus()
    make(library, "Emil", "male")
    await_count(seen, "3 of 5 avatars, live")
    assert seen.page.get_by_role("group", name="Gender").get_by_label("female").is_checked()
    assert seen.page.evaluate("document.activeElement.dataset.value") == "Gender: female"
    assert seen.complaints == []


def test_what_is_changed_is_shown_anew(library: Library, server: Server, opened: Opened) -> None:
    id_ = make(library, "Ana")
    seen = opened(server.url)
    await_count(seen, "1 avatar, live")
    seen.page.locator(".tile").click()
    library.edit(id_, name="Anna")
    seen.page.wait_for_function("() => document.getElementById('box-name').textContent === 'Anna'")
    assert seen.texts("#count") == ["1 avatar, live"]


def test_many_come_page_after_page(
    library: Library, server: Server, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatar_creator.gallery.serving._PAGE", 3)
    for n in range(7):
        make(library, f"Ana {n}")
    seen = opened(server.url)
    await_count(seen, "7 avatars, live")
    assert seen.names == [f"Ana {n}" for n in range(7)]


def test_it_says_when_the_server_has_ended(library: Library, server: Server, opened: Opened) -> None:
    make(library, "Ana")
    seen = opened(server.url)
    await_count(seen, "1 avatar, live")
    server.close()
    await_count(seen, "1 avatar, no longer live")
    assert seen.names == ["Ana"]
