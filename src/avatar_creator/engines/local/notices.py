"""What of a request a model does not do, and what is worth knowing before it."""

from collections.abc import Iterator

from avatar_creator.domain.picture import PictureRequest
from avatar_creator.domain.text_encoders import foreign_syntax, unread_by_clip, unreadable, unused_negative
from avatar_creator.engines.local.inference import guides_negative, made_px
from avatar_creator.engines.local.models import FAMILIES
from avatar_creator.engines.local.options import Options, name_of

_HALF = ("bfloat16", "float16")


def notices_of(request: PictureRequest, options: Options) -> Iterator[str]:
    """Yield a sentence for each thing that was asked for and has no effect."""
    if not guides_negative(options):
        yield from unused_negative(request.prompt, name_of(options.model))
    if options.lora is None and request.options.get("lora_scale") is not None:
        yield "There is no LoRA: its scale has no effect."
    if options.device == "cpu" and options.precision in _HALF:
        yield f"A processor calculates slower in {options.precision} than in float32."
    if _reads_english(options):
        yield from unreadable(request.prompt)
    yield from foreign_syntax(request.prompt)


def remarks_of(request: PictureRequest, options: Options) -> Iterator[str]:
    """Yield what is always so."""
    made, asked = made_px(request), (request.width_px, request.height_px)
    if made != asked:
        yield "The picture is made as {}x{} px, and cut and resized here to {}x{}.".format(*made, *asked)
    if _reads_english(options):
        yield from unread_by_clip(request.prompt)


def _reads_english(options: Options) -> bool:
    """Return whether the text encoders are those of FLUX.1. Others of the table read many languages."""
    return options.family is FAMILIES["FluxPipeline"]
