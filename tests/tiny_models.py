"""Tiny random models in the layout of real ones, and LoRAs for them: diffusers loads them as it does those of the Hub.

They need torch, so whoever imports this asks `pytest.importorskip("diffusers")` first. Each is a few hundred KB, has
all parts of the real pipeline, and a VAE that makes 8 pixels of each latent one: sizes count as they do in real ones.
"""

import json
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_HEADS, _HEAD_DIM = 2, 16
_DIM = _HEADS * _HEAD_DIM
_LAYERS = 28  # of klein's text encoder: its pipeline reads the 9th, 18th and 27th
RANK = 4


@contextmanager
def quiet() -> Iterator[None]:
    """Import and build without what the libraries say of themselves."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def flux(folder: Path) -> None:
    """Write a FluxPipeline: CLIP and T5 as text encoders, two blocks of each kind."""
    with quiet():
        import torch
        from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
        from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, T5Config, T5EncoderModel, T5TokenizerFast

        torch.manual_seed(0)
        clip = CLIPTextConfig(
            vocab_size=1000,
            hidden_size=32,
            intermediate_size=37,
            num_attention_heads=4,
            num_hidden_layers=2,
            max_position_embeddings=77,
            projection_dim=32,
            bos_token_id=0,
            eos_token_id=1,
        )
        t5 = T5Config(vocab_size=300, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4)
        pipeline = FluxPipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(),
            vae=_vae(),
            text_encoder=CLIPTextModel(clip).eval(),
            tokenizer=clip_tokenizer(CLIPTokenizer, folder.with_name(f"{folder.name}-words")),
            text_encoder_2=T5EncoderModel(t5).eval(),
            tokenizer_2=t5_tokenizer(T5TokenizerFast),
            transformer=FluxTransformer2DModel(
                in_channels=16,
                num_layers=2,
                num_single_layers=2,
                attention_head_dim=_HEAD_DIM,
                num_attention_heads=_HEADS,
                joint_attention_dim=32,
                pooled_projection_dim=32,
                guidance_embeds=True,
                axes_dims_rope=(4, 4, 8),
            ),
        )
        _save(pipeline, folder)


def klein(folder: Path) -> None:
    """Write a Flux2KleinPipeline that is distilled, as FLUX.2-klein-4B is."""
    with quiet():
        import torch
        from diffusers import (
            AutoencoderKLFlux2,
            FlowMatchEulerDiscreteScheduler,
            Flux2KleinPipeline,
            Flux2Transformer2DModel,
        )
        from transformers import Qwen3ForCausalLM

        torch.manual_seed(0)
        vae = AutoencoderKLFlux2(**_vae_shape(), latent_channels=4, use_quant_conv=False, use_post_quant_conv=False)
        pipeline = Flux2KleinPipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(),
            vae=vae,
            text_encoder=Qwen3ForCausalLM(_qwen3(_LAYERS)).eval(),
            tokenizer=qwen_tokenizer(),
            transformer=Flux2Transformer2DModel(
                patch_size=1,
                in_channels=16,
                num_layers=1,
                num_single_layers=2,
                attention_head_dim=_HEAD_DIM,
                num_attention_heads=_HEADS,
                joint_attention_dim=3 * 16,
                timestep_guidance_channels=32,
                axes_dims_rope=(4, 4, 4, 4),
                guidance_embeds=False,
            ),
            is_distilled=True,
        )
        _save(pipeline, folder)


def z_image(folder: Path) -> None:
    """Write a ZImagePipeline."""
    with quiet():
        import torch
        from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel
        from transformers import Qwen3Model

        torch.manual_seed(0)
        pipeline = ZImagePipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(),
            vae=_vae(),
            text_encoder=Qwen3Model(_qwen3(2)).eval(),
            tokenizer=qwen_tokenizer(),
            transformer=ZImageTransformer2DModel(
                all_patch_size=(2,),
                all_f_patch_size=(1,),
                in_channels=4,
                dim=_DIM,
                n_layers=2,
                n_refiner_layers=1,
                n_heads=_HEADS,
                n_kv_heads=_HEADS,
                cap_feat_dim=16,
                axes_dims=[8, 4, 4],
                axes_lens=[1536, 512, 512],
            ),
        )
        _save(pipeline, folder)


def qwen_image(folder: Path) -> None:
    """Write a QwenImagePipeline: a model that reads pictures, too, as text encoder."""
    with quiet():
        import torch
        from diffusers import (
            AutoencoderKLQwenImage,
            FlowMatchEulerDiscreteScheduler,
            QwenImagePipeline,
            QwenImageTransformer2DModel,
        )
        from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

        torch.manual_seed(0)
        text = _qwen3(2).to_dict() | {
            "model_type": "qwen2_5_vl_text",
            "max_position_embeddings": 2048,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [2, 1, 1]},
        }
        vision = {"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 16}
        latent = 4
        pipeline = QwenImagePipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(),
            vae=AutoencoderKLQwenImage(
                base_dim=4, z_dim=latent, num_res_blocks=1, latents_mean=[0.0] * latent, latents_std=[1.0] * latent
            ),
            text_encoder=Qwen2_5_VLForConditionalGeneration(
                Qwen2_5_VLConfig(text_config=text, vision_config=vision)
            ).eval(),
            tokenizer=qwen_tokenizer(),
            transformer=QwenImageTransformer2DModel(
                in_channels=4 * latent,
                out_channels=latent,
                num_layers=2,
                attention_head_dim=_HEAD_DIM,
                num_attention_heads=_HEADS,
                joint_attention_dim=16,
                axes_dims_rope=(4, 6, 6),
            ),
        )
        _save(pipeline, folder)


BUILDERS: dict[str, Callable[[Path], None]] = {
    "flux": flux,
    "klein": klein,
    "z-image": z_image,
    "qwen-image": qwen_image,
}


def _save(pipeline: Any, folder: Path) -> None:
    import torch

    for part in ("transformer", "text_encoder", "text_encoder_2", "vae"):
        model = getattr(pipeline, part, None)
        if model is not None:
            model.to(torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.save_pretrained(folder)


def _vae_shape() -> dict[str, Any]:
    return {
        "sample_size": 1024,  # as real ones: larger pictures are decoded in tiles
        "block_out_channels": (4, 4, 4, 4),
        "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4,
        "layers_per_block": 1,
        "norm_num_groups": 1,
    }


def _vae() -> Any:
    from diffusers import AutoencoderKL

    shape = _vae_shape() | {"use_quant_conv": False, "use_post_quant_conv": False}
    return AutoencoderKL(**shape, latent_channels=4, scaling_factor=0.36, shift_factor=0.12)


def _qwen3(layers: int) -> Any:
    from transformers import Qwen3Config

    return Qwen3Config(
        vocab_size=300,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=1024,
    )


def clip_tokenizer(class_: Any, folder: Path) -> Any:
    """Return one that knows single letters, which is all that it takes."""
    folder.mkdir(parents=True)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789,.-'"
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{letter}</w>" for letter in letters)]
    (folder / "vocab.json").write_text(json.dumps({word: n for n, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return class_(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)


def t5_tokenizer(class_: Any) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((chr(n), -3.0) for n in range(32, 127)), ("▁", -2.0)]
    core = Tokenizer(models.Unigram(words, unk_id=2))
    core.pre_tokenizer = pre_tokenizers.Metaspace()
    return class_(tokenizer_object=core, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", extra_ids=0)  # noqa: S106


def qwen_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    core = Tokenizer(models.BPE({word: n for n, word in enumerate(letters + special)}, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens(special)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, pad_token=special[0], eos_token=special[2])
    tokenizer.chat_template = (
        "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    return tokenizer


def into_gguf(model: Path, file: Path) -> None:
    """Write the transformer of a model as a GGUF file, in eight bits where its rows are long enough."""
    import gguf
    import numpy as np
    from safetensors.numpy import load_file

    writer = gguf.GGUFWriter(str(file), "flux")
    eight = gguf.GGMLQuantizationType.Q8_0
    for name, tensor in load_file(model / "transformer" / "diffusion_pytorch_model.safetensors").items():
        if tensor.ndim == 2 and tensor.shape[1] % 32 == 0:
            writer.add_tensor(name, gguf.quants.quantize(tensor, eight), raw_dtype=eight)
        else:
            writer.add_tensor(name, tensor.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# -- LoRAs


def write_lora(path: Path, modules: dict[str, tuple[int, int]], *, seed: int = 1) -> None:
    """Write a LoRA as peft names its weights: of each module, by its name, the numbers of inputs and of outputs."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    weights = {}
    for name, (inputs, outputs) in modules.items():
        weights[f"transformer.{name}.lora_A.weight"] = torch.randn(RANK, inputs)
        weights[f"transformer.{name}.lora_B.weight"] = torch.randn(outputs, RANK)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, path)


