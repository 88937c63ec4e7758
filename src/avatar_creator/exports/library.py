"""Avatars as an archive from which a library can be made again: pictures, a manifest, and all rows."""

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from avatar_creator._version import __version__
from avatar_creator.archives.layout import RECORDS, THUMBNAILS, VERSIONS, AvatarRecord, Head
from avatar_creator.archives.writing import Target
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import StorageError
from avatar_creator.exports.manifest import FORMATS, Entry
from avatar_creator.exports.names import Names
from avatar_creator.storage.exchange import SCHEMA, AvatarRows, Exchange, Row
from avatar_creator.storage.pictures.images import PictureStore

_PORTION = 200  # avatars whose rows are read together


class Exported(NamedTuple):
    """What became of an avatar: the name of its file; not ``written`` when it was there already."""

    avatar: Avatar
    file: str
    written: bool
    error: StorageError | None = None  # its picture cannot be read

    @property
    def id(self) -> str:
        return self.avatar.id

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.avatar.name, "file": self.file, "written": self.written}


class LibraryExport:
    """Writes avatars to a target. A manifest is a file with the name of its format behind the dot."""

    def __init__(self, exchange: Exchange, pictures: PictureStore, target: Target, *, manifests: Sequence[str]) -> None:
        self._exchange = exchange
        self._pictures = pictures
        self._target = target
        self._manifests = manifests

    def run(
        self, avatars: Iterable[Avatar], names: Names, *, is_whole: bool = False
    ) -> Generator[Exported, None, None]:
        """Yield each as it is written; ``is_whole``: all of a library, with presets that nobody uses.

        One whose files are damaged or gone is left out, and says so. Raises StorageError when the target refuses what
        is written.
        """
        with ExitStack() as until:
            lines = _Lines(until.enter_context(self._target.opened(RECORDS)))
            manifests = [(FORMATS[name], until.enter_context(self._opened(name))) for name in self._manifests]
            lines.add(Head(SCHEMA, __version__).as_json())
            lines.add_presets(self._exchange.read_presets() if is_whole else ())
            count, waiting = 0, iter(avatars)
            while portion := list(islice(waiting, _PORTION)):
                rows = {each.avatar["id"]: each for each in self._exchange.read([avatar.id for avatar in portion])}
                lines.add_projects(self._exchange.read_projects(dict.fromkeys(each.project_id for each in portion)))
                used = {avatar.preset for avatar in portion if avatar.preset is not None}
                lines.add_presets(self._exchange.read_presets(used) if used else ())
                for avatar in portion:
                    if avatar.id not in rows:
                        continue  # it was deleted meanwhile
                    outcome, record = self._put(avatar, rows[avatar.id], names.of(avatar))
                    if record is not None:
                        lines.add(record.as_json())
                        for format_, file in manifests:
                            file.write(format_.line(Entry(avatar, outcome.file).as_json()).encode(errors="replace"))
                        count += 1
                    yield outcome
            lines.add({"kind": "end", "avatars": count})
            for format_, file in manifests:
                file.write(format_.tail.encode())
        self._target.finish()

    @contextmanager
    def _opened(self, name: str) -> Iterator[BinaryIO]:
        with self._target.opened(f"manifest.{name}") as file:
            file.write(FORMATS[name].head.encode())
            yield file

    def _put(self, avatar: Avatar, rows: AvatarRows, file: str) -> tuple[Exported, AvatarRecord | None]:
        try:
            contents = [self._read(row) for row in (rows.avatar, *rows.versions)]
        except StorageError as error:
            return Exported(avatar, file, written=False, error=error), None
        written, files = False, []
        for number, (row, (picture, thumbnail)) in enumerate(zip((rows.avatar, *rows.versions), contents, strict=True)):
            name = file if not number else f"{VERSIONS}/{_name(row['image_path'])}"
            preview = f"{THUMBNAILS}/{_name(row['thumbnail_path'])}"
            written |= self._target.put(name, picture)
            self._target.put(preview, thumbnail)
            sha256 = {"picture_sha256": _sha256(picture), "thumbnail_sha256": _sha256(thumbnail)}
            files.append({"picture": name, "thumbnail": preview, **sha256})
        return Exported(avatar, file, written), AvatarRecord(*rows, files)

    def _read(self, row: Row) -> tuple[bytes, bytes]:
        picture, thumbnail = (self._pictures.path(row[name]) for name in ("image_path", "thumbnail_path"))
        return _bytes(picture), _bytes(thumbnail)


class _Lines:
    """The file of records; a project and a preset have one line, however often they are added."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._added: set[str] = set()

    def add(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n")

    def add_projects(self, projects: Iterable[tuple[Row, Sequence[Row]]]) -> None:
        for project, casts in projects:
            self._add_once(project["id"], {"kind": "project", "project": project, "casts": casts})

    def add_presets(self, presets: Iterable[Row]) -> None:
        for preset in presets:
            self._add_once(preset["name"], {"kind": "preset", "preset": preset})

    def _add_once(self, key: str, line: Mapping[str, Any]) -> None:
        if key not in self._added:
            self._added.add(key)
            self.add(line)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"The file {path} cannot be read: {error.strerror}.", hint="Run: avatar doctor") from error


def _name(stored: str) -> str:
    return PurePosixPath(stored).name


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
