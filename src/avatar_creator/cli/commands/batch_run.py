"""One run of `avatar batch`: what became of its rows, and what is said in the end."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from avatar_creator.cli.render import batches
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.batch import Result, RowOutcome
from avatar_creator.errors import AvatarError, Cancelled, EngineError, StorageError

if TYPE_CHECKING:
    from avatar_creator.jobs.batch.plan import BatchPlan

_FAILED = {Result.FAILED, Result.CANCELLED}
_SHOWN_MOST = 100  # of those that failed
_GO_ON = "Run the same command again: it goes on from there."


class BatchRun:
    """Counts what ended, and collects what went wrong."""

    def __init__(self, plan: "BatchPlan") -> None:
        self.tally = batches.BatchTally(plan)
        self._failed: list[RowOutcome] = []
        self._error: AvatarError | None = None  # what ended all of it
        self._ends_run: list[RowOutcome] = []  # that failed as all others would
        self._warnings = batches.RowWarnings(but=plan.warnings)
        self._unwritten: list[RowOutcome] = []  # whose copies could not be written

    def ended(self, outcomes: Iterator[RowOutcome]) -> Generator[RowOutcome, None, None]:
        """Yield each as it ends."""
        try:
            for each in outcomes:
                self.tally.add(each)
                self._warnings.add(each)
                if each.error is not None and each.result.has_picture:
                    self._unwritten.append(each)
                if each.ends_run:
                    self._ends_run.append(each)
                if each.result in _FAILED and len(self._failed) < _SHOWN_MOST:
                    self._failed.append(each)
                yield each
        except AvatarError as error:  # what was made before is shown all the same
            self._error = error

    def finish(self, out: Output, *, detached: bool) -> None:
        """Say how it ended; raise what ended it, or that some failed."""
        if out.drawn and self._failed:
            out.draw(batches.failed_table(self._failed))
        for said in self._warnings.said():
            out.warn(said)
        out.note(batches.summary(self.tally))
        if isinstance(self._error, Cancelled):
            raise Cancelled(self._error.message, hint=_GO_ON)
        if self._error is not None:
            raise self._error
        for why in [each.error for each in self._ends_run if each.error is not None][-1:]:
            left = self.tally.left + len(self._ends_run)
            raise EngineError(why.message, hint=f"{left:,} are left. {_GO_ON} {why.hint or ''}".rstrip())
        failed = sum(self.tally.results[each] for each in _FAILED)
        if failed:
            raise EngineError(
                f"{failed} of {self.tally.plan.pictures} pictures failed.",
                hint="To try them again, add --retry-failed to the same command.",
            )
        for each in self._unwritten[:1]:
            many = "A copy" if len(self._unwritten) == 1 else f"{len(self._unwritten):,} copies"
            said = each.error.message if each.error else ""
            raise StorageError(
                f"{many} could not be written. {said}",
                hint="The pictures are there all the same. The same command writes what is missing.",
            )
        if detached and out.drawn and self.tally.results[Result.QUEUED]:
            out.note("See them: avatar queue")
