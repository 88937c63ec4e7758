"""Making a batch: what is said first, how it ends, and what became of its rows."""

import sys
from collections.abc import Callable, Generator
from contextlib import closing, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from avatar_creator import domain
from avatar_creator.cli import options, render
from avatar_creator.cli.commands.outcomes import take_each
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.text import counted
from avatar_creator.engines.table import made_elsewhere
from avatar_creator.errors import AvatarError, Cancelled, EngineError, StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from avatar_creator.cli.options.making import Batching, Making
    from avatar_creator.cli.options.schedule import Later
    from avatar_creator.domain.batch import RowOutcome
    from avatar_creator.jobs.batch.plan import BatchPlan
    from avatar_creator.jobs.batch.states import Found
    from avatar_creator.library import Library
    from avatar_creator.library.batch import Batch

_FAILED = ("failed", "cancelled")  # results
_SHOWN_MOST = 100  # of those that failed
_GO_ON = "Run the same command again: it goes on from there."
_TRY_AGAIN = "To try them again, add --retry-failed to the same command."


def make_batch(
    library: "Library",
    opened: "Batch",
    making: "Making",
    batching: "Batching",
    out: Output,
    *,
    show_plan: "Callable[[BatchPlan], None] | None" = None,
    is_listed: bool = True,
) -> None:
    """Say what is to be made of a batch, and make it; ``show_plan`` shows it to --dry-run, if not as that of a file.

    With ``is_listed`` its pictures are printed, and it is said where they are.
    """
    if batching.output is not None:
        pattern, is_folder = options.output_path.Destination.of_batch(batching.output, opened.columns)
        library.batches.copy_to(opened, pattern, is_folder=is_folder, force=batching.force)
    plan = library.batches.plan(opened, on_found=partial(_print_found, out) if batching.dry_run else _unseen)
    for said in render.batches.found_in(opened.people, plan):
        out.note(said)
    for said in render.batches.wrong_in(plan):
        out.warn(said)
    if batching.dry_run:
        if out.as_json or out.drawn:
            (show_plan or partial(_show_plan, out))(plan)
            for said in render.batches.more_in(plan):
                out.note(said)
        library.batches.check_rows(opened)
        if any(map(made_elsewhere, plan.engines)):
            with out.lacks_as_warnings():
                library.batches.check(opened)
        return
    later = making.later
    library.batches.check(opened, concurrency=batching.concurrency, on_done=later.schedule.on_done)
    options.spending.note_most(out, plan.cost, plan.most)
    agreed = options.spending.allow(
        plan.most, most=batching.max_images, yes=batching.yes, unasked_left=library.generations.unasked_left
    )
    if plan.why_engine:
        out.note(plan.why_engine)
    opened.unasked = not agreed
    _run(library, opened, later, out, batching.concurrency, is_listed=is_listed)
    if is_listed and out.drawn and not later.detach:
        out.note(render.batches.where(opened.outputs.folder if opened.outputs else None, batching.manifest))


def _show_plan(out: Output, plan: "BatchPlan") -> None:
    out.report(plan, lambda _plan: (), render.batches.plan_table)


def _run(
    library: "Library", opened: "Batch", later: "Later", out: Output, concurrency: int | None, *, is_listed: bool
) -> None:
    assert opened.plan is not None  # noqa: S101 - it was planned
    run = BatchRun(opened.plan)
    shown = not out.quiet and sys.stderr.isatty() and not out.shares_terminal
    with render.batch_progress.batch_progress(run.tally) if shown else nullcontext(_unseen) as on_progress:
        if later.detach:
            outcomes = library.batches.submit(opened, later.schedule)
        else:
            outcomes = library.batches.make(
                opened,
                concurrency=concurrency,
                on_done=later.schedule.on_done,
                on_progress=out.with_notices(on_progress),
            )
        with closing(outcomes), _shown(out, detached=later.detach, is_listed=is_listed) as show:
            run.take(outcomes, show)
    run.finish(out, detached=later.detach)


def _unseen(_any: object) -> None:
    """Show nothing."""


def _print_found(out: Output, found: "Sequence[Found]") -> None:
    """Print a line for each picture, or its id, where lines are what is wanted."""
    if out.as_json or out.drawn:
        return
    for each in found:
        if not out.quiet:
            out.line(render.batches.found_line(each))
        elif each.avatar_id is not None:
            out.line((each.avatar_id,))


def _shown(out: Output, *, detached: bool, is_listed: bool) -> "AbstractContextManager[Callable[[RowOutcome], None]]":
    """Return what prints each as it ends; on a terminal there is nothing but the progress."""
    if out.drawn or not is_listed:
        return nullcontext(_unseen)
    return render.printer.Printer(lambda rows: render.batches.print_outcomes(out, rows, detached=detached))


class BatchRun:
    """Counts what ended, and collects what went wrong."""

    def __init__(self, plan: "BatchPlan") -> None:
        self.tally = render.batches.BatchTally(plan)
        self._failed: list[RowOutcome] = []
        self._error: AvatarError | None = None  # what ended all of it
        self._ends_run: list[RowOutcome] = []  # that failed as all others would
        self._warnings = render.batches.RowWarnings(plan.noun, but=plan.warnings)
        self._unwritten: list[RowOutcome] = []  # whose copies could not be written

    def take(self, outcomes: "Generator[RowOutcome, None, None]", show: "Callable[[RowOutcome], None]") -> None:
        """Count each as it ends, and show it."""

        def take(each: "RowOutcome") -> None:
            self._count(each)
            show(each)

        try:
            take_each(outcomes, take)
        except AvatarError as error:  # what was made before is shown all the same
            self._error = error
        except KeyboardInterrupt:
            self._error = Cancelled("Stopped by the user.")

    def _count(self, each: "RowOutcome") -> None:
        self.tally.add(each)
        self._warnings.add(each)
        if each.error is not None and each.result.has_picture:
            self._unwritten.append(each)
        if each.ends_run:
            self._ends_run.append(each)
        if each.result in _FAILED and len(self._failed) < _SHOWN_MOST:
            self._failed.append(each)

    def finish(self, out: Output, *, detached: bool) -> None:
        """Say how it ended; raise what ended it, or that some failed."""
        if out.drawn and self._failed:
            out.draw(render.batches.failed_table(self._failed))
        for said in self._warnings.said():
            out.warn(said)
        out.note(render.batches.summary(self.tally))
        if self.tally.results[domain.batch.Result.LEFT]:
            out.note(_TRY_AGAIN)
        if isinstance(self._error, Cancelled):
            raise Cancelled(self._error.message, hint=_GO_ON)
        if self._error is not None:
            raise self._error
        for why in [each.error for each in self._ends_run if each.error is not None][-1:]:
            left = self.tally.left + len(self._ends_run)
            raise EngineError(why.message, hint=f"{left:,} are left. {_GO_ON} {why.hint or ''}".rstrip())
        failed = sum(self.tally.results[domain.batch.Result(each)] for each in _FAILED)
        if failed:
            raise EngineError(
                f"{failed:,} of {counted(self.tally.plan.pictures, 'picture')} failed.",
                hint=_TRY_AGAIN,
            )
        for each in self._unwritten[:1]:
            many = "A copy" if len(self._unwritten) == 1 else f"{len(self._unwritten):,} copies"
            said = each.error.message if each.error else ""
            raise StorageError(
                f"{many} could not be written. {said}",
                hint="The pictures are there all the same. The same command writes what is missing.",
            )
        if detached and out.drawn and self.tally.results[domain.batch.Result.QUEUED]:
            out.note("See them: avatar queue")
