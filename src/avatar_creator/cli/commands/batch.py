"""avatar batch."""

import sys
from contextlib import closing, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from avatar_creator.cli import options, render
from avatar_creator.cli.commands.batch_run import BatchRun
from avatar_creator.cli.options.making import ConcurrencyOption, Making, MaxImagesOption, with_making
from avatar_creator.cli.options.shared import JsonLinesOption, JsonOption, ProjectOption, QuietOption, YesOption
from avatar_creator.cli.render import batches
from avatar_creator.cli.render.output import Output
from avatar_creator.library import Library, open_library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from avatar_creator.cli.options.schedule import Later
    from avatar_creator.domain.batch import RowOutcome
    from avatar_creator.jobs.batch.states import Found
    from avatar_creator.library.batches import Batch

app = typer.Typer(add_completion=False)
APPS = {"batch": app}


@app.command()
@with_making
def batch(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Table of personas, or - for one from stdin.")],
    *,
    making: Making,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column means; each with its own option."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="What all rows say; each with its own option."),
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Make the other rows where some are bad.")] = False,
    keep_duplicates: Annotated[
        bool, typer.Option("--keep-duplicates", help="Make a picture of each of several equal rows.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="From which the seeds of rows follow that have none.", show_default="1")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Make once more what was made before.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed on its own before.")
    ] = False,
    manifest: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="All rows with their avatars: .csv or .jsonl.", show_default=False),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="Also write the pictures there: a folder, or a pattern such as {name}.png with any field or column.",
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of which ages by dates of birth are.", show_default="2026-01-01"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that options name.")] = False,
    project: ProjectOption = None,
    concurrency: ConcurrencyOption = None,
    max_images: MaxImagesOption = None,
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made; make and spend nothing.")] = False,
    json_: JsonOption = False,
    jsonl: JsonLinesOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make an avatar of each row of a table of personas.

    Run it again after an edit: only what changed is made, and nothing is paid twice.
    """
    out = Output(as_json=json_, as_lines=jsonl, quiet=quiet)
    making.later.check(concurrency=concurrency)
    for_all = options.persona_file.pairs("set", given)
    if making.prompt is not None:
        for_all.setdefault("prompt", making.prompt)
    with options.persona_file.given_file(file) as path, open_library() as library:
        opened = library.batches.open(
            path,
            named=file,
            mapped=options.persona_file.pairs("map", mapped),
            given=for_all,
            as_of=None if as_of is None else options.persona_file.day("as of", as_of),
            seed=seed,
            again=again,
            retry_failed=retry_failed,
            skip_bad=skip_bad,
            keep_duplicates=keep_duplicates,
            manifest=manifest,
            force=force,
            project=project,
            **making.choices,
        )
        if output is not None:
            pattern, is_folder = options.output_path.Destination.of_batch(output, opened.columns)
            library.batches.copy_to(opened, pattern, is_folder=is_folder, force=force)
        plan = library.batches.plan(opened, on_found=partial(_print_found, out) if dry_run else _unseen)
        for said in batches.found_in(file, opened.file, plan):
            out.note(said)
        for said in batches.wrong_in(plan):
            out.warn(said)
        if dry_run:
            if out.as_json or out.drawn:
                out.report(plan, lambda _plan: (), batches.plan_table)
                for said in batches.more_in(plan):
                    out.note(said)
            library.batches.check_rows(opened)
            return
        library.batches.check(opened, concurrency=concurrency, on_done=making.later.orders.on_done)
        agreed = options.spending.allow(
            plan.cost, most=max_images, yes=yes, unasked_left=library.generations.unasked_left
        )
        if plan.why_engine:
            out.note(plan.why_engine)
        opened.unasked = not agreed
        _run(library, opened, making.later, out, concurrency)
        if out.drawn and not making.later.detach:
            out.note(batches.where(opened.outputs.folder if opened.outputs else None, manifest))


def _run(library: Library, opened: "Batch", later: "Later", out: Output, concurrency: int | None) -> None:
    assert opened.plan is not None  # noqa: S101 - it was planned
    run = BatchRun(opened.plan)
    shown = not out.quiet and sys.stderr.isatty() and not out.shares_terminal
    with render.batch_progress.batch_progress(run.tally) if shown else nullcontext(_unseen) as on_progress:
        if later.detach:
            outcomes = library.batches.submit(opened, later.orders)
        else:
            outcomes = library.batches.make(
                opened, concurrency=concurrency, on_done=later.orders.on_done, on_progress=out.with_notices(on_progress)
            )
        with closing(outcomes), closing(run.ended(outcomes)) as ended:
            _show(ended, out, detached=later.detach)
    run.finish(out, detached=later.detach)


def _unseen(_any: object) -> None:
    """Show nothing."""


def _print_found(out: Output, found: "Sequence[Found]") -> None:
    """Print a line for each picture, or its id, where lines are what is wanted."""
    if out.as_json or out.drawn:
        return
    for each in found:
        if not out.quiet:
            out.line(batches.found_line(each))
        elif each.avatar_id is not None:
            out.line((each.avatar_id,))


def _show(ended: "Iterator[RowOutcome]", out: Output, *, detached: bool) -> None:
    """Print each as it ends; on a terminal there is nothing but the progress."""
    if out.drawn:
        for _ in ended:
            pass
        return
    with render.printer.Printer(lambda rows: batches.print_outcomes(out, rows, detached=detached)) as print_:
        for each in ended:
            print_(each)
