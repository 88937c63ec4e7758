"""Rows as a persona file, read again."""

from pathlib import Path

import pytest

from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import open_persona_file
from avatar_creator.persona_files.writing import WRITERS, Cell, writer_of

_COLUMNS = ("id", "name", "age", "gender", "prompt", "style")
_ROWS: tuple[tuple[Cell, ...], ...] = (
    ("cast-1-1", "山田 花子", 41, "female", 'says "no": yes, or #1; - null', ""),
    ("cast-1-2", "Zoë O'Neill, Jr.", 7, "non-binary", "a\\b\u2028c: {d}", ""),
    ("1e5", "=Sum Null", 120, "male", "~", ""),
)
PEOPLE: list[dict[str, Cell]] = [dict(zip(_COLUMNS, row, strict=True)) for row in _ROWS]


@pytest.mark.parametrize("suffix", WRITERS)
def test_what_is_written_is_read_as_it_was(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"people{suffix}"
    path.write_bytes(writer_of(path.name.upper())(PEOPLE))
    file = open_persona_file(path)
    rows = [row for row in file.rows() if isinstance(row, PersonaRow)]
    said = [(row.persona_id, row.persona.name, row.persona.age, row.attributes.gender, row.prompt) for row in rows]
    assert said[0] == ("cast-1-1", "山田 花子", 41, "female", 'says "no": yes, or #1; - null')
    assert [each[:4] for each in said] == [tuple(person.values())[:4] for person in PEOPLE]
    assert "style" not in file.columns  # in which nobody has anything


def test_another_suffix_says_no_format() -> None:
    with pytest.raises(InvalidInput, match="which says no format") as refused:
        writer_of("people.xlsx")
    assert ".csv, .json, .jsonl" in (refused.value.hint or "")
