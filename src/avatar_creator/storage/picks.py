"""Avatars that are picked for a use, which is counted in the transaction that picks: two shells get two."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from avatar_creator.domain.filters import Sort
from avatar_creator.domain.stats import Use
from avatar_creator.storage import ids
from avatar_creator.storage.database import Connection, now
from avatar_creator.storage.writing import Writer

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter
    from avatar_creator.storage.finding import Finder


class Picks(Writer):
    """Picks avatars that a ``finder`` of the same connection finds."""

    def __init__(self, connection: Connection, path: Path, finder: "Finder") -> None:
        super().__init__(connection, path)
        self._finder = finder

    def pick(
        self, wanted: "AvatarFilter", *, most: int, least_used: bool, seed: int | None, use: Use | None
    ) -> list[str]:
        """Return the ids of at most so many avatars that match, and record that they are used if a ``use`` is given.

        They are those that were used least often, those that a ``seed`` decides on, or else the newest.
        """
        if use is None:
            return self._chosen(wanted, most, seed, least_used=least_used)
        self._finder.update_index(wanted)  # the transaction would exclude others for as long as that takes
        with self.together():
            picked = self._chosen(wanted, most, seed, least_used=least_used)
            self._record(picked, use)
        return picked

    def _chosen(self, wanted: "AvatarFilter", most: int, seed: int | None, *, least_used: bool) -> list[str]:
        if seed is not None:
            every = list(chain.from_iterable(self._finder.find_ids(wanted, limit=None)))
            return Random(seed).sample(every, min(most, len(every)))  # noqa: S311 - no secret
        sort = Sort.USED if least_used else Sort.CREATED
        return list(chain.from_iterable(self._finder.find_ids(wanted, limit=most, sort=sort, reverse=least_used)))

    def _record(self, avatar_ids: Sequence[str], use: Use) -> None:
        at = now()
        self._connection.executemany(
            "UPDATE avatars SET usage_count = usage_count + 1, last_used_at = ? WHERE id = ?",
            [(at, id_) for id_ in avatar_ids],
        )
        self._insert(
            "usage_events",
            *(
                {"id": ids.new_id(ids.USAGE_EVENT), "avatar_id": id_, **use._asdict(), "created_at": at}
                for id_ in avatar_ids
            ),
        )
