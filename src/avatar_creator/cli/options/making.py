"""The options of commands that make pictures: how these are made, when, how many at once and for how much."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator.cli.options.engine import with_engine_options
from avatar_creator.cli.options.picture import with_picture, with_prompt
from avatar_creator.cli.options.schedule import Later, with_later
from avatar_creator.domain.picture import AT_ONCE_MOST
from avatar_creator.domain.price import MOST_UNASKED

ConcurrencyOption = Annotated[
    int | None, typer.Option(help=f"How many pictures are made at once, 1 to {AT_ONCE_MOST}.", show_default="2")
]
MaxImagesOption = Annotated[
    int | None,
    typer.Option(
        help="Refuse to pay for more pictures; drawings are free.",
        show_default=f"{MOST_UNASKED} without a terminal",
    ),
]


class Making(NamedTuple):
    """How pictures are made, as it was typed: ``choices`` are the arguments of the library that say so."""

    prompt: str | None
    choices: dict[str, Any]
    later: Later


def with_making(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of how and when pictures are made; it gets them as ``making``."""

    @functools.wraps(command)
    def made_so(
        *,
        prompt: str | None,
        wording: dict[str, Any],
        picture: dict[str, Any],
        engine_options: dict[str, Any],
        later: Later,
        **given: Any,
    ) -> None:
        choices = {"options": engine_options} | wording | picture
        command(making=Making(prompt, choices, later), **given)

    own = [each for each in inspect.signature(command).parameters.values() if each.name != "making"]
    made_so.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    return with_engine_options(with_later(with_picture(with_prompt(made_so))))
