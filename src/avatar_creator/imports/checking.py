"""Lines of records checked by another process: what it is asked, and what it replies."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from avatar_creator.archives.layout import AvatarRecord, Head, RejectRecord
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.executor import Task
from avatar_creator.imports.lines import CheckedLine, End, LineReader, PresetLine, ProjectLine
from avatar_creator.storage.exchange import Column, Tables

_KINDS = {kind.__name__: kind for kind in (Head, ProjectLine, PresetLine, AvatarRecord, RejectRecord, End)}
_COLUMNS: Mapping[str, Any] = {kind.__name__: kind for kind in (str, int, float)}


class CheckLines(Task[list[CheckedLine]]):
    """Checks lines of a file of records, which is called ``said``; ``number`` is that of the first one.

    The last result is what is wrong with a line, if one is.
    """

    name = "check"

    def __init__(self, lines: Sequence[bytes], number: int, said: str, tables: Tables) -> None:
        self._lines = lines
        self._number = number
        self._said = said
        self._tables = tables

    @property
    def size(self) -> int:
        return sum(map(len, self._lines))

    def run(self) -> list[CheckedLine]:
        return _checked(self._lines, self._number, self._said, self._tables)

    def request(self) -> tuple[Mapping[str, Any], bytes]:
        tables = {
            table: {name: (column.kind.__name__, *column[1:]) for name, column in columns.items()}
            for table, columns in self._tables.items()
        }
        return {"number": self._number, "said": self._said, "tables": tables}, b"\n".join(self._lines)

    @staticmethod
    def serve(head: Mapping[str, Any], data: bytes) -> bytes:
        """Check the lines of a request."""
        tables = {
            table: {name: Column(_COLUMNS[kind], *rest) for name, (kind, *rest) in columns.items()}
            for table, columns in head["tables"].items()
        }
        checked = _checked(data.split(b"\n"), head["number"], head["said"], tables)
        return json.dumps(list(map(_written, checked)), ensure_ascii=False).encode()

    def result(self, reply: bytes) -> list[CheckedLine]:
        return [_read(*each) for each in json.loads(reply)]


def _checked(lines: Sequence[bytes], number: int, said: str, tables: Tables) -> list[CheckedLine]:
    reader, checked = LineReader(said, tables), list[CheckedLine]()
    for place, line in enumerate(lines, number):
        try:
            checked.append(reader.read(place, line))
        except InvalidInput as error:
            return [*checked, error]
    return checked


def _written(line: CheckedLine) -> tuple[str, Any]:
    if isinstance(line, InvalidInput):
        return "", (line.message, line.hint)
    return type(line).__name__, line


def _read(kind: str, values: Sequence[Any]) -> CheckedLine:
    if not kind:
        message, hint = values
        return InvalidInput(message, hint=hint)
    return _KINDS[kind](*values)
