"""avatar twins."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.counting import show_counted
from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.selection import OrderOption, ReverseOption, SelectionArgument, selected
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.filters import Sort
from avatar_creator.errors import Rejected
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.domain.twins import Twin

_twins = typer.Typer(add_completion=False)
APPS = {"twins": _twins}


@_twins.command()
@with_filters
def twins(
    named: SelectionArgument = None,
    *,
    filters: Filters,
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
    sort: OrderOption = Sort.CREATED,
    reverse: ReverseOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find pictures that look alike: the same file twice, or one that was saved again.

    They are shown in groups, the same files first.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    groups = alike = 0

    def shown(done: Callable[[], None]) -> "Iterator[Twin]":
        nonlocal groups, alike
        for twin in library.twins.find(selection.avatars(library), distance=distance, on_read=done):
            groups, alike = twin.group, alike + 1
            if not (omit_first and twin.is_first):
                yield twin

    with open_library() as library:
        selection = selected(library, named, filters, sort, reverse=reverse)
        show = render.twins.twin_line, render.twins.twin_table
        show_counted(out, "Reading", selection.count(library), shown, *show)
    said = f"{alike:,} pictures look alike, in {'1 group' if groups == 1 else f'{groups:,} groups'}."
    if groups and require_none:
        raise Rejected(said, hint="See: avatar twins. avatar show ID has both pictures' paths.")
    out.note(said if groups else "No two pictures look alike.")
