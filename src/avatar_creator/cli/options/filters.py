"""The options that say which avatars are meant."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator import domain
from avatar_creator.cli.options.persona import attribute_option
from avatar_creator.cli.options.shared import project_option, with_options
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.filters import AgeSpan, AvatarFilter
from avatar_creator.domain.records import SourceType
from avatar_creator.library import Library

_PANEL = "Filters"
_option = partial(typer.Option, show_default=False, rich_help_panel=_PANEL)
_OPTIONS: dict[str, Any] = {
    "project": Annotated[str | None, project_option(_PANEL)],
    "age": Annotated[str | None, _option("--age", "--persona-age", help="Persona's age: 32, 30-40, 30- or -40.")],
    "engine": Annotated[str | None, _option(help="Engine that made it.")],
    "source": Annotated[SourceType | None, _option(help="Where the picture came from.", case_sensitive=False)],
    "text": Annotated[str | None, _option(help="Part of the avatar's or persona's name.")],
    **{attribute.name: attribute_option(attribute) for attribute in ATTRIBUTES},
}
_COLUMNS = {  # as the columns are called; not in the help, where both names of one option would be cut
    "persona_personality": "personality",
    "persona_background": "background",
}
# The other fields, by the names of `generate`.
_FIELDS: dict[str, Any] = {
    "persona_name": Annotated[str | None, _option(help="Persona's name.")],
    "personality": Annotated[str | None, _option(help="One of the traits.")],
    "background": Annotated[str | None, _option(help="Part of the life story.")],
    "persona_id": Annotated[str | None, _option(help="Id of its row in a persona file.")],
    "avatar_name": Annotated[str | None, _option("--name", help="Avatar's name.")],
    "prompt": Annotated[str | None, _option("--prompt", "-p", help="Part of the prompt.")],
    "model": Annotated[str | None, _option(help="Model that made it.")],
    "provider": Annotated[str | None, _option(help="Who ran the model.")],
    "art_style": Annotated[str | None, _option(help="Style it is drawn in.")],
    "seed": Annotated[int | None, _option(help="Seed.")],
    "width": Annotated[int | None, _option(help="In pixels.")],
    "height": Annotated[int | None, _option(help="In pixels.")],
    "format": Annotated[str | None, _option(help="Format of the file: jpeg, png or webp.")],
}


class Filters(NamedTuple):
    """What the avatars have to be, as it was typed."""

    project: str | None
    age: str | None
    engine: str | None
    source: SourceType | None
    text: str | None
    attributes: dict[str, str]
    fields: dict[str, str | int]

    def of(self, library: Library) -> AvatarFilter:
        """Return the filter. Raises InvalidInput for what means nothing, NotFound for a project that is not there."""
        fields = dict(self.fields)
        if "format" in fields:
            fields["format"] = domain.choices.member(domain.picture.PictureFormat, "format", str(fields["format"]))
        return AvatarFilter(
            project_id=None if self.project is None else library.projects.get(self.project).id,
            age=None if self.age is None else AgeSpan.parse(self.age),
            engine=self.engine and self.engine.lower(),
            source_type=self.source,
            text=self.text,
            attributes=self.attributes,
            fields=fields,
        )


def with_filters(command: Callable[..., None], *, but: Collection[str] = ()) -> Callable[..., None]:
    """Give a command the options that say which avatars are meant; it gets them as ``filters``.

    ``but`` names those that mean something else to it.
    """
    hidden = dict.fromkeys(_COLUMNS, Annotated[str | None, typer.Option(hidden=True)])
    options = {name: option for name, option in (_OPTIONS | _FIELDS | hidden).items() if name not in but}

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        own = {name: given.pop(name) for name in options} | dict.fromkeys(but)
        attributes = _given(own, [attribute.name for attribute in ATTRIBUTES])
        fields = _given(own, _FIELDS)
        fields |= {_COLUMNS[name]: value for name, value in _given(own, _COLUMNS).items()}
        rest = {name: own.pop(name) for name in ("project", "age", "engine", "source", "text")}
        return {"filters": Filters(**rest, attributes=attributes, fields=fields)}

    return with_options(command, options, parse)


def _given(given: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Take options out of what was typed, and return those that have a value."""
    values = {name: given.pop(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
