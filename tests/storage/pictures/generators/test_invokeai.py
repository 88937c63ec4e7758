import json

import pytest

from avatar_creator.storage.pictures.generators import invokeai
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters


@pytest.mark.parametrize("model", [{"name": "sdxl"}, {"model_name": "sdxl"}, "sdxl"])
def test_since_version_3_it_has_names_of_its_own(model: object) -> None:
    values = {"positive_prompt": "a face", "negative_prompt": "", "seed": 9, "model": model}
    found = Parameters("InvokeAI", "a face", None, 9, "sdxl")
    assert invokeai.read(MetadataTexts({"invokeai_metadata": json.dumps(values)})) == found


@pytest.mark.parametrize(
    "prompt",
    ["a face [blurry] [ugly]", [{"prompt": "a face [blurry]", "weight": 1.0}, {"prompt": "[ugly]", "weight": 0.5}, 7]],
)
def test_before_version_3_the_negative_prompt_stands_in_brackets(prompt: object) -> None:
    values = {"model_weights": "sd-1.5", "app_id": "invoke-ai/InvokeAI", "image": {"prompt": prompt, "seed": 2886256}}
    found = Parameters("InvokeAI", "a face", "blurry, ugly", 2886256, "sd-1.5")
    assert invokeai.read(MetadataTexts({"sd-metadata": json.dumps(values), "Dream": '"other" -S1'})) == found


@pytest.mark.parametrize("dream", ['"a face" -s 50 -S 77 -W 512', '"a face" -s50 -S77', '"a face" --seed=77 -A k_lms'])
def test_the_first_versions_wrote_a_command_line(dream: str) -> None:
    assert invokeai.read(MetadataTexts({"Dream": dream})) == Parameters("InvokeAI", "a face", None, 77)


@pytest.mark.parametrize(
    "text", [{"invokeai_metadata": "[]"}, {"sd-metadata": "{"}, {"Dream": "of a better world"}, {}]
)
def test_nonsense_is_none_of_it(text: dict[str, str]) -> None:
    assert invokeai.read(MetadataTexts(text)) is None
