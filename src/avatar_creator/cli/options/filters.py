"""The options that say which avatars are meant."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator import domain
from avatar_creator.cli.options import completion, times
from avatar_creator.cli.options.ids import given_ids
from avatar_creator.cli.options.persona import attribute_option
from avatar_creator.cli.options.shared import project_option, with_options
from avatar_creator.cli.render.output import talk
from avatar_creator.domain.attributes import ATTRIBUTES, flag_of
from avatar_creator.domain.filters import FILTERED, AgeSpan, AvatarFilter, Sort
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.text import joined, shown
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library import Library

_PIPE = "Pipe in what avatar list --quiet prints."
_PANEL = "Filters"
_option = partial(typer.Option, show_default=False, rich_help_panel=_PANEL)
_Several = list[str] | None
_OPTIONS: dict[str, Any] = {
    "project": Annotated[_Several, project_option(_PANEL)],
    "age": Annotated[_Several, _option("--age", "--persona-age", help="Persona's age: 32, 30-40, 30+ or <18.")],
    "engine": Annotated[_Several, _option(help="Engine that made it.")],
    "source": Annotated[
        _Several,
        _option(
            help=f"Where the picture came from: {', '.join(SourceType)}.",
            autocompletion=completion.known_values(tuple(SourceType)),
        ),
    ],
    "text": Annotated[_Several, _option(help="Words of names, persona, prompt, alt text and tags.", metavar="WORDS")],
    "tag": Annotated[_Several, _option(help="That tag; several: all of them.")],
    "not_tag": Annotated[_Several, _option(help="Not that tag.")],
    "starred": Annotated[bool | None, _option("--starred/--not-starred", help="Those with a star, or without.")],
    "used": Annotated[bool | None, _option("--used/--unused", help="Those of which a use is recorded, or none.")],
    "since": Annotated[str | None, _option(help="Made then or later: 2026-11-01, or 7d ago.", metavar="TIME")],
    "until": Annotated[str | None, _option(help="Made before the end of then.", metavar="TIME")],
    **{attribute.name: attribute_option(attribute, _Several) for attribute in ATTRIBUTES},
}
_COLUMNS = {  # as the columns are called; not in the help, where both names of one option would be cut
    "persona_personality": "personality",
    "persona_background": "background",
}
# The other fields, by the names of `generate`.
_FIELDS: dict[str, Any] = {
    "persona_name": Annotated[_Several, _option(help="Persona's name.")],
    "personality": Annotated[_Several, _option(help="One of the traits; several: all of them.")],
    "background": Annotated[_Several, _option(help="Part of the life story.")],
    "persona_id": Annotated[_Several, _option(help="Id of its row in a persona file.")],
    "avatar_name": Annotated[_Several, _option("--name", help="Avatar's name.")],
    "prompt": Annotated[_Several, _option("--prompt", "-p", help="Part of the prompt.")],
    "preset": Annotated[_Several, _option(help="Preset it was made from.", autocompletion=completion.presets)],
    "model": Annotated[_Several, _option(help="Model that made it.")],
    "provider": Annotated[_Several, _option(help="Who ran the model.")],
    "art_style": Annotated[_Several, _option(help="Style it is drawn in.")],
    "seed": Annotated[_Several, _option(help="Seed.", metavar="INTEGER")],
    "width": Annotated[_Several, _option(help="In pixels.", metavar="INTEGER")],
    "height": Annotated[_Several, _option(help="In pixels.", metavar="INTEGER")],
    "format": Annotated[_Several, _option(help="Format of the file: jpeg, png or webp.")],
}
_FLAGS = {"avatar_name": "--name"}  # of the options that are not called like their parameters
_UNSET = {"starred": "--not-starred", "used": "--unused"}  # the other one of two
_WHOLE = frozenset(["background", "prompt", "personality"])  # what stands between commas is no value of its own
_COUNTED = 1000  # of those that match without a filter
_INDEXED_SOON = 5000  # avatars, in a second
_COUNTED_S = 1.0  # until no further filter is left out: a million avatars may be looked through for each


class Filters(NamedTuple):
    """What the avatars have to be: the options that were typed, by the names of their parameters."""

    typed: dict[str, Any]

    @property
    def given(self) -> bool:
        """Whether anything was typed."""
        return bool(self.typed)

    def of(self, library: Library, sort: Sort = Sort.CREATED) -> AvatarFilter:
        """Return the filter. Raises InvalidInput for what means nothing, NotFound for a project that is not there.

        Where avatars have to be indexed for long before they are found, it says so.
        """
        typed = self.typed.get
        wanted = AvatarFilter(
            project_id=_projects(library, typed("project", ())) or None,
            age=list(map(AgeSpan.parse, _parts(typed("age")))) or None,
            engine=[name.strip().lower() for name in _parts(typed("engine"))] or None,
            source_type=list(map(_source, _parts(typed("source")))) or None,
            text=" ".join(self.typed["text"]) if "text" in self.typed else None,
            attributes={a.name: _values(self.typed[a.name]) for a in ATTRIBUTES if a.name in self.typed},
            fields={name: _of_field(name, self.typed[name]) for name in _FIELDS if name in self.typed},
            tags=_parts(typed("tag")),
            without_tags=_parts(typed("not_tag")),
            starred=typed("starred"),
            used=typed("used"),
            since=times.parse_since(self.typed["since"]) if "since" in self.typed else None,
            until=times.parse_until(self.typed["until"]) if "until" in self.typed else None,
        )
        unindexed = library.unindexed(wanted, sort=sort)
        if unindexed > _INDEXED_SOON:
            talk(f"{unindexed:,} avatars are indexed first, so that they are found at once from now on.")
        return wanted

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
        """Return the error of filters that find nothing, which says without which of them how many are found."""
        total = library.count()
        if not total:
            return NotFound("There are no avatars.", hint="Make one: avatar generate --persona-name NAME")
        message = "The one avatar does not match." if total == 1 else f"None of {total} avatars matches."
        until = monotonic() + _COUNTED_S
        if len(self.typed) > 1:
            without = (
                (self._flag(name), {n: value for n, value in self.typed.items() if n != name}) for name in self.typed
            )
            found = {flag: count for flag, count in _counted(library, without, until) if count}
            if found:
                return NotFound(message, hint=_leave_out(found))
            alone = ((self._flag(name), {name: value}) for name, value in self.typed.items())
            nobodys = [flag for flag, count in _counted(library, alone, until) if not count]
            if nobodys:
                return NotFound(message, hint=f"Each of these alone matches none: {', '.join(nobodys)}.")
        return NotFound(message, hint="See: avatar list")

    def _flag(self, name: str) -> str:
        """Return the option that was typed."""
        return _UNSET[name] if self.typed[name] is False else _FLAGS.get(name, flag_of(name))


def _counted(library: Library, each: Iterable[tuple[str, dict[str, Any]]], until: float) -> Iterator[tuple[str, int]]:
    """Yield how many avatars options find, no further than is said, until there is no more time."""
    for flag, typed in each:
        if monotonic() < until:
            yield flag, library.count(Filters(typed).of(library), most=_COUNTED + 1)


def _leave_out(found: Mapping[str, int]) -> str:
    """Say how many avatars match without which filter."""
    counts = {flag: f"more than {_COUNTED}" if count > _COUNTED else str(count) for flag, count in found.items()}
    if len(counts) == 1:
        flag, count = next(iter(counts.items()))
        return f"Leave out {flag}: {count} {'matches' if count == '1' else 'match'} without it."
    return f"Leave out one of these; as many match without it: {', '.join(f'{f} {n}' for f, n in counts.items())}."


def with_filters(command: Callable[..., None], *, but: Collection[str] = ()) -> Callable[..., None]:
    """Give a command the options that say which avatars are meant; it gets them as ``filters``.

    ``but`` names those that mean something else to it.
    """
    hidden = dict.fromkeys(_COLUMNS, Annotated[_Several, typer.Option(hidden=True)])
    options = {name: option for name, option in (_OPTIONS | _FIELDS | hidden).items() if name not in but}

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        typed = {name: given.pop(name) for name in options}
        for name, same in _COLUMNS.items():
            typed[same] = [*(typed[same] or ()), *(typed.pop(name) or ())]
        typed = {name: value for name, value in typed.items() if value not in (None, [])}
        return {"filters": Filters(typed)}

    return with_options(command, options, parse)


def integers(name: str, given: Sequence[str]) -> list[int]:
    """Return whole numbers with commas between. Raises InvalidInput for what is none."""
    try:
        return [int(text) for text in _parts(given)]
    except ValueError:
        said = shown(", ".join(given))
        raise InvalidInput(f"{name} is {said}, which is no whole number.", hint="Such as: 512") from None


def _of_field(name: str, given: Sequence[str]) -> Sequence[str | int]:
    """Return the values of a field. Raises InvalidInput."""
    if FILTERED[name] is int:
        return integers(name, given)
    if name == "format":
        return [domain.choices.member(domain.picture.PictureFormat, name, _format(text)) for text in _parts(given)]
    return given if name in _WHOLE else _values(given)


def _format(text: str) -> str:
    word = text.strip().lower()
    return "jpeg" if word == "jpg" else word


def _source(text: str) -> SourceType:
    known = {joined(source): source for source in SourceType}
    return known.get(joined(text.strip())) or domain.choices.member(SourceType, "source", text)


def _projects(library: Library, given: Sequence[str]) -> list[str]:
    """Return the ids of projects, each by its name or id, with commas between or with commas in the name."""
    found: list[str] = []
    for text in given:
        try:
            found.append(library.projects.get(text).id)
        except NotFound:
            if "," not in text:
                raise
            found += [library.projects.get(part.strip()).id for part in text.split(",")]
    return found


def _values(given: Sequence[str]) -> list[str]:
    """Return the values that stand between commas, and each text as it is: a value may have commas, too."""
    return [value for text in given for value in (text, *(part for part in text.split(",") if part.strip()))]


def _parts(given: Sequence[str] | None) -> list[str]:
    return [part for text in given or () for part in text.split(",")]
