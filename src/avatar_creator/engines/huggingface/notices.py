"""What of a request a call of a provider cannot express, and what is worth knowing before it."""

from collections.abc import Iterator

from avatar_creator.domain.prompt import USUAL_NEGATIVE, Prompt
from avatar_creator.domain.text_encoders import foreign_syntax, unread_by_clip, unreadable, unused_negative
from avatar_creator.engines.huggingface.options import Options, parse
from avatar_creator.engines.huggingface.payloads import Call, Payload

_NO_NEGATIVE = "FLUX takes no negative prompt: it is recorded, and not sent."


def notices_of(call: Call, payload: Payload) -> tuple[str, ...]:
    """Return a sentence for each thing that was asked for and is not sent."""
    unsent = (f"{call.route.provider} takes no {option}." for option in payload.unsent if _is_wanted(option, call))
    of_prompt = prompt_notices(call.request.prompt, call.options)
    return (*call.route.notices, *unsent, *_negative_notices(call, payload), *_lora_notices(call), *of_prompt)


def prompt_notices(prompt: Prompt, options: Options) -> Iterator[str]:
    """Yield what the model does not understand of the prompt. What reads one at an own endpoint is not known."""
    if options.is_flux:
        yield from unreadable(prompt)
    if not options.endpoint:
        yield from foreign_syntax(prompt)


def remarks_of(call: Call, payload: Payload) -> tuple[str, ...]:
    """Return what is always so."""
    remarks = []
    if call.options.is_flux:
        remarks += [] if list(_negative_notices(call, payload)) else [_NO_NEGATIVE]
        remarks += unread_by_clip(call.request.prompt)
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
    if "negative_prompt" in payload.arguments:
        return
    if call.options.is_flux:
        yield from unused_negative(call.request.prompt)
    elif call.request.prompt.negative != USUAL_NEGATIVE:
        yield f"{call.route.provider} takes no negative prompt: it is not sent."


def _lora_notices(call: Call) -> Iterator[str]:
    if call.route.lora is None and _is_wanted("lora_scale", call):
        yield "There is no LoRA: its scale has no effect."
