import pytest

from avatar_creator.storage.pictures.generators import plain
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

TEXT = {"prompt": "a face", "negative_prompt": "blurry", "seed": "5"}


def test_a_prompt_in_plain_words_names_no_tool() -> None:
    assert plain.read(MetadataTexts({"prompt": "a face"})) == Parameters(None, "a face")
    assert plain.read(MetadataTexts({"Prompt": "a face", "Negative Prompt": "blurry", "Seed": "oak"})) == Parameters(
        None, "a face", "blurry"
    )


@pytest.mark.parametrize("model", ["/home/ann/models/sd.ckpt", "C:\\models\\sd.ckpt", "sd.ckpt"])
def test_easy_diffusion_names_its_model(model: str) -> None:
    found = plain.read(MetadataTexts(TEXT | {"use_stable_diffusion_model": model}))
    assert found == Parameters("Easy Diffusion", "a face", "blurry", 5, "sd.ckpt")


@pytest.mark.parametrize("text", [{}, {"prompt": " "}, {"prompt": '{"question": 1}'}, {"seed": "5"}])
def test_without_a_prompt_it_is_none(text: dict[str, str]) -> None:
    assert plain.read(MetadataTexts(text)) is None
