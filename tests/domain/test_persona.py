import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from people import personas

from avatar_creator.domain.persona import Persona
from avatar_creator.errors import InvalidInput


def test_every_part_may_be_left_out() -> None:
    assert Persona() == Persona(name=None, age=None, personality=(), background=None)


@pytest.mark.parametrize("age", [1, 120])
def test_ages_go_from_1_to_120(age: int) -> None:
    assert Persona(age=age).age == age


@pytest.mark.parametrize("age", [0, 121, -5, True, "x", 32.0])
def test_other_ages_are_refused(age: Any) -> None:
    with pytest.raises(InvalidInput, match=r"persona age is .*(outside 1 to 120|no whole number)"):
        Persona(age=age)


def test_ten_traits_of_fifty_characters_are_allowed() -> None:
    traits = tuple(f"{number:050}" for number in range(10))
    assert Persona(personality=traits).personality == traits


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"personality": ("kind",) * 11}, "number of personality traits is '11', outside 0 to 10"),
        ({"personality": ("x" * 51,)}, "personality has 51 characters, at most 50"),
        ({"personality": ("kind", "\u200b")}, "personality shows nothing"),
        ({"name": "\u200b"}, "persona name shows nothing"),
        ({"name": "x" * 101}, "persona name has 101 characters, at most 100"),
        ({"name": "\x1b[2J"}, "persona name holds the control character"),
        ({"background": "x" * 501}, "persona background has 501 characters, at most 500"),
    ],
)
def test_a_part_outside_its_limits_is_refused_by_name(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Persona(**given_)


def test_texts_are_cleaned() -> None:
    persona = Persona("  Sarah \n Johnson ", 32, (" very  kind ",), " a\tlife ")
    assert persona == Persona("Sarah Johnson", 32, ("very kind",), "a life")


@pytest.mark.parametrize("nothing", ["", "  ", "nan", "N/A"])
def test_texts_that_say_nothing_count_as_left_out(nothing: str) -> None:
    assert Persona(nothing, 32, ("kind", nothing), nothing) == Persona(None, 32, ("kind",))


def test_names_that_elsewhere_say_nothing_are_names() -> None:
    assert Persona("Null", personality=("none",)) == Persona("Null")


def test_composed_and_decomposed_letters_are_one_person() -> None:
    assert Persona("Zoe\u0308") == Persona("Zo\u00eb")


def test_a_persona_is_read_as_it_was_kept_under_earlier_rules() -> None:
    kept = {"name": "\u200b", "age": None, "personality": ["nan"], "background": "e\u0301"}
    assert Persona.from_json(kept).as_json() == kept


def test_a_persona_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Persona().age = 3  # type: ignore[misc]


@given(personas())
def test_a_persona_survives_json(persona: Persona) -> None:
    assert Persona.from_json(json.loads(json.dumps(persona.as_json()))) == persona
