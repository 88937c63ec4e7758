"""Zip archives: which of them are workbooks, and what the others are."""

import zipfile
from typing import BinaryIO

from avatar_creator.persona_files.formats.native import AGAIN, damage
from avatar_creator.persona_files.formats.source import Source

ZIP = b"PK\3\4"
_BYTES_MOST = 2**29  # unpacked: a sheet is held in the memory, with twice as much as its XML takes
_CSV_HINT = 'Save the sheet as CSV: "CSV UTF-8", as Excel calls it.'
_OTHERS = (
    ("word/", "a Word document"),
    ("ppt/", "a PowerPoint presentation"),
    ("visio/", "a Visio drawing"),
    ("META-INF/container.xml", "an e-book (EPUB)"),
    ("META-INF/MANIFEST.MF", "a Java archive"),
    ("Index/", "an Apple document: export it as Excel or CSV"),
    ("index.xml", "an Apple document: export it as Excel or CSV"),
)
_WORKBOOKS = {".xlsx", ".xlsm", ".ods"}
_CALC = b"application/vnd.oasis.opendocument.spreadsheet"


def zip_kind(source: Source) -> str | None:
    """Return what a zip archive is that is no workbook, None for one. Raises InvalidInput where it is damaged."""
    with damage(source, "a zip archive"), source.open() as file:
        names, size, kind = _content(source, file)
    if size > _BYTES_MOST:
        raise source.refusal(f"takes more than {_BYTES_MOST // 2**20} MB unpacked", _CSV_HINT)
    if any(name.startswith("xl/") for name in names):
        return None
    if kind.startswith(_CALC):
        return None
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        return "an OpenDocument file without a table"
    return next((what for part, what in _OTHERS if any(name.startswith(part) for name in names)), "a zip archive")


def _content(source: Source, file: BinaryIO) -> tuple[list[str], int, bytes]:
    """Return the names of the files in an archive, their size, and what it says it is."""
    try:
        with zipfile.ZipFile(file) as archive:
            kind = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
            return archive.namelist(), sum(each.file_size for each in archive.infolist()), kind
    except zipfile.BadZipFile as error:
        what = "a workbook" if source.suffix in _WORKBOOKS else "a zip archive"
        raise source.refusal(f"is {what} that is cut short or damaged", AGAIN) from error
