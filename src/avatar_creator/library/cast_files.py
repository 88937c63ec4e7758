"""The people of a cast as a persona file, of which `avatar batch` makes the same pictures."""

import os
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path

from avatar_creator.domain.choices import path_of
from avatar_creator.domain.persona_row import BadRow
from avatar_creator.domain.row_key import derived_seed
from avatar_creator.domain.text import shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput
from avatar_creator.home import whole
from avatar_creator.library.batches import Batch
from avatar_creator.persona_files.writing import Cell, writer_of
from avatar_creator.storage.durable import refused, write_over
from avatar_creator.storage.pictures.copies import check_folder

_READABLE = 0o644


def written(batch: Batch, name: str) -> bytes:
    """Return the rows of a batch as a file of the format that a name's suffix says. Raises InvalidInput."""
    write = writer_of(name)
    return write(list(_records(batch)))


def check_plan_path(given: Path | str, *, force: bool) -> Path:
    """Return where a plan is written. Raises InvalidInput where it cannot be, or another file is there."""
    path = path_of("plan", given)
    writer_of(path.name)
    said = f"plan is {shown(str(given))}"
    path = Path(os.path.realpath(whole(path, said)))  # what a link names is replaced, and not the link
    check_folder(path.parent, said)
    if path.exists() and not (force and path.is_file()):
        raise InvalidInput(
            f"{said}, which is there already.", hint="Give another name, or say --force to replace what is there."
        )
    return path


def write_plan(batch: Batch, path: Path) -> None:
    """Write the rows of a batch. Raises StorageError."""
    try:
        write_over(path, written(batch, path.name), _READABLE)
    except OSError as error:
        raise refused("written", path, error) from error


def _records(batch: Batch) -> Iterator[Mapping[str, Cell]]:
    """Yield what each row says, and what is given for all of them."""
    for_all = {name: _cell(value) for name, value in batch.asking.given(FIELDS).items()}
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
