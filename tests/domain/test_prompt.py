import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import attributes, lines, personas

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import NEGATIVE_TERMS, QUALITY_TERMS, build_prompt
from avatar_creator.domain.synonyms import in_english
from avatar_creator.errors import InvalidInput

GOLDEN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("golden_prompts.json").read_text("utf-8"))["cases"]
SARAH = Persona("Sarah Johnson", 32, ("confident", "friendly"), "Senior marketing executive")
LOOKS = Attributes(gender="female", hair_style="long", hair_color="black")


def persona_of(given_: dict[str, Any] | None) -> Persona:
    given_ = given_ or {}
    return Persona(**given_ | {"personality": tuple(given_.get("personality", ()))})


@pytest.mark.parametrize("case", GOLDEN, ids=[case["source"] for case in GOLDEN])
def test_golden_prompts(case: dict[str, Any]) -> None:
    prompt = build_prompt(persona_of(case["persona"]), Attributes(**case["attributes"] or {}), case["prompt"])
    assert prompt.base == case["prompt"]
    assert prompt.full == case["full_prompt"]
    assert prompt.negative == case["negative_prompt"]


def test_there_are_six_golden_prompts() -> None:
    assert len(GOLDEN) == 6


def test_quality_terms_can_be_left_out() -> None:
    prompt = build_prompt(SARAH, LOOKS, "in an office", quality_terms=False)
    assert prompt.full == (
        "Sarah Johnson, 32 years old, confident, friendly personality, female, long black hair, in an office"
    )


def test_the_name_can_be_left_out() -> None:
    prompt = build_prompt(SARAH, LOOKS, quality_terms=False, name_in_prompt=False)
    assert prompt.full == (
        "32 years old, confident, friendly personality, female, long black hair, "
        "professional portrait with confident expression"
    )


def test_a_negative_prompt_replaces_the_usual_one() -> None:
    assert build_prompt(SARAH, LOOKS, negative=" hats,\tscarves ").negative == "hats, scarves"


def test_of_nobody_there_is_a_professional_portrait() -> None:
    prompt = build_prompt(Persona(), Attributes(), quality_terms=False)
    assert (prompt.base, prompt.full) == (None, "professional portrait")


@pytest.mark.parametrize(
    ("looks", "phrases"),
    [
        (Attributes(hair_style="bob"), "bob hair"),
        (Attributes(hair_color="red"), "red hair"),
        (Attributes(hair_style="bob", hair_color="red"), "bob red hair"),
        (Attributes(body_type="slim", eye_color="blue"), "slim body type, blue eyes"),
        (Attributes(age_range="young"), "young adult (20-30 years old)"),
        (Attributes(age_range="MATURE"), "mature adult (50+ years old)"),
        (Attributes(age_range="in her forties"), "in her forties"),
        (Attributes(style="{0} {name} %s"), "wearing {0} {name} %s attire"),
    ],
)
def test_attributes_as_the_prompt_says_them(looks: Attributes, phrases: str) -> None:
    assert build_prompt(Persona(), looks, "base", quality_terms=False).full == f"{phrases}, base"


