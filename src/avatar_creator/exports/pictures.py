"""The files of one avatar in an export: written by any thread, several avatars at once."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from avatar_creator.archives.layout import ORIGINALS, REJECTS, THUMBNAILS, VERSIONS, AvatarRecord, RejectRecord
from avatar_creator.archives.writing import Target
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.framing import middle_of_drawing
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.records import Avatar
from avatar_creator.engines.table import draws
from avatar_creator.errors import StorageError
from avatar_creator.exports.delivery import Delivery
from avatar_creator.exports.made import Made, MadeFiles, recipe_of
from avatar_creator.exports.manifest import Entry
from avatar_creator.storage.exchange import AvatarRows, Row
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.renditions import Rendition, Wanted, render


class Exported(NamedTuple):
    """What became of an avatar: the names of its files, the largest first; not ``written`` when they were there."""

    avatar: Avatar
    files: tuple[str, ...]
    written: bool
    is_smaller: bool = False  # than it was asked for, as pictures are never enlarged
    error: StorageError | None = None  # its picture cannot be read

    @property
    def id(self) -> str:
        return self.avatar.id

    @property
    def file(self) -> str:
        return self.files[0]

    def as_json(self) -> dict[str, Any]:
        first = {"id": self.id, "name": self.avatar.name, "file": self.file, "written": self.written}
        return {**first, "files": list(self.files)}


class Job(NamedTuple):
    """An avatar whose files are to be written under these names."""

    avatar: Avatar
    rows: AvatarRows
    files: Sequence[str]


class Written(NamedTuple):
    """What was written of it: its line in the manifests, its record, and what was made of its picture."""

    exported: Exported
    entry: Entry | None = None
    record: AvatarRecord | None = None
    made: Sequence[Made] = ()


class _Files(NamedTuple):
    """A picture and its thumbnail, as the library has them."""

    row: Row
    picture: bytes
    thumbnail: bytes


class PictureWriter:
    """Writes the files of avatars to a target."""

    def __init__(
        self, pictures: PictureStore, target: Target, delivery: Delivery, made_files: MadeFiles | None
    ) -> None:
        self._pictures = pictures
        self._target = target
        self._delivery = delivery
        self._files = made_files

    def write(self, job: Job) -> Written:
        """Raises StorageError when the target refuses what is written."""
        files = tuple(job.files)
        try:
            stored = [self._read(row) for row in self._stored_rows(job.rows)]
            picture = stored[0].picture if stored else self._picture(job.rows.avatar)
            made, new = self._made(job.avatar, files, picture)
        except StorageError as error:
            return Written(Exported(job.avatar, files, written=False, error=error))
        written = False
        for each, rendition in new:
            written |= self._target.put(each.file, rendition.data)
            if self._files is not None:
                self._files.add(each)
        record = None
        if stored:
            placed = [self._put(files[0], number, each) for number, each in enumerate(stored)]
            written |= any(is_new for is_new, _ in placed)
            record = AvatarRecord(*job.rows, [names for _, names in placed])
        wanted = self._delivery.wanted
        is_smaller = any(each.width_px < size for each, size in zip(made, wanted.sizes if wanted else (), strict=False))
        preview = record.files[0]["thumbnail"] if record else files[-1]
        entry = Entry(job.avatar, files, preview, made[0] if made else None)
        return Written(Exported(job.avatar, files, written, is_smaller), entry, record, made)

    def write_reject(self, row: Row) -> RejectRecord | StorageError:
        """Return the record of a reject, or why its picture cannot be read. Raises StorageError as `write`."""
        try:
            files = self._read(row)
        except StorageError as error:
            return error
        name, thumbnail = (f"{REJECTS}/{_name(row[column])}" for column in ("image_path", "thumbnail_path"))
        self._target.put(name, files.picture)
        self._target.put(thumbnail, files.thumbnail)
        return RejectRecord(row, [_named(name, thumbnail, files)])

    def _stored_rows(self, rows: AvatarRows) -> Sequence[Row]:
        return (rows.avatar, *rows.versions) if self._delivery.records else ()

    def _made(
        self, avatar: Avatar, files: Sequence[str], picture: bytes
    ) -> tuple[list[Made], list[tuple[Made, Rendition]]]:
        """Return what is, or is to be, made of a picture, and what of that is not there yet. Raises StorageError."""
        wanted, made_files = self._delivery.wanted, self._files
        if wanted is None or made_files is None:
            return [], []
        wanted = wanted_of(avatar, wanted)
        sha256 = _sha256(picture)
        sizes: Sequence[int | None] = wanted.sizes or (None,)
        recipes = [recipe_of(sha256, wanted, size) for size in sizes]
        found = [made_files.find(file, recipe) for file, recipe in zip(files, recipes, strict=True)]
        lacking = [at for at, made in enumerate(found) if made is None]
        if not lacking:
            return [made for made in found if made], []
        renditions = render(picture, wanted)  # in all sizes: how it is decoded, and so its pixels, follows from them
        new = {at: (_of(files[at], recipes[at], renditions[at]), renditions[at]) for at in lacking}
        return [made or new[at][0] for at, made in enumerate(found)], list(new.values())

    def _put(self, file: str, number: int, files: _Files) -> tuple[bool, dict[str, str]]:
        """Write a picture as the library has it; return whether it is new, and what its record says of it."""
        name, preview = (
            f"{VERSIONS}/{_name(files.row['image_path'])}",
            f"{THUMBNAILS}/{_name(files.row['thumbnail_path'])}",
        )
        if number == 0:
            name = file if self._delivery.wanted is None else f"{ORIGINALS}/{_name(files.row['image_path'])}"
        written = self._target.put(name, files.picture)
        self._target.put(preview, files.thumbnail)
        return written and self._delivery.wanted is None, _named(name, preview, files)

    def _read(self, row: Row) -> _Files:
        thumbnail = read_stored(self._path(row["thumbnail_path"]), row["thumbnail_bytes"])
        return _Files(row, self._picture(row), thumbnail)

    def _picture(self, row: Row) -> bytes:
        sha256 = json.loads(row["record"])["sha256"] if "record" in row else row["sha256"]
        return read_stored(self._path(row["image_path"]), row["bytes"], sha256)

    def _path(self, stored: str) -> Path:
        return self._pictures.path(stored)


def wanted_of(avatar: Avatar, wanted: Wanted) -> Wanted:
    """Return what an avatar's picture is to become: of a drawing, its figure is known to be there."""
    is_drawing = avatar.drawn is not None or draws(avatar.engine)
    return wanted._replace(middle=middle_of_drawing(avatar.width_px, avatar.height_px)) if is_drawing else wanted


