"""Run the stand-in to try things by hand: `python -m tests.standin`, and what it prints in another shell."""

import argparse
import shlex
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from .behaviours import bad_gateway_html, busy, closed, error_500, rate_limited, truncated
from .hub import StandIn

_TROUBLES = (rate_limited(1), error_500, bad_gateway_html, busy, closed, truncated(0.5))


def main() -> None:
    """Serve until Ctrl-C or an end of the process, then say what happened."""
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, metavar="S", help="how long a picture takes")
    parser.add_argument("--fail-rate", type=float, default=0.0, metavar="R", help="share of the calls that go wrong")
    parser.add_argument("--port", type=int, default=0, metavar="P", help="port of the proxy; a free one if not given")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, StandIn(Path(folder), asked.port) as hub:
        hub.delay_s = asked.delay
        hub.chance(asked.fail_rate, _TROUBLES)
        for name, value in hub.environment().items():
            say(f"export {name}={shlex.quote(value)}")
        say(f"# an endpoint of your own: {hub.endpoint}")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
        say(
            f"calls {len(hub.calls)}, at once {hub.peak}, pictures {len(hub.pictures)}, "
            f"leaks {len(hub.leaks)}, strays {len(hub.strays)}"
        )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


main()
