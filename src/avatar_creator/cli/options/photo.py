"""The options of `avatar generate` for photographs: what the hosted engine is asked besides the prompt."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from avatar_creator.cli.options.completion import known_values
from avatar_creator.cli.options.shared import with_options
from avatar_creator.engines.huggingface.models import OPTIONS


def _option(*flags: str, help: str, **given: Any) -> Any:  # noqa: A002
    return typer.Option(*flags, help=help, rich_help_panel="Photograph", **{"show_default": False, **given})


def _setting(name: str, *flags: str) -> Any:
    """Return an option that is a setting, too: what it means, its default and limits stand with the engine."""
    option = OPTIONS[name]
    limits = option.range and f", {option.range.least:g} to {option.range.most:g}"
    known = known_values(option.known) if option.known else None
    help_ = f"{option.meaning}{limits or ''}."
    return _option(*flags, help=help_, show_default=option.default, autocompletion=known)


# By the names that the engine knows them by.
_OPTIONS: dict[str, Any] = {
    "model": Annotated[str | None, _setting("model")],
    "provider": Annotated[str | None, _setting("provider")],
    "lora": Annotated[str | None, _setting("lora")],
    "lora_scale": Annotated[float | None, _setting("lora_scale")],
    "steps": Annotated[int | None, _setting("steps")],
    "guidance": Annotated[float | None, _setting("guidance")],
    "timeout_s": Annotated[float | None, _setting("timeout_s", "--timeout")],
    "bill_to": Annotated[str | None, _setting("bill_to")],
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