def format_of(avatar: Avatar, wanted: Wanted | None) -> PictureFormat:
    """Return the format of an avatar's files."""
    return PictureFormat(avatar.format) if wanted is None else wanted.format_of(avatar.format)


def _of(file: str, recipe: str, rendition: Rendition) -> Made:
    return Made(file, _sha256(rendition.data), rendition.width_px, rendition.height_px, recipe)


def read_stored(path: Path, size: int, sha256: str | None = None) -> bytes:
    """Return a stored file. Raises StorageError for one that is gone, cannot be read, or is not what was saved."""
    try:
        data = read_regular(path, size)
    except OSError as error:
        raise _damaged(f"The file {path} cannot be read: {error.strerror}.") from error
    if len(data) != size:
        found = len(data) if len(data) < size else f"more than {size}"
        raise _damaged(f"The file {path} has {found} bytes instead of {size}.")
    if sha256 is not None and _sha256(data) != sha256:
        raise _damaged(f"The file {path} has other bytes than were saved.")
    return data


def _damaged(said: str) -> StorageError:
    return StorageError(said, hint="Run: avatar verify")


def _named(name: str, thumbnail: str, files: _Files) -> dict[str, str]:
    """Return what a record says of the files of a picture."""
    sha256 = {"picture_sha256": _sha256(files.picture), "thumbnail_sha256": _sha256(files.thumbnail)}
    return {"picture": name, "thumbnail": thumbnail, **sha256}


def _name(stored: str) -> str:
    return PurePosixPath(stored).name


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
