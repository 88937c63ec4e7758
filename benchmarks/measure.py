"""Two things measured in turns. Times drift with the machine and its load; ratios of neighbours hardly do."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

PYTHON = sys.executable
PROGRAMS = Path(PYTHON).parent  # an environment's programs stand beside its Python

# What would make children slower than users see them, or give them a library that is not ours to touch.
_UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE")


class Missing(Exception):
    """What a benchmark compares with is not on this machine; the message says how to get it."""


class Cost(NamedTuple):
    """What one run took; ``cpu_s`` counts user and system time of all its processes."""

    wall_s: float
    cpu_s: float


class Measure(StrEnum):
    WALL = "wall"
    CPU = "cpu"

    def of(self, cost: Cost) -> float:
        return cost.wall_s if self is Measure.WALL else cost.cpu_s


Run = Callable[[], Cost]


class Pair(NamedTuple):
    ours: Run
    other: Run


@dataclass(frozen=True, slots=True)
class Result:
    """Medians; ``ratio`` is that of the pairs' ratios, ``ratio_low`` and ``ratio_high`` are their quartiles.

    ``cpu_ratio`` is steadier than a ratio of wall times while others use the machine.
    """

    ours_s: float
    other_s: float
    ratio: float
    ratio_low: float
    ratio_high: float
    cpu_ratio: float
    rounds: int


def compare(
    pair: Pair, measure: Measure, rounds: int, on_rounds: Callable[[int], None] = lambda _rounds: None
) -> Result:
    """Run both once to warm up, then ``rounds`` times each, taking turns in who goes first.

    ``on_rounds`` gets how many are done, before each.
    """
    pair.ours()
    pair.other()
    costs: list[tuple[Cost, Cost]] = []
    for turn in range(rounds):
        on_rounds(turn)
        if turn % 2:
            other = pair.other()
            costs.append((pair.ours(), other))
        else:
            ours = pair.ours()
            costs.append((ours, pair.other()))
    ratios = [measure.of(ours) / measure.of(other) for ours, other in costs]
    low, middle, high = quantiles(ratios, n=4, method="inclusive") if rounds > 1 else ratios * 3
    return Result(
        ours_s=median(measure.of(ours) for ours, _ in costs),
        other_s=median(measure.of(other) for _, other in costs),
        ratio=middle,
        ratio_low=low,
        ratio_high=high,
        cpu_ratio=median(ours.cpu_s / other.cpu_s for ours, other in costs),
        rounds=rounds,
    )


def command(
    arguments: Sequence[str | Path],
    *,
    variables: Mapping[str, str | Path] | None = None,
    before: Callable[[], None] | None = None,
) -> Run:
    """Return the run of a whole process, its output thrown away as in a pipe.

    ``variables`` are added to its environment; ``before`` is called before each run and is not measured.
    """
    words = [str(word) for word in arguments]
    environment = _environment(variables or {})

    def run() -> Cost:
        if before is not None:
            before()
        return _spawn(words, environment)

    return run


def _environment(variables: Mapping[str, str | Path]) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _UNSET and not name.startswith("AVATAR_")}
    return kept | {name: str(value) for name, value in variables.items()}


def _spawn(words: list[str], environment: Mapping[str, str]) -> Cost:
    # Not subprocess: its own work would count as the child's, and it does not tell what the child used.
    with tempfile.TemporaryFile() as said:
        files = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, said.fileno(), 2),
        ]
        begun = time.perf_counter()
        child = os.posix_spawn(words[0], words, environment, file_actions=files)
        _, status, used = os.wait4(child, 0)
        wall = time.perf_counter() - begun
        code = os.waitstatus_to_exitcode(status)
        if code:
            said.seek(0)
            raise RuntimeError(f"{' '.join(words)} ended with {code}: {said.read().decode(errors='replace')[-2000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime)
