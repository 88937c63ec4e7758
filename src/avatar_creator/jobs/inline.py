"""An inline run: a command submits generations that its process owns, and makes them while it waits."""

from collections.abc import Generator, Iterator, Sequence
from typing import Generic

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.records import Failure, Generation, Status
from avatar_creator.domain.schedule import Schedule
from avatar_creator.errors import AvatarError, Cancelled, EngineError, LimitReached
from avatar_creator.jobs.attempt import State, stopped
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.coordinator import Coordinator
from avatar_creator.jobs.executor import Executor, ThreadExecutor
from avatar_creator.jobs.failures import ends_run
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.source import Ended, Outcome, Plans, Source, deleted, error_by_others, stopped_run
from avatar_creator.jobs.submit import Submitter
from avatar_creator.storage.leases import Claimed
from avatar_creator.storage.liveness import ProcessLock

# How long to wait for a report before the next step. A wait must end by itself: on Windows Ctrl-C does not end it, and
# elsewhere the system may give the signal to another thread.
_WAIT_S = 0.25
_HELD_MOST = 1000  # outcomes
_NOT_BEGUN = Failure("cancelled", "The run ended before it began.", None)


def run_inline(
    context: JobContext,
    submitter: Submitter,
    plans: Sequence[Plan],
    *,
    default_project: str,
    concurrency: int = 1,
    processes_most: int = 1,
    on_done: Sequence[str] | None = None,
    on_progress: OnProgress,
) -> Generator[Outcome, None, None]:
    """Make the pictures of plans, ``concurrency`` at once if the engines can, yielding each generation as it ends.

    All are rows before the first is made. A failure of one picture ends its own generation, and with ``ends_run`` no
    other begins. After any other failure none begins either; it is raised when those under way have ended. Ctrl-C, and
    closing the generator, ends those under way as cancelled, but for pictures that only have to be saved. What has not
    begun then is cancelled; after a kill it has failed, as interrupted. Both can be tried again.
    An engine that runs apart has up to ``processes_most`` processes.
    ``default_project`` is made if it is asked for and missing; other projects must exist (NotFound).
    """
    executor = _executor(context, processes_most)
    for plan in plans:
        executor.load(plan.request.engine)
        plan.makers.check(context.check_engine, plan.request.options)
    source = Plans(submitter, plans, Schedule(on_done=on_done), default_project)
    yield from _run(context, executor, source, concurrency, on_progress, has_hooks=on_done is not None)


def run_source(
    context: JobContext,
    source: Source[Ended],
    *,
    concurrency: int = 1,
    processes_most: int = 1,
    has_hooks: bool = False,
    on_progress: OnProgress,
) -> Generator[Ended, None, None]:
    """Make what ``source`` adds, portion after portion, as `run_inline` does."""
    yield from _run(context, _executor(context, processes_most), source, concurrency, on_progress, has_hooks=has_hooks)


def _executor(context: JobContext, processes_most: int) -> ThreadExecutor:
    return ThreadExecutor(
        context.load_engine, context.stores, attempts_most=context.attempts_most, processes_most=processes_most
    )


def _run(
    context: JobContext,
    executor: Executor,
    source: Source[Ended],
    concurrency: int,
    on_progress: OnProgress,
    *,
    has_hooks: bool,
) -> Generator[Ended, None, None]:
    context.recovery.recover()
    next(context.retention.prune_portions(), None)  # no more than a moment: whoever asks for a picture waits
    with ProcessLock(context.runners) as process:
        run = _Run(context, executor, process.id, source, on_progress, has_hooks=has_hooks)
        try:
            yield from run.outcomes(concurrency)
        except KeyboardInterrupt:  # outside of what `outcomes` ends: they may be rows already
            run.cancel_left()
            left = list(source.unended)
            raise stopped_run(context.queries, left, len(left), 0) if left else stopped() from None
        finally:
            executor.close()


