"""What becomes of pictures under way when somebody else has a word, or the process is to end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from scripted import Driver, claimed, files, photograph, reclaimed

from avatar_creator.domain.picture import Picture
from avatar_creator.domain.records import Stage, Status
from avatar_creator.engines.base import Watch
from avatar_creator.errors import EngineError, InvalidInput, NotConfigured, StorageError
from avatar_creator.jobs.attempt import State, stopped
from avatar_creator.jobs.failures import failure_of
from avatar_creator.library import Library
from avatar_creator.storage.leases import Lease, Leases
from sql import run_sql
from waiting import LONG_S, until


class PaidService:
    """A service that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.responds = threading.Event()

    def __call__(self, _n: int, watch: Watch) -> Picture:
        watch.begin_call()
        self.asked.set()
        self.responds.wait(LONG_S)
        watch.record_charge("fal-ai", "flux/dev")
        return photograph()


@pytest.fixture
def service() -> PaidService:
    return PaidService()


def begun(library: Library, service: PaidService, lease: Lease) -> Driver:
    """Begin, and go on until the service is asked."""
    driver = Driver(library, service)
    driver.begin(lease)
    until(lambda: driver.step() or service.asked.is_set())
    return driver


def row(library: Library, lease: Lease, names: str = "status, attempt, pictures") -> tuple[object, ...]:
    (found,) = run_sql(library.home, f"SELECT {names} FROM generations WHERE id = ?", lease.id)
    return found


def has_ended(driver: Driver, lease: Lease) -> bool:
    report = driver.executor.report(lease)
    return report is not None and report.state is State.ENDED


def threads_end() -> None:
    until(lambda: not any(thread.name.startswith("gen_") for thread in threading.enumerate()))


def hang(watch: Watch) -> None:
    """Hang in a network, and tell of nothing but at every moment."""
    while True:
        watch.wait(0.01, "nothing")


def test_files_of_a_picture_that_is_there_already_are_removed(library: Library) -> None:
    first = claimed(library)
    driver = Driver(library, lambda _n, _watch: photograph())
    driver.begin(first)
    driver.finish()
    there = files(library)
    second = claimed(library, avatar_id=first.avatar_id, version=2)
    driver.begin(second)
    driver.finish()
    assert row(library, second, "status") == ("completed",)
    assert (files(library), library.show(first.avatar_id).version) == (there, 2)


# -- another shell's word


def test_what_is_to_stop_is_stopped_and_says_how_to_make_it_after_all(library: Library) -> None:
    lease = claimed(library)
    driver = Driver(library, lambda _n, watch: hang(watch))
    flight = driver.begin(lease)
    library.app.generations.cancel(lease.id)
    assert driver.coordinator.sync_cancellations() == []
    driver.finish()
    assert flight.stop_asked
    assert row(library, lease, "status, error_code, error_message, error_hint") == (
        "cancelled",
        "cancelled",
        "Cancelled by the user.",
        f"To make it after all: avatar retry {lease.id}",
    )


@pytest.mark.parametrize("waits", [False, True])
def test_what_is_paid_already_when_it_is_to_stop_is_completed(library: Library, waits: bool) -> None:
    lease = claimed(library)
    fetches, paid = threading.Event(), threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        if waits:
            watch.wait(0.01, "the download was cut short")
        paid.set()
        fetches.wait(LONG_S)
        watch.progress(0.9)

    driver = Driver(library, script)
    driver.begin(lease)
    until(lambda: driver.step() or paid.is_set())
    library.app.generations.cancel(lease.id)
    driver.coordinator.sync_cancellations()
    fetches.set()
    driver.finish()
    assert row(library, lease) == ("completed", 1, 1)


def test_what_was_taken_away_is_left_and_its_charge_counted(library: Library, service: PaidService) -> None:
    lease = claimed(library)
    driver = begun(library, service, lease)
    library.app.generations.cancel(lease.id, at_once=True)
    assert [flight.lease for flight in driver.coordinator.sync_cancellations()] == [lease]
    assert driver.coordinator.flights == {}
    service.responds.set()
    threads_end()
    for _ in range(3):
        driver.step()
    assert row(library, lease) == ("cancelled", 1, 1)
    assert (driver.coordinator._abandoned, files(library)) == ([], [])


