"""What the worker does from its first step to its last."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.worker_status import EngineProcessStatus
from avatar_creator.engines.table import ENGINES, made_elsewhere
from avatar_creator.errors import AvatarError, HomeGone, NotFound, StorageError
from avatar_creator.jobs.context import JobContext
from avatar_creator.jobs.coordinator import Coordinator
from avatar_creator.jobs.credentials import Credentials
from avatar_creator.jobs.engine_processes.place import EngineTransport
from avatar_creator.jobs.executor import LOADED_S, ThreadExecutor
from avatar_creator.jobs.in_flight import InFlight
from avatar_creator.storage.leases import Claimed
from avatar_creator.storage.workers import Leave

log = logging.getLogger("avatar_creator.worker")

_POLL_S = 0.05  # between two steps when nothing is reported; 20 a second take a thousandth of a core
_CLAIM_S = 1.0  # between two claims when nobody has written: a generation may be due by the clock
_CREDENTIALS_S = 15.0  # between two searches for credentials: they come and go
_PROCESSES_S = 1.0  # between two writes of how engine processes are doing
_TIDY_S = 3600.0
_TIDY_OVER_LIMIT_S = 60.0  # what killed processes had reserved may be all that a limit lacks
_TRY_AGAIN_S = 1.0  # after the database could not be written
_SAVED_S = 5.0  # how long a stop waits for pictures that only have to be saved
_GRACE_S = 20.0  # and for all that is under way


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker works: ``at_once`` pictures; it leaves after ``idle_s`` without work, never if that is None.

    Each engine that runs apart has up to ``processes_most`` processes, or those of the ``transports``. One that always
    does stays loaded for ``loaded_s`` without a picture, and the worker with it if it ``stays_for_loaded``.
    """

    at_once: int
    idle_s: float | None
    processes_most: int = 1
    transports: Sequence[EngineTransport] = ()
    loaded_s: float = LOADED_S
    stays_for_loaded: bool = False


