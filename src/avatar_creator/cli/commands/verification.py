"""avatar verify."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.counting import show_counted
from avatar_creator.cli.options.selection import Selection, with_selection
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted
from avatar_creator.domain.verification import Verdict
from avatar_creator.errors import InvalidInput, Rejected, StorageError
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.domain.verification import Verified

_verify = typer.Typer(add_completion=False)
APPS = {"verify": _verify}


@_verify.command()
@with_selection
def verify(
    *,
    selection: Selection,
    out: Output,
    all_: Annotated[bool, typer.Option("--all", help="All avatars, as without any that are named.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="Their earlier pictures, too.")] = False,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Look at the files alone: draw nothing again.")
    ] = False,
    require_same: Annotated[
        bool, typer.Option("--require-same", help="End with exit code 5 when a drawing is another one today.")
    ] = False,
) -> None:
    """Prove that pictures are those that were saved, and that drawings can be made again.

    Changes nothing. Exit code 6 when a file is damaged or missing.
    """
    if all_ and selection.is_given:
        raise InvalidInput("Both --all and some avatars are given.", hint="Give one of the two.")
    counts: Counter[Verdict] = Counter()

    def counted(done: Callable[[], None]) -> "Iterator[Verified]":
        for each in found:
            counts[each.verdict] += 1
            done()
            if each.verdict.is_damage or (each.verdict is Verdict.DIFFERS and not out.quiet) or not _is_brief(out):
                yield each

    def unreadable(error: StorageError) -> None:
        counts[Verdict.CHANGED] += 1
        out.warn(f"{error.message}\n{error.hint}")

    with open_library() as library:
        selected = selection.of(library)
        avatars = selected.avatars(library, on_unreadable=unreadable)
        found = library.verification.run(avatars, versions=versions, redraw=not files_only)
        show = render.verification.verified_line, render.verification.verified_table
        with closing(found):
            show_counted(out, "Verifying", selected.count(library), counted, *show)
    _conclude(out, counts, require_same=require_same)


def _is_brief(out: Output) -> bool:
    """Return whether only those are shown with which something is wrong; ids alone are for scripts that mend them."""
    return out.drawn or out.quiet


def _conclude(out: Output, counts: Counter[Verdict], *, require_same: bool) -> None:
    out.note(", ".join(f"{counts[verdict]:,} {verdict.value}" for verdict in Verdict if counts[verdict]) + ".")
    damaged = sum(number for verdict, number in counts.items() if verdict.is_damage)
    if damaged:
        raise StorageError(
            f"{_pictures(damaged)} damaged or missing.",
            hint="Put the files back from a copy of the home, or of avatar export; avatar delete ID forgets an avatar.",
        )
    if require_same and counts[Verdict.DIFFERS]:
        raise Rejected(
            f"{_pictures(counts[Verdict.DIFFERS])} drawn otherwise today.",
            hint="Their files are whole: nothing has to be done. avatar upgrade draws them anew.",
        )


def _pictures(count: int) -> str:
    return counted(count, "picture is", "pictures are")
