"""Copies of pictures that users want, as the rows of generations say: where, and what became of them."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from avatar_creator.storage.conditions import IS_DUE
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.writing import Writer


class DueOutput(NamedTuple):
    """A copy that is to be written now.

    ``image_path`` is that of the picture, None if its avatar has none of this generation: it was deleted, or has a
    later one, whose copy may be at the same path.
    ``owner`` is the process of an inline run that made the picture, None for a worker.
    """

    id: str
    owner: str | None
    path: str
    folder: str
    replace: bool
    image_path: str | None


class Outputs(Writer):
    """Reads which copies are due, and records what became of them."""

    def find_due(self, ids: Sequence[str] | None = None) -> list[DueOutput]:
        """Return the copies that are due: all, or those of generations of these ids."""
        only = "" if ids is None else " AND g.id IN (SELECT value FROM json_each(?))"
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT g.id, owner, output_path, output_folder, output_replace, a.image_path"
                " FROM generations g INDEXED BY generations_outputs LEFT JOIN avatars a ON a.generation_id = g.id"
                f" WHERE {IS_DUE}{only} ORDER BY g.id",
                () if ids is None else (json.dumps(list(ids)),),
            ).fetchall()
        return list(map(_due, rows))

    def find_stored(self, digests: Sequence[str]) -> set[str]:
        """Return those of the SHA-256 that are of an avatar's picture. It reads all avatars: ask for many together."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT sha256 FROM avatars WHERE sha256 IN (SELECT value FROM json_each(?))", (json.dumps(digests),)
            ).fetchall()
        return {row["sha256"] for row in rows}

    def record_written(self, id_: str, path: str) -> None:
        """Record that the copy is where it was wanted: its avatar has it, and others of its pictures go there, too."""
        self._record(id_, "output_written = 1", "copied", path)
        with self._change():
            self._connection.execute(
                "UPDATE avatars SET copy_path = g.output_path FROM generations g"
                " WHERE g.id = ? AND avatars.id = g.avatar_id",
                (id_,),
            )

    def record_failure(self, id_: str, said: str) -> None:
        """Record why the copy could not be written."""
        self._record(id_, "output_error = ?", "not_copied", said, said)

    def _record(self, id_: str, columns: str, event: str, said: str, *values: object) -> None:
        with self._change():
            done = self._connection.execute(
                f"UPDATE generations SET {columns}, updated_at = ? WHERE id = ?", (*values, now(), id_)
            )
            if done.rowcount:  # else it was deleted meanwhile
                self._note(id_, event, said)


def _due(row: sqlite3.Row) -> DueOutput:
    folder = row["output_folder"] or ""
    return DueOutput(
        row["id"], row["owner"], row["output_path"], folder, bool(row["output_replace"]), row["image_path"]
    )
