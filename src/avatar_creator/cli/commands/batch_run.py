"""One run of `avatar batch`: what became of its rows, and what is said in the end."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from avatar_creator.cli.render import batches
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.batch import Result, RowOutcome
from avatar_creator.errors import AvatarError, Cancelled, EngineError

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
        self._ends_run: RowOutcome | None = None

    def ended(self, outcomes: Iterator[RowOutcome]) -> Generator[RowOutcome, None, None]:
        """Yield each as it ends."""
        try:
            for each in outcomes:
                self.tally.add(each)
                if each.ends_run:
                    self._ends_run = each
                if each.result in _FAILED and len(self._failed) < _SHOWN_MOST:
                    self._failed.append(each)
                yield each
        except AvatarError as error:  # what was made before is shown all the same
            self._error = error

    def finish(self, out: Output, *, detached: bool) -> None:
        """Say how it ended; raise what ended it, or that some failed."""
        if out.drawn and self._failed:
            out.draw(batches.failed_table(self._failed))
        out.note(batches.summary(self.tally))
        if isinstance(self._error, Cancelled):
            raise Cancelled(self._error.message, hint=_GO_ON)
        if self._error is not None:
            raise self._error
        if self._ends_run is not None and self._ends_run.error is not None:
            why = self._ends_run.error
            out.note(why.hint or "")
            raise EngineError(why.message, hint=f"{self.tally.left} are left. {_GO_ON}")
        failed = sum(self.tally.results[each] for each in _FAILED)
        if failed:
            raise EngineError(
                f"{failed} of {self.tally.plan.pictures} pictures failed.",
                hint="To try them again, add --retry-failed to the same command.",
            )
        if detached and out.drawn and self.tally.results[Result.QUEUED]:
            out.note("See them: avatar queue")
