"""The page as a browser reads it: nothing of what people are called is markup, and it loads nothing."""

import base64
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.gallery.page import MARK, MISSING, Shown, write_page
from sample_records import an_avatar

PREVIEW = "data:image/webp;base64,AAAA"
HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "</noscript></ul><script>alert(1)</script>",
    "<!--",
    "<!-- <script>",
    "]]>",
    '" onload="alert(1)',
    "' & < > &amp;",
    "{{data}} {{script}}",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\u202c",
    "a\u2028b\u2029c",
    "null\0byte",
    "lone \ud800 surrogate",
    "bell\x07 and escape\x1b[31m",
    "x" * 500,
    "אבגד 漢字 😀",
    "__proto__",
    "$& $1 \\u003c",
]


class Page(HTMLParser):
    """What a browser finds in a page: its elements, the texts in them, and all addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.tags[-1] if self.tags else "", []).append(data)

    def values(self, name: str, tag: str = "") -> list[str | None]:
        return [value for in_, key, value in self.attributes if key == name and tag in {"", in_}]


def written(*shown: Shown, title: str = "People", **options: Any) -> str:
    file = io.BytesIO()
    assert write_page(file, title, shown, **options) == len(shown)
    return file.getvalue().decode()


def data_of(html: str) -> Any:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_is_markup(text: str) -> None:
    avatar = an_avatar(
        name=text,
        persona=Persona.from_json({"name": "Sarah", "personality": [], "background": text}),
        attributes=Attributes.from_json({"gender": text, "hair_color": text}),
        prompt=text,
        alt_text=text,
        credit=text,
        project_name=text,
        tags=(text,),
        preset=text,
        model=text,
        persona_id=text,
    )
    plain, hostile = Page(written(Shown(an_avatar(credit="x"), PREVIEW))), written(Shown(avatar, PREVIEW), title=text)
    page = Page(hostile)
    assert page.tags == plain.tags
    assert [name for _, name, _ in page.attributes] == [name for _, name, _ in plain.attributes]
    assert page.values("src") == [PREVIEW]
    rows, columns = data_of(hostile)["rows"], [column["key"] for column in data_of(hostile)["columns"]]
    cells = dict(zip(columns, rows[0], strict=True))
    if text.isprintable():
        assert (cells["name"], cells["background"], cells["tags"]) == (text, text, [text])
        assert page.values("alt", "img")[0] == f"{text}, {text}, drawn"
    else:
        assert cells["name"].isprintable()


def test_it_may_run_its_own_script_and_load_nothing() -> None:
    html = written(Shown(an_avatar(), PREVIEW))
    (policy,) = [value for value in Page(html).values("content") if value and "default-src" in value]
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert (rules["default-src"], rules["img-src"], rules["form-action"]) == ("'none'", "data:", "'none'")
    for name, directive in (("script", "script-src"), ("style", "style-src")):
        (body,) = re.findall(rf"<{name}>(.*?)</{name}>", html, re.DOTALL)
        assert rules[directive] == f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"
    page = Page(html)
    assert {value for value in page.values("src") + page.values("href") if value} == {PREVIEW, "data:,"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(", html)
    assert not re.search(r"url\(|@import", html)


def test_it_is_known_as_ours_by_its_beginning() -> None:
    assert written().encode().startswith(MARK)


def test_nobody_is_a_page_too() -> None:
    assert data_of(written())["rows"] == []
    assert "<footer>" not in written()


def test_an_address_reads_the_same_where_nothing_is_decoded() -> None:
    """The script reads the list as text, in which no reference such as &#x27; is decoded."""
    assert f'<img src="{MISSING}"' in written(Shown(an_avatar(), MISSING))


def test_credits_stand_once() -> None:
    both = [Shown(an_avatar(credit=credit), PREVIEW) for credit in ("Ann", "Bob", "Ann")]
    assert written(*both).count("<li dir=") == 2


def test_the_page_has_the_picture_if_it_is_there() -> None:
    html = written(Shown(an_avatar(), PREVIEW, "pictures/a.jpg"), images="'self'")
    columns = [column["key"] for column in data_of(html)["columns"]]
    assert data_of(html)["rows"][0][columns.index("picture")] == "pictures/a.jpg"
