"""Which avatars a command is about, and in which order: of projects, by id, or what filters find."""

import functools
import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.ids import given_ids
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.filters import AvatarFilter, Sort, several
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput, NotFound, StorageError
from avatar_creator.library import Library

SelectionArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROJECT|ID]...",
        help="Projects, by name or id, and avatars, by id or unique prefix; - reads them from stdin. Without any: all.",
        autocompletion=completion.projects,
        show_default=False,
    ),
]
OrderOption = Annotated[
    Sort, typer.Option("--sort", help="What they are sorted by; created: first made first.", case_sensitive=False)
]
ReverseOption = Annotated[bool, typer.Option("--reverse", help="In the reverse order.")]
_PIPE = "Pipe in what avatar list --quiet prints."


class Selected(NamedTuple):
    """Avatars that are read each time they are asked for. ``project`` is the id of the one project of all of them."""

    parts: tuple[AvatarFilter | str, ...]  # filters, and ids of single avatars
    project: str | None
    sort: Sort
    reverse: bool

    def avatars(
        self, library: Library, *, on_unreadable: Callable[[StorageError], None] | None = None
    ) -> Iterator[Avatar]:
        """Yield them, each once. Raises NotFound for one that was deleted meanwhile.

        ``on_unreadable`` gets why the row of one cannot be read. Without it that is raised.
        """
        seen: set[str] = set()
        reverse = self.reverse != (self.sort is Sort.CREATED)  # `find` begins with the newest
        for part in self.parts:
            if isinstance(part, str):
                found = iter([library.show(part)])
            else:
                found = library.find(part, sort=self.sort, reverse=reverse, on_unreadable=on_unreadable)
            if len(self.parts) == 1:
                yield from found
                continue
            for avatar in found:
                if avatar.id not in seen:
                    seen.add(avatar.id)
                    yield avatar

    @property
    def ids(self) -> list[str]:
        """The single avatars among them."""
        return [part for part in self.parts if isinstance(part, str)]

    @property
    def projects(self) -> list[str]:
        """The projects, by id, to which each of them belongs unless single avatars are given, too."""
        filters = (part for part in self.parts if isinstance(part, AvatarFilter))
        return [id_ for part in filters for id_ in several(part.project_id)]

    @property
    def filter(self) -> AvatarFilter:
        """What finds all of them. Raises InvalidInput for single avatars, which no filter finds."""
        filters = [part for part in self.parts if isinstance(part, AvatarFilter)]
        if len(filters) < len(self.parts):
            raise InvalidInput("Single avatars are given.", hint="Give projects, or options such as --tag.")
        return replace(filters[0], project_id=self.projects or None)

    def count(self, library: Library) -> int:
        """Return how many they are; one that two parts have counts twice."""
        return sum(1 if isinstance(part, str) else library.count(part) for part in self.parts)


class Selection(NamedTuple):
    """Which avatars are meant, as it was typed."""

    named: Sequence[str] | None
    filters: Filters
    sort: Sort
    reverse: bool

    @property
    def is_given(self) -> bool:
        """Whether some are named or filtered, and not all meant."""
        return bool(self.named) or self.filters.given

    def of(self, library: Library, *, may_be_none: bool = False) -> Selected:
        """Return who is meant: projects and avatars that are named, else what the filters find, else all avatars.

        Filters narrow projects down. Raises NotFound for what is neither a project nor an avatar, and where nothing is
        found unless that ``may_be_none``; InvalidInput for filters beside ids.
        """
        filters = self.filters
        wanted = filters.of(library, self.sort)
        parts: list[AvatarFilter | str] = []
        for name in given_ids(self.named, hint=_PIPE) if self.named else ():
            part = _part(library, name, wanted)
            if isinstance(part, str) and filters.given:
                said = f"{shown(name)} is an avatar, and filters are given too."
                raise InvalidInput(said, hint="Give one of the two.")
            if not isinstance(part, str) and "project" in filters.typed:
                raise InvalidInput(f"Both {shown(name)} and --project are given.", hint="Give one of the two.")
            parts.append(part)
        filtered = [part for part in parts or [wanted] if isinstance(part, AvatarFilter)]
        projects = {id_ for part in filtered for id_ in several(part.project_id) or (None,)}
        project = projects.pop() if len(projects) == 1 and not any(isinstance(part, str) for part in parts) else None
        found = Selected(tuple(parts or [wanted]), project, self.sort, self.reverse)
        if not may_be_none and not any(isinstance(part, str) or library.count(part, most=1) for part in found.parts):
            raise filters.nothing_found(library) if filters.given or not self.named else _nobody(self.named)
        return found


def with_selection(command: Callable[..., None], *, but: Collection[str] = ()) -> Callable[..., None]:
    """Give a command the options of which avatars, in which order, and how it prints them.

    It gets them as ``selection`` and ``out``. ``but`` names options that mean something else to it, or nothing.
    """

    def selecting(
        *,
        named: SelectionArgument = None,
        sort: OrderOption = Sort.CREATED,
        reverse: ReverseOption = False,
        json_: JsonOption = False,
        jsonl: JsonLinesOption = False,
        quiet: QuietOption = False,
        filters: Filters,
        **given: Any,
    ) -> None:
        out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
        command(selection=Selection(named, filters, sort, reverse), out=out, **given)

    own = [each for name, each in inspect.signature(command).parameters.items() if name not in ("selection", "out")]
    added = inspect.signature(selecting).parameters
    named, *others = (each for name, each in added.items() if name not in but and each.kind is each.KEYWORD_ONLY)
    functools.update_wrapper(selecting, command)
    selecting.__signature__ = inspect.Signature([named, *own, *others])  # type: ignore[attr-defined]
    return with_filters(selecting, but=but)


def _part(library: Library, name: str, wanted: AvatarFilter) -> AvatarFilter | str:
    with suppress(NotFound):
        return replace(wanted, project_id=library.projects.get(name).id)
    try:
        return library.show(name).id
    except NotFound as error:
        listed = "Run: avatar project list, or avatar list; to find by words: --text WORDS"
        hint = listed if error.hint == "Run: avatar list" else error.hint  # which may name avatars of that name
        raise NotFound(f"There is no project and no avatar {shown(name)}.", hint=hint) from error


def _nobody(named: Sequence[str]) -> NotFound:
    said = ", ".join(map(shown, named))
    return NotFound(f"There are no avatars in {said}.", hint="Make some: avatar cast 12 --project NAME")
