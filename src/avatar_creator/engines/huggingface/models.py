"""The models and providers of photographs, and the defaults and limits of their options.

The engine and the table of options read them here; `--help`, the settings and the docs follow from that table. Quick to
import: it loads no client.
"""

from typing import NamedTuple

from avatar_creator.engines.hub_models import FLUX_DEV, FLUX_SCHNELL, REALISM

AUTO = "auto"
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
