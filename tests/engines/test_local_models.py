"""What is known of the models of the local engine."""

import pytest

from avatar_creator.engines.hub_models import HUB_ID
from avatar_creator.engines.local.models import DEFAULT_MODEL, FAMILIES, MODELS, model_named, name_here


@pytest.mark.parametrize("name", MODELS)
def test_each_model_adds_up(name: str) -> None:
    model = MODELS[name]
    assert HUB_ID.fullmatch(model.id)
    assert model.family in FAMILIES
    assert model.weights.all <= model.download_bytes * 1.001
    assert model.all_bytes >= model.download_bytes
    assert model.license.commercial_use in {"yes", "no"}


def test_the_default_is_free_for_every_use_and_not_gated() -> None:
    model = MODELS[DEFAULT_MODEL]
    assert (model.license.commercial_use, model.gated, model.lora) == ("yes", False, None)
    assert model.download_bytes == min(each.download_bytes for each in MODELS.values())


def test_models_are_found_by_their_names_and_ids() -> None:
    assert model_named("FLUX-dev") == model_named("black-forest-labs/flux.1-DEV") == MODELS["flux-dev"]
    assert model_named("someone/portraits") is None
    assert model_named("./folder") is None


def test_a_model_and_its_lora_are_named_together() -> None:
    dev, realism = MODELS["flux-realism"].id, MODELS["flux-realism"].lora
    assert realism is not None
    assert [name_here(dev, realism.id), name_here(dev, "a/b"), name_here("a/b")] == ["flux-realism", "flux-dev", "a/b"]
