"""Which files of a repository are downloaded."""

import pytest

from avatar_creator.engines.local import selection
from avatar_creator.engines.local.selection import RemoteFile, left_out, of_lora, of_model
from avatar_creator.errors import EngineRefused, InvalidInput

REPO = "someone/portraits"
INDEX = {
    "_class_name": "StableDiffusionXLPipeline",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "image_encoder": [None, None],
    "force_zeros": True,
}
UNET = (
    "unet/config.json",
    "unet/diffusion_pytorch_model.safetensors",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "unet/diffusion_pytorch_model.non_ema-00001-of-00002.safetensors",
    "unet/diffusion_pytorch_model.bin",
    "unet/openvino_model.xml",
)
TOKENIZER = ("tokenizer/vocab.json", "tokenizer/merges.txt", "tokenizer/spiece.model")


def files(*paths: str, size: int = 10) -> list[RemoteFile]:
    return [RemoteFile(path, size, "a" * 64) for path in paths]


def test_of_a_model_its_parts_are_wanted_without_variants_and_other_formats() -> None:
    there = files("README.md", "whole.safetensors", "model_index.json", "safety/config.json", *UNET, *TOKENIZER)
    assert [each.path for each in of_model(REPO, there, INDEX)] == [
        "model_index.json",
        "tokenizer/merges.txt",
        "tokenizer/spiece.model",
        "tokenizer/vocab.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model.safetensors",
    ]
    assert left_out(there, of_model(REPO, there, INDEX)) == ["unet/diffusion_pytorch_model.bin"]


def test_weights_in_a_variant_alone_are_refused() -> None:
    there = files("model_index.json", UNET[0], UNET[2], *TOKENIZER)
    with pytest.raises(EngineRefused, match="weights of its 'unet' in a variant alone"):
        of_model(REPO, there, INDEX)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (files(*(f"unet/{n}.safetensors" for n in range(1001)), *TOKENIZER), "has 1,004 files; 1,000 are the most"),
        (files("unet/a.safetensors", *TOKENIZER, size=50_000_000_001), "has a file of 50.0 GB, unet/a.safetensors"),
        (
            files(*(f"unet/{n}.safetensors" for n in range(20)), *TOKENIZER, size=40_000_000_000),
            "has 920 GB; 500 GB are the most",
        ),
        (files("unet/../../a.safetensors", *TOKENIZER), "a name that is not taken"),
        (files("unet/a\x1b[31m.safetensors", *TOKENIZER), "a name that is not taken"),
        (files("unet//a.safetensors", *TOKENIZER), "a name that is not taken"),
        (files("unet/c\\d.safetensors", *TOKENIZER), "a name that is not taken"),
        (files("unet/.hidden.json", *TOKENIZER), "a name that is not taken"),
    ],
)
def test_what_is_out_of_all_bounds_is_refused(there: list[RemoteFile], said: str) -> None:
    with pytest.raises(EngineRefused) as refused:
        of_model(REPO, there, INDEX)
    assert said in refused.value.message
    assert "\x1b" not in refused.value.message


def test_a_part_may_not_be_named_out_of_the_repository() -> None:
    with pytest.raises(EngineRefused):
        of_model(REPO, files("../a.json", "unet/config.json"), INDEX | {"..": ["diffusers", "X"]})


def test_the_only_file_of_a_lora_is_found() -> None:
    there = files("README.md", "lora.safetensors", "samples/other.safetensors")
    assert [each.path for each in of_lora(REPO, there, None)] == ["lora.safetensors"]
    assert [each.path for each in of_lora(REPO, there, "samples/other.safetensors")] == ["samples/other.safetensors"]


def test_of_several_files_one_must_be_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        of_lora(REPO, files("a.safetensors", "b.safetensors"), None)
    assert refused.value.hint == f"Say which: --lora {REPO}/a.safetensors"


@pytest.mark.parametrize("named", ["lora.pt", "lora.ckpt", "run.py", "pytorch_lora_weights.bin"])
def test_a_lora_that_can_run_code_is_refused(named: str) -> None:
    with pytest.raises(EngineRefused, match="which can run code"):
        of_lora(REPO, files(named), named)


def test_the_limits_are_those_of_the_client() -> None:
    from huggingface_hub import constants  # noqa: PLC0415 - the selection itself needs no client

    assert selection.FILE_BYTES_MOST <= constants.MAX_HTTP_DOWNLOAD_SIZE
