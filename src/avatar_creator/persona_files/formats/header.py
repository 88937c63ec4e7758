"""Which row has the names of the columns, and rows as records with these names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from avatar_creator.domain.text import shown
from avatar_creator.persona_files.formats.base import CELLS_MOST, BadRecord, Choices, Record
from avatar_creator.persona_files.formats.source import Source

ROWS_SEEN = 100  # of a table, before its columns are known
_ABOVE_MOST = 20  # rows above the names: a title, the date of an export
_KNOWN_LEAST = 2  # names that make a row below the first the one with the names
_VALUE = re.compile(
    r"[-+]?[\d.,]+%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|.{60,}|.*@.*\..*|https?:.*|.*\.(?:jpe?g|png|webp|gif)",
    re.DOTALL | re.IGNORECASE,
)

Rows = Sequence[tuple[int, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Header:
    """``names`` by the place of their column, None for one that is empty. ``row`` is their row, 0 where there is none.

    ``advice`` follows what is said of a cell that is in no column.
    """

    names: tuple[str | None, ...]
    row: int
    cells: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    advice: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name is not None)

    def record(self, number: int, cells: Sequence[object]) -> Record | BadRecord:
        """Return a row; cells that are missing at its end are empty."""
        names = self.names
        if len(cells) < len(names):
            cells = [*cells, *[""] * (len(names) - len(cells))]
        values = dict(zip(names, cells, strict=False))
        if len(cells) > len(names) or None in values:
            for place, cell in enumerate(cells, start=1):
                if text_of(cell) and (place > len(names) or names[place - 1] is None):
                    message = f"its {ordinal(place)} cell {shown(cell)} is in a column without a name{self.advice}"
                    return BadRecord(number, message)
            values.pop(None, None)
        return Record(number, cast("dict[str, object]", values))

    def is_repeated(self, cells: Sequence[object]) -> bool:
        """Return whether a row has the names once more, in any case, as in files that were joined."""
        if not self.cells or text_of(cells[0]).casefold() != self.cells[0].casefold():
            return False
        return [text.casefold() for text in _texts(cells)] == [text.casefold() for text in self.cells]


def find_header(source: Source, rows: Rows, choices: Choices, advice: str = "") -> Header:
    """Return the header of a table that begins with these rows, none of which is blank. Raises InvalidInput."""
    number, cells = _row_of_names(rows, choices)
    if number:
        notes = (f"the names of its columns are in row {number}",) if number != rows[0][0] else ()
        names = _names(source, cells, [row for at, row in rows if at > number])
        return Header(names, number, _texts(cells), notes, advice)
    if not choices.numbered:
        first = ", ".join(shown(cell) for cell in cells[:3] if text_of(cell))
        raise source.refusal(
            f"has no row with the names of its columns: row {rows[0][0]} begins with {first}",
            "Add a first row such as name,age,gender, or name columns by number: --map 1=persona_name.",
        )
    width = max(len(row) for _, row in rows)
    return Header(tuple(map(str, range(1, width + 1))), 0, (), ("its columns have no names",), advice)


def _row_of_names(rows: Rows, choices: Choices) -> tuple[int, Sequence[object]]:
    """Return the row with the names, or the first with the number 0 if it has data as well."""
    number, cells = rows[0]
    known = choices.known
    if known is None:
        return number, cells
    found = _known_in(cells, known)
    for below, others in rows[1:_ABOVE_MOST]:
        # A word that is known may be the title, or stand above several columns; then most cells beside it are empty.
        if _known_in(others, known) >= max(found + 1, _KNOWN_LEAST) and (not found or _filled(cells) < _filled(others)):
            return below, others
    if found:
        return number, cells
    return (0 if any(_is_value(cell) for cell in cells) else number), cells


def _known_in(cells: Sequence[object], known: Callable[[str], bool]) -> int:
    return sum(known(text_of(cell)) for cell in cells)


def _filled(cells: Sequence[object]) -> int:
    return sum(bool(text_of(cell)) for cell in cells)


def _is_value(cell: object) -> bool:
    text = text_of(cell)
    return bool(text) and (not isinstance(cell, str) or _VALUE.fullmatch(text) is not None)


def _names(source: Source, cells: Sequence[object], below: Sequence[Sequence[object]]) -> tuple[str | None, ...]:
    names: list[str | None] = []
    places: dict[str, int] = {}
    for place, cell in enumerate(cells, start=1):
        name = text_of(cell)
        is_filled = any(text_of(row[place - 1]) for row in below if len(row) >= place)
        if name not in places:
            names.append(name or (str(place) if is_filled else None))
        elif is_filled:
            if any(text_of(row[places[name] - 1]) for row in below if len(row) >= places[name]):
                raise source.refusal(
                    f"has two columns {shown(name)}, the {ordinal(places[name])} and the {ordinal(place)}",
                    "Rename one of them, or remove it.",
                )
            names[places[name] - 1] = None  # the first of the two is empty
            names.append(name)
        else:
            names.append(None)
        if name and (name not in places or is_filled):
            places[name] = place
    while names and names[-1] is None:
        names.pop()
    if len(names) > CELLS_MOST:
        raise source.refusal(f"has {len(names)} columns, at most {CELLS_MOST} are read", "Remove those not needed.")
    return tuple(names)


def _texts(cells: Sequence[object]) -> tuple[str, ...]:
    texts = [text_of(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def text_of(cell: object) -> str:
    """Return a cell as a text, without the space around it."""
    return "" if cell is None else str(cell).strip()


def ordinal(number: int) -> str:
    """Return "1st", "2nd", "23rd"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 // 10 != 1 else "th"
    return f"{number}{ending}"
