"""A gallery in a folder, opened from the disk: its pictures are beside it, and nothing else is asked for."""

from pathlib import Path

import pytest
from PIL import Image

from avatar_creator.gallery import writing
from browser.conftest import Opened
from sample_records import an_avatar

IS_LOADED = "selector => (image => image && image.complete && image.naturalWidth)(document.querySelector(selector))"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    avatars = []
    for n, name in enumerate(("Ann", "Bob & 'Co' #1 100%?")):
        picture, thumbnail = tmp_path / f"{n}.jpg", tmp_path / f"{n}.thumb.jpg"
        Image.new("RGB", (320, 320), "teal").save(picture)
        Image.new("RGB", (300, 300), "teal").save(thumbnail)
        avatars.append(an_avatar(id=f"av_{n}", name=name, image_path=picture, thumbnail_path=thumbnail))
    written = writing.write_folder(
        tmp_path / "people", "People", avatars, lambda avatar: f"{avatar.name}.jpg", on_failure=pytest.fail
    )
    return written.path


def test_pictures_are_shown_from_beside_the_page(index: Path, opened: Opened) -> None:
    seen = opened(index)
    for n in (1, 2):
        seen.page.wait_for_function(IS_LOADED, arg=f"#people li:nth-child({n}) img")
    seen.page.locator(".tile").nth(1).click()
    seen.page.wait_for_function(IS_LOADED, arg="#box-picture")
    assert seen.page.evaluate("document.getElementById('box-picture').naturalWidth") == 320
    assert all(request.startswith(index.parent.as_uri()) for request in seen.requests)
    assert seen.complaints == []


def test_they_are_in_the_list_that_needs_no_script(index: Path, opened: Opened) -> None:
    seen = opened(index, java_script_enabled=False)
    assert seen.page.locator(".plain img").count() == 2
    assert len([request for request in seen.requests if request.endswith(".webp")]) == 2
