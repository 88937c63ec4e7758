"""How commands say how far work on many avatars is."""

import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from avatar_creator.cli import render
from avatar_creator.cli.render.output import Draw, Line, Output

if TYPE_CHECKING:
    from avatar_creator.cli.render.counted import Counted


def counting(out: Output, what: str, total: int | None) -> "AbstractContextManager[Counted | Unseen]":
    """Return what counts how many are done, on a terminal by a bar; what it yields is called for each."""
    if out.quiet or not sys.stderr.isatty() or out.shares_terminal:
        return nullcontext(Unseen())
    return render.counted.counted_progress(what, total)


def show_counted(
    out: Output,
    what: str,
    total: int | None,
    records: Callable[[Callable[[], None]], Iterable[Any]],
    line: Line,
    draw: Draw,
) -> None:
    """Show records, and meanwhile how many are done: ``records`` is given what is called for each.

    A table is drawn when the bar is gone. It may be of fewer than are counted.
    """
    with counting(out, what, total) as done:
        if not out.drawn:
            out.records(records(done), line, draw)
            return
        every = list(records(done))
    out.records(every, line, draw)


class Unseen:
    """The bar where none is shown."""

    def __call__(self) -> None:
        """Show nothing."""

    def expect(self, total: int) -> None:
        """Show nothing of how many there are."""
