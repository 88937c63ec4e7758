"""The people of a cast as a persona file, of which `avatar batch` makes the same pictures."""

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path

from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona_row import BadRow
from avatar_creator.domain.row_key import derived_seed
from avatar_creator.engines.fields import FIELDS
from avatar_creator.library.batch import Batch
from avatar_creator.library.new_files import path_to_write
from avatar_creator.persona_files.writing import Cell, writer_of


def written(batch: Batch, name: str) -> bytes:
    """Return the rows of a batch as a file of the format that a name's suffix says. Raises InvalidInput."""
    write = writer_of(name)
    return write(list(_records(batch)))


def check_plan_path(given: Path | str, *, force: bool) -> Path:
    """Return where a plan is written. Raises InvalidInput where it cannot be, or another file is there."""
    writer_of(str(path_of("plan", given)))
    return path_to_write("plan", given, force=force)


def _records(batch: Batch) -> Iterator[Mapping[str, Cell]]:
    """Yield what each row says, and what is given for all of them."""
    for_all = {name: _cell(value) for name, value in batch.builder.given(FIELDS).items()}
    numbers = {column for column in batch.people.columns if _is_number(batch.people.field_of(column))}
    for row in batch.people.rows():
        if isinstance(row, BadRow):
            continue
        cells: dict[str, Cell] = {
            column: int(text) if column in numbers and text.isascii() and text.isdecimal() else text
            for column, text in row.cells.items()
        }
        if row.base is not None and "seed" not in row.choices:  # in a file it is nobody's copy
            cells["seed"] = derived_seed(batch.seed, row.base, "")
        yield cells | for_all


def _is_number(field: str | None) -> bool:
    return field is not None and FIELDS[field].kind is int


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int) else str(value.value if isinstance(value, Enum) else value)
