"""How output is shown: the one sink, and lines, tables, cards and progress."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.cli.render import (
        bars,
        batch_progress,
        batches,
        bytes_progress,
        checks,
        comparisons,
        counted,
        cursor,
        preview,
        printer,
        progress,
        reports,
        shards,
        twins,
        verification,
        viewer,
        views,
    )
else:
    __getattr__ = submodules(__name__)
