"""Pictures of an archive on their way into the folder of pictures: before their rows, and gone if none names them."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import PurePosixPath
from types import TracebackType
from typing import NamedTuple, Self

from avatar_creator.archives.layout import PICTURE_BYTES_MOST
from avatar_creator.archives.reading import Archive
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.imports.executor import Executor
from avatar_creator.imports.measured import hashed_file, measured
from avatar_creator.imports.placing.pictures import Files, Origin, Placed
from avatar_creator.imports.placing.task import PlacePictures
from avatar_creator.storage import disks
from avatar_creator.storage.exchange import Exchange, Row
from avatar_creator.storage.pictures.images import PictureStore

_STEM_LONGEST = 100
_IN_STEMS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-_")
_TOGETHER_MOST, _TOGETHER_BYTES_MOST = 100, 8 * 2**20  # pictures that are placed together
_AT_ONCE = 4  # a disk syncs several folders in the time of one


class Wanted(NamedTuple):
    """A picture of an avatar that is to be placed: its row, and where its files are in the archive."""

    avatar_id: str
    row: Row
    files: Mapping[str, str]


class _Part(NamedTuple):
    """Pictures that are placed together, each with what is known of it, or with what is wrong with its files."""

    wanted: Sequence[tuple[Wanted, Origin | InvalidInput]]
    placed: Future[list[Placed | InvalidInput]]


class PlacedFiles:
    """Places files of one portion of avatars."""

    def __init__(
        self, pictures: PictureStore, exchange: Exchange, executor: Executor | None = None, *, hashes: bool = True
    ) -> None:
        """Perceptual hashes are made anew with ``hashes``, and believed without."""
        self._executor = executor or Executor()
        self._pictures = pictures
        self._exchange = exchange
        self._hashes = hashes
        self._added: dict[str, str] = {}  # paths, and whose they are
        self._begun: list[_Part] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what no row names, once nothing is placed any more."""
        wait([each.placed for each in self._begun if not each.placed.cancel()])
        remove_unnamed(self._exchange, self._pictures, self._added)

    def place(self, archive: Archive, wanted: Sequence[Wanted]) -> list[Row | InvalidInput]:
        """Write the files of pictures, unless they are there; return the rows with the paths that these have here.

        In the place of a row stands what is wrong with a file that is no picture, or not as it was exported.
        """
        self.begin(archive, wanted)
        return self.finish()

    def begin(self, archive: Archive, wanted: Iterable[Wanted]) -> None:
        """Begin to place pictures. The archive is read when this returns; `finish` returns what `place` does."""
        rest = iter(wanted)
        while (part := self._read(archive, rest)) is not None:
            self._begun.append(part)

    def finish(self) -> list[Row | InvalidInput]:
        """Return what became of all that was begun."""
        rows: list[Row | InvalidInput] = []
        while self._begun:
            rows += self._rows(self._begun[0])
            del self._begun[0]
        # Of files that were there, too: whoever has written one may not have synced its name yet.
        self._sync(list({_folder(row) for row in rows if not isinstance(row, InvalidInput)}))
        return rows

    def _sync(self, folders: Sequence[str]) -> None:
        with disks.Disk(self._pictures.root) as disk:
            if len(folders) >= disks.MANY and disk.sync():
                return
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            deque(threads.map(self._pictures.sync, (folders[first::_AT_ONCE] for first in range(_AT_ONCE))), 0)

    def _read(self, archive: Archive, rest: Iterator[Wanted]) -> _Part | None:
        """Begin to place the next ones; None if there are none."""
        wanted: list[tuple[Wanted, Origin | InvalidInput]] = []
        files: list[Files] = []
        size = 0
        for each in rest:
            try:
                files.append(self._files(archive, each))
            except InvalidInput as error:
                wanted.append((each, error))
            else:
                wanted.append((each, files[-1].origin))
                size += len(files[-1].picture) + len(files[-1].thumbnail)
            if len(wanted) == _TOGETHER_MOST or size > _TOGETHER_BYTES_MOST:
                break
        if not wanted:
            return None
        return _Part(wanted, self._executor.submit(PlacePictures(self._pictures, files, self._added.__setitem__)))

    def _files(self, archive: Archive, wanted: Wanted) -> Files:
        avatar_id, row, files = wanted
        picture, thumbnail = (archive.read(files[name], PICTURE_BYTES_MOST) for name in ("picture", "thumbnail"))
        origin = Origin(
            avatar_id,
            _stem(avatar_id, str(row["image_path"])),
            files["picture"],
            files["picture_sha256"],
            files["thumbnail"],
            files["thumbnail_sha256"],
            hashed_file(row) if self._hashes else None,
        )
        return Files(origin, picture, thumbnail)

    @staticmethod
    def _rows(part: _Part) -> Iterator[Row | InvalidInput]:
        placed = iter(part.placed.result())
        for wanted, origin in part.wanted:
            if isinstance(origin, InvalidInput):
                yield origin
                continue
            match next(placed):
                case InvalidInput() as wrong:
                    yield wrong
                case Placed(image_path, thumbnail_path, measures):
                    row = measured(wanted.row, measures, is_hashed=origin.hashed is not None)
                    yield row | {"image_path": image_path, "thumbnail_path": thumbnail_path}

    def note_named(self, rows: Iterable[Row]) -> None:
        """Know which rows name files by now: these are not looked up any more."""
        for row in rows:
            self._added.pop(row["image_path"], None)
            self._added.pop(row["thumbnail_path"], None)

    def are_there(self, row: Row) -> bool:
        """Return whether a row has its files: whoever ended early may have removed them meanwhile."""
        return all(self._pictures.has(str(row[name])) for name in ("image_path", "thumbnail_path"))


def remove_unnamed(exchange: Exchange, pictures: PictureStore, added: Mapping[str, str]) -> None:
    """Remove those of the files, each with the avatar whose it is, that no row names.

    Nobody adds a row meanwhile, and who does later sees that its files are gone.
    """
    if added:
        with suppress(AvatarError), exchange.together():
            pictures.remove(*(added.keys() - exchange.paths_of(set(added.values()))))


def _folder(row: Row) -> str:
    return str(row["image_path"]).rpartition("/")[0]


def _stem(avatar_id: str, stored: str) -> str:
    """Return the name of a picture's files: the one that it had, unless no library of ours would have given it."""
    stem = PurePosixPath(stored).stem
    is_ours = stem.startswith(avatar_id) and len(stem) <= _STEM_LONGEST and _IN_STEMS.issuperset(stem)
    return stem if is_ours else avatar_id
