"""Whether a worker must be started, and that it is."""

import os
import sys

import pytest

from avatar_creator._version import __version__
from avatar_creator.domain.records import Status
from avatar_creator.errors import StorageError
from avatar_creator.home import Home
from avatar_creator.jobs import worker_process
from avatar_creator.jobs.worker_process import WorkerProcess, is_newer
from avatar_creator.library import Library
from avatar_creator.storage.locks import Lock
from avatar_creator.storage.workers import Leave
from waiting import until

NO, WHEN_IDLE, NOW, AT_ONCE = Leave


def test_without_any_worker_one_is_needed(library: Library) -> None:
    assert library.app.worker_process.is_needed()
    assert library.app.worker_process.is_needed("abc")


@pytest.mark.parametrize("credential", [None, "abc", "xyz"])
@pytest.mark.parametrize("leave", list(Leave))
@pytest.mark.parametrize("accepting", [False, True])
@pytest.mark.parametrize("version", ["0.0.1", __version__, "999.0"])
def test_whether_one_is_needed_beside_the_one_that_came_last(
    library: Library, version: str, accepting: bool, leave: Leave, credential: str | None
) -> None:
    library.app.workers.register("run_1", 11, version, 2)
    library.app.workers.record_credentials("run_1", ["abc"])
    library.app.workers.ask_to_leave(leave)
    if not accepting:
        library.app.workers.stop_accepting("run_1")
    older, poor = version == "0.0.1", credential == "xyz"
    assert library.app.worker_process.is_needed(credential) is (not accepting or older or poor or leave >= NOW)
    worker = library.app.workers.find()
    assert worker is not None
    asked = NO if not accepting else NOW if older else WHEN_IDLE if poor else NO
    assert worker.leave is max(leave, asked)


@pytest.mark.parametrize(("at_once", "leave"), [(False, Leave.NOW), (True, Leave.AT_ONCE)])
def test_a_worker_is_dismissed(library: Library, at_once: bool, leave: Leave) -> None:
    library.app.workers.register("run_1", 11, __version__, 2)
    library.app.worker_process.ask_to_leave(at_once=at_once)
    worker = library.app.workers.find()
    assert worker is not None
    assert worker.leave is leave


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("1.0.1", "1.0.0", True),
        ("1.10", "1.9", True),
        ("1.0.0", "1.0.0", False),
        ("0.9", "1.0", False),
        ("1.0.0+local.2", "1.0.0", False),
    ],
)
def test_versions_are_compared_by_number(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer


def test_whoever_holds_the_lock_is_the_worker(home: Home, library: Library) -> None:
    library.app.generations.ensure_project("default")
    lock = Lock(home.worker_lock)
    assert not library.app.worker_process.is_running()
    lock.take(0)
    assert library.app.worker_process.is_running()
    lock.give_back()
    assert not library.app.worker_process.is_running()


class Counted(WorkerProcess):
    starts = 0

    def _start(self, slot: int | None) -> None:  # noqa: ARG002
        self.starts += 1


@pytest.mark.parametrize(("needed", "held", "starts"), [(True, True, 1), (False, True, 0), (False, False, 1)])
def test_one_is_started_if_it_is_needed_or_the_last_was_killed(
    home: Home, library: Library, needed: bool, held: bool, starts: int
) -> None:
    worker_process, lock = Counted(home, library.app.workers), Lock(home.worker_lock)
    if held:
        lock.take(0)
    worker_process.ensure(needed=needed)
    lock.give_back()
    assert worker_process.starts == starts


def test_a_worker_is_started_in_a_process_of_its_own(
    home: Home, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVATAR_WORKER_IDLE_S", "1")
    request = library.request(prompt="nobody", engine="offline", width_px=64, height_px=64)
    from avatar_creator.domain.schedule import Schedule  # noqa: PLC0415

    (id_,) = library.app.submitter.submit([library.plan(request)], Schedule(), default_project="default")
    until(lambda: library.app.queries.find_status(id_) is Status.COMPLETED)
    worker = library.app.workers.find()
    assert worker is not None
    assert worker.pid != os.getpid()
    library.app.worker_process.ask_to_leave()
    until(lambda: not library.app.worker_process.is_running())
    assert home.worker_errors.read_bytes() == b""
    if sys.platform != "win32":
        assert home.worker_errors.stat().st_mode & 0o777 == 0o600


def test_a_worker_that_cannot_be_started_is_reported(home: Home, library: Library) -> None:
    library.app.generations.ensure_project("default")
    home.logs.touch()
    with pytest.raises(StorageError, match="The worker cannot be started: ") as failed:
        library.app.worker_process.ensure(needed=True)
    assert "What was queued is kept" in (failed.value.hint or "")


class Popen:
    """What Windows would be asked; it refuses to let anybody out of its job."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.flags: list[int] = []

    def __call__(self, _command: list[str], *, creationflags: int, **_given: object) -> None:
        self.flags.append(creationflags)
        if self.refusals:
            self.refusals -= 1
            raise PermissionError(13, "Access is denied")


@pytest.mark.parametrize(("refusals", "flags"), [(0, [0x01000208]), (1, [0x01000208, 0x208])])
def test_on_windows_it_leaves_its_job_if_it_can(
    home: Home, monkeypatch: pytest.MonkeyPatch, refusals: int, flags: list[int]
) -> None:
    popen = Popen(refusals)
    monkeypatch.setattr("subprocess.Popen", popen)
    worker_process._start_on_windows(["python"], {}, 2, home.root)
    assert popen.flags[: len(flags)] == flags


def test_on_windows_a_job_that_allows_no_process_is_reported(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", Popen(2))
    with pytest.raises(PermissionError):
        worker_process._start_on_windows(["python"], {}, 2, home.root)
