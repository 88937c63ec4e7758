"""One picture by a model that is loaded: what its pipeline is called with, and whether what comes back is a picture."""

import inspect
import io
from collections.abc import Callable
from math import ceil
from typing import Any

from avatar_creator.domain.picture import SIDE_MOST_PX, PictureRequest
from avatar_creator.engines.base import Watch
from avatar_creator.engines.local import lora
from avatar_creator.engines.local.loading import Loaded, quiet
from avatar_creator.engines.local.models import STEP_PX
from avatar_creator.engines.local.options import Options
from avatar_creator.errors import EngineError

_LEAST_PX = 256  # of a side: models were trained on larger pictures, and make no face of fewer pixels
_TILED_FROM = 1024 * 1024  # pixels that are decoded at once; larger pictures in tiles, which takes less memory
_UNGUIDED = 0.0
_NO_WORDS = " "  # a negative prompt of nothing: guidance needs one to lead away from
_NEXT_PRECISION = {"float16": "bfloat16, or float32", "bfloat16": "float32"}


def made_px(request: PictureRequest) -> tuple[int, int]:
    """Return the sides that the model makes: multiples of what it can, and large enough to be cut and reduced."""
    sides = request.width_px, request.height_px
    grow = min(max(1.0, _LEAST_PX / min(sides)), SIDE_MOST_PX / max(sides))
    width, height = (max(ceil(side * grow / STEP_PX), 1) * STEP_PX for side in sides)
    return width, height


def guides_negative(options: Options) -> bool:
    """Return whether a negative prompt has effect; of a pipeline that is not known it may have."""
    if options.family is None:
        return True
    least = options.family.negative_over
    return least is not None and options.guidance is not None and options.guidance > least


def arguments(request: PictureRequest, options: Options) -> dict[str, Any]:
    """Return what a pipeline is called with, without what only torch can make."""
    width, height = made_px(request)
    given: dict[str, Any] = {
        "prompt": request.prompt.full,
        "width": width,
        "height": height,
        "num_inference_steps": options.steps,
        **(options.known.arguments if options.known else {}),
    }
    guidance = options.guidance
    if options.family:
        given[options.family.guidance_argument] = _UNGUIDED if guidance is None else guidance
    elif guidance is not None:
        given["guidance_scale"] = guidance
    if guides_negative(options):
        given["negative_prompt"] = request.prompt.negative or _NO_WORDS
    return given


def make(loaded: Loaded, request: PictureRequest, options: Options, watch: Watch) -> bytes:
    """Return a picture in the size and format asked for. Raises EngineError for none, and what the libraries do."""
    import torch

    pipeline = loaded.pipeline
    given = arguments(request, options)
    taken = inspect.signature(pipeline.__call__).parameters
    if hasattr(getattr(pipeline, "vae", None), "use_tiling"):
        pipeline.vae.use_tiling = given["width"] * given["height"] > _TILED_FROM
    given |= {
        "generator": torch.Generator("cpu").manual_seed(request.seed),  # which is the same on every card
        "callback_on_step_end": _step(options, loaded.way.precision, watch),
    }
    with quiet(), torch.inference_mode():
        images = pipeline(**{name: value for name, value in given.items() if name in taken}).images
    return _encoded(images[0], request, loaded.way.precision)


def _step(options: Options, precision: str, watch: Watch) -> Callable[..., dict[str, Any]]:
    """Return what is called after each step: it tells how far the picture is, and raises Cancelled out of the model."""
    import torch

    def after(_pipeline: Any, index: int, _timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        latents = tensors.get("latents")
        if latents is not None and not torch.isfinite(latents).all():
            raise _no_picture(f"its numbers were NaN or infinite after step {index + 1}", precision)
        watch.progress(min((index + 1) / (options.steps + 1), 1.0))  # as if decoding were a step
        return tensors

    return after


def _encoded(image: Any, request: PictureRequest, precision: str) -> bytes:
    from PIL import ImageOps

    picture = image.convert("RGB")
    if all(least == most for least, most in picture.getextrema()):
        raise _no_picture("it is of one color", precision)
    asked = request.width_px, request.height_px
    if picture.size != asked:
        picture = ImageOps.fit(picture, asked)
    file = io.BytesIO()
    picture.save(file, request.format, quality=request.jpeg_quality, lossless=True)  # each format takes its own
    return file.getvalue()


def _no_picture(why: str, precision: str) -> EngineError:
    other = _NEXT_PRECISION.get(precision)
    hint = f"Try --precision {other}." if other else "Its files may be damaged: avatar models pull; or choose another."
    return EngineError(f"The model made no picture: {why}, calculated in {precision}.", hint=hint)


def over_scale(loaded: Loaded, scale: float) -> None:
    """Have a LoRA show as much as asked for."""
    if loaded.lora:
        loaded.pipeline.set_adapters([lora.ADAPTER], [scale])
        loaded.texts.over(scale)
