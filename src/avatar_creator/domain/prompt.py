"""Persona and attributes turned into the text a model is asked with."""

from itertools import groupby
from typing import NamedTuple

from avatar_creator.domain.attributes import Attribute, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.text import clean_line

PROMPT_LONGEST = 2000  # characters, as in the system this follows
DEFAULT_BASE = "professional portrait"

QUALITY_TERMS = (
    "professional photo studio portrait",
    "ultra realistic",
    "high detail",
    "professional photography",
    "DSLR camera",
    "85mm portrait lens",
    "f/1.8 aperture",
    "studio lighting",
    "bokeh background",
    "photorealistic",
    "high resolution",
    "8k quality",
)
NEGATIVE_TERMS = (
    "ugly",
    "blurry",
    "low quality",
    "distorted",
    "deformed",
    "bad anatomy",
    "disfigured",
    "poorly drawn face",
    "cartoon",
    "anime",
    "3d render",
    "painting",
    "illustration",
    "unrealistic",
    "artificial",
    "plastic",
    "wax figure",
    "mannequin",
)


class Prompt(NamedTuple):
    """``base`` as the user gave it (or None), ``full`` as the engine gets it, ``negative`` beside it."""

    base: str | None
    full: str
    negative: str


def build_prompt(
    persona: Persona,
    attributes: Attributes,
    base: str | None = None,
    *,
    negative: str | None = None,
    quality_terms: bool = True,
    name_in_prompt: bool = True,
) -> Prompt:
    """Join persona, attributes, base and quality terms, in this order.

    The persona's background never enters the prompt. ``negative`` replaces the usual negative terms.
    Raises InvalidInput when ``base`` or ``negative`` is empty, over 2000 characters or holds controls.
    """
    if base is not None:
        base = clean_line("prompt", base, longest=PROMPT_LONGEST)
    if negative is not None:
        negative = clean_line("negative prompt", negative, longest=PROMPT_LONGEST)
    parts = [
        *_persona_phrases(persona, name_in_prompt),
        *_attribute_phrases(attributes),
        base or _default_base(persona),
        *(QUALITY_TERMS if quality_terms else ()),
    ]
    return Prompt(base, ", ".join(parts), negative or ", ".join(NEGATIVE_TERMS))


def _persona_phrases(persona: Persona, name_in_prompt: bool) -> list[str]:
    phrases = []
    if persona.name and name_in_prompt:
        phrases.append(persona.name)
    if persona.age:
        phrases.append(f"{persona.age} years old")
    if persona.personality:
        phrases.append(", ".join(persona.personality) + " personality")
    return phrases


def _attribute_phrases(attributes: Attributes) -> list[str]:
    def together(pair: tuple[Attribute, str]) -> str:
        return pair[0].joined or pair[0].name

    phrases = []
    for _, pairs in groupby(attributes.given(), key=together):
        group = list(pairs)
        words = " ".join(attribute.spoken.get(value.lower(), value) for attribute, value in group)
        phrases.append(group[0][0].phrase.format(words))
    return phrases


def _default_base(persona: Persona) -> str:
    if persona.personality:
        return f"{DEFAULT_BASE} with {persona.personality[0]} expression"
    return DEFAULT_BASE
