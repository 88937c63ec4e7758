"""Rejects of archives: pictures that failed their check, which somebody may have paid for, and may still take."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from avatar_creator.archives.layout import RejectRecord
from avatar_creator.archives.reading import Archive
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.files import PlacedFiles, Wanted
from avatar_creator.imports.lines import Line
from avatar_creator.imports.results import Imported, Result
from avatar_creator.storage.exchange import Exchange, Row
from avatar_creator.storage.pictures.images import PictureStore


def rejects_of(lines: Iterable[Line], projects: Mapping[str, str]) -> Iterator[RejectRecord]:
    """Yield the rejects among lines, each with the id that its project has here: ``projects`` has it by the other."""
    for line in lines:
        if isinstance(line, RejectRecord):
            here = {"project_id": projects[line.reject["project_id"]]}
            record = json.dumps(json.loads(line.reject["record"]) | here, ensure_ascii=False)
            yield line._replace(reject={**line.reject, **here, "record": record})


class RejectImport:
    """Adds rejects that are not here, each whole or not at all."""

    def __init__(self, exchange: Exchange, pictures: PictureStore, *, of_shards: bool = False) -> None:
        """With ``of_shards`` one was made as often as its shard, and is taken once; its hash is believed.

        It is known by its bytes then: which avatar's id it gets may depend on what else is taken in meanwhile.
        """
        self._exchange = exchange
        self._pictures = pictures
        self._of_shards = of_shards
        self._known = set[tuple[str, str]]()  # pictures, of shards

    def take(self, archive: Archive, portion: Sequence[RejectRecord]) -> list[Imported]:
        """Add rejects of projects that are here: their files first, then all rows in one transaction."""
        placed: dict[str, Row | InvalidInput] = {}
        self._learn(portion)
        with PlacedFiles(self._pictures, self._exchange, hashes=not self._of_shards) as files:
            self._place(archive, files, portion, placed)
            with self._exchange.together():
                self._learn(portion)  # as it is now that nobody else writes
                self._place(archive, files, portion, placed)
                return [self._add(each.reject, placed) for each in portion]

    def _place(
        self,
        archive: Archive,
        files: PlacedFiles,
        portion: Sequence[RejectRecord],
        placed: dict[str, Row | InvalidInput],
    ) -> None:
        """Have the files there of those that are not here; ``placed`` gets the rows that their avatars would have."""

        def is_done(row: Row | InvalidInput | None) -> bool:
            return isinstance(row, InvalidInput) or (row is not None and files.are_there(row))

        lacking = [each for each in portion if self._lacks(each.reject) and not is_done(placed.get(each.reject["id"]))]
        wanted = [
            Wanted(each.reject["avatar_id"], json.loads(each.reject["record"]), each.files[0]) for each in lacking
        ]
        placed.update(zip((each.reject["id"] for each in lacking), files.place(archive, wanted), strict=True))

    def _add(self, reject: Row, placed: Mapping[str, Row | InvalidInput]) -> Imported:
        id_, name = reject["id"], reject["name"]
        if not self._lacks(reject):
            return Imported(id_, name, Result.KNOWN)
        row = placed[id_]
        if isinstance(row, InvalidInput):
            return Imported(id_, name, Result.DAMAGED, (f"{name} ({id_}) is left out: {row.message}",))
        own = {column: row[column] for column in ("image_path", "thumbnail_path", "bytes", "thumbnail_bytes")}
        self._exchange.add_reject({**reject, **own, "record": json.dumps(row, ensure_ascii=False)})
        if self._of_shards:
            self._known.add(_picture(reject))
        return Imported(id_, name, Result.NEW)

    def _learn(self, portion: Sequence[RejectRecord]) -> None:
        if self._of_shards:
            self._known = self._exchange.rejected_pictures({each.reject["name"] for each in portion})

    def _lacks(self, reject: Row) -> bool:
        return not (self._known and _picture(reject) in self._known) and self._exchange.lacks_reject(reject)


def _picture(reject: Row) -> tuple[str, str]:
    return reject["name"], json.loads(reject["record"])["sha256"]
