"""PersonaHub: descriptions that are the prompt."""

from pathlib import Path

from known_files import opened

from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.persona_files import open_persona_file


def test_a_description_is_the_prompt() -> None:
    file, rows = opened("personahub.jsonl")
    assert file.kind == "PersonaHub"
    assert rows[0].prompt == "A political analyst specialized in the politics of Central America"
    assert rows[0].persona == Persona()
    assert file.used == {"persona": "prompt"}


def test_a_column_of_names_may_be_called_persona_too(tmp_path: Path) -> None:
    path = tmp_path / "team.csv"
    path.write_text("persona,age\nBusy Bea,34\nTom,29\n", encoding="utf-8")
    file = open_persona_file(path)
    (bea, _) = file.rows()
    assert file.kind == "a table"
    assert isinstance(bea, PersonaRow)
    assert bea.persona == Persona("Busy Bea", 34)
