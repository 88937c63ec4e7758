"""What is queued, and when a worker is started for it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from scripted import Driver, claimed, queued, request

from avatar_creator._version import __version__
from avatar_creator.domain.records import Failure, Status
from avatar_creator.domain.schedule import Schedule
from avatar_creator.errors import InvalidInput, NotConfigured, NotFound, NotStarted, StorageError
from avatar_creator.home import Home
from avatar_creator.jobs.plan import Plan
from avatar_creator.jobs.submit import Submitter
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.library import Library
from avatar_creator.storage import portions
from avatar_creator.storage.workers import Leave

FAILED = Failure("engine", "It failed.", None)


class FakeWorkerProcess(WorkerProcess):
    """Starts no process, and counts those it would start."""

    started: list[bool]
    credential: str | None = None  # of the last one

    def ensure(self, *, needed: bool, credential: str | None = None) -> None:
        self.started.append(needed)
        self.credential = credential


class FakeFingerprint:
    credential: str | None = "abc"

    def __call__(self, _engine: str, _options: Mapping[str, Any]) -> str | None:
        if self.credential == "none":
            raise NotConfigured("There is no token.")
        return self.credential


@pytest.fixture
def fingerprint() -> FakeFingerprint:
    return FakeFingerprint()


@pytest.fixture
def worker_process(home: Home, library: Library) -> FakeWorkerProcess:
    worker_process = FakeWorkerProcess(home, library.app.workers)
    worker_process.started = []
    return worker_process


@pytest.fixture
def submitter(library: Library, worker_process: FakeWorkerProcess, fingerprint: FakeFingerprint) -> Submitter:
    return Submitter(library.app.queries, library.app.generations, worker_process, fingerprint, lambda: False)


@pytest.fixture
def plan(library: Library) -> Plan:
    return library.plan(library.request(prompt="nobody", engine="offline", seed=7, count=2))


def add(submitter: Submitter, plan: Plan, **schedule: Any) -> list[str]:
    return submitter.submit([plan], Schedule(**schedule), default_project="default")


def test_each_picture_is_queued_with_its_seed_and_all_orders(
    library: Library, submitter: Submitter, plan: Plan, worker_process: FakeWorkerProcess
) -> None:
    first = queued(library)
    schedule = {"priority": 4, "not_before": "2020", "on_done": ["true"], "after": first.removeprefix("gen_")}
    ids = add(submitter, plan, **schedule)
    found = [library.app.queries.get_generation(id_) for id_ in ids]
    assert [generation.seed for generation in found] == list(plan.seeds)
    for generation in found:
        assert (generation.status, generation.detached, generation.priority) == (Status.PENDING, True, 4)
        assert (generation.not_before, generation.after, generation.credential) == ("2020", first, "abc")
    assert worker_process.started == [True]
    assert library.app.queries.get_request(ids[0])["options"] == dict(plan.engine.options)


@pytest.mark.parametrize(
    ("engine", "options", "kept", "passes"),
    [
        ("offline", {}, {}, True),  # rows of a version that recorded no licences: they are looked up
        ("huggingface", {}, {}, False),
        ("huggingface", {"model": "flux-schnell"}, {}, True),
        ("huggingface", {"model": "a/b"}, {"licenses": [{"of": "a/b", "commercial_use": "yes"}]}, True),
        ("huggingface", {"model": "a/b"}, {"licenses": [{"of": "a/b"}]}, False),
        ("huggingface", {"model": "a/b"}, {"licenses": []}, False),
        ("gone", {}, {"licenses": []}, False),
    ],
)
@pytest.mark.parametrize("by", ["setting", "request"])
def test_what_may_not_be_used_commercially_is_not_queued_again(
    library: Library,
    worker_process: FakeWorkerProcess,
    by: str,
    engine: str,
    options: dict[str, Any],
    kept: dict[str, Any],
    passes: bool,
) -> None:
    submitter = Submitter(
        library.app.queries,
        library.app.generations,
        worker_process,
        FakeFingerprint(),
        commercial=lambda: by == "setting",
    )
    asked = request().as_json() | {"options": options, "commercial": by == "request"} | kept
    id_ = queued(library, engine=engine, request=asked)
    library.app.generations.cancel(id_)
    if passes:
        assert submitter.retry([id_]) == [id_]
    else:
        with pytest.raises(InvalidInput):
            submitter.retry([id_])
        assert library.app.queries.find_status(id_) is Status.CANCELLED


def test_schedules_outside_their_limits_are_refused(library: Library, submitter: Submitter, plan: Plan) -> None:
    with pytest.raises(InvalidInput, match="priority is '-1001'"):
        add(submitter, plan, priority=-1001)
    assert not list(library.app.queries.find_generations(limit=1))


def test_none_is_queued_when_one_cannot_be(
    library: Library, submitter: Submitter, plan: Plan, fingerprint: FakeFingerprint
) -> None:
    with pytest.raises(NotFound):
        add(submitter, plan, after="gen_nobody")
    fingerprint.credential = "none"
    with pytest.raises(NotConfigured):
        add(submitter, plan)
    assert list(library.app.queries.find_generations(limit=9)) == []


def test_a_worker_that_can_pay_is_enough(
    library: Library, submitter: Submitter, plan: Plan, worker_process: FakeWorkerProcess
) -> None:
    library.app.workers.register("run_1", 11, __version__, 2)
    library.app.workers.record_credentials("run_1", ["abc"])
    add(submitter, plan)
    library.app.workers.record_credentials("run_1", ["xyz"])
    add(submitter, plan)
    assert worker_process.started == [False, True]


def test_a_worker_is_started_for_what_is_to_be_paid(
    library: Library, plan: Plan, worker_process: FakeWorkerProcess
) -> None:
    """Who stands by for free ones may not be able to pay."""
    credentials = iter(["abc", None, "xyz", None])
    submitter = Submitter(
        library.app.queries, library.app.generations, worker_process, lambda *_: next(credentials), lambda: False
    )
    ids = submitter.submit([plan, plan._replace(seeds=(9,))], Schedule(), default_project="default")
    assert worker_process.credential == "abc"
    submitter.retry(ids[1:])
    assert worker_process.credential == "xyz"


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_what_did_not_end_in_a_picture_is_tried_again(
    library: Library, submitter: Submitter, worker_process: FakeWorkerProcess, status: Status
) -> None:
    lease = claimed(library)
    library.app.leases.end(lease, status, FAILED)
    assert submitter.retry([lease.id.removeprefix("gen_")]) == [lease.id]
    generation = library.app.queries.get_generation(lease.id)
    assert (generation.status, generation.credential, worker_process.started) == (Status.PENDING, "abc", [True])


def test_nothing_is_tried_again_when_one_cannot_be(
    library: Library, submitter: Submitter, worker_process: FakeWorkerProcess
) -> None:
    failed, made = claimed(library), claimed(library)
    library.app.leases.end(failed, Status.FAILED, FAILED)
    Driver(library, lambda _n, _watch: None).make(made)
    with pytest.raises(InvalidInput, match=f"{made.id} is completed") as refused:
        submitter.retry([failed.id, made.id])
    assert refused.value.hint == "Only what failed, was cancelled or waits can be tried again."
    assert library.app.queries.find_status(failed.id) is Status.FAILED
    assert submitter.retry([]) == []
    assert worker_process.started == []


@pytest.mark.parametrize(
    ("credential", "held", "needed"), [("abc", (), True), ("abc", ("abc",), False), ("xyz", (), False)]
)
def test_a_worker_is_woken_that_can_pay_as_this_process_can(
    library: Library,
    submitter: Submitter,
    worker_process: FakeWorkerProcess,
    credential: str,
    held: tuple[str, ...],
    needed: bool,
) -> None:
    queued(library, credential=credential)
    library.app.workers.register("run_1", 11, __version__, 2, held)
    submitter.ensure_worker()
    worker = library.app.workers.find()
    assert worker is not None
    assert (worker_process.started, worker.leave) == ([needed], Leave.WHEN_IDLE if needed else Leave.NO)


def test_ids_are_told_though_no_worker_can_be_started(
    library: Library,
    submitter: Submitter,
    plan: Plan,
    worker_process: FakeWorkerProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_: object) -> None:
        raise StorageError("The worker cannot be started.")

    monkeypatch.setattr(worker_process, "ensure", fail)
    with pytest.raises(NotStarted) as failed:
        add(submitter, plan)
    assert failed.value.ids == library.app.generations.find_ids([Status.PENDING]) != []


def test_a_worker_is_woken_for_what_waits(
    library: Library, submitter: Submitter, worker_process: FakeWorkerProcess
) -> None:
    submitter.ensure_worker()
    assert worker_process.started == []
    submitter.ensure_worker(always=True)
    queued(library)
    library.app.workers.register("run_1", 11, __version__, 2)
    submitter.ensure_worker()
    assert worker_process.started == [True, False]


def test_very_many_are_tried_again_in_short_transactions(
    submitter: Submitter, worker_process: FakeWorkerProcess, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [queued(library) for _ in range(4)]
    library.cancel(ids)
    monkeypatch.setattr(portions, "PORTION_S", 0)
    monkeypatch.setattr(time, "sleep", lambda _seconds: interrupt_at(library, ids, 2))
    submitted: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        submitter.retry(ids, on_submitted=submitted.extend)
    assert submitted == ids[:2]
    assert worker_process.started == [True]  # somebody makes those that are submitted
    assert [library.app.queries.find_status(id_) for id_ in ids] == ["pending"] * 2 + ["cancelled"] * 2


def interrupt_at(library: Library, ids: Sequence[str], waiting: int) -> None:
    if sum(library.app.queries.find_status(id_) is Status.PENDING for id_ in ids) == waiting:
        raise KeyboardInterrupt
