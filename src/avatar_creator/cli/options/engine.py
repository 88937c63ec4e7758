"""The options of `avatar generate` that engines take, made from their table."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from avatar_creator.cli.options.completion import known_values
from avatar_creator.cli.options.shared import with_options
from avatar_creator.engines.option import Option
from avatar_creator.engines.table import ENGINES, OPTIONS, engines_with, option_of_any


def with_engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of engines; it gets those that were given as the dict ``engine_options``."""
    options = {name: _flag(option_of_any(name)) for name in OPTIONS}

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        values = {name: _value(option, given.pop(name)) for name, option in OPTIONS.items()}
        return {"engine_options": {name: value for name, value in values.items() if value is not None}}

    return with_options(command, options, parse)


def _flag(option: Option) -> Any:
    return Annotated[
        option.kind | None,
        typer.Option(
            option.flag,
            help=option.help,
            show_default=False if option.kind is bool else option.default,
            rich_help_panel=ENGINES[engines_with(option.name)[0]].panel,
            autocompletion=known_values(option.known) if option.known else None,
        ),
    ]


def _value(option: Option, given: Any) -> Any:
    """Return what an engine is given: a switch turns its default round, and known values are found in any case."""
    if option.kind is bool:
        return not option.default if given else None
    return given.lower() if given is not None and option.only_known else given
