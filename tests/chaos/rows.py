"""Every row of trouble, at the size of the tests and at that of a night."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from . import cancels, engines, frozen, heirs, kills, orders, photographs, shells, signals, steps
from .report import Report

Run = Callable[[Path], Report]


class Row(NamedTuple):
    """What is done, small and large; ``name`` is how it is asked for."""

    name: str
    small: Run
    large: Run
    nights: int = 1  # how often the large one is done, each time with another seed


def rows(seed: int = 1) -> tuple[Row, ...]:
    """Return all rows; chance goes by ``seed``."""
    return (
        Row(
            "kill-worker",
            lambda at: kills.kill_workers(at, jobs=40, kills=10, seed=seed),
            lambda at: kills.kill_workers(at, jobs=160, kills=50, seed=seed, delay_s=0.25),
            20,
        ),
        Row(
            "kill-photographs",
            lambda at: photographs.kill_workers(at, jobs=4, kills=2, seed=seed),
            lambda at: photographs.kill_workers(at, jobs=60, kills=40, seed=seed),
            2,
        ),
        Row(
            "kept-answer",
            lambda at: photographs.save_responses(at, rounds=1),
            lambda at: photographs.save_responses(at, rounds=30),
        ),
        Row(
            "kill-shells",
            lambda at: kills.kill_enqueuers(at, kills=12, seed=seed),
            lambda at: kills.kill_enqueuers(at, kills=100, seed=seed),
            5,
        ),
        Row(
            "kill-engines",
            lambda at: engines.kill_engine_processes(at, jobs=24, kills=3, workers=1, seed=seed, picture_s=0.05),
            lambda at: engines.kill_engine_processes(at, jobs=300, kills=20, workers=5, frozen=1, seed=seed),
            5,
        ),
        Row("crowd", lambda at: shells.crowd(at, new=20, old=5), lambda at: shells.crowd(at, new=50, old=200), 20),
        Row(
            "leave",
            lambda at: shells.leave(at, rounds=4, seed=seed),
            lambda at: shells.leave(at, rounds=66, seed=seed),
            5,
        ),
        Row("freeze", lambda at: frozen.freeze(at, rounds=1), lambda at: frozen.freeze(at, rounds=30, frozen_s=5)),
        Row("clock", lambda at: frozen.jump(at, rounds=1), lambda at: frozen.jump(at, rounds=35)),
        Row(
            "cancel",
            lambda at: cancels.cancel(at, jobs=24, commands=30, seed=seed),
            lambda at: cancels.cancel(at, jobs=100, commands=500, seed=seed),
            10,
        ),
        Row(
            "signals",
            lambda at: signals.stop(at, rounds=6, seed=seed),
            lambda at: signals.stop(at, rounds=100, seed=seed),
            3,
        ),
        Row("hurry", lambda at: signals.hurry(at, rounds=1), lambda at: signals.hurry(at, rounds=40)),
        Row("terminal", lambda at: signals.hang_up(at, rounds=1), lambda at: signals.hang_up(at, rounds=30)),
        Row("output", lambda at: signals.capture(at, rounds=1), lambda at: signals.capture(at, rounds=30)),
        Row("poison", lambda at: _poison(at, signal.SIGSEGV), lambda at: _poison(at, signal.SIGABRT, 60), 5),
        Row(
            "poison-twice",
            lambda at: _poison(at, signal.SIGSEGV, most=2),
            lambda at: _poison(at, signal.SIGABRT, 60, most=2),
        ),
        Row("upgrade", lambda at: heirs.upgrade(at, rounds=1), lambda at: heirs.upgrade(at, rounds=20)),
        Row("credentials", lambda at: orders.credentials(at, each=2), lambda at: orders.credentials(at, each=40)),
        Row("orders", lambda at: orders.line(at, rounds=2), lambda at: orders.line(at, rounds=30)),
        *(_faults(scenario, seed) for scenario in ("work", "generate", "queue")),
    )


def _poison(at: Path, by: signal.Signals, neighbours: int = 8, most: int = 3) -> Report:
    return heirs.poison(at, neighbours=neighbours, by=by, most=most)


def _faults(scenario: str, seed: int) -> Row:
    return Row(
        f"faults-{scenario}",
        lambda at: steps.walk(at, scenario, every=False, seed=seed),
        lambda at: steps.walk(at, scenario, every=True, seed=seed),
    )
