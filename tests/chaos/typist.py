"""A shell that types without waiting for Python to start: one line of JSON a command, in one process of its own."""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from avatar_creator.cli.main import main


def type_all() -> None:
    """Run each command that comes in, and say its exit code and what it printed."""
    for line in sys.stdin:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(json.loads(line))
        sys.stdout.write(json.dumps([code, out.getvalue(), err.getvalue()]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    type_all()
