"""The power is cut many thousand times: `python -m benchmarks.powerloss --states 20000`.

Prints what came of each scenario and each model of names, as tests/process/test_power_loss.py asserts of fewer states,
and with `--mutations` what is found when a sync is taken away. Ends with 1 if the program as it is loses anything.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from powerloss import kernel
from powerloss.campaign import StatsQueries, Violation, again, attack
from powerloss.mutations import MUTATIONS
from powerloss.replay import Model
from powerloss.scenarios import SCENARIOS, Recorded, play

_CHUNK = 500  # states that one process makes at a time
_SHOWN = 5
_LINE = "{:20} {:8} {:>10} {:>8} {:>8} {:>8} {:>10}"


def main() -> int:
    given = _arguments()
    if why_not := kernel.why_not():
        print(f"skipped: {why_not}")
        return 0
    found = False
    for mutation in (None, *(MUTATIONS if given.mutations else ())):
        print(f"\n{mutation or 'the program as it is'}")
        print(_LINE.format("scenario", "names", "operations", "states", "distinct", "a second", "violations"))
        recordings = list(_recordings(given.only, mutation))
        states = given.states // (len(recordings) * len(Model)) + 1
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            for recorded, model in product(recordings, Model):
                seeds = [f"{given.seed} {chunk}" for chunk in range(0, states, _CHUNK)]
                counts = [min(_CHUNK, states - chunk) for chunk in range(0, states, _CHUNK)]
                parts = len(seeds)
                figures = list(pool.map(attack, [recorded] * parts, [model] * parts, counts, seeds))
                violations = _print(recorded, figures)
                if mutation is None and violations:
                    found = True
                    _tell(recorded, violations, given.keep)
    return int(found)


def _arguments() -> argparse.Namespace:
    names = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.powerloss", description=__doc__)
    parser.add_argument("--states", type=int, default=20_000, help="how many in all (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=names, help="this scenario; may be repeated")
    parser.add_argument("--seed", default="1", help="another one makes other states (default: %(default)s)")
    parser.add_argument("--mutations", action="store_true", help="also with each sync taken away")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write the homes of the first violations there")
    return parser.parse_args()


def _recordings(only: Sequence[str] | None, mutation: str | None) -> Iterator[Recorded]:
    for scenario in SCENARIOS:
        if not only or scenario.name in only:
            with tempfile.TemporaryDirectory(prefix="avatar-powerloss-") as scratch:
                yield play(scenario, Path(scratch), mutation)


def _print(recorded: Recorded, figures: Sequence[StatsQueries]) -> list[Violation]:
    violations = [violation for part in figures for violation in part.violations]
    states, seconds = sum(part.states for part in figures), sum(part.seconds for part in figures)
    print(
        _LINE.format(
            recorded.scenario.name,
            figures[0].model,
            len(recorded.recording.operations),
            states,
            sum(part.distinct for part in figures),  # within each chunk
            f"{states / seconds:.0f}",  # by one process
            len(violations),
        ),
        flush=True,
    )
    return violations


def _tell(recorded: Recorded, violations: Sequence[Violation], keep: Path | None) -> None:
    """Say what was wrong with the first of them."""
    for number, violation in enumerate(violations[:_SHOWN]):
        print(f"  after {violation.moment} operations: {'; '.join(violation.wrong)}")
        if keep is not None:
            folder = keep / f"{violation.scenario}-{violation.model}-{number}"
            folder.mkdir(parents=True)
            again(recorded, violation).write(folder)
            print(f"    {folder}")


if __name__ == "__main__":
    sys.exit(main())