def test_the_next_lease_is_made_while_the_one_that_was_lost_still_hangs(library: Library, service: PaidService) -> None:
    lease = claimed(library)
    driver = begun(library, service, lease)
    library.app.generations.cancel(lease.id, at_once=True)
    driver.coordinator.sync_cancellations()
    library.app.generations.retry(lease.id, None)
    next_lease = reclaimed(library, lease.id)
    second = PaidService()
    second.responds.set()
    Driver(library, second).make(next_lease)
    service.responds.set()
    threads_end()
    for _ in range(3):
        driver.step()
    assert row(library, lease) == ("completed", 1, 1)
    assert [charged.pictures for charged in library.app.stats.stats().charged] == [2]
    assert len(files(library)) == 2


def test_what_nobody_asks_for_any_more_is_left_alone(library: Library) -> None:
    driver = Driver(library, lambda _n, _watch: None)
    assert driver.coordinator.sync_cancellations() == []


# -- calls of which nobody knows whether they are charged


def doubts(library: Library) -> tuple[int, int]:
    """Return how many calls are in doubt, and how many pictures are reserved."""
    spending = library.app.spending
    return spending.since("").in_doubt, spending.reserved().pictures


def test_a_call_that_nobody_answered_counts_as_spent_when_its_picture_fails(library: Library) -> None:
    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_doubt()
        raise EngineError("No answer in time.")

    Driver(library, script).make(claimed(library, paid=True))
    assert doubts(library) == (1, 0)


def test_each_call_that_nobody_answered_counts_beside_the_one_that_is_charged(library: Library) -> None:
    def script(_n: int, watch: Watch) -> None:
        for _ in range(2):
            watch.begin_call()
            watch.record_doubt()
            watch.wait(0.01, "nothing")
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")

    lease = claimed(library, paid=True)
    Driver(library, script).make(lease)
    assert row(library, lease) == ("completed", 3, 1)
    assert doubts(library) == (2, 0)


def test_another_call_after_one_in_doubt_is_refused_beyond_the_limit(library: Library) -> None:
    library.home.create()
    library.home.config.write_text("max_images_day = 1\n")
    calls = []

    def script(_n: int, watch: Watch) -> None:
        for n in range(2):
            watch.begin_call()
            calls.append(n)
            watch.record_doubt()

    lease = claimed(library, paid=True)
    flight = Driver(library, script).make(lease)
    assert (calls, flight.error and failure_of(flight.error).code) == ([0], "limit")
    assert doubts(library) == (1, 0)


@pytest.mark.parametrize("ends", ["stop", "cancel", "kill"])
def test_a_call_in_doubt_counts_once_however_its_picture_ends(library: Library, ends: str) -> None:
    reported = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_doubt()
        reported.set()
        watch.wait(LONG_S, "nothing")

    lease = claimed(library, paid=True)
    driver = Driver(library, script)
    driver.begin(lease)
    until(lambda: driver.step() or reported.is_set())
    match ends:
        case "stop":
            driver.coordinator.stop(None, patience_s=0)
        case "cancel":
            library.app.generations.cancel_some([lease.id], at_once=True)
            driver.coordinator.sync_cancellations()
        case _:
            library.app.leases.interrupt(lease)
            driver.coordinator.sync_cancellations()
    threads_end()
    for _ in range(3):
        driver.step()
    assert (driver.coordinator.flights, driver.coordinator._abandoned) == ({}, [])
    assert doubts(library) == (1, 0)