def flux_lora(path: Path, *, blocks: int = 2) -> None:
    """Write one for `flux`: the queries and keys of its first ``blocks`` double blocks. It has but two of them."""
    names = [f"transformer_blocks.{n}.attn.{part}" for n in range(blocks) for part in ("to_q", "to_k")]
    write_lora(path, dict.fromkeys(names, (_DIM, _DIM)))


def xlabs_lora(path: Path) -> None:
    """Write one for `flux` in the layout of XLabs: a processor's weights for each double block."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(2)
    weights = {}
    for block in range(2):
        for stream in ("1", "2"):  # of pictures and of texts
            for part, outputs in (("qkv", 3 * _DIM), ("proj", _DIM)):
                name = f"double_blocks.{block}.processor.{part}_lora{stream}"
                weights[f"{name}.down.weight"] = torch.randn(RANK, _DIM)
                weights[f"{name}.up.weight"] = torch.randn(outputs, RANK)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(weights, path)


# -- the Hub's cache


def into_cache(hub: Path, repo: str, model: Path) -> None:
    """Put a model into a cache of the Hub, as one that was downloaded."""
    commit = "a" * 40
    place = hub / f"models--{repo.replace('/', '--')}"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(commit)
    (place / "snapshots").mkdir()
    (place / "snapshots" / commit).symlink_to(model, target_is_directory=True)
