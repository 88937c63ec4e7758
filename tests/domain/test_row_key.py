"""Keys, seeds and recipes of rows: what is pinned here decides who is made again, and never changes."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.picture import SEED_LEAST, SEED_MOST
from avatar_creator.domain.prompt import USUAL_NEGATIVE, PromptStyle
from avatar_creator.domain.row_key import derived_seed, persona_id_of, recipe_hasher, row_key
from avatar_creator.engines.table import OPTIONS, decisive

SARAH = Persona("Sarah", 34, ("friendly", "calm"), "Grew up by the sea.")
LOOKS = Attributes(gender="female", hair_color="black")
RECIPE: dict[str, Any] = {
    "seed": 7,
    "engine": "offline",
    "model": "dicebear/avataaars",
    "options": {"art_style": "avataaars", "drawing_rules": 2},
    "width_px": 1024,
    "height_px": 1024,
}


def recipe_hash(key: str, *, seed: int, **means: Any) -> str:
    return recipe_hasher(**means)(key, seed)


def a_row(
    persona: Persona = SARAH,
    attributes: Attributes = LOOKS,
    prompt: str | None = None,
    persona_id: str | None = None,
    *,
    number: int = 2,
    cells: Mapping[str, str] = {},
) -> PersonaRow:
    return PersonaRow(number, cells, persona, attributes, prompt, persona_id=persona_id)


# If one of these fails, every picture of every batch would be made, and paid for, once more: mend the code.


def test_the_keys_of_rows_are_the_ones_that_they_had() -> None:
    assert row_key(a_row(), {}) == "1ef34c49c428c39b33c482845372e08747791225ac0f5f0177cec81193f9a69b"
    on_a_boat = a_row(prompt="on a boat", persona_id="k-7")
    assert row_key(on_a_boat, {}) == "7ecd29aa4ebf0d293732680ca85fd779de003796eee5d8ab2cac833cd1f53233"
    lukasz = a_row(Persona("Łukasz"), Attributes(ethnicity="東アジア"))
    looks = a_row(Persona(None, 5), Attributes(hair_style="long straight", hair_color="Dark-Brown"), persona_id="ä 1")
    in_words = row_key(looks, {"quality_terms": False, "negative_prompt": "hats"})
    assert in_words == "fff313bfa4580aa0f513db31ea9d28d1ee8902644f7c9b2f43f257db64364520"
    natural = row_key(lukasz, {"prompt_style": "natural"})
    assert natural == "492f6d5c0ce34f79774bdb635c54e1a16e46264ff2c623ad288d5ed641324951"


def test_the_seeds_of_rows_are_the_ones_that_they_had() -> None:
    key = row_key(a_row(), {})
    assert derived_seed(1, a_row(), key) == 889971186
    assert derived_seed(2, a_row(), key) == 1942041260
    assert derived_seed(1, a_row(persona_id="k-7"), key) == 144417193


def test_the_recipes_of_pictures_are_the_ones_that_they_had() -> None:
    paid = {"options": {"steps": 30, "guidance": 3.5}}
    assert recipe_hash("k", **RECIPE) == "49b60a2a670c92fd0599362f619a59f235636cd2aeb862c44a1b80f5641a8881"
    assert recipe_hash("k", **RECIPE | paid) == "3b83a896fa1ce6af4dcad9868617ccb6a4875a6aa510b97b504e7a441d9bac91"


def test_each_option_of_an_engine_decides_pixels_or_not() -> None:
    """An option that is added belongs into one of the two; with one in the other, all would be paid for again."""
    pixels = {"art_style", "drawing_rules", "model", "lora", "lora_scale", "steps", "guidance", "precision", "quantize"}
    assert {name for name, option in OPTIONS.items() if option.decisive} == pixels
    assert decisive({"steps": 30, "timeout_s": 9.0, "provider": "fal-ai", "of_a_plugin": 1}) == {
        "steps": 30,
        "of_a_plugin": 1,
    }


# -- what a key is of


@pytest.mark.parametrize(
    "other",
    [
        a_row(number=99, cells={"name": "Sarah", "notes": "a column that nobody uses"}),
        a_row(Persona("Sarah", 34, ("friendly", "calm"), "Moved to the mountains.")),
        a_row(Persona("  Sarah ", 34, (" friendly", "calm\n"))),
        a_row(attributes=Attributes(gender=" Female", hair_color="BLACK ")),
        a_row(attributes=Attributes(gender="female", hair_color="black", eye_color="n/a")),
        a_row(prompt="  "),
        a_row(persona_id=""),
    ],
)
def test_what_says_the_same_has_the_same_key(other: PersonaRow) -> None:
    assert row_key(other, {}) == row_key(a_row(), {})


@pytest.mark.parametrize(
    "other",
    [
        a_row(Persona("Sara", 34, ("friendly", "calm"))),
        a_row(Persona("sarah", 34, ("friendly", "calm"))),
        a_row(Persona("Sarah", 35, ("friendly", "calm"))),
        a_row(Persona("Sarah", 34, ("friendly",))),
        a_row(Persona("Sarah", 34, ("friendly, calm",))),
        a_row(attributes=Attributes(gender="female", hair_color="brown")),
        a_row(attributes=Attributes(gender="female", eye_color="black")),
        a_row(attributes=Attributes(gender="female")),
        a_row(prompt="on a boat"),
        a_row(persona_id="1"),
    ],
)
def test_what_says_something_else_has_another_key(other: PersonaRow) -> None:
    assert row_key(other, {}) != row_key(a_row(), {})


@pytest.mark.parametrize("said", ["east-asian", "East Asian", "east_asian", "EASTASIAN"])
def test_a_value_has_one_key_however_its_words_are_joined(said: str) -> None:
    same, other = a_row(attributes=Attributes(ethnicity="east-asian")), a_row(attributes=Attributes(ethnicity="asian"))
    assert row_key(a_row(attributes=Attributes(ethnicity=said)), {}) == row_key(same, {}) != row_key(other, {})


def test_a_name_has_one_key_in_both_forms_of_unicode() -> None:
    composed, decomposed = a_row(Persona("Zoë"), persona_id="é"), a_row(Persona("Zoe\u0308"), persona_id="e\u0301")
    assert row_key(composed, {}) == row_key(decomposed, {})
    assert derived_seed(1, composed, "") == derived_seed(1, decomposed, "")


def test_to_say_how_a_prompt_is_worded_as_usual_changes_no_key() -> None:
    usual = {
        "negative_prompt": USUAL_NEGATIVE,
        "quality_terms": True,
        "name_in_prompt": True,
        "prompt_style": PromptStyle.KEYWORDS,
    }
    assert row_key(a_row(), usual) == row_key(a_row(), dict.fromkeys(usual)) == row_key(a_row(), {})
    natural = {"prompt_style": PromptStyle.NATURAL}
    assert row_key(a_row(), natural) == row_key(a_row(), {"prompt_style": "natural", "name_in_prompt": False})


@pytest.mark.parametrize(
    "wording",
    [
        {"negative_prompt": "hats"},
        {"quality_terms": False},
        {"name_in_prompt": False},
        {"prompt_style": "natural"},
        {"prompt_style": "natural", "name_in_prompt": True},
    ],
)
def test_how_a_prompt_is_worded_is_part_of_a_key(wording: dict[str, Any]) -> None:
    assert row_key(a_row(), wording) != row_key(a_row(), {})


# -- seeds


def test_a_row_with_an_id_keeps_its_seed_when_it_is_edited() -> None:
    before, after = a_row(persona_id="k-7"), a_row(attributes=Attributes(gender="male"), persona_id="k-7")
    seeds = {derived_seed(1, row, row_key(row, {})) for row in (before, after)}
    assert len(seeds) == 1
    assert derived_seed(1, a_row(persona_id="k-8"), "") not in seeds


@given(st.integers(), st.text(), st.text(alphabet="0123456789abcdef"))
def test_every_seed_is_one_that_an_engine_takes(batch_seed: int, persona_id: str, key: str) -> None:
    assert SEED_LEAST <= derived_seed(batch_seed, a_row(persona_id=persona_id), key) <= SEED_MOST


# -- recipes


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 8},
        {"engine": "another"},
        {"model": "dicebear/lorelei"},
        {"options": {"art_style": "lorelei", "drawing_rules": 2}},
        {"options": {"art_style": "avataaars", "drawing_rules": 3}},
        {"width_px": 512},
        {"height_px": 512},
    ],
)
def test_what_decides_pixels_is_part_of_a_recipe(other: dict[str, Any]) -> None:
    assert recipe_hash("k", **RECIPE | other) != recipe_hash("k", **RECIPE) != recipe_hash("l", **RECIPE)


def test_a_number_counts_and_not_how_it_is_written() -> None:
    whole, decimal = {"guidance": 7, "steps": None}, {"guidance": 7.0}
    assert recipe_hash("k", **RECIPE | {"options": whole}) == recipe_hash("k", **RECIPE | {"options": decimal})


# -- files that people edit

_VALUES = st.text(alphabet="abcé ", min_size=1, max_size=5).filter(str.strip)
_PEOPLE = st.fixed_dictionaries(
    {"name": _VALUES, "age": st.integers(1, 120)},
    optional={attribute.name: _VALUES for attribute in ATTRIBUTES},
)


def a_row_of(cells: Mapping[str, Any], number: int) -> PersonaRow:
    looks = {name: value for name, value in cells.items() if name not in {"name", "age"}}
    return a_row(Persona(cells["name"], cells["age"]), Attributes(**looks), number=number)


@given(st.lists(_PEOPLE, max_size=6), st.randoms())
def test_no_key_depends_on_other_rows_or_on_the_order_of_columns(people: list[dict[str, Any]], chance: Any) -> None:
    before = {json.dumps(cells, sort_keys=True): row_key(a_row_of(cells, n), {}) for n, cells in enumerate(people)}
    moved = [dict(chance.sample(list(cells.items()), len(cells))) for cells in people]
    moved.insert(chance.randint(0, len(moved)), {"name": "New", "age": 1})
    chance.shuffle(moved)
    after = {json.dumps(cells, sort_keys=True): row_key(a_row_of(cells, n), {}) for n, cells in enumerate(moved)}
    assert before.items() <= after.items()


def test_no_two_pictures_have_the_same_persona_id() -> None:
    ids = ["p1", "p1#1", "p1#2", "p1#3", "p1#2#1", "p1#2#2", "p1#", "p1##2", "#2", "p1 #2", "p1#02", "P1", "29", "029"]
    given = {(id_, n): persona_id_of(id_, n) for id_ in ids for n in (1, 2, 3, 12)}
    assert len(set(given.values())) == len(given)
    assert [given["p1", 1], given["p1", 2], given["#2", 1], given["p1 #2", 1]] == ["p1", "p1#2", "#2", "p1 #2"]
