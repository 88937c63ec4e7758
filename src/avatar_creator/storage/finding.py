"""Which avatars a filter finds, in an order, page after page."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator import domain
from avatar_creator.domain.filters import AvatarFilter, Sort
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.text import shown
from avatar_creator.errors import HomeGone, NotFound, StorageError
from avatar_creator.storage.conditions import AGE_KEY, conditions_of
from avatar_creator.storage.database import Connection, translated
from avatar_creator.storage.records import AVATAR_COLUMNS, avatar_of

if TYPE_CHECKING:
    import sqlite3

    from avatar_creator.storage.index import Index


_PAGE = 500  # rows
_FEW = 2000  # avatars that are sorted sooner than those of an order are looked through
_NUMBERED = "avatar_words w CROSS JOIN avatar_numbers n ON n.number = w.rowid"
_MATCHED = f"{_NUMBERED} CROSS JOIN avatars a ON a.id = n.avatar_id"


class _Order(NamedTuple):
    """``key`` and ``tie`` are what rows sort by, ``walked`` the table in that order."""

    key: str
    tie: str
    walked: str
    descends: bool


_NAMED = "avatar_numbers n INDEXED BY avatar_numbers_by_name CROSS JOIN avatars a ON a.id = n.avatar_id"
_ORDERS = {
    Sort.CREATED: _Order("a.id", "a.id", "avatars a", descends=True),
    Sort.NAME: _Order("n.name", "n.number", _NAMED, descends=False),
    Sort.AGE: _Order(AGE_KEY, "a.id", "avatars a INDEXED BY avatars_by_age", descends=False),
    Sort.USED: _Order("a.usage_count", "a.id", "avatars a INDEXED BY avatars_by_uses", descends=True),
    Sort.UPDATED: _Order("a.updated_at", "a.id", "avatars a INDEXED BY avatars_by_update", descends=True),
}
_UNINDEXED = {Sort.NAME: _Order("sort_key(a.name)", "a.id", "avatars a", descends=False)}


class Finder:
    """Finds avatars in an open database; ``pictures`` is the folder that picture paths are relative to.

    ``index`` makes the index of the same connection, which most lists do not need.
    """

    def __init__(self, connection: Connection, path: Path, pictures: Path, index: "Callable[[], Index]") -> None:
        self._connection = connection
        self._path = path
        self._pictures = pictures
        self._index = index

    def find(
        self,
        wanted: AvatarFilter,
        *,
        limit: int | None,
        sort: Sort = Sort.CREATED,
        reverse: bool = False,
        after: str | None = None,
        on_unreadable: Callable[[StorageError], None] | None = None,
    ) -> Iterator[Avatar]:
        """Yield the avatars that match, all of them when ``limit`` is None; ``after`` is the id of one they follow.

        ``on_unreadable`` gets why a row cannot be read, which is left out then. Without it that is raised.
        """
        for page in self.find_ids(wanted, limit=limit, sort=sort, reverse=reverse, after=after):
            yield from self.load(page, on_unreadable)

    def load(self, ids: Sequence[str], on_unreadable: Callable[[StorageError], None] | None = None) -> Iterator[Avatar]:
        """Yield the avatars of ids, in their order."""
        select = (
            f"SELECT {AVATAR_COLUMNS} FROM json_each(?) j CROSS JOIN avatars a ON a.id = j.value"
            " JOIN projects p ON p.id = a.project_id ORDER BY j.key"
        )
        for row in self._rows(select, json.dumps(ids)):
            try:
                avatar = avatar_of(row, self._pictures)
            except StorageError as error:
                if on_unreadable is None:
                    raise
                on_unreadable(error)
            else:
                yield avatar

    def find_ids(
        self,
        wanted: AvatarFilter,
        *,
        limit: int | None,
        sort: Sort = Sort.CREATED,
        reverse: bool = False,
        after: str | None = None,
    ) -> Iterator[list[str]]:
        """Yield the ids of the avatars that match, a page at a time.

        An open cursor would stand in the way of whoever writes meanwhile.
        """
        is_indexed = self.update_index(wanted, sort)
        order = _ORDERS[sort] if is_indexed else _UNINDEXED.get(sort, _ORDERS[sort])
        order = order._replace(descends=order.descends is not reverse)
        match = self._match(wanted, order) if is_indexed else None
        if match is not None and order.key == "a.id":  # its numbers sort as ids do, and are read in their order
            order = order._replace(key="w.rowid", tie="w.rowid")
        last = None if after is None else self._place(order, after)
        is_sorted = match is None or order.key == "w.rowid"
        while limit is None or limit > 0:
            page = _PAGE if limit is None else min(limit, _PAGE)
            rows = self._page(wanted, match, order, last, page if is_sorted else -1 if limit is None else limit)
            for first in range(0, len(rows), _PAGE):
                yield [row["id"] for row in rows[first : first + _PAGE]]
            if not is_sorted or len(rows) < page:
                return
            last = rows[-1]["sort_key"], rows[-1]["sort_tie"]
            limit = None if limit is None else limit - page

    def count(self, wanted: AvatarFilter, *, most: int | None = None) -> int:
        """Return how many avatars match, or ``most`` if there are more."""
        match = self._index().match_of(wanted) if self.update_index(wanted) else None
        conditions, values = conditions_of(wanted)
        if not conditions and match is None:  # the tally knows: to count a million rows takes as long as to list fifty
            return int(self._rows("SELECT coalesce(sum(avatars), 0) FROM avatar_tally")[0][0])
        conditions, values = _with_match(conditions, values, match)
        table = "avatars a" if match is None else _MATCHED if len(conditions) > 1 else _NUMBERED
        select = f"SELECT 1 FROM {table} WHERE {' AND '.join(conditions)} LIMIT ?"
        return int(self._rows(f"SELECT count(*) FROM ({select})", *values, -1 if most is None else most)[0][0])

    def unindexed(self, wanted: AvatarFilter, sort: Sort = Sort.CREATED) -> int:
        """Return how many avatars will be indexed before those that match are found."""
        return self._index().waiting() if _needs_index(wanted, sort) else 0

    def update_index(self, wanted: AvatarFilter, sort: Sort = Sort.CREATED) -> bool:
        """Index what was written meanwhile, if that is asked for; return whether the index can be used.

        Where it cannot, as on a full disk, all avatars are read instead. Raises StorageError for a text, which only the
        index finds.
        """
        if not _needs_index(wanted, sort):
            return False
        try:
            self._index().update()
        except HomeGone:
            raise
        except StorageError:
            if wanted.text is not None:
                raise
            if sort is Sort.NAME:
                self._connection.create_function("sort_key", 1, domain.search.sort_key, deterministic=True)
            return False
        return True

    def _match(self, wanted: AvatarFilter, order: _Order) -> str | None:
        """Return by what the index finds candidates; None where all are looked through in their order instead.

        Those that are many have to be sorted, and a few of each thousand are found soon.
        """
        match = None if _narrows_nothing(wanted) else self._index().match_of(wanted)
        if match is None or wanted.text is not None or order.key == "a.id":
            return match
        count = "SELECT count(*) FROM (SELECT 1 FROM avatar_words WHERE avatar_words MATCH ? LIMIT ?)"
        return match if self._rows(count, match, _FEW + 1)[0][0] <= _FEW else None

    def _page(
        self, wanted: AvatarFilter, match: str | None, order: _Order, last: tuple[Any, Any] | None, limit: int
    ) -> list["sqlite3.Row"]:
        conditions, values = conditions_of(wanted)
        is_in_index = not conditions and order.key in {"w.rowid", "n.name"}  # then rows, which are long, are not read
        conditions, values = _with_match(conditions, values, match)
        if last is not None:
            sign = "<" if order.descends else ">"
            is_one = order.key == order.tie
            conditions.append(f"{order.key} {sign} ?" if is_one else f"({order.key}, {order.tie}) {sign} (?, ?)")
            values.extend(last[:1] if is_one else last)
        way = "DESC" if order.descends else "ASC"
        by = f"{order.key} {way}" if order.key == order.tie else f"{order.key} {way}, {order.tie} {way}"
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        table = order.walked if match is None else _NUMBERED if is_in_index else _MATCHED
        id_ = "n.avatar_id AS id" if match is not None else "a.id"
        select = f"SELECT {id_}, {order.key} AS sort_key, {order.tie} AS sort_tie FROM {table} {where}"
        return self._rows(f"{select} ORDER BY {by} LIMIT ?", *values, limit)

    def _place(self, order: _Order, avatar_id: str) -> tuple[Any, Any]:
        """Return what an avatar sorts by. Raises NotFound, but not for times, which ids say."""
        if order.key == order.tie:
            place = avatar_id if order.key == "a.id" else self._index().number_of(avatar_id)
            return place, place
        if order.tie == "a.id":
            rows = self._rows(f"SELECT {order.key}, a.id FROM avatars a WHERE a.id = ?", avatar_id)
        else:
            number = self._index().number_of(avatar_id)
            rows = self._rows("SELECT name, number FROM avatar_numbers WHERE number = ?", number)
        if not rows:
            raise NotFound(f"The avatar {shown(avatar_id)} is not there.", hint="Begin anew, without --after.")
        return rows[0][0], rows[0][1]

    def _rows(self, sql: str, *values: object) -> list["sqlite3.Row"]:
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()


def _needs_index(wanted: AvatarFilter, sort: Sort) -> bool:
    return sort is Sort.NAME or not _narrows_nothing(wanted)


def _narrows_nothing(wanted: AvatarFilter) -> bool:
    """Return whether avatars of any kind are asked for, be it of one project."""
    return wanted == AvatarFilter(project_id=wanted.project_id)


def _with_match(conditions: list[str], values: list[Any], match: str | None) -> tuple[list[str], list[Any]]:
    return (conditions, values) if match is None else (["avatar_words MATCH ?", *conditions], [match, *values])
