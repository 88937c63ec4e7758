"""avatar check."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import render
from avatar_creator.cli.options.counting import counting
from avatar_creator.cli.options.filters import Filters, with_filters
from avatar_creator.cli.options.selection import OrderOption, ReverseOption, SelectionArgument, selected
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.check import Check
from avatar_creator.domain.filters import Sort
from avatar_creator.errors import Rejected
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.library.checks import Checked

_check = typer.Typer(add_completion=False)
APPS = {"check": _check}


@_check.command()
@with_filters
def check(
    named: SelectionArgument = None,
    *,
    check: Annotated[
        Check,
        typer.Option("--check", help="face, or basic: without a search for faces.", case_sensitive=False),
    ] = Check.FACE,
    filters: Filters,
    sort: OrderOption = Sort.CREATED,
    reverse: ReverseOption = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check pictures: exactly one face, large, frontal, sharp and whole.

    Prints what fails, and ends with exit code 5 if anything does. Drawings are exempt.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    counts: Counter[str] = Counter()

    def counted(found: "Iterator[Checked]", *, only_failed: bool) -> "Iterator[Checked]":
        for each in found:
            counts["exempt" if each.is_exempt else "failed" if each.faults else "passed"] += 1
            done()
            if each.faults or not only_failed:
                yield each

    with open_library() as library:
        selection = selected(library, named, filters, sort, reverse=reverse)
        found = library.checks.run(selection.avatars(library), check)
        with counting(out, "Checking", selection.count(library)) as done:
            shown = counted(found, only_failed=out.drawn or out.quiet)
            out.records(shown, render.checks.checked_line, render.checks.checked_table)
    _conclude(out, counts)


def _conclude(out: Output, counts: Counter[str]) -> None:
    exempt = f" {_pictures(counts['exempt'])} exempt: drawings are not checked." if counts["exempt"] else ""
    out.note(f"{_pictures(counts['passed'])} passed.{exempt}")
    if counts["failed"]:
        raise Rejected(
            f"{_pictures(counts['failed'])} failed the check.",
            hint="What each word means: avatar check --help, and docs/checks.md",
        )


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
