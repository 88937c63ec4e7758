"""The progress of a batch: two lines on a terminal's stderr. It loads rich, and is used nowhere else."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from avatar_creator.cli.render.batches import BatchTally
from avatar_creator.cli.render.cursor import hidden_cursor
from avatar_creator.cli.render.output import console
from avatar_creator.cli.render.progress import doing
from avatar_creator.cli.render.widgets import span, text
from avatar_creator.domain.batch import Result
from avatar_creator.domain.progress import ITS_TURN
from avatar_creator.domain.records import Stage

if TYPE_CHECKING:
    from avatar_creator.domain.progress import OnProgress, Progress

_REFRESH_PER_S = 4
_BAR_LEAST, _BAR_MOST = 5, 40  # characters
_RATE_S = 60.0  # of the pictures that ended in it, the rate is
_MINUTE_S = 60.0


class BatchProgress:
    """How far a batch is, in words and as a share of the whole."""

    def __init__(self, tally: BatchTally) -> None:
        self._tally = tally
        self._under_way: dict[str, Progress] = {}
        self._made: list[float] = []  # when the latest were made

    def update(self, progress: "Progress") -> None:
        """Take in where one picture is."""
        if progress.ended:
            self._under_way.pop(progress.generation_id, None)
            now_s = time.monotonic()
            self._made = [at_s for at_s in self._made if at_s > now_s - _RATE_S] + [now_s]
        else:
            self._under_way[progress.generation_id] = progress

    @property
    def share(self) -> float:
        whole = self._tally.plan.pictures
        return 1.0 if not whole else (whole - self._tally.left) / whole

    @property
    def head(self) -> str:
        """Say how much of it has ended, how fast, and when the rest will have."""
        whole, left = self._tally.plan.pictures, self._tally.left
        parts = [f"{whole - left:,} of {whole:,}"]
        rate = self._per_minute()
        if rate:
            parts.append(f"{rate:,.0f}/min")
            parts.append(f"{span(left / rate * _MINUTE_S)} left")
        return ", ".join(parts)

    def _per_minute(self) -> float:
        made = list(self._made)
        return (len(made) - 1) / (made[-1] - made[0]) * _MINUTE_S if len(made) > 1 and made[-1] > made[0] else 0.0

    @property
    def body(self) -> str:
        """Say what became of the pictures, what is made now, and what it has cost."""
        results = self._tally.results
        made = results[Result.MADE] + results[Result.RESTORED]
        running = [each for each in list(self._under_way.values()) if each.stage is not Stage.QUEUED]
        waiting = [each for each in running if each.wait is not None or each.phase == ITS_TURN]
        parts = [
            f"{made:,} made",
            f"{results[Result.EXISTS]:,} made before",
            *([f"{results[Result.LEFT]:,} left as before"] if results[Result.LEFT] else ()),
            f"{len(running) - len(waiting):,} running",
            f"{len(waiting):,} waiting",
            f"{results[Result.FAILED] + results[Result.CANCELLED]:,} failed",
        ]
        cost = self._tally.plan.cost
        if cost is not None and cost.usd is not None and cost.pictures:
            parts.append(f"about ${self._tally.charged * cost.usd / cost.pictures:,.2f} so far")
        return ", ".join(parts)

    @property
    def wait(self) -> str | None:
        """Say what pictures wait for, if any does, or what is done before one can be made."""
        under_way = list(self._under_way.values())
        waiting = [each for each in under_way if each.wait is not None]
        waiting = waiting or [each for each in under_way if each.phase not in {None, ITS_TURN}]
        return doing(waiting) if waiting else None


@contextmanager
def batch_progress(tally: BatchTally) -> "Iterator[OnProgress]":
    """Yield a function that shows the progress of pictures beside what has ended."""
    screen, progress = console(stderr=True), BatchProgress(tally)
    drawn = Live(
        get_renderable=lambda: _drawn(progress, screen),
        console=screen,
        transient=True,
        refresh_per_second=_REFRESH_PER_S,
        redirect_stdout=sys.stdout.isatty(),
    )
    with hidden_cursor(screen):
        try:
            drawn.start()
            yield progress.update
        finally:
            drawn.stop()


def _drawn(progress: BatchProgress, screen: Console) -> Group:
    head = text(progress.head)
    head.no_wrap = True
    room = max(screen.width - head.cell_len - 1, _BAR_LEAST)
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row(ProgressBar(1.0, progress.share, width=min(room, _BAR_MOST)), head)
    lines = [text(said, "dim") for said in (progress.body, progress.wait) if said]
    for each in lines:
        each.no_wrap = True
        each.truncate(screen.width, overflow="ellipsis")
    return Group(line, *lines)
