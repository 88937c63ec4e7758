"""What each provider is sent: its own names for size, steps and guidance, and the sizes it makes.

A field that a provider does not know it drops in silence or refuses, so nothing is sent on trust. Sources: the
providers' own schemas (fal FluxDevInput and FluxLoraInput, Replicate's flux-dev predictor, WaveSpeed's and Together's
references), and what huggingface_hub 2.4.0 makes of each argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.domain.picture import PictureFormat, PictureRequest
from avatar_creator.engines.huggingface.options import Options

if TYPE_CHECKING:
    from avatar_creator.engines.huggingface.routes import Route

Size = tuple[int, int]

_LEAST_PX, _MOST_PX = 512, 1440  # sides that every provider takes
_STEP_PX = 32  # FLUX floors to 16; some ask for 32
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


class Wish(NamedTuple):
    """All that decides what is sent."""

    request: PictureRequest
    options: Options
    route: "Route"

    @property
    def lossless(self) -> bool:
        return self.request.format is not PictureFormat.JPEG


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent: arguments of the client's text_to_image, and the picture's sides that follow from them.

    ``unsent`` names the options that cannot be passed on.
    """

    arguments: Mapping[str, Any]
    made_px: Size
    lora_scale: float | None = None
    unsent: tuple[str, ...] = ()


def sending(wish: Wish) -> Sending:
    """Return what the provider of the route is sent for a wish."""
    return PROVIDERS.get(wish.route.provider, _any_other)(wish)


def _fal(wish: Wish) -> Sending:
    size = _sides(wish.request)
    extra: dict[str, Any] = {"output_format": "png" if wish.lossless else "jpeg"}
    scale = None
    if wish.route.lora:
        scale = wish.options.lora_scale
        extra["loras"] = [{"path": _weights_url(wish.route), "scale": scale}]
    return Sending(_common(wish, size) | _guidance(wish) | {"extra_body": extra}, size, scale)


def _replicate(wish: Wish) -> Sending:
    """Sizes only by aspect ratio; and without go_fast off, a seed means nothing there."""
    ratio, size = min(_RATIOS.items(), key=lambda one: _off(one[1], wish.request))
    extra: dict[str, Any] = {
        "aspect_ratio": ratio,
        "output_format": "png" if wish.lossless else "jpg",
        "go_fast": False,
    }
    half = size[0] // 2, size[1] // 2
    if wish.request.width_px <= half[0] and wish.request.height_px <= half[1]:
        extra["megapixels"] = "0.25"
        size = half
    if not wish.lossless:
        extra["output_quality"] = wish.request.jpeg_quality
    if wish.options.guidance is not None:
        extra["guidance"] = wish.options.guidance
    scale = None
    if wish.route.lora:  # the client adds its weights
        scale = extra["lora_scale"] = wish.options.lora_scale
    return Sending(_seeded(wish) | _steps(wish) | {"extra_body": extra}, size, scale)


def _wavespeed(wish: Wish) -> Sending:
    size = _sides(wish.request)
    extra: dict[str, Any] = {"size": f"{size[0]}*{size[1]}"}
    scale = None
    if wish.route.lora:  # the client would drop it
        scale = wish.options.lora_scale
        extra["loras"] = [{"path": wish.route.lora, "scale": scale}]
    return Sending(_seeded(wish) | _steps(wish) | _guidance(wish) | {"extra_body": extra}, size, scale)


def _together(wish: Wish) -> Sending:
    size = _sides(wish.request)
    return Sending(_common(wish, size) | _guidance(wish) | _negative(wish), size)


def _nscale(wish: Wish) -> Sending:
    size = _sides(wish.request)
    sized = {"width": size[0], "height": size[1]}
    return Sending(_seeded(wish) | sized | _guidance(wish), size, unsent=("steps",))


def _hf_inference(wish: Wish) -> Sending:
    size = _sides(wish.request)
    return Sending(_common(wish, size) | _guidance(wish) | _negative(wish), size)


def _any_other(wish: Wish) -> Sending:
    size = _sides(wish.request)
    return Sending(_common(wish, size), size, unsent=("guidance",))


PROVIDERS: dict[str, Callable[[Wish], Sending]] = {
    "fal-ai": _fal,
    "replicate": _replicate,
    "wavespeed": _wavespeed,
    "together": _together,
    "nscale": _nscale,
    "hf-inference": _hf_inference,
    "endpoint": _hf_inference,  # an own one takes what that takes
}
LORA_PROVIDERS = ("fal-ai", "replicate", "wavespeed")  # those that do not drop it, best known first


def _seeded(wish: Wish) -> dict[str, Any]:
    return {"seed": wish.request.seed}


def _steps(wish: Wish) -> dict[str, Any]:
    return {"num_inference_steps": wish.options.steps}


def _common(wish: Wish, size: Size) -> dict[str, Any]:
    return _seeded(wish) | _steps(wish) | {"width": size[0], "height": size[1]}


def _guidance(wish: Wish) -> dict[str, Any]:
    return {} if wish.options.guidance is None else {"guidance_scale": wish.options.guidance}


def _negative(wish: Wish) -> dict[str, Any]:
    """FLUX is guidance-distilled and has no use for it; other models have."""
    return {} if wish.options.is_flux else {"negative_prompt": wish.request.prompt.negative}


def _weights_url(route: "Route") -> str:
    return f"https://huggingface.co/{route.lora}/resolve/main/{route.weights}"


def _sides(request: PictureRequest) -> Size:
    """Return the sides to ask for: the ratio wanted, large enough to be made smaller, in steps of 32 px."""
    width, height = request.width_px, request.height_px
    grow = max(1.0, _LEAST_PX / min(width, height))
    shrink = min(1.0, _MOST_PX / (max(width, height) * grow))
    return _stepped(width * grow * shrink), _stepped(height * grow * shrink)


def _stepped(side: float) -> int:
    return min(max(round(side / _STEP_PX) * _STEP_PX, _LEAST_PX), _MOST_PX)


def _off(size: Size, request: PictureRequest) -> float:
    """Return how far a size's ratio is from the one wanted: a factor, 1 for the same."""
    factor = (size[0] * request.height_px) / (size[1] * request.width_px)
    return max(factor, 1 / factor)
