"""Presets as people write them, and what is said of what is none."""

from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import Preset
from avatar_creator.errors import InvalidInput
from avatar_creator.presets.parsing import PRESETS_MOST, preset_of, presets_of, written

WHOLE = {
    "name": "ferry-captain",
    "title": "Ferry captain",
    "category": "transport",
    "description": "For the harbor.",
    "persona": {"name": "Elif Demir", "age": 51, "personality": ["calm", "watchful"], "background": "At sea."},
    "attributes": {"gender": "female", "hair_color": "gray"},
    "prompt": "captain uniform",
    "options": {"art_style": "micah", "negative_prompt": "hats", "quality_terms": False, "width": 512},
}


def test_a_whole_one() -> None:
    assert preset_of(WHOLE) == Preset(
        name="ferry-captain",
        title="Ferry captain",
        category="transport",
        description="For the harbor.",
        persona=Persona("Elif Demir", 51, ("calm", "watchful"), "At sea."),
        attributes=Attributes(gender="female", hair_color="gray"),
        prompt="captain uniform",
        choices={"art_style": "micah", "negative_prompt": "hats", "quality_terms": False, "width_px": 512},
    )


def test_what_is_written_is_read_again() -> None:
    assert preset_of(written(preset_of(WHOLE))) == preset_of(WHOLE)
    assert preset_of(preset_of(WHOLE).as_json()) == preset_of(WHOLE)


@pytest.mark.parametrize(
    "flat",
    [
        {"age": "51", "traits": "calm, watchful", "sex": "female", "Hair colour": "gray"},
        {"personaAge": 51.0, "personality": ["calm", "watchful"], "gender": "female", "hairColor": "gray"},
        {
            "persona": {"persona_age": 51, "traits": ["calm", "watchful"]},
            "attributes": {"Gender": "female"},
            "hair-color": "gray",
        },
    ],
)
def test_keys_in_any_spelling_beside_the_name(flat: dict[str, Any]) -> None:
    preset = preset_of({"name": "x"} | flat)
    assert preset.persona == Persona(None, 51, ("calm", "watchful"))
    assert preset.attributes == Attributes(gender="female", hair_color="gray")


@pytest.mark.parametrize("document", [[WHOLE], {"presets": [WHOLE]}, WHOLE])
def test_a_document_is_a_list_or_one(document: Any) -> None:
    assert presets_of(document) == [preset_of(WHOLE)]


def test_what_show_prints_beside_is_left_out() -> None:
    assert preset_of(WHOLE | {"built_in": True, "uses": 3, "last_used_at": None}) == preset_of(WHOLE)


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        ({"hair_colr": "red"}, "'hair_colr' is no key of a preset.", "Did you mean hair_color?"),
        ({"zzz": 1}, "'zzz' is no key of a preset.", "Known: name, title"),
        ({"attributes": {"eyes colr": "red"}}, "'eyes colr' is no key of attributes.", "Did you mean eye_color?"),
        ({"attributes": {"age": 3}}, "'age' is no key of attributes.", "Known: gender"),
        ({"persona": {"gender": "male"}}, "'gender' is no key of persona.", "Known: name, age"),
        ({"options": {"seed": 3}}, "'seed' is no key of options.", "Known: "),
        ({"options": {"model": "https://example.org"}}, "'model' is no key of options.", "Known: "),
        ({"persona": "Sarah"}, "persona is the text 'Sarah', not names and values.", "See how"),
        ({"attributes": ["female"]}, "attributes is a list, not names and values.", "See how"),
        ({"persona": {"age": "old"}}, "persona age is 'old', which is no whole number.", "Give persona age"),
        ({"persona": {"age": 500}}, "persona age is '500', outside 1 to 120.", "Give persona age"),
        ({"persona": {"age": True}}, "persona age is 'True', which is no whole number.", "Give persona age"),
        ({"persona": {"age": {"years": 3}}}, "persona age is a map.", "Give persona age one value."),
        ({"attributes": {"gender": ["a"]}}, "gender is a list.", "Give gender one value."),
        ({"attributes": {"gender": True}}, "gender is 'True', which is no text.", "Give a text."),
        ({"persona": {"personality": [["a"]]}}, "personality is a list of lists.", "Give a list of traits"),
        ({"persona": {"personality": ["a"] * 11}}, "number of personality traits is '11'", "Give"),
        ({"title": ["a"]}, "title is of type list, and has to be str.", "Give a text."),
        ({"name": "a/b"}, "preset name is 'a/b', which holds '/'.", "Did you mean a-b?"),
        ({"name": "../../etc"}, "preset name is '../../etc', which holds '.'.", "Did you mean etc?"),
        ({"name": "🎭"}, "preset name is '🎭', which holds '🎭'.", "Give letters and digits"),
        ({"name": "x" * 500}, "preset name has 500 characters, at most 50 are allowed", "Shorten preset name."),
        ({"name": "a\x1bb"}, "preset name holds the control character U+001B", "Remove it"),
        ({"name": None}, "preset name is empty.", "Give preset name"),
        ({"name": ["x"]}, "name is of type list", "Give a text."),
        ({"age": 3}, "persona age is given twice.", "Write it once."),
        ({"options": {"width": 3}}, "width is '3', outside 64 to 2048.", "Give width"),
        ({"options": {"art_style": "oil"}}, "art style is 'oil', which is not known.", "Known: "),
        ({"options": {"quality_terms": "perhaps"}}, "quality terms is 'perhaps', which is neither", "Give yes or no."),
        ({"prompt": "x" * 2001}, "prompt has 2001 characters", "Shorten prompt."),
        ({"description": "x" * 301}, "description has 301 characters", "Shorten description."),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        presets_of([{"name": "good", "prompt": "a"}, WHOLE | change])
    assert refused.value.message.startswith("Preset 2")
    assert message in refused.value.message
    assert (refused.value.hint or "").startswith(hint)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "There is nothing instead of a list of presets."),
        ("text", "There is the text 'text' instead of a list of presets."),
        (3, "There is the number '3' instead of a list of presets."),
        ({"presets": {"a": 1}}, "There is a map instead of a list of presets."),
        (["nurse"], "Preset 1 is the text 'nurse', not names and values."),
        ([None], "Preset 1 is nothing, not names and values."),
        ([{"name": "a"}], "Preset 1 ('a'): Nothing in the preset a says who the picture shows."),
        ([{"name": "a", "age": 3}, {"name": " A ", "age": 4}], "Preset 2 is called a, as another"),
        ([{}] * (PRESETS_MOST + 1), f"There are {PRESETS_MOST + 1} presets in one file"),
        ([{3: 4}], "Preset 1: '3' is no key of a preset."),
    ],
)
def test_what_is_no_list_of_presets_is_refused(document: Any, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        presets_of(document)
    assert refused.value.message.startswith(message)
    assert refused.value.hint
