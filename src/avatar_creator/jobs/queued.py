"""A run whose pictures the worker makes while its command waits.

It is for engines that are always apart: what they load fits in memory once, so one process of a home holds it, however
many shells ask for pictures. What a command yields, and how it ends, is as in an inline run. The rows are the worker's:
a command that is killed leaves them to it.
"""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Generic, NamedTuple

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.records import Generation, Stage, Standing, Status
from avatar_creator.domain.schedule import Schedule
from avatar_creator.domain.worker_status import suspended
from avatar_creator.engines.table import made_elsewhere
from avatar_creator.errors import BUG_CODE, AvatarError, EngineError, NotConfigured, NotFound
from avatar_creator.jobs.cancel import cancel
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.failures import ends_run, error_of
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.source import Ended, Outcome, Plans, Source, deleted, error_by_others, stopped_run
from avatar_creator.jobs.submit import Submitter
from avatar_creator.jobs.wait import Waiter, progress_of

_POLL_S = 0.1
_WHY_S = 1.0  # between two questions what the next one waits for
_SAVED_S = 5.0  # how long a stop waits for pictures that only have to be saved
_WHO = "Made by the worker, which loads the model once for all commands. See it: avatar worker status"
_OF_THE_WORKER = "It is the worker that says so. To have another one: avatar worker stop"


class WaitContext(NamedTuple):
    """What a command waits with for the worker. ``explained`` returns generations with what they wait for."""

    jobs: JobContext
    waiter: Waiter
    explained: Callable[[Sequence[Generation]], Sequence[Generation]]


def is_for_worker(engines: Iterable[str]) -> bool:
    """Return whether the worker makes what one of these engines may have to make, whoever asks for it."""
    return any(map(made_elsewhere, engines))


def run_plans(
    context: WaitContext,
    submitter: Submitter,
    plans: Sequence[Plan],
    *,
    default_project: str,
    on_done: Sequence[str] | None = None,
    on_progress: OnProgress,
) -> Generator[Outcome, None, None]:
    """Have the worker make the pictures of plans, yielding each generation as it ends.

    The worker is started if none runs, and again if it ends in the middle. A failure of one picture ends its own
    generation, and with ``ends_run`` what has not begun is cancelled. Ctrl-C, and closing the generator, cancels all
    that is not completed. Raises what `run_inline` does, and StorageError when no worker can be started.
    """
    for plan in plans:
        plan.makers.check(context.jobs.check_engine, plan.request.options)
    source = Plans(submitter, plans, Schedule(on_done=on_done), default_project)
    yield from run_source(context, source, on_progress=on_progress)


def run_source(context: WaitContext, source: Source[Ended], *, on_progress: OnProgress) -> Generator[Ended, None, None]:
    """Have the worker make what ``source`` adds, portion after portion, as `run_plans` does."""
    context.jobs.recovery.recover()
    yield from _Run(context, source, on_progress).outcomes()


