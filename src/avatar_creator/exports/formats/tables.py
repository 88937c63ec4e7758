"""Manifests as tables: CSV, which spreadsheets open, JSON lines, and a JSON array."""

import csv
import io
from collections.abc import Sequence

from avatar_creator.exports.formats.format import Format, json_text
from avatar_creator.exports.manifest import Line
from avatar_creator.persona_files.manifests import guarded


def _csv_line(line: Line) -> str:
    return _csv([_cell(value) for value in line.values.values()])


def _cell(value: object) -> str:
    """Return a value as a spreadsheet shows it, which computes none of them."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return guarded(", ".join(map(str, value)))
    return guarded(str(value))


def _csv(values: Sequence[str]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerow(values)
    return file.getvalue()


CSV = Format(_csv, _csv_line)
JSON_LINES = Format(lambda _: "", lambda line: f"{json_text(line.values)}\n")
JSON = Format(lambda _: "[\n", lambda line: json_text(line.values), "\n]\n", between=",\n")
