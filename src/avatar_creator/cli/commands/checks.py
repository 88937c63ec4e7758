"""avatar check|rejects."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from avatar_creator.cli import render
from avatar_creator.cli.options import completion
from avatar_creator.cli.options.confirm import confirm
from avatar_creator.cli.options.counting import show_counted
from avatar_creator.cli.options.ids import given_ids
from avatar_creator.cli.options.selection import Selection, with_selection
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, QuietOption, YesOption
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.check import Check
from avatar_creator.domain.text import counted
from avatar_creator.errors import Rejected
from avatar_creator.library import open_library

if TYPE_CHECKING:
    from avatar_creator.library.checks import Checked


class _ListsByDefault(TyperGroup):
    """A group that lists where none of its commands is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        is_command = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_command else ["list", *args])


_check = typer.Typer(add_completion=False)
_rejects = typer.Typer(
    cls=_ListsByDefault, add_completion=False, help="See pictures that failed their check when they were made."
)
APPS = {"check": _check, "rejects": _rejects}

_RejectArgument = Annotated[str, typer.Argument(metavar="REJECT", help="Reject, by id or unique prefix.")]


@_check.command()
@with_selection
def check(
    *,
    selection: Selection,
    out: Output,
    check: Annotated[
        Check,
        typer.Option("--check", help="face, or basic: without a search for faces.", case_sensitive=False),
    ] = Check.FACE,
) -> None:
    """Check pictures: exactly one face, large, frontal, sharp and whole.

    Prints what fails, and ends with exit code 5 if anything does. Drawings are exempt.
    """
    counts: Counter[str] = Counter()

    def counted(done: Callable[[], None]) -> "Iterator[Checked]":
        for each in found:
            counts["exempt" if each.is_exempt else "failed" if each.faults else "passed"] += 1
            done()
            if each.faults or not (out.drawn or out.quiet):
                yield each

    with open_library() as library:
        selected = selection.of(library)
        found = library.checks.run(selected.avatars(library), check)
        show = render.checks.checked_line, render.checks.checked_table
        show_counted(out, "Checking", selected.count(library), counted, *show)
    _conclude(out, counts)


def _conclude(out: Output, counts: Counter[str]) -> None:
    exempt = f" {_pictures(counts['exempt'])} exempt: drawings are not checked." if counts["exempt"] else ""
    out.note(f"{_pictures(counts['passed'])} passed.{exempt}")
    if counts["failed"]:
        raise Rejected(
            f"{_pictures(counts['failed'])} failed the check.",
            hint="Print the ids of what fails: avatar check --quiet",
        )


def _pictures(count: int) -> str:
    return counted(count, "picture")


@_rejects.command("list")
def list_(
    of: Annotated[
        str | None,
        typer.Argument(
            metavar="[PROJECT|ID]",
            help="Project, by name or id, or a generation, an avatar or a reject, by id or unique prefix.",
            autocompletion=completion.projects,
            show_default="all",
        ),
    ] = None,
    *,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """List them, oldest first: what failed, the seed, and where the picture is."""
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    with open_library() as library:
        out.records(library.checks.rejects(of), render.checks.reject_line, render.checks.reject_table)


@_rejects.command()
def take(id_: _RejectArgument, *, json_: JsonOption = False, quiet: QuietOption = False) -> None:
    """Take one after all: it becomes the picture of its avatar."""
    with open_library() as library:
        out = Output(as_json=json_, quiet=quiet)
        out.record(library.checks.take(id_), render.views.avatar_line, render.views.avatar_card)


@_rejects.command()
def delete(
    ids: Annotated[list[str], typer.Argument(metavar="REJECT...", help="Rejects, by id; - reads them from stdin.")],
    *,
    yes: YesOption = False,
) -> None:
    """Delete some and their files. Those of forgotten generations go by themselves."""
    wanted = given_ids(ids, hint="Pipe in what avatar rejects --quiet prints.")
    with open_library() as library:
        confirm(f"Delete {counted(len(wanted), 'reject')}?", yes=yes)
        deleted = library.checks.delete_rejects(wanted)
        Output().note(f"Deleted {', '.join(deleted)}.")
