"""Many cuts of one recording, each checked."""

import shutil
import tempfile
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from .again import WORK, is_whole
from .again import again as run_again
from .checks import Ran, check
from .replay import Model, Replay, State
from .scenarios import Recorded, Scenario, home_in

_MEMORY = Path("/dev/shm")  # noqa: S108 - states are written and read by one process, and gone at once


@dataclass(frozen=True, slots=True)
class Violation:
    """What was wrong with one state, and the seed that makes it again from the same recording."""

    scenario: str
    model: Model
    moment: int
    seed: str
    wrong: tuple[str, ...]


@dataclass(slots=True)
class StatsQueries:
    """What came of many states; equal ones are checked once."""

    scenario: str
    model: Model
    states: int = 0
    distinct: int = 0
    seconds: float = 0.0
    violations: list[Violation] = field(default_factory=list)


def attack(recorded: Recorded, model: Model, states: int, seed: str, *, first: bool = False) -> StatsQueries:
    """Cut the power ``states`` times, or up to the ``first`` violation, and check what is left each time."""
    figures = StatsQueries(recorded.scenario.name, model)
    replay = Replay(recorded.recording)
    known: dict[bytes, list[str]] = {}
    begun_at = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="avatar-power-", dir=_MEMORY if _MEMORY.is_dir() else None) as scratch:
        for number in range(states):
            own_seed = f"{seed} {number}"
            chance = Random(own_seed)
            moment = replay.moment(chance)
            state, ran = replay.state(moment, model, chance), recorded.ran(moment)
            digest = _digest(state, ran)
            if digest not in known:
                known[digest] = _wrong(recorded.scenario, state, ran, Path(scratch) / "root")
            figures.states += 1
            if known[digest]:
                wrong = tuple(known[digest])
                figures.violations.append(Violation(recorded.scenario.name, model, moment, own_seed, wrong))
                if first:
                    break
    figures.distinct = len(known)
    figures.seconds = time.perf_counter() - begun_at
    return figures


def again(recorded: Recorded, violation: Violation) -> State:
    """Make the state of a violation once more."""
    replay, chance = Replay(recorded.recording), Random(violation.seed)
    return replay.state(replay.moment(chance), violation.model, chance)


def _wrong(scenario: Scenario, state: State, ran: list[Ran], root: Path) -> list[str]:
    root.mkdir()
    try:
        state.write(root)
        after, home = scenario.after, home_in(root)
        homes = [home]
        if after and after.shard:  # it is made in one of its own, until its file is there
            homes = [] if is_whole(root / "plan" / "done" / "00000.tar") else [*root.glob(WORK)]
        wrong = [each for made_in in homes for each in check(made_in, ran)]
        if after and not wrong:
            wrong += run_again(after, root, home, ran, paid="paid" in scenario.settings)
        return wrong
    finally:
        shutil.rmtree(root)


def _digest(state: State, ran: list[Ran]) -> bytes:
    digest = sha256(repr(ran).encode())
    for path, node in state.walk():
        digest.update(f"\0{path}\0{node}\0".encode())
        digest.update(state.files.get(node, b""))
    return digest.digest()
