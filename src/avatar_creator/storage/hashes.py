"""Perceptual hashes of pictures: read for many, and added where a row has none."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from avatar_creator.storage.database import translated
from avatar_creator.storage.writing import Writer


class NewHash(NamedTuple):
    """The hash of an avatar's picture, which is known by its SHA-256."""

    avatar_id: str
    sha256: str
    hash: str


class Hashes(Writer):
    """Reads hashes, and adds those that are missing."""

    def find(self, avatar_ids: Sequence[str]) -> dict[str, str]:
        """Return those that rows of avatars have, by id."""
        sql = (
            "SELECT id, perceptual_hash FROM avatars WHERE id IN (SELECT value FROM json_each(?))"
            " AND typeof(perceptual_hash) = 'text'"
        )
        with translated(self._path):
            rows: list[sqlite3.Row] = self._connection.execute(sql, (json.dumps(list(avatar_ids)),)).fetchall()
        return {row["id"]: row["perceptual_hash"] for row in rows}

    def add(self, hashes: Iterable[NewHash]) -> None:
        """Save hashes; an avatar that has another picture meanwhile stays as it is. Nothing else of a row changes."""
        sql = "UPDATE avatars SET perceptual_hash = ? WHERE id = ? AND sha256 = ?"
        with self._change():
            self._connection.executemany(sql, [(each.hash, each.avatar_id, each.sha256) for each in hashes])
