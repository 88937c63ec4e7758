"""Pictures of an archive on their way into the folder of pictures: before their rows, and gone if none names them."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import PurePosixPath
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
from avatar_creator.storage.pictures.images import PictureStore, StagedPicture

_STEM_LONGEST = 100
_IN_STEMS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-_")
_AT_ONCE = 4  # a disk syncs several files in the time of one
_STAGED_MOST, _STAGED_BYTES_MOST = 100, 16 * 2**20  # pictures that are written before they are synced


class Wanted(NamedTuple):
    """A picture of an avatar that is to be placed: its row, and where its files are in the archive."""

    avatar_id: str
    row: Row
    files: Mapping[str, str]


class _Contents(NamedTuple):
    """The files of a picture, as the store takes them."""

    extension: str
    picture: bytes
    thumbnail: bytes


class _Staged(NamedTuple):
    """A picture whose files are written, and have no names yet."""

    avatar_id: str
    row: Row
    contents: _Contents
    files: StagedPicture


class PlacedFiles:
    """Places files of one portion of avatars. No file is overwritten: one of that name may be shown here."""

    def __init__(self, archive: Archive, pictures: PictureStore, exchange: Exchange, *, hashes: bool = True) -> None:
        """Perceptual hashes are made anew with ``hashes``, and believed without."""
        self._archive = archive
        self._pictures = pictures
        self._exchange = exchange
        self._hashes = hashes
        self._added: dict[str, str] = {}  # paths, and whose they are

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
        rows: list[Row | InvalidInput] = []
        waiting = iter(wanted)
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            while len(rows) < len(wanted):
                rows += self._place(waiting, pool)
            # Of files that were there, too: whoever has written one may not have synced its name yet.
            folders = {_folder(row) for row in rows if not isinstance(row, InvalidInput)}
            deque(pool.map(self._pictures.sync, ([folder] for folder in folders)), 0)
        finally:
            pool.shutdown(cancel_futures=True)
        return rows

    def _place(self, waiting: Iterator[Wanted], pool: ThreadPoolExecutor) -> list[Row | InvalidInput]:
        """Place some of those that wait. All are written before any is synced: a disk takes them faster together."""
        with ExitStack() as staging:
            staged = list(self._stage_some(waiting, staging))
            new = [each for each in staged if isinstance(each, _Staged)]
            deque(pool.map(_sync_all, (new[first::_AT_ONCE] for first in range(_AT_ONCE))), 0)
            return [self._named(each) if isinstance(each, _Staged) else each for each in staged]

    def _stage_some(self, waiting: Iterator[Wanted], staging: ExitStack) -> Iterator[_Staged | InvalidInput]:
        size = 0
        for each in islice(waiting, _STAGED_MOST):
            try:
                staged = self._stage(each)
            except InvalidInput as error:
                yield error
                continue
            staging.enter_context(staged.files)
            yield staged
            size += len(staged.contents.picture)
            if size > _STAGED_BYTES_MOST:
                return

    def _stage(self, wanted: Wanted) -> _Staged:
        """Write the files of a picture. Raises InvalidInput for what is none, or not as it was exported."""
        avatar_id, row, files = wanted
        picture = self._content(files["picture"], files["picture_sha256"])
        thumbnail = self._content(files["thumbnail"], files["thumbnail_sha256"])
        found = containers.sniff(picture)
        if found is None or containers.sniff(thumbnail) is not PictureFormat.JPEG:
            raise InvalidInput(f"{shown(files['picture'])} is no picture.", hint="Export it once more.")
        row = measured(row, picture, thumbnail, files["picture"], is_hashed=self._hashes)
        contents = _Contents(found.extension, picture, thumbnail)
        for name in (_stem(avatar_id, str(row["image_path"])), _other_stem(avatar_id, contents)):
            with suppress(FileExistsError):
                return _Staged(avatar_id, row, contents, self._pictures.staged(name, *contents))
        raise _is_taken(name)

    def _named(self, staged: _Staged) -> Row | InvalidInput:
        """Give the files of a picture their names, once the disk has them."""
        avatar_id, row, contents, files = staged

        def added(path: str) -> None:
            self._added[path] = avatar_id

        paths = files.image_path, files.thumbnail_path
        try:
            files.place(added)
        except FileExistsError:  # another one has got the name meanwhile
            name = _other_stem(avatar_id, contents)
            try:
                paths = self._pictures.put(name, *contents, added=added)
            except FileExistsError:
                return _is_taken(name)
        return {**row, "image_path": paths[0], "thumbnail_path": paths[1]}

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


def _sync_all(staged: Iterable[_Staged]) -> None:
    for each in staged:
        each.files.sync()


def _folder(row: Row) -> str:
    return PurePosixPath(str(row["image_path"])).parent.as_posix()


def _is_taken(name: str) -> InvalidInput:
    return InvalidInput(f"Other files are called {name} here.", hint="Run: avatar doctor --fix")


def _other_stem(avatar_id: str, contents: _Contents) -> str:
    """Return a name that no other picture has."""
    return f"{avatar_id}-{hashlib.sha256(contents.picture + contents.thumbnail).hexdigest()[:16]}"


def _stem(avatar_id: str, stored: str) -> str:
    """Return the name of a picture's files: the one that it had, unless no library of ours would have given it."""
    stem = PurePosixPath(stored).stem
    is_ours = stem.startswith(avatar_id) and len(stem) <= _STEM_LONGEST and _IN_STEMS.issuperset(stem)
    return stem if is_ours else avatar_id
