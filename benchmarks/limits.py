"""Fifty shells and a worker under a limit of 100 pictures a day, some killed. Run: python -m benchmarks.limits."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.limits import crowd


def main() -> int:
    given = _arguments()
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="avatar-limits-") as folder:
        report = crowd(
            Path(folder), shells=given.shells, each=given.each, limit=given.limit, kills=given.kills, seed=given.seed
        )
    print(f"{time.monotonic() - begun_s:.1f} s  seed {given.seed}  {report}")
    return 1 if report.broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    for name, number in {"shells": 50, "each": 4, "limit": 100, "kills": 8, "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=number, help="(default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
