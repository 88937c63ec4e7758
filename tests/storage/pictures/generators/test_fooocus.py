import json

import pytest

from avatar_creator.storage.pictures.generators import fooocus
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

NOW = {
    "base_model": "juggernautXL_v8",
    "full_prompt": ["a face", "cinematic"],
    "metadata_scheme": "fooocus",
    "negative_prompt": "blurry",
    "prompt": "a face",
    "seed": "5442345829",
    "version": "Fooocus v2.2.0",
}
FIRST = {"Prompt": "a face", "Negative Prompt": "blurry", "Seed": 5442345829, "Base Model": "juggernautXL_v8"}
FORK = {"prompt": "a face", "negative_prompt": "blurry", "seed": 5442345829, "base_model_name": "juggernautXL_v8"}
FOUND = Parameters("Fooocus", "a face", "blurry", 5442345829, "juggernautXL_v8")
AS_A1111 = (
    "a face\nNegative prompt: blurry\nSteps: 30, Sampler: DPM++ 2M SDE, Seed: 5, Model: j, Version: Fooocus v2.5.5"
)


@pytest.mark.parametrize(
    "account",
    [
        MetadataTexts({"parameters": json.dumps(NOW), "fooocus_scheme": "fooocus"}),
        MetadataTexts({"parameters": json.dumps(NOW)}),
        MetadataTexts(comment=json.dumps(NOW)),
        MetadataTexts({"parameters": json.dumps(FIRST | {"Version": "v2.1.865"}), "fooocus_scheme": "fooocus"}),
        MetadataTexts({"parameters": json.dumps(FIRST | {"Version": "Fooocus v2.1.865"})}),
        MetadataTexts({"Comment": json.dumps(FORK | {"software": "Fooocus 1.0.35 MRE"})}),
    ],
)
def test_its_json_is_read(account: MetadataTexts) -> None:
    assert fooocus.read(account) == FOUND


@pytest.mark.parametrize(
    "account",
    [
        MetadataTexts({"parameters": AS_A1111, "fooocus_scheme": "a1111"}),
        MetadataTexts({"parameters": AS_A1111}),
        MetadataTexts(comment=AS_A1111),
    ],
)
def test_its_other_scheme_keeps_its_name(account: MetadataTexts) -> None:
    assert fooocus.read(account) == Parameters("Fooocus", "a face", "blurry", 5, "j", AS_A1111)


def test_others_are_left_to_others() -> None:
    assert fooocus.read(MetadataTexts({"parameters": '{"prompt": "a face"}'})) is None
    assert fooocus.read(MetadataTexts({"parameters": AS_A1111.replace("Fooocus", "Forge")})) is None
    assert fooocus.read(MetadataTexts({"parameters": "nothing", "fooocus_scheme": "a1111"})) is None
