"""Spoilt pictures given to inspect, upload and the reading of answers. Run: python -m benchmarks.fuzz."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fuzzing.run import SLOW_S, run
from fuzzing.seeds import seeds

_PEAK_MB = 300


def main() -> int:
    given = _arguments()
    files = tracebacks = slow = crashed = 0
    peak_mb = 0.0
    for seed in range(given.seed, given.seed + given.runs):
        begun_s = time.monotonic()
        for name, report in run(given.mutants, seed, given.only, given.keep):
            files += report.files
            tracebacks += len(report.tracebacks)
            slow += len(report.slow)
            crashed += sum(count for outcome, count in report.outcomes.items() if outcome.endswith("crashed"))
            peak_mb = max(peak_mb, report.peak_mb)
            outcomes = ", ".join(f"{outcome} {count}" for outcome, count in sorted(report.outcomes.items()))
            print(f"{name:16} seed {seed}  {time.monotonic() - begun_s:5.0f} s  {outcomes}", flush=True)
            for line in (*report.tracebacks, *(f"slow: {each}" for each in report.slow)):
                print(line, flush=True)
    print(f"\n{files} files: {tracebacks} tracebacks, {slow} over {SLOW_S:g} s, {crashed} crashes of a decoder")
    print(f"peak of one process: {peak_mb:.0f} MB. Targets: 0, 0, 0, {_PEAK_MB} MB")
    return 1 if tracebacks or slow or crashed or peak_mb > _PEAK_MB else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=3000, help="files made of each picture (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="with another seed each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of chance, the first one (default: %(default)s)")
    parser.add_argument("--only", choices=[*seeds()], help="of this picture alone")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write there what went wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
