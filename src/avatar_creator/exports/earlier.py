"""Files that an earlier export wrote into a folder, by what it says there of itself."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from avatar_creator.archives.layout import DELIVERY, RECORDS
from avatar_creator.storage.records import is_inside


def files_of(root: Path) -> list[str]:
    """Return the names of pictures and thumbnails that are said to be there, in their order."""
    return list(dict.fromkeys(name for list_ in (DELIVERY, RECORDS) for name in _named(root / list_)))


def _named(list_: Path) -> Iterator[str]:
    """Yield what whole lines say; one that is half written, or that another program wrote, says nothing."""
    with suppress(OSError), list_.open("rb") as lines:
        for line in lines:
            with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
                said = json.loads(line)
                names = [said["file"]] if said["kind"] == "file" else []
                names += [files[kind] for files in said.get("files", ()) for kind in ("picture", "thumbnail")]
                yield from (name for name in names if isinstance(name, str) and is_inside(name))
