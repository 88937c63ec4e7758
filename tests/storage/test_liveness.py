import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from avatar_creator.errors import StorageError
from avatar_creator.storage.liveness import ProcessLock, alive, any_alive, sweep
from avatar_creator.storage.locks import Lock

HOLD = """
import pathlib, sys
from avatar_creator.storage.liveness import ProcessLock
with ProcessLock(pathlib.Path(sys.argv[1])) as runner:
    print(runner.id, flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(runners: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield a process that runs, with its runner's id; it ends when its stdin does, or with the test."""
    command = [sys.executable, "-c", HOLD, str(runners)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def runners(tmp_path: Path) -> Path:
    return tmp_path / "runners"


def test_a_runner_is_alive_while_its_process_works(runners: Path) -> None:
    with ProcessLock(runners) as runner:
        assert runner.id.startswith("run_")
        assert alive(runners, runner.id)
    assert not alive(runners, runner.id)
    assert list(runners.iterdir()) == []


def test_a_runner_whose_work_was_stopped_is_not_alive(runners: Path) -> None:
    runner = ProcessLock(runners)
    with pytest.raises(KeyboardInterrupt), runner:
        raise KeyboardInterrupt
    assert not alive(runners, runner.id)


def test_a_runner_of_another_process_is_alive_until_it_ends(runners: Path) -> None:
    with another_process(runners) as (process, runner):
        assert [alive(runners, runner) for _ in range(3)] == [True] * 3  # asking does not take it away
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
        assert not alive(runners, runner)


def test_a_killed_runner_is_not_alive(runners: Path) -> None:
    with another_process(runners) as (process, runner):
        process.kill()
        process.wait(10)
        assert (runners / f"{runner}.lock").exists()  # it had no time to tidy up
        assert not alive(runners, runner)


@pytest.mark.skipif(sys.platform == "win32", reason="has no Ctrl-Z")
def test_a_suspended_runner_is_alive(runners: Path) -> None:
    with another_process(runners) as (process, runner):
        process.send_signal(signal.SIGSTOP)
        assert alive(runners, runner)


def test_several_runners_at_once_are_distinguished(runners: Path) -> None:
    with ProcessLock(runners) as mine, another_process(runners) as (first, one), another_process(runners) as (_, two):
        assert len({mine.id, one, two}) == 3
        first.kill()
        first.wait(10)
        assert [alive(runners, runner) for runner in (mine.id, one, two)] == [True, False, True]


def test_a_runner_nobody_knows_is_not_alive(runners: Path) -> None:
    assert not alive(runners, "run_nobody")
    assert not runners.exists()


def test_a_lock_that_cannot_be_made_is_reported(runners: Path) -> None:
    runners.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"\.lock cannot be made: File exists") as failed, ProcessLock(runners):
        pass
    assert "avatar doctor" in (failed.value.hint or "")


def test_what_the_killed_left_is_swept_and_what_is_held_is_not(runners: Path) -> None:
    assert (any_alive(runners), sweep(runners)) == (False, 0)
    with another_process(runners) as (killed, _), another_process(runners) as (_, runner):
        killed.kill()
        killed.wait(10)
        assert any_alive(runners)
        assert [sweep(runners), sweep(runners)] == [1, 0]
        assert [path.stem for path in runners.iterdir()] == [runner]
    sweep(runners)
    assert not any_alive(runners)


def test_a_lock_that_was_swept_before_it_was_held_is_made_again(runners: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sweeps may take the new file away between its making and its being locked."""
    take, swept = Lock.take, list[Path]()

    def take_late(lock: Lock, patience_s: float) -> bool:
        taken = take(lock, patience_s)
        if not swept:
            swept.extend(runners.iterdir())
            swept[0].unlink()
        return taken

    monkeypatch.setattr(Lock, "take", take_late)
    with ProcessLock(runners) as runner:
        assert alive(runners, runner.id)


def test_one_whose_lock_cannot_be_opened_may_live(runners: Path) -> None:
    runners.mkdir()
    (runners / "run_1.lock").symlink_to("run_1.lock")  # also root cannot open it
    assert alive(runners, "run_1")
    assert any_alive(runners)
