"""Casts of a project: how many people each has, and by which quotas. Coverage takes its targets from them."""

from typing import NamedTuple

from avatar_creator.storage.database import now, translated
from avatar_creator.storage.writing import Writer


class StoredCast(NamedTuple):
    """A cast as the last command asked for it: its people are those numbered 1 to ``people``."""

    project_id: str
    seed: int
    people: int
    quotas: str  # as `domain.quotas.Quotas` has them as JSON
    created_at: str
    updated_at: str


class Casts(Writer):
    """What was asked for; who was made of it are avatars."""

    def put(self, project_id: str, seed: int, people: int, quotas: str) -> None:
        """Note what a command asks for. A seed is one cast of its project, which has no fewer people than before."""
        with self._change():
            self._connection.execute(
                "INSERT INTO casts (project_id, seed, people, quotas, created_at, updated_at)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (project_id, seed) DO UPDATE"
                " SET people = max(people, excluded.people), quotas = excluded.quotas,"
                " updated_at = excluded.updated_at",
                (project_id, seed, people, quotas, now()),
            )

    def find(self, project_id: str) -> list[StoredCast]:
        """Return all of a project, by their seeds."""
        select = f"SELECT {', '.join(StoredCast._fields)} FROM casts WHERE project_id = ? ORDER BY seed"
        with translated(self._path):
            return [StoredCast(*row) for row in self._connection.execute(select, (project_id,))]