def test_a_call_in_doubt_counts_once_until_what_it_left_is_charged(library: Library) -> None:
    """A task is accepted, and its polls are refused; at last its picture is fetched."""

    def accepted(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.save_response(b"task")
        watch.record_doubt()
        raise EngineError("The token is refused.")

    def refused(_n: int, watch: Watch) -> None:
        assert watch.saved_response() == b"task"
        watch.record_doubt()
        raise EngineError("The token is refused.")

    def fetched(_n: int, watch: Watch) -> None:
        assert watch.saved_response() == b"task"
        watch.record_charge("fal-ai", "flux/dev")

    lease = claimed(library, paid=True)
    for script in (accepted, refused, refused):
        Driver(library, script).make(lease)
        assert (row(library, lease, "status, pictures"), doubts(library)) == (("failed", 0), (1, 0))
        library.app.generations.retry(lease.id, None)
        lease = reclaimed(library, lease.id)
    Driver(library, fetched).make(lease)
    assert (row(library, lease, "status, pictures"), doubts(library)) == (("completed", 1), (0, 0))
    assert not library.app.responses.generation_ids()


# -- the end before the end


def test_a_call_under_way_does_not_count_when_it_is_put_back(library: Library, service: PaidService) -> None:
    lease = claimed(library)
    library.app.leases.release(lease, 1)
    lease = reclaimed(library, lease.id)
    driver = begun(library, service, lease)
    assert row(library, lease) == ("processing", 2, 0)
    driver.coordinator.stop(None, patience_s=0)
    assert row(library, lease, "status, attempt, stage, interruptions, runner") == ("pending", 1, "queued", 0, None)
    service.responds.set()
    threads_end()
    assert files(library) == []


def test_a_call_that_ends_because_it_is_put_back_does_not_count(library: Library) -> None:
    calls = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        calls.set()
        while True:
            watch.progress(0.5)

    lease = claimed(library)
    driver = Driver(library, script)
    driver.begin(lease)
    until(lambda: driver.step() or calls.is_set())
    driver.coordinator.stop(None, patience_s=0)
    assert row(library, lease) == ("pending", 0, 0)


def test_a_call_that_failed_counts_when_it_is_put_back(library: Library) -> None:
    waits = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        waits.set()
        watch.wait(LONG_S, "rate limit of fal-ai")

    lease = claimed(library)
    driver = Driver(library, script)
    driver.begin(lease)
    until(lambda: driver.step() or waits.is_set())
    driver.coordinator.stop(None, patience_s=0)
    assert row(library, lease) == ("pending", 1, 0)


def test_a_call_that_got_a_response_counts_and_its_charge(library: Library) -> None:
    charged = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        charged.set()
        hang(watch)

    lease = claimed(library)
    driver = Driver(library, script)
    driver.begin(lease)
    until(lambda: driver.step() or charged.is_set())
    driver.coordinator.stop(None, patience_s=LONG_S)
    assert row(library, lease) == ("pending", 1, 1)


def test_whoever_is_stopped_puts_nothing_back_that_was_to_stop(library: Library, service: PaidService) -> None:
    """Otherwise the next worker would make it all the same."""
    for heeded in (True, False):
        lease = claimed(library)
        driver = begun(library, service, lease)
        library.app.generations.cancel(lease.id)
        if heeded:
            driver.coordinator.sync_cancellations()
        driver.coordinator.stop(None, patience_s=0)
        assert row(library, lease, "status, error_code") == ("cancelled", "cancelled")
        assert row(library, lease, "error_hint") == (f"To make it after all: avatar retry {lease.id}",)
        service.asked.clear()


def test_what_only_has_to_be_saved_is_completed_first(library: Library) -> None:
    both = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        both.set()
        watch.progress(0.9)

    lease = claimed(library)
    driver = Driver(library, script)
    driver.begin(lease)
    until(lambda: driver.step() or both.is_set())
    driver.coordinator.stop(None, patience_s=LONG_S)
    assert row(library, lease) == ("completed", 1, 1)
    assert len(files(library)) == 2


def test_what_has_failed_is_not_put_back(library: Library) -> None:
    lease = claimed(library)
    driver = Driver(library, lambda _n, _watch: 1 / 0)
    driver.begin(lease)
    until(lambda: has_ended(driver, lease))
    driver.coordinator.stop(None)
    assert row(library, lease, "status, error_code") == ("failed", "bug")


@pytest.mark.parametrize(
    ("error", "status"), [(stopped(), Status.CANCELLED), (ValueError("odd"), Status.FAILED), (None, Status.PENDING)]
)
def test_all_under_way_end_with_what_ends_the_process(
    library: Library, service: PaidService, error: BaseException | None, status: Status
) -> None:
    lease = claimed(library)
    driver = begun(library, service, lease)
    driver.coordinator.stop(error, patience_s=0)
    assert row(library, lease, "status") == (status.value,)
    assert driver.coordinator.flights == {}


def test_ctrl_c_as_the_ends_are_written_loses_none(library: Library, service: PaidService) -> None:
    class Interrupted(Leases):
        interrupts = 1

        def release(self, lease: Lease, attempt: int) -> bool:
            if self.interrupts:
                self.interrupts -= 1
                raise KeyboardInterrupt
            return super().release(lease, attempt)

    lease = claimed(library)
    driver = begun(library, service, lease)
    driver.coordinator._leases = Interrupted(library.app._connection, library.home.database)
    driver.coordinator.stop(None, patience_s=0)
    assert row(library, lease, "status") == ("pending",)


@pytest.mark.parametrize("method", ["complete", "is_completed"])
def test_ctrl_c_as_the_ends_are_written_loses_no_picture(library: Library, method: str) -> None:
    class Interrupted(Leases):
        interrupts = 1

    def interrupt(leases: Interrupted, *given: Any, **named: Any) -> object:
        if leases.interrupts:
            leases.interrupts -= 1
            raise KeyboardInterrupt
        return getattr(Leases, method)(leases, *given, **named)

    setattr(Interrupted, method, interrupt)
    lease = claimed(library)
    driver = Driver(library, lambda _n, _watch: None)
    driver.begin(lease)
    until(lambda: has_ended(driver, lease))
    driver.coordinator._leases = Interrupted(library.app._connection, library.home.database)
    driver.coordinator.stop(stopped())
    assert row(library, lease, "status") == ("completed",)
    avatar = library.show(lease.id)
    assert (avatar.image_path.exists(), avatar.thumbnail_path.exists()) == (True, True)


def test_files_make_room_for_the_ends_on_a_full_disk(library: Library) -> None:
    class Full(Leases):
        def complete(self, *given: Any, **named: Any) -> tuple[str, ...]:
            if files(library):
                raise StorageError("The disk is full.")
            return super().complete(*given, **named)

        def end(self, *given: Any, **named: Any) -> bool:
            if files(library):
                raise StorageError("The disk is full.")
            return super().end(*given, **named)

    lease = claimed(library)
    driver = Driver(library, lambda _n, _watch: None)
    driver.begin(lease)
    until(lambda: has_ended(driver, lease))
    driver.coordinator._leases = Full(library.app._connection, library.home.database)
    assert len(files(library)) == 2
    driver.coordinator.stop(stopped(), patience_s=0)
    assert files(library) == []
    assert row(library, lease, "status") != ("processing",)


# -- what is said of an end


@pytest.mark.parametrize(
    ("error", "all_alike"),
    [
        (EngineError("No credits.", ends_run=True), True),
        (EngineError("A black picture."), False),
        (NotConfigured("No token."), True),
        (StorageError("The disk is full."), True),
        (InvalidInput("The prompt is too long."), False),
        (ValueError(), False),
    ],
)
def test_a_row_says_whether_every_other_would_have_failed_alike(
    library: Library, error: Exception, all_alike: bool
) -> None:
    def script(_n: int, _watch: Watch) -> None:
        raise error

    lease = claimed(library)
    Driver(library, script).make(lease)
    assert row(library, lease, "error_ends_run") == (all_alike,)
    library.app.generations.retry(lease.id, None)
    assert row(library, lease, "error_ends_run") == (0,)


@pytest.mark.parametrize(("script", "stage"), [(lambda *_: None, Stage.DONE), (lambda *_: 1 / 0, Stage.GENERATING)])
def test_the_last_progress_says_where_it_ended(library: Library, script: Callable[..., Any], stage: Stage) -> None:
    last = Driver(library, script).make(claimed(library)).last_progress
    assert (last.ended, last.stage) == (True, stage)


def test_what_was_put_in_and_got_no_row_is_taken_out(library: Library) -> None:
    class Full(Leases):
        @contextmanager
        def together(self) -> Iterator[None]:
            with super().together():
                yield
                raise StorageError("The disk is full.")

    lease = claimed(library)
    driver = Driver(library, lambda _n, _watch: None)
    driver.coordinator._leases = Full(library.app._connection, library.home.database)
    with pytest.raises(StorageError):
        driver.begin(lease)
    assert driver.coordinator.flights == {}
    assert driver.executor.report(lease) is None


def test_an_engine_with_places_of_its_own_takes_no_others(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = threading.Event()
    driver = Driver(library, lambda _n, _watch: hold.wait(LONG_S))
    places = {"scripted": True}
    monkeypatch.setattr(driver.executor, "has_places", lambda engine: places.get(engine, False))
    monkeypatch.setattr(driver.executor, "most_at_once", lambda _engine: 3)
    for _ in range(3):
        driver.begin(claimed(library))
    assert len(driver.coordinator.flights) == 3
    assert driver.coordinator._places._busy(set()) == ["scripted"]
    driver.coordinator._places.at_once = 1
    assert (driver.coordinator._places.room(), driver.coordinator._places.taken()) == (1, 0)
    places["scripted"] = False
    assert (driver.coordinator._places.room(), driver.coordinator._places.taken()) == (-2, 3)
    hold.set()
    driver.finish()
