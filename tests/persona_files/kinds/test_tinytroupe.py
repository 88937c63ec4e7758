"""TinyTroupe: agents, and populations, which list nobody."""

import pytest
from known_files import FIXTURES, opened

from avatar_creator.domain.attributes import Attributes
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import open_persona_file
from avatar_creator.persona_files.kinds.tinytroupe import spoken_of


@pytest.mark.parametrize("fixture", ["tinytroupe.agent.json", "tinytroupe.jsonl"])
def test_agents_are_read_and_their_traits_are_short(fixture: str) -> None:
    file, (agent, *_) = opened(fixture)
    assert file.kind == "TinyTroupe"
    assert (agent.persona.name, agent.persona.age) == ("Inês Prata", 35)
    assert agent.persona.personality == (
        "fast paced and like to get things done quickly",
        "very detail oriented",
        "Curious",
        "witty sense of humor",
    )
    assert agent.persona.background == "You are an architect. You draw houses that people can pay for."
    assert agent.attributes == Attributes(gender="female", ethnicity="Portuguese")
    assert agent.cells["persona.personality.traits"].startswith("You are fast paced")


def test_a_population_is_no_list_of_people() -> None:
    with pytest.raises(InvalidInput, match="a description of a population, not a list of people"):
        open_persona_file(FIXTURES / "tinytroupe_population.json")


def test_traits_are_spoken_of_not_to() -> None:
    assert spoken_of(["You are kind", "You have wit", "She's loud", {"trait": "You are shy"}, 7]) == [
        "kind",
        "wit",
        "loud",
        {"trait": "shy"},
        7,
    ]
