"""Fields: every spelling of a name, and how a cell is read."""

from typing import Any

import pytest

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.fields import FIELDS, Field, Part
from avatar_creator.errors import InvalidInput


@pytest.mark.parametrize(
    "spelling",
    [
        "persona_name",
        "persona-name",
        "personaName",
        "PersonaName",
        "Persona Name",
        " PERSONA  NAME ",
        "persona.name",
        "--persona-name",
        "name",
        "Full name",
    ],
)
def test_every_spelling_of_a_name_means_the_same_field(spelling: str) -> None:
    assert FIELDS.normalised(spelling) == "persona_name"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Hair colour", "hair_color"),
        ("eyeColour", "eye_color"),
        ("attributes.hair_style", "hair_style"),
        ("persona[age]", "persona_age"),
        ("Age", "persona_age"),
        ("persona_personality", "personality"),
        ("width_px", "width"),
        ("Sex", "gender"),
        ("ID", "persona_id"),
        ("avatar name", "avatar_name"),
        ("Beruf", None),
        ("", None),
        ("---", None),
        ("no_quality_terms", None),
    ],
)
def test_other_spellings(spelling: str, name: str | None) -> None:
    assert FIELDS.normalised(spelling) == name


def test_the_field_that_is_most_like_a_typo_is_named() -> None:
    assert FIELDS.nearest("haircolr") == "hair_color"
    assert FIELDS.nearest("Occupation") is None


def test_no_spelling_means_two_fields() -> None:
    for field in FIELDS:
        for spelling in (field.name, field.label, *field.spellings):
            assert FIELDS.normalised(spelling) == field.name, spelling


def test_all_attributes_are_fields() -> None:
    assert [each.name for each in FIELDS if each.part is Part.ATTRIBUTES] == [each.name for each in ATTRIBUTES]


def test_a_table_is_extended_and_a_field_of_it_replaced() -> None:
    extended = FIELDS.extended(
        [Field("stripes", "Stripes.", Part.OPTIONS, int), Field("seed", "A seed.", Part.CHOICES)]
    )

    assert extended.normalised("Stripes") == "stripes"
    assert extended["seed"].help == "A seed."
    assert "stripes" not in FIELDS
    assert FIELDS.normalised("Stripes") is None


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("persona_age", "29", 29),
        ("persona_age", " 29.0 ", 29),
        ("persona_age", "29,0", 29),
        ("persona_age", 29.0, 29),
        ("seed", "2147483647", 2147483647),
        ("persona_age", "nan", None),
        ("persona_age", float("nan"), None),
        ("persona_age", None, None),
        ("persona_name", "None", "None"),
        ("gender", "None", None),
        ("gender", "  ", None),
        ("persona_name", 7, "7"),
        ("persona_name", 7.0, "7"),
        ("avatar_name", 1234567.0, "1234567"),
        ("format", "JPG", "jpeg"),
        ("format", "WebP", "webp"),
        ("embed", "None", "none"),
        ("prompt_style", "Natural", "natural"),
        ("commercial", "Yes", True),
        ("commercial", False, False),
        ("commercial", "0", False),
        ("commercial", 1.0, True),
    ],
)
def test_a_cell_is_read_as_the_kind_of_its_field(name: str, value: object, read: Any) -> None:
    found = FIELDS[name].read(value)

    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("persona_age", "about 30", "persona age is 'about 30', which is no whole number."),
        ("persona_age", "29.5", "persona age is '29.5', which is no whole number."),
        ("persona_age", True, "persona age is 'True', which is no whole number."),
        ("persona_age", float("inf"), "persona age is 'inf', which is no whole number."),
        ("persona_age", "1e400", "persona age is '1e400', which is no whole number."),
        ("persona_name", True, "persona name is 'True', which is no text."),
        ("persona_name", {"first": "Ana"}, "persona name is '{'first': 'Ana'}', which is no text."),
        ("format", "gif", "format is 'gif', which is not known."),
        ("commercial", "perhaps", "commercial is 'perhaps', which is neither yes nor no."),
    ],
)
def test_a_cell_that_means_nothing_is_refused_by_name(name: str, value: object, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        FIELDS[name].read(value)

    assert caught.value.message == said
    assert caught.value.hint
