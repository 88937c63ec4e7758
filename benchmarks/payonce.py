"""What kills have paid for again: N photographs, and processes killed while they are made.

`python -m benchmarks.payonce --pictures 200 --kills 50` prints a line for each provider. The service is the stand-in of
the tests. Nothing may be lost, made twice or of other people, or it ends with 1.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.pay_once import BLOCKING, POLLED, Size, kill


def main() -> int:
    given = _arguments()
    size = Size(given.pictures, given.kills, given.at_once, given.picture_s, given.accept_s)
    broken = 0
    for provider in given.provider or [*POLLED, *BLOCKING]:
        with tempfile.TemporaryDirectory(prefix="avatar-payonce-") as folder:
            report = kill(Path(folder), provider, size, given.seed)
        print(report, flush=True)
        broken += bool(report.broken)
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.payonce", description=__doc__)
    parser.add_argument("--pictures", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--kills", type=int, default=50, help="default: %(default)s")
    parser.add_argument("--at-once", type=int, default=8, help="default: %(default)s")
    parser.add_argument("--picture-s", type=float, default=1.0, help="that a picture takes (default: %(default)s)")
    parser.add_argument("--accept-s", type=float, default=0.0, help="that an order takes to be answered")
    parser.add_argument("--provider", action="append", choices=[*POLLED, *BLOCKING], help="may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of chance (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
