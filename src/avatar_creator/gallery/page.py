"""The page itself: the template with a script, a style and the data of avatars in it, written as it is made."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib import resources
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, NamedTuple
from urllib.parse import quote

from avatar_creator.domain.records import Avatar
from avatar_creator.gallery.data import Table, about, as_json, plain

MARK = b"<!doctype html>\n<!-- avatar gallery -->"  # begins each page, and says that we wrote it
_EMPTY_FRAME = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='#888' fill-opacity='.2' d='M0 0h16v16H0z'/"
    "><path stroke='#888' stroke-width='.5' d='m6 6 4 4m0-4-4 4'/></svg>"
)
MISSING = f"data:image/svg+xml,{quote(_EMPTY_FRAME)}"  # stands for a picture whose file is gone
_LIVE_LIST = "<li>A script shows here who is made. avatar gallery --output writes a page that needs none.</li>"
_SCRIPTS = ("data", "search", "filters", "tiles", "keys", "box", "controls", "later", "begin")  # each uses those before
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_ROWS_IN_MEMORY = 2**25  # bytes; with pictures in full size in them, rows are more than memory should hold


class Shown(NamedTuple):
    """An avatar on a page: the address of its small picture, and that of its picture if the page has it.

    Addresses are percent-encoded: they have no quotes and no angle brackets.
    """

    avatar: Avatar
    preview: str
    picture: str | None = None


def write_page(file: BinaryIO, title: str, shown: Iterable[Shown], *, images: str = "data:", live: bool = False) -> int:
    """Write a page, and return how many avatars it has; ``images`` says where it may have pictures from.

    A page that is ``live`` asks its own server for avatars, and again for what has changed.
    """
    style, scripts = _asset("gallery.css"), [_script(), *([_asset("scripts/live.js")] if live else [])]
    hashes = " ".join(map(_hash, scripts))
    connect = "connect-src 'self'; " if live else ""
    policy = (
        f"default-src 'none'; img-src {images}; style-src {_hash(style)}; script-src {hashes}; "
        f"{connect}base-uri 'none'; form-action 'none'"
    )
    with SpooledTemporaryFile(_ROWS_IN_MEMORY, "w+", encoding="utf-8") as rows:
        people = _People(shown, rows)
        texts: dict[str, Iterable[str]] = {
            "policy": [escape(policy)],
            "title": [escape(plain(title))],
            "style": [style],
            "list": [_LIVE_LIST] if live else people.list(),
            "credits": people.credits(),
            "data": people.data(),
            "scripts": (f"<script>{each}</script>\n" for each in scripts),
        }
        for at, part in enumerate(_PLACE.split(_asset("template.html"))):
            file.writelines(text.encode() for text in (texts[part] if at % 2 else [part]))
        return people.count


class _People:
    """The avatars of a page as texts, which are asked for in this order: they are read once."""

    def __init__(self, shown: Iterable[Shown], rows: IO[str]) -> None:
        self.count = 0
        self._shown = shown
        self._rows = rows
        self._table = Table()
        self._credits: dict[str, None] = {}

    def list(self) -> Iterator[str]:
        """Yield the list that is shown where no script runs, and that has the small pictures."""
        for avatar, preview, picture in self._shown:
            self._rows.write(f"{',' if self.count else ''}{as_json(self._table.row(avatar, picture))}\n")
            self.count += 1
            if avatar.credit:
                self._credits[plain(avatar.credit)] = None
            name, said = escape(plain(avatar.name)), escape(about(avatar))
            yield (
                f'<li><img src="{escape(preview)}" alt="{name}, {said}">'
                f'<span aria-hidden="true"><b dir="auto">{name}</b>{said}</span></li>\n'
            )

    def credits(self) -> Iterator[str]:
        """Yield whom the pictures are owed to: licences may ask that it is said wherever they are shown."""
        if self._credits:
            yield "<footer>\n<h2>Credits</h2>\n<ul>\n"
            yield from (f'<li dir="auto">{escape(credit)}</li>\n' for credit in self._credits)
            yield "</ul>\n</footer>\n"

    def data(self) -> Iterator[str]:
        """Yield the table as one JSON document."""
        yield f'{as_json(self._table.head())[:-1]},"rows":[\n'
        self._rows.seek(0)
        yield from self._rows
        yield "]}"


def as_data(kind: str, data: bytes) -> str:
    """Return bytes as an address that has them in it."""
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


@cache
def _script() -> str:
    """Return all scripts as one, whose names are its own."""
    parts = "\n".join(_asset(f"scripts/{name}.js") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
