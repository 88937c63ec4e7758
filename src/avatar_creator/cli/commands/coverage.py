"""avatar coverage."""

import math
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.persona_file import given_file
from avatar_creator.cli.options.shared import FileText, JsonOption
from avatar_creator.cli.render.coverage import coverage_lines, coverage_tables
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted
from avatar_creator.errors import InvalidInput, Unbalanced
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from avatar_creator.domain.coverage import Coverage

app = typer.Typer(add_completion=False)
APPS = {"coverage": app}

_STDIN = "-"
_TABLES = frozenset((".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".xlsx", ".ods", ".parquet"))


@app.command()
def coverage(
    of: Annotated[
        str | None,
        typer.Argument(
            click_type=FileText(),
            metavar="[PROJECT|FILE]",
            help="Project, by name or id, or a table of personas; - for one from stdin.",
            show_default="the project of the settings",
            autocompletion=completion.projects,
        ),
    ] = None,
    *,
    balance: Annotated[
        list[str] | None,
        typer.Option(metavar="AXIS,...", help="Compare with as many people of each value.", show_default=False),
    ] = None,
    quota: Annotated[
        str | None,
        typer.Option(
            click_type=FileText(), metavar="FILE", help="Compare with the quotas of a file.", show_default=False
        ),
    ] = None,
    bars: Annotated[bool, typer.Option("--bars", help="Draw bars, in a pipe too.")] = False,
    require: Annotated[
        bool, typer.Option("--require", help="End with exit code 5 when a value or a pair is empty.")
    ] = False,
    require_within: Annotated[
        float | None,
        typer.Option(
            metavar="PEOPLE",
            min=0,
            help="End with exit code 5 when a value is farther from its target.",
            show_default=False,
        ),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Show how balanced people are: how many there are of each value and pair, and were to be."""
    out = Output(as_json=json_)
    if bars and json_:
        raise InvalidInput("bars and json are both given.", hint="Leave out one of them.")
    if require_within is not None and math.isnan(require_within):
        raise InvalidInput("require-within is nan, which is no number of people.", hint="Such as: --require-within 1")
    axes = [axis.strip() for text in balance or () for axis in text.split(",") if axis.strip()]
    if balance is not None and not axes:
        raise InvalidInput("balance names no axis.", hint="Such as: --balance gender,age,ethnicity")
    with open_library() as library:
        found = _found(library, of, axes, quota)
    if found.bad_rows:
        out.warn(f"Not counted: {found.bad_rows:,} bad rows. avatar batch FILE --dry-run says what is wrong with them.")
    if bars:
        out.draw(coverage_tables(found, bars=True))
    else:
        out.report(found, coverage_lines, partial(coverage_tables, bars=False))
    if require:
        _require(found)
    if require_within is not None and not found.is_within(require_within):
        raise Unbalanced(
            f"A value is {found.within:,.2f} people from its target.", hint="See which: avatar coverage --bars"
        )


def _found(library: Library, of: str | None, axes: list[str], quota: str | None) -> "Coverage":
    if of is not None and _is_file(of):
        with given_file(of) as path:
            return library.projects.coverage(path, balance=axes, quota=quota, named=of)
    return library.projects.coverage(of, balance=axes, quota=quota)


def _is_file(of: str) -> bool:
    """Return whether a file is meant; a project that is called so can be given by its id."""
    if of == _STDIN or Path(of).suffix.lower() in _TABLES:
        return True
    with suppress(OSError, ValueError):  # too long for a name, or with what none can have
        return Path(of).is_file()
    return False


def _require(coverage: "Coverage") -> None:
    if not coverage.people:
        raise Unbalanced(f"{coverage.name} has no people.", hint="Cast some: avatar cast 24 --balance gender,age")
    if coverage.empty:
        most = max(len(spread.cells) for spread in coverage.spreads)
        undone = [cast for cast in coverage.casts if cast.made < cast.people]
        if undone:
            again = " with --retry-failed" if any(cast.failed for cast in undone) else ""
            hint = f"Make the others first: the same avatar cast{again} makes those that are missing."
        elif coverage.people < most:
            people = counted(coverage.people, "person", "people")
            hint = f"{people} cannot be in {most:,} cells: cast more, or name fewer axes."
        else:
            hint = "Cast more people, or name fewer axes: --balance gender,age"
        raise Unbalanced(" ".join(coverage.emptiness()), hint=hint)
