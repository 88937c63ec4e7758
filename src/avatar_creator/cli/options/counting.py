"""How commands say how far work on many avatars is."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from avatar_creator.cli import render
from avatar_creator.cli.render.output import Output

if TYPE_CHECKING:
    from avatar_creator.cli.render.counted import Counted


def counting(out: Output, what: str, total: int | None) -> "AbstractContextManager[Counted | Unseen]":
    """Return what counts how many are done, on a terminal by a bar; what it yields is called for each."""
    if out.quiet or not sys.stderr.isatty() or out.shares_terminal:
        return nullcontext(Unseen())
    return render.counted.counted_progress(what, total)


class Unseen:
    """The bar where none is shown."""

    def __call__(self) -> None:
        """Show nothing."""

    def expect(self, total: int) -> None:
        """Show nothing of how many there are."""
