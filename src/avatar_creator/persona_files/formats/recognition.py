"""Which format a file is in: by its content, and by its name where that says too little."""

import json
import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from avatar_creator.decoding.signatures import described, described_text
from avatar_creator.domain.text import shown
from avatar_creator.errors import NotConfigured
from avatar_creator.persona_files.formats import archives
from avatar_creator.persona_files.formats.base import Choices, Table
from avatar_creator.persona_files.formats.native import AGAIN
from avatar_creator.persona_files.formats.source import PASSWORD, Source
from avatar_creator.persona_files.formats.texts import Text, is_text

_TABLES = {  # loaded for a file that is in the format: some need a library that may not be there
    "csv": "delimited.DelimitedTable",
    "json": "json_document.JsonTable",
    "lines": "json_lines.JsonLinesTable",
    "yaml": "yaml_document.YamlTable",
    "excel": "excel.ExcelTable",
    "parquet": "parquet.ParquetTable",
}
_EXTRAS = {"excel": ("python_calamine", "a workbook"), "parquet": ("arro3", "a Parquet file")}  # as pip calls them
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A new workbook with a password is packed into a file of the old kind, which names this part in its directory.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEARCHED_MOST = 2**26  # bytes
_PARQUET, _ENCRYPTED_PARQUET = b"PAR1", b"PARE"
_BINARY = {".parquet": "Parquet file", ".xlsx": "workbook", ".xls": "workbook", ".ods": "workbook"}
_LINES = {".jsonl", ".ndjson"}
_JSON = {".json"} | _LINES
_YAML = {".yaml", ".yml"}
_YAML_BEGINNING = re.compile(r"(?:\s*#.*\n|\s*\n)*(?:---\s|%YAML |-\s+[\w\"' -]+:(?:\s|$))")
_DOCUMENTS = (b"%PDF", b"%!PS", b"{\\rtf")  # texts of their own kind


def open_source(source: Source, choices: Choices) -> Table:
    """Return the file as the table that it is. Raises InvalidInput, or NotConfigured where an extra is missing."""
    name = _binary_format(source)
    if choices.sheet is not None and name != "excel":
        raise source.refusal(f"is no workbook, so it has no sheet {shown(choices.sheet)}", "Leave the sheet out.")
    if name is not None:
        return _load(source, name)(source, choices)
    text = Text(source)
    return _load(source, _text_format(source, text.head))(text, choices)


def _load(source: Source, name: str) -> Callable[[Source | Text, Choices], Table]:
    library, what = _EXTRAS.get(name, (None, ""))
    if library is not None and find_spec(library) is None:
        raise NotConfigured(
            f"{source.shown} is {what}, and what reads it is not installed.",
            hint=f"Install it: pip install 'avatar-creator[{name}]'",
        )
    module, _, kind = _TABLES[name].partition(".")
    tables = import_module(f"{__package__}.{module}")
    table: Callable[[Source | Text, Choices], Table] = getattr(tables, kind)
    return table


def _binary_format(source: Source) -> str | None:
    """Return the format of a file that is no text, None for a text. Raises InvalidInput for what is no table."""
    head = source.head
    if head.startswith(archives.ZIP):
        other = archives.zip_kind(source)
        if other is None:
            return "excel"
        raise source.no_table(other)
    if head.startswith(_OLD_OFFICE):
        with source.open() as file:
            if _ENCRYPTED in file.read(_SEARCHED_MOST):
                raise source.refusal(*PASSWORD)
        return "excel"
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith(_ENCRYPTED_PARQUET):
        raise source.refusal("is an encrypted Parquet file", "Write it without encryption.")
    if not head.strip(b"\0"):
        raise source.refusal("holds only zero bytes, as a copy that failed leaves them", "Copy it once more.")
    if head.startswith(_DOCUMENTS) or not is_text(head):
        kind = described(head)
        if kind is None and source.suffix in _BINARY:
            raise source.refusal(f"is damaged, or no {_BINARY[source.suffix]} as its name says", AGAIN)
        raise source.no_table(kind or "of an unknown kind")
    return None


def _text_format(source: Source, text: str) -> str:
    if not text.strip():
        raise source.refusal("is empty")
    known = described_text(text)
    if known is not None:
        raise source.no_table(known)
    if source.suffix in _YAML or _YAML_BEGINNING.match(text):
        return "yaml"
    first = text.lstrip()[:1]
    if first == "{" and _has_lines(source, text):
        return "lines"
    if first in {"{", "["} or (source.suffix in _JSON and _is_poor_json(text.strip())):
        return "json"
    return "csv"


def _is_poor_json(text: str) -> bool:
    """Return whether a text is one value without any values within, or begins with a comment, which JSON has not."""
    if text.startswith(("//", "/*")):
        return True
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _has_lines(source: Source, text: str) -> bool:
    """Return whether a text that begins with an object has an object a line."""
    first, _, more = text.lstrip().partition("\n")
    first = first.rstrip()
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return source.suffix in _LINES and (first.endswith("}") or not more)
    return bool(more.strip()) or source.suffix in _LINES
