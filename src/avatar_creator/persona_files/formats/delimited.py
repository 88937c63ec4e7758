"""CSV, TSV and their relatives: whatever the delimiter, the encoding and the line ends are."""

import csv
import io
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TextIO

from avatar_creator.persona_files.formats.base import RECORD_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.header import ROWS_SEEN, find_header
from avatar_creator.persona_files.formats.source import Source
from avatar_creator.persona_files.formats.texts import encoding_of

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
_NONE = "\x1f"  # of a text with one column, in which commas are commas
# Excel reads the delimiter in this line, and shows no row of it.
_SEPARATOR = re.compile(r'\ufeff?"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_QUOTE_HINT = 'a quote in a cell that has quotes is written twice: "5\'10"" tall"'
_SEEN_MOST = 20  # rows by which the delimiter is found
# Below one cell alone, which may be a title above the table, or the name of a column of sentences:
_ALIKE, _COMMAS_OF_PROSE = 0.8, 2
_NOTED_MOST = 3


class DelimitedTable:
    """A text with a row a line, its cells separated by one character."""

    def __init__(self, source: Source, choices: Choices) -> None:
        self._source = source
        self._encoding = encoding_of(source)
        head = self._encoding.head(source)
        announced = _SEPARATOR.match(head)
        self._above = announced[0] if announced else ""
        self._delimiter = announced[1] if announced else _delimiter_of(head, choices.known)
        self.format = "TSV" if self._delimiter == "\t" else "CSV"
        first = [row for row in self._first_rows() if not isinstance(row, BadRecord)]
        if not first:
            raise source.refusal("has no rows", "Add a row with the names of columns, and one for each persona.")
        name = _DELIMITERS.get(self._delimiter)
        advice = f"; put a cell that holds {name} into quotes" if name else ""
        self._header = find_header(source, first, choices, advice)
        if self._header.row == first[-1][0] and len(first) == len(self._first_rows()):
            raise source.refusal("has the names of columns, and no row below them", "Add a row for each persona.")
        self.columns = self._header.columns
        usual = self._delimiter in {",", "\t", _NONE}
        dialect = () if usual else (f"separated by {name or repr(self._delimiter)}",)
        self._notes = (*self._encoding.notes, *dialect, *self._header.notes)
        self._repeated: list[int] = []

    @property
    def notes(self) -> tuple[str, ...]:
        return self._notes + repeated_notes(self._repeated)

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:  # noqa: ARG002 - all are read anyway
        header, repeated = self._header, []
        for row in self._rows():
            if isinstance(row, BadRecord):
                yield row
                continue
            number, cells = row
            if number <= header.row:
                continue
            if header.is_repeated(cells):
                repeated.append(number)
                self._repeated = repeated
            else:
                yield header.record(number, cells)

    def _first_rows(self) -> list[tuple[int, Sequence[str]] | BadRecord]:
        return list(itertools.islice(self._rows(), ROWS_SEEN))

    def _rows(self) -> Iterator[tuple[int, list[str]] | BadRecord]:
        """Yield the rows that are not blank, with their numbers in a spreadsheet."""
        with self._encoding.reader(self._source.open()) as text:
            text.read(len(self._above))
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self._delimiter, skipinitialspace=True, strict=True)
            number = 0
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
                elif any(map(str.strip, cells)):
                    yield number, cells
        self._source.check()


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
        return line

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


def repeated_notes(rows: Sequence[int]) -> tuple[str, ...]:
    """Return a note of rows that have the names of the columns once more."""
    if not rows:
        return ()
    some = ", ".join(map(str, rows[:_NOTED_MOST])) + (" and more" if len(rows) > _NOTED_MOST else "")
    return (f"the names of its columns are repeated in row {some}, which is skipped",)


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
    """Return the delimiter that cuts the first rows into as many cells each, the most of them."""
    first = head.lstrip().splitlines()[0]
    if known is not None and known(first.strip().strip('"')):
        return _NONE
    best, score = _NONE, (0.0, 1)
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            widths = [len(row) for row in itertools.islice(filter(any, reader), _SEEN_MOST)]
        except csv.Error:  # the head is cut within a cell, or it is no text of this delimiter
            continue
        usual = max(widths, key=widths.count)
        share = round(widths.count(usual) / len(widths), 1)
        is_prose = widths[0] == 1 and (share < _ALIKE or usual <= _COMMAS_OF_PROSE)
        if usual > 1 and not is_prose and (share, usual) > score:
            best, score = delimiter, (share, usual)
    return best
