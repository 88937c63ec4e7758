"""The progress of work on many avatars: a bar on a terminal's stderr, which counts them. It loads rich."""

from collections.abc import Iterator
from contextlib import contextmanager

from avatar_creator.cli.render.bars import bar_of, parts

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
    columns = (
        parts.TextColumn("{task.description}"),
        parts.BarColumn(_BAR),
        parts.MofNCompleteColumn(),
        parts.TimeRemainingColumn(compact=True),
    )
    with bar_of(*columns) as bar:
        yield Counted(bar, bar.add_task(what, total=total))
