"""avatar pick."""

from functools import partial
from secrets import randbits
from typing import Annotated

import typer

from avatar_creator.cli.options.filters import integers
from avatar_creator.cli.options.selection import Selected, Selection, with_selection
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
@partial(with_selection, but={"sort", "reverse"})
def pick(
    *,
    selection: Selection,
    out: Output,
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
) -> None:
    """Pick an avatar, print the path of its picture, and record its use."""
    seeds = integers("seed", selection.filters.typed.pop("seed", ())) if by_chance else []
    if len(seeds) > 1:
        raise InvalidInput("Several seeds are given, and chance has one.", hint="Give one: --random --seed 7")
    if by_chance and least_used:
        raise InvalidInput("Both --random and --least-used are given.", hint="Give one of them.")
    if reference is not None and use is None:
        raise InvalidInput("--reference is of a use, and none is given.", hint="Give one: --use app:action")
    with open_library() as library:
        wanted = _wanted(selection.of(library, may_be_none=True))
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
            raise selection.filters.nothing_found(library)
        if len(picked) < n:
            why = "the files of others are missing; run: avatar doctor" if has_others else "no more match"
            out.note(f"{len(picked)} of {n}: {why}.")
        for avatar in () if out.as_json or out.quiet else picked:
            print(avatar.image_path)
        if out.as_json and n == 1:
            out.record(picked[0], views.avatar_line, views.avatar_card)
        elif out.as_json or out.quiet:
            out.records(picked, views.avatar_line, views.avatar_table)


def _wanted(selected: Selected) -> AvatarFilter:
    """Return what is picked from. Raises InvalidInput for a single avatar, of which there is nothing to pick."""
    for id_ in selected.ids:
        raise InvalidInput(
            f"{id_} is an avatar, and picked is one of many.",
            hint=f"Its picture: avatar path {id_}; its use: avatar use {id_} --app game --action hero",
        )
    return selected.filter


def _use(given: str, reference: str | None) -> Use:
    app, colon, action = given.partition(":")
    if not colon or not app.strip() or not action.strip():
        raise InvalidInput(f"use is {shown(given)}.", hint="Give the app and what for: --use game:hero")
    return Use(app, action, reference)
