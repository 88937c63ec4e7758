"""Tags and stars of avatars."""

import json
from collections.abc import Iterable, Sequence

from avatar_creator.domain.tags import TAGS_MOST, TagCount, clean_tags
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.storage.database import translated
from avatar_creator.storage.writing import Writer


class Tags(Writer):
    """Changes them; each change is of all avatars or of none."""

    def change(self, avatar_ids: Sequence[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add tags to avatars and remove others. Raises NotFound, InvalidInput for tags that are none, or too many."""
        added, removed = clean_tags(add), clean_tags(remove)
        both = next(iter(set(added) & set(removed)), None)
        if both is not None:
            raise InvalidInput(f"The tag {shown(both)} is both added and removed.", hint="Leave it out of one.")
        ids = json.dumps(list(avatar_ids))
        with self._change():
            self._expect(avatar_ids)
            self._connection.execute(
                "DELETE FROM avatar_tags WHERE avatar_id IN (SELECT value FROM json_each(?))"
                " AND tag IN (SELECT value FROM json_each(?))",
                (ids, json.dumps(removed)),
            )
            self._connection.execute(
                "INSERT OR IGNORE INTO avatar_tags (avatar_id, tag) SELECT i.value, t.value"
                " FROM json_each(?) i CROSS JOIN json_each(?) t",
                (ids, json.dumps(added)),
            )
            full = self._connection.execute(
                "SELECT avatar_id, count(*) AS tags FROM avatar_tags"
                " WHERE avatar_id IN (SELECT value FROM json_each(?)) GROUP BY avatar_id HAVING count(*) > ? LIMIT 1",
                (ids, TAGS_MOST),
            ).fetchone()
            if full is not None:
                raise InvalidInput(
                    f"{full['avatar_id']} would have {full['tags']} tags, at most {TAGS_MOST} are allowed.",
                    hint=f"See its tags: avatar show {full['avatar_id']}",
                )

    def star(self, avatar_ids: Sequence[str], *, starred: bool) -> None:
        """Give avatars a star, or take it. Raises NotFound."""
        with self._change():
            self._expect(avatar_ids)
            self._connection.execute(
                "UPDATE avatars SET starred = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND starred <> ?2",
                (json.dumps(list(avatar_ids)), int(starred)),
            )

    def count(self, project_id: str | None = None) -> list[TagCount]:
        """Return all tags, in their order, and how many avatars have each."""
        of_project = "JOIN avatars a ON a.id = t.avatar_id WHERE a.project_id = ?1" if project_id else ""
        sql = f"SELECT t.tag, count(*) FROM avatar_tags t {of_project} GROUP BY t.tag ORDER BY t.tag"
        with translated(self._path):
            return [TagCount(*row) for row in self._connection.execute(sql, (project_id,) if project_id else ())]

    def _expect(self, avatar_ids: Sequence[str]) -> None:
        known = self._connection.execute(
            "SELECT id FROM avatars WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(avatar_ids)),)
        )
        gone = set(avatar_ids) - {row["id"] for row in known}
        if gone:
            raise NotFound(f"There is no avatar {shown(min(gone))}.", hint="It was deleted meanwhile.")