class _Run(Generic[Ended]):
    """One inline run: what ended, and what ends it."""

    def __init__(
        self,
        context: JobContext,
        executor: Executor,
        process: str,
        source: Source[Ended],
        on_progress: OnProgress,
        *,
        has_hooks: bool,
    ) -> None:
        self._context = context
        self._process = process
        self._source = source
        self._asked = 0
        self._left: dict[str, None] = {}  # not yielded yet, in their order
        self._on_progress = on_progress
        self._has_hooks = has_hooks
        self._executor = executor
        self._coordinator = Coordinator(
            context.leases,
            self._executor,
            context.stores,
            process,
            self._claim,
            on_progress=on_progress,
            on_end=self._on_end,
        )
        self._seen = context.workers.changes()
        self._ended: list[InFlight] = []  # not yielded yet
        self._failure: BaseException | None = None  # to be raised at the end
        self._ends_early = False  # no more are to be begun
        self._none_beside: frozenset[str] | None = None  # engines: while they are busy there is nothing to claim

    def outcomes(self, at_once: int) -> Generator[Ended, None, None]:
        """Yield each generation as it ends, ``at_once`` of them under way."""
        coordinator = self._coordinator
        try:
            yield from self._made(at_once)
        except KeyboardInterrupt:
            flights = {flight.lease.id: flight for flight in (*self._ended, *coordinator.flights.values())}
            self._stop(stopped())
            try:
                yield from self._saved()
            except KeyboardInterrupt:  # one more
                yield from self._saved()
            called = sum(flight.was_called for id_, flight in flights.items() if id_ in self._left)
            raise stopped_run(self._context.queries, list(self._left), self._asked, called) from None
        except GeneratorExit:
            self._stop(stopped())
            raise
        except BaseException as error:
            self._stop(error)
            raise
        if self._failure is not None:
            self._context.leases.check_home()  # which may be why
            raise self._failure

    def _made(self, at_once: int) -> Iterator[Ended]:
        coordinator = self._coordinator
        while True:
            is_adding = self._add()
            yield from self._source.others()
            self._sync()
            ended = coordinator.step(at_once, claims=not self._ends_early)
            self._ended += (flight for flight in ended if not flight.waits_again)
            coordinator.finalize(ended)
            yield from self._outcomes_of(self._in_order())
            if not coordinator.flights and (self._ends_early or not coordinator.may_claim):
                yield from self._end_left()
                if self._ends_early or self._source.is_exhausted:
                    return
            if not is_adding or coordinator.flights:
                self._executor.wait(_WAIT_S)

    def _add(self) -> bool:
        """Have the source add what comes next; return whether it may have more."""
        if self._ends_early:
            return False
        try:
            ids = self._source.add(self._process, len(self._left))
        except AvatarError as error:  # what is under way is made all the same
            self._failure, self._ends_early = error, True
            return False
        if ids is None:
            return False
        self._asked += len(ids)
        self._left.update(dict.fromkeys(ids))
        self._coordinator.may_claim, self._none_beside = True, None
        return True

    def _claim(self, busy: Sequence[str], _idle: bool) -> Claimed | None:
        """Claim the next. All that is left is read to find none, so nothing is asked again that is known.

        What waits again is another's to make. With no engine busy it is always asked: a step may have been undone.
        """
        if any(flight.waits_again for flight in self._coordinator.flights.values()):
            self._none_beside = None
        if self._ends_early or (self._none_beside is not None and self._none_beside.issubset(busy)):
            return None
        try:
            claimed = self._context.leases.claim_owned(self._process, without=busy)
        except LimitReached as error:  # it was lowered meanwhile, or another day has begun
            self._failure, self._ends_early = self._failure or error, True
            return None
        if claimed is None and busy:
            self._none_beside = frozenset(busy)
        return claimed

    def _sync(self) -> None:
        """Cancel what other shells want stopped. The rows are read only if another process has written meanwhile."""
        changes = self._context.workers.changes()
        if changes != self._seen:
            self._seen = changes
            lost = self._coordinator.sync_cancellations()
            for flight in lost:
                flight.stop_asked = True
            self._ended += lost
            self._coordinator.finalize(lost)

    def _on_end(self, flight: InFlight, error: BaseException | None) -> None:
        if error is None or flight.stop_asked or flight.is_left:
            return
        if isinstance(flight.error, EngineError):
            self._ends_early = self._ends_early or flight.error.ends_run
        elif isinstance(flight.error, AvatarError) and not (
            isinstance(flight.error, Cancelled) or ends_run(flight.error)
        ):
            return  # it is about this picture alone
        elif self._failure is None:
            self._failure, self._ends_early = error, True

    def _in_order(self) -> list[InFlight]:
        """Return those that ended, but for those behind one that is being saved now, or made in a process of its own.

        So the pictures of an engine that makes one at a time, or runs apart, come in the order of their seeds. One that
        takes very long holds no more than _HELD_MOST back.
        """
        before = [flight.lease.id for flight in self._coordinator.flights.values() if self._holds_back(flight)]
        first = min(before, default=None) if len(self._ended) < _HELD_MOST else None
        ended = sorted(self._ended, key=lambda flight: flight.lease.id)
        return [flight for flight in ended if first is None or flight.lease.id < first]

    def _holds_back(self, flight: InFlight) -> bool:
        if flight.state is State.SAVING:
            return True
        return not flight.has_ended and self._executor.has_places(flight.lease.engine)

    def _outcomes_of(self, flights: Sequence[InFlight]) -> Iterator[Ended]:
        """Yield how those ended that say so, their copies written and their rows read for all of them at once."""
        ids = [flight.lease.id for flight in flights if _is_said(flight)]
        found: dict[str, Generation] = {}
        if ids:
            self._context.deliverer.deliver(ids)
            found = {each.id: each for each in self._context.queries.find_by_ids(ids)}
        for flight in flights:
            self._on_progress(flight.last_progress)
            generation = found.get(flight.lease.id)  # None, if it was deleted meanwhile
            if generation is not None:
                error = error_by_others(generation) if flight.stop_asked else flight.error
                assert error is None or isinstance(error, AvatarError)  # noqa: S101 - others are raised at the end
                yield self._outcome(generation, error)
            self._ended.remove(flight)

    def _outcome(self, generation: Generation, error: AvatarError | None) -> Ended:
        """Return how a generation ended, its command started."""
        if self._has_hooks:
            self._context.hooks.start_of([generation.id])
        ended = self._source.outcome(generation, error)
        self._left.pop(generation.id, None)  # last: what Ctrl-C comes before is left
        return ended

    # -- those that did not begin

    def _end_left(self) -> Iterator[Ended]:
        """Cancel what is not to begin, or yield what others ended before it began. Raises NotFound for what is gone."""
        if self._ends_early:
            self.cancel_left()
            return
        for generation in list(self._context.queries.find_by_ids(list(self._left))):
            self._on_progress(Progress(generation.id, ended=True))
            yield self._outcome(generation, error_by_others(generation))
        if self._left:
            raise deleted(len(self._left))

    def _saved(self) -> Iterator[Ended]:
        """Yield those that were saved and not yielded yet: Ctrl-C may come between the two, too."""
        unended = self._left.keys() & self._source.unended
        found = self._context.queries.find_by_ids([id_ for id_ in self._left if id_ in unended])
        saved = [each for each in found if each.status is Status.COMPLETED]
        self._context.deliverer.deliver([each.id for each in saved])
        for generation in saved:
            yield self._outcome(generation, None)

    def cancel_left(self) -> None:
        """Cancel what has not begun."""
        self._context.generations.end_owned(self._process, Status.CANCELLED, _NOT_BEGUN)

    def _stop(self, error: BaseException) -> None:
        self._coordinator.stop(error)
        try:
            self.cancel_left()
        except KeyboardInterrupt:  # the transaction was undone
            self.cancel_left()


def _is_said(flight: InFlight) -> bool:
    """Return whether its end is yielded, and not raised at the end of the run."""
    error = flight.error
    return error is None or flight.stop_asked or (isinstance(error, AvatarError) and not isinstance(error, Cancelled))
