"""Who does the work of an import: this process, or several beside it, while this one goes on with what is next."""

from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from avatar_creator.processes import interpreter
from avatar_creator.processes.messages import Broken, Message
from avatar_creator.processes.process import Process

_START = "from avatar_creator.imports.serving import main; main()"
_BYTES_MOST = 32 * 2**20  # of tasks that are not done yet
_ENDS_S = 30  # for a process to do what it is at, on a slow disk
_STOPPED_S = 5  # for somebody to continue one that is stopped
_Result = TypeVar("_Result")


class Task(ABC, Generic[_Result]):
    """What a process can be asked for. ``name`` is that by which `serving` knows it."""

    name: str

    @property
    @abstractmethod
    def size(self) -> int:
        """About how many bytes it holds."""

    @abstractmethod
    def run(self) -> _Result:
        """Do it in this process."""

    @abstractmethod
    def request(self) -> tuple[Mapping[str, Any], bytes]:
        """Return what another process is asked: what JSON holds, and bytes."""

    @abstractmethod
    def result(self, reply: bytes) -> _Result:
        """Return what `run` would, or raise that, by what another process has replied."""


class Executor:
    """Does tasks. Whatever ends one of its processes, this one does that task itself.

    So it is where one is stopped, and not continued: that is killed. How long one takes that is not does not matter:
    its disk may be slow.
    """

    def __init__(self, processes: int = 0) -> None:
        self.processes = processes
        self._threads = ThreadPoolExecutor(processes) if processes else None  # each waits for one process
        self._all: list[Process] = []
        self._idle: list[Process] = []
        self._running: deque[tuple[Future[Any], int]] = deque()
        self._is_closed = False
        self._watcher: Thread | None = None
        self._has_ended = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes. What they are at is waited for: files that nobody knows of would be left."""
        if self._threads is None:
            return
        self._is_closed = True
        try:
            wait([future for future, _ in self._running if not future.cancel()], _ENDS_S)
        finally:  # Ctrl-C may come once more
            self._has_ended.set()
            for process in self._all:
                process.kill()
            self._threads.shutdown()
            for process in self._all:  # also those that were being started
                process.end()

    def submit(self, task: Task[_Result]) -> Future[_Result]:
        """Return what will have what the task's `run` returns, or raise what that raises. It may wait for others."""
        if self._threads is None:
            future: Future[_Result] = Future()
            future.set_result(task.run())
            return future
        size = task.size
        while self._running and (self._running[0][0].done() or self._bytes() + size > _BYTES_MOST):
            wait([self._running.popleft()[0]])
        if self._watcher is None:
            self._watcher = Thread(target=self._watch, daemon=True)
            self._watcher.start()
        future = self._threads.submit(self._run, task)
        self._running.append((future, size))
        return future

    def _bytes(self) -> int:
        return sum(size for _, size in self._running)

    def _run(self, task: Task[_Result]) -> _Result:
        process = None
        try:
            process = self._free() or self._started()
            head, data = task.request()
            # In one piece: each write would wait for the interpreter, which is busy with what is next.
            process.send(Message({"task": task.name, **head}, [data]))
            (reply,) = process.receive().parts
        except (Broken, OSError):
            if process is not None:
                process.end()
            if self._is_closed:
                raise
            return task.run()
        self._idle.append(process)
        return task.result(reply)

    def _watch(self) -> None:
        """Look at the processes second by second: while this one is stopped, too, no time must run."""
        stopped_s = Counter[Process]()
        while not self._has_ended.wait(1):
            for process in list(self._all):
                stopped_s[process] = stopped_s[process] + 1 if process.is_stopped else 0
                if stopped_s[process] >= _STOPPED_S:
                    process.kill()

    def _free(self) -> Process | None:
        with suppress(IndexError):  # another thread may take the last one
            return self._idle.pop()
        return None

    def _started(self) -> Process:
        process = Process(interpreter.command(_START), interpreter.environment(), own_session=False)
        self._all.append(process)
        return process
