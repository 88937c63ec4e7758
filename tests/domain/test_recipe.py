import json

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import DigitalSourceType, Picture, PictureFormat, PictureRequest
from avatar_creator.domain.prompt import Prompt
from avatar_creator.domain.recipe import Recipe

REQUEST = PictureRequest(
    Persona("Sarah", 32, ("kind",), "Grew up by the sea."),
    Attributes(gender="female"),
    Prompt("in an office", "Sarah, in an office", "ugly"),
    seed=42,
    options={"art_style": "auto"},
)
PICTURE = Picture(
    b"",
    PictureFormat.PNG,
    96,
    80,
    "avataaars",
    DigitalSourceType.ALGORITHMIC,
    {"core": "10.7"},
    options={"art_style": "avataaars"},
)


def test_a_recipe_is_of_the_picture_that_was_made() -> None:
    recipe = Recipe.of(REQUEST, PICTURE._replace(seed=7, provider="fal-ai"), engine="offline")
    assert (recipe.seed, recipe.provider, recipe.model) == (7, "fal-ai", "avataaars")
    assert (recipe.width_px, recipe.height_px) == (96, 80)
    assert (recipe.options, recipe.made_with) == ({"art_style": "avataaars"}, {"core": "10.7"})
    assert Recipe.of(REQUEST, PICTURE, engine="offline").seed == 42


def test_a_recipe_as_json_names_all_but_the_background_and_a_provider_that_nobody_was() -> None:
    data = Recipe.of(REQUEST, PICTURE, engine="offline").as_json()
    assert json.loads(json.dumps(data)) == data
    assert data["persona"] == {"name": "Sarah", "age": 32, "personality": ["kind"], "background": None}
    assert (data["prompt"], data["full_prompt"]) == ("in an office", "Sarah, in an office")
    assert "provider" not in data
    assert Recipe.of(REQUEST, PICTURE._replace(provider="x"), engine="offline").as_json() == data | {"provider": "x"}


@pytest.mark.parametrize("kind", PictureFormat)
def test_only_what_loses_something_has_a_quality(kind: PictureFormat) -> None:
    recipe = Recipe.of(REQUEST._replace(format=kind, jpeg_quality=80), PICTURE, engine="offline")
    assert (recipe.format, recipe.jpeg_quality) == (kind, None if kind is PictureFormat.PNG else 80)


def test_a_persona_that_earlier_versions_allowed_is_kept_as_it_was() -> None:
    persona = Persona.stored("nan", 0, (), None)
    recipe = Recipe.of(REQUEST._replace(persona=persona), PICTURE, engine="offline")
    assert recipe.as_json()["persona"]["age"] == 0
