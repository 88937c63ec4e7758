"""The progress of work on many avatars: a bar on a terminal's stderr, which counts them. It loads rich."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress as parts

from avatar_creator.cli.render.cursor import hidden_cursor
from avatar_creator.cli.render.output import console

_BAR = 30  # characters


class Counted:
    """A bar: call it as each is done."""

    def __init__(self, bar: parts.Progress, task: parts.TaskID) -> None:
        self._bar, self._task = bar, task

    def __call__(self) -> None:
        self._bar.advance(self._task)

    def expect(self, total: int) -> None:
        """Say of how many, once that is known."""
        self._bar.update(self._task, total=total)


@contextmanager
def counted_progress(what: str, total: int | None) -> Iterator[Counted]:
    """Show a bar; of how many, is not always known at once."""
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
            yield Counted(bar, bar.add_task(what, total=total))
        finally:
            bar.stop()