@pytest.mark.parametrize(
    ("looks", "phrase"),
    [
        ({"eye_color": "blue eyes"}, "blue eyes"),
        ({"eye_color": "blue"}, "blue eyes"),
        ({"hair_color": "Black Hair"}, "Black Hair"),
        ({"hair_style": "long hair", "hair_color": "black hair"}, "long black hair"),
        ({"hair_style": "long", "hair_color": "black"}, "long black hair"),
        ({"hair_style": "no hair"}, "no hair"),
        ({"hair_style": "hair"}, "hair"),
        ({"ethnicity": "Asian ethnicity"}, "Asian ethnicity"),
        ({"ethnicity": "Irish descent"}, "Irish descent"),
        ({"body_type": "athletic build"}, "athletic build"),
        ({"body_type": "athletic body"}, "athletic body type"),
        ({"skin_tone": "fair skin"}, "fair skin tone"),
        ({"skin_tone": "fair skin tone"}, "fair skin tone"),
        ({"skin_tone": "fair tone"}, "fair tone"),
        ({"style": "red dress"}, "wearing red dress"),
        ({"style": "wearing a suit"}, "wearing a suit"),
        ({"style": "casual attire"}, "wearing casual attire"),
        ({"style": "casual"}, "wearing casual attire"),
        ({"style": "dressed in a suit"}, "dressed in a suit"),
        ({"style": "in a suit"}, "in a suit"),
        ({"style": "beanie"}, "wearing beanie"),
        ({"eye_color": "blue eyes."}, "blue eyes."),
        ({"hair_style": "long-haired"}, "long-haired"),
        ({"hair_style": "long black hair", "hair_color": "black"}, "long black hair"),
        ({"hair_style": "long", "hair_color": "long black"}, "long black hair"),
        ({"hair_style": "short", "hair_color": "shortish"}, "short shortish hair"),
    ],
)
def test_no_word_is_said_twice(looks: dict[str, str], phrase: str) -> None:
    full = build_prompt(Persona(), Attributes(**looks), "x", quality_terms=False).full
    assert full == f"{phrase}, x"


@pytest.mark.parametrize(
    ("persona", "phrases"),
    [
        (Persona(age=1), "1 year old, x"),
        (Persona(age=21), "21 years old, x"),
        (Persona(personality=("kind", "calm personality")), "kind, calm personality, x"),
        (Persona(personality=("kind",)), "kind personality, x"),
    ],
)
def test_no_word_about_a_person_is_said_twice(persona: Persona, phrases: str) -> None:
    assert build_prompt(persona, Attributes(), "x", quality_terms=False).full == phrases


@pytest.mark.parametrize("trait", ["calm", "calm personality", "calm expression"])
def test_the_usual_prompt_says_an_expression_once(trait: str) -> None:
    full = build_prompt(Persona(personality=(trait,)), Attributes(), quality_terms=False).full
    assert full.endswith("professional portrait with calm expression")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\x1b[2J"])
def test_a_text_that_cannot_be_sent_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^prompt "):
        build_prompt(Persona(), Attributes(), text)
    with pytest.raises(InvalidInput, match=r"^negative prompt "):
        build_prompt(Persona(), Attributes(), negative=text)


@given(personas(), attributes(), st.none() | lines(2000))
def test_any_prompt_holds_all_but_the_background_in_order(
    persona: Persona, looks: Attributes, base: str | None
) -> None:
    prompt = build_prompt(persona, looks, base)
    told = (persona.name, *persona.personality, *(value for a, value in in_english(looks).given() if not a.spoken))
    position = 0
    for text in filter(None, (*told, prompt.base, ", ".join(QUALITY_TERMS))):
        position = prompt.full.index(text, position)
    assert prompt.full.endswith(QUALITY_TERMS[-1])
    assert prompt.negative == ", ".join(NEGATIVE_TERMS)
    silent = Persona(persona.name, persona.age, persona.personality)
    assert build_prompt(silent, looks, base) == prompt  # whatever the background is, the prompt is the same


@pytest.mark.parametrize(
    ("looks", "phrases"),
    [
        ({"gender": "Frau"}, "female"),
        ({"gender": "D"}, "non-binary"),
        ({"gender": "m"}, "m"),
        ({"hair_style": "short", "hair_color": "braune Haare"}, "short brown hair"),
        ({"eye_color": "Grün"}, "green eyes"),
        ({"style": "rouge"}, "wearing red attire"),
        ({"hair_color": "blond"}, "blond hair"),
    ],
)
def test_values_in_other_languages_are_sent_in_english(looks: dict[str, str], phrases: str) -> None:
    assert build_prompt(Persona(), Attributes(**looks), "x", quality_terms=False).full == f"{phrases}, x"
