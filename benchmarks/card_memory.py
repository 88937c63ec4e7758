"""What each way of loading takes of a card, beside what is counted on. Run: python -m benchmarks.card_memory FOLDER.

It needs the extra `local`, a card of NVIDIA's, and room for a model in FOLDER, which stays there: random weights in the
shape of FLUX.2 klein 4B (16 GB) or, by --model schnell, of FLUX.1 schnell (34 GB). Each way makes five pictures in a
process of its own. Not counted are about half a gigabyte that CUDA itself takes of the card, and what torch keeps of it
for later: torch gives that back where memory is short.

Exit 1: one took more of the card than `engines/local/memory.py` counts on, made no picture, or made another one of the
same seed. --rehearse does all that with a tiny model on the processor, where nothing is measured of a card.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import tiny_models
from avatar_creator.engines.base import Setup
from avatar_creator.engines.local import loading, memory
from avatar_creator.engines.local.engine import LocalEngine
from avatar_creator.engines.local.options import parse
from engines.local_requests import Watching, asked

WAYS = ("none none", "none model", "none group", "fp8 none", "fp8 model", "int8 none", "nf4 none", "nf4 model")
_COLUMNS = ("way", "counted_gib", "card_gib", "load_s", "step_s", "read_s", "picture_s", "same")
_LIMIT_S = 900


def main(arguments: argparse.Namespace) -> int:
    """Print a line for each way. Returns 1 where one is not as it should be."""
    folder = arguments.folder / ("tiny" if arguments.rehearse else arguments.model)
    if not folder.is_dir():
        tiny_models.klein(folder) if arguments.rehearse else _build(arguments.model, folder)
    print("\t".join(_COLUMNS))
    failed = 0
    for way in WAYS[:1] if arguments.rehearse else arguments.way or WAYS:
        command = [sys.executable, "-m", "benchmarks.card_memory", str(folder), "--one", way]
        command += ["--rehearse"] * arguments.rehearse
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
        found = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"way": way}
        print("\t".join(str(found.get(name, "-")) for name in _COLUMNS), flush=True)
        if done.returncode:
            print(done.stderr.strip().splitlines()[-1:])
        failed += not found.get("same") or found["card_gib"] > found["counted_gib"]
    return int(failed > 0)


class _Timed(Watching):
    def __init__(self) -> None:
        super().__init__()
        self.at_s: list[float] = []
        self.loading_s = 0.0

    def phase(self, what: str, /) -> None:
        super().phase(what)
        self.loading_s = time.perf_counter()

    def progress(self, fraction: float, /) -> None:
        super().progress(fraction)
        self.at_s.append(time.perf_counter())


def _one(folder: Path, way: str, *, rehearse: bool) -> Mapping[str, Any]:
    """Make pictures in one way, and return what it took."""
    import torch

    quantize, offload = way.split()
    side = 256 if rehearse else 1024
    options = {"model": str(folder), "device": "cpu" if rehearse else "cuda", "steps": 4} | {
        "quantize": quantize,
        "offload": offload,
    }
    engine = LocalEngine(Setup())

    def made(seed: int, base: str) -> tuple[str, _Timed]:
        watch = _Timed()
        picture = engine.generate(asked(base, width_px=side, height_px=side, seed=seed, options=options), watch)
        return hashlib.sha256(picture.data).hexdigest(), watch

    first, watch = made(1, "studio")
    load_s = watch.at_s[0] - watch.loading_s
    prompts = [made(seed, f"studio {seed}")[1] for seed in range(3)]  # the first of which warms up
    again, _ = made(1, "studio")
    read = [times.at_s[1] - times.at_s[0] for times in prompts[1:]]  # the prompt, and a step
    steps = [late - early for times in prompts[1:] for early, late in pairwise(times.at_s[1:-1])]
    weights = loading.weights_of(parse(options), folder)
    counted = memory.needed(weights, memory.Fit(quantize, offload), pixels=side * side).card
    taken = 0 if rehearse else torch.cuda.max_memory_allocated()
    return {
        "way": way,
        "counted_gib": round(counted / memory.GIB, 1),
        "card_gib": round(taken / memory.GIB, 1),
        "load_s": round(load_s, 1),
        "step_s": round(median(steps), 3),
        "read_s": round(median(read) - median(steps), 3),
        "picture_s": round(median(times.at_s[-1] - times.at_s[0] for times in prompts[1:]), 2),
        "same": first == again,
    }


def _build(name: str, folder: Path) -> None:
    """Write a model of random weights in the shape of a real one."""
    import torch

    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    with tiny_models.quiet(), torch.device("cuda"):
        pipeline = (_klein if name == "klein" else _schnell)(folder)
    with torch.no_grad():
        for part in ("transformer", "text_encoder", "text_encoder_2"):
            for weights in getattr(getattr(pipeline, part, None), "parameters", list)():
                if weights.ndim > 1:
                    weights.normal_(0, 0.02)  # as trained ones: larger ones end in no numbers
    pipeline.save_pretrained(folder)


def _klein(_folder: Path) -> Any:
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )
    from transformers import Qwen3Config, Qwen3ForCausalLM

    words = Qwen3Config(
        vocab_size=151_936,
        hidden_size=2560,
        intermediate_size=9728,
        num_hidden_layers=36,
        num_attention_heads=32,
        num_key_value_heads=8,
        head_dim=128,
        tie_word_embeddings=True,
    )
    return Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=AutoencoderKLFlux2(),
        text_encoder=Qwen3ForCausalLM(words).eval(),
        tokenizer=tiny_models.qwen_tokenizer(),
        transformer=Flux2Transformer2DModel(
            num_layers=5, num_single_layers=20, num_attention_heads=24, joint_attention_dim=7680, guidance_embeds=False
        ),
        is_distilled=True,
    )


def _schnell(folder: Path) -> Any:
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, T5Config, T5EncoderModel, T5TokenizerFast

    clip = CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12, projection_dim=768)
    t5 = T5Config(d_model=4096, d_ff=10_240, num_layers=24, num_heads=64, feed_forward_proj="gated-gelu")
    vae = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(128, 256, 512, 512),
        layers_per_block=2,
        latent_channels=16,
        sample_size=1024,
        scaling_factor=0.3611,
        shift_factor=0.1159,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    return FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=CLIPTextModel(clip).eval(),
        tokenizer=tiny_models.clip_tokenizer(CLIPTokenizer, folder.with_name("words")),
        text_encoder_2=T5EncoderModel(t5).eval(),
        tokenizer_2=tiny_models.t5_tokenizer(T5TokenizerFast),
        transformer=FluxTransformer2DModel(),  # its defaults are FLUX.1's
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the model is, or is written")
    parser.add_argument("--model", choices=("klein", "schnell"), default="klein")
    parser.add_argument("--way", action="append", choices=WAYS, help="quantize and offload; may be given several times")
    parser.add_argument("--rehearse", action="store_true", help="a tiny model on the processor")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(_one(given.folder, given.one, rehearse=given.rehearse)))
    else:
        sys.exit(main(given))
