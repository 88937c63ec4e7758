"""Responses of services, saved before anything else is done with them: a crash after paying does not pay again."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from avatar_creator.home import OWNER_FILE, sync_folder
from avatar_creator.storage.durable import Folders, beside, discard, refused, sweep, write_new

_END = ".answer"


class SavedResponse(NamedTuple):
    """A response, and how many pictures its generation was charged for, this one included."""

    pictures: int
    data: bytes


class ResponseStore:
    """The folder of saved responses; a generation has one at most."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = Folders()

    def save(self, generation_id: str, response: SavedResponse) -> None:
        """Write a response durably, in place of the one before. Raises StorageError.

        The first one is found at once, and survives a kill before the disk has it. A power cut then may cut it off.
        """
        path = self._root / f"{generation_id}-{response.pictures}{_END}"
        new = beside(path)
        there = self._of(generation_id)
        unsynced = () if path in there else (path,)
        try:
            self._folders.make(self._root)
            for first in unsynced:
                _write_unsynced(new, response.data)
                new.replace(first)
            write_new(new, response.data)
            new.replace(path)
            sync_folder(self._root)
        except OSError as error:
            discard(new, *unsynced)
            raise refused("written", path, error) from error
        discard(*(other for other in there if other != path))

    def find(self, generation_id: str) -> SavedResponse | None:
        """Return the response that was saved last for a generation, None without one.

        Raises StorageError for one that cannot be read: it is paid for, so nobody may go on as if it were not there.
        """
        path = self._root
        try:
            next(path.iterdir(), None)  # glob takes a folder that cannot be read for an empty one
        except FileNotFoundError:
            return None
        except OSError as error:
            raise refused("read", path, error) from error
        saved: list[SavedResponse] = []
        for path in self._of(generation_id):
            try:
                saved.append(SavedResponse(int(path.stem.rpartition("-")[2]), path.read_bytes()))
            except FileNotFoundError:  # another process needed it no more
                continue
            except OSError as error:
                raise refused("read", path, error) from error
        return max(saved, default=None)

    def forget(self, generation_id: str) -> None:
        """Remove the response of a generation."""
        discard(*self._of(generation_id))

    def sweep(self, older_s: float) -> None:
        """Remove what killed processes left half written so long ago."""
        sweep(self._root.glob("*"), older_s)

    def generation_ids(self) -> set[str]:
        """Return the generations that have a saved response."""
        return {path.stem.rpartition("-")[0] for path in self._root.glob(f"*{_END}")}

    def _of(self, generation_id: str) -> list[Path]:
        # Three times for each picture, where pathlib's patterns take many times as long.
        with suppress(OSError):
            return [path for path in self._root.iterdir() if _is_of(path.name, generation_id)]
        return []


def _write_unsynced(path: Path, data: bytes) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, OWNER_FILE)) as file:
        file.write(data)


def _is_of(name: str, generation_id: str) -> bool:
    return name.startswith(f"{generation_id}-") and name.endswith(_END)