class _Run(Generic[Ended]):
    """One run: what the worker has ended of it, and what ends it."""

    def __init__(self, context: WaitContext, source: Source[Ended], on_progress: OnProgress) -> None:
        self._context, self._waiter, self._explained = context
        self._source = source
        self._on_progress = on_progress
        self._left: dict[str, Status] = {}  # not yielded yet, as they stood when they were read last
        self._asked = 0
        self._seen = -1
        self._explained_s = float("-inf")
        self._failure: AvatarError | None = None  # to be raised at the end
        self._ends_early = False  # no more are to be begun

    def outcomes(self) -> Generator[Ended, None, None]:
        try:
            yield from self._made()
        except KeyboardInterrupt:
            self._stop()
            try:
                yield from self._saved()
            except KeyboardInterrupt:  # one more
                yield from self._saved()
            left = list(self._source.unended)
            called = sum(each.attempt > 0 for each in self._context.queries.find_progress(left).values())
            raise stopped_run(self._context.queries, left, self._asked, called) from None
        except BaseException:
            with suppress(AvatarError):  # what has ended it says why
                self._stop()
            raise
        if self._failure is not None:
            self._context.leases.check_home()  # which may be why
            raise self._failure

    def _made(self) -> Iterator[Ended]:
        while True:
            is_adding = self._add()
            yield from self._source.others()
            self._have_worker()
            yield from self._ended()
            if not self._left and (self._ends_early or self._source.is_exhausted):
                return
            if not is_adding:
                time.sleep(_POLL_S)

    def _add(self) -> bool:
        """Have the source add what comes next; return whether it may have more."""
        if self._ends_early:
            return False
        try:
            ids = self._source.add(None, len(self._left))
        except AvatarError as error:  # what is under way is made all the same
            self._end_early(error)
            return False
        if ids is None:
            return False
        if ids and not self._asked:
            self._on_progress(Progress(ids[0], notice=_WHO))
        self._asked += len(ids)
        self._left.update(dict.fromkeys(ids, Status.PENDING))
        self._seen = -1  # changes() does not see what this process writes
        return True

    def _end_early(self, error: AvatarError | None) -> None:
        """Cancel what has not begun; ``error`` is raised at the end."""
        self._failure, self._ends_early = self._failure or error, True
        standings = self._context.queries.find_progress(self._source.unended)
        waiting = dict.fromkeys(id_ for id_, standing in standings.items() if standing.status is Status.PENDING)
        self._context.generations.cancel_some(list(waiting))
        self._left = {id_: status for id_, status in self._left.items() if id_ not in waiting}
        self._seen = -1

    def _have_worker(self) -> None:
        """Have a worker run, and say what keeps it from making the next one."""
        waiting = [id_ for id_, status in self._left.items() if status is Status.PENDING]
        changed = self._waiter.have_worker(
            waiting[0] if waiting else None,
            waits=bool(waiting) or not self._left,
            on_lack=lambda generation: self._notify(
                f"{generation.id} waits for credential {generation.credential}, which the worker lacks."
            ),
            on_suspended=lambda process: self._notify(suspended(process)),
        )
        if changed:
            self._seen = -1
        is_due = time.monotonic() - self._explained_s >= _WHY_S
        if waiting and len(waiting) == len(self._left) and is_due:
            self._explained_s = time.monotonic()
            with suppress(NotFound):  # deleted meanwhile
                (next_,) = self._explained([self._context.queries.get_generation(waiting[0])])
                self._on_progress(Progress(next_.id, Stage.QUEUED, 0, phase=next_.waiting_for))

    def _notify(self, said: str) -> None:
        self._on_progress(Progress(next(iter(self._left), ""), notice=said))

    def _ended(self) -> Iterator[Ended]:
        """Yield how those ended that have since the last time, and report how far the others are."""
        changes = self._context.workers.changes()
        if changes == self._seen:
            return
        self._seen = changes
        standings = self._context.queries.find_progress(list(self._left))
        over: list[str] = []
        for id_ in self._left:
            standing = standings.get(id_)
            if standing is None or standing.status not in {Status.PENDING, Status.PROCESSING}:
                over.append(id_)
                continue
            if (standing.status, self._left[id_]) != (Status.PENDING, Status.PENDING):  # else nothing is new
                self._on_progress(progress_of(id_, standing))
            self._left[id_] = standing.status
        yield from self._outcomes_of(over, standings)

    def _outcomes_of(self, ids: Sequence[str], standings: dict[str, Standing]) -> Iterator[Ended]:
        found = {each.id: each for each in self._context.queries.find_by_ids(ids)}
        for id_ in ids:
            if id_ not in found:
                del self._left[id_]
                continue
            error = _error_of(found[id_], standings.get(id_))
            yield self._outcome(found[id_], error)
            self._on_end(found[id_], error)
        gone = len(ids) - len(found)
        if gone and not self._ends_early:
            raise deleted(gone)

    def _outcome(self, generation: Generation, error: AvatarError | None) -> Ended:
        done = Stage.DONE if error is None else Stage.STARTED
        self._on_progress(Progress(generation.id, done, done.percent, ended=True))
        ended = self._source.outcome(generation, error)
        self._left.pop(generation.id, None)  # last: what Ctrl-C comes before is left
        return ended

    def _on_end(self, generation: Generation, error: AvatarError | None) -> None:
        """End the run with what every other picture would fail of, too."""
        is_bug = generation.error is not None and generation.error.code == BUG_CODE
        if error is None or not (ends_run(error) or is_bug):
            return
        self._end_early(None if isinstance(error, EngineError) else error)

    def _saved(self) -> Iterator[Ended]:
        """Yield what was completed and not yielded yet."""
        for generation in list(self._context.queries.find_by_ids(self._source.unended)):
            if generation.status is Status.COMPLETED and generation.id in self._left:
                yield self._outcome(generation, None)

    def _stop(self) -> None:
        """Cancel all that is not completed, and wait for pictures that only have to be saved."""
        ids = list(self._source.unended)
        try:
            self._cancel(ids)
        except KeyboardInterrupt:  # some may have been left as they were
            self._cancel(ids)
        until_s = time.monotonic() + _SAVED_S
        with suppress(KeyboardInterrupt):  # a second one ends the wait
            while self._is_any_made(ids) and time.monotonic() < until_s:
                time.sleep(_POLL_S)

    def _cancel(self, ids: Sequence[str]) -> None:
        cancel(self._context.generations, self._context.recovery.recover, ids)

    def _is_any_made(self, ids: Sequence[str]) -> bool:
        standings = self._context.queries.find_progress(ids).values()
        return any(each.status is Status.PROCESSING for each in standings)


def _error_of(generation: Generation, standing: Standing | None) -> AvatarError | None:
    """Return how a generation ended, as an inline run would have raised it."""
    if generation.status is not Status.FAILED or generation.error is None:
        return error_by_others(generation)
    error = error_of(generation.error, ends_run=standing is not None and standing.ends_run)
    if isinstance(error, NotConfigured):  # this process has checked that
        before = f"{error.hint.removesuffix('.')}. " if error.hint else ""
        error.hint = before + _OF_THE_WORKER
    return error
