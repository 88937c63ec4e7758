"""Commands whose pictures the worker makes, as real processes: one worker for all, whatever is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import Library
from avatar_creator.storage.locks import is_held
from cli.commandline import SMALL, process, start
from sql import run_sql
from waiting import LONG_S, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes")

HEAVY = ("--engine", "heavy", *SMALL)


@pytest.fixture(autouse=True)
def made_by(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[int]]:
    """Have every process know the engine; return what returns the processes that have made pictures."""
    assert not home.root.exists()
    log = tmp_path / "heavy.log"
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "engines"))
    monkeypatch.setenv("HEAVY_LOG", str(log))
    return lambda: {int(line.split()[0]) for line in log.read_text("utf-8").splitlines()} if log.exists() else set()


def statuses(home: Home) -> list[str]:
    if not home.database.exists():
        return []
    return [status for (status,) in run_sql(home, "SELECT status FROM generations ORDER BY id")]


def ended(running: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = running.communicate(timeout=LONG_S)
    return running.returncode, out, err


def worker(home: Home) -> int:
    until(lambda: is_held(home.worker_lock) and run_sql(home, "SELECT 1 FROM worker WHERE accepting"))
    return int(run_sql(home, "SELECT pid FROM worker")[0][0])


def test_two_shells_share_one_worker(home: Home, made_by: Callable[[], set[int]], tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    one = start("generate", *HEAVY, "--persona-name", "Ann", "--count", 3, "--json", "--output", copies)
    other = start("generate", *HEAVY, "--persona-name", "Bob", "--count", 3, "--quiet")
    pids = {one.pid, other.pid}
    (code, out, err), (code_of_other, ids, _) = ended(one), ended(other)
    assert (code, code_of_other, len(ids.split())) == (0, 0, 3)
    found = json.loads(out)
    assert [each["status"] for each in found] == ["completed"] * 3
    assert {each["output_path"] for each in found} == {str(path) for path in copies.iterdir()}
    assert err.count("Made by the worker") == 1
    assert not made_by() & pids
    assert len(made_by()) == 1
    assert run_sql(home, "SELECT count(*) FROM generations") == [(6,)]


def test_a_batch_goes_on_after_its_worker_was_killed_and_after_one_was_stopped(home: Home, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name\n" + "".join(f"Ann {n}\n" for n in range(12)))
    running = start("batch", people, *HEAVY, HEAVY_S="0.2")
    os.kill(worker(home), signal.SIGKILL)
    until(lambda: statuses(home).count("completed") > 3)
    process("worker", "stop")
    code, out, err = ended(running)
    assert (code, "12 made." in err) == (0, True), err
    assert [line.split("\t")[1] for line in out.splitlines()] == ["made"] * 12
    assert statuses(home) == ["completed"] * 12
    again = process("batch", people, *HEAVY)
    assert (again.code, "12 made before." in again.err) == (0, True)
    assert len(statuses(home)) == 12


def test_what_others_make_is_not_given_up_with_the_workers_that_waited_for_it(home: Home, tmp_path: Path) -> None:
    def has_begun(times: int) -> bool:
        log = tmp_path / "heavy.log"
        return log.exists() and len(log.read_text("utf-8").splitlines()) == times

    running = start("generate", *HEAVY, "--persona-name", "Ann", "--quiet", HEAVY_S="0.5")
    for times in range(1, 5):
        until(partial(has_begun, times))
        os.kill(worker(home), signal.SIGKILL)
    code, _, err = ended(running)
    assert (code, statuses(home)) == (0, ["completed"]), err
    assert run_sql(home, "SELECT interruptions FROM generations") == [(4,)]


def test_a_command_that_is_killed_leaves_its_pictures_to_the_worker(home: Home) -> None:
    running = start("generate", *HEAVY, "--persona-name", "Ann", "--count", 3)
    until(lambda: len(statuses(home)) == 3)
    worker(home)  # else there may be none: the rows come first
    running.kill()
    ended(running)
    until(lambda: statuses(home) == ["completed"] * 3)


def test_ctrl_c_cancels_what_is_not_completed(home: Home) -> None:
    running = start("generate", *HEAVY, "--persona-name", "Ann", "--count", 4, HEAVY_S="0.5")
    until(lambda: "completed" in statuses(home))
    running.send_signal(signal.SIGINT)
    code, out, err = ended(running)
    found = statuses(home)
    assert (code, len(out.splitlines())) == (130, found.count("completed"))
    assert set(found) == {"completed", "cancelled"}
    assert "avatar retry --batch bat_" in err
    assert process("worker", "status").lines[0] == ["running", "true"]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what has every process know a paid engine, too, whose pictures take so many seconds each."""
    tests = Path(__file__).parents[1]

    def known(takes_s: float) -> None:
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tests / "process" / "engines"), str(tests))))
        monkeypatch.setenv("HEAVY_SERVICE", f"{takes_s}")
        monkeypatch.setenv("AVATAR_HF_TOKEN", "hf_abcdefghij")

    return known


