"""Which format a file is in."""

import json

from avatar_creator.decoding.signatures import described, described_text
from avatar_creator.persona_files.formats.base import Choices, Table
from avatar_creator.persona_files.formats.delimited import DelimitedTable
from avatar_creator.persona_files.formats.json_document import JsonTable
from avatar_creator.persona_files.formats.json_lines import JsonLinesTable
from avatar_creator.persona_files.formats.source import Source
from avatar_creator.persona_files.formats.texts import encoding_of, is_text

_LINES = {".jsonl", ".ndjson"}
_DOCUMENTS = (b"%PDF", b"%!PS", b"{\\rtf")  # texts of their own kind


def open_source(source: Source, choices: Choices) -> Table:
    """Return the file as the table that it is. Raises InvalidInput."""
    head = source.head
    if head.startswith(_DOCUMENTS) or not is_text(head):
        raise source.refusal(f"is {described(head) or 'of an unknown kind'}, not a table of personas")
    text = encoding_of(source).head(source)
    known = described_text(text)
    if known is not None:
        raise source.refusal(f"is {known}, not a table of personas")
    match text.lstrip()[:1]:
        case "{" if _has_lines(source, text):
            return JsonLinesTable(source)
        case "{" | "[":
            return JsonTable(source, choices)
    return DelimitedTable(source, choices)


def _has_lines(source: Source, text: str) -> bool:
    """Return whether a text that begins with an object has an object a line."""
    first, _, more = text.lstrip().partition("\n")
    first = first.rstrip()
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return source.suffix in _LINES and (first.endswith("}") or len(text) == len(first))
    return bool(more.strip()) or source.suffix in _LINES
