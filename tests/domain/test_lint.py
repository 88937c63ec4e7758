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
    ("age", "age_range", "said"),
    [
        (35, "25-34", "25 to 34 years; try 'adult'."),
        (12, "teen", "13 to 19 years; leave it out."),
        (45, "late 20s", "26 to 29 years; try 'adult'."),
        (30, "under 18", "0 to 17 years; try 'young'."),
        (40, "50+", "50 years or more; try 'adult'."),
        (40, "35", "35 years; try 'adult'."),
        (5, "adult", "middle-aged adult (30-50 years old); leave it out."),
    ],
)
def test_an_age_range_of_ones_own_is_read_too(age: int, age_range: str, said: str) -> None:
    assert lint(Persona(age=age), Attributes(age_range=age_range), None) == [
        f"persona age {age} contradicts age range '{age_range}', which says {said}"
    ]


@pytest.mark.parametrize(
    ("looks", "base", "said"),
    [
        ({"eye_color": "blue eyes eyes"}, None, ["eye color says 'eyes' twice in a row: 'blue eyes eyes'."]),
        ({"hair_style": "Hair hair"}, None, ["hair style says 'Hair' twice in a row: 'Hair hair'."]),
        ({}, "long hair hair, in a park", ["prompt says 'hair' twice in a row: 'long hair hair, in a park'."]),
        ({"style": "red dress attire"}, None, ["style 'red dress attire' says it twice; try 'red dress'."]),
        ({"style": "business attire"}, None, []),
        ({"style": "sweater dress"}, None, []),
        ({"eye_color": "very very blue"}, None, []),
        ({}, "New York, New York", []),
    ],
)
def test_a_noun_that_stands_twice_is_said(looks: dict[str, str], base: str | None, said: list[str]) -> None:
    assert lint(Persona(), Attributes(**looks), base) == said


def test_what_stands_for_no_value_is_said_once_a_value() -> None:
    looks = Attributes(hair_color="NaN", style="Unknown", eye_color=" ")
    assert lint(Persona("N/A", personality=("kind", "none")), looks, None) == [
        "persona name 'N/A' counts as not given.",
        "personality 'none' counts as not given.",
        "hair color 'NaN' counts as not given.",
        "style 'Unknown' counts as not given.",
    ]


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
        (45, "Gen Z"),
        (34, "25-34"),
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
