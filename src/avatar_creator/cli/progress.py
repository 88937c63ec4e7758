"""The progress bar of generations: on a terminal's stderr, nowhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from avatar_creator.cli.output import console
from avatar_creator.domain.records import Stage

_REFRESH_PER_S = 8  # ten a second cost 2 % of a core


@contextmanager
def generation_progress(name: str, count: int, *, shown: bool) -> Iterator[Callable[[Stage, int], None]]:
    """Yield what is told of stages and percents; ``count`` generations run one after the other."""
    if not shown or not sys.stderr.isatty():
        yield lambda _stage, _percent: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    columns = (
        TextColumn("{task.fields[label]}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[stage]}", markup=False, style="dim"),
        TimeElapsedColumn(),
    )
    label = Text(name)
    label.truncate(30, overflow="ellipsis")
    with Progress(
        *columns, console=console(stderr=True), transient=True, refresh_per_second=_REFRESH_PER_S
    ) as progress:
        task = progress.add_task("", total=count * 100, label=label.plain, stage="")
        done = 0

        def tell(stage: Stage, percent: int) -> None:
            nonlocal done
            of = f" {done + 1}/{count}" if count > 1 else ""
            progress.update(task, completed=done * 100 + percent, stage=f"{stage.value}{of}")
            done += stage is Stage.DONE

        yield tell
