"""Rejects on their way out: with the avatars that are exported, and all of a library or project that is."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from avatar_creator.archives.layout import RejectRecord
from avatar_creator.errors import StorageError
from avatar_creator.exports.pictures import PictureWriter
from avatar_creator.storage.exchange import Exchange, Row

_PORTION = 200


class LostReject(NamedTuple):
    """A reject whose picture cannot be read."""

    id: str
    error: StorageError


class RejectsOut:
    """Those that go with an export. A reject may be of an avatar that was never completed, which is not exported."""

    def __init__(self, exchange: Exchange, whole: Collection[str] | None) -> None:
        """``whole`` are the ids of projects of which all go; None: all projects."""
        self._exchange = exchange
        self._whole = whole
        self._found = exchange.find_rejects()
        self._of = {each.avatar_id for each in self._found}
        self._exported: set[str] = set()

    def note(self, avatar_id: str) -> None:
        """Have those go that are of an avatar."""
        if avatar_id in self._of:
            self._exported.add(avatar_id)

    def write(self, writer: PictureWriter) -> Iterator[tuple[Row, RejectRecord | LostReject]]:
        """Yield the row of each as its files are written. Raises StorageError when the target refuses them."""
        ids = (each.id for each in self._found if self._goes(each.project_id, each.avatar_id))
        while portion := list(islice(ids, _PORTION)):
            for row in self._exchange.read_rejects(portion):  # without those that were deleted meanwhile
                written = writer.write_reject(row)
                yield row, LostReject(row["id"], written) if isinstance(written, StorageError) else written

    def _goes(self, project_id: str, avatar_id: str) -> bool:
        return self._whole is None or project_id in self._whole or avatar_id in self._exported
