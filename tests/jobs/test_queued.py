"""Runs whose pictures the worker makes; the worker is a thread with a library of its own."""

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice

import pytest
from scripted import Script, Scripted, context, request
from test_wait import FakeWorkerProcess

from avatar_creator.domain.progress import OnProgress, Progress
from avatar_creator.engines import ENGINES
from avatar_creator.engines.base import Watch
from avatar_creator.engines.table import Apart, Entry
from avatar_creator.errors import (
    AvatarError,
    Cancelled,
    EngineError,
    EngineRefused,
    NotConfigured,
    NotFound,
    StorageError,
)
from avatar_creator.jobs import queued, wait
from avatar_creator.jobs.plan import plan_generation
from avatar_creator.jobs.queued import WaitContext, is_for_worker, run_plans
from avatar_creator.jobs.source import Outcome
from avatar_creator.jobs.submit import Submitter
from avatar_creator.jobs.wait import Waiter
from avatar_creator.jobs.worker import Worker
from avatar_creator.jobs.worker_loop import WorkerOptions
from avatar_creator.library import Library, open_library
from avatar_creator.storage.locks import is_held
from sql import run_sql
from waiting import LONG_S, until

Begin = Callable[..., Generator[Outcome, None, None]]


@pytest.fixture
def worker_process(library: Library, monkeypatch: pytest.MonkeyPatch) -> FakeWorkerProcess:
    """Starts none; the worker runs if it is not told otherwise."""
    monkeypatch.setattr(wait, "_WORKER_S", 0)
    monkeypatch.setattr(queued, "_POLL_S", 0.001)
    process = FakeWorkerProcess(library.home, library.app.workers)
    process.running = True
    return process


@pytest.fixture
def begin(library: Library, worker_process: FakeWorkerProcess) -> Begin:
    app = library.app
    app.generations.ensure_project("default")
    submitter = Submitter(app.queries, app.generations, worker_process, lambda *_means: None, lambda: False)
    waiter = Waiter(library.home, app.queries, app.workers, app.recovery, worker_process, submitter)

    def begin(count: int, on_progress: OnProgress = lambda _progress: None) -> Generator[Outcome, None, None]:
        engine = Scripted(lambda _n, _watch: None)
        plan = plan_generation(replace(request(), count=count), lambda _name: engine)
        waits = WaitContext(context(library, engine), waiter, app.queue_status.explained)
        return run_plans(waits, submitter, [plan], default_project="default", on_progress=on_progress)

    return begin


@contextmanager
def at_work(library: Library, script: Script) -> Iterator[None]:
    """Have a worker work that makes one picture at once."""
    stops: list[None] = []

    def work() -> None:
        with open_library(library.home.root) as own:
            Worker(own.home, context(own, Scripted(script))).run(WorkerOptions(1, None), stops=lambda: len(stops))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        until(lambda: is_held(library.home.worker_lock))
        yield
    finally:
        stops.extend([None, None])
        thread.join(LONG_S)
        assert not thread.is_alive()


def statuses(library: Library) -> list[str]:
    return [status for (status,) in run_sql(library.home, "SELECT status FROM generations ORDER BY id")]


@pytest.mark.parametrize(("apart", "is_so"), [(Apart.NO, False), (Apart.MANY, False), (Apart.ALWAYS, True)])
def test_it_is_for_engines_that_are_always_apart(monkeypatch: pytest.MonkeyPatch, apart: Apart, is_so: bool) -> None:
    monkeypatch.setitem(ENGINES, "scripted", Entry("scripted:Scripted", apart=apart))
    assert is_for_worker(["huggingface", "scripted"]) is is_so
    assert not is_for_worker(["huggingface", "gone"])


def test_each_is_yielded_as_the_worker_ends_it(library: Library, begin: Begin) -> None:
    reported: list[Progress] = []

    def script(n: int, watch: Watch) -> None:
        if n == 0:
            watch.phase("loading the model")
            until(lambda: any(each.phase == "loading the model" for each in reported))

    with at_work(library, script):
        outcomes = list(begin(3, reported.append))
    assert [each.generation.status for each in outcomes] == ["completed"] * 3
    assert all(each.generation.detached and each.error is None and each.generation.avatar for each in outcomes)
    assert [each.notice for each in reported if each.notice] == [queued._WHO]
    ended = [each.generation_id for each in reported if each.ended]
    assert ended == [each.generation.id for each in outcomes]


