"""An archive of another library, taken into this one: what is here stays, and what is new is added."""

import hashlib
import re
from collections.abc import Generator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from avatar_creator.archives.layout import PICTURE_BYTES_MOST, RECORDS, AvatarRecord
from avatar_creator.archives.reading import Archive
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.imports.records import End, PresetLine, ProjectLine, read_lines
from avatar_creator.storage.exchange import AvatarRows, Exchange, Row
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures import containers
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.queries import Queries

_RECORDS_BYTES_MOST = 2 * 2**30
_STEM = re.compile(r"[0-9a-z_-]{1,100}", re.ASCII)


class Result(StrEnum):
    """What became of an avatar of an archive."""

    NEW = "new"
    COMPLETED = "completed"  # it was here, and got pictures, uses or tags that it lacked
    KNOWN = "known"  # it was here with all of that


class Imported(NamedTuple):
    """An avatar of an archive; ``notices`` say what is otherwise here, a sentence each."""

    id: str
    name: str
    result: Result
    notices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return self._asdict() | {"notices": list(self.notices)}


class LibraryImport:
    """Adds what archives have. Each avatar is added whole or not at all; killed, the same command goes on."""

    def __init__(self, exchange: Exchange, queries: Queries, pictures: PictureStore, runners: Path) -> None:
        self._exchange = exchange
        self._queries = queries
        self._pictures = pictures
        self._runners = runners

    def run(self, archive: Archive, said: str) -> Generator[Imported, None, None]:
        """Yield each avatar as it is taken. Raises InvalidInput for an archive that is none, or is damaged.

        All records are checked before anything is written.
        """
        records = archive.read(RECORDS, _RECORDS_BYTES_MOST)
        named = f"{said}: {RECORDS}"
        for _ in read_lines(records, named):
            pass
        projects: dict[str, str] = {}
        with ProcessLock(self._runners):  # as long as it lives, the doctor leaves files without a row alone
            for line in read_lines(records, named):
                match line:
                    case ProjectLine():
                        projects[line.project["id"]] = self._take_project(line)
                    case PresetLine():
                        self._exchange.add_presets([line.preset])
                    case AvatarRecord():
                        yield self._take(archive, line, projects)
                    case End():
                        return

    def _take_project(self, line: ProjectLine) -> str:
        """Return the id that a project has here: its own, or that of the one that has its name."""
        for known in (line.project["id"], line.project["name"]):
            try:
                id_ = self._queries.get_project(known).id
                break
            except NotFound:
                continue
        else:
            id_ = line.project["id"]
            self._exchange.add_project(line.project)
        self._exchange.add_casts([{**cast, "project_id": id_} for cast in line.casts])
        return id_

    def _take(self, archive: Archive, record: AvatarRecord, projects: Mapping[str, str]) -> Imported:
        rows = self._at_home(record, projects)
        id_, name = rows.avatar["id"], rows.avatar["name"]
        taken = self._exchange.taken([rows])
        if id_ in taken.pictures:
            return self._complete(archive, record, rows, taken.pictures[id_])
        same = taken.originals.get((rows.avatar["project_id"], rows.avatar.get("original_sha256") or ""))
        if same is not None:
            said = f"{name} ({id_}) is of the same file as {same}, which is here."
            return Imported(id_, name, Result.KNOWN, (said,))
        notices: tuple[str, ...] = ()
        if (rows.avatar["project_id"], rows.avatar.get("persona_id")) in taken.persona_ids:
            said = (
                f"Another avatar here is of the row {shown(rows.avatar['persona_id'])}: {name} ({id_}) is not any more."
            )
            rows, notices = rows._replace(avatar={**rows.avatar, "persona_id": None}), (said,)
        placed = [self._placed(archive, rows, row, files) for row, files in _pictures(rows, record)]
        self._exchange.add(rows._replace(avatar=placed[0], versions=placed[1:]))
        return Imported(id_, name, Result.NEW, notices)

    def _complete(self, archive: Archive, record: AvatarRecord, rows: AvatarRows, known: frozenset[str]) -> Imported:
        """Add to an avatar that is here the pictures, uses and tags that it lacks."""
        lacking = [
            self._placed(archive, rows, row, files)
            for row, files in _pictures(rows, record)
            if files["picture_sha256"] not in known
        ]
        versions = [row if "record" in row else self._exchange.as_version(row) for row in lacking]
        added = self._exchange.add_to(rows, versions)
        return Imported(rows.avatar["id"], rows.avatar["name"], Result.COMPLETED if added else Result.KNOWN)

    def _at_home(self, record: AvatarRecord, projects: Mapping[str, str]) -> AvatarRows:
        source = record.avatar["project_id"]
        if source not in projects:
            raise InvalidInput(f"The project {shown(source)} of {record.avatar['id']} is not in the archive.")
        own = {"project_id": projects[source]}
        versions = [{**version, **own} for version in record.versions]
        return AvatarRows({**record.avatar, **own}, versions, record.tags, record.uses)

    def _placed(self, archive: Archive, rows: AvatarRows, row: Row, files: Mapping[str, str]) -> dict[str, object]:
        """Write the files of a picture, and return its row with the paths that they have here."""
        picture = _content(archive, files["picture"], files["picture_sha256"])
        thumbnail = _content(archive, files["thumbnail"], files["thumbnail_sha256"])
        found = containers.sniff(picture)
        if found is None or containers.sniff(thumbnail) is None:
            raise InvalidInput(f"{shown(files['picture'])} is no picture.", hint="Export it once more.")
        name = _stem(rows.avatar["id"], str(row["image_path"]), files["picture_sha256"])
        image_path, thumbnail_path = self._pictures.put(name, PictureFormat(found).extension, picture, thumbnail)
        sizes = {"bytes": len(picture), "thumbnail_bytes": len(thumbnail)}
        return {**row, "image_path": image_path, "thumbnail_path": thumbnail_path, **sizes}


def _pictures(rows: AvatarRows, record: AvatarRecord) -> Sequence[tuple[Row, Mapping[str, str]]]:
    """Return the rows of all pictures of an avatar with their files, the current one's first."""
    return list(zip((rows.avatar, *rows.versions), record.files, strict=True))


def _stem(avatar_id: str, stored: str, sha256: str) -> str:
    """Return the name of a picture's files: the one that it had, unless no library of ours would have given it."""
    stem = PurePosixPath(stored).stem
    is_ours = stem.startswith(avatar_id) and _STEM.fullmatch(stem) is not None
    return stem if is_ours else f"{avatar_id}-{sha256[:8]}"


def _content(archive: Archive, name: str, sha256: str) -> bytes:
    data = archive.read(name, PICTURE_BYTES_MOST)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InvalidInput(
            f"{shown(name)} is not as it was exported: its SHA-256 is another.", hint="Export or copy it once more."
        )
    return data
