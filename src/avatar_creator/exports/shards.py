"""What was made of a shard, as one TAR file that is written from begin to end, and is whole or not there.

No picture is a file beside it on its way there: the disks that clusters share are slow with many small files.
"""

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from avatar_creator._version import __version__
from avatar_creator.archives.layout import RECORDS, REJECTS, THUMBNAILS, AvatarRecord, Head, RejectRecord
from avatar_creator.exports.made import line
from avatar_creator.exports.pictures import read_stored
from avatar_creator.home import sync_folder
from avatar_creator.shards.layout import (
    FAILED,
    PICTURES,
    RESULT,
    SHARD,
    SHARD_FORMAT,
    VERSION,
    FailedPicture,
    ShardHead,
    ShardResult,
)
from avatar_creator.storage.durable import opened_beside, put_over, refused
from avatar_creator.storage.exchange import SCHEMA, AvatarRows, Exchange, Row
from avatar_creator.storage.pictures.images import PictureStore

_ANY_FILE = 0o666  # less the umask
_PORTION = 200  # rejects in memory
_SPOOLED_MOST = 2**20  # bytes of a list in memory


class _List:
    """A list of lines, on its way into the file behind the pictures; a long one is kept in a folder till then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        spooled = tempfile.SpooledTemporaryFile(_SPOOLED_MOST, dir=str(folder))  # noqa: SIM115 - `close` does
        self._file = cast("BinaryIO", spooled)
        self._hash = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def add(self, values: Mapping[str, Any]) -> None:
        data = line(values)
        self._hash.update(data)
        try:
            self._file.write(data)
        except OSError as error:
            raise refused("written", self._folder, error) from error
        self.bytes += len(data)

    def opened(self) -> BinaryIO:
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        self._file.close()


class ShardTar:
    """A TAR file that is being written."""

    def __init__(self, tar: tarfile.TarFile, exchange: Exchange, pictures: PictureStore, lists: Path) -> None:
        self._tar = tar
        self._exchange = exchange
        self._pictures = pictures
        self._records, self._failed = _List(lists), _List(lists)
        self._made = self._rejects = self._failures = 0
        self._projects: set[str] = set()
        self._records.add(Head(SCHEMA, __version__).as_json())

    def begin(self, head: ShardHead) -> None:
        self._put(SHARD, line({"format": SHARD_FORMAT, "version": VERSION, **head._asdict()}))

    def add(self, rows: Iterable[AvatarRows]) -> None:
        """Add avatars with their files. Raises StorageError for one whose files are damaged."""
        for each in rows:
            self._add_project(each.avatar["project_id"])
            files = self._files(each.avatar, PICTURES, THUMBNAILS)
            self._records.add(AvatarRecord(each.avatar, (), each.tags, each.uses, [files]).as_json())
            self._made += 1

    def add_failed(self, failed: FailedPicture) -> None:
        self._failed.add(failed._asdict())
        self._failures += 1

    def add_rejects(self) -> None:
        """Add all pictures that did not pass their check: they may be paid for."""
        ids = [each.id for each in self._exchange.find_rejects()]
        for first in range(0, len(ids), _PORTION):
            for row in self._exchange.read_rejects(ids[first : first + _PORTION]):
                self._add_project(row["project_id"])
                self._records.add(RejectRecord(row, [self._files(row, REJECTS, REJECTS)]).as_json())
                self._rejects += 1

    def finish(self) -> ShardResult:
        self._records.add({"kind": "end", "avatars": self._made, "rejects": self._rejects})
        result = ShardResult(self._made, self._failures, self._records.sha256, self._failed.sha256)
        self._copy(RECORDS, self._records)
        self._copy(FAILED, self._failed)
        self._put(RESULT, line(result._asdict()))
        return result

    def close(self) -> None:
        self._records.close()
        self._failed.close()

    def _add_project(self, id_: str) -> None:
        if id_ not in self._projects:
            self._projects.add(id_)
            for project, _ in self._exchange.read_projects([id_]):
                self._records.add({"kind": "project", "project": project, "casts": []})

    def _files(self, row: Row, folder: str, folder_of_thumbnails: str) -> dict[str, str]:
        """Add the two files of a row; return what its record says of them."""
        sha256 = json.loads(row["record"])["sha256"] if "record" in row else row["sha256"]
        picture = read_stored(self._pictures.path(row["image_path"]), row["bytes"], sha256)
        thumbnail = read_stored(self._pictures.path(row["thumbnail_path"]), row["thumbnail_bytes"])
        names = [
            f"{where}/{PurePosixPath(row[column]).name}"
            for where, column in ((folder, "image_path"), (folder_of_thumbnails, "thumbnail_path"))
        ]
        for name, data in zip(names, (picture, thumbnail), strict=True):
            self._put(name, data)
        return {
            "picture": names[0],
            "thumbnail": names[1],
            "picture_sha256": sha256,
            "thumbnail_sha256": hashlib.sha256(thumbnail).hexdigest(),
        }

    def _put(self, name: str, data: bytes) -> None:
        self._write(name, len(data), io.BytesIO(data))

    def _copy(self, name: str, lines: _List) -> None:
        self._write(name, lines.bytes, lines.opened())

    def _write(self, name: str, size: int, file: BinaryIO) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o644
        self._tar.addfile(entry, file)
        self._tar.members = []  # type: ignore[attr-defined]  # they would fill the memory


@contextmanager
def shard_tar(path: Path, exchange: Exchange, pictures: PictureStore, lists: Path) -> Iterator[ShardTar]:
    """Write a TAR file, which takes its place when it is whole; ``lists`` is a folder for its long lists till then.

    Raises StorageError when a disk refuses it.
    """
    try:
        with opened_beside(path, _ANY_FILE) as (new, file):
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                made = ShardTar(tar, exchange, pictures, lists)
                try:
                    yield made
                finally:
                    made.close()
            put_over(new, file, path)
        sync_folder(path.parent)
    except OSError as error:
        raise refused("written", path, error) from error
