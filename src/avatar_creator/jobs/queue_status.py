"""What generations wait for, and when they may end: as good as can be told."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, count, islice
from typing import NamedTuple

from avatar_creator.domain.records import Generation, Status
from avatar_creator.domain.worker_status import WAITS_FOR_SUSPENDED, QueueEntry, WorkerStatus
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.suspension import is_suspended
from avatar_creator.storage.workers import Leave, Worker, Workers

_AT_ONCE_IF_NONE = 2  # what a worker that nobody has started yet would take up, as settings have it by default


class _Sight(NamedTuple):
    """The worker that lives, whether one was started that does not work yet, and why nobody can tell."""

    worker: Worker | None
    coming: bool
    suspended: bool = False
    trouble: str | None = None


class QueueStatus:
    """Looks at the queue and at the worker."""

    def __init__(self, home: Home, reading: Queries, service: Workers, launcher: WorkerProcess) -> None:
        self._home = home
        self._queries = reading
        self._workers = service
        self._worker_process = launcher

    def explained(self, generations: Sequence[Generation]) -> list[Generation]:
        """Return generations, each that waits for the worker with why; the worker is looked at once."""
        if not any(map(_needs_worker, generations)):
            return list(generations)
        sight = self._look()
        before = self._queries.count_before([each.id for each in generations if each.status is Status.PENDING])
        return [
            self._explained(each, sight, before.get(each.id, 0)) if _needs_worker(each) else each
            for each in generations
        ]

    def _explained(self, generation: Generation, sight: _Sight, before: int) -> Generation:
        if generation.status is Status.PROCESSING:
            return _held_up(generation, sight)
        why, until = self._why(generation, sight, before)
        return generation._replace(waiting_for=why, waiting_until=until)

    def queue(self, *, limit: int | None) -> Iterator[QueueEntry]:
        """Yield what is made and what waits, in the order in which it will be made."""
        sight = self._look()
        worker = sight.worker
        making = self._queries.find_by_status(Status.PROCESSING, limit)
        makes = [QueueEntry(_held_up(each, sight), self._ends(each)) for each in making]
        at_once = worker.concurrency if worker else _AT_ONCE_IF_NONE
        turns = self._turns(self._queries.find_by_status(Status.PENDING, limit), sight, max(at_once, 1))
        return islice(chain(makes, turns), limit)

    def worker(self) -> WorkerStatus:
        """Tell how the worker is doing."""
        sight = self._look()
        worker = sight.worker
        counts = self._queries.count_by_status((Status.PENDING, Status.PROCESSING))
        return WorkerStatus(
            running=worker is not None,
            suspended=sight.suspended,
            coming=sight.coming and worker is None,
            leaving=worker is not None and worker.leave is not Leave.NO,
            process=worker.pid if worker else None,
            version=worker.version if worker else None,
            concurrency=worker.concurrency if worker else None,
            credentials=worker.credentials if worker else (),
            started_at=worker.started_at if worker else None,
            pending=counts[Status.PENDING],
            processing=counts[Status.PROCESSING],
            last_failure=None if worker else sight.trouble or last_failure(self._home),
            log=self._home.worker_log,
        )

    def _look(self) -> _Sight:
        try:
            coming = self._worker_process.is_coming()  # first: it gives up its place only when it is entered
            worker = self._workers.find() if self._worker_process.is_running() else None
            return _Sight(worker, coming, suspended=worker is not None and is_suspended(worker.pid))
        except StorageError as error:  # of a lock file that cannot be opened
            return _Sight(None, coming=False, trouble=f"{error.message} {error.hint}")

    def _turns(self, waiting: Iterable[Generation], sight: _Sight, at_once: int) -> Iterator[QueueEntry]:
        turn = count()
        for generation in waiting:
            why, until = self._why(generation, sight, 0)
            if why is not None:
                yield QueueEntry(generation._replace(waiting_for=why, waiting_until=until), None)
                continue
            before = next(turn)
            took_s = self._queries.mean_seconds(generation.engine)
            end = None if took_s is None else _from_now(took_s * (before // at_once + 2))
            yield QueueEntry(generation._replace(waiting_for=_turn(before)), end)

    def _why(self, generation: Generation, sight: _Sight, before: int) -> tuple[str | None, str | None]:
        """Return what it waits for, and until when if that is known; None for its turn, where ``before`` is 0."""
        if generation.after is not None:
            first = self._queries.find_status(generation.after)
            if first is not Status.COMPLETED and self._queries.find_made_by(generation.after) is None:
                return f"{generation.after}, which is {first.value if first else 'gone'}", None
        if generation.not_before is not None and generation.not_before > _from_now(0):
            return "its time", generation.not_before
        worker = sight.worker
        if worker is None or sight.suspended:
            return self._why_no_worker(sight), None
        if generation.credential is not None and generation.credential not in worker.credentials:
            return f"credential {generation.credential}", None
        return (_turn(before), None) if before else (None, None)

    def _why_no_worker(self, sight: _Sight) -> str:
        if sight.suspended:
            return WAITS_FOR_SUSPENDED
        if sight.coming:
            return "the worker, which is being started"
        if sight.trouble:
            return f"a worker: {sight.trouble}"
        failure = last_failure(self._home)
        failed = f"; the last one said: {failure}" if failure else ""
        return f"a worker: none runs{failed}"

    def _ends(self, generation: Generation) -> str | None:
        took_s = self._queries.mean_seconds(generation.engine)
        if took_s is None or generation.started_at is None:
            return None
        usual = _moment(datetime.fromisoformat(generation.started_at) + timedelta(seconds=took_s))
        return max(usual, generation.waiting_until or usual, _from_now(0))


def _needs_worker(generation: Generation) -> bool:
    return generation.status is Status.PENDING or (generation.status is Status.PROCESSING and bool(generation.detached))


def _held_up(generation: Generation, sight: _Sight) -> Generation:
    """Return a generation that is made, with why it does not go on if its worker is suspended."""
    held_up = generation.detached and sight.suspended
    return generation._replace(waiting_for=WAITS_FOR_SUSPENDED, waiting_until=None) if held_up else generation


def _turn(before: int) -> str:
    return f"its turn, behind {before}" if before else "its turn"


def _from_now(seconds: float) -> str:
    return _moment(datetime.now(UTC) + timedelta(seconds=seconds))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def last_failure(home: Home) -> str | None:
    """Return the last line that a worker wrote that could not start or crashed, if the last one did."""
    try:
        lines = home.worker_errors.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return None
    said = [line.strip() for line in lines if line.strip()]
    return next((line for line in reversed(said) if not line.startswith("Hint:")), None)
