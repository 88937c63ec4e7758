"""Avatars that are picked for a use, which is counted in the transaction that picks: two shells get two."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
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
    from avatar_creator.domain.records import Avatar
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

        They are those that were used least often, those that a ``seed`` decides on, or else the newest. One whose
        picture file is missing is passed over.
        """
        if use is None:
            return self._chosen(wanted, most, seed, least_used=least_used)
        self._finder.update_index(wanted)  # the transaction would exclude others for as long as that takes
        with self.together():
            picked = self._chosen(wanted, most, seed, least_used=least_used)
            self._record(picked, use)
        return picked

    def _chosen(self, wanted: "AvatarFilter", most: int, seed: int | None, *, least_used: bool) -> list[str]:
        orders = self._ordered(wanted, most, least_used=least_used) if seed is None else self._drawn(wanted, most, seed)
        with_files = (avatar.id for avatar in orders if avatar.image_path.is_file())
        return list(islice(with_files, most))

    def _ordered(self, wanted: "AvatarFilter", most: int, *, least_used: bool) -> "Iterator[Avatar]":
        """Yield the avatars that match: the first of them, and the others only if files of those are missing."""
        sort = Sort.USED if least_used else Sort.CREATED
        page = list(self._finder.find(wanted, limit=most, sort=sort, reverse=least_used))
        yield from page
        if len(page) == most:
            yield from self._finder.find(wanted, limit=None, sort=sort, reverse=least_used, after=page[-1].id)

    def _drawn(self, wanted: "AvatarFilter", most: int, seed: int) -> "Iterator[Avatar]":
        """Yield the avatars that match as chance has them: those that are drawn, then those that are left."""
        chance = Random(seed)  # noqa: S311 - no secret
        rest = list(chain.from_iterable(self._finder.find_ids(wanted, limit=None)))
        while rest:
            drawn = chance.sample(rest, min(most, len(rest)))
            yield from self._finder.load(drawn)
            gone = set(drawn)
            rest = [id_ for id_ in rest if id_ not in gone]

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
