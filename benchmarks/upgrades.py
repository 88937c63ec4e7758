"""A cast that is drawn and then photographed, with kills and a service that refuses some: what is kept, what is paid.

`python -m benchmarks.upgrades --pictures 200 --kills 5 --refused 0.2`. The service is the stand-in of the tests. If an
avatar, its copy or its drawing is not as it was, or a picture is paid for again, it ends with 1.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chaos.upgraded import Size, upgrade


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upgrades", description=__doc__)
    parser.add_argument("--pictures", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--kills", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--refused", type=float, default=0.2, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of chance (default: %(default)s)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="avatar-upgrades-") as folder:
        report = upgrade(Path(folder), Size(given.pictures, given.kills, given.refused), given.seed)
    print(report, flush=True)
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
