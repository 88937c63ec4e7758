"""What a preset fills in, and what of it gives way to what is said."""

from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.from_preset import PresetDefaults
from avatar_creator.domain.lint import lint
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.preset import Preset

PRESET = Preset(
    name="sea-captain",
    title="Captain of a ship",
    persona=Persona("Elena Petrova", 41, ("calm",), "At sea for twenty years."),
    attributes=Attributes(
        "female", "adult", "white", hair_style="bob", hair_color="blonde", eye_color="blue", skin_tone="light"
    ),
    prompt="on a bridge",
    choices={"negative_prompt": "boats", "width_px": 512},
)
BALD = Preset(name="monk", attributes=Attributes("male", hair_style="bald"))


def row(who: Persona | None = None, prompt: str | None = None, choices: Any = None, **attributes: str) -> PersonaRow:
    return PersonaRow(7, {"a": "b"}, who or Persona(), Attributes(**attributes), prompt, choices or {}, "id")


def filled(said: PersonaRow, preset: Preset, cleared: tuple[str, ...] = ()) -> PersonaRow:
    return PresetDefaults(preset, cleared).apply(said)


def given(filled_row: PersonaRow) -> dict[str, str]:
    return {attribute.name: value for attribute, value in filled_row.attributes.given()}


def test_a_row_that_says_nothing_is_the_preset() -> None:
    assert filled(row(), PRESET) == PersonaRow(
        7,
        {"a": "b"},
        PRESET.persona,
        PRESET.attributes,
        PRESET.prompt,
        {"negative_prompt": "boats", "width_px": 512, "preset": "sea-captain"},
        "id",
    )


def test_what_is_said_goes_before_and_the_rest_stays() -> None:
    said = row(Persona("Ada", personality=("bold", "dry")), "at home", {"width_px": 64}, style="casual")
    found = filled(said, PRESET)
    assert found.persona == Persona("Ada", 41, ("bold", "dry"), "At sea for twenty years.")
    assert found.attributes.style == "casual"
    assert found.attributes.hair_style == "bob"
    assert found.prompt == "at home"
    assert found.choices == {"negative_prompt": "boats", "width_px": 64, "preset": "sea-captain"}


def test_what_is_cleared_is_in_neither() -> None:
    cleared = ("persona_name", "personality", "hair_color", "prompt", "width", "negative_prompt")
    found = filled(row(), PRESET, cleared)
    assert found.persona == Persona(None, 41, (), "At sea for twenty years.")
    assert found.attributes.hair_color is None
    assert found.prompt is None
    assert found.choices == {"preset": "sea-captain", "name": "Captain of a ship"}


def test_what_is_cleared_and_said_is_said() -> None:
    assert filled(row(hair_color="red"), PRESET, ("hair_color",)).attributes.hair_color == "red"


@pytest.mark.parametrize(
    ("said", "left_out"),
    [
        (row(Persona(age=67)), {"age_range"}),
        (row(Persona(age=9)), {"age_range"}),
        (row(Persona(age=45)), set()),
        (row(age_range="mature"), {"persona_age"}),
        (row(age_range="early 40s"), set()),
        (row(Persona(age=67), age_range="mature"), set()),
        (row(gender="male"), {"persona_name", "background"}),
        (row(gender="Female"), set()),
        (row(Persona("Ada"), gender="male"), {"background"}),
        (row(ethnicity="black"), {"hair_color", "eye_color", "skin_tone"}),
        (row(ethnicity="White"), set()),
        (row(ethnicity="black", hair_color="red"), {"eye_color", "skin_tone"}),
        (row(hair_style="bald"), {"hair_color"}),
        (row(style="hijab"), {"hair_color"}),
        (row(prompt="in a turban"), {"hair_color"}),
        (row(style="hijab", hair_color="red"), set()),
    ],
)
def test_what_contradicts_what_is_said_is_left_out(said: PersonaRow, left_out: set[str]) -> None:
    found = filled(said, PRESET)
    whole = {"persona_name": found.persona.name, "persona_age": found.persona.age, **found.attributes.as_json()}
    whole["background"] = found.persona.background
    assert {name for name, value in whole.items() if value is None} - {"body_type", "style"} == left_out
    said_of_row = lint(said.persona, said.attributes, said.prompt)
    assert lint(found.persona, found.attributes, found.prompt) == said_of_row


@pytest.mark.parametrize(
    ("gender", "prompt"),
    [
        ("male", "Full beard, smile, moustached"),
        (None, "Full beard, smile, moustached"),
        ("female", "smile"),
    ],
)
def test_another_gender_has_no_beard(gender: str | None, prompt: str) -> None:
    bearded = Preset(name="potter", attributes=Attributes("male"), prompt="Full beard, smile, moustached")
    said = row() if gender is None else row(gender=gender)
    assert filled(said, bearded).prompt == prompt


def test_a_prompt_of_a_beard_alone_is_left_out() -> None:
    assert (
        filled(row(gender="female"), Preset(name="x", attributes=Attributes("male"), prompt="stubble")).prompt is None
    )


def test_hair_is_given_to_who_has_none_in_the_preset() -> None:
    assert given(filled(row(hair_color="red"), BALD)) == {"gender": "male", "hair_color": "red"}


def test_the_colors_of_a_preset_without_an_ethnicity_stay() -> None:
    dark = Preset(name="dark", attributes=Attributes(hair_color="black", eye_color="brown"))
    assert given(filled(row(ethnicity="white"), dark)) == {
        "ethnicity": "white",
        "hair_color": "black",
        "eye_color": "brown",
    }


def test_an_avatar_without_a_persona_is_called_as_the_preset_is() -> None:
    assert filled(row(), BALD).choices["name"] == "Monk"
    assert filled(row(choices={"name": "Own"}), BALD).choices["name"] == "Own"
    assert "name" not in filled(row(Persona("Ada")), BALD).choices
