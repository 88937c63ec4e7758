"""Tables of rows and columns: what delimited texts and workbooks share."""

import itertools
from abc import abstractmethod
from collections.abc import Collection, Iterator

from avatar_creator.persona_files.formats.base import BadRecord, Choices, Record
from avatar_creator.persona_files.formats.header import ROWS_SEEN, find_header
from avatar_creator.persona_files.formats.source import Source

Row = tuple[int, list[object]]
_NOTED_MOST = 3


class RowTable:
    """Rows, one of which has the names of the columns. Raises InvalidInput where there is none, or none below it."""

    format: str

    def __init__(self, source: Source, choices: Choices, *, notes: tuple[str, ...] = (), advice: str = "") -> None:
        self._source = source
        first = list(itertools.islice(self._rows(), ROWS_SEEN))
        rows = [row for row in first if not isinstance(row, BadRecord)]
        if not rows:
            raise source.refusal("has no rows", "Add a row with the names of columns, and one for each persona.")
        self._header = find_header(source, rows, choices, advice)
        if self._header.row == rows[-1][0] and len(rows) == len(first):
            raise source.refusal(
                "has the names of columns, and no row below them",
                "Add a row for each persona; if that row is of one, add a row above it, such as: name.",
            )
        self._notes = (*notes, *self._header.notes)
        self._repeated: list[int] = []

    @property
    def columns(self) -> tuple[str, ...]:
        return self._header.columns

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._repeated:
            return self._notes
        rows = ", ".join(map(str, self._repeated[:_NOTED_MOST]))
        more = " and more" if len(self._repeated) > _NOTED_MOST else ""
        return (*self._notes, f"the names of its columns again in row {rows}{more}: skipped")

    def records(self, wanted: Collection[str] | None = None) -> Iterator[Record | BadRecord]:  # noqa: ARG002
        header = self._header
        repeated: list[int] = []
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

    @abstractmethod
    def _rows(self) -> Iterator[Row | BadRecord]:
        """Yield the rows that are not blank, with their numbers in a spreadsheet."""
