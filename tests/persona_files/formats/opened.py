"""Files of tests, opened as tables."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.formats import BadRecord, Choices, Record, Table, open_table

NAMES = frozenset({"name", "age", "gender", "style", "persona"})
KNOWING = Choices(known=lambda name: name.lower() in NAMES)


def put(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def opened(folder: Path, content: str | bytes, name: str = "people.csv", choices: Choices | None = None) -> Table:
    return open_table(put(folder, content, name), choices=choices)


def rows(table: Table) -> list[tuple[int, Any]]:
    """Return each record as its number and its values, or what is wrong with it."""
    return [parts(each) for each in table.records()]


def parts(record: Record | BadRecord) -> tuple[int, Any]:
    return record.number, record.message if isinstance(record, BadRecord) else dict(record.values)


def good(table: Table) -> list[dict[str, Any]]:
    records: Iterable[Record | BadRecord] = table.records()
    bad = [each for each in records if isinstance(each, BadRecord)]
    assert bad == []
    return [dict(each.values) for each in table.records() if isinstance(each, Record)]


def refused(folder: Path, content: str | bytes, name: str = "people.csv", choices: Choices | None = None) -> str:
    """Return what is said of a file that is no table, or turns out to be damaged."""
    with pytest.raises(InvalidInput) as caught:
        rows(opened(folder, content, name, choices))
    assert caught.value.hint
    return caught.value.message
