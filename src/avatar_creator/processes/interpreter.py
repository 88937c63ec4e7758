"""How another interpreter is started, for what may crash: with the modules of this one, and without its secrets."""

import os
import sys

_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_", "DYLD_")  # of the environment: all else may be secret


def command(statement: str, *arguments: str) -> list[str]:
    """Return the command that runs a Python statement, which finds ``arguments`` in ``sys.argv[1:]``."""
    paths = list(filter(os.path.isabs, sys.path))
    # -S: to search for installed packages takes longer than to decode a picture, and this process knows where they are.
    start = f"import sys; sys.path[:] = {paths!a}; {statement}"
    return [sys.executable or "python3", "-I", "-S", "-c", start, *arguments]


def environment() -> dict[str, str]:
    """Return the variables that it gets."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(_PASSED_ON)}
