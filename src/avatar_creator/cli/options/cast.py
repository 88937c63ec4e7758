"""The options of who is in a cast: how many, and the values of axes, one for all of them or several."""

import re
import shlex
from collections.abc import Callable
from typing import Annotated, Any

import typer

from avatar_creator import library
from avatar_creator.cli.options import completion
from avatar_creator.cli.options.shared import with_options
from avatar_creator.cli.render.output import talk
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.text import is_given, shown, visible
from avatar_creator.errors import InvalidInput

_WHOLE = re.compile(r"[+-]?[0-9]{1,4000}")  # as many digits as int reads, so that one is refused as too large
_PANEL = "People: a value for all, or several to balance them over"


def _axis_option(*flags: str, help_: str, known: tuple[str, ...] = (), hidden: bool = False) -> Any:
    return Annotated[
        str | None,
        typer.Option(
            *flags,
            help=help_,
            metavar="VALUE,...",
            show_default=False,
            rich_help_panel=_PANEL,
            hidden=hidden,
            autocompletion=completion.known_values(known) if known else None,
        ),
    ]


_AXES: dict[str, Any] = {
    attribute.name: _axis_option(
        attribute.flag, help_=f"{attribute.help}: {', '.join(attribute.known)}", known=attribute.known
    )
    for attribute in ATTRIBUTES
    if attribute.name != "age_range"
} | {
    "age": _axis_option("--age", "--age-range", help_="Age: young, adult, mature, 30, 25-34, 65+"),
    "locale": _axis_option("--locale", help_="Where names are from: en_US, de_DE, ja_JP and others of Faker"),
}


def with_axes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each axis; it gets those that are given as ``values``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        own = {name: given.pop(name) for name in _AXES}
        for name, value in own.items():
            if value is not None and not is_given(value):
                talk(f"--{name.replace('_', '-')} {shown(value)} counts as not given.")
        return {"values": {name: value for name, value in own.items() if value is not None and is_given(value)}}

    return with_options(command, _AXES, parse)


def number_of_people(typed: str | None, count: str | None) -> int:
    """Return how many people are asked for, as the argument or as others say it. Raises InvalidInput."""
    if typed is not None and count is not None:
        side = visible(count)
        sides = (
            f"; for pictures of that side: --width {side} --height {side}" if _WHOLE.fullmatch(count.strip()) else ""
        )
        raise InvalidInput("The number of people is given twice.", hint=f"Such as: avatar cast {visible(typed)}{sides}")
    text = typed if count is None else count
    if text is None:
        raise InvalidInput("The number of people is missing.", hint="Such as: avatar cast 24")
    digits = text.strip().replace(",", "").replace("_", "")
    if _WHOLE.fullmatch(digits):
        return int(digits)
    if "." in text and not text.strip().replace(".", "").isdecimal():  # a file
        raise InvalidInput(
            f"number of people is {shown(text)}, which is no number.",
            hint=f"For a table of personas: avatar batch {shlex.quote(visible(text))}; for people like these:"
            f" avatar cast 24 --like {shlex.quote(visible(text))}",
        )
    opened = library.open_library()
    presets = opened.presets.names()
    number = next((word for word in text.split() if _WHOLE.fullmatch(word)), "24")
    words = [word for word in text.split() if word != number]
    meant = " ".join(filter(None, [f"avatar cast {number}", opened.casts.options_meant(words, presets)]))
    is_said = any(opened.casts.is_value(word, presets) for word in words)  # "women", but not "ten"
    raise InvalidInput(
        f"number of people is {shown(text)}, which is no whole number.",
        hint=f"Such as: {meant if is_said else f'avatar cast {number}'}",
    )
