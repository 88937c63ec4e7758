"""Presets: what they may be called, what they may say, and what is changed in them."""

from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import NAME_LONGEST, OWN, Preset, changed, clean_word
from avatar_creator.errors import InvalidInput

WHO = Persona("Ann", 30, ("calm",), "Sails.")
LOOKS = Attributes(gender="female", hair_color="red")
PRESET = Preset(name="me", persona=WHO, attributes=LOOKS, prompt="a hat", choices={"width_px": 256})
NOTHING: dict[str, Any] = {"persona": Persona(), "attributes": Attributes(), "prompt": None, "choices": {}}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Team-Lead", "team-lead"),
        ("ÉQUIPE", "équipe"),
        ("e\u0301te\u0301", "été"),
        ("Straße-2", "strasse-2"),
        ("राजा", "राजा"),
        ("사람", "사람"),
        ("  me  ", "me"),
        ("x" * NAME_LONGEST, "x" * NAME_LONGEST),
    ],
)
def test_a_name_is_words_in_lower_case(given: str, name: str) -> None:
    assert clean_word("name", given) == name == clean_word("name", name)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("a b", "Did you mean a-b?"),
        ("a/b", "Did you mean a-b?"),
        ("-a", "Did you mean a?"),
        ("a--b", "Did you mean a-b?"),
    ],
)
def test_another_name_is_refused_with_one_that_is_none(given: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_word("name", given)
    assert refused.value.hint == hint


def test_title_and_category_are_there_without_being_given() -> None:
    preset = Preset(name="team-lead", prompt="a")
    assert (preset.title, preset.category, preset.description) == ("Team lead", OWN, None)


@pytest.mark.parametrize(
    "choices",
    [
        {"seed": 3},
        {"widht_px": 3},
        {"width_px": 3},
        {"width_px": True},
        {"width_px": "512"},
        {"quality_terms": "yes"},
        {"prompt_style": "poem"},
        {"negative_prompt": " "},
        {"art_style": 3},
    ],
)
def test_a_choice_that_is_none_is_refused(choices: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Preset(name="me", prompt="a", choices=choices)
    assert refused.value.hint


def test_somebody_is_shown() -> None:
    with pytest.raises(InvalidInput, match="says who the picture shows"):
        Preset(name="me", persona=Persona(background="Nobody sees it."))


def test_what_is_stored_is_read_again() -> None:
    assert Preset.from_json(PRESET.as_json()) == PRESET
    newer = PRESET.as_json() | {"mood": "new", "options": {"width_px": 256, "glow": True}}
    assert Preset.from_json(newer) == PRESET
    assert Preset.from_json({"name": "a", "prompt": "b"}) == Preset(name="a", prompt="b")


def test_nothing_said_changes_nothing() -> None:
    assert changed(PRESET, **NOTHING) == PRESET


def test_what_is_said_and_cleared_is_changed_and_the_rest_is_not() -> None:
    said = NOTHING | {"persona": Persona(age=31), "attributes": Attributes(eye_color="blue")}
    after = changed(PRESET, **said, cleared=["personality", "hair_color", "prompt", "width_px"])
    assert after.persona == Persona("Ann", 31, (), "Sails.")
    assert after.attributes == Attributes(gender="female", eye_color="blue")
    assert (after.prompt, after.choices, after.name) == (None, {}, "me")


def test_a_title_follows_the_name_until_it_is_given() -> None:
    assert changed(PRESET, **NOTHING, texts={"name": "you"}).title == "You"
    titled = changed(PRESET, **NOTHING, texts={"title": "It is me"})
    assert changed(titled, **NOTHING, texts={"name": "you"}).title == "It is me"
    assert changed(titled, **NOTHING, cleared=["title"]).title == "Me"
