"""A bar on a terminal's stderr. It loads rich, whose ``parts`` bars are made of."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress as parts

from avatar_creator.cli.render.cursor import hidden_cursor
from avatar_creator.cli.render.output import console

__all__ = ["bar_of", "parts"]


@contextmanager
def bar_of(*columns: parts.ProgressColumn, refreshed_per_s: float = 10) -> Iterator[parts.Progress]:
    """Show a bar for as long as the block takes."""
    screen = console(stderr=True)
    bar = parts.Progress(
        *columns,
        console=screen,
        transient=True,
        refresh_per_second=refreshed_per_s,
        redirect_stdout=sys.stdout.isatty(),  # else it would draw the data of a pipe above the bar
    )
    with hidden_cursor(screen):
        try:  # not `with bar`: a Ctrl-C while it starts would leave the cursor hidden
            bar.start()
            yield bar
        finally:
            try:
                bar.stop()
            except IndexError:  # rich had not quite begun
                screen.show_cursor()
