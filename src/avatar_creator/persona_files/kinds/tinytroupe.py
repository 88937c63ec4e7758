"""What TinyTroupe writes: agents, which are people, and populations, which describe how many there are of whom."""

import re
from collections.abc import Iterable, Sequence

from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source
from avatar_creator.persona_files.shortening import shortened

_PLACES = ("persona.", "_persona.", "configuration.", "_configuration.")  # of the versions
_SIGNS = ("personality.traits", "personality_traits", "occupation.title", "occupation", "nationality")
_POPULATION = re.compile(r"(?:^|\.)Demographics\.(?:.*Distribution|.*Composition|Population.*)")
_TO_SOMEBODY = re.compile(r"^(?:you(?: are|'re| have(?: an?)?)?|(?:s?he|they)(?: is| are|'s)?) +", re.IGNORECASE)


def spoken_of(traits: object) -> object:
    """Return traits without the "You are" that agents are addressed with."""
    if isinstance(traits, str):
        return _TO_SOMEBODY.sub("", traits.strip())
    if isinstance(traits, dict):
        return {name: spoken_of(trait) for name, trait in traits.items()}
    return [spoken_of(trait) for trait in traits] if isinstance(traits, list | tuple) else traits


def _short(value: object) -> object:
    return shortened(value, ATTRIBUTE_LONGEST) if isinstance(value, str) else value


def refuse_population(sample: Sample) -> None:
    """Raise InvalidInput for a description of a population, from which nobody can be drawn."""
    if any(_POPULATION.search(column) for column in sample.columns):
        raise InvalidInput(
            "This is a description of a population, not a list of people: it says how many there are of whom.",
            hint="Give a file in which each record is a person, such as an agent of TinyTroupe (*.agent.json).",
        )


def _place(columns: Iterable[str]) -> str | None:
    columns = set(columns)
    for place in _PLACES:
        if f"{place}name" in columns and any(place + sign in columns for sign in _SIGNS):
            return place
    return None


def _sources(sample: Sample) -> Sequence[Source]:
    at = _place(sample.columns) or ""
    return (
        Source("persona_name", (f"{at}name",)),
        Source("persona_age", (f"{at}age",)),
        Source("gender", (f"{at}gender",)),
        Source("ethnicity", (f"{at}ethnicity",), _short),
        Source("ethnicity", (f"{at}nationality",), _short),
        Source("personality", (f"{at}personality.traits",), spoken_of),
        Source("personality", (f"{at}personality_traits",), spoken_of),
        Source("background", (f"{at}occupation.description",)),
        Source("background", (f"{at}occupation.title",)),
        Source("background", (f"{at}occupation",)),
    )


TINYTROUPE = Kind(
    "TinyTroupe",
    lambda sample: _place(sample.columns) is not None,
    _sources,
    remarks=("TinyTroupe has no ethnicity, so the nationality stands for it.",),
)
