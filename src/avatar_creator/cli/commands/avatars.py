"""avatar list|show|edit|delete."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options import completion
from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.limits import AllOption, Limit, limit_option
from avatar_creator.cli.options.persona import with_persona
from avatar_creator.cli.options.shared import (
    AvatarArgument,
    AvatarsArgument,
    JsonLinesOption,
    JsonOption,
    KeepFilesOption,
    PreviewOption,
    QuietOption,
    YesOption,
    nothing_to_change,
    with_options,
)
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.filters import AvatarFilter, Sort
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import CLEARABLE_TEXTS, EDITABLE_TEXTS, Avatar
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from rich.console import RenderableType

_list, _show, _edit, _delete = (typer.Typer(add_completion=False) for _ in range(4))
APPS = {"list": _list, "show": _show, "edit": _edit, "delete": _delete}

LIMIT = 50
_COUNTED = 1000
_NAMED_MOST = 20  # of those that are to be deleted
# What --clear takes, as options are named, and the column each stands for.
_CLEARABLE = {
    "persona_name": "persona_name",
    "persona_age": "persona_age",
    "personality": "persona_personality",
    "background": "persona_background",
    **{name: name for name in (*(attribute.name for attribute in ATTRIBUTES), *CLEARABLE_TEXTS)},
}


def _total(library: Library, wanted: "AvatarFilter") -> str:
    """Return how many avatars match; of very many it is not counted how many they are."""
    if wanted == AvatarFilter():
        return str(library.count())
    total = library.count(wanted, most=_COUNTED + 1)
    return f"more than {_COUNTED}" if total > _COUNTED else str(total)


def _with_texts(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each text that may be changed; it gets the given ones as the dict ``texts``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        values = {name: given.pop(name) for name in EDITABLE_TEXTS}
        return {"texts": {name: text for name, text in values.items() if text is not None}}

    options = {
        name: Annotated[str | None, typer.Option(help=text.help, show_default=False)]
        for name, text in EDITABLE_TEXTS.items()
    }
    return with_options(command, options, parse)


@_list.command()
@with_filters
def list_(
    *,
    filters: Filters,
    sort: Annotated[Sort, typer.Option(help="What they are sorted by.", case_sensitive=False)] = Sort.CREATED,
    reverse: Annotated[bool, typer.Option("--reverse", help="In the reverse order.")] = False,
    after: Annotated[
        str | None,
        typer.Option(
            help="Those that follow this one.", metavar="ID", show_default=False, autocompletion=completion.avatars
        ),
    ] = None,
    limit: Annotated[int | None, limit_option(LIMIT)] = None,
    all_: AllOption = False,
    preview: PreviewOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """List avatars, newest first."""
    last: str | None = None
    with open_library() as library:
        wanted = filters.of(library, sort)
        out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)

        def drawn(avatars: Sequence[Avatar]) -> "RenderableType":
            if not avatars:
                return views.none_found(missing())
            if preview and out.coloured:
                previews = render.preview.Previews(library.config.preview)
                if not previews.is_off:
                    return previews.gallery(avatars)
            return views.avatar_table(avatars, also="used" if sort is Sort.USED else None)

        def read() -> Iterator[Avatar]:
            nonlocal last
            for avatar in most.shown(library.find(wanted, limit=most.fetched, sort=sort, reverse=reverse, after=after)):
                last = avatar.id
                yield avatar

        def missing() -> NotFound:
            if after is not None and library.count(wanted, most=1):
                return NotFound("None follows.", hint="Begin anew, without --after.")
            return filters.nothing_found(library)

        most = Limit(limit, all_=all_, usual=LIMIT)
        out.records(read(), views.avatar_line, drawn)
        if last is None and not out.drawn and filters.given:
            out.note(str(views.none_found(missing())))
        most.note_rest(lambda: _total(library, wanted), then=f"--after {last} for the next")


@_show.command()
def show(id_: AvatarArgument, *, preview: PreviewOption = False, json_: JsonOption = False) -> None:
    """Show all that is known about an avatar."""
    with open_library() as library:
        avatar = library.show(id_)
        out = Output(as_json=json_)
        if preview and out.coloured:
            render.preview.Previews(library.config.preview).show(out, avatar)
        made = next(library.status([avatar.generation_id]), None) if avatar.generation_id else None
        shown_ = views.Shown(avatar, library.versions.find(avatar.id), made)
        out.record(shown_, views.shown_line, views.shown_card)


@_edit.command()
@with_persona
@_with_texts
def edit(
    id_: AvatarArgument,
    *,
    persona: Persona,
    attributes: Attributes,
    texts: dict[str, str],
    clear: Annotated[
        list[str] | None,
        typer.Option(
            help="Remove a value, for example hair_color; may be repeated.",
            show_default=False,
            autocompletion=lambda incomplete: [c for c in _CLEARABLE if c.startswith(incomplete)],
        ),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Change what is known about an avatar. The picture stays as it is."""
    cleared = [field.replace("-", "_") for field in clear or ()]
    for field in cleared:
        if field not in _CLEARABLE:
            raise InvalidInput(f"clear is {shown(field)}, which is no field.", hint=f"Fields: {', '.join(_CLEARABLE)}.")
    given = {"persona_name": persona.name, "persona_age": persona.age, "personality": persona.personality}
    given |= {"background": persona.background, **attributes.as_json(), **texts}
    for field in cleared:
        if given.get(field):
            raise InvalidInput(f"{field} is both given and cleared.", hint=f"Leave out --clear {field}.")
    if not (texts or cleared or persona != Persona() or attributes != Attributes()):
        raise nothing_to_change(dict.fromkeys([*EDITABLE_TEXTS, *_CLEARABLE]))
    with open_library() as library:
        columns = [_CLEARABLE[field] for field in cleared]
        edited = library.edit(id_, persona=persona, attributes=attributes, cleared=columns, **texts)
        Output(as_json=json_).record(edited, views.avatar_line, views.avatar_card)


@_delete.command()
@with_filters
def delete(
    ids: AvatarsArgument = None,
    *,
    filters: Filters,
    yes: YesOption = False,
    keep_files: KeepFilesOption = False,
) -> None:
    """Delete avatars and their files."""
    with open_library() as library:
        found = filters.chosen(library, ids)
        named = list(map(library.show, found[:_NAMED_MOST]))
        names = ", ".join(f"{avatar.name} ({avatar.id})" for avatar in named)
        more = f" and {len(found) - len(named)} more" if len(found) > len(named) else ""
        confirm(f"Delete {'avatar' if len(found) == 1 else f'{len(found)} avatars:'} {names}{more}?", yes=yes)
        library.delete(found, keep_files=keep_files)
        Output().note(f"Deleted {', '.join(found) if not more else f'{len(found)} avatars'}.")
