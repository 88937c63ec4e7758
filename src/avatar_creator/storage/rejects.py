"""Pictures that were made and failed their check: they are no avatar's, and may become one's after all."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.check import Fault, Reject
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.storage import ids, versions
from avatar_creator.storage.alike import Alike, nearest_of
from avatar_creator.storage.database import Connection, now, translated
from avatar_creator.storage.records import stored_path
from avatar_creator.storage.writing import Writer

if TYPE_CHECKING:
    import sqlite3

_FORGOTTEN_AT_ONCE = 100
_COLUMNS = (
    "r.id, r.generation_id, r.avatar_id, r.project_id, p.name AS project_name, r.name, r.seed, r.faults,"
    " r.image_path, r.thumbnail_path, r.created_at"
)
_JOINED = f"SELECT {_COLUMNS} FROM rejects r JOIN projects p ON p.id = r.project_id"


def add(
    connection: "sqlite3.Connection", generation_id: str, avatar: Mapping[str, Any], faults: Sequence[Fault]
) -> None:
    """Add the row of a picture whose files are there; ``avatar`` is the row that its avatar would have had."""
    values = {
        "id": ids.new_id(ids.REJECT),
        "generation_id": generation_id,
        **{name: avatar[name] for name in ("project_id", "name", "seed", "image_path", "thumbnail_path")},
        **{name: avatar[name] for name in ("bytes", "thumbnail_bytes", "created_at")},
        "avatar_id": avatar["id"],
        "faults": json.dumps([fault.as_json() for fault in faults]),
        "record": json.dumps(avatar, ensure_ascii=False),
    }
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO rejects ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))


class Rejects(Writer):
    """Finds them, makes them avatars' pictures, and forgets them."""

    def __init__(self, connection: Connection, path: Path, pictures: Path) -> None:
        super().__init__(connection, path)
        self._pictures = pictures

    def find(self, *, project_id: str | None = None, ids_: Sequence[str] | None = None) -> Iterator[Reject]:
        """Yield them in the order in which they were made: of a project, or of generations, avatars and own ids."""
        where, values = "1", tuple[str, ...]()
        if project_id is not None:
            where, values = "r.project_id = ?", (project_id,)
        elif ids_ is not None:
            where = "EXISTS (SELECT 1 FROM json_each(?) WHERE value IN (r.id, r.generation_id, r.avatar_id))"
            values = (json.dumps(list(ids_)),)
        with translated(self._path):
            rows = self._connection.execute(f"{_JOINED} WHERE {where} ORDER BY r.id", values)
        for row in rows:
            yield self._reject(row)

    def resolve(self, begun: str) -> str:
        """Return the id of the reject, generation or avatar that has rejects and begins so. Raises NotFound."""
        exact = ("id", "generation_id", "avatar_id")
        with translated(self._path):
            for column in exact:
                found = self._connection.execute(
                    f"SELECT DISTINCT {column} FROM rejects WHERE {column} = ?1 OR substr({column}, 1, length(?1)) = ?1"
                    f" OR substr({column}, instr({column}, '_') + 1, length(?1)) = ?1 LIMIT 2",
                    (begun,),
                ).fetchall()
                if len(found) > 1:
                    raise InvalidInput(f"Several ids begin with {begun}.", hint="Give more of it: avatar rejects")
                if found:
                    return str(found[0][0])
        raise NotFound(f"There is no reject of {begun}.", hint="See all: avatar rejects")

    def find_alike(self, project_id: str, avatar_id: str) -> Alike | None:
        """Return the other avatar of a project whose picture is most like that of an avatar."""
        with translated(self._path):
            return nearest_of(self._connection, project_id, avatar_id)

    def take(self, id_: str) -> str:
        """Make a reject the current picture of its avatar, which is made now if it is not there; return the avatar.

        Raises NotFound.
        """
        with self.together():
            row = self._connection.execute("SELECT * FROM rejects WHERE id = ?", (id_,)).fetchone()
            if row is None:
                raise NotFound(f"There is no reject {id_}.", hint="See all: avatar rejects")
            new, at = json.loads(row["record"]), now()
            # What was made meanwhile stays one of its pictures, and no other avatar loses its persona's id.
            taken = self._connection.execute(
                f"SELECT {versions.highest('i.id')} + 1 AS version, EXISTS (SELECT 1 FROM avatars a"
                "  WHERE a.project_id = ?2 AND a.persona_id = ?3 AND a.id != i.id) AS has_other"
                " FROM (SELECT ?1 AS id) i",
                (new["id"], new["project_id"], new["persona_id"]),
            ).fetchone()
            new |= {"version": taken["version"]} | ({"persona_id": None} if taken["has_other"] else {})
            versions.add(self._connection, new, at)
            self._connection.execute("DELETE FROM rejects WHERE id = ?", (id_,))
        return str(new["id"])

    def remove(self, ids_: Sequence[str]) -> list[tuple[str, str]]:
        """Remove rows, those that are there; return their files."""
        with self._change():
            rows = self._connection.execute(
                "DELETE FROM rejects WHERE id IN (SELECT value FROM json_each(?)) RETURNING image_path, thumbnail_path",
                (json.dumps(list(ids_)),),
            ).fetchall()
        return [(row["image_path"], row["thumbnail_path"]) for row in rows]

    def find_old(self, before: str) -> list[str]:
        """Return some that were made before a time, and whose generation is forgotten."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT id FROM rejects r WHERE created_at < ?"
                " AND NOT EXISTS (SELECT 1 FROM generations g WHERE g.id = r.generation_id) ORDER BY id LIMIT ?",
                (before, _FORGOTTEN_AT_ONCE),
            ).fetchall()
        return [row["id"] for row in rows]

    def _reject(self, row: "sqlite3.Row") -> Reject:
        return Reject(
            id=row["id"],
            generation_id=row["generation_id"],
            avatar_id=row["avatar_id"],
            project_id=row["project_id"],
            project_name=row["project_name"],
            name=row["name"],
            seed=row["seed"],
            faults=tuple(Fault(**fault) for fault in json.loads(row["faults"])),
            image_path=stored_path(self._pictures, row["image_path"]),
            thumbnail_path=stored_path(self._pictures, row["thumbnail_path"]),
            created_at=row["created_at"],
        )
