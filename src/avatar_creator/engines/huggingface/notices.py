"""What of a request a call of a provider cannot express, and what is worth knowing before it."""

from collections.abc import Iterator

from avatar_creator.domain.prompt import NEGATIVE_TERMS
from avatar_creator.engines.huggingface.options import parse
from avatar_creator.engines.huggingface.payloads import Call, Payload

_NO_NEGATIVE = "FLUX takes no negative prompt: it is recorded, and not sent."


def notices_of(call: Call, payload: Payload) -> tuple[str, ...]:
    """Return a sentence for each thing that was asked for and is not sent."""
    unsent = (f"{call.route.provider} takes no {option}." for option in payload.unsent if _is_wanted(option, call))
    return (*call.route.notices, *unsent, *_negative_notices(call, payload), *_lora_notices(call))


def remarks_of(call: Call, payload: Payload) -> tuple[str, ...]:
    """Return what is always so."""
    remarks = []
    if call.options.is_flux and not list(_negative_notices(call, payload)):
        remarks.append(_NO_NEGATIVE)
    asked_px = call.request.width_px, call.request.height_px
    if payload.made_px != asked_px:
        made, asked = ("{}x{}".format(*sides) for sides in (payload.made_px, asked_px))
        remarks.append(f"The picture is made as {made} px, and cut and resized here to {asked}.")
    return tuple(remarks)


def _is_wanted(option: str, call: Call) -> bool:
    """Return whether an option is given, and is not the model's default."""
    usual = parse({"model": call.options.model})
    return option in call.request.options and getattr(call.options, option) != getattr(usual, option)


def _negative_notices(call: Call, payload: Payload) -> Iterator[str]:
    """Yield a notice where the user's own negative prompt has no effect. For the default one there is none."""
    if "negative_prompt" in payload.arguments or call.request.prompt.negative == ", ".join(NEGATIVE_TERMS):
        return
    yield _NO_NEGATIVE if call.options.is_flux else f"{call.route.provider} takes no negative prompt: it is not sent."


def _lora_notices(call: Call) -> Iterator[str]:
    if call.route.lora is None and _is_wanted("lora_scale", call):
        yield "There is no LoRA: its scale has no effect."
