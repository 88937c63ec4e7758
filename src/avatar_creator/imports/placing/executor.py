"""Who places pictures: this process, or several beside it, while this one goes on with what is next."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Self

from avatar_creator.errors import InvalidInput, StorageError
from avatar_creator.imports.placing.messages import outcome_of, request
from avatar_creator.imports.placing.pictures import Files, Placed, place
from avatar_creator.processes import interpreter
from avatar_creator.processes.messages import Broken
from avatar_creator.processes.process import Process
from avatar_creator.storage.pictures.images import PictureStore

_START = "from avatar_creator.imports.placing.serving import main; main()"
_BYTES_MOST = 32 * 2**20  # of pictures that are not placed yet
Added = Callable[[str, str], None]


class PlacingExecutor:
    """Places pictures as `place` does. Whatever ends one of its processes, this one does that work itself."""

    def __init__(self, store: PictureStore, processes: int = 0) -> None:
        self.store = store
        self._threads = ThreadPoolExecutor(processes) if processes else None  # each waits for one process
        self._all: list[Process] = []
        self._idle: list[Process] = []
        self._running: deque[tuple[Future[list[Placed | InvalidInput]], int]] = deque()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes, even those that are at work."""
        self._is_closed = True
        for process in self._all:
            process.end()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def submit(self, pictures: Sequence[Files], added: Added) -> Future[list[Placed | InvalidInput]]:
        """Return what will have what `place` returns, or raise what that raises. It may wait for earlier ones."""
        if self._threads is None:
            future: Future[list[Placed | InvalidInput]] = Future()
            future.set_result(place(self.store, pictures, added))
            return future
        size = sum(len(each.picture) + len(each.thumbnail) for each in pictures)
        while self._running and (self._running[0][0].done() or self._bytes() + size > _BYTES_MOST):
            wait([self._running.popleft()[0]])
        future = self._threads.submit(self._place, pictures, added)
        self._running.append((future, size))
        return future

    def _bytes(self) -> int:
        """Return how many bytes are not placed yet."""
        return sum(size for _, size in self._running)

    def _place(self, pictures: Sequence[Files], added: Added) -> list[Placed | InvalidInput]:
        process = None
        try:
            process = self._idle.pop() if self._idle else self._started()
            process.send(request(pictures))
            outcome = outcome_of(process.receive())
        except (Broken, OSError):
            if process is not None:
                process.end()
            if self._is_closed:
                raise
            return place(self.store, pictures, added)
        self._idle.append(process)
        for path, avatar_id in outcome.added.items():
            added(path, avatar_id)
        if isinstance(outcome.placed, StorageError):
            raise outcome.placed
        return list(outcome.placed)

    def _started(self) -> Process:
        command = interpreter.command(_START, str(self.store.root))
        process = Process(command, interpreter.environment(), own_session=False)
        self._all.append(process)
        return process
