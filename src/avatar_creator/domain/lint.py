"""What in a persona contradicts itself: said before anything is made, since a model would guess."""

import re
from typing import TYPE_CHECKING

from avatar_creator import domain
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.exclusions import excluded
from avatar_creator.domain.persona import AGE_MOST, Persona
from avatar_creator.domain.text import shown

if TYPE_CHECKING:
    from avatar_creator.domain.age_ranges import Years

_NO_GARMENT = {"attire", "clothes", "clothing"}
_GARMENTS = next(attribute.nouns for attribute in ATTRIBUTES if attribute.name == "style")
# Compiled when they are needed, which is seldom.
_COVERED = r"(?i)\b(hijab|headscarf|head scarf|turban|niqab|burqa|chador)s?\b"
_GROWN = 18
_TWICE = r"(?i)\b([^\W\d]{2,}) \1\b"


def lint(persona: Persona, attributes: Attributes, base: str | None) -> list[str]:
    """Return a sentence for each contradiction, doubled word and text that says nothing; an empty list without any."""
    return [
        *(f"{blank} counts as not given." for blank in (*persona.blanks, *attributes.blanks)),
        *_age(persona, attributes),
        *_hair(attributes, base),
        *_doubled(attributes, base),
    ]


def _age(persona: Persona, attributes: Attributes) -> list[str]:
    if persona.age is None or attributes.age_range is None:
        return []
    years = domain.age_ranges.read_years(attributes.age_range)
    if years is None or years.least <= persona.age <= years.most:
        return []
    fitting = next(name for name, (least, most) in domain.age_ranges.KNOWN.items() if least <= persona.age <= most)
    advice = "leave it out" if persona.age < _GROWN else f"try '{fitting}'"
    said = next(attribute.spoken.get(value.lower()) for attribute, value in attributes.given() if attribute.spoken)
    said = said or _in_words(years)
    contradicts = f"persona age {persona.age} contradicts age range '{attributes.age_range}'"
    return [f"{contradicts}, which says {said}; {advice}."]


def _in_words(years: "Years") -> str:
    least, most = years
    if least == most:
        return f"{least} years"
    return f"{least} years or more" if most == AGE_MOST else f"{least} to {most} years"


def _hair(attributes: Attributes, base: str | None) -> list[str]:
    if attributes.hair_color is None:
        return []
    everywhere = " ".join(filter(None, (attributes.hair_style, attributes.style, base)))
    covered = re.search(_COVERED, everywhere)
    if covered:
        return [f"hair color '{attributes.hair_color}' is asked for, and '{covered[0]}' covers the hair."]
    if excluded({"hair_style": attributes.hair_style}):
        return [f"hair color '{attributes.hair_color}' is asked for a head without hair."]
    return []


def _doubled(attributes: Attributes, base: str | None) -> list[str]:
    """Say which noun stands twice in a row, as programs write it: "blue eyes eyes", "red dress attire"."""
    texts = [(attribute.label, value) for attribute, value in attributes.given()] + [("prompt", base or "")]
    nouns = frozenset().union(*(attribute.nouns for attribute in ATTRIBUTES))
    found = [(field, text, re.search(_TWICE, text)) for field, text in texts if " " in text]
    said = [
        f"{field} says '{twice[1]}' twice in a row: {shown(text)}."
        for field, text, twice in found
        if twice and twice[1].lower() in nouns
    ]
    garment, _, attire = (attributes.style or "").rpartition(" ")
    if attire.lower() in _NO_GARMENT and garment.rpartition(" ")[2].lower() in _GARMENTS - _NO_GARMENT:
        said.append(f"style {shown(attributes.style)} says it twice; try {shown(garment)}.")
    return said
