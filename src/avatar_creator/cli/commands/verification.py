"""avatar verify."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.counting import show_counted
from avatar_creator.cli.options.selection import Selection, with_selection
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.choices import path_of
from avatar_creator.domain.text import counted
from avatar_creator.domain.verification import Verdict
from avatar_creator.errors import InvalidInput, NotFound, Rejected, StorageError
from avatar_creator.home import with_home
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from avatar_creator.domain.verification import Verified
    from avatar_creator.exports.checking import CheckedFile

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

    Of an export, a folder, ZIP or TAR file in the place of a project: that its files are those that were written.
    Changes nothing. Exit code 6 when a file is damaged or missing.
    """
    if all_ and selection.is_given:
        raise InvalidInput("Both --all and some avatars are given.", hint="Give one of the two.")
    counts: Counter[Verdict] = Counter()

    def verified(done: Callable[[], None]) -> "Iterator[Verified]":
        for each in found:
            counts[each.verdict] += 1
            done()
            if each.verdict.is_damage or (each.verdict is Verdict.DIFFERS and not out.quiet) or not _is_brief(out):
                yield each

    def unreadable(error: StorageError) -> None:
        counts[Verdict.CHANGED] += 1
        out.warn(f"{error.message}\n{error.hint}")

    with open_library() as library:
        try:
            selected = selection.of(library)
        except NotFound:
            path = _export_of(selection)
            if path is None:
                raise
            _verify_export(library, path, out)
            return
        avatars = selected.avatars(library, on_unreadable=unreadable)
        found = library.verification.run(avatars, versions=versions, redraw=not files_only)
        show = render.verification.verified_line, render.verification.verified_table
        with closing(found):
            show_counted(out, "Verifying", selected.count(library), verified, *show)
    _conclude(out, counts, require_same=require_same)


def _export_of(selection: Selection) -> Path | None:
    """Return the one path that is given, if anything is there."""
    if selection.filters.given or not selection.named or len(selection.named) != 1:
        return None
    path = path_of("file", with_home(selection.named[0]))
    try:
        return path if path.exists() else None
    except (OSError, ValueError):  # too long a name, or a NUL
        return None


def _verify_export(library: Library, path: Path, out: Output) -> None:
    counts: Counter[Verdict] = Counter()

    def checked(done: Callable[[], None]) -> "Iterator[CheckedFile]":
        for each in found:
            counts[each.verdict] += 1
            done()
            if each.verdict.is_damage or not _is_brief(out):
                yield each

    show = render.verification.checked_line, render.verification.checked_table
    with closing(library.archives.verify(path)) as found:
        show_counted(out, "Verifying", None, checked, *show)
    out.note(f"{_said(counts)} of {counted(counts.total(), 'file')}.")
    if damaged := counts.total() - counts[Verdict.INTACT]:
        raise StorageError(
            f"{counted(damaged, 'file is', 'files are')} damaged or missing.", hint="Copy them, or export, once more."
        )


def _is_brief(out: Output) -> bool:
    """Return whether only those are shown with which something is wrong; ids alone are for scripts that mend them."""
    return out.drawn or out.quiet


def _conclude(out: Output, counts: Counter[Verdict], *, require_same: bool) -> None:
    out.note(f"{_said(counts)}.")
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


def _said(counts: Counter[Verdict]) -> str:
    return ", ".join(f"{counts[verdict]:,} {verdict.value}" for verdict in Verdict if counts[verdict])


def _pictures(count: int) -> str:
    return counted(count, "picture is", "pictures are")
