"""Avatars made again of their picture files: in the home whose database is lost, or of a folder of pictures."""

import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.files import remove_unnamed
from avatar_creator.imports.pictures import PictureFile, named, read_file, row_of
from avatar_creator.processes import cores
from avatar_creator.storage import ids
from avatar_creator.storage.exchange import Exchange, Row
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures import containers
from avatar_creator.storage.pictures.images import PictureStore, StoredPicture

_PORTION = 50
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_THUMBNAIL = ".thumb.jpg"
_THUMBNAIL_BYTES_MOST = 2**20


class Result(StrEnum):
    """What became of a picture file."""

    NEW = "new"
    COMPLETED = "completed"  # another picture of an avatar that is here
    KNOWN = "known"
    LEFT = "left"


class Reindexed(NamedTuple):
    """A picture file, and its avatar; ``reason`` says why one was left."""

    file: Path
    id: str | None
    name: str | None
    result: Result
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"file": str(self.file)}


class _Found(NamedTuple):
    """A file that was read, or why it is left; ``whose`` picture it is by its place in the home, and which one."""

    path: Path
    file: PictureFile | None = None
    reason: str | None = None
    whose: tuple[str, int] | None = None


class Reindexer:
    """Adds what picture files say of themselves. What is here stays as it is."""

    def __init__(self, exchange: Exchange, pictures: PictureStore, runners: Path) -> None:
        self._exchange = exchange
        self._pictures = pictures
        self._runners = runners

    def run(self, folder: Path, project_id: str) -> Generator[Reindexed, None, None]:
        """Yield each picture file below a folder, in the order of their names, as it is taken.

        Raises InvalidInput for what is no folder.
        """
        if not folder.is_dir():
            raise InvalidInput(f"'{visible(str(folder))}' is no folder.", hint="Name a folder with pictures in it.")
        paths = _pictures(folder)
        with ProcessLock(self._runners), ThreadPoolExecutor(cores.count()) as pool:
            while portion := list(islice(paths, _PORTION)):
                yield from self._take(list(pool.map(self._read, portion)), project_id)

    def _read(self, path: Path) -> _Found:
        try:
            relative = path.resolve().relative_to(self._pictures.root.resolve()).as_posix()
        except ValueError:
            relative = None
        whose = named(path.stem)
        if relative is None:
            whose = None
        elif whose is None or relative != self._pictures.relative(path.stem, path.suffix):
            return _Found(path, reason="It is not where avatar puts pictures: move it elsewhere, and reindex that.")
        try:
            return _Found(path, read_file(path, as_it_is=whose is not None), whose=whose)
        except InvalidInput as error:
            return _Found(path, reason=error.message)
        except OSError as error:
            return _Found(path, reason=f"It cannot be read: {error.strerror}.")

    def _take(self, found: Sequence[_Found], project_id: str) -> list[Reindexed]:
        """Add avatars: their files while others may write, then all rows in one transaction."""
        added: dict[str, str] = {}
        try:
            known = self._known(found, project_id)
            rows = {
                each.path: self._placed(each.file, each.whose, project_id, added)
                for each in found
                if each.file is not None and not _is_known(each, known)
            }
            self._pictures.sync({path.rpartition("/")[0] for path in added})
            with self._exchange.together():
                known = self._known(found, project_id)  # as it is now that nobody else writes
                return [self._add(each, rows.get(each.path), known) for each in found]
        finally:
            remove_unnamed(self._exchange, self._pictures, added)

    def _known(self, found: Sequence[_Found], project_id: str) -> dict[str, str]:
        """Return the avatars that have pictures with the SHA-256 of these files, or were made of these."""
        files = [each.file for each in found if each.file is not None]
        originals = [file.original_sha256 for file in files]
        known = self._exchange.find_pictures([file.picture.sha256 for file in files])
        return self._exchange.find_originals(project_id, originals) | known

    def _add(self, found: _Found, row: Row | None, known: dict[str, str]) -> Reindexed:
        if found.file is None:
            return Reindexed(found.path, None, None, Result.LEFT, found.reason)
        here = _whose(found, known)
        if _is_known(found, known) or row is None:
            return Reindexed(found.path, here, here and self._exchange.name_of(here), Result.KNOWN)
        if here is not None:  # the same upload is in the project already, under another id
            row = {**row, "original_sha256": None}
        known.update(dict.fromkeys((found.file.picture.sha256, found.file.original_sha256), str(row["id"])))
        is_new = self._exchange.add_picture(row)
        name = self._exchange.name_of(row["id"])
        return Reindexed(found.path, row["id"], name, Result.NEW if is_new else Result.COMPLETED)

    def _placed(self, file: PictureFile, whose: tuple[str, int] | None, project_id: str, added: dict[str, str]) -> Row:
        """Have both files of a picture there, and return its row."""
        if whose is not None:
            stored = self._stored(file, file.path.stem, file.path.suffix, self._beside(file), whose[0], added)
            row = row_of(file, stored, whose[0], project_id, self._exchange.tables)
            return {**row, "version": whose[1]}
        by_name = named(file.path.stem)
        if by_name is not None and by_name[1] == 1 and self._exchange.name_of(by_name[0]) is None:
            avatar_id = by_name[0]
        else:
            avatar_id = ids.new_id(ids.AVATAR)
        suffix = f".{file.picture.format.extension}"
        try:
            stored = self._stored(file, avatar_id, suffix, file.picture.thumbnail, avatar_id, added)
        except FileExistsError:  # files of one that was deleted, maybe
            avatar_id = ids.new_id(ids.AVATAR)
            stored = self._stored(file, avatar_id, suffix, file.picture.thumbnail, avatar_id, added)
        return row_of(file, stored, avatar_id, project_id, self._exchange.tables)

    def _beside(self, file: PictureFile) -> bytes:
        """Return the thumbnail that stands beside a picture in the home; one that is none is made anew."""
        path = file.path.with_name(f"{file.path.stem}{_THUMBNAIL}")
        with suppress(OSError):
            there = read_regular(path, _THUMBNAIL_BYTES_MOST)
            if len(there) <= _THUMBNAIL_BYTES_MOST and containers.sniff(there) is PictureFormat.JPEG:
                return there
            path.unlink()
        return file.picture.thumbnail

    def _stored(
        self, file: PictureFile, stem: str, suffix: str, thumbnail: bytes, avatar_id: str, added: dict[str, str]
    ) -> StoredPicture:
        picture = file.picture
        paths = self._pictures.put(
            stem, suffix.removeprefix("."), picture.data, thumbnail, added=lambda path: added.update({path: avatar_id})
        )
        return StoredPicture(
            *paths,
            picture.format,
            picture.width_px,
            picture.height_px,
            len(picture.data),
            len(thumbnail),
            picture.sha256,
            picture.perceptual_hash,
        )


def _whose(found: _Found, known: dict[str, str]) -> str | None:
    assert found.file is not None  # noqa: S101 - it was read
    return known.get(found.file.picture.sha256) or known.get(found.file.original_sha256)


def _is_known(found: _Found, known: dict[str, str]) -> bool:
    """Return whether a file is a picture of an avatar that is here: in the home, of the one that its name says."""
    here = _whose(found, known)
    return here is not None and (found.whose is None or found.whose[0] == here)


def _pictures(folder: Path) -> Iterator[Path]:
    """Yield the picture files below a folder, but for thumbnails of others and hidden ones; links are not followed."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        there = {Path(name).stem for name in files if not name.endswith(_THUMBNAIL)}
        for name in sorted(files):
            path = Path(root, name)
            is_thumbnail = name.endswith(_THUMBNAIL) and name.removesuffix(_THUMBNAIL) in there
            is_picture = path.suffix.lower() in _SUFFIXES and not name.startswith(".") and not is_thumbnail
            if is_picture and not path.is_symlink():
                yield path
