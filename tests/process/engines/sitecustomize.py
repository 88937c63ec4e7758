"""What Python imports first in each process of a test, that of a worker and those of engines too: engines more."""

import os
from pathlib import Path

from avatar_creator import engines
from avatar_creator.engines import table
from avatar_creator.processes import interpreter

HERE = Path(__file__).parent
engines.__path__.append(str(HERE))
table.ENGINES["heavy"] = table.Entry("avatar_creator.engines.heavy:Heavy", apart=table.Apart.ALWAYS)

if "HEAVY_SERVICE" in os.environ:  # beside it one that is paid, and takes so many seconds
    from cli import paid

    paid.install()
    paid.Paid.takes_s, paid.Paid.most_at_once = float(os.environ["HEAVY_SERVICE"]), None

_command = interpreter.command


def command(statement: str, *arguments: str) -> list[str]:
    """Have an engine process, which begins without this file and without variables, begin with both."""
    own = {name: value for name, value in os.environ.items() if name.startswith("HEAVY_")}
    begin = f"import os, sys; os.environ.update({own!a}); sys.path.insert(0, {str(HERE)!a}); import sitecustomize; "
    return _command(begin + statement, *arguments)


interpreter.command = command
