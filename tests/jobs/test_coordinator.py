"""What becomes of pictures under way when somebody else has a word, or the process is to end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from scripted import LONG_S, Maker, claimed, files, photograph, reclaimed, until

from avatar_creator.domain.picture import Picture
from avatar_creator.domain.records import Stage, Status
from avatar_creator.engines.base import Watch
from avatar_creator.errors import Cancelled, StorageError
from avatar_creator.jobs.attempt import State, stopped
from avatar_creator.jobs.coordinator import failure_of, finished, status_of
from avatar_creator.library import Library
from avatar_creator.storage.leases import Lease, Leases
from sql import run_sql


class PaidService:
    """A service that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.answers = threading.Event()

    def __call__(self, _n: int, watch: Watch) -> Picture:
        watch.begin_call()
        self.asked.set()
        self.answers.wait(LONG_S)
        watch.record_charge("fal-ai", "flux/dev")
        return photograph()


@pytest.fixture
def service() -> PaidService:
    return PaidService()


def begun(library: Library, service: PaidService, running: Lease) -> Maker:
    """Begin, and go on until the service is asked."""
    maker = Maker(library, service)
    maker.begin(running)
    until(lambda: maker.step() or service.asked.is_set())
    return maker


def row(library: Library, running: Lease, names: str = "status, attempt, pictures") -> tuple[object, ...]:
    (found,) = run_sql(library.home, f"SELECT {names} FROM generations WHERE id = ?", running.id)
    return found


def has_ended(maker: Maker, running: Lease) -> bool:
    report = maker.executor.report(running)
    return report is not None and report.state is State.ENDED


def threads_end() -> None:
    until(lambda: not any(thread.name.startswith("gen_") for thread in threading.enumerate()))


def hang(watch: Watch) -> None:
    """Hang in a network, and tell of nothing but at every moment."""
    while True:
        watch.wait(0.01, "nothing")


# -- another shell's word


def test_what_is_to_stop_is_stopped_and_says_how_to_make_it_after_all(library: Library) -> None:
    running = claimed(library)
    maker = Maker(library, lambda _n, watch: hang(watch))
    flight = maker.begin(running)
    library.app.generations.cancel(running.id)
    assert maker.coordinator.sync_cancellations() == []
    maker.finish()
    assert flight.stop_asked
    assert row(library, running, "status, error_code, error_message, error_hint") == (
        "cancelled",
        "cancelled",
        "Cancelled by the user.",
        f"To make it after all: avatar retry {running.id}",
    )


def test_what_is_paid_already_when_it_is_to_stop_is_completed(library: Library) -> None:
    running = claimed(library)
    fetches, paid = threading.Event(), threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        paid.set()
        fetches.wait(LONG_S)
        watch.progress(0.9)

    maker = Maker(library, script)
    maker.begin(running)
    until(lambda: maker.step() or paid.is_set())
    library.app.generations.cancel(running.id)
    maker.coordinator.sync_cancellations()
    fetches.set()
    maker.finish()
    assert row(library, running) == ("completed", 1, 1)


def test_what_was_taken_away_is_left_and_its_charge_counted(library: Library, service: PaidService) -> None:
    running = claimed(library)
    maker = begun(library, service, running)
    library.app.generations.cancel(running.id, at_once=True)
    assert [flight.lease for flight in maker.coordinator.sync_cancellations()] == [running]
    assert maker.coordinator.flights == {}
    service.answers.set()
    threads_end()
    for _ in range(3):
        maker.step()
    assert row(library, running) == ("cancelled", 1, 1)
    assert (maker.coordinator._abandoned, files(library)) == ([], [])


def test_the_heir_is_made_while_the_one_that_was_lost_still_hangs(library: Library, service: PaidService) -> None:
    running = claimed(library)
    maker = begun(library, service, running)
    library.app.generations.cancel(running.id, at_once=True)
    maker.coordinator.sync_cancellations()
    library.app.generations.retry(running.id, None)
    heir = reclaimed(library, running.id)
    second = PaidService()
    second.answers.set()
    Maker(library, second).make(heir)
    service.answers.set()
    threads_end()
    for _ in range(3):
        maker.step()
    assert row(library, running) == ("completed", 1, 1)
    assert [charged.pictures for charged in library.app.stats.stats().charged] == [2]
    assert len(files(library)) == 2


def test_what_nobody_asks_for_any_more_is_left_alone(library: Library) -> None:
    maker = Maker(library, lambda _n, _watch: None)
    assert maker.coordinator.sync_cancellations() == []


# -- the end before the end


def test_a_call_under_way_does_not_count_when_it_is_put_back(library: Library, service: PaidService) -> None:
    running = claimed(library)
    library.app.leases.release(running, 1)
    running = reclaimed(library, running.id)
    maker = begun(library, service, running)
    assert row(library, running) == ("processing", 2, 0)
    maker.coordinator.stop(None, patience_s=0)
    assert row(library, running, "status, attempt, stage, interruptions, runner") == ("pending", 1, "queued", 0, None)
    service.answers.set()
    threads_end()
    assert files(library) == []


def test_a_call_that_failed_counts_when_it_is_put_back(library: Library) -> None:
    waits = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        waits.set()
        watch.wait(LONG_S, "rate limit of fal-ai")

    running = claimed(library)
    maker = Maker(library, script)
    maker.begin(running)
    until(lambda: maker.step() or waits.is_set())
    maker.coordinator.stop(None, patience_s=0)
    assert row(library, running) == ("pending", 1, 0)


