import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import attributes, lines, personas

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.lint import lint
from avatar_creator.domain.persona import Persona


@pytest.mark.parametrize(
    ("age", "age_range", "fitting"),
    [
        (45, "mature", "adult"),
        (45, "Mature", "adult"),
        (29, "mature", "young"),
        (31, "young", "adult"),
        (51, "young", "mature"),
        (29, "adult", "young"),
        (51, "adult", "mature"),
    ],
)
def test_an_age_outside_its_range_is_told_with_the_range_that_fits(age: int, age_range: str, fitting: str) -> None:
    (said,) = lint(Persona(age=age), Attributes(age_range=age_range), None)
    assert said.startswith(f"persona age {age} contradicts age range '{age_range}', which says ")
    assert said.endswith(f"; try '{fitting}'.")
    assert lint(Persona(age=age), Attributes(age_range=fitting), None) == []


@pytest.mark.parametrize(
    ("age", "age_range"),
    [
        (1, "young"),
        (30, "young"),
        (30, "adult"),
        (50, "adult"),
        (50, "mature"),
        (120, "mature"),
        (45, "40s"),
        (45, None),
    ],
)
def test_an_age_that_fits_is_silent(age: int, age_range: str | None) -> None:
    assert lint(Persona(age=age), Attributes(age_range=age_range), None) == []


@pytest.mark.parametrize(
    ("looks", "base", "cover"),
    [
        ({"hair_style": "Hijab"}, None, "Hijab"),
        ({"style": "blue headscarf"}, None, "headscarf"),
        ({}, "a woman with a head scarf", "head scarf"),
        ({"style": "business"}, "man wearing a turban", "turban"),
    ],
)
def test_a_hair_color_under_a_cover_is_told(looks: dict[str, str], base: str | None, cover: str) -> None:
    said = [f"hair color 'black' is asked for, and '{cover}' covers the hair."]
    assert lint(Persona(), Attributes(hair_color="black", **looks), base) == said
    assert lint(Persona(), Attributes(**looks), base) == []


@pytest.mark.parametrize("style", ["bald", "Bald with beard", "shaved head"])
def test_a_hair_color_without_hair_is_told(style: str) -> None:
    assert lint(Persona(), Attributes(hair_style=style, hair_color="red"), None) == [
        "hair color 'red' is asked for a head without hair."
    ]
    assert lint(Persona(), Attributes(hair_style=style), None) == []


def test_several_contradictions_are_all_told() -> None:
    looks = Attributes(age_range="mature", hair_style="bald", hair_color="red")
    assert len(lint(Persona(age=20), looks, None)) == 2


@pytest.mark.parametrize(
    "looks",
    [
        Attributes(),
        Attributes(gender="female", age_range="adult", hair_style="long", hair_color="black", style="professional"),
        Attributes(hair_style="balding", hair_color="gray"),
        Attributes(hair_style="bald", style="casual"),
    ],
)
def test_a_clean_persona_is_silent(looks: Attributes) -> None:
    assert lint(Persona("Sarah Johnson", 32, ("kind",), "wears a hijab"), looks, "with a beard") == []


@given(personas(), attributes(), st.none() | lines(200))
def test_any_persona_can_be_linted(persona: Persona, looks: Attributes, base: str | None) -> None:
    assert all(said.endswith(".") for said in lint(persona, looks, base))