class WorkerLoop:
    """The steps of one worker; ``stops`` returns how often it was asked to stop."""

    def __init__(
        self,
        context: JobContext,
        options: WorkerOptions,
        runner: str,
        credentials: Credentials,
        stops: Callable[[], int],
    ) -> None:
        self._context = context
        self._options = options
        self._runner = runner
        self._stops = stops
        self._credentials = credentials
        self._executor = ThreadExecutor(
            context.load_engine,
            context.stores,
            attempts_most=context.attempts_most,
            processes_most=options.processes_most,
            transports=options.transports,
            loaded_s=options.loaded_s,
        )
        self._coordinator = Coordinator(
            context.leases,
            self._executor,
            context.stores,
            runner,
            self._claim,
            is_alone=context.recovery.may_be_cause,
            on_progress=_log_progress,
            on_end=_log_end,
        )
        self._harmless = [name for name in ENGINES if made_elsewhere(name)]
        self._seen = -1
        self._recorded = credentials.held  # what its row says it can pay with
        self._processes: list[EngineProcessStatus] = []  # as its row says
        self._leave = Leave.NO
        self._hooks_due = True  # whether a hook may be due
        self._undelivered: list[str] = []  # generations that ended, and may have a copy to be written
        self._checked_s = self._credentials_s = self._tidied_s = self._processes_s = -_TIDY_S
        self._pruning: Iterator[int] = iter(())
        self._active_s = time.monotonic()
        self._stopping_s: float | None = None

    def run(self) -> None:
        """Work until it is to stop or leave, or was idle for long enough. Raises HomeGone."""
        try:
            self._work()
        finally:
            self._executor.close()

    def _work(self) -> None:
        while True:
            try:
                if self._step():
                    return
            except HomeGone as error:  # a new home at that path must not be changed
                log.error("%s", error.message)  # noqa: TRY400 - it is said in full
                with suppress(HomeGone):
                    self._coordinator.stop(error, patience_s=0)
                raise
            except (
                StorageError,
                NotFound,
            ) as error:  # a full disk, or a project that was deleted: what was not written is reported again
                log.error("%s", error.message)  # noqa: TRY400 - it is said in full
                if self._stops():
                    return
                time.sleep(_TRY_AGAIN_S)
            self._executor.wait(_POLL_S)

    def _step(self) -> bool:
        """Do all that is to be done now; return whether the worker is to leave."""
        context, coordinator, now_s = self._context, self._coordinator, time.monotonic()
        context.workers.check_home()
        self._tidy(now_s)
        changed = self._read_changes(now_s)
        self._record_processes(now_s)
        if self._stopping_s is None and (self._stops() or self._leave >= Leave.NOW):
            context.workers.stop_accepting(self._runner)  # first: what is queued from now on starts another
            self._stopping_s = now_s
        ended = coordinator.step(self._options.at_once, claims=self._stopping_s is None)
        coordinator.finalize(ended)
        self._undelivered += [flight.lease.id for flight in ended if flight.error is None]
        if self._undelivered:  # before their hooks, which may use the copies
            context.deliverer.deliver(self._undelivered)
            self._undelivered.clear()
        self._hooks_due = self._hooks_due or bool(ended) or changed
        if self._hooks_due:
            context.generations.fail_followers()
            self._hooks_due = not context.hooks.start_due()
        if coordinator.flights:
            self._active_s = now_s
        if self._stopping_s is not None:
            return self._is_stopped(now_s)
        return not coordinator.flights and not self._hooks_due and self._may_leave(now_s) and self._leaves()

    def _read_changes(self, now_s: float) -> bool:
        """Read what others wrote since the last step, and what the clock has changed; return whether others wrote."""
        changes = self._context.workers.changes()
        changed = changes != self._seen
        if changed:
            lost = self._coordinator.sync_cancellations()
            self._coordinator.finalize(lost)
            for flight in lost:
                log.info("%s was ended by another process", flight.lease.id)
            worker = self._context.workers.find()
            self._leave = worker.leave if worker and worker.runner == self._runner else Leave.NOW
            self._seen = changes
        if changed or now_s - self._checked_s >= _CLAIM_S:
            self._checked_s, self._coordinator.may_claim = now_s, True
        if changed or now_s - self._credentials_s >= _CREDENTIALS_S:
            self._credentials_s = now_s
            self._credentials.refresh()
        if self._credentials.held != self._recorded:
            self._context.workers.record_credentials(self._runner, self._credentials.held)
            self._recorded = self._credentials.held
        return changed

    def _record_processes(self, now_s: float) -> None:
        """Write how engine processes are doing, and log why a transport is broken, once."""
        if now_s - self._processes_s < _PROCESSES_S:
            return
        self._processes_s = now_s
        found, before = self._executor.engine_processes(), self._processes
        if found == before:
            return
        known = {said.why for said in before}
        for said in found:
            if said.why is not None and said.why not in known:
                log.warning("%s", said.why)
        self._context.workers.record_engine_processes(self._runner, found)
        self._processes = found

    def _is_stopped(self, now_s: float) -> bool:
        """Return whether nothing is under way any more. What does not end in time is put back for the next worker."""
        assert self._stopping_s is not None  # noqa: S101
        hurried = self._stops() > 1 or self._leave is Leave.AT_ONCE
        if self._coordinator.flights and not hurried and now_s - self._stopping_s < _GRACE_S:
            return False
        self._coordinator.stop(None, patience_s=0 if hurried else _SAVED_S)
        self._context.workers.stop_accepting(self._runner)
        return True

    def _claim(self, busy: Sequence[str], idle: bool) -> Claimed | None:
        claimed = self._context.leases.claim(
            self._runner,
            self._credentials.held,
            idle=idle,
            without=busy,
            crashes_most=self._context.recovery.crashes_most(),
            harmless=self._harmless,
            down=self._coordinator.down,
        )
        if claimed is not None:
            lease = claimed.lease
            log.info("%s begun, seed %s, %s", lease.id, lease.seed, lease.engine)
        return claimed

    # -- order, and the end

    def _tidy(self, now_s: float) -> None:
        if now_s - self._tidied_s >= (_TIDY_OVER_LIMIT_S if self._context.leases.over_limit else _TIDY_S):
            self._context.recovery.recover(lambda id_, said: log.warning("%s was interrupted: %s", id_, said))
            self._context.generations.fail_followers()
            self._context.deliverer.deliver_left(by_worker=True)
            self._tidied_s = now_s  # not before: what could not be written is tried again, and the rest can wait
            self._context.recovery.sweep()
            self._pruning = self._context.retention.prune_portions(gap_s=0)
        pruned = next(self._pruning, 0)  # one transaction a step: pictures are claimed and completed in between
        if pruned:
            log.info("%s generations pruned", pruned)

    def _may_leave(self, now_s: float) -> bool:
        if self._leave is Leave.WHEN_IDLE:
            return True
        if self._options.idle_s is None or (self._options.stays_for_loaded and self._executor.has_loaded):
            return False
        return now_s - self._active_s >= self._options.idle_s

    def _leaves(self) -> bool:
        """Accept no work any more, unless there is some; what is queued after that starts another worker."""
        generations, due = self._context.generations, self._leave is Leave.WHEN_IDLE
        with suppress(AvatarError), generations.together():
            over_limit = self._context.leases.over_limit if due else ()
            if not generations.has_work(self._credentials.held, due=due, over_limit=over_limit):
                self._context.workers.stop_accepting(self._runner)
                return True
        self._active_s = time.monotonic()  # what there is waits for its time, or for another generation
        return False


def _log_progress(progress: Progress) -> None:
    if progress.notice is not None:
        log.info("%s", progress.notice)
        return
    if progress.wait is not None:
        log.info("%s waits until %s: %s", progress.generation_id, progress.wait.until, progress.wait.why)


def _log_end(flight: InFlight, error: BaseException | None) -> None:
    if error is None:
        log.info("%s completed", flight.lease.id)
    elif isinstance(error, AvatarError):
        log.info("%s ended: %s", flight.lease.id, error.message)
    else:
        log.error("%s failed by a bug", flight.lease.id, exc_info=error)
