"""Manifests of batches: what they add to a persona file, and how they are read as one, of the same people."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Self

from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST
from avatar_creator.persona_files.cells import as_text
from avatar_creator.persona_files.formats import BadRecord, Record, Table

ADDED = ("row", "avatar_id", "path", "status", "seed", "error", "picture")
_RENAMED = " (of the file)"  # behind the name of a column that has the name of one of ours
_GUARD = "'"  # before a cell that spreadsheets would take for a formula, and before one that begins as such a cell does
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
_UNGUARDED = frozenset(["JSON", "JSON lines"])  # formats that no spreadsheet computes


def renamed(column: str) -> str:
    """Return what a column of a persona file is called in its manifest."""
    return f"{column}{_RENAMED}" if column.replace(_RENAMED, "") in ADDED else column  # also one that is called so


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet computes: what strangers wrote may begin as a formula does."""
    return f"{_GUARD}{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _original(column: str) -> str:
    name = column.removesuffix(_RENAMED)
    return name if name.replace(_RENAMED, "") in ADDED else column


def _unguarded(value: Any) -> Any:
    is_guarded = isinstance(value, str) and value.startswith(_GUARD) and _FORMULA.match(value)
    return value[len(_GUARD) :] if is_guarded else value


class ManifestTable:
    """A manifest as the persona file that it was made of.

    Each record has the seed that was used, so that it is of the same person whatever the seed of the batch is. Of the
    lines of a row with several pictures there is one record.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self.format = table.format

    @classmethod
    def of(cls, table: Table, columns: Collection[str]) -> Table | Self:
        """Return a table of these columns: as it is, if it is no manifest."""
        return cls(table) if set(ADDED).issubset(columns) else table

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self._table.notes, "a manifest of avatar batch")

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._name(column) for column in self._table.columns if column not in ADDED)

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:
        del wanted  # of which the columns of the manifest are not among
        before: tuple[str, Mapping[str, object]] | None = None
        for record in self._table.records():
            if isinstance(record, BadRecord):
                yield record
                continue
            row = as_text(record.values.get("row"))
            own = ((name, value) for name, value in record.values.items() if name not in ADDED)
            values = {self._name(name): self._value(value) for name, value in own}
            if not row or (row, values) != before:
                yield Record(record.number, values, _seed(record.values.get("seed")))
            before = row, values

    def _name(self, column: str) -> str:
        return _original(self._value(column))

    def _value(self, value: Any) -> Any:
        return value if self.format in _UNGUARDED else _unguarded(value)


def _seed(value: object) -> int | None:
    """Return the seed that a row's picture was made with, None where it says none."""
    text = as_text(value)
    seed = int(text) if text.isascii() and text.isdigit() else SEED_LEAST - 1
    return seed if SEED_LEAST <= seed <= SEED_MOST else None
