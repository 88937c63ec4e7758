"""The progress of work on many avatars: a bar on a terminal's stderr, which counts them. It loads rich."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich import progress as parts

from avatar_creator.cli.render.cursor import hidden_cursor
from avatar_creator.cli.render.output import console

_BAR = 30  # characters


@contextmanager
def counted_progress(what: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Yield a function that is called as each is done; of how many, is not always known."""
    screen = console(stderr=True)
    columns = (
        parts.TextColumn("{task.description}"),
        parts.BarColumn(_BAR),
        parts.MofNCompleteColumn(),
        parts.TimeRemainingColumn(compact=True),
    )
    bar = parts.Progress(*columns, console=screen, transient=True, redirect_stdout=sys.stdout.isatty())
    with hidden_cursor(screen):
        try:
            bar.start()
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)
        finally:
            bar.stop()
