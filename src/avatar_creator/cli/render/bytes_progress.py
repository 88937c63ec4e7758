"""How far a download is: a bar of bytes on a terminal's stderr, a line each tenth in a pipe. It loads rich."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from avatar_creator.cli.render.bars import bar_of, parts
from avatar_creator.cli.render.output import Output
from avatar_creator.cli.render.widgets import size
from avatar_creator.domain.text import visible

_BAR, _NAME = 20, 24  # characters
_TENTHS = 10


@contextmanager
def downloading(out: Output, name: str, total: int) -> Iterator[Callable[[str, int], None]]:
    """Show how much of ``total`` bytes came; what it yields is called with a file's path and how many bytes came."""
    if out.quiet or total == 0:
        yield lambda _path, _count: None
    elif sys.stderr.isatty() and not out.shares_terminal:
        with _bar(total) as advance:
            yield advance
    else:
        yield _lines(out, name, total)


def _lines(out: Output, name: str, total: int) -> Callable[[str, int], None]:
    done = tenths = 0

    def advance(_path: str, count: int) -> None:
        nonlocal done, tenths
        done += count
        if (now := done * _TENTHS // total) > tenths:
            tenths = now
            out.note(f"Downloading {name}: {size(done)} of {size(total)}, {done * 100 // total} %")

    return advance


@contextmanager
def _bar(total: int) -> Iterator[Callable[[str, int], None]]:
    columns = (
        parts.TextColumn("{task.description}", markup=False),
        parts.BarColumn(_BAR),
        parts.DownloadColumn(),
        parts.TransferSpeedColumn(),
        parts.TimeRemainingColumn(compact=True),
    )
    with bar_of(*columns) as bar:
        task = bar.add_task("", total=total)
        yield lambda path, count: bar.update(task, advance=count, description=_name(path))


def _name(path: str) -> str:
    return visible(path.rpartition("/")[2])[-_NAME:]
