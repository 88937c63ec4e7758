"""The search of a page finds what that of the library does, in every script."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

from pathlib import Path

import pytest

from avatar_creator.domain.search import phrases_of, tokens_of
from avatar_creator.gallery.page import MISSING, Shown, write_page
from browser.conftest import Opened
from sample_records import an_avatar

NAMES = (
    "Chloé Müller-Lüdenscheidt",
    "ÅSA Øst łódź",
    "Σοφία Παπαδοπούλου ΟΔΥΣΣΕΎΣ",
    "Ёлкин Йосип",
    "İbrahim Işık ısı",
    "محمد العَرَبي",
    "שָׁלוֹם",
    "山田 太郎がプ",
    "김철수",
    "สมชาย ไม้",
    "अनुराधा",
    "Straße STRASSE",
    "ǿ Ǽ þórr",
    "O'Connor o\u2019neil",
    "dark-brown naïve café",
    "ﬁle ½ x² Ⅻ ａｂｃ",
    "Đặng Thị",
    "emoji 😀 face",
    "ნინო Ընկեր",
)
SEARCHES = (
    *[
        "chloe",
        "mull",
        "ludens",
        "denscheidt",
        "asa",
        "ost",
        "lodz",
        "σοφια",
        "οδυσσευς",
        "елкин",
        "ибр",
        "ibrahim",
        "isik",
        "ısı",
        "strasse",
        "straße",
    ],
    *["العربي", "عرب", "שלום", "太郎", "郎", "山太", "김철", "철수", "ชาย", "ไม้", "राधा", "ნინო", "ընկ"],
    *["ae", "thorr", "connor", "neil", "brown", "dark-brown", "darkbrown", "file", "x2", "xii", "abc", "😀", "zzz"],
    *("naive cafe", '"cafe"', '"caf"', '"dark brown"', '"brown dark"', "dang thi", "thi dang"),
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    with (tmp_path / "page.html").open("wb") as file:
        write_page(file, "People", [Shown(an_avatar(id=f"av_{n}", name=name), MISSING) for n, name in enumerate(NAMES)])
    return tmp_path / "page.html"


def finds(search: str, name: str) -> bool:
    """Return whether the library finds a name, by how its index is asked."""
    tokens = f" {tokens_of([name])} "
    phrases = [f" {' '.join(phrase.tokens)}{'' if phrase.open else ' '}" for phrase in phrases_of(search)]
    return all(phrase in tokens for phrase in phrases)


def test_it_finds_what_the_library_finds(page: Path, opened: Opened) -> None:
    seen = opened(page)
    found = {}
    for search in SEARCHES:
        seen.page.locator("#search").fill(search)
        found[search] = seen.names
    assert found == {search: [name for name in NAMES if finds(search, name)] for search in SEARCHES}
    assert sum(map(bool, found.values())) > 40
