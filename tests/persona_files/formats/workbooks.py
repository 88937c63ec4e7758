"""Workbooks of tests."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter

Rows = Sequence[Sequence[object]]


def written(*, merged: Sequence[str] = (), **sheets: Rows) -> bytes:
    """Return a workbook with these sheets; a text that begins with = is a formula, a pair one with its value.

    ``merged`` are ranges of the first sheet.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.replace("_", " "))
            for at, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.write_formula(at, place, cell[0], None, cell[1])
                    elif cell is not None:
                        sheet.write(at, place, cell)
            if name == next(iter(sheets)):
                for each in merged:
                    first = each.partition(":")[0]
                    row, column = int(first[1:]) - 1, ord(first[0]) - ord("A")
                    sheet.merge_range(each, rows[row][column])
    return file.getvalue()


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """Return a workbook in which a text of a part is another."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    return packed(parts)
