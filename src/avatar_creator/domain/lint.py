"""What in a persona contradicts itself: said before anything is made, since a model would guess."""

import re

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona

# The years each known age range tells a model, as its prompt phrase says them.
_AGE_RANGES = {"young": (0, 30), "adult": (30, 50), "mature": (50, 120)}
# Compiled when they are needed, which is seldom.
_COVERED = r"(?i)\b(hijab|headscarf|head scarf|turban|niqab|burqa|chador)s?\b"
_BALD = r"(?i)\b(bald|shaved head)\b"


def lint(persona: Persona, attributes: Attributes, base: str | None) -> list[str]:
    """Return a sentence for each contradiction; an empty list when there is none."""
    return [*_age(persona, attributes), *_hair(attributes, base)]


def _age(persona: Persona, attributes: Attributes) -> list[str]:
    span = _AGE_RANGES.get((attributes.age_range or "").lower())
    if persona.age is None or span is None or span[0] <= persona.age <= span[1]:
        return []
    fitting = next(name for name, (low, high) in _AGE_RANGES.items() if low <= persona.age <= high)
    said = next(a.spoken[value.lower()] for a, value in attributes.given() if a.name == "age_range")
    return [
        f"persona age {persona.age} contradicts age range '{attributes.age_range}', which says {said}; try '{fitting}'."
    ]


def _hair(attributes: Attributes, base: str | None) -> list[str]:
    if attributes.hair_color is None:
        return []
    everywhere = " ".join(filter(None, (attributes.hair_style, attributes.style, base)))
    covered = re.search(_COVERED, everywhere)
    if covered:
        return [f"hair color '{attributes.hair_color}' is asked for, and '{covered[0]}' covers the hair."]
    if re.search(_BALD, attributes.hair_style or ""):
        return [f"hair color '{attributes.hair_color}' is asked for a head without hair."]
    return []
