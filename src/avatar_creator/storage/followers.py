"""Generations that are to follow others: they fail where those will never be completed."""

import json
from collections.abc import Iterator, Sequence

from avatar_creator.domain.records import Status
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.portions import in_portions
from avatar_creator.storage.writing import Writer

# Where ids are given, `+` before another column stops SQLite from using its index, which would read all of a status.
GIVEN = "id IN (SELECT value FROM json_each(?))"
# Whether what a generation `g` is to follow is completed; it may be pruned since.
FOLLOWS = (
    "(after_id IS NULL OR EXISTS (SELECT 1 FROM generations p WHERE p.id = g.after_id AND p.status = 'completed')"
    " OR EXISTS (SELECT 1 FROM avatars a WHERE a.generation_id = g.after_id)"
    " OR EXISTS (SELECT 1 FROM avatar_versions v WHERE v.generation_id = g.after_id))"
)
_FEW = 100  # generations that are written at once: it takes some milliseconds
_LEFT_BEHIND = (  # of those that wait for another
    "NOT EXISTS (SELECT 1 FROM generations p"
    " WHERE p.id = generations.after_id AND p.status IN ('pending', 'processing', 'completed'))"
    " AND NOT EXISTS (SELECT 1 FROM avatars a WHERE a.generation_id = generations.after_id)"
    " AND NOT EXISTS (SELECT 1 FROM avatar_versions v WHERE v.generation_id = generations.after_id)"
)


class Followers(Writer):
    """Fails those that wait in vain."""

    def fail_followers(self) -> int:
        """Fail those that wait for a generation that will never be completed, and return how many.

        Most of the time there is none: then no lock is taken, for which others would have to wait.
        """
        failed = 0

        def fail(ids: Sequence[str]) -> None:
            nonlocal failed
            failed += self._fail_followers(ids)

        in_portions(self._find_left_behind(), self._change, fail)
        return failed

    def _find_left_behind(self) -> Iterator[list[str]]:
        """Yield ids of those that wait in vain, a page at a time; a page is to be failed before the next is read."""
        while page := self._page_left_behind():
            while page:
                yield page
                page = self._page_left_behind(behind=page)  # one that failed may have followers of its own

    def _page_left_behind(self, behind: Sequence[str] | None = None) -> list[str]:
        only = "" if behind is None else " AND after_id IN (SELECT value FROM json_each(?))"
        values = () if behind is None else (json.dumps(behind),)
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id FROM generations INDEXED BY generations_after WHERE status = 'pending'"
                f" AND after_id IS NOT NULL AND {_LEFT_BEHIND}{only} LIMIT ?",
                (*values, _FEW),
            ).fetchall()
        return [row["id"] for row in rows]

    def _fail_followers(self, ids: Sequence[str]) -> int:
        rows = self._connection.execute(
            "UPDATE generations SET status = 'failed', error_code = 'after', finished_at = ?, updated_at = ?,"
            " error_message = 'The generation ' || after_id || ', which it was to follow, was not completed.',"
            " error_hint = 'To make it all the same: avatar retry ' || id, after_id = NULL"
            f" WHERE {GIVEN} AND +status = 'pending' AND +after_id IS NOT NULL AND {_LEFT_BEHIND}"
            " RETURNING id, error_message",
            (now(), now(), json.dumps(ids)),
        ).fetchall()
        for row in rows:
            self._note(row["id"], Status.FAILED.value, row["error_message"])
        return len(rows)
