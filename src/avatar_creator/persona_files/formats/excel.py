"""Workbooks: of Excel, new and old, and of LibreOffice."""

import itertools
from collections.abc import Iterator
from typing import BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from avatar_creator.domain.text import nearest, shown
from avatar_creator.persona_files.formats.archives import ZIP
from avatar_creator.persona_files.formats.base import BadRecord, Choices
from avatar_creator.persona_files.formats.cells import plain
from avatar_creator.persona_files.formats.header import text_of
from avatar_creator.persona_files.formats.native import damage
from avatar_creator.persona_files.formats.row_table import Row, RowTable
from avatar_creator.persona_files.formats.sheet_xml import Survey, survey
from avatar_creator.persona_files.formats.source import Source

_WHAT = "a workbook"
_HEADER_MOST = 20  # rows among which one has the names of columns
_WHOLE = 2.0**53  # numbers below are exact


class ExcelTable(RowTable):
    """A sheet of a workbook. Its rows have the numbers that it shows."""

    format = "Excel"

    def __init__(self, source: Source, choices: Choices) -> None:
        self._source = source
        with damage(source, _WHAT), source.open() as file, self._workbook(file) as book:
            self._sheet, notes = self._choose(book, choices)
        self._survey = self._surveyed(self._sheet)
        self._is_merged = False
        super().__init__(source, choices, notes=(*notes, *self._survey.notes))

    @property
    def notes(self) -> tuple[str, ...]:
        merged = ("the value of merged cells counts for each of their rows",) if self._is_merged else ()
        return super().notes + merged

    def _workbook(self, file: BinaryIO) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_filelike(file)
        except PasswordError as error:
            raise self._source.refusal("is protected by a password", "Save it without one, or as CSV.") from error

    def _choose(self, book: CalamineWorkbook, choices: Choices) -> tuple[str, tuple[str, ...]]:
        """Return the sheet asked for, else the first that has known columns, else the first with data; and notes."""
        names = book.sheet_names
        if choices.sheet is not None:
            if choices.sheet not in names:
                near = nearest(choices.sheet, names)
                offer = f"Did you mean '{near}'?" if near else f"Its sheets: {', '.join(map(shown, names[:10]))}."
                raise self._source.refusal(f"has no sheet {shown(choices.sheet)}", offer)
            return choices.sheet, ()
        shows = [each.name for each in book.sheets_metadata if _is_visible(each.typ) and _is_visible(each.visible)]
        filled = []
        for name in shows or names:
            self._surveyed(name)
            rows = list(itertools.islice(book.get_sheet_by_name(name).iter_rows(), _HEADER_MOST))
            filled += [name] if any(text_of(cell) for row in rows for cell in row) else []
            known = choices.known
            if filled and (known is None or any(known(text_of(cell)) for row in rows for cell in row)):
                filled = [name] if name in filled else filled[:1]
                break
        if not filled:
            raise self._source.refusal("has no sheet with data", "Add a row with the names of columns, and others.")
        note = f"its sheet {shown(filled[0])}, one of {len(names)}: FILE#Sheet reads another"
        return filled[0], (note,) if len(names) > 1 else ()

    def _surveyed(self, sheet: str) -> Survey:
        """Return what is special in a sheet. It comes before the sheet is read: all of it goes into the memory."""
        with damage(self._source, _WHAT), self._source.open() as file:
            return survey(self._source, file, sheet) if self._source.head.startswith(ZIP) else Survey()

    def _rows(self) -> Iterator[Row | BadRecord]:
        unknown = self._survey.unknown
        with damage(self._source, _WHAT), self._source.open() as file, self._workbook(file) as book:
            sheet = book.get_sheet_by_name(self._sheet)
            left = (sheet.start or (0, 0))[1]
            merged = _Merged(sheet, left)
            for number, values in enumerate(sheet.iter_rows(), start=1):
                cells = [_value(value) for value in values]
                for place in unknown.get(number, ()):
                    cells[place - 1 - left] = ""
                is_blank = not any(map(text_of, cells))
                if merged.fill(number, cells) and not is_blank:
                    self._is_merged = True
                if not is_blank:
                    yield number, cells
        self._source.check()


class _Merged:
    """Cells merged over several rows: only the first has a value."""

    def __init__(self, sheet: CalamineSheet, left: int) -> None:
        self._begin: dict[int, list[tuple[int, int]]] = {}  # by row, from 1: the place in it and the last row
        self._open: dict[int, tuple[int, object]] = {}  # by the place: the last row and the value
        for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
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


def _value(value: object) -> object:
    if type(value) is float and value.is_integer() and abs(value) < _WHOLE:
        return int(value)  # a workbook has no other numbers
    return value if type(value) is str else plain(value)


def _is_visible(kind: object) -> bool:
    return getattr(kind, "name", str(kind)).rpartition(".")[2] in {"Visible", "WorkSheet"}
