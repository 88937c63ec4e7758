import json
import os
import stat
import sys
from pathlib import Path

import pytest
from scripted import Driver, claimed, inline

from avatar_creator.domain.records import Failure, Status
from avatar_creator.errors import StorageError
from avatar_creator.home import HOME_VARIABLE, Home, user_name
from avatar_creator.jobs.hooks import Hooks
from avatar_creator.library import Library
from avatar_creator.storage.generations import Generations
from waiting import until

FAILED = Failure("engine", "It failed.", None)
WRITES = """
import json, os, pathlib, sys
told = {name: value for name, value in os.environ.items() if name.startswith("AVATAR_")}
with open(sys.argv[1], "a") as file:
    print(json.dumps([sys.argv[2:], told, sys.stdin.read()]), file=file)
print("said something")
sys.exit(3)
"""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "told"


def command(output: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", WRITES, str(output), *words]


def finish(library: Library, hooks: Hooks) -> list[int]:
    """Wait for all that was started."""
    del library
    return [process.wait(30) for process in hooks._running]


def failed(library: Library, on_done: list[str]) -> str:
    lease = claimed(library, on_done=on_done)
    library.app.leases.end(lease, Status.FAILED, FAILED)
    return lease.id


def last_event(library: Library, id_: str) -> str | None:
    return library.app.queries.find_events(id_)[-1].said


def test_a_command_gets_what_ended_and_how(home: Home, library: Library, output: Path) -> None:
    lease = claimed(library, on_done=command(output, "a b", "$HOME", "*"))
    Driver(library, lambda _n, _watch: None).make(lease)
    library.app.hooks.start_due()
    assert finish(library, library.app.hooks) == [3]  # which concerns nobody
    (line,) = output.read_text().splitlines()
    words, environment, stdin = json.loads(line)
    avatar = library.app.queries.get_generation(lease.id).avatar
    assert avatar is not None
    assert (words, stdin) == (["a b", "$HOME", "*"], "")
    assert environment == {
        HOME_VARIABLE: str(home.root),
        "AVATAR_GENERATION_ID": lease.id,
        "AVATAR_GENERATION_STATUS": "completed",
        "AVATAR_GENERATION_PATH": str(avatar.image_path),
        "AVATAR_GENERATION_OUTPUT": "",
    }
    log = home.logs / "on-done.log"
    assert log.read_text() == "said something\n"
    if sys.platform != "win32":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert (last_event(library, lease.id) or "").startswith(f"{sys.executable} was started as process ")


def test_what_has_no_picture_has_no_path(library: Library, output: Path) -> None:
    failed(library, command(output))
    library.app.hooks.start_due()
    finish(library, library.app.hooks)
    _, environment, _ = json.loads(output.read_text())
    assert (environment["AVATAR_GENERATION_STATUS"], environment["AVATAR_GENERATION_PATH"]) == ("failed", "")


def test_each_hook_is_running_once(library: Library, output: Path) -> None:
    failed(library, command(output))
    for _ in range(3):
        library.app.hooks.start_due()
        finish(library, library.app.hooks)
    assert len(output.read_text().splitlines()) == 1
    assert library.app.hooks._running == []


def test_a_hook_that_could_not_be_recorded_is_running_again(home: Home, library: Library, output: Path) -> None:
    """At least once: a crash between the start and its note starts it once more."""

    class Forgetful(Generations):
        def record_hook(self, id_: str, said: str) -> None:
            raise StorageError(f"The disk is full: {id_}, {said}")

    failed(library, command(output))
    crashed = Hooks(home, Forgetful(library.app._connection, home.database), library.app.queries)
    with pytest.raises(StorageError):
        crashed.start_due()
    library.app.hooks.start_due()
    for hooks in (crashed, library.app.hooks):
        finish(library, hooks)
    assert len(output.read_text().splitlines()) == 2


@pytest.mark.parametrize("program", ["nowhere-to-be-found", "with\0nul"])
def test_a_command_that_cannot_be_running_is_recorded_and_holds_up_no_other(
    library: Library, output: Path, program: str
) -> None:
    id_, next_ = failed(library, [program]), failed(library, command(output))
    library.app.hooks.start_due()
    assert (last_event(library, id_) or "").startswith(f"{program} could not be started: ")
    assert finish(library, library.app.hooks) == [3]
    assert "was started" in (last_event(library, next_) or "")
    assert library.app.generations.find_hooks() == []


def test_inline_runs_start_their_own_hooks_only(library: Library, output: Path) -> None:
    mine, other = inline(library, on_done=command(output)), inline(library, on_done=command(output))
    for lease in (mine, other):
        library.app.leases.end(lease, Status.FAILED, FAILED)
    library.app.hooks.start_due()
    assert not output.exists()
    library.app.hooks.start_of([mine.id])
    until(lambda: output.exists() and output.read_text().endswith("]\n"))
    assert json.loads(output.read_text())[1]["AVATAR_GENERATION_ID"] == mine.id
    assert [each.id for each in library.app.generations.find_hooks([mine.id, other.id])] == [other.id]


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_a_home_that_starts_nothing_is_reported_with_what_mends_it(
    home: Home, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.app.hooks.check()
    home.root.chmod(0o770)
    with pytest.raises(StorageError) as found:
        library.app.hooks.check()
    assert "avatar doctor --fix" in str(found.value.hint)
    home.root.chmod(0o700)
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    with pytest.raises(StorageError, match="belongs to") as found:
        library.app.hooks.check()
    assert "avatar doctor --fix" not in str(found.value.hint)
    assert f"{home.database} belongs to {user_name(me)}. " in str(found.value.hint)


def test_the_hook_of_what_was_deleted_meanwhile_has_no_path(
    home: Home, library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(library, command(output))
    found = library.app.generations.find_hooks()
    library.app._connection.execute("DELETE FROM generations")
    monkeypatch.setattr(library.app.generations, "find_hooks", lambda: found)
    monkeypatch.setattr(library.app.generations, "record_hook", lambda *_: None)
    library.app.hooks.start_due()
    finish(library, library.app.hooks)
    assert json.loads(output.read_text())[1]["AVATAR_GENERATION_PATH"] == ""
    assert home.logs.exists()


def test_commands_of_an_inline_run_that_have_ended_are_no_zombies(library: Library, output: Path) -> None:
    lease = inline(library, on_done=command(output))
    library.app.leases.end(lease, Status.FAILED, FAILED)
    library.app.hooks.start_of([lease.id])
    (process,) = library.app.hooks._running

    def none_is_left() -> bool:
        library.app.hooks.start_of([])  # as for each of a run
        return library.app.hooks._running == []

    until(none_is_left)
    assert process.returncode == 3
