"""Waiting for generations to end, whoever makes them."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from avatar_creator.domain.progress import OnProgress, Progress, Wait
from avatar_creator.domain.records import Avatar, Generation, Stage, Standing, Status
from avatar_creator.errors import NotFound, StorageError
from avatar_creator.home import Home
from avatar_creator.jobs.queue_status import last_failure
from avatar_creator.jobs.recovery import Recovery
from avatar_creator.jobs.submit import Submitter
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.suspension import is_suspended
from avatar_creator.storage.workers import Leave, WorkerRow, Workers

_POLL_S = 0.1
_WORKER_S = 1.0  # between two checks of the worker
_STARTS_MOST = 5  # in a row, of workers that do not come or crash
_UNDER_WAY = {Status.PENDING, Status.PROCESSING}


class Waited(NamedTuple):
    """A generation that ended; it may be deleted already."""

    id: str
    status: Status
    generation: Generation | None

    @property
    def avatar(self) -> Avatar | None:
        return self.generation.avatar if self.generation else None

    def as_json(self) -> dict[str, Any]:
        """Return the generation's JSON; of one that was deleted all is null but id and status."""
        if self.generation is not None:
            return self.generation.as_json()
        return dict.fromkeys(Generation._fields) | {"id": self.id, "status": self.status}


