"""Pictures of a batch that others are to make: what they wait for is said, and whether anybody can make them."""

from collections import Counter
from collections.abc import Callable, Sequence

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.domain.records import Generation, Status
from avatar_creator.errors import StorageError
from avatar_creator.jobs.worker_process import WorkerProcess

_STARTS_MOST = 3  # of a worker, one after the other, of which none came


class Others:
    """The worker and other commands, as far as a batch waits for them.

    ``ensure_worker`` starts one if anything waits for it, and returns whether that is so. ``explained`` returns
    generations with what they wait for.
    """

    def __init__(
        self,
        worker_process: WorkerProcess,
        ensure_worker: Callable[[], bool],
        explained: Callable[[Sequence[Generation]], Sequence[Generation]],
        on_progress: OnProgress,
    ) -> None:
        self._worker_process = worker_process
        self._ensure_worker = ensure_worker
        self._explained = explained
        self._on_progress = on_progress
        self._starts = 0
        self._said: set[str] = set()

    def have_worker(self) -> bool:
        """Start a worker where none runs; return False if none can be started."""
        if self._worker_process.is_running():
            self._starts = 0
            return True
        if self._worker_process.has_standby():
            return True
        if self._starts >= _STARTS_MOST:
            return False
        try:
            self._starts += self._ensure_worker()
        except StorageError:
            return False
        return True

    def say(self, generations: Sequence[Generation]) -> None:
        """Say what pictures wait for, each reason once; of the worker's turn nothing has to be said."""
        reasons = Counter[str]()
        first: dict[str, Generation] = {}
        for each in self._explained(generations):
            reason = _reason(each)
            if reason is not None:
                reasons[reason] += 1
                first.setdefault(reason, each)
        for reason, number in reasons.items():
            if reason not in self._said:
                self._said.add(reason)
                waiting = "One picture is" if number == 1 else f"{number:,} pictures are"
                self._notify(first[reason], f"{waiting} awaited that {reason}. {_way_on(first[reason])}")

    def _notify(self, generation: Generation, said: str) -> None:
        self._on_progress(Progress(generation.id, notice=said))


def _reason(generation: Generation) -> str | None:
    """Return what completes "pictures that "; None for one that the worker makes now or next."""
    if not generation.detached:
        return "another command makes"
    if generation.status is not Status.PENDING or not generation.waiting_for:
        return None
    if generation.waiting_for.startswith("its turn"):
        return None
    until = "" if generation.waiting_until is None else f", until {generation.waiting_until[:16].replace('T', ' ')} UTC"
    return f"the worker is to make: waiting for {generation.waiting_for}{until}"


def _way_on(generation: Generation) -> str:
    if not generation.detached:
        return "Ctrl-C ends this command alone."
    which = generation.id if generation.batch_id is None else f"--batch {generation.batch_id}"
    return f"To make here what waits there, in another shell: avatar cancel {which}"
