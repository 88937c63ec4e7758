"""avatar pick."""

from secrets import randbits
from typing import Annotated

import typer

from avatar_creator.cli.options.filters import Filters, integers, with_filters
from avatar_creator.cli.options.selection import Selection, SelectionArgument, selected
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render import views
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.filters import AvatarFilter
from avatar_creator.domain.stats import Use
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.library import open_library

_pick = typer.Typer(add_completion=False)
APPS = {"pick": _pick}


@_pick.command()
@with_filters
def pick(
    named: SelectionArgument = None,
    *,
    filters: Filters,
    n: Annotated[int, typer.Option("--n", "-n", min=1, help="How many.")] = 1,
    least_used: Annotated[bool, typer.Option("--least-used", help="Those that were used least often.")] = False,
    by_chance: Annotated[
        bool, typer.Option("--random", help="By chance; with --seed the same of the same avatars.")
    ] = False,
    use: Annotated[
        str | None,
        typer.Option(help="Record that an app uses them, and what for.", metavar="APP:ACTION", show_default=False),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="Where they are used: a ticket, a file, a URL ...", show_default=False)
    ] = None,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Pick an avatar, print the path of its picture, and record its use."""
    seeds = integers("seed", filters.typed.pop("seed", ())) if by_chance else []
    if len(seeds) > 1:
        raise InvalidInput("Several seeds are given, and chance has one.", hint="Give one: --random --seed 7")
    if by_chance and least_used:
        raise InvalidInput("Both --random and --least-used are given.", hint="Give one of them.")
    if reference is not None and use is None:
        raise InvalidInput("--reference is of a use, and none is given.", hint="Give one: --use app:action")
    with open_library() as library:
        wanted = _wanted(selected(library, named, filters, may_be_none=True))
        picked = library.pick(
            wanted,
            most=n,
            least_used=least_used,
            seed=(seeds[0] if seeds else randbits(63)) if by_chance else None,
            use=None if use is None else _use(use, reference),
        )
        has_others = len(picked) < n and library.count(wanted, most=len(picked) + 1) > len(picked)
        if not picked and has_others:
            raise StorageError("The picture files of all avatars that match are missing.", hint="Run: avatar doctor")
        if not picked:
            raise filters.nothing_found(library)
        out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
        if len(picked) < n:
            why = "the files of others are missing; run: avatar doctor" if has_others else "no more match"
            out.note(f"{len(picked)} of {n}: {why}.")
        for avatar in () if out.as_json or quiet else picked:
            print(avatar.image_path)
        if out.as_json and n == 1:
            out.record(picked[0], views.avatar_line, views.avatar_card)
        elif out.as_json or quiet:
            out.records(picked, views.avatar_line, views.avatar_table)


def _wanted(selection: Selection) -> AvatarFilter:
    """Return what is picked from. Raises InvalidInput for a single avatar, of which there is nothing to pick."""
    for id_ in selection.ids:
        raise InvalidInput(
            f"{id_} is an avatar, and picked is one of many.",
            hint=f"Its picture: avatar path {id_}; its use: avatar use {id_} --app game --action hero",
        )
    return selection.filter


def _use(given: str, reference: str | None) -> Use:
    app, colon, action = given.partition(":")
    if not colon or not app.strip() or not action.strip():
        raise InvalidInput(f"use is {shown(given)}.", hint="Give the app and what for: --use game:hero")
    return Use(app, action, reference)