def test_what_the_first_one_waits_for_is_reported(library: Library, begin: Begin) -> None:
    said: list[str] = []

    def note(progress: Progress) -> None:
        if progress.phase:
            said.append(progress.phase)
            raise KeyboardInterrupt

    with pytest.raises(Cancelled):
        list(begin(2, note))
    assert said == ["a worker: none runs"]
    assert statuses(library) == ["cancelled"] * 2


def test_a_failure_of_one_is_its_own(library: Library, begin: Begin) -> None:
    def script(n: int, _watch: Watch) -> None:
        if n == 1:
            raise EngineRefused("Not this one.", hint="Another.")

    with at_work(library, script):
        first, refused, last = (each.error for each in begin(3))
    assert (first, last) == (None, None)
    assert isinstance(refused, EngineRefused)
    assert (refused.message, refused.hint) == ("Not this one.", "Another.")


@pytest.mark.parametrize(
    ("failure", "is_raised"),
    [
        (EngineError("No card.", ends_run=True), False),
        (NotConfigured("No torch.", hint="Install it."), True),
        (StorageError("The disk is full."), True),
        (ZeroDivisionError("a bug"), True),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_every_other_one_would_fail_of_ends_the_run(
    library: Library, begin: Begin, failure: Exception, is_raised: bool
) -> None:
    def script(n: int, _watch: Watch) -> None:
        if n > 0:
            until(lambda: "cancelled" in statuses(library))
        raise failure

    outcomes: list[Outcome] = []
    raised: AvatarError | None = None
    with at_work(library, script):
        try:
            outcomes.extend(begin(4))
        except AvatarError as ended_by:
            raised = ended_by
    assert (raised is not None) is is_raised
    error = outcomes[0].error
    assert error is not None
    assert error.message == (str(failure) if isinstance(failure, AvatarError) else "ZeroDivisionError: a bug")
    found = statuses(library)
    assert (found[0], found[-1]) == ("failed", "cancelled")
    if isinstance(failure, NotConfigured):
        assert error.hint == f"Install it. {queued._OF_THE_WORKER}"


@pytest.mark.parametrize("how", ["Ctrl-C", "close"])
def test_what_is_left_is_cancelled_by_the_end(library: Library, begin: Begin, how: str) -> None:
    outcomes: list[Outcome] = []

    def script(n: int, watch: Watch) -> None:
        while n > 0:
            watch.wait(0.01, "its end")

    def interrupt(progress: Progress) -> None:
        if how == "Ctrl-C" and progress.wait is not None:
            raise KeyboardInterrupt

    with at_work(library, script):
        run = begin(4, interrupt)
        if how == "close":
            outcomes += islice(run, 1)
            run.close()
        else:
            with pytest.raises(Cancelled, match=r"Stopped by the user\.") as stopped:
                outcomes.extend(run)
            assert "avatar retry --batch bat_" in str(stopped.value.hint)
        assert statuses(library) == ["completed", *["cancelled"] * 3]
    assert len(outcomes) == 1


def test_a_worker_that_cannot_be_started_ends_it(
    library: Library, begin: Begin, worker_process: FakeWorkerProcess
) -> None:
    worker_process.running = False
    with pytest.raises(StorageError, match="No worker can be started"):
        list(begin(2))
    assert worker_process.starts > 1
    assert statuses(library) == ["cancelled"] * 2


def test_those_that_are_deleted_meanwhile_end_it(library: Library, begin: Begin) -> None:
    def delete(progress: Progress) -> None:
        if progress.phase:
            run_sql(library.home, "DELETE FROM generations")

    with pytest.raises(NotFound, match=r"2 generations were deleted meanwhile, and not made\."):
        list(begin(2, delete))


def test_what_another_shell_cancels_ends_alone(library: Library, begin: Begin) -> None:
    def cancel(progress: Progress) -> None:
        if progress.notice:
            (last,) = run_sql(library.home, "SELECT max(id) FROM generations")[0]
            library.cancel([last])

    with at_work(library, lambda _n, _watch: None):
        first, second = sorted(begin(2, cancel), key=lambda each: each.generation.id)
    assert first.error is None
    assert isinstance(second.error, Cancelled)
    assert statuses(library) == ["completed", "cancelled"]
