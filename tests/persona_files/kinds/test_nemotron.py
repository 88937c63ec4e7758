"""Nemotron-Personas: names from narratives, and what is not drawn."""

import pytest
from known_files import opened

from avatar_creator.domain.persona import Persona
from avatar_creator.persona_files.kinds.nemotron import leading_name


def test_people_of_the_american_set_have_the_names_of_their_narratives() -> None:
    file, (mary, jose, nobody) = opened("nemotron_usa.jsonl")
    assert file.kind == "Nemotron-Personas"
    assert mary.persona == Persona(
        "Mary Alberti",
        34,
        background="Mary Alberti, practical and warm, blends careful planning with a dry sense of humor.",
    )
    assert mary.attributes.gender == "female"
    assert mary.persona_id == "5f1c2b7e0a9d4c1e8b3f6a7d2c4e9f01"
    assert mary.prompt is None
    assert mary.cells["occupation"] == "registered_nurse"
    assert len(mary.cells) == 23
    assert jose.persona.name == "José de la Cruz"
    assert nobody.persona.name is None
    assert nobody.persona_id == "0b1c2d3e4f5061728394a5b6c7d8e9f0"
    assert "Without a name: 1 row." in file.remarks


def test_people_of_the_korean_set() -> None:
    _, (woman, man) = opened("nemotron_korea.jsonl")
    assert (woman.persona.name, woman.persona.age, woman.attributes.gender) == ("김서연", 41, "female")
    assert (man.persona.name, man.persona.age, man.attributes.gender) == ("박준호", 67, "male")


@pytest.mark.parametrize(
    ("narrative", "name"),
    [
        ("Mary Alberti, a nurse", "Mary Alberti"),
        ("Mary Alberti combines care with wit", "Mary Alberti"),
        ("Mary Alberti's passion is maps", "Mary Alberti"),
        ("José de la Cruz is", "José de la Cruz"),
        ("LaToya K. Jackson brings", "LaToya K. Jackson"),
        ("Émile O'Neil écrit", "Émile O'Neil"),
        ("A nurse who sings", None),
        ("As Chief Engineer, Mary leads", None),
        ("Growing up in Ohio", None),
        ("中川 文雄 は", None),
        ("अनिल कुमार एक किसान हैं", None),
        ("", None),
        (None, None),
    ],
)
def test_a_narrative_begins_with_a_name_or_does_not(narrative: object, name: str | None) -> None:
    assert leading_name(narrative) == name


def test_a_name_that_no_other_narrative_has_is_none() -> None:
    assert leading_name("New York natives love maps", "Mary walks", "Mary sings") is None
