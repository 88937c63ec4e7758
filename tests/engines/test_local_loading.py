"""What is known of a model before it is loaded; that it is loaded is tested with the engine."""

import json
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.engines.local import loading
from avatar_creator.engines.local.devices import Device
from avatar_creator.engines.local.loading import Way
from avatar_creator.engines.local.memory import Fit
from avatar_creator.engines.local.options import parse
from avatar_creator.errors import EngineError, InvalidInput, NotConfigured


def written(model: Path, pipeline: str, part: str) -> Path:
    """Write what a folder has of a model of one part, but its weights."""
    (model / part).mkdir(parents=True)
    index = {"_class_name": pipeline, part: ["diffusers", "UNet2DConditionModel"]}
    (model / "model_index.json").write_text(json.dumps(index))
    for name in ("config.json", "diffusion_pytorch_model.safetensors"):
        (model / part / name).touch()
    return model


def test_a_gguf_file_for_a_model_without_a_transformer_is_refused(tmp_path: Path) -> None:
    model, file = written(tmp_path / "sd", "StableDiffusionPipeline", "unet"), tmp_path / "flux-q4.gguf"
    file.touch()
    assert loading.find(parse({"model": str(model)})).folder == model
    with pytest.raises(InvalidInput) as caught:
        loading.find(parse({"model": str(model), "quantize": str(file)}))
    assert caught.value.message == "quantize is a file that holds a transformer, and sd has none."


@pytest.mark.parametrize(
    ("options", "fit", "said", "hint"),
    [
        ({}, Fit("fp8", "none"), "quantize fp8 applies", "--quantize none"),
        ({"quantize": "int8"}, Fit("int8", "none"), "quantize int8 applies", "--quantize none"),
        ({"compile": True}, Fit("none", "model"), "compile applies", "--compile"),
    ],
)
def test_what_is_done_to_the_main_part_of_a_model_is_refused_where_it_has_none_of_a_known_name(
    tmp_path: Path, options: dict[str, Any], fit: Fit, said: str, hint: str
) -> None:
    chosen = parse({"model": str(written(tmp_path / "wuerstchen", "WuerstchenDecoderPipeline", "decoder")), **options})
    with pytest.raises(EngineError) as caught:
        loading.load(chosen, loading.find(chosen), Way(Device("cpu"), "float32", fit))
    assert caught.value.message.startswith("wuerstchen has neither a transformer nor a unet, to which ")
    assert said in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_folder_that_is_named_as_an_id_of_the_hub_is_said_to_be_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "m" / "flux", "StableDiffusionPipeline", "unet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(NotConfigured) as caught:
        loading.find(parse({"model": "m/flux"}))
    assert caught.value.message == "m/flux is not on this disk as a model of the Hub."
    assert (caught.value.hint or "").startswith("The folder of that name is ./m/flux.")
    with pytest.raises(InvalidInput) as refused:
        loading.find(parse({"model": "./nowhere"}))
    assert refused.value.message == f"model is '{tmp_path / 'nowhere'}', where there is no folder."
