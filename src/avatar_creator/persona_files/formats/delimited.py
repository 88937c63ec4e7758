"""CSV, TSV and their relatives: whatever the delimiter, the encoding and the line ends are."""

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from avatar_creator.persona_files.formats.base import RECORD_MOST, BadRecord, Choices
from avatar_creator.persona_files.formats.row_table import Row, RowTable
from avatar_creator.persona_files.formats.texts import BOM, Text

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_NONE = "\x1f"  # of a text with one column, in which commas are commas
# Excel reads the delimiter in this line, and shows no row of it.
_SEPARATOR = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
# Tables that are drawn, by Markdown or a database's console, have a line below the names of their columns.
_RULE = re.compile(r"^(?=.*[|+])[ |+:=-]*---[ |+:=-]*\r?$", re.MULTILINE)
_OF_RULE = re.compile(r"[ \t+:=-]*")
_QUOTE_HINT = 'a quote in a cell that has quotes is written twice: "5\'10"" tall"'
_SEEN_MOST = 20  # rows by which the delimiter is found
# Below one cell alone, which may be a title above the table, or the name of a column of sentences:
_NAMES = 2  # that are known: more than a title has
_ALIKE, _COMMAS_OF_PROSE = 0.8, 2


class DelimitedTable(RowTable):
    """A text with a row a line, its cells separated by one character."""

    def __init__(self, text: Text, choices: Choices) -> None:
        self._text = text
        head = text.head
        announced = _SEPARATOR.match(head)
        self._above = announced[0] if announced else ""
        self._is_drawn = _RULE.search(head) is not None and "|" in head
        self._delimiter = announced[1] if announced else "|" if self._is_drawn else _delimiter_of(head, choices.known)
        self.format = "TSV" if self._delimiter == "\t" else "Markdown" if self._is_drawn else "CSV"
        name = _DELIMITERS.get(self._delimiter, f"{self._delimiter!r}")
        is_usual = self._delimiter in {",", "\t", _NONE} or self._is_drawn
        notes = text.notes if is_usual else (*text.notes, f"separated by {name}")
        advice = "" if self._delimiter == _NONE else f"; put a cell that holds {name} into quotes"
        super().__init__(text.source, choices, notes=notes, advice=advice)

    def _rows(self) -> Iterator[Row | BadRecord]:
        with self._text.open() as text:
            text.read(len(self._above))
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self._delimiter, skipinitialspace=True, strict=True)
            number = 0
            is_below = False
            while True:
                number += 1
                lines.size = 0
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    if lines.is_within or "field limit" in str(error):
                        lines.skip_record()
                    yield BadRecord(number, _reason(error))
                    continue
                except _TooLong:
                    lines.skip_record()
                    yield BadRecord(number, f"is longer than {RECORD_MOST:,} characters: is a quote never closed?")
                    continue
                if lines.has_nul:
                    lines.has_nul = False
                    yield BadRecord(number, "has a NUL byte")
                elif self._is_drawn and (_is_rule(cells) or (is_below and len(cells) == 1)):
                    is_below = True  # after the rule, a line without a pipe is no row
                elif any(map(str.strip, cells)):
                    yield number, list[object](cells)
        self._source.check()


def _is_rule(cells: Sequence[str]) -> bool:
    return any("---" in cell for cell in cells) and all(_OF_RULE.fullmatch(cell) for cell in cells)


class _TooLong(Exception):
    pass


class _Lines:
    """The lines of a text, of which no more than a record's worth is read at once."""

    def __init__(self, text: TextIO) -> None:
        self._readline = text.readline
        self._last = ""
        self.size = 0  # characters of the record so far
        self.has_nul = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._last = line = self._readline(RECORD_MOST + 1)
        if not line:
            raise StopIteration
        self.size += len(line)
        if self.size > RECORD_MOST:
            raise _TooLong
        if "\0" in line:
            self.has_nul = True
        return line.lstrip(BOM)

    @property
    def is_within(self) -> bool:
        """Return whether the last line began within a cell."""
        return self.size != len(self._last)

    def skip_record(self) -> None:
        """Read on to the line end at which all quotes are closed."""
        is_open, line = self.is_within, self._last
        while line:
            is_open ^= line.count('"') % 2 == 1
            if line.endswith(("\n", "\r")) and not is_open:
                return
            line = self._readline(RECORD_MOST)


def _reason(error: csv.Error) -> str:
    match str(error):
        case "unexpected end of data":
            return "opens a quote that is never closed: all below it is one cell"
        case text if "field limit" in text:
            return f"has a cell of more than {csv.field_size_limit():,} characters"
        case text if "expected after" in text:
            return f"has text behind the quote that ends a cell; {_QUOTE_HINT}"
        case text:
            return f"is no row: {text}"


def _delimiter_of(head: str, known: Callable[[str], bool] | None) -> str:
    """Return the delimiter that makes the first rows most alike."""
    best, score = _NONE, (0, 0.0, False, 1)
    for delimiter in _DELIMITERS:
        rows = _first_rows(head, delimiter)
        if not rows:
            return delimiter  # there is nothing else
        widths = [len(row) for row in rows]
        usual = max(widths, key=widths.count)
        share = round(widths.count(usual) / len(widths), 1)
        named = max(sum(map(known, row)) for row in rows) if known is not None else 0
        is_prose = named <= 1 and widths[:1] == [1] and (share < _ALIKE or usual <= _COMMAS_OF_PROSE)
        is_clean = not any(cell.count('"') % 2 for row in rows for cell in row)  # otherwise it cuts cells with quotes
        found = (named, share, is_clean, usual)
        if usual > 1 and not is_prose and found > score:
            best, score = delimiter, found
    if (
        known is not None
        and score[0] < _NAMES
        and any(known(cell) for row in _first_rows(head, _NONE)[:1] for cell in row)
    ):
        return _NONE  # the name of the one column
    return best


def _first_rows(head: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # the head ends within a cell, or has one that is too long
        for row in reader:
            rows += [[cell.strip() for cell in row]] if any(map(str.strip, row)) else []
            if len(rows) == _SEEN_MOST:
                break
    return rows
