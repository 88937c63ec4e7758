"""How another interpreter is started, for what may crash, or may not run here: it has this one's modules, no secret."""

import os
import sys

_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_", "DYLD_")  # of the environment; what else is in it may be secret


def command(statement: str, *arguments: str) -> list[str]:
    """Return the command that runs a Python statement, which finds ``arguments`` in ``sys.argv[1:]``."""
    paths = list(filter(os.path.isabs, sys.path))
    # -S: looking for installed packages anew takes longer than to decode a picture, and it is known where they are.
    start = f"import sys; sys.path[:] = {paths!a}; {statement}"
    return [sys.executable or "python3", "-I", "-S", "-c", start, *arguments]


def environment() -> dict[str, str]:
    """Return the variables that it gets."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(_PASSED_ON)}