def test_a_call_that_answered_counts_and_its_charge(library: Library) -> None:
    charged = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        charged.set()
        hang(watch)

    running = claimed(library)
    maker = Maker(library, script)
    maker.begin(running)
    until(lambda: maker.step() or charged.is_set())
    maker.coordinator.stop(None, patience_s=LONG_S)
    assert row(library, running) == ("pending", 1, 1)


def test_whoever_is_stopped_puts_nothing_back_that_was_to_stop(library: Library, service: PaidService) -> None:
    """Otherwise the next worker would make it all the same."""
    for heeded in (True, False):
        running = claimed(library)
        maker = begun(library, service, running)
        library.app.generations.cancel(running.id)
        if heeded:
            maker.coordinator.sync_cancellations()
        maker.coordinator.stop(None, patience_s=0)
        assert row(library, running, "status, error_code") == ("cancelled", "cancelled")
        service.asked.clear()


def test_what_only_has_to_be_saved_is_completed_first(library: Library) -> None:
    both = threading.Event()

    def script(_n: int, watch: Watch) -> None:
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")
        both.set()
        watch.progress(0.9)

    running = claimed(library)
    maker = Maker(library, script)
    maker.begin(running)
    until(lambda: maker.step() or both.is_set())
    maker.coordinator.stop(None, patience_s=LONG_S)
    assert row(library, running) == ("completed", 1, 1)
    assert len(files(library)) == 2


def test_what_has_failed_is_not_put_back(library: Library) -> None:
    running = claimed(library)
    maker = Maker(library, lambda _n, _watch: 1 / 0)
    maker.begin(running)
    until(lambda: has_ended(maker, running))
    maker.coordinator.stop(None)
    assert row(library, running, "status, error_code") == ("failed", "bug")


@pytest.mark.parametrize(
    ("error", "status"), [(stopped(), Status.CANCELLED), (ValueError("odd"), Status.FAILED), (None, Status.PENDING)]
)
def test_all_under_way_end_with_what_ends_the_process(
    library: Library, service: PaidService, error: BaseException | None, status: Status
) -> None:
    running = claimed(library)
    maker = begun(library, service, running)
    maker.coordinator.stop(error, patience_s=0)
    assert row(library, running, "status") == (status.value,)
    assert maker.coordinator.flights == {}


def test_ctrl_c_in_the_last_words_is_no_reason_to_lose_them(library: Library, service: PaidService) -> None:
    class Interrupted(Leases):
        interrupts = 1

        def release(self, running: Lease, attempt: int) -> bool:
            if self.interrupts:
                self.interrupts -= 1
                raise KeyboardInterrupt
            return super().release(running, attempt)

    running = claimed(library)
    maker = begun(library, service, running)
    maker.coordinator._leases = Interrupted(library.app._connection, library.home.database)
    maker.coordinator.stop(None, patience_s=0)
    assert row(library, running, "status") == ("pending",)


def test_files_make_room_for_the_last_words_on_a_full_disk(library: Library) -> None:
    class Full(Leases):
        def complete(self, *given: Any, **named: Any) -> None:
            if files(library):
                raise StorageError("The disk is full.")
            super().complete(*given, **named)

        def end(self, *given: Any) -> bool:
            if files(library):
                raise StorageError("The disk is full.")
            return super().end(*given)

    running = claimed(library)
    maker = Maker(library, lambda _n, _watch: None)
    maker.begin(running)
    until(lambda: has_ended(maker, running))
    maker.coordinator._leases = Full(library.app._connection, library.home.database)
    assert len(files(library)) == 2
    maker.coordinator.stop(stopped(), patience_s=0)
    assert files(library) == []
    assert row(library, running, "status") != ("processing",)


# -- what is said of an end


def test_a_failure_is_kept_as_the_user_saw_it_without_secrets() -> None:
    token = "hf_" + "Ab1" * 11
    assert failure_of(StorageError("Full.", hint="Empty it."))[:] == ("storage", "Full.", "Empty it.")
    code, message, hint = failure_of(ValueError(f"it was {token}"))
    assert (code, message.startswith("ValueError: it was"), token in message, hint) == ("bug", True, False, None)
    assert [status_of(Cancelled("x")), status_of(ValueError())] == [Status.CANCELLED, Status.FAILED]


@pytest.mark.parametrize(("script", "stage"), [(lambda *_: None, Stage.DONE), (lambda *_: 1 / 0, Stage.GENERATING)])
def test_the_last_progress_says_where_it_ended(library: Library, script: Callable[..., Any], stage: Stage) -> None:
    last = finished(Maker(library, script).make(claimed(library)))
    assert (last.ended, last.stage) == (True, stage)


def test_what_was_put_in_and_got_no_row_is_taken_out(library: Library) -> None:
    class Full(Leases):
        @contextmanager
        def together(self) -> Iterator[None]:
            with super().together():
                yield
                raise StorageError("The disk is full.")

    running = claimed(library)
    maker = Maker(library, lambda _n, _watch: None)
    maker.coordinator._leases = Full(library.app._connection, library.home.database)
    with pytest.raises(StorageError):
        maker.begin(running)
    assert maker.coordinator.flights == {}
    assert maker.executor.report(running) is None
