"""How many avatars of a project say what of their people, each question in one statement; no avatar is loaded."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from avatar_creator.domain.coverage import CastProgress
from avatar_creator.domain.spread import PeopleCount
from avatar_creator.storage.casts import StoredCast
from avatar_creator.storage.database import translated

_TALLIED = frozenset(("gender", "age", "ethnicity"))  # the other axes have no tally: all rows of the project are read
_AGE = "coalesce(persona_age, age_range)"
_OF_CAST = "project_id = ?1 AND persona_id >= ?2 AND persona_id < ?3"
# A person whose values were crossed has several avatars, with ids such as cast-7-1/hair_color=red.
_PEOPLE = "count(DISTINCT substr(persona_id, 1, instr(persona_id || '/', '/') - 1))"
_MADE = f"SELECT {_PEOPLE}, count(*) FROM avatars INDEXED BY avatars_by_persona WHERE {_OF_CAST}"
# Of what has no avatar, the generation that was asked for last.
_UNMADE = (
    f"SELECT status, {_PEOPLE} FROM ("
    f" SELECT max(id), status, persona_id FROM generations INDEXED BY generations_by_persona WHERE {_OF_CAST}"
    " AND status != 'completed' GROUP BY persona_id) g WHERE NOT EXISTS (SELECT 1 FROM avatars a"
    " INDEXED BY avatars_by_persona WHERE a.project_id = ?1 AND a.persona_id = g.persona_id) GROUP BY status"
)


class Counts:
    """Counts of an open database."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def people(self, project_id: str, axes: Sequence[str]) -> Iterator[PeopleCount]:
        """Yield each combination of values that avatars of a project have of these axes, and how many have it.

        ``axes`` are attributes, and "age": its value is in years, else the age range.
        """
        if _TALLIED.issuperset(axes):
            columns = ", ".join(f"nullif({axis}, '')" for axis in axes)
            select = f"SELECT {columns or 'NULL'}, avatars FROM people_tally WHERE project_id = ?"
        else:
            columns = ", ".join(_AGE if axis == "age" else axis for axis in axes)
            places = ", ".join(map(str, range(1, len(axes) + 1)))
            select = f"SELECT {columns}, count(*) FROM avatars WHERE project_id = ? GROUP BY {places}"
        with translated(self._path):
            for *values, count in self._connection.execute(select, (project_id,)):
                yield PeopleCount(tuple(values[: len(axes)]), count)

    def progress(self, cast: StoredCast) -> CastProgress:
        """Return how many people of a cast were made, and what became of the others."""
        start = f"cast-{cast.seed}-"
        bounds = (cast.project_id, start, start[:-1] + chr(ord("-") + 1))
        with translated(self._path):
            made, avatars = self._connection.execute(_MADE, bounds).fetchone()
            unmade = dict(map(tuple, self._connection.execute(_UNMADE, bounds)))
        return CastProgress(
            seed=cast.seed,
            people=cast.people,
            made=made,
            avatars=avatars,
            failed=unmade.get("failed", 0),
            waiting=unmade.get("pending", 0) + unmade.get("processing", 0),
            cancelled=unmade.get("cancelled", 0),
        )
