"""Runs whose engine runs apart: what is begun when, what is yielded when, and what is left."""

from collections.abc import Generator
from contextlib import suppress
from itertools import islice

import apart
import pytest
from apart import PERSONA, made_at_once
from apart import request as asked

from avatar_creator.domain.records import Status
from avatar_creator.engines import ENGINES, load_engine
from avatar_creator.engines.table import Apart
from avatar_creator.errors import EngineError
from avatar_creator.jobs import inline
from avatar_creator.jobs.engine_processes import pool
from avatar_creator.jobs.engine_processes.transport import Transport
from avatar_creator.jobs.engine_processes.wire import ProcessBug
from avatar_creator.jobs.executor import ThreadExecutor
from avatar_creator.jobs.prepare import Made
from avatar_creator.jobs.source import Outcome
from avatar_creator.library import Library
from waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_PICTURES_EACH", 4)
    monkeypatch.setenv("AVATAR_PROCESSES", "2")


def made(library: Library, count: int) -> Generator[Outcome, None, None]:
    request = library.request(persona=PERSONA, engine="offline", seed=3, count=count, width_px=128, height_px=128)
    return library.make(library.plan(request))


def scripted(monkeypatch: pytest.MonkeyPatch, library: Library, count: int, script: str) -> int:
    """Have engine processes do what a script says; return the seed of the last picture but one that it may name."""
    seed = list(library.request(persona=PERSONA, seed=3, count=count).seeds())[-2]
    apart.scripted(monkeypatch, script.format(seed=seed))
    return seed


def test_those_that_ended_before_wait_for_the_one_in_front(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = scripted(monkeypatch, library, 200, "request.seed == {seed} and time.sleep(1)")
    seeds = [outcome.generation.seed for outcome in made(library, 200)]
    assert seeds[-2] == seed
    assert seeds == list(library.request(persona=PERSONA, seed=3, count=200).seeds())


def test_but_not_too_many_of_them(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline, "_HELD_MOST", 1)
    seed = scripted(monkeypatch, library, 200, "request.seed == {seed} and time.sleep(1)")
    seeds = [outcome.generation.seed for outcome in made(library, 200)]
    assert seeds[-1] == seed


def test_one_over_which_three_processes_died_fails_and_the_others_are_made(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = scripted(monkeypatch, library, 200, "request.seed == {seed} and os._exit(7)")
    outcomes = {outcome.generation.seed: outcome for outcome in made(library, 200)}
    failed = outcomes.pop(seed)
    assert isinstance(failed.error, EngineError)
    assert failed.error.message == "The process that makes pictures ended 3 times over this one: exit code 7."
    assert (failed.generation.attempt, len(outcomes)) == (0, 199)
    assert all(outcome.error is None for outcome in outcomes.values())


def test_a_run_that_is_closed_early_leaves_none(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[pool.EngineProcesses] = []
    begin = pool.EngineProcesses._begin

    def noted(self: pool.EngineProcesses) -> None:
        opened.append(self)
        begin(self)

    monkeypatch.setattr(pool.EngineProcesses, "_begin", noted)
    run = made(library, 500)
    assert len(list(islice(run, 60))) == 60
    assert len(opened) == 1
    run.close()
    until(lambda: all(process.has_ended for process in opened[0]._started))


def test_an_engine_has_places_of_its_own_once_a_process_is_ready(library: Library) -> None:
    executor = ThreadExecutor(load_engine, library.app.stores, attempts_most=3, processes_most=2)
    assert (executor.most_at_once("offline"), executor.has_places("offline")) == (1, False)
    executor.load("offline")
    assert (executor.most_at_once("offline"), executor.has_places("offline")) == (1, False)
    processes = executor._processes["offline"]
    processes._asked = 100
    with processes._changed:
        processes._start_missing(0, ())
    until(lambda: executor.has_places("offline"))
    assert executor.most_at_once("offline") == 4
    executor.close()
    assert not executor.has_places("offline")


def test_before_it_is_loaded_too_where_this_process_makes_none_of_its_pictures(library: Library) -> None:
    transports = [Transport()]
    executor = ThreadExecutor(load_engine, library.app.stores, attempts_most=3, transports=transports, loaded_s=1)
    assert {name: executor.has_places(name) for name in ENGINES} == {
        "huggingface": False,
        "offline": True,
        "local": True,
    }
    assert executor.most_at_once("offline") == 1
    alone = ThreadExecutor(load_engine, library.app.stores, attempts_most=3, loaded_s=1)
    assert [name for name in ENGINES if alone.has_places(name)] == ["local"]


def test_an_engine_that_does_not_run_apart_has_none(library: Library) -> None:
    executor = ThreadExecutor(load_engine, library.app.stores, attempts_most=3, processes_most=2)
    assert executor.load("huggingface").name == "huggingface"
    assert executor._processes == {}
    executor.wake()
    executor._wake_soon()
    executor.wait(30)  # ends


def test_one_that_always_runs_apart_has_one_process_and_none_of_its_pictures_made_here(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "offline", ENGINES["offline"]._replace(apart=Apart.ALWAYS))
    executor = ThreadExecutor(load_engine, library.app.stores, attempts_most=3, loaded_s=1)
    executor.load("offline")
    assert (executor.most_at_once("offline"), executor.has_places("offline"), executor.has_loaded) == (2, True, False)
    came = made_at_once(executor._processes["offline"], range(1, 5), asked())
    assert all(isinstance(made, Made) for made in came.values())
    (process,) = executor.engine_processes()
    assert (process.transport, process.engine, process.state, process.pictures) == ("here", "offline", "ready", 4)
    assert executor.has_loaded
    until(lambda: not executor.has_loaded)
    assert executor.engine_processes() == []
    executor.close()


@pytest.mark.parametrize("error", ["EngineError", "ValueError"])
def test_what_no_text_may_have_is_told_of_an_error_all_the_same(
    library: Library, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    """Names of files on other machines may have bytes that are no UTF-8."""
    raised = f"from avatar_creator.errors import EngineError; raise {error}('no /m/' + chr(0xdcff))"
    seed = scripted(monkeypatch, library, 200, f"exec({raised!r} if request.seed == {{seed}} else '')")
    with suppress(ProcessBug):
        list(made(library, 200))
    failed = [each for each in library.status(limit=200) if each.status is Status.FAILED]
    assert [each.seed for each in failed] == [seed]
    assert failed[0].error is not None
    assert failed[0].error.message.endswith(r"no /m/\udcff")
