"""One picture: the attempts that interrupted tries made count, and nothing is charged twice."""

import errno
import sqlite3
from contextlib import closing

import pytest
from scripted import Driver, claimed, files, inline, photograph, reclaimed

from avatar_creator.domain.picture import Picture
from avatar_creator.domain.records import Status
from avatar_creator.engines.base import Watch
from avatar_creator.errors import EngineError
from avatar_creator.jobs.attempt import State
from avatar_creator.library import Library
from avatar_creator.storage import responses
from avatar_creator.storage.responses import SavedResponse
from sql import run_sql


def column(library: Library, id_: str, names: str) -> tuple[object, ...]:
    (found,) = run_sql(library.home, f"SELECT {names} FROM generations WHERE id = ?", id_)
    return found


def charged(library: Library) -> int:
    return sum(charge.pictures for charge in library.app.stats.stats().charged)


class Killed(Exception):
    """Stands for the end of the process: nothing that is under way is written any more."""


def killed_after(library: Library, *said: str, written: bool) -> str:
    """Begin a generation whose process is killed when the engine has said that much; return its id."""
    lease = claimed(library)

    def script(_n: int, watch: Watch) -> None:
        for word in said:
            if word == "attempt":
                watch.begin_call()
            elif word == "keep":
                watch.save_response(b"the answer")
            else:
                watch.record_charge("fal-ai", "flux/dev")
        raise Killed

    driver = Driver(library, script)
    flight = driver.begin(lease)
    report = flight.report
    while report.state is not State.ENDED:
        reported = driver.executor.report(lease)
        assert reported is not None
        if reported.progress != report.progress:  # what the worker writes while it still lives
            library.app.leases.advance(lease, reported.progress, report.progress)
            driver.executor.acknowledge(lease, reported.progress.attempt)
        report = reported
    if written:
        library.app.leases.charge(lease, report.charges)
    library.app.leases.interrupt(lease)
    return lease.id


# -- attempts


def test_the_row_counts_each_call_before_it_is_made(library: Library) -> None:
    seen: list[object] = []
    lease = claimed(library)

    def script(_n: int, watch: Watch) -> None:
        for _ in range(3):
            watch.begin_call()
            seen.append(making_attempt(library, lease.id))

    Driver(library, script).make(lease)
    assert seen == [1, 2, 3]


def making_attempt(library: Library, id_: str) -> int:
    """Read it from another thread, through a connection of its own."""
    with closing(sqlite3.connect(library.home.database)) as database:
        (attempt,) = database.execute("SELECT attempt FROM generations WHERE id = ?", (id_,)).fetchone()
    return int(attempt)


@pytest.mark.parametrize(("before", "left"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_the_calls_of_interrupted_tries_count(library: Library, before: int, left: int) -> None:
    lease = claimed(library)
    library.app.leases.release(lease, before)
    lease = reclaimed(library, lease.id)
    last: list[bool] = []

    def script(_n: int, watch: Watch) -> None:
        while True:
            last.append(watch.is_last_attempt)
            watch.begin_call()

    flight = Driver(library, script).make(lease)
    assert last == [False] * left + [True]
    assert isinstance(flight.error, EngineError)
    assert flight.error.message == "It was asked for 3 times already, those that were interrupted too."
    assert flight.error.hint == f"To ask again: avatar retry {lease.id}"
    assert column(library, lease.id, "status, attempt") == ("failed", 3)


def test_the_first_call_of_an_inline_run_is_counted_from_its_beginning(library: Library) -> None:
    lease = inline(library)
    calls: list[int] = []

    def script(_n: int, watch: Watch) -> None:
        while not watch.is_last_attempt:
            watch.begin_call()
            calls.append(making_attempt(library, lease.id))

    flight = Driver(library, script).make(lease)
    assert (calls, flight.was_called) == ([1, 2, 3], True)


def test_what_asks_nobody_was_asked_for_nowhere(library: Library) -> None:
    lease = claimed(library)
    flight = Driver(library, lambda _n, _watch: None).make(lease)
    assert (flight.was_called, flight.report.calls_ended) == (False, 0)
    assert column(library, lease.id, "status, attempt, pictures") == ("completed", 0, 0)


# -- responses and charges


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (("attempt", "keep"), False),
        (("attempt", "keep", "charged"), False),
        (("attempt", "keep", "charged"), True),
        (("attempt", "charged", "keep"), True),
    ],
)
def test_a_picture_is_charged_once_wherever_its_process_is_killed(
    library: Library, said: tuple[str, ...], written: bool
) -> None:
    id_ = killed_after(library, *said, written=written)
    assert charged(library) == written
    got: list[bytes | None] = []

    def goes_on(_n: int, watch: Watch) -> Picture:
        got.append(watch.saved_response())
        watch.record_charge("fal-ai", "flux/dev")
        return photograph()

    lease = reclaimed(library, id_)
    Driver(library, goes_on).make(lease)
    assert got == [b"the answer"]
    assert charged(library) == 1
    assert column(library, id_, "status, attempt, pictures, interruptions") == ("completed", 1, 1, 1)
    assert library.app.responses.find(id_) is None


