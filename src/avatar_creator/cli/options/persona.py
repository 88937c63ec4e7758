"""The options of a persona and of its visual attributes, which are made from the attribute table."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Annotated, Any

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.shared import PresetOption, with_options
from avatar_creator.cli.render.output import talk
from avatar_creator.domain.attributes import ATTRIBUTES, Attribute, Attributes, flag_of
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.text import is_given, shown

_persona_option = partial(typer.Option, show_default=False, rich_help_panel="Persona")
_ATTRIBUTES_PANEL = "Attributes: these values or any other text"


def integer(text: str) -> int | str:
    """Read a whole number, also as spreadsheets write it ("29.0"); what stands for no value stays as it is."""
    if not is_given(text):
        return text
    whole, _, rest = text.strip().partition(".")
    try:
        return int(whole if rest and not rest.strip("0") else text)
    except ValueError:
        raise typer.BadParameter(f"{shown(text)} is not a valid integer.") from None


_PERSONA_OPTIONS: dict[str, Any] = {
    "persona_name": Annotated[str | None, _persona_option(help="Name.")],
    "persona_age": Annotated[
        int | None,
        _persona_option("--persona-age", "--age", help="Age in years, 1 to 120.", metavar="INTEGER", parser=integer),
    ],
    "personality": Annotated[list[str] | None, _persona_option(help="A trait; up to 10, each with its own option.")],
    "background": Annotated[str | None, _persona_option(help="Life story; kept, never sent.")],
    # As the columns are called; not in the help, where both names of one option would be cut at 80 characters.
    "persona_personality": Annotated[list[str] | None, typer.Option(hidden=True)],
    "persona_background": Annotated[str | None, typer.Option(hidden=True)],
}

_SAME = {"persona_personality": "personality", "persona_background": "background"}


def with_persona(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of persona and attributes; it gets them as ``persona``, ``attributes``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        own = {name: given.pop(name) for name in options}
        _say_blank(dict(_take_blanks(own)))
        return _who(own)

    options = _who_options()
    return with_options(command, options, parse)


def with_preset(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options, and that of a preset as ``preset``.

    It gets the fields of options that say nothing as ``cleared``: they are not taken from the preset.
    """

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        own, preset = {name: given.pop(name) for name in who}, given.pop("preset")
        blank = dict(_take_blanks(own))
        if preset is None:
            _say_blank(blank)
        cleared = [_SAME.get(name, name) for name in blank]
        return {**_who(own), "preset": preset, "cleared": cleared}

    who = _who_options()
    return with_options(command, {"preset": PresetOption, **who}, parse)


def _who_options() -> dict[str, Any]:
    return _PERSONA_OPTIONS | {attribute.name: attribute_option(attribute) for attribute in ATTRIBUTES}


def _who(own: dict[str, Any]) -> dict[str, Any]:
    traits = (*(own.pop("personality") or ()), *(own.pop("persona_personality") or ()))
    story, same = own.pop("background"), own.pop("persona_background")
    persona = Persona(own.pop("persona_name"), own.pop("persona_age"), traits, same if story is None else story)
    return {"persona": persona, "attributes": Attributes(**own)}


def _say_blank(blank: Mapping[str, str]) -> None:
    if blank:
        verb = "counts" if len(blank) == 1 else "count"
        talk(f"{', '.join(blank.values())} {verb} as not given.")


def _take_blanks(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Take out the values that say nothing, and yield the name of each, and it with its option."""
    for name, value in given.items():
        texts = value if isinstance(value, list) else [value]
        blank = [text for text in texts if isinstance(text, str) and not is_given(text, name=name == "persona_name")]
        if blank:
            yield name, f"{flag_of(name)} {', '.join(map(shown, blank))}"
            given[name] = [text for text in texts if text not in blank] or None if isinstance(value, list) else None


def attribute_option(attribute: Attribute, kind: Any = str | None) -> Any:
    """Return the option for an attribute: of a picture one value, or of a filter a list of them."""
    return Annotated[
        kind,
        typer.Option(
            attribute.flag,
            help=f"{attribute.help}: {', '.join(attribute.known)}",
            show_default=False,
            rich_help_panel=_ATTRIBUTES_PANEL,
            autocompletion=completion.known_values(attribute.known),
        ),
    ]
