"""A web service under uvicorn and under gunicorn --preload with 4 workers. Run: python -m benchmarks.web [REQUESTS]."""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from servers.serving import SERVERS, served


def main() -> int:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    broken = 0
    for server in SERVERS:
        with tempfile.TemporaryDirectory(prefix="avatar-web-") as folder:
            with served(server, Path(folder) / "home", Path(folder) / "log") as service:
                begun_s = time.monotonic()
                wrong = service.make_and_show_many(requests)
                took_s = time.monotonic() - begun_s
            complaints = service.complaints()
            print(
                f"{server:10} {requests} requests in {took_s:.1f} s, "
                f"{len(wrong)} wrong answers, {len(complaints)} complaints in the log",
                *(*wrong, *complaints)[:5],
                sep="\n  ",
                flush=True,
            )
            broken += len(wrong) + len(complaints)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
