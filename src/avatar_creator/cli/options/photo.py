"""The options of `avatar generate` for photographs: what the hosted engine is asked besides the prompt."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from avatar_creator.cli.options.completion import known_values
from avatar_creator.cli.options.shared import with_options
from avatar_creator.engines.huggingface.models import (
    AUTO,
    DEFAULT_MODEL,
    GUIDANCE,
    LORA_SCALE,
    MODELS,
    NO_LORA,
    PROVIDERS,
    STEPS,
    TIMEOUT_S,
    Range,
)


def _option(*flags: str, help: str, default: str | bool = False, known: tuple[str, ...] = ()) -> Any:  # noqa: A002
    return typer.Option(
        *flags,
        help=help,
        show_default=default,
        rich_help_panel="Photograph",
        autocompletion=known_values(known) if known else None,
    )


def _shown(limits: Range) -> str:
    return f"{limits.default:g}"


# By the names that the engine knows them by.
_OPTIONS: dict[str, Any] = {
    "model": Annotated[
        str | None,
        _option(
            help=f"{', '.join(MODELS)}, an id of the Hub, or the URL of an endpoint of yours.",
            default=DEFAULT_MODEL,
            known=tuple(MODELS),
        ),
    ],
    "provider": Annotated[
        str | None, _option(help=f"Who runs the model: {', '.join(PROVIDERS)}.", default=AUTO, known=PROVIDERS)
    ],
    "lora": Annotated[
        str | None, _option(help="LoRA by its id of the Hub, or none.", default="the model's", known=(NO_LORA,))
    ],
    "lora_scale": Annotated[float | None, _option(help="How much the LoRA shows.", default=_shown(LORA_SCALE))],
    "steps": Annotated[int | None, _option(help="Steps of inference.", default=str(STEPS))],
    "guidance": Annotated[float | None, _option(help="How closely the prompt is followed.", default=_shown(GUIDANCE))],
    "timeout_s": Annotated[
        float | None, _option("--timeout", help="Seconds to wait for one picture.", default=_shown(TIMEOUT_S))
    ],
    "bill_to": Annotated[str | None, _option(help="Organization on Hugging Face that pays.", default="you")],
    "require_lora": Annotated[
        bool, _option("--require-lora", help="Rather fail than make a picture without the LoRA.")
    ],
    "no_reroll": Annotated[
        bool, _option("--no-reroll", help="Do not pay again for a picture that came back unusable.")
    ],
    "provider_key_env": Annotated[
        str | None,
        _option(help="Variable that holds a key of the provider's own, who then bills you."),
    ],
}


def with_photograph(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of photographs; it gets those that were given as the dict ``photograph``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        taken = {name: given.pop(name) for name in _OPTIONS}
        taken["require_lora"] = taken["require_lora"] or None
        taken["reroll"] = False if taken.pop("no_reroll") else None
        return {"photograph": {name: value for name, value in taken.items() if value is not None}}

    return with_options(command, _OPTIONS, parse)
