"""JSON lines: an object a line."""

import itertools
from collections.abc import Collection, Iterator

from avatar_creator.documents.json_values import SPACE, BrokenJson, JsonReader
from avatar_creator.persona_files.formats.base import RECORD_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.items import SEEN_MOST, as_record, columns_of, doubled_keys
from avatar_creator.persona_files.formats.texts import BOM, Text


class JsonLinesTable:
    """A text with an object a line; blank lines are passed over. Its numbers are those of the lines."""

    format = "JSON lines"

    def __init__(self, text: Text, _: Choices) -> None:
        self._text = text
        self._doubled: tuple[str, ...] = ()
        self.columns = columns_of(text.source, itertools.islice(self.records(), SEEN_MOST), "line")

    @property
    def notes(self) -> tuple[str, ...]:
        return self._text.notes + self._doubled

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:  # noqa: ARG002
        reader = JsonReader("line")
        with self._text.open() as text:
            for number in itertools.count(1):
                line = text.readline(RECORD_MOST + 1)
                if not line:
                    break
                if len(line) > RECORD_MOST:
                    while line and not line.endswith(("\n", "\r")):
                        line = text.readline(RECORD_MOST)
                    yield BadRecord(number, f"is longer than {RECORD_MOST:,} characters")
                    continue
                line = line.lstrip(BOM).strip(SPACE)
                if line:
                    yield _record(reader, number, line)
        self._doubled = doubled_keys("an object", reader.doubled)
        self._text.source.check()


def _record(reader: JsonReader, number: int, line: str) -> Record | BadRecord:
    try:
        value, end = reader.value(number, line)
    except BrokenJson as error:
        return BadRecord(number, f"{error} at character {error.at + 1}")
    if end != len(line):
        return BadRecord(number, f"has more than one value, the second at character {end + 1}")
    return as_record(number, value)