@pytest.mark.parametrize("written", [False, True])
def test_a_new_one_in_place_of_a_useless_one_is_charged_too(library: Library, written: bool) -> None:
    id_ = killed_after(library, "attempt", "keep", "charged", written=written)

    def useless(_n: int, watch: Watch) -> Picture:
        assert watch.saved_response() == b"the answer"
        watch.record_charge("fal-ai", "flux/dev")
        watch.begin_call()
        watch.save_response(b"another")
        watch.record_charge("fal-ai", "flux/dev", reroll=True)
        raise Killed

    lease = reclaimed(library, id_)
    flight = Driver(library, useless).make(lease)
    assert charged(library) == 2
    assert library.app.responses.find(id_) == SavedResponse(2, b"another")
    assert isinstance(flight.error, Killed)
    library.app.generations.retry(id_, None)

    def goes_on(_n: int, watch: Watch) -> Picture:
        assert watch.saved_response() == b"another"
        watch.record_charge("fal-ai", "flux/dev", reroll=True)
        return photograph()

    Driver(library, goes_on).make(reclaimed(library, id_))
    assert charged(library) == 2
    assert column(library, id_, "status, pictures") == ("completed", 2)


def test_what_proved_useless_is_forgotten_and_the_next_charged(library: Library) -> None:
    id_ = killed_after(library, "attempt", "keep", "charged", written=True)

    def script(_n: int, watch: Watch) -> None:
        assert watch.saved_response() is not None
        watch.save_response(None)
        assert watch.saved_response() is None
        watch.begin_call()
        watch.record_charge("fal-ai", "flux/dev")

    Driver(library, script).make(reclaimed(library, id_))
    assert (charged(library), column(library, id_, "status, attempt, pictures")) == (2, ("completed", 2, 2))


def test_a_response_stays_when_it_cannot_be_made_a_picture_of(library: Library) -> None:
    lease = claimed(library)

    def script(_n: int, watch: Watch) -> Picture:
        watch.begin_call()
        watch.save_response(b"bytes")
        watch.record_charge("fal-ai", "flux/dev")
        return photograph()._replace(data=b"no picture")

    Driver(library, script).make(lease)
    assert column(library, lease.id, "status, pictures") == (Status.FAILED.value, 1)
    assert library.app.responses.find(lease.id) == SavedResponse(1, b"bytes")
    assert files(library) == []


def test_a_disk_too_full_for_the_response_may_have_room_for_the_picture(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(responses, "write_new", full)
    lease = claimed(library)
    Driver(library, lambda _n, watch: watch.save_response(b"bytes")).make(lease)
    assert column(library, lease.id, "status") == ("completed",)


def test_files_of_the_next_holder_are_not_those_of_whoever_lost_it(library: Library) -> None:
    lease = claimed(library)
    library.app.leases.interrupt(lease)
    Driver(library, lambda _n, _watch: None).make(reclaimed(library, lease.id))
    assert len(files(library)) == 2
    assert all(f"{lease.avatar_id}-2." in name for name in files(library))
