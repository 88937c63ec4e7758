"""What people can be balanced over."""

from pathlib import Path

import pytest

from avatar_creator.casts.axes import AXES, axis_called, value_called
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.errors import InvalidInput


def test_every_attribute_is_an_axis_in_the_order_of_the_table() -> None:
    assert list(AXES) == ["age" if a.name == "age_range" else a.name for a in ATTRIBUTES] + ["locale"]


def test_usual_values_are_values_that_the_attributes_know() -> None:
    for attribute in ATTRIBUTES:
        axis = axis_called(attribute.name)
        assert set(axis.values) <= set(attribute.known)
        assert len(axis.values) == len(set(axis.values)) > 2


def test_no_usual_ethnicity_is_a_case_of_another() -> None:
    values = set(AXES["ethnicity"].values)
    assert len(values) == 8
    for pair in ({"asian", "east-asian"}, {"black", "african"}, {"white", "caucasian"}, {"mixed", "white"}):
        assert not pair <= values


@pytest.mark.parametrize("name", ["hair_color", "hair-color", "Hair color", "HAIR-COLOR"])
def test_an_axis_is_found_as_people_write_it(name: str) -> None:
    assert axis_called(name).name == "hair_color"
    assert axis_called("age range") is axis_called("age_range") is AXES["age"]


def test_an_unknown_axis_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="There is no axis 'etnicity'") as caught:
        axis_called("etnicity")
    assert "Did you mean ethnicity?" in str(caught.value.hint)


def test_the_documentation_names_the_usual_values() -> None:
    page = (Path(__file__).parents[2] / "docs" / "casts.md").read_text(encoding="utf-8")
    for axis in AXES.values():
        if axis.values:
            assert f"| `{axis.name}` | {', '.join(axis.values)} |" in page


@pytest.mark.parametrize(
    ("axis", "text", "value"),
    [
        ("ethnicity", "East Asian", "east-asian"),
        ("ethnicity", "west-asian", "west-asian"),
        ("ethnicity", "Black or African American", "Black or African American"),
        ("hair_color", "blond", "blond"),
        ("hair_color", "grey", "grey"),
        ("gender", "NONBINARY", "non-binary"),
        ("age", "Young", "young"),
        ("age", "18\u201324", "18-24"),
        ("locale", " de_DE ", "de_DE"),
    ],
)
def test_a_value_is_spelt_as_the_axis_spells_it(axis: str, text: str, value: str) -> None:
    assert value_called(axis, text) == value


@pytest.mark.parametrize(
    ("axis", "text"),
    [("gender", "femlae"), ("gender", "femal"), ("gender", "males"), ("ethnicity", "hispnic"), ("style", "bussiness")],
)
def test_a_slip_is_refused_with_what_was_meant(axis: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=f"{axis} is '{text}', which is not known") as caught:
        value_called(axis, text)
    assert str(caught.value.hint).startswith("Did you mean")
