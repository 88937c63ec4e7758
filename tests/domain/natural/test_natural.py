import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import attributes, lines, personas

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.natural import WORDS_LEAST, WORDS_MOST, build_natural_prompt
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.prompt import NEGATIVE_TERMS
from avatar_creator.domain.tokens import words_in

GOLDEN: list[dict[str, Any]] = json.loads(Path(__file__).with_name("golden_natural_prompts.json").read_text("utf-8"))[
    "cases"
]


def natural(
    persona: Persona | None = None, looks: Attributes | None = None, base: str | None = None, **more: Any
) -> str:
    return build_natural_prompt(persona or Persona(), looks or Attributes(), base, **more).full


@pytest.mark.parametrize("case", GOLDEN, ids=[case["title"] for case in GOLDEN])
def test_golden_prompts(case: dict[str, Any]) -> None:
    who = case["persona"]
    persona = Persona(**who | {"personality": tuple(who.get("personality", ()))})
    prompt = build_natural_prompt(persona, Attributes(**case["attributes"]), case["prompt"], **case["more"])
    assert prompt.full == case["full_prompt"]
    assert prompt.base == case["prompt"]
    assert prompt.negative == case["more"].get("negative", ", ".join(NEGATIVE_TERMS))


@pytest.mark.parametrize("case", GOLDEN, ids=[case["title"] for case in GOLDEN])
def test_a_prompt_has_30_to_80_words(case: dict[str, Any]) -> None:
    assert WORDS_LEAST <= words_in(case["full_prompt"]) <= WORDS_MOST


def test_the_name_is_left_out_unless_it_is_asked_for() -> None:
    sarah = Persona("Sarah Johnson", 32)
    assert "Sarah" not in natural(sarah)
    assert natural(sarah, name_in_prompt=True).startswith("A photograph of Sarah Johnson, a 32-year-old person.")
    assert natural(sarah, name_in_prompt=False) == natural(sarah)


@pytest.mark.parametrize("commas", [",", ", ,", ";", ":"])
def test_commas_alone_are_no_sentence(commas: str) -> None:
    assert natural(base=commas) == natural(base="a person")


def test_a_name_alone_is_a_person() -> None:
    assert natural(Persona("Sarah")).startswith("A photograph of a person. ")


def test_without_quality_terms_nothing_is_said_of_lens_and_skin() -> None:
    full = natural(looks=Attributes(gender="male"), base="in an office", quality_terms=False)
    assert full == "A photograph of a man. In an office. Head and shoulders, looking at the camera."


@pytest.mark.parametrize(
    ("base", "added"),
    [
        ("in a library", "Head and shoulders, looking at the camera."),
        ("close-up in a library", "Looking at the camera."),
        ("close-up in a library, looking away", None),
        ("golden hour light", "Head and shoulders, looking at the camera, against a plain, softly blurred background."),
        ("full body, looking up, at sunset", "Against a plain, softly blurred background."),
        (
            "happy",
            (
                "Head and shoulders, looking at the camera, in soft natural light from a window, "
                "against a plain, softly blurred background."
            ),
        ),
    ],
)
def test_only_what_the_prompt_leaves_open_is_added(base: str, added: str | None) -> None:
    full = natural(looks=Attributes(gender="male"), base=base, quality_terms=False)
    _, _, rest = full.partition(f"{base[0].upper()}{base[1:]}.")
    assert rest.strip() == (added or "")


@pytest.mark.parametrize("base", ["shot with a 35mm lens", "f/2.8, night", "on Kodak Portra"])
def test_a_lens_of_the_user_is_the_only_one(base: str) -> None:
    full = natural(looks=Attributes(gender="male"), base=base)
    assert "85mm" not in full
    assert "Natural skin texture" in full


def test_an_expression_of_the_prompt_is_the_only_one() -> None:
    kind = Persona(personality=("kind",))
    assert "kind smile" in natural(kind, base="in a park")
    assert "kind" not in natural(kind, base="with a serious expression, in a park")


def test_an_exact_age_wins_over_a_range() -> None:
    full = natural(Persona(age=45), Attributes(gender="female", age_range="adult"))
    assert full.startswith("A photograph of a 45-year-old woman with faint lines around the eyes.")


def test_a_hair_color_that_is_asked_for_is_not_grayed() -> None:
    old = Persona(age=75)
    assert "with gray hair" in natural(old)
    assert "gray" not in natural(old, Attributes(hair_color="black"))
    assert "gray" not in natural(old, base="with red hair")


def test_wishes_that_are_turned_round_are_said_once() -> None:
    full = natural(base="a man, no glasses", negative="glasses, beard")
    assert full.count("clear, unobstructed eyes") == 2  # where the prompt says it, and for the negative one
    assert "a clean-shaven face" in full
    assert "glasses" not in full.replace("unobstructed", "")


def test_the_usual_negative_terms_add_nothing() -> None:
    usual = ", ".join(NEGATIVE_TERMS)
    assert natural(base="a man", negative=usual) == natural(base="a man")


def test_a_long_prompt_is_the_users_and_stays() -> None:
    base = "A man of many words. " * 90
    full = natural(base=base)
    assert base.strip()[2:] in full


def test_looks_that_are_long_lose_the_words_on_the_lens() -> None:
    long = "very very very very very very very very short"
    names = ("ethnicity", "hair_style", "eye_color", "skin_tone", "body_type", "hair_color", "style")
    looks = Attributes(**dict.fromkeys(names, long))
    assert "85mm" not in natural(looks=looks)


@given(personas(), attributes(), st.none() | lines(2000), st.none() | lines(200))
def test_any_words_of_users_survive(
    persona: Persona, looks: Attributes, base: str | None, negative: str | None
) -> None:
    prompt = build_natural_prompt(persona, looks, base, negative=negative)
    assert prompt.full.strip() == prompt.full
    if prompt.base and not any(word in prompt.base.lower() for word in ("no", "without", "not")):
        end = prompt.base.rstrip(" ,;:")[1:]
        assert end in prompt.full
    silent = Persona(persona.name, persona.age, persona.personality)
    again = build_natural_prompt(silent, looks, base, negative=negative)
    assert again == prompt  # whatever the background is, the prompt is the same
