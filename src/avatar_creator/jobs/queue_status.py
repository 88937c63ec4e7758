"""What generations wait for, and when they may end: estimates."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import chain, count, islice
from typing import TYPE_CHECKING, NamedTuple

from avatar_creator.domain.records import Generation, Status
from avatar_creator.domain.worker_status import WAITS_FOR_SUSPENDED, QueueEntry, WorkerStatus
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.storage.queries import Queries
from avatar_creator.storage.suspension import is_suspended
from avatar_creator.storage.workers import Leave, WorkerRow, Workers

if TYPE_CHECKING:
    from avatar_creator.storage.spending import Spending

COUNTED_MOST = 10_000  # positions that are counted: 5 ms, where a million take as long as ten `status`
_AT_ONCE_IF_NONE = 2  # pictures that a worker that is not started yet would make at once, by default


class _WorkerState(NamedTuple):
    """The worker that lives, if one does; ``coming``: one was started that does not work yet.

    ``why_over_limit`` says of a price which limit keeps a picture from being begun, and until when. ``trouble`` is why
    it is not known whether one lives, ``failure`` what the last one wrote that could not start.
    """

    worker: WorkerRow | None
    coming: bool
    why_over_limit: Callable[[float | None], tuple[str, str | None] | None]
    suspended: bool = False
    trouble: str | None = None
    failure: str | None = None

    @property
    def why_none(self) -> str | None:
        """What generations wait for where no worker can make them."""
        if self.suspended:
            return WAITS_FOR_SUSPENDED
        if self.worker is not None:
            return None
        if self.coming:
            return "the worker, which is being started"
        if self.trouble:
            return f"a worker: {self.trouble}"
        failed = f"; the last one said: {self.failure}" if self.failure else ""
        return f"a worker: none runs{failed}"


class QueueStatus:
    """Reads the queue and the worker."""

    def __init__(
        self,
        home: Home,
        queries: Queries,
        workers: Workers,
        worker_process: WorkerProcess,
        read_spending: "Callable[[], Spending]",
    ) -> None:
        self._home = home
        self._queries = queries
        self._workers = workers
        self._worker_process = worker_process
        self._read_spending = read_spending  # most of what waits is free

    def explained(self, generations: Sequence[Generation]) -> list[Generation]:
        """Return generations, each that waits for the worker with why; the worker is read once."""
        generations = [_owned(each) for each in generations]
        if not any(map(_needs_worker, generations)):
            return generations
        state = self._worker_state()
        positions = _Positions(self._queries)
        return [self._explained(each, state, positions) if _needs_worker(each) else each for each in generations]

    def _explained(self, generation: Generation, state: _WorkerState, positions: "_Positions") -> Generation:
        if generation.status is Status.PROCESSING:
            return _suspended(generation, state)
        why, until = self._why(generation, state)
        return generation._replace(waiting_for=why or positions.turn(generation.id), waiting_until=until)

    def queue(self, *, limit: int | None) -> Iterator[QueueEntry]:
        """Yield what is made and what waits, in the order in which it will be made."""
        state = self._worker_state()
        worker = state.worker
        mean_seconds = cache(self._queries.mean_seconds)
        making = list(self._queries.find_processing())
        makes = (QueueEntry(_suspended(each, state), _ends(each, mean_seconds(each.engine))) for each in making)
        # What is under way says how many are made at once: fewer than the worker may while a service is busy, more of
        # drawings, which have processes of their own. How long each took is counted in the same way.
        under_way = sum(bool(each.detached) for each in making)
        at_once = under_way or (worker.concurrency if worker else _AT_ONCE_IF_NONE)
        turns = self._turns(self._queries.find_pending(limit=limit), state, max(at_once, 1), mean_seconds)
        inline = (QueueEntry(_owned(each), None) for each in self._queries.find_owned(limit=limit))
        return islice(chain(makes, turns, inline), limit)

    def worker(self) -> WorkerStatus:
        """Return how the worker is doing."""
        state = self._worker_state()
        worker = state.worker
        return WorkerStatus(
            running=worker is not None,
            suspended=state.suspended,
            coming=state.coming and worker is None,
            leaving=worker is not None and worker.leave is not Leave.NO,
            process=worker.pid if worker else None,
            version=worker.version if worker else None,
            concurrency=worker.concurrency if worker else None,
            credentials=worker.credentials if worker else (),
            started_at=worker.started_at if worker else None,
            pending=self._queries.count_pending(for_worker=True),
            processing=self._queries.count_processing(),
            last_failure=None if worker else state.trouble or state.failure,
            log=self._home.worker_log,
            engine_processes=worker.engine_processes if worker else (),
        )

    def _worker_state(self) -> _WorkerState:
        why_over_limit = cache(lambda price: self._read_spending().why_waits(price))  # once for a million that wait
        try:
            coming = self._worker_process.is_coming()  # first: a standby gives up its slot only after it is registered
            worker = self._workers.find() if self._worker_process.is_running() else None
            failure = None if worker else last_failure(self._home)
            suspended = worker is not None and is_suspended(worker.pid)
            return _WorkerState(worker, coming, why_over_limit, suspended, failure=failure)
        except StorageError as error:  # of a lock file that cannot be opened
            trouble = f"{error.message} {error.hint}"
            return _WorkerState(None, coming=False, why_over_limit=why_over_limit, trouble=trouble)

    def _turns(
        self,
        waiting: Iterable[Generation],
        state: _WorkerState,
        at_once: int,
        mean_seconds: Callable[[str], float | None],
    ) -> Iterator[QueueEntry]:
        turn = count()
        for generation in waiting:
            why, until = self._why(generation, state)
            if why is not None:
                yield QueueEntry(generation._replace(waiting_for=why, waiting_until=until), None)
                continue
            before = next(turn)
            took_s = mean_seconds(generation.engine)
            end = None if took_s is None else _from_now(took_s * (before // at_once + 2))
            yield QueueEntry(generation._replace(waiting_for=_turn(before) or "its turn"), end)

    def _why(self, generation: Generation, state: _WorkerState) -> tuple[str | None, str | None]:
        """Return what it waits for, and until when if that is known; None for its turn."""
        if generation.after is not None:
            first = self._queries.find_status(generation.after)
            if first is not Status.COMPLETED and self._queries.find_made_by(generation.after) is None:
                return f"{generation.after}, which is {first.value if first else 'gone'}", None
        if generation.not_before is not None and generation.not_before > _from_now(0):
            return "its time", generation.not_before
        worker = state.worker
        if worker is None or state.suspended:
            return state.why_none, None
        if generation.credential is not None and generation.credential not in worker.credentials:
            return f"credential {generation.credential}", None
        over = state.why_over_limit(generation.price_usd) if generation.paid else None
        return over or (None, None)


class _Positions:
    """How many are to be made before a generation; counted once, and only if a generation waits for its turn."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    def turn(self, generation_id: str) -> str | None:
        """Return what is said of its turn; None for one that is next, or has been claimed meanwhile."""
        before, due = self._counted
        if generation_id in before:
            return _turn(before[generation_id])
        return f"its turn, behind {due} or more" if len(before) == COUNTED_MOST else None

    @cached_property
    def _counted(self) -> tuple[dict[str, int], int]:
        """Return of each of the first how many that are due come before it, and how many of all those are due."""
        before, due = {}, 0
        for _, id_, is_due in self._queries.find_first_pending(COUNTED_MOST):
            before[id_] = due
            due += is_due
        return before, due


def _ends(generation: Generation, took_s: float | None) -> str | None:
    if took_s is None or generation.started_at is None:
        return None
    usual = _moment(datetime.fromisoformat(generation.started_at) + timedelta(seconds=took_s))
    return max(usual, generation.waiting_until or usual, _from_now(0))


def _needs_worker(generation: Generation) -> bool:
    return bool(generation.detached) and generation.status in {Status.PENDING, Status.PROCESSING}


def _owned(generation: Generation) -> Generation:
    """Return a generation; one that waits for the process that owns it has that as the reason."""
    waits = generation.status is Status.PENDING and not generation.detached
    return generation._replace(waiting_for="its turn in the run that asked for it") if waits else generation


def _suspended(generation: Generation, state: _WorkerState) -> Generation:
    """Return a generation that is made; one whose worker is suspended has that as the reason."""
    suspended = generation.detached and state.suspended
    return generation._replace(waiting_for=WAITS_FOR_SUSPENDED, waiting_until=None) if suspended else generation


def _turn(before: int) -> str | None:
    return f"its turn, behind {before}" if before else None


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
