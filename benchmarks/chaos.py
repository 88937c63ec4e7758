"""Trouble at the size of a night: the rows of tests/chaos, a line of figures each. Run: python -m benchmarks.chaos."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.rows import Row, rows


def main() -> int:
    given = _arguments()
    broken = 0
    for row in rows(given.seed):
        if given.only and row.name not in given.only:
            continue
        for night in range(row.nights if given.nightly else 1):
            broken += _run(row.name, given.seed + night, nightly=given.nightly)
    return 1 if broken else 0


def _run(name: str, seed: int, *, nightly: bool) -> bool:
    """Run a row once, and tell whether anything was out of order."""
    row = _named(name, seed)
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="avatar-chaos-") as folder:
        report = (row.large if nightly else row.small)(Path(folder))
    print(f"{name:16} {time.monotonic() - begun_s:6.1f} s  seed {seed}  {report}", flush=True)
    return bool(report.broken)


def _named(name: str, seed: int) -> Row:
    return next(row for row in rows(seed) if row.name == name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--nightly", action="store_true", help="the size of a night: hours")
    parser.add_argument("--only", action="append", choices=[row.name for row in rows()], help="may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of chance (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
