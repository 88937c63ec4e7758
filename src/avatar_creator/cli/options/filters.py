"""The options that say which avatars are meant."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

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
    "age": Annotated[str | None, _option(help="Persona's age: 32, 30-40, 30- or -40.")],
    "engine": Annotated[str | None, _option(help="Engine that made it.")],
    "source": Annotated[SourceType | None, _option(help="Where the picture came from.", case_sensitive=False)],
    "text": Annotated[str | None, _option(help="Part of the avatar's or persona's name.")],
    **{attribute.name: attribute_option(attribute) for attribute in ATTRIBUTES},
}


class Filters(NamedTuple):
    """What the avatars have to be, as it was typed."""

    project: str | None
    age: str | None
    engine: str | None
    source: SourceType | None
    text: str | None
    attributes: dict[str, str]

    def of(self, library: Library) -> AvatarFilter:
        """Return the filter. Raises InvalidInput for what means nothing, NotFound for a project that is not there."""
        return AvatarFilter(
            project_id=None if self.project is None else library.projects.get(self.project).id,
            age=None if self.age is None else AgeSpan.parse(self.age),
            engine=self.engine and self.engine.lower(),
            source_type=self.source,
            text=self.text,
            attributes=self.attributes,
        )


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which avatars are meant; it gets them as ``filters``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        values = {attribute.name: given.pop(attribute.name) for attribute in ATTRIBUTES}
        attributes = {name: value for name, value in values.items() if value is not None}
        own = {name: given.pop(name) for name in ("project", "age", "engine", "source", "text")}
        return {"filters": Filters(**own, attributes=attributes)}

    return with_options(command, _OPTIONS, parse)
