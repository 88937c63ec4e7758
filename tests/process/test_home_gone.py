"""A home that is deleted, moved or replaced while somebody works in it: nothing more is made, or paid, for nobody."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from avatar_creator.domain.records import Status
from avatar_creator.domain.schedule import Schedule
from avatar_creator.home import Home
from avatar_creator.jobs.worker_process import WorkerProcess
from avatar_creator.library import Library, open_library
from cli.commandline import PROGRAM, SMALL, environment, files_below
from waiting import LONG_S, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")


def delete(home: Home) -> None:
    """Delete it, as often as it takes: somebody writes there."""
    while home.root.exists():
        shutil.rmtree(home.root, ignore_errors=True)


def move(home: Home) -> None:
    home.root.rename(home.root.with_name("moved"))


def replace(home: Home) -> None:
    """Put a backup in its place."""
    backup = home.root.with_name("backup")
    left_out = shutil.ignore_patterns(
        "library.db*", "runners", "line", "worker.lock", "*.part"
    )  # those may go meanwhile
    shutil.copytree(home.root, backup, ignore=left_out)
    with open_library(home.root) as library:  # as `sqlite3 .backup` does
        library.app.leases._connection.execute("VACUUM INTO ?", (str(backup / "library.db"),))
    move(home)
    backup.rename(home.root)


WAYS = pytest.mark.parametrize("lose", [delete, move, replace])


def start(home: Home, *argv: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *map(str, argv)],
        env=environment({"AVATAR_HOME": str(home.root)}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_untouched(home: Home, before: list[str]) -> None:
    """Check that nothing was added, and that what went belongs to no avatar: a picture that was being saved."""
    after = files_below(home.root)
    assert not set(after) - set(before)
    gone = set(before) - set(after)
    if not gone:
        return
    with open_library(home.root) as library:
        avatars = list(library.find())
    kept = {path for avatar in avatars for path in (avatar.image_path, avatar.thumbnail_path)}
    assert not kept & {home.root / path for path in gone}


def made(root: Path) -> list[str]:
    with open_library(root) as library:
        return [generation.id for generation in library.app.queries.find_generations(limit=None) if generation.avatar]


@WAYS
def test_a_run_ends_and_names_only_what_was_kept(home: Home, library: Library, lose: Callable[[Home], None]) -> None:
    library.app.generations.ensure_project("default")
    library.close()
    with start(home, "generate", *SMALL, "--persona-name", "Ann", "--count", 5000, "--quiet") as running:
        assert running.stdout is not None
        first = running.stdout.readline().strip()
        running.send_signal(signal.SIGSTOP)  # so that all that comes then is after it
        lose(home)
        before = files_below(home.root)
        running.send_signal(signal.SIGCONT)
        out, err = running.communicate(timeout=LONG_S)
    said = f"The home {home.root} was {'replaced' if lose is replace else 'deleted'} while this ran"
    assert (running.returncode, said in err) == (6, True), err
    assert_untouched(home, before)
    assert home.root.exists() is (lose is replace)
    told = {first, *out.split()}
    if lose is move:
        assert told <= set(made(home.root.with_name("moved")))
    if lose is replace:  # what was told just then may be in the one, and not yet in the other
        assert len(told - set(made(home.root))) <= 1
        assert told <= set(made(home.root.with_name("moved")))


@WAYS
def test_the_worker_leaves_and_another_makes_the_rest(
    home: Home, library: Library, monkeypatch: pytest.MonkeyPatch, lose: Callable[[Home], None]
) -> None:
    request = library.request(prompt="nobody", engine="offline", width_px=64, height_px=64, count=300)
    plan = library.plan(request)

    monkeypatch.setattr(WorkerProcess, "ensure", lambda *_, **__: None)  # the test starts the worker itself
    ids = library.app.submitter.submit([plan], Schedule(), default_project="default")
    with start(home, "worker", "run") as running:
        until(lambda: len(made(home.root)) > 3)
        running.send_signal(signal.SIGSTOP)
        library.close()
        lose(home)
        before = files_below(home.root)
        running.send_signal(signal.SIGCONT)
        _, err = running.communicate(timeout=LONG_S)
    assert (running.returncode, "while this ran" in err) == (6, True), err
    assert_untouched(home, before)
    if lose is not replace:
        assert not home.root.exists()
        return
    done = made(home.root)
    assert 3 < len(done) < len(ids)
    with start(home, "worker", "run", "--idle", 0) as running:
        _, err = running.communicate(timeout=LONG_S)
    assert running.returncode == 0, err
    with open_library(home.root) as there:
        assert [there.app.queries.find_status(id_) for id_ in ids] == [Status.COMPLETED] * len(ids)
        assert there.app.doctor.examine(fix=False).healthy


def has_left(library: Library) -> bool:
    """Ask the worker to leave, again and again: one that has only begun is told of no earlier wish."""
    library.app.worker_process.ask_to_leave(at_once=True)
    return not library.app.worker_process.has_standby() and not library.app.worker_process.is_running()


@WAYS
def test_who_waits_or_watches_is_told(home: Home, library: Library, lose: Callable[[Home], None]) -> None:
    request = library.request(prompt="nobody", engine="offline", width_px=64, height_px=64)

    later = Schedule(not_before="2999-01-01T00:00:00.000000Z")
    (id_,) = library.app.submitter.submit([library.plan(request)], later, default_project="default")
    until(lambda: has_left(library))
    library.close()
    with start(home, "status", "--watch", id_) as watching:
        assert watching.stdout is not None
        watching.stdout.readline()
        lose(home)
        _, err = watching.communicate(timeout=LONG_S)
    assert (watching.returncode, "while this ran" in err) == (6, True), err


def test_a_connection_of_a_home_that_was_replaced_takes_no_log_of_the_new_one(home: Home, library: Library) -> None:
    """SQLite removes the log of the last that leaves by its name."""
    library.app.generations.ensure_project("default")
    replace(home)
    with open_library(home.root) as other:
        other.app.generations.ensure_project("other")
        log = home.database.with_name("library.db-wal").stat().st_ino
        library.close()
        assert home.database.with_name("library.db-wal").stat().st_ino == log
        assert {project.name for project in other.app.queries.find_projects()} == {"default", "other"}
