"""The page itself: the template with a script, a style and the data of avatars in it, written as it is made."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from html import escape
from importlib import resources
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, NamedTuple

from avatar_creator.domain.records import Avatar
from avatar_creator.gallery.data import Table, about, as_json, plain

MARK = b"<!doctype html>\n<!-- avatar gallery -->"  # begins each page, and says that we wrote it
# What stands for a picture whose file is gone: an empty frame.
MISSING = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%23888' "
    "fill-opacity='.25' d='M0 0h16v16H0z'/%3E%3Cpath stroke='%23888' d='m5 5 6 6m0-6-6 6'/%3E%3C/svg%3E"
)
_ROWS_IN_MEMORY = 2**25  # bytes
_PLACE = re.compile(r"\{\{(\w+)\}\}")


class Shown(NamedTuple):
    """An avatar on a page: where its small picture is, and its picture if the page has that."""

    avatar: Avatar
    preview: str
    picture: str | None = None


def write_page(file: BinaryIO, title: str, shown: Iterable[Shown], *, images: str = "data:") -> int:
    """Write a page, and return how many avatars it has; ``images`` says where it may have pictures from."""
    style, script = _asset("gallery.css"), _asset("gallery.js")
    policy = (
        f"default-src 'none'; img-src {images}; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    table, credits_ = Table(), dict[str, None]()
    count = 0
    # With full pictures in them, the rows are more than memory should hold.
    with SpooledTemporaryFile(_ROWS_IN_MEMORY, "w+", encoding="utf-8", errors="replace") as rows:

        def items() -> Iterator[str]:
            nonlocal count
            for each in shown:
                rows.write(f"{',' if count else ''}{as_json(table.row(each.avatar, each.picture))}\n")
                count += 1
                if each.avatar.credit:
                    credits_[each.avatar.credit] = None
                yield _item(each)

        def data() -> Iterator[str]:
            yield f'{as_json(table.head())[:-1]},"rows":[\n'
            rows.seek(0)
            yield from rows
            yield "]}"

        parts = {
            "policy": [escape(policy)],
            "title": [escape(plain(title))],
            "style": [style],
            "items": items(),
            "credits": map(_footer, [credits_]),  # once all are known
            "data": data(),
            "script": [script],
        }
        for at, part in enumerate(_PLACE.split(_asset("template.html"))):
            file.writelines(text.encode(errors="replace") for text in (parts[part] if at % 2 else [part]))
    return count


def as_data(kind: str, data: bytes) -> str:
    """Return bytes as an address that has them in it."""
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def _item(shown: Shown) -> str:
    name, said = (escape(plain(text)) for text in (shown.avatar.name, about(shown.avatar)))
    return (
        f'<li><img src="{escape(shown.preview)}" alt="{name}, {said}">'
        f'<span aria-hidden="true"><b dir="auto">{name}</b>{said}</span></li>\n'
    )


def _footer(credits_: Collection[str]) -> str:
    """Return whom the pictures are owed to: some licences ask that it is said wherever they are shown."""
    items = "".join(f'<li dir="auto">{escape(plain(text))}</li>\n' for text in credits_)
    return f"<footer>\n<h2>Credits</h2>\n<ul>\n{items}</ul>\n</footer>\n" if credits_ else ""


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
