"""The progress bar of generations: on a terminal's stderr, nowhere else."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from avatar_creator.cli.render.output import console
from avatar_creator.cli.render.widgets import text
from avatar_creator.domain.progress import ITS_TURN
from avatar_creator.domain.records import Stage
from avatar_creator.domain.text import visible

if TYPE_CHECKING:
    from rich.text import Text

    from avatar_creator.domain.progress import OnProgress, Progress

_REFRESH_PER_S = 8  # ten a second cost 2 % of a core
_BAR = 10  # characters
_LABEL_LEAST, _LABEL_MOST = 8, 30
_OTHERS = _BAR + len("  100% 0:00:00 ")  # all but the label and what is said, with the gaps between
_SAID = 42  # what most waits take: "1/20 waiting 12 s: rate limit of fal-ai"


class Tally:
    """Where a run of ``count`` generations is, all taken together."""

    def __init__(self, count: int) -> None:
        self.percent = 0.0  # of the whole; never less than before, though a picture may begin anew
        self._count = count
        self._done = 0
        self._under_way: dict[str, Progress] = {}

    def update(self, progress: "Progress") -> None:
        """Take in where one of them is."""
        if progress.ended:
            self._under_way.pop(progress.generation_id, None)
            self._done += 1
        else:
            self._under_way[progress.generation_id] = progress
        percents = sum(each.percent for each in self._under_way.values())
        self.percent = max(self.percent, (self._done * 100 + percents) / self._count)

    def said(self) -> str:
        """Say it in words; waiting goes down by itself, so they are asked for again and again."""
        under_way = list(self._under_way.values())  # at once: the bar is drawn by a thread of its own
        done = f"{self._done}/{self._count} " if self._count > 1 else ""
        return done + doing(under_way) if under_way else done


def doing(under_way: "list[Progress]") -> str:
    """Say the wait that ends first, else the stage of the one that is farthest behind and how many there are.

    Those that are only queued, or wait for an engine process, count when nothing is made.
    """
    waits = [each.wait for each in under_way if each.wait is not None]
    if waits:
        wait = min(waits, key=lambda wait: wait.until_s)
        left_s = max(math.ceil(wait.until_s - time.monotonic()), 0)
        return f"waiting {left_s} s: {visible(wait.why)}"
    made = [each for each in under_way if each.stage is not Stage.QUEUED]
    if not made:
        why = next((each.phase for each in under_way if each.phase), None)
        return f"{Stage.QUEUED.value}: {visible(why)}" if why else Stage.QUEUED.value
    made = [each for each in made if each.phase != ITS_TURN] or made
    last = min(made, key=lambda each: each.percent)
    doing = visible(last.phase) if last.phase else last.stage.value
    return f"{doing}, {len(made)} at once" if len(made) > 1 else doing


@contextmanager
def generation_progress(name: str, count: int, *, shown: bool) -> "Iterator[OnProgress]":
    """Yield a function that shows progress; one bar shows all ``count`` generations."""
    if not shown or not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from avatar_creator.cli.render.bars import bar_of, parts

    tally, screen = Tally(count), console(stderr=True)

    def cut(said: str, room: int) -> "Text":
        line = text(said)
        line.no_wrap = True
        line.truncate(max(room, 1), overflow="ellipsis")
        return line

    room = screen.width - _OTHERS - _SAID
    label = cut(visible(name), min(max(room, _LABEL_LEAST), _LABEL_MOST))

    class Said(parts.ProgressColumn):
        def render(self, task: parts.Task) -> "Text":  # noqa: ARG002 - the signature of ProgressColumn
            line = cut(tally.said(), screen.width - _OTHERS - label.cell_len)
            line.stylize("dim")
            return line

    class Label(parts.ProgressColumn):
        def render(self, task: parts.Task) -> "Text":  # noqa: ARG002
            return label

    columns = (Label(), parts.BarColumn(_BAR), parts.TaskProgressColumn(), parts.TimeElapsedColumn(), Said())
    with bar_of(*columns, refreshed_per_s=_REFRESH_PER_S) as bar:
        task = bar.add_task("", total=100)

        def update(progress: "Progress") -> None:
            tally.update(progress)
            bar.update(task, completed=tally.percent)

        yield update
