"""An archive of another library, taken into this one: what is here stays, and what is new is added."""

import json
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from avatar_creator.archives.layout import RECORD_BYTES_MOST, RECORDS, AvatarRecord, RejectRecord
from avatar_creator.archives.reading import Archive
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.files import PlacedFiles, Wanted
from avatar_creator.imports.lines import Line, PresetLine, ProjectLine
from avatar_creator.imports.records import read_lines
from avatar_creator.imports.rejects import RejectImport, rejects_of
from avatar_creator.imports.results import Imported, Result
from avatar_creator.storage.exchange import AvatarRows, Exchange, Row, Taken
from avatar_creator.storage.liveness import ProcessLock
from avatar_creator.storage.pictures.images import PictureStore

_PORTION = 100  # avatars whose rows are added together, once all their files are there


class _Coming(NamedTuple):
    """An avatar that is taken in, and those rows of its pictures, by their number, whose files are placed.

    ``wrong`` is what is wrong with files of it.
    """

    record: AvatarRecord
    placed: dict[int, Row]
    wrong: list[InvalidInput]


class LibraryImport:
    """Adds what archives have. Each avatar is added whole or not at all; killed, the same command goes on."""

    def __init__(self, exchange: Exchange, pictures: PictureStore, runners: Path) -> None:
        self._exchange = exchange
        self._pictures = pictures
        self._runners = runners
        self._rejects = RejectImport(exchange, pictures)

    def run(self, archive: Archive, *, on_checked: Callable[[int], None]) -> Generator[Imported, None, None]:
        """Yield each avatar, and then each reject, as it is taken, or left out because a file of it is damaged.

        Raises InvalidInput for an archive that is none, or whose records are damaged. All records are checked before
        anything is written; ``on_checked`` gets how many there are.
        """
        archive = archive.within(RECORDS)
        kinds = Counter(type(line) for line in self._lines(archive))
        on_checked(kinds[AvatarRecord] + kinds[RejectRecord])
        with ProcessLock(self._runners):  # as long as it lives, the doctor leaves files without a row alone
            projects: dict[str, str] = {}
            coming = self._coming(archive, projects)
            while portion := list(islice(coming, _PORTION)):
                yield from self._take(archive, portion)
            rejects = rejects_of(self._lines(archive), projects) if kinds[RejectRecord] else iter(())
            while some := list(islice(rejects, _PORTION)):
                yield from self._rejects.take(archive, some)

    def _lines(self, archive: Archive) -> Iterator[Line]:
        return read_lines(
            archive.lines(RECORDS, RECORD_BYTES_MOST), f"{archive.said}: {RECORDS}", self._exchange.tables
        )

    def _coming(self, archive: Archive, projects: dict[str, str]) -> Iterator[_Coming]:
        """Yield avatars with the project that they have here, after what stands before them was added.

        ``projects`` gets the ids that projects have here, by those that they have in the archive.
        """
        for line in self._lines(archive):
            match line:
                case ProjectLine(project, casts):
                    id_ = projects[project["id"]] = self._exchange.add_project(project)
                    self._exchange.add_casts([{**cast, "project_id": id_} for cast in casts])
                case PresetLine(preset):
                    self._exchange.add_presets([preset])
                case AvatarRecord():
                    here = {"project_id": projects[line.avatar["project_id"]]}
                    versions = [{**version, **here} for version in line.versions]
                    yield _Coming(line._replace(avatar={**line.avatar, **here}, versions=versions), {}, [])

    def _take(self, archive: Archive, portion: Sequence[_Coming]) -> list[Imported]:
        """Add avatars: their files while others may write, then all rows in one transaction."""
        with PlacedFiles(self._pictures, self._exchange) as files:
            self._place(archive, files, [(each, self._exchange.taken(each.record.avatar)) for each in portion])
            with self._exchange.together():
                return [self._add(archive, files, each) for each in portion]

    @staticmethod
    def _place(archive: Archive, files: PlacedFiles, portion: Sequence[tuple[_Coming, Taken]]) -> None:
        """Have the files there of those pictures that are not here, of avatars with which nothing is wrong."""
        lacking = [
            (coming, number, row)
            for coming, taken in portion
            if not coming.wrong
            for number, row in enumerate((coming.record.avatar, *coming.record.versions))
            if _is_lacking(row, taken) and not (number in coming.placed and files.are_there(coming.placed[number]))
        ]
        if lacking:
            wanted = [Wanted(c.record.avatar["id"], row, c.record.files[number]) for c, number, row in lacking]
            for (coming, number, _), row in zip(lacking, files.place(archive, wanted), strict=True):
                if isinstance(row, InvalidInput):
                    coming.wrong.append(row)
                else:
                    coming.placed[number] = row

    def _add(self, archive: Archive, files: PlacedFiles, coming: _Coming) -> Imported:
        record, placed, wrong = coming
        taken = self._exchange.taken(record.avatar)  # as it is now that nobody else writes
        self._place(archive, files, [(coming, taken)])
        id_, name = record.avatar["id"], record.avatar["name"]
        if wrong:
            said = f"{name} ({id_}) is left out: {wrong[0].message}"
            return Imported(id_, name, Result.DAMAGED, (said,))
        if taken.pictures is not None:
            lacking = [row for _, row in sorted(placed.items()) if _is_lacking(row, taken)]
            versions = [row if "record" in row else self._exchange.as_version(row) for row in lacking]
            added = self._exchange.add_to(AvatarRows(*record[:4]), versions)
            return Imported(id_, name, Result.COMPLETED if added else Result.KNOWN)
        if taken.of_same_file is not None:
            said = f"{name} ({id_}) is of the same file as {taken.of_same_file}, which is here."
            return Imported(id_, name, Result.KNOWN, (said,))
        avatar, notices = _alone(placed[0], taken)
        self._exchange.add(AvatarRows(avatar, [placed[n] for n in range(1, len(placed))], record.tags, record.uses))
        return Imported(id_, name, Result.NEW, notices)


def _alone(avatar: Row, taken: Taken) -> tuple[Row, tuple[str, ...]]:
    """Return the row of an avatar without what another one here is known by, and what is said of that."""
    named = f"{avatar['name']} ({avatar['id']})"
    notices = []
    if taken.of_same_row:
        notices.append(f"Another avatar here is of the row {shown(avatar['persona_id'])}: {named} is not any more.")
        avatar = {**avatar, "persona_id": None}
    if taken.of_same_generation:
        notices.append(f"Another avatar here is of the generation {avatar['generation_id']}: {named} is not any more.")
        avatar = {**avatar, "generation_id": None}
    return avatar, tuple(notices)


def _is_lacking(row: Row, taken: Taken) -> bool:
    """Return whether the picture of a row is to be added."""
    if taken.pictures is None:
        return taken.of_same_file is None
    return _sha256(row) not in taken.pictures


def _sha256(row: Row) -> str:
    """Return the SHA-256 by which a picture is known, of an avatar's row or a version's."""
    return str(json.loads(row["record"])["sha256"] if "record" in row else row["sha256"])
