"""Pictures of an archive on their way into the folder of pictures: before their rows, and gone if none names them."""

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import PurePosixPath
from threading import Lock
from types import TracebackType
from typing import NamedTuple, Self

from avatar_creator.archives.layout import PICTURE_BYTES_MOST
from avatar_creator.archives.reading import Archive
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import shown
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.imports.measured import measured
from avatar_creator.storage.exchange import Exchange, Row
from avatar_creator.storage.pictures import containers
from avatar_creator.storage.pictures.images import PictureStore

_STEM_LONGEST = 100
_IN_STEMS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-_")
_AT_ONCE = 4  # a disk syncs several files in the time of one


class Wanted(NamedTuple):
    """A picture of an avatar that is to be placed: its row, and where its files are in the archive."""

    avatar_id: str
    row: Row
    files: Mapping[str, str]


class PlacedFiles:
    """Places files of one portion of avatars. No file is overwritten: one of that name may be shown here."""

    def __init__(self, archive: Archive, pictures: PictureStore, exchange: Exchange) -> None:
        self._archive = archive
        self._pictures = pictures
        self._exchange = exchange
        self._added: dict[str, str] = {}  # paths, and whose they are
        self._unsynced: set[str] = set()
        self._one_reads = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        remove_unnamed(self._exchange, self._pictures, self._added)

    def place(self, wanted: Sequence[Wanted]) -> list[Row | InvalidInput]:
        """Write the files of pictures, unless they are there; return the rows with the paths that these have here.

        In the place of a row stands what is wrong with a file that is no picture, or not as it was exported.
        """
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            rows = list(pool.map(self._place, wanted))
        finally:
            pool.shutdown(cancel_futures=True)
        self._pictures.sync({PurePosixPath(path).parent.as_posix() for path in self._unsynced})
        self._unsynced.clear()
        return rows

    def _place(self, wanted: Wanted) -> Row | InvalidInput:
        avatar_id, row, files = wanted
        try:
            with self._one_reads:
                picture = self._content(files["picture"], files["picture_sha256"])
                thumbnail = self._content(files["thumbnail"], files["thumbnail_sha256"])
            found = containers.sniff(picture)
            if found is None or containers.sniff(thumbnail) is not PictureFormat.JPEG:
                return InvalidInput(f"{shown(files['picture'])} is no picture.", hint="Export it once more.")
            row = measured(row, picture, thumbnail, files["picture"])
        except InvalidInput as error:
            return error
        own = _stem(avatar_id, str(row["image_path"]))
        other = f"{avatar_id}-{hashlib.sha256(picture + thumbnail).hexdigest()[:16]}"
        for name in (own, other):
            with suppress(FileExistsError):
                paths = self._pictures.put(
                    name, found.extension, picture, thumbnail, added=lambda path: self._added.update({path: avatar_id})
                )
                self._unsynced.update(paths)  # whoever has written one may not have synced it yet
                return {**row, "image_path": paths[0], "thumbnail_path": paths[1]}
        raise InvalidInput(f"Other files are called {other} here.", hint="Run: avatar doctor --fix")

    def are_there(self, row: Row) -> bool:
        """Return whether a row has its files: whoever ended early may have removed them meanwhile."""
        return all(self._pictures.path(str(row[name])).exists() for name in ("image_path", "thumbnail_path"))

    def _content(self, name: str, sha256: str) -> bytes:
        data = self._archive.read(name, PICTURE_BYTES_MOST)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise InvalidInput(
                f"{shown(name)} is not as it was exported: its SHA-256 is another.", hint="Export or copy it once more."
            )
        return data


def remove_unnamed(exchange: Exchange, pictures: PictureStore, added: Mapping[str, str]) -> None:
    """Remove those of the files, each with the avatar whose it is, that no row names.

    Nobody adds a row meanwhile, and who does later sees that its files are gone.
    """
    if added:
        with suppress(AvatarError), exchange.together():
            pictures.remove(*(added.keys() - exchange.paths_of(set(added.values()))))


def _stem(avatar_id: str, stored: str) -> str:
    """Return the name of a picture's files: the one that it had, unless no library of ours would have given it."""
    stem = PurePosixPath(stored).stem
    is_ours = stem.startswith(avatar_id) and len(stem) <= _STEM_LONGEST and _IN_STEMS.issuperset(stem)
    return stem if is_ours else avatar_id