class Waiter:
    """Waits for generations, and has a worker run as long as one is needed for them."""

    def __init__(
        self,
        home: Home,
        queries: Queries,
        workers: Workers,
        recovery: Recovery,
        worker_process: WorkerProcess,
        submitter: Submitter,
    ) -> None:
        self._home = home
        self._queries = queries
        self._workers = workers
        self._recovery = recovery
        self._worker_process = worker_process
        self._submitter = submitter
        self._starts = 0
        self._checked_s = float("-inf")
        self._suspended = False  # at the last check
        self._lacks: dict[str, int] = {}  # how many checks in which the worker lacked each credential

    def until_ended(
        self,
        ids: Sequence[str],
        on_progress: OnProgress,
        *,
        on_lack: Callable[[Generation], None] = lambda _generation: None,
        on_suspended: Callable[[int], None] = lambda _process: None,
        timeout_s: float | None = None,
    ) -> Iterator[Waited]:
        """Yield each generation, in this order, when it has ended; when the time is over, those that have by then.

        ``on_lack`` gets the one that is next when the worker lacks its credential, once for each credential.
        ``on_suspended`` gets the process of a worker that is suspended, once each time.
        Raises StorageError when no worker can be started.
        """
        until_s = None if timeout_s is None else time.monotonic() + timeout_s
        seen, statuses, left = -1, dict.fromkeys(ids, Status.PENDING), list(ids)
        while left:
            waits = any(status is Status.PENDING for status in statuses.values())
            if self.have_worker(left[0], waits=waits, on_lack=on_lack, on_suspended=on_suspended):
                seen = -1  # changes() does not see what this process writes
            changes = self._workers.changes()
            if changes != seen:
                seen = changes
                self._read_progress(statuses, on_progress)
                while left and statuses[left[0]] not in _UNDER_WAY:
                    yield self._waited(left[0], statuses[left[0]])
                    del left[0]
            if left and until_s is not None and time.monotonic() >= until_s:
                yield from (self._waited(id_, statuses[id_]) for id_ in left if statuses[id_] not in _UNDER_WAY)
                return
            if left:
                time.sleep(_POLL_S)

    def _read_progress(self, statuses: dict[str, Status], on_progress: OnProgress) -> None:
        """Read how those are doing that had not ended the last time."""
        waiting = [id_ for id_, status in statuses.items() if status in _UNDER_WAY]
        found = self._queries.find_progress(waiting)
        for id_ in waiting:
            if id_ not in found:  # forgotten, or deleted
                made = self._queries.find_made_by(id_) is not None
                statuses[id_] = Status.COMPLETED if made else Status.CANCELLED
            else:
                statuses[id_] = found[id_].status
            if statuses[id_] not in _UNDER_WAY:
                on_progress(Progress(id_, ended=True))
            else:
                on_progress(progress_of(id_, found[id_]))

    def have_worker(
        self,
        next_id: str | None,
        *,
        waits: bool,
        on_lack: Callable[[Generation], None],
        on_suspended: Callable[[int], None],
    ) -> bool:
        """Have a worker run if anything ``waits`` for one, at most once a second.

        Return whether a row of a killed process was changed. ``next_id`` is the one that is next. ``on_lack``,
        ``on_suspended`` and what is raised are as of `until_ended`.
        """
        if not self._is_check_due():
            return False

        def report() -> None:
            if next_id is not None:
                self._report_trouble(next_id, on_lack, on_suspended)

        return self._ensure_worker(waits, report)

    def _is_check_due(self) -> bool:
        """Return whether the worker is to be checked again."""
        now_s = time.monotonic()
        if now_s - self._checked_s < _WORKER_S:
            return False
        self._checked_s = now_s
        return True

    def _report_trouble(
        self, id_: str, on_lack: Callable[[Generation], None], on_suspended: Callable[[int], None]
    ) -> None:
        """Report a worker that is suspended, or lacks what the next one is to be paid with."""
        worker = self._workers.find()
        was_suspended, self._suspended = self._suspended, worker is not None and is_suspended(worker.pid)
        if worker is not None and self._suspended:
            if not was_suspended:
                on_suspended(worker.pid)
            return
        self._report_lack(id_, worker, on_lack)

    def _report_lack(self, id_: str, worker: WorkerRow | None, on_lack: Callable[[Generation], None]) -> None:
        """Start a worker that has the credential this one lacks; report it if this process lacks it too."""
        if worker is None or not worker.accepting or worker.leave is not Leave.NO or self._worker_process.has_standby():
            return
        with suppress(NotFound):  # forgotten already
            generation = self._queries.get_generation(id_)
            lacked = generation.credential if generation.status is Status.PENDING else None
            if lacked is None or lacked in worker.credentials:
                return
            checks = self._lacks[lacked] = self._lacks.get(lacked, 0) + 1
            if checks == 1:
                self._submitter.ensure_worker()
            elif checks == 2:  # noqa: PLR2004 - none with it came
                on_lack(generation)

    def _ensure_worker(self, waits: bool, on_running: Callable[[], None]) -> bool:
        """Start a worker where one is needed and none runs; return whether a row of a killed process was changed.

        Raises StorageError when several in a row have not come.
        """
        changed = self._recovery.recover() > 0
        if self._worker_process.is_running():
            self._starts = 0
            on_running()
            return changed
        if not waits or self._worker_process.has_standby():  # what is made inline needs none, and one may be on its way
            return changed
        if self._starts >= _STARTS_MOST:
            failure = last_failure(self._home)
            raise StorageError(
                "No worker can be started" + (f". It said: {failure}" if failure else "."),
                hint="See what is wrong with: avatar worker run",
            )
        if self._submitter.ensure_worker():  # what waits for its own process is made by no worker
            self._starts += 1
        return changed

    def _waited(self, id_: str, status: Status) -> Waited:
        try:
            generation = self._queries.get_generation(id_)
        except NotFound:
            return Waited(id_, status, None)
        return Waited(id_, generation.status, generation)


def progress_of(id_: str, standing: Standing) -> Progress:
    """Return how far a generation is that another process makes."""
    progress = Progress(id_, Stage(standing.stage), standing.percent, standing.attempt)
    if standing.waiting_for is None:
        return progress
    if standing.waiting_until is None:
        return progress._replace(phase=standing.waiting_for)
    left_s = (datetime.fromisoformat(standing.waiting_until) - datetime.now(UTC)).total_seconds()
    wait = Wait(standing.waiting_for, standing.waiting_until, time.monotonic() + left_s)
    return progress._replace(wait=wait)
