"""Files of each kind, written by hand from their published columns."""

from pathlib import Path

from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.persona_files import PersonaFile, open_persona_file

FIXTURES = Path(__file__).parents[1] / "fixtures"


def opened(name: str) -> tuple[PersonaFile, list[PersonaRow]]:
    """Return a fixture, and its rows, of which none may be bad."""
    file = open_persona_file(FIXTURES / name)
    rows = list(file.rows())
    good = [row for row in rows if isinstance(row, PersonaRow)]
    assert good == rows
    return file, good
