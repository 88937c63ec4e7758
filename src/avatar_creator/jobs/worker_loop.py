"""What the worker does from its first look to its last."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from avatar_creator.domain.progress import Progress
from avatar_creator.domain.records import Status
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines.base import Engine
from avatar_creator.errors import AvatarError, HomeGone, NotFound, StorageError
from avatar_creator.jobs.attempt import Attempt, Stores, Task
from avatar_creator.jobs.coordinator import Coordinator, failure_of
from avatar_creator.jobs.credentials import Credentials
from avatar_creator.jobs.hooks import Hooks
from avatar_creator.jobs.recovery import Recovery
from avatar_creator.jobs.retention import Retention
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Claimed, Leases
from avatar_creator.storage.workers import Leave, Workers

log = logging.getLogger("avatar_creator.worker")

_LOOK_S = 0.05  # between two looks: 20 a second take a thousandth of a core
_CLAIM_S = 1.0  # a generation may be due by the clock, without anybody writing anything
_LEARN_S = 15.0  # and a credential be there
_TIDY_S = 3600.0
_TRY_AGAIN_S = 1.0  # when the database could not be written
_SAVED_S = 5.0  # the patience with pictures that only have to be saved
_GRACE_S = 20.0  # and with all that is under way, when the worker is stopped


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker works: pictures at once; ``idle_s`` it waits for more before it leaves, None for ever."""

    at_once: int
    idle_s: float | None
    attempts_most: int


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a worker works with."""

    leases: Leases
    generations: Generations
    workers: Workers
    stores: Stores
    recovery: Recovery
    retention: Retention
    hooks: Hooks
    load_engine: Callable[[str], Engine]
    fingerprint: Callable[[str, Mapping[str, Any]], str | None]


class WorkerLoop:
    """The time that one worker works."""

    def __init__(
        self, desk: Desk, terms: WorkerOptions, runner: str, keys: Credentials, stops: Callable[[], int]
    ) -> None:
        self._desk = desk
        self._terms = terms
        self._runner = runner
        self._stops = stops
        self._keys = keys
        self._crew = Coordinator(
            desk.leases,
            desk.stores,
            runner,
            attempts_most=terms.attempts_most,
            on_progress=_log_progress,
            on_end=_log_end,
        )
        self._limits: dict[str, int | None] = {}  # of the engines that were loaded: pictures at once
        self._seen = -1
        self._shown = keys.held  # what the row says that it can pay with
        self._leave = Leave.NO
        self._hungry = True  # whether there may be something to take up
        self._untold = True  # whether there may be an end that nobody was told of
        self._looked_s = self._learned_s = self._tidied_s = -_TIDY_S
        self._active_s = time.monotonic()
        self._stopping_s: float | None = None

    def work(self) -> None:
        """Work until told to stop, asked to leave, or idle for long enough. Raises HomeGone."""
        while True:
            try:
                if self._look():
                    return
            except HomeGone as error:  # whoever works in another one there must not hear of this
                log.error("%s", error.message)  # noqa: TRY400 - it is said in full
                with suppress(HomeGone):
                    self._crew.stop(error, patience_s=0)
                raise
            except (
                StorageError,
                NotFound,
            ) as error:  # a full disk, or a project that was deleted: what was not written is told again
                log.error("%s", error.message)  # noqa: TRY400 - it is said in full
                if self._stops():
                    return
                time.sleep(_TRY_AGAIN_S)
            self._crew.listen(_LOOK_S)

    def _look(self) -> bool:
        """Do all that is to be done now; return whether the shift is over."""
        desk, crew, now_s = self._desk, self._crew, time.monotonic()
        desk.workers.check_home()
        self._tidy(now_s)
        changed = self._see_changes(now_s)
        if self._stopping_s is None and (self._stops() or self._leave >= Leave.NOW):
            desk.workers.resign(self._runner)  # first: what is queued from now on starts another worker
            self._stopping_s = now_s
        ended = crew.look(self._take if self._hungry and self._stopping_s is None else None, self._terms.at_once)
        crew.settle(ended)
        self._hungry = self._hungry or bool(ended)
        self._untold = self._untold or bool(ended) or changed
        if self._untold:
            desk.generations.fail_followers()
            self._untold = not desk.hooks.tell()
        if crew.makings:
            self._active_s = now_s
        if self._stopping_s is not None:
            return self._is_stopped(now_s)
        return not crew.makings and not self._untold and self._may_go(now_s) and self._good_bye()

    def _see_changes(self, now_s: float) -> bool:
        """See what others wrote since the last look, and what only the clock has changed."""
        changes = self._desk.workers.changes()
        changed = changes != self._seen
        if changed:
            lost = self._crew.heed()
            self._crew.settle(lost)
            for making in lost:
                log.info("%s was ended by another process", making.running.id)
            worker = self._desk.workers.find()
            self._leave = worker.leave if worker and worker.runner == self._runner else Leave.NOW
            self._seen = changes
        if changed or now_s - self._looked_s >= _CLAIM_S:
            self._looked_s, self._hungry = now_s, True
        if changed or now_s - self._learned_s >= _LEARN_S:
            self._learned_s = now_s
            self._keys.learn()
        if self._keys.held != self._shown:
            self._desk.workers.learn(self._runner, self._keys.held)
            self._shown = self._keys.held
        return changed

    def _is_stopped(self, now_s: float) -> bool:
        """Tell whether all is put down; what does not end in time is put back, to be made by the next worker."""
        assert self._stopping_s is not None  # noqa: S101
        hurried = self._stops() > 1 or self._leave is Leave.AT_ONCE
        if self._crew.makings and not hurried and now_s - self._stopping_s < _GRACE_S:
            return False
        self._crew.stop(None, patience_s=0 if hurried else _SAVED_S)
        self._desk.workers.resign(self._runner)
        return True

    # -- taking up

    def _take(self, room: int) -> None:
        """Take up as many as there is room for; what was interrupted, and may kill workers, alone."""
        under_way = [making for making in self._crew.makings.values() if not making.ended]
        while room > 0 and not any(making.running.interruptions for making in under_way):
            full = [name for name in {making.running.engine for making in under_way} if self._is_full(name, under_way)]
            claimed = self._desk.leases.claim(self._runner, self._keys.held, idle=not under_way, without=full)
            if claimed is None:
                self._hungry = False
                return
            task = self._task(claimed)
            if task is not None:
                under_way.append(self._crew.add(task))
                room -= 1

    def _task(self, claimed: Claimed) -> Task | None:
        running = claimed.running
        try:
            request = GenerationRequest.from_json(claimed.request, project="", engine=running.engine, seed=running.seed)
        except AvatarError as error:  # of another version of this program
            self._desk.leases.end(running, Status.FAILED, failure_of(error))
            return None
        log.info("%s begun, seed %s, %s", running.id, running.seed, running.engine)
        return Task(running, request, lambda: self._load(running.engine))

    def _load(self, name: str) -> Engine:
        engine = self._desk.load_engine(name)
        self._limits[name] = engine.most_at_once
        return engine

    def _is_full(self, name: str, under_way: list[Attempt]) -> bool:
        """Tell whether an engine makes as many as it can; one that is not loaded yet is tried with one."""
        limit = self._limits.get(name, 1)
        return limit is not None and sum(making.running.engine == name for making in under_way) >= limit

    # -- order, and the end

    def _tidy(self, now_s: float) -> None:
        if now_s - self._tidied_s < _TIDY_S:
            return
        self._desk.recovery.recover(lambda id_, said: log.warning("%s was interrupted: %s", id_, said))
        self._desk.generations.fail_followers()
        self._tidied_s = now_s  # not before: what could not be written is tried again; what follows can wait
        self._desk.recovery.sweep()
        pruned = self._desk.retention.prune()
        if pruned:
            log.info("%s generations pruned", pruned)

    def _may_go(self, now_s: float) -> bool:
        if self._leave is Leave.WHEN_IDLE:
            return True
        return self._terms.idle_s is not None and now_s - self._active_s >= self._terms.idle_s

    def _good_bye(self) -> bool:
        """Take no work any more, unless there is some: what is queued after that starts another worker."""
        with suppress(AvatarError), self._desk.leases.together():
            if not self._desk.generations.has_work(self._keys.held, due=self._leave is Leave.WHEN_IDLE):
                self._desk.workers.resign(self._runner)
                return True
        self._active_s = time.monotonic()  # it waits for its time, or for another
        return False


def _log_progress(progress: Progress) -> None:
    if progress.wait is not None:
        log.info("%s waits until %s: %s", progress.generation_id, progress.wait.until, progress.wait.why)


def _log_end(making: Attempt, error: BaseException | None) -> None:
    if error is None:
        log.info("%s completed", making.running.id)
    elif isinstance(error, AvatarError):
        log.info("%s ended: %s", making.running.id, error.message)
    else:
        log.error("%s failed by a bug", making.running.id, exc_info=error)
