"""The models that are known by name, and the kinds of pipelines that diffusers runs them with.

Quick to import: the table of options and `avatar models` stand on it, and neither loads torch.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from avatar_creator.domain.license import License
from avatar_creator.engines.hub_models import (
    FLUX_DEV,
    FLUX_SCHNELL,
    KLEIN,
    QWEN_IMAGE,
    REALISM,
    Z_IMAGE_TURBO,
    license_of,
)

STEP_PX = 16  # sides of all of these are multiples of it: 8 of the VAE, 2 of a patch
AUTO, NONE = "auto", "none"
PRECISIONS = (AUTO, "bfloat16", "float16", "float32")
QUANTIZED = (AUTO, NONE, "nf4", "int8", "fp8")
OFFLOADED = (AUTO, NONE, "model", "group")
DEVICES = (AUTO, "cuda", "mps", "cpu")
STEPS = (1, 100)
GUIDANCE = (0, 20)
LORA_SCALE, LORA_SCALES = 0.9, (0, 3)
UNGUIDED_STEPS = 4  # of models that are distilled and not known by name
OTHER_STEPS = 30  # of models whose pipelines are not known


class Family(NamedTuple):
    """How the pipelines of one class are called.

    ``steps`` and ``guidance`` are the defaults of models that have none of their own. ``guidance_argument`` is what
    guidance is given as. A negative prompt has effect where guidance is over ``negative_over``; None: never.
    """

    steps: int
    guidance: float
    guidance_argument: str = "guidance_scale"
    negative_over: float | None = 1.0


FAMILIES: Mapping[str, Family] = {  # by the class that model_index.json names; defaults are those of its pipeline
    # FLUX's guidance is distilled. With true_cfg_scale a negative prompt has effect, and the time doubles.
    "FluxPipeline": Family(28, 3.5, negative_over=None),
    "Flux2Pipeline": Family(50, 4.0, negative_over=None),
    "Flux2KleinPipeline": Family(50, 4.0, negative_over=None),
    "ZImagePipeline": Family(50, 5.0, negative_over=0.0),
    "QwenImagePipeline": Family(50, 4.0, guidance_argument="true_cfg_scale"),
    "StableDiffusionPipeline": Family(50, 7.5),
    "StableDiffusionXLPipeline": Family(50, 5.0),
    "StableDiffusion3Pipeline": Family(28, 7.0),
}


class Weights(NamedTuple):
    """Bytes of a model's parts in memory, in bfloat16; ``unquantized`` is what nf4 leaves alone of its encoders."""

    transformer: int
    text_encoders: int
    vae: int
    unquantized: int = 0

    @property
    def all(self) -> int:
        return self.transformer + self.text_encoders + self.vae

    @property
    def largest(self) -> int:
        return max(self.transformer, self.text_encoders, self.vae)


class Lora(NamedTuple):
    """A LoRA of the Hub: which file of its repository holds the weights."""

    id: str
    file: str
    download_bytes: int

    @property
    def license(self) -> License:
        return license_of(self.id)


class Model(NamedTuple):
    """A model that is known: its id of the Hub, and what is good to know before it is downloaded.

    ``download_bytes`` are those of the folders that its pipeline needs; the repository may hold more. ``gated``: its
    licence has to be accepted on its page first. ``guidance`` is None for a model that takes none. ``arguments`` go to
    its pipeline besides.
    """

    id: str
    family: str
    weights: Weights
    download_bytes: int
    steps: int
    guidance: float | None = None
    gated: bool = False
    lora: Lora | None = None
    arguments: Mapping[str, int] = MappingProxyType({})

    @property
    def license(self) -> License:
        return license_of(self.id)

    @property
    def all_bytes(self) -> int:
        """Bytes to be downloaded, with its LoRA."""
        return self.download_bytes + (self.lora.download_bytes if self.lora else 0)


# Weights are counted on the configurations of the repositories: two bytes a parameter. T5's embedding is shared with
# its head, and counted once. The files of Z-Image-Turbo's transformer have four bytes a parameter.
_T5_AND_CLIP = 9_525_000_000 + 246_000_000
_T5_AND_CLIP_UNQUANTIZED = 2_277_000_000 + 246_000_000  # embeddings and `wo` of each layer; and all of CLIP
_QWEN3_4B = 8_045_000_000
_QWEN3_4B_UNQUANTIZED = 778_000_000  # embeddings
_FLUX = Model(
    FLUX_DEV,
    "FluxPipeline",
    Weights(23_803_000_000, _T5_AND_CLIP, 168_000_000, _T5_AND_CLIP_UNQUANTIZED),
    download_bytes=33_746_000_000,
    steps=28,
    guidance=3.5,
    gated=True,
)

MODELS: Mapping[str, Model] = {
    "klein-4b": Model(
        KLEIN,
        "Flux2KleinPipeline",
        Weights(7_751_000_000, _QWEN3_4B, 168_000_000, _QWEN3_4B_UNQUANTIZED),
        download_bytes=15_981_000_000,
        steps=4,  # distilled to four steps, without guidance
    ),
    "z-image-turbo": Model(
        Z_IMAGE_TURBO,
        "ZImagePipeline",
        Weights(12_310_000_000, _QWEN3_4B, 168_000_000, _QWEN3_4B_UNQUANTIZED),
        download_bytes=32_850_000_000,
        steps=9,  # which calls the transformer eight times
    ),
    "flux-realism": _FLUX._replace(lora=Lora(REALISM, "lora.safetensors", 22_400_000)),
    "flux-dev": _FLUX,
    "flux-schnell": Model(
        FLUX_SCHNELL,
        "FluxPipeline",
        Weights(23_782_000_000, _T5_AND_CLIP, 168_000_000, _T5_AND_CLIP_UNQUANTIZED),
        download_bytes=33_725_000_000,
        steps=4,
        gated=True,  # although it is Apache-2.0
        arguments={"max_sequence_length": 256},  # of its text encoder: it was distilled with as many
    ),
    "qwen-image": Model(
        QWEN_IMAGE,
        "QwenImagePipeline",
        Weights(40_861_000_000, 16_583_000_000, 254_000_000, 2_180_000_000),
        download_bytes=57_704_000_000,
        steps=50,
        guidance=4.0,
    ),
}
DEFAULT_MODEL = "klein-4b"  # free for every use, not gated, and the smallest


def model_named(name: str) -> Model | None:
    """Return the model of a name here, or of an id of the Hub in any case; None for any other."""
    if name.lower() in MODELS:
        return MODELS[name.lower()]
    return next((model for model in MODELS.values() if model.id.lower() == name.lower() and not model.lora), None)


def name_here(id_: str, lora: str | None = None) -> str:
    """Return what a model is called here, with its LoRA if there is such a pair; an id that is not known is one."""
    names = {(model.id, model.lora.id if model.lora else None): name for name, model in MODELS.items()}
    return names.get((id_, lora)) or names.get((id_, None)) or id_
