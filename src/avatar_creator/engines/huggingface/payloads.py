"""What each provider is sent: its names for size, steps and guidance, and the sizes that it makes.

A provider drops or refuses fields that it does not know, so only known ones are sent. Sources: the providers' schemas
(fal FluxDevInput and FluxLoraInput, Replicate's flux-dev predictor, WaveSpeed's and Together's references), and what
huggingface_hub 2.4.0 makes of each argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from huggingface_hub import __version__ as client_version

from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.engines.huggingface.options import Options
from avatar_creator.engines.huggingface.routes import ENDPOINT, Route

Size = tuple[int, int]

_LEAST_PX, _MOST_PX = 512, 1440  # sides that every provider takes
_STEP_PX = 32  # FLUX rounds down to 16; some providers require 32
# The sides Replicate's FLUX makes for each aspect ratio, at about one megapixel.
_RATIOS: dict[str, Size] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "21:9": (1536, 640),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:5": (896, 1088),
    "5:4": (1088, 896),
    "3:4": (896, 1152),
    "4:3": (1152, 896),
    "9:16": (768, 1344),
    "9:21": (640, 1536),
}


class Call(NamedTuple):
    """One call of a provider: all that decides what is sent.

    ``rerolled_seeds`` are those whose pictures were blank before. ``saved_recipe`` is the one that was saved with a
    response; None for a call that is yet to be made.
    """

    request: PictureRequest
    options: Options
    route: Route
    rerolled_seeds: tuple[int, ...] = ()
    saved_recipe: Mapping[str, Any] | None = None

    @property
    def lossless(self) -> bool:
        return self.request.format is not PictureFormat.JPEG


@dataclass(frozen=True, slots=True)
class Payload:
    """What is sent: arguments of the client's text_to_image, and the picture's sides that follow from them.

    ``unsent`` names the options that cannot be passed on.
    """

    arguments: Mapping[str, Any]
    made_px: Size
    lora_scale: float | None = None
    unsent: tuple[str, ...] = ()


def payload_of(call: Call) -> Payload:
    """Return what the provider of a call is sent."""
    return _PAYLOADS.get(call.route.provider, _any_other)(call)


def recipe_of(call: Call) -> Mapping[str, Any]:
    """Return the recipe of a call's picture. Its ``made_px`` is what was asked for, until the picture is there."""
    if call.saved_recipe is not None:
        return call.saved_recipe
    route, payload = call.route, payload_of(call)
    is_endpoint = route.provider == ENDPOINT
    knows_base = not is_endpoint and route.model != route.lora  # a LoRA does not name its own
    return {
        "provider": route.provider,
        "provider_model": route.name if is_endpoint else route.provider_model,
        "base_model": route.model if knows_base else None,
        "lora": route.lora,
        "lora_scale": payload.lora_scale,
        "model_version": route.revision,
        "num_inference_steps": None if "steps" in payload.unsent else call.options.steps,
        "guidance_scale": None if "guidance" in payload.unsent else call.options.guidance,
        "negative_prompt_sent": "negative_prompt" in payload.arguments,
        "made_px": list(payload.made_px),
        "rerolled_seeds": list(call.rerolled_seeds),
        "licenses": [license_._asdict() for license_ in route.licenses],
        "client": f"huggingface_hub {client_version}",
    }


def _fal(call: Call) -> Payload:
    size = _sides(call.request)
    extra: dict[str, Any] = {"output_format": "png" if call.lossless else "jpeg"}
    scale = None
    if call.route.lora:
        scale = call.options.lora_scale
        extra["loras"] = [{"path": _weights_url(call.route), "scale": scale}]
    return Payload(_common(call, size) | _guidance(call) | {"extra_body": extra}, size, scale)


def _replicate(call: Call) -> Payload:
    """Replicate takes a size only as an aspect ratio. With its go_fast, the same seed makes other pictures."""
    ratio, size = min(_RATIOS.items(), key=lambda one: _off(one[1], call.request))
    extra: dict[str, Any] = {
        "aspect_ratio": ratio,
        "output_format": "png" if call.lossless else "jpg",
        "go_fast": False,
    }
    half = size[0] // 2, size[1] // 2
    if call.request.width_px <= half[0] and call.request.height_px <= half[1]:
        extra["megapixels"] = "0.25"
        size = half
    if not call.lossless:
        extra["output_quality"] = call.request.jpeg_quality
    if call.options.guidance is not None:
        extra["guidance"] = call.options.guidance
    scale = None
    if call.route.lora:  # the client adds its weights
        scale = extra["lora_scale"] = call.options.lora_scale
    return Payload(_seeded(call) | _steps(call) | {"extra_body": extra}, size, scale)


def _wavespeed(call: Call) -> Payload:
    size = _sides(call.request)
    extra: dict[str, Any] = {"size": f"{size[0]}*{size[1]}"}
    scale = None
    if call.route.lora:  # the client would drop it
        scale = call.options.lora_scale
        extra["loras"] = [{"path": call.route.lora, "scale": scale}]
    return Payload(_seeded(call) | _steps(call) | _guidance(call) | {"extra_body": extra}, size, scale)


def _diffusers(call: Call) -> Payload:
    """Return the parameters of diffusers' pipelines, which several providers take as they are."""
    size = _sides(call.request)
    return Payload(_common(call, size) | _guidance(call) | _negative(call), size)


def _nscale(call: Call) -> Payload:
    size = _sides(call.request)
    sized = {"width": size[0], "height": size[1]}
    return Payload(_seeded(call) | sized | _guidance(call), size, unsent=("steps",))


def _any_other(call: Call) -> Payload:
    size = _sides(call.request)
    return Payload(_common(call, size), size, unsent=("guidance",))


_PAYLOADS: dict[str, Callable[[Call], Payload]] = {
    "fal-ai": _fal,
    "replicate": _replicate,
    "wavespeed": _wavespeed,
    "together": _diffusers,
    "nscale": _nscale,
    "hf-inference": _diffusers,
    ENDPOINT: _diffusers,
}


def _seeded(call: Call) -> dict[str, Any]:
    return {"seed": call.request.seed}


def _steps(call: Call) -> dict[str, Any]:
    return {"num_inference_steps": call.options.steps}


def _common(call: Call, size: Size) -> dict[str, Any]:
    return _seeded(call) | _steps(call) | {"width": size[0], "height": size[1]}


def _guidance(call: Call) -> dict[str, Any]:
    return {} if call.options.guidance is None else {"guidance_scale": call.options.guidance}


def _negative(call: Call) -> dict[str, Any]:
    """Return the negative prompt, except for FLUX, which is guidance-distilled and has no use for it."""
    return {} if call.options.is_flux else {"negative_prompt": call.request.prompt.negative}


def _weights_url(route: Route) -> str:
    return f"https://huggingface.co/{route.lora}/resolve/main/{route.weights}"


def _sides(request: PictureRequest) -> Size:
    """Return the sides to ask for: of the ratio wanted, in steps of 32 px, and large enough to be reduced."""
    width, height = request.width_px, request.height_px
    grow = max(1.0, _LEAST_PX / min(width, height))
    shrink = min(1.0, _MOST_PX / (max(width, height) * grow))
    return _stepped(width * grow * shrink), _stepped(height * grow * shrink)


def _stepped(side: float) -> int:
    return min(max(round(side / _STEP_PX) * _STEP_PX, _LEAST_PX), _MOST_PX)


def _off(size: Size, request: PictureRequest) -> float:
    """Return how far a size's ratio is from the one wanted, as a factor of at least 1."""
    factor = (size[0] * request.height_px) / (size[1] * request.width_px)
    return max(factor, 1 / factor)
