"""Workbooks: of Excel, new and old, and of LibreOffice."""

import itertools
from collections.abc import Iterator, Sequence

from avatar_creator.domain.text import nearest, shown
from avatar_creator.persona_files.formats import workbook
from avatar_creator.persona_files.formats.archives import ZIP
from avatar_creator.persona_files.formats.base import BadRecord, Choices
from avatar_creator.persona_files.formats.header import text_of
from avatar_creator.persona_files.formats.native import damage
from avatar_creator.persona_files.formats.row_table import Row, RowTable
from avatar_creator.persona_files.formats.sheet_xml import Survey, survey
from avatar_creator.persona_files.formats.source import Source

_HEADER_MOST = 20  # rows among which one has the names of columns


class ExcelTable(RowTable):
    """A sheet of a workbook. Its rows have the numbers that it shows."""

    format = "Excel"

    def __init__(self, source: Source, choices: Choices) -> None:
        self._source = source
        self._sheet, notes = self._choose(choices)
        self._survey = self._surveyed(self._sheet)
        self._is_merged = False
        super().__init__(source, choices, notes=(*notes, *self._survey.notes))

    @property
    def notes(self) -> tuple[str, ...]:
        merged = ("the value of merged cells counts for each of their rows",) if self._is_merged else ()
        return super().notes + merged

    def _choose(self, choices: Choices) -> tuple[str, tuple[str, ...]]:
        """Return the sheet asked for, else the first that has known columns, else the first with data; and notes."""
        sheets = workbook.sheets(self._source)
        names = [name for name, _ in sheets]
        if choices.sheet is not None:
            if choices.sheet not in names:
                near = nearest(choices.sheet, names)
                offer = f"Did you mean '{near}'?" if near else f"Its sheets: {', '.join(map(shown, names[:10]))}."
                raise self._source.refusal(f"has no sheet {shown(choices.sheet)}", offer)
            return choices.sheet, ()
        known = choices.known
        filled = None
        for name in [name for name, is_shown in sheets if is_shown] or names:
            self._surveyed(name)
            cells = [text_of(cell) for row in _rows_of(self._source, name, _HEADER_MOST) for cell in row]
            if any(cells) and (known is None or any(map(known, cells))):
                filled = name
                break
            filled = name if filled is None and any(cells) else filled
        if filled is None:
            raise self._source.refusal("has no sheet with data", "Add a row with the names of columns, and others.")
        note = f"its sheet {shown(filled)}, one of {len(names)}: FILE#Sheet reads another"
        return filled, (note,) if len(names) > 1 else ()

    def _surveyed(self, sheet: str) -> Survey:
        """Return what is special in a sheet. It comes before the sheet is read: all of it goes into the memory."""
        with damage(self._source, "a workbook"), self._source.open() as file:
            return survey(self._source, file, sheet) if self._source.head.startswith(ZIP) else Survey()

    def _rows(self) -> Iterator[Row | BadRecord]:
        unknown = self._survey.unknown
        replies = workbook.rows(self._source, self._sheet)
        (_, left), ranges = next(replies)
        merged = _Merged(ranges, left)
        for number, cells in enumerate(replies, start=1):
            for column in unknown.get(number, ()):
                place = column - 1 - left
                if 0 <= place < len(cells):  # else it is beside the cells that have values
                    cells[place] = ""
            is_blank = not any(map(text_of, cells))
            if merged.fill(number, cells) and not is_blank:
                self._is_merged = True
            if not is_blank:
                yield number, cells
        self._source.check()


class _Merged:
    """Cells merged over several rows: only the first has a value."""

    def __init__(self, ranges: Sequence[Sequence[Sequence[int]]], left: int) -> None:
        self._begin: dict[int, list[tuple[int, int]]] = {}  # by row, from 1: the place in it and the last row
        self._open: dict[int, tuple[int, object]] = {}  # by the place: the last row and the value
        for (top, column), (bottom, _) in ranges:
            if bottom > top and column >= left:
                self._begin.setdefault(top + 1, []).append((column - left, bottom + 1))

    def fill(self, number: int, cells: list[object]) -> bool:
        """Put values into a row; return whether there were any."""
        self._open = {place: each for place, each in self._open.items() if each[0] >= number}
        for place, (_, value) in self._open.items():
            cells[place] = value
        is_filled = bool(self._open)
        for place, last in self._begin.get(number, ()):
            if place < len(cells) and text_of(cells[place]):
                self._open[place] = (last, cells[place])
        return is_filled


def _rows_of(source: Source, sheet: str, rows_most: int) -> Iterator[list[object]]:
    return itertools.islice(workbook.rows(source, sheet, rows_most), 1, None)
