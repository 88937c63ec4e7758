"""Persona and attributes turned into the text a model is asked with."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple, Self

from avatar_creator.domain.attributes import Attribute, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.synonyms import in_english
from avatar_creator.domain.text import clean_line, expect

PROMPT_LONGEST = 2000  # characters, as in the system this follows
DEFAULT_BASE = "professional portrait"
_DRESSED = ("dressed in ", "in ")  # as good as "wearing"
_PERSONALITY, _EXPRESSION = ("personality",), ("expression",)

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
USUAL_NEGATIVE = ", ".join(NEGATIVE_TERMS)


class PromptStyle(StrEnum):
    """How the full prompt is worded: as a list of terms, or as a caption."""

    KEYWORDS = "keywords"
    NATURAL = "natural"


class Prompt(NamedTuple):
    """``base`` as the user gave it (or None), ``full`` as the engine gets it, ``negative`` beside it."""

    base: str | None
    full: str
    negative: str
    style: PromptStyle = PromptStyle.KEYWORDS

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return a prompt as a request has it. Raises KeyError, and InvalidInput for other types."""
        base, full, negative = data["prompt"], data["full_prompt"], data["negative_prompt"]
        if base is not None:
            expect("prompt", base, str, "a text")
        expect("full prompt", full, str, "a text")
        expect("negative prompt", negative, str, "a text")
        natural = data.get("prompt_style") == PromptStyle.NATURAL
        return cls(base, full, negative, PromptStyle.NATURAL if natural else PromptStyle.KEYWORDS)


def build_prompt(
    persona: Persona,
    attributes: Attributes,
    base: str | None = None,
    *,
    negative: str | None = None,
    quality_terms: bool = True,
    name_in_prompt: bool = True,
) -> Prompt:
    """Join persona, attributes, base and quality terms, in this order, as keywords.

    The persona's background never enters the prompt. ``negative`` replaces the usual negative terms.
    Raises InvalidInput when ``base`` or ``negative`` is empty, over 2000 characters or holds controls.
    """
    base, negative = clean_prompt("prompt", base), clean_prompt("negative prompt", negative)
    parts = [
        *_persona_phrases(persona, name_in_prompt),
        *_attribute_phrases(in_english(attributes)),
        base or _default_base(persona),
        *(QUALITY_TERMS if quality_terms else ()),
    ]
    return Prompt(base, ", ".join(parts), negative or USUAL_NEGATIVE)


def clean_prompt(field: str, text: str | None) -> str | None:
    """Return a text of the user's as a prompt has it. Raises InvalidInput as `build_prompt` does."""
    return None if text is None else clean_line(field, text, longest=PROMPT_LONGEST)


def _persona_phrases(persona: Persona, name_in_prompt: bool) -> list[str]:
    phrases = []
    if persona.name and name_in_prompt:
        phrases.append(persona.name)
    if persona.age:
        phrases.append(f"{persona.age} {'year' if persona.age == 1 else 'years'} old")
    if persona.personality:
        traits = ", ".join(persona.personality)
        phrases.append(traits if _ends_with(traits, _PERSONALITY) else f"{traits} personality")
    return phrases


def _attribute_phrases(attributes: Attributes) -> list[str]:
    def together(pair: tuple[Attribute, str]) -> str:
        return pair[0].joined or pair[0].name

    phrases = []
    for _, pairs in groupby(attributes.given(), key=together):
        group = list(pairs)
        *before, (last, value) = group
        words = last.spoken.get(value.lower(), value)
        for pair in reversed(before):
            words = _joined(_without_noun(*pair), words)
        phrases.append(_phrase(last, words))
    return phrases


def _joined(first: str, second: str) -> str:
    """Join the values of one phrase, no words said twice: "long black" and "black" are "long black"."""
    low, other = f"{first} ".lower(), f"{second} ".lower()
    if low.endswith(f" {other}") or low == other:
        return first
    return second if other.startswith(low) else f"{first} {second}"


def _without_noun(attribute: Attribute, value: str) -> str:
    """Return a value that others follow, without the noun that the last of them has: "long hair" before "black"."""
    said = attribute.spoken.get(value.lower(), value)
    shorter, _, noun = said.rpartition(" ")
    return shorter if shorter and noun.lower() in attribute.nouns and shorter.lower() != "no" else said


def _phrase(attribute: Attribute, words: str) -> str:
    """Return the attribute's phrase with the words in it, no word said twice: "blue eyes", not "blue eyes eyes"."""
    before, _, after = attribute.phrase.partition("{}")
    if words.lower().startswith((before.lower(), *(_DRESSED if before else ()))):
        before = ""
    if _ends_with(words, attribute.nouns):
        overlap = after.lstrip().partition(" ")  # "fair skin" is of "skin tone"
        after = f" {overlap[2]}" if overlap[2] and _ends_with(words, {overlap[0]}) else ""
    return before + words + after


def _ends_with(text: str, nouns: Collection[str]) -> bool:
    words = text.rstrip(" .,;!").replace("-", " ").split()
    return bool(words) and words[-1].lower() in nouns


def _default_base(persona: Persona) -> str:
    if persona.personality:
        trait = persona.personality[0]
        if _ends_with(trait, _PERSONALITY) and " " in trait:
            trait = trait.rpartition(" ")[0]
        return f"{DEFAULT_BASE} with {trait if _ends_with(trait, _EXPRESSION) else f'{trait} expression'}"
    return DEFAULT_BASE
