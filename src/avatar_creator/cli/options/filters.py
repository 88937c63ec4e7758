"""The options that say which avatars are meant."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator import domain
from avatar_creator.cli.options import times
from avatar_creator.cli.options.ids import given_ids
from avatar_creator.cli.options.persona import attribute_option
from avatar_creator.cli.options.shared import project_option, with_options
from avatar_creator.domain.attributes import ATTRIBUTES, flag_of
from avatar_creator.domain.filters import AgeSpan, AvatarFilter
from avatar_creator.domain.records import SourceType
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library import Library

_PIPE = "Pipe in what avatar list --quiet prints."
_PANEL = "Filters"
_option = partial(typer.Option, show_default=False, rich_help_panel=_PANEL)
_OPTIONS: dict[str, Any] = {
    "project": Annotated[str | None, project_option(_PANEL)],
    "age": Annotated[str | None, _option("--age", "--persona-age", help="Persona's age: 32, 30-40, 30- or -40.")],
    "engine": Annotated[str | None, _option(help="Engine that made it.")],
    "source": Annotated[SourceType | None, _option(help="Where the picture came from.", case_sensitive=False)],
    "text": Annotated[str | None, _option(help="Words of names, persona, prompt, alt text and tags.", metavar="WORDS")],
    "tag": Annotated[list[str] | None, _option(help="That tag; several: all of them.")],
    "not_tag": Annotated[list[str] | None, _option(help="Not that tag.")],
    "starred": Annotated[bool | None, _option("--starred/--not-starred", help="Those with a star, or without.")],
    "since": Annotated[str | None, _option(help="Made then or later: 2026-11-01, or 7d ago.", metavar="TIME")],
    "until": Annotated[str | None, _option(help="Made before the end of then.", metavar="TIME")],
    **{attribute.name: attribute_option(attribute, list[str] | None) for attribute in ATTRIBUTES},
}
_OWN = ("project", "age", "engine", "source", "text", "tag", "not_tag", "starred", "since", "until")
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
    "preset": Annotated[str | None, _option(help="Preset it was made from.")],
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
    tag: list[str] | None
    not_tag: list[str] | None
    starred: bool | None
    since: str | None
    until: str | None
    attributes: dict[str, list[str]]
    fields: dict[str, str | int]

    @property
    def given(self) -> bool:
        """Whether anything was typed."""
        return any(value not in (None, [], {}) for value in self)

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
            attributes={name: _values(given) for name, given in self.attributes.items()},
            fields=fields,
            tags=_parts(self.tag),
            without_tags=_parts(self.not_tag),
            starred=self.starred,
            since=None if self.since is None else times.parse_since(self.since),
            until=None if self.until is None else times.parse_until(self.until),
        )

    def chosen(self, library: Library, ids: Sequence[str] | None) -> list[str]:
        """Return the ids of the avatars that are given, else of those that the filters find.

        Raises InvalidInput where both are given, or nothing, NotFound where nothing is found.
        """
        if ids and self.given:
            raise InvalidInput("Both ids and filters are given.", hint="Give one of them.")
        if ids:
            return list(dict.fromkeys(library.show(id_).id for id_ in given_ids(ids, hint=_PIPE)))
        if not self.given:
            raise InvalidInput("No avatars are given.", hint="Give their ids, or filters such as --tag hero.")
        found = library.find_ids(self.of(library))
        if not found:
            raise self.nothing_found(library)
        return found

    def nothing_found(self, library: Library) -> NotFound:
        """Return the error of filters that find nothing, which says without which one they find some."""
        total = library.count()
        if not total:
            return NotFound("There are no avatars.", hint="Make one: avatar generate --persona-name NAME")
        without = list(self._without())
        for flag, filters in without if len(without) > 1 else ():
            if library.count(filters.of(library), most=1):
                return NotFound("No avatar matches.", hint=f"Leave out {flag}: without it there are some.")
        return NotFound(f"None of {total} avatars matches.", hint="See: avatar list")

    def _without(self) -> "Iterator[tuple[str, Filters]]":
        """Yield each filter that was typed, with the others."""
        for name in _OWN:
            if getattr(self, name) not in (None, []):
                yield flag_of(name), self._but({name: None})
        for part in ("attributes", "fields"):
            given = getattr(self, part)
            for name in given:
                flag = "--name" if name == "avatar_name" else flag_of(name)
                yield flag, self._but({part: {n: value for n, value in given.items() if n != name}})

    def _but(self, others: dict[str, Any]) -> "Filters":
        return self._replace(**others)


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
        rest = {name: own.pop(name) for name in _OWN}
        return {"filters": Filters(**rest, attributes=attributes, fields=fields)}

    return with_options(command, options, parse)


def _given(given: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Take options out of what was typed, and return those that have a value."""
    values = {name: given.pop(name) for name in names}
    return {name: value for name, value in values.items() if value not in (None, [])}


def _values(given: Sequence[str]) -> list[str]:
    """Return the values that stand between commas, and each text as it is: a value may have commas, too."""
    return [value for text in given for value in (text, *(part for part in text.split(",") if part.strip()))]


def _parts(given: Sequence[str] | None) -> list[str]:
    return [part for text in given or () for part in text.split(",")]
