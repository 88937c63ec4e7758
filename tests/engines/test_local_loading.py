"""What is known of a model before it is loaded; that it is loaded is tested with the engine."""

import json
from pathlib import Path

import pytest

from avatar_creator.engines.local import loading
from avatar_creator.engines.local.options import parse
from avatar_creator.errors import InvalidInput


def test_a_gguf_file_for_a_model_without_a_transformer_is_refused(tmp_path: Path) -> None:
    model, file = tmp_path / "sd", tmp_path / "flux-q4.gguf"
    (model / "unet").mkdir(parents=True)
    index = {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}
    (model / "model_index.json").write_text(json.dumps(index))
    for name in ("config.json", "diffusion_pytorch_model.safetensors"):
        (model / "unet" / name).touch()
    file.touch()
    assert loading.find(parse({"model": str(model)})).folder == model
    with pytest.raises(InvalidInput) as caught:
        loading.find(parse({"model": str(model), "quantize": str(file)}))
    assert caught.value.message == "quantize is a file that holds a transformer, and sd has none."
