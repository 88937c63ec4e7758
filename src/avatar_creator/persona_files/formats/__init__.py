"""Formats of persona files: bytes become records, whatever they are in."""

from pathlib import Path

from avatar_creator.persona_files.formats.base import BadRecord, Choices, Record, Table
from avatar_creator.persona_files.formats.recognition import open_source
from avatar_creator.persona_files.formats.source import Source
from avatar_creator.persona_files.formats.spool import spooled

__all__ = ["BadRecord", "Choices", "Record", "Table", "open_table", "spooled"]


def open_table(path: Path, *, named: str | None = None, choices: Choices | None = None) -> Table:
    """Return a file as a table, known by its content first and by its name where that says too little.

    ``named`` is what the user calls it. A workbook's sheet may follow its name: "people.xlsx#Adults". Raises
    InvalidInput for what is no table, and for what cannot be read.
    """
    choices = choices or Choices()
    if choices.sheet is None and not path.exists() and "#" in path.name:
        name, _, sheet = path.name.rpartition("#")
        if name and sheet and path.with_name(name).exists():
            path, choices = path.with_name(name), choices._replace(sheet=sheet)
    return open_source(Source(path, named), choices)
