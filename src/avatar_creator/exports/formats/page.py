"""A manifest as a page: a table to look at, without a script."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from avatar_creator.exports.formats.format import Format
from avatar_creator.exports.manifest import Line

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.4 system-ui, sans-serif; }
body { margin: 1rem; }
table { border-collapse: collapse; }
caption { text-align: start; font-size: 1.2rem; padding-block: .5rem; }
th, td { padding: .3rem .6rem; border-block-end: 1px solid #8886; text-align: start; vertical-align: middle;
  max-width: 30rem; overflow-wrap: anywhere; }
thead th { white-space: nowrap; }
img { display: block; width: 64px; height: 64px; object-fit: contain; }
"""
_HEAD = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Avatars</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<table>
<caption>Avatars</caption>
"""
_NAME = "name"


def _head(columns: Sequence[str]) -> str:
    names = [_NAME, *(name for name in columns if name != _NAME)]
    cells = "".join(f'<th scope="col">{escape(_label(name))}</th>' for name in ("picture", *names))
    return f"{_HEAD}<thead><tr>{cells}</tr></thead>\n<tbody>\n"


def _label(name: str) -> str:
    return name.removesuffix("_px").replace("_", " ")


def _line(line: Line) -> str:
    name = str(line.values[_NAME])
    says = line.values["alt_text"] or f"Portrait of {name}"
    picture = (
        f'<img src="{escape(quote(line.preview))}" alt="{_text(str(says))}" width="64" height="64" loading="lazy">'
    )
    cells = "".join(_cell(column, value) for column, value in line.values.items() if column != _NAME)
    return f'<tr><td>{picture}</td><th scope="row"><bdi>{_text(name)}</bdi></th>{cells}</tr>\n'


def _cell(column: str, value: object) -> str:
    match value:
        case None:
            return "<td></td>"
        case bool():
            return f"<td>{'yes' if value else 'no'}</td>"
        case list():
            return f"<td><bdi>{_text(', '.join(map(str, value)))}</bdi></td>"
    text = f"<bdi>{_text(str(value))}</bdi>"
    is_file = column.startswith("file")
    return f'<td><a href="{escape(quote(str(value)))}">{text}</a></td>' if is_file else f"<td>{text}</td>"


def _text(value: str) -> str:
    """Return a text as HTML; what no page may hold is shown as missing."""
    return escape("".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in value))


HTML = Format(_head, _line, "</tbody>\n</table>\n</main>\n</body>\n</html>\n")