def test_two_engines_share_what_neither_makes_twice_though_the_worker_is_killed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Callable[[float], None]
) -> None:
    service(0)
    monkeypatch.setenv("HEAVY_S", "0.05")
    people = tmp_path / "people.csv"
    people.write_text("name\n" + "".join(f"Ann {n}\n" for n in range(60)))
    command = ("batch", people, "--engine", "huggingface,heavy", "--yes", *SMALL)
    running = start(*command)
    killed = worker(home)
    until(lambda: statuses(home).count("completed") > 10)
    os.kill(killed, signal.SIGKILL)
    code, out, err = ended(running)
    assert (code, "60 made." in err) == (0, True), err
    assert [line.split("\t")[1] for line in out.splitlines()] == ["made"] * 60
    assert statuses(home) == ["completed"] * 60
    made = dict(run_sql(home, "SELECT engine, count(*) FROM avatars GROUP BY engine"))
    assert made.keys() == {"heavy", "huggingface"}
    assert sum(made.values()) == 60
    same = "SELECT count(*) FROM avatars a JOIN generations g ON g.id = a.generation_id AND g.engine = a.engine"
    assert run_sql(home, f"{same} AND g.paid = (g.engine = 'huggingface') AND g.pictures >= g.paid") == [(60,)]
    free = "SELECT count(*), sum(cost_usd) FROM avatars WHERE engine = 'heavy'"
    assert run_sql(home, free) == [(made["heavy"], 0.0)]
    assert run_sql(home, "SELECT sum(pictures) FROM reserved_tally") == [(0,)]
    again = process(*command)
    assert (again.code, "60 made before." in again.err) == (0, True)


def test_a_card_gets_its_share_while_a_service_takes_its_time(
    home: Home, tmp_path: Path, service: Callable[[float], None]
) -> None:
    service(LONG_S)
    people = tmp_path / "people.csv"
    people.write_text("name\n" + "".join(f"Ann {n}\n" for n in range(20)))
    running = start("batch", people, "--engine", "huggingface,heavy", "--yes", *SMALL)
    until(lambda: statuses(home).count("completed") == 18)  # all but the two that take the places of the service
    assert run_sql(home, "SELECT DISTINCT engine FROM avatars") == [("heavy",)]
    running.send_signal(signal.SIGINT)
    assert ended(running)[0] == 130


@pytest.mark.parametrize("first", ["heavy", "huggingface"])
def test_neither_a_card_nor_a_service_waits_for_what_was_queued_for_the_other(
    home: Home, service: Callable[[float], None], first: str
) -> None:
    takes_s = {"huggingface": 0.0, "heavy": 0.0, first: LONG_S}
    service(takes_s["huggingface"])
    (other,) = takes_s.keys() - {first}
    queue = ("generate", *SMALL, "--persona-name", "Ann", "--detach", "--yes", "--engine")
    process(*queue, first, "--count", 20, HEAVY_S=f"{takes_s['heavy']}")
    until(lambda: statuses(home).count("processing") == 2)
    process(*queue, other, "--count", 6)
    done = "SELECT engine, count(*) FROM generations WHERE status = 'completed' GROUP BY engine"
    until(lambda: run_sql(home, done) == [(other, 6)])


def test_a_dry_run_starts_none(home: Home) -> None:
    done = process("generate", *HEAVY, "--persona-name", "Ann", "--dry-run")
    assert (done.code, home.database.exists(), home.worker_lock.exists()) == (0, False, False)


def test_a_program_may_do_the_same(home: Home, library: Library) -> None:
    del library
    script = (
        "from avatar_creator import Persona, open_library\n"
        "with open_library() as library:\n"
        "    avatar = library.generate(persona=Persona('Ann'), engine='heavy', width_px=64, height_px=64)\n"
        "print(avatar.engine)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("heavy\n", "")
    assert statuses(home) == ["completed"]
