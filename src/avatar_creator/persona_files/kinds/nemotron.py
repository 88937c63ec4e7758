# ruff: noqa: RUF001 - signs of other scripts are meant
"""Nemotron-Personas of NVIDIA on Hugging Face: people by the census, with narratives. No column has their name."""

import re
from collections.abc import Sequence

from avatar_creator.persona_files.kinds.kind import Kind, Sample, Source

_NARRATIVES = (
    "professional_persona",
    "persona",
    "sports_persona",
    "arts_persona",
    "travel_persona",
    "culinary_persona",
    "family_persona",
)
_COLUMNS = (
    *_NARRATIVES,
    "uuid",
    "cultural_background",
    "skills_and_expertise",
    "skills_and_expertise_list",
    "hobbies_and_interests",
    "hobbies_and_interests_list",
    "career_goals_and_ambitions",
    "sex",
    "age",
    "marital_status",
    "education_level",
    "bachelors_field",
    "occupation",
    "city",
    "state",
    "zipcode",
    "country",
    "province",
    "district",
    "military_status",
    "family_type",
    "housing_type",
)
_WORD = r"[^\W\d_a-z][\w'’.-]*"
_PARTICLE = r"(?:al|bin|da|das|de|del|della|der|di|do|dos|du|e|el|ibn|la|le|of|van|von|y|zu)"
_NAME = re.compile(rf"({_WORD}(?: (?:{_PARTICLE} )*{_WORD}){{1,4}})(?=,|'s\b|’s\b| )")
_KOREAN = re.compile(r"([가-힣]{2,5})\s?씨")
# What a sentence begins with that does not begin with a name.
_NO_NAMES = frozenset(
    [
        "A",
        "An",
        "The",
        "As",
        "In",
        "At",
        "On",
        "With",
        "For",
        "From",
        "This",
        "Born",
        "Raised",
        "Meet",
        "Un",
        "Une",
        "Le",
    ]
)


def leading_name(narrative: object, *beside: object) -> str | None:
    """Return the name that a narrative begins with, if another narrative of the row uses it, too."""
    if not isinstance(narrative, str):
        return None
    start = narrative.lstrip()
    if found := _KOREAN.match(start):
        return found[1]
    found = _NAME.match(start)
    if not found:
        return None
    name = found[1].removesuffix("'s").removesuffix("’s")
    first, *more = name.split()
    # Scripts without capitals do not show where a name ends.
    if first in _NO_NAMES or not (first[0].isupper() and more[-1][0].isupper()):
        return None
    texts = [other for other in beside if isinstance(other, str) and other]
    return name if not texts or any(first in other for other in texts) else None


def _recognises(sample: Sample) -> bool:
    return "uuid" in sample.columns and "professional_persona" in sample.columns


def _sources(_: Sample) -> Sequence[Source]:
    return (
        Source("persona_id", ("uuid",)),
        Source("persona_name", _NARRATIVES[:1], leading_name, _NARRATIVES[1:]),
        Source("persona_age", ("age",)),
        Source("gender", ("sex",)),
        Source("background", ("persona",)),
        Source("background", ("cultural_background",)),
    )


NEMOTRON = Kind(
    "Nemotron-Personas",
    _recognises,
    _sources,
    _COLUMNS,
    (
        "No column has a name: a row has the one that its professional_persona begins with.",
        "What somebody does for a living is not drawn; for photographs of it: --map occupation=prompt",
    ),
)
