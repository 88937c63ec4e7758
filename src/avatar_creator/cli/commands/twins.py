"""avatar twins."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.counting import show_counted
from avatar_creator.cli.options.selection import Selection, with_selection
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted
from avatar_creator.errors import Rejected, StorageError
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.domain.twins import Twin

_twins = typer.Typer(add_completion=False)
APPS = {"twins": _twins}


@_twins.command()
@with_selection
def twins(
    *,
    selection: Selection,
    out: Output,
    distance: Annotated[
        int | None,
        typer.Option(
            metavar="BITS",
            help="In how many of 1536 bits two pictures that look alike may differ, 0 to 400.",
            show_default="24 for drawings, 100 for others",
        ),
    ] = None,
    omit_first: Annotated[
        bool, typer.Option("--omit-first", help="Leave out the first of each group: the rest can be deleted.")
    ] = False,
    require_none: Annotated[
        bool, typer.Option("--require-none", help="End with exit code 5 when any look alike.")
    ] = False,
) -> None:
    """Find pictures that look alike: the same file twice, or one that was saved again.

    They are shown in groups, the same files first.
    """
    groups = alike = 0
    unreadable: list[StorageError] = []

    def shown(done: Callable[[], None]) -> "Iterator[Twin]":
        nonlocal groups, alike
        for twin in library.twins.find(avatars, distance=distance, on_read=done):
            groups, alike = twin.group, alike + 1
            if not (omit_first and twin.is_first):
                yield twin

    with open_library() as library:
        selected = selection.of(library)
        avatars = selected.avatars(library, on_unreadable=unreadable.append)
        show = render.twins.twin_line, render.twins.twin_table
        show_counted(out, "Reading", selected.count(library), shown, *show)
    said = f"{alike:,} pictures look alike, in {counted(groups, 'group')}."
    if groups and require_none:
        raise Rejected(said, hint="See: avatar twins. avatar show ID has both pictures' paths.")
    out.note(said if groups else "No two pictures look alike.")
    if unreadable:
        raise unreadable[0]
