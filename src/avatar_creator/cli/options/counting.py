"""How commands say how far work on many avatars is."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from avatar_creator.cli import render
from avatar_creator.cli.render.output import Output


def counting(out: Output, what: str, total: int | None) -> AbstractContextManager[Callable[[], None]]:
    """Return what counts how many are done, on a terminal by a bar; it yields a function that is called for each."""
    if out.quiet or not sys.stderr.isatty() or out.shares_terminal:
        return nullcontext(_unseen)
    return render.counted.counted_progress(what, total)


def _unseen() -> None:
    """Show nothing."""
