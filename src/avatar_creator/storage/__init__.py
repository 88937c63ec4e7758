"""Where everything is stored: one SQLite file and a folder of pictures."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.storage import (
        casts,
        catalog,
        counts,
        database,
        exchange,
        finding,
        generations,
        hashes,
        index,
        leases,
        locks,
        picks,
        pictures,
        presets,
        queries,
        recipes,
        responses,
        sharing,
        spending,
        stats,
        tags,
        workers,
    )
else:
    __getattr__ = submodules(__name__)
