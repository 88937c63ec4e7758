"""A pool whose processes do not end though they are killed, as in a driver that hangs; and a picture that hangs."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from apart import Watcher, made_here, pids, request, scripted

from avatar_creator.domain.worker_status import ProcessState
from avatar_creator.errors import Cancelled
from avatar_creator.jobs.engine_processes import place, pool
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.transport import Transport
from avatar_creator.processes.process import Process
from waiting import LONG_S, until

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")]

Pool = Callable[[int], EngineProcesses]


class Driver:
    """Keeps processes from ending while it hangs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._killed: list[Process] = []
        self._hangs = True
        self._kill = Process.kill
        monkeypatch.setattr(Process, "kill", self.kill)

    @property
    def kill(self) -> Callable[[Process], None]:
        return lambda process: self._killed.append(process) if self._hangs else self._kill(process)

    def go_on(self) -> None:
        self._hangs = False
        for process in self._killed:
            self._kill(process)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    hung = Driver(monkeypatch)
    yield hung
    hung.go_on()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, driver: Driver) -> Iterator[Pool]:
    """Opens pools that end a process as soon as it is idle."""
    monkeypatch.setattr(place, "_AGAIN_S", 0.05)
    monkeypatch.setattr(pool, "_ENDS_S", 1)
    made: list[EngineProcesses] = []

    def open_pool(most: int) -> EngineProcesses:
        made.append(EngineProcesses("offline", [Transport(most=most)], makes_all=True, idle_s=1))
        return made[-1]

    yield open_pool
    driver.go_on()
    for each in made:
        each.close()


def in_a_thread(processes: EngineProcesses, watcher: Watcher) -> tuple[threading.Thread, list[Any]]:
    came: list[Any] = []

    def make() -> None:
        try:
            came.append(processes.make(request(), 5, watcher))
        except Cancelled as error:
            came.append(error)

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    return thread, came


def made_in_time(processes: EngineProcesses) -> bool:
    thread, came = in_a_thread(processes, Watcher())
    thread.join(LONG_S)
    return came == [made_here(request(), 5)]


def stuck(processes: EngineProcesses) -> list[str | None]:
    """Return what is said of those that do not end."""
    return [said.why for said in processes.status() if said.state is ProcessState.BROKEN]


def test_nobody_waits_for_one_that_does_not_end(opened: Pool) -> None:
    processes = opened(2)
    assert made_in_time(processes)
    until(lambda: stuck(processes) == ["a process that was killed and does not end: the card's driver may hang"])
    assert made_in_time(processes)


def test_its_place_comes_back_when_it_is_gone(opened: Pool, driver: Driver) -> None:
    processes = opened(1)
    assert made_in_time(processes)
    until(lambda: stuck(processes))
    watcher = Watcher()
    thread, came = in_a_thread(processes, watcher)
    until(lambda: any("does not end" in str(said) for said in watcher.reported))
    assert len(pids(processes)) == 1
    driver.go_on()
    thread.join(LONG_S)
    assert came == [made_here(request(), 5)]
    assert not stuck(processes)


def test_its_picture_is_made_by_another(opened: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SILENT_S", 2)
    processes = opened(2)
    monkeypatch.setattr(processes, "_idle_s", LONG_S)
    assert made_in_time(processes)
    (frozen,) = pids(processes)
    os.kill(frozen, signal.SIGSTOP)
    assert made_in_time(processes)
    assert frozen in pids(processes)


def test_all_are_ended_without_it(opened: Pool) -> None:
    processes = opened(1)
    assert made_in_time(processes)
    closer = threading.Thread(target=processes.close, daemon=True)
    closer.start()
    closer.join(LONG_S)
    assert not closer.is_alive()


def test_a_picture_that_nobody_wants_may_hang(opened: Pool, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.go_on()
    monkeypatch.setattr(pool, "_UNWANTED_S", 1)
    scripted(monkeypatch, f"time.sleep({9 * LONG_S})")
    watcher = Watcher()
    processes = opened(1)
    thread, came = in_a_thread(processes, watcher)
    until(lambda: 0.0 in watcher.reported)
    watcher.cancel_at = 1
    thread.join(LONG_S)
    assert isinstance(came[0], Cancelled)
    until(lambda: not pids(processes))
