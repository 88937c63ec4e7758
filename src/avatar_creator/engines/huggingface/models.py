"""The models, providers and options of photographs, with their defaults and limits.

The engine, `--help`, the settings and the docs all read them here. Quick to import: it loads no client.
"""

from typing import NamedTuple, Self

FLUX_DEV, FLUX_SCHNELL = "black-forest-labs/FLUX.1-dev", "black-forest-labs/FLUX.1-schnell"
REALISM = "XLabs-AI/flux-RealismLora"
AUTO, NO_LORA = "auto", "none"
OWN_NAME = "own endpoint"  # what records call the model of one: where it is, is nobody's who gets the picture
PROVIDERS = (AUTO, "fal-ai", "replicate", "wavespeed", "together", "nscale", "hf-inference")
LORA_PROVIDERS = ("fal-ai", "replicate", "wavespeed")  # those that do not drop a LoRA, best known first


class Model(NamedTuple):
    """A model by its name here: the Hub's id, the LoRA over it, and how many steps it takes at most."""

    id: str
    lora: str | None = None
    steps: int = 30
    most_steps: int = 50  # of the providers' own schemas
    guided: bool = True


class Range(NamedTuple):
    """The values that a number may have, and the one it has where none is given."""

    default: float
    least: float
    most: float


class Option(NamedTuple):
    """An option that is a setting, too: what help and settings say of it, and of what holds where it is not given."""

    meaning: str
    default: str
    range: Range | None = None
    known: tuple[str, ...] = ()

    @classmethod
    def of(cls, range_: Range, meaning: str) -> Self:
        return cls(meaning, f"{range_.default:g}", range_)


MODELS = {
    "flux-realism": Model(FLUX_DEV, REALISM),
    "flux-dev": Model(FLUX_DEV),
    "flux-schnell": Model(FLUX_SCHNELL, steps=4, most_steps=4, guided=False),  # distilled to four steps
}
DEFAULT_MODEL = "flux-realism"
STEPS = Range(MODELS[DEFAULT_MODEL].steps, least=1, most=max(model.most_steps for model in MODELS.values()))
LORA_SCALE = Range(0.9, least=0, most=3)
GUIDANCE = Range(3.5, least=1, most=10)
TIMEOUT_S = Range(180, least=1, most=3600)

OPTIONS = {
    "model": Option(
        f"Model of photographs: {', '.join(MODELS)}, an id of the Hub, or the URL of an endpoint of yours",
        DEFAULT_MODEL,
        known=tuple(MODELS),
    ),
    "provider": Option(f"Who runs the model: {', '.join(PROVIDERS)} or another", AUTO, known=PROVIDERS),
    "lora": Option(f"LoRA over the model, by its id of the Hub, or {NO_LORA}", "the model's", known=(NO_LORA,)),
    "lora_scale": Option.of(LORA_SCALE, "How much the LoRA shows"),
    "steps": Option.of(STEPS, "Steps of inference"),
    "guidance": Option.of(GUIDANCE, "How closely the prompt is followed"),
    "timeout_s": Option.of(TIMEOUT_S, "Seconds to wait for one picture"),
    "bill_to": Option("Organization on Hugging Face that pays", "you"),
}
