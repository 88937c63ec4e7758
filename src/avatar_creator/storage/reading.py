"""What reading commands ask: one, a page.

Plain SQL over the standard sqlite3, because importing SQLModel costs more than five times a whole `avatar status`.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import (
    Avatar,
    Event,
    Failure,
    Generation,
    Project,
    SourceType,
    Status,
)
from avatar_creator.domain.text import fold, shown, trimmed, visible
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.storage.conditions import conditions_of, in_any_case
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.ids import AVATAR, GENERATION, PROJECT
from avatar_creator.storage.pictures.paths import kept_path

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter

_AFTER_ANY = "\U0010ffff"  # sorts after every id that goes on from a prefix
_PAGE = 500  # rows
_LATEST = 20  # generations, for a mean
_CANDIDATES = 5  # ids that an ambiguous prefix's error lists

_AVATARS = "SELECT a.*, p.name AS project_name FROM avatars a JOIN projects p ON p.id = a.project_id"
_PROJECTS = (
    "SELECT p.*, coalesce(t.avatars, 0) AS avatars FROM projects p LEFT JOIN avatar_tally t ON t.project_id = p.id"
)


class Reading:
    """Questions to an open database; ``pictures`` is the folder that picture paths are relative to."""

    def __init__(self, connection: sqlite3.Connection, path: Path, pictures: Path) -> None:
        self._connection = connection
        self._path = path
        self._pictures = pictures

    # -- projects

    def get_project(self, name_or_id: str) -> Project:
        """Return the project of that name, in any case, else of that id or unique id prefix.

        Raises NotFound, and InvalidInput if several have the name: earlier versions told ß and ss apart.
        """
        given = trimmed(name_or_id)
        rows = self._rows(f"{_PROJECTS} WHERE p.name = ?", given) if visible(given) == given else []
        if not rows and visible(given) == given:
            rows = self._rows(f"{_PROJECTS} WHERE {in_any_case('p.name')} ORDER BY p.id", fold(given))
        if len(rows) > 1:
            raise InvalidInput(
                f"The project name {shown(given)} fits more than one: "
                + ", ".join(f"{shown(row['name'])} ({row['id']})" for row in rows),
                hint="Give the project's id.",
            )
        if rows:
            return _project(rows[0])
        select = f"{_PROJECTS} WHERE p.id = ?"
        return _project(self._found(select, "projects", PROJECT, given, "project", "avatar project list"))

    def find_projects(self) -> list[Project]:
        return [_project(row) for row in self._rows(f"{_PROJECTS} ORDER BY p.id DESC")]

    # -- avatars

    def get_avatar(self, id_: str) -> Avatar:
        """Return the avatar with that id or unique id prefix, or that a generation made. Raises NotFound."""
        if id_.startswith(GENERATION):
            generation = self.get_generation(id_)
            if generation.avatar is None:
                raise NotFound(
                    f"The generation {generation.id} is {generation.status.value} and has no avatar.",
                    hint=f"Run: avatar status {generation.id}",
                )
            return generation.avatar
        row = self._found(f"{_AVATARS} WHERE a.id = ?", "avatars", AVATAR, id_, "avatar", "avatar list")
        return self._avatar(row)

    def has_avatar(self, id_: str) -> bool:
        """Tell whether there is an avatar of exactly this id."""
        return self._one("SELECT 1 FROM avatars WHERE id = ?", id_) is not None

    def find_avatars(self, wanted: "AvatarFilter", *, limit: int | None) -> Iterator[Avatar]:
        """Yield the avatars that match, newest first; all of them when ``limit`` is None."""
        conditions, values = conditions_of(wanted)
        where = " AND ".join(["a.id < ?", *conditions])  # ids sort by time
        select = f"{_AVATARS} WHERE {where} ORDER BY a.id DESC LIMIT ?"
        for rows in self._pages(select, values, limit=limit):
            yield from map(self._avatar, rows)

    def count_avatars(self, wanted: "AvatarFilter") -> int:
        """Return how many avatars match."""
        conditions, values = conditions_of(wanted)
        where = " AND ".join(["1", *conditions])
        return int(self._rows(f"SELECT count(*) FROM avatars a WHERE {where}", *values)[0][0])

    def find_original(self, project_id: str, original_sha256: str) -> Avatar | None:
        """Return the avatar that was uploaded into the project from a file with these bytes, if any."""
        row = self._one(f"{_AVATARS} WHERE a.project_id = ? AND a.original_sha256 = ?", project_id, original_sha256)
        return self._avatar(row) if row else None

    # -- generations

    def get_generation(self, id_: str) -> Generation:
        """Return the generation with that id or unique id prefix. Raises NotFound."""
        select = "SELECT * FROM generations WHERE id = ?"
        row = self._found(select, "generations", GENERATION, id_, "generation", "avatar status")
        return self._generations([row])[0]

    def get_generation_id(self, id_: str) -> str:
        """Return the whole id of the generation with that id or unique id prefix. Raises NotFound."""
        return self._id("generations", GENERATION, id_, "generation", "avatar status")

    def find_generations(self, *, limit: int | None) -> Iterator[Generation]:
        """Yield the generations, newest first; all of them when ``limit`` is None."""
        select = "SELECT * FROM generations WHERE id < ? ORDER BY id DESC LIMIT ?"
        for rows in self._pages(select, (), limit=limit):
            yield from self._generations(rows)

    def find_by_ids(self, generation_ids: Sequence[str]) -> Iterator[Generation]:
        """Yield the generations of exactly these ids, in their order, but for those that are gone."""
        for first in range(0, len(generation_ids), _PAGE):
            page = generation_ids[first : first + _PAGE]
            select = "SELECT * FROM generations WHERE id IN (SELECT value FROM json_each(?))"
            found = {each.id: each for each in self._generations(self._rows(select, json.dumps(page)))}
            yield from (found[id_] for id_ in page if id_ in found)

    def find_by_status(self, status: Status, limit: int | None) -> Iterator[Generation]:
        """Yield the generations of one status in the order in which the worker takes them up."""
        select = "SELECT id FROM generations WHERE status = ? ORDER BY priority DESC, id LIMIT ?"
        rows = self._rows(select, status.value, -1 if limit is None else limit)
        return (each for each in self.find_by_ids([row["id"] for row in rows]) if each.status is status)

    def find_status(self, generation_id: str) -> Status | None:
        """Return the status of the generation of exactly this id, None if there is none."""
        row = self._one("SELECT status FROM generations WHERE id = ?", generation_id)
        return Status(row["status"]) if row else None

    def find_progress(self, generation_ids: Sequence[str]) -> dict[str, tuple[Status, int, str]]:
        """Return status, percent and stage of those of the generations that are there."""
        rows = self._rows(
            "SELECT id, status, progress, stage FROM generations WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(generation_ids)),
        )
        return {row["id"]: (Status(row["status"]), row["progress"], row["stage"]) for row in rows}

    def count_before(self, generation_ids: Sequence[str]) -> dict[str, int]:
        """Return of each of the generations that waits how many wait that are due and to be made before it."""
        rows = self._rows(
            "SELECT id, before FROM (SELECT id, count(*) FILTER (WHERE not_before IS NULL OR not_before <= ?) OVER"
            "  (ORDER BY priority DESC, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before"
            "  FROM generations WHERE status = 'pending')"
            " WHERE id IN (SELECT value FROM json_each(?))",
            now(),
            json.dumps(list(generation_ids)),
        )
        return {row["id"]: row["before"] for row in rows}

    def count_generations(self) -> int:
        return int(self._rows("SELECT count(*) FROM generations")[0][0])

    def count_by_status(self, statuses: Sequence[Status]) -> dict[Status, int]:
        """Return how many generations have each of the statuses."""
        return {
            status: self._rows("SELECT count(*) FROM generations WHERE status = ?", status.value)[0][0]
            for status in statuses
        }

    def mean_seconds(self, engine: str) -> float | None:
        """Return how long the engine's latest pictures took on average, None if it made none."""
        row = self._one(
            "SELECT avg((julianday(finished_at) - julianday(started_at)) * 86400) AS seconds FROM"
            " (SELECT started_at, finished_at FROM generations WHERE status = 'completed' AND engine = ?"
            "  ORDER BY finished_at DESC LIMIT ?)",
            engine,
            _LATEST,
        )
        return row["seconds"] if row else None

    def get_request(self, generation_id: str) -> dict[str, Any]:
        """Return what a generation was asked with, as its row keeps it; {} if it is gone."""
        row = self._one("SELECT request FROM generations WHERE id = ?", generation_id)
        request: dict[str, Any] = json.loads(row["request"]) if row else {}
        return request

    def find_events(self, generation_id: str, *, after: int = 0) -> list[Event]:
        """Return what happened to a generation, oldest first, but for the first ``after``."""
        rows = self._rows(
            "SELECT at, event, said FROM generation_events WHERE generation_id = ? ORDER BY rowid LIMIT -1 OFFSET ?",
            generation_id,
            after,
        )
        return [Event(**row) for row in rows]

    def find_made_by(self, generation_id: str) -> Avatar | None:
        """Return the avatar of a generation, that may be forgotten since."""
        if visible(generation_id) != generation_id:  # what SQLite cannot be given is among that
            return None
        row = self._one(f"{_AVATARS} WHERE a.generation_id = ?", generation_id)
        return self._avatar(row) if row else None

    # -- completion

    def avatar_names(self, prefix: str, *, limit: int) -> list[tuple[str, str]]:
        """Return (id, name) of the newest avatars whose id starts with ``prefix``."""
        rows = self._rows(
            "SELECT id, name FROM avatars WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
            prefix,
            prefix + _AFTER_ANY,
            limit,
        )
        return [(row["id"], row["name"]) for row in rows]

    # -- rows

    def _pages(
        self,
        select: str,
        values: Sequence[object],
        *,
        limit: int | None,
    ) -> Iterator[list[sqlite3.Row]]:
        """Yield the rows of a statement whose first value is the id that all are before, and whose last is a limit.

        A page at a time: an open cursor would stand in the way of whoever writes meanwhile.
        """
        before = _AFTER_ANY
        while limit is None or limit > 0:
            page = _PAGE if limit is None else min(limit, _PAGE)
            rows = self._rows(select, before, *values, page)
            yield rows
            if len(rows) < page:
                return
            before = rows[-1]["id"]
            limit = None if limit is None else limit - page

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: object) -> sqlite3.Row | None:
        rows = self._rows(sql, *values)
        return rows[0] if rows else None

    def _found(self, select: str, table: str, prefix: str, given: str, noun: str, listing: str) -> sqlite3.Row:
        """Return the row with the id or unique id prefix that is given. Raises NotFound."""
        row = self._one(select, self._id(table, prefix, given, noun, listing))
        if row is None:  # deleted between the two looks
            raise NotFound(f"There is no {noun} {shown(given)}.", hint=f"Run: {listing}")
        return row

    def _id(self, table: str, prefix: str, given: str, noun: str, listing: str) -> str:
        given = trimmed(given)
        if visible(given) != given:  # lone surrogates among them, which SQLite cannot be given
            raise NotFound(f"There is no {noun} {shown(given)}.", hint=f"Run: {listing}")
        start = given if given.startswith(prefix) else prefix + given
        rows = self._rows(
            f"SELECT id FROM {table} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
            start,
            start + _AFTER_ANY,
            _CANDIDATES + 1,
        )
        found = [row["id"] for row in rows]
        if not found or not given:
            raise NotFound(f"There is no {noun} {shown(given)}.", hint=f"Run: {listing}")
        if len(found) > 1 and found[0] != start:
            more = ", …" if len(found) > _CANDIDATES else ""
            raise InvalidInput(
                f"The {noun} id {shown(given)} fits more than one: {', '.join(found[:_CANDIDATES])}{more}",
                hint="Give more characters of the id.",
            )
        return str(found[0])

    def _avatar(self, row: sqlite3.Row) -> Avatar:
        return Avatar(
            id=row["id"],
            generation_id=row["generation_id"],
            project_id=row["project_id"],
            project_name=row["project_name"],
            name=row["name"],
            image_path=kept_path(self._pictures, row["image_path"]),
            thumbnail_path=kept_path(self._pictures, row["thumbnail_path"]),
            source_type=SourceType(row["source_type"]),
            persona=Persona.kept(
                row["persona_name"],
                row["persona_age"],
                tuple(json.loads(row["persona_personality"])),
                row["persona_background"],
            ),
            attributes=Attributes.from_json(dict(row)),
            engine=row["engine"],
            model=row["model"],
            prompt=row["prompt"],
            full_prompt=row["full_prompt"],
            negative_prompt=row["negative_prompt"],
            seed=row["seed"],
            width_px=row["width_px"],
            height_px=row["height_px"],
            format=row["format"],
            bytes=row["bytes"],
            sha256=row["sha256"],
            recipe=json.loads(row["recipe"]),
            credit=row["credit"],
            usage_count=row["usage_count"],
            last_used_at=row["last_used_at"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        )

    def _generations(self, rows: Sequence[sqlite3.Row]) -> list[Generation]:
        """Return the generations of some rows; their avatars are asked for together."""
        completed = [row["avatar_id"] for row in rows if row["status"] == Status.COMPLETED]
        select = f"{_AVATARS} WHERE a.id IN (SELECT value FROM json_each(?))"
        avatars = {row["id"]: row for row in self._rows(select, json.dumps(completed))} if completed else {}
        return [self._generation(row, avatars.get(row["avatar_id"])) for row in rows]

    def _generation(self, row: sqlite3.Row, made: sqlite3.Row | None) -> Generation:
        request = json.loads(row["request"])  # of another version it may lack what this one writes
        avatar = self._avatar(made) if made is not None else None
        failed = row["error_code"] is not None
        return Generation(
            id=row["id"],
            project_id=row["project_id"],
            avatar_id=avatar.id if avatar else None,
            status=Status(row["status"]),
            stage=row["stage"],
            progress=row["progress"],
            attempt=row["attempt"],
            waiting_for=row["waiting_for"],
            waiting_until=row["waiting_until"],
            seed=row["seed"],
            engine=row["engine"],
            model=row["model"],
            provider=row["provider"],
            pictures=row["pictures"],
            prompt=request.get("prompt"),
            full_prompt=request.get("full_prompt", ""),
            negative_prompt=request.get("negative_prompt", ""),
            width_px=request.get("width_px", 0),
            height_px=request.get("height_px", 0),
            error=Failure(row["error_code"], row["error_message"], row["error_hint"]) if failed else None,
            created_at=row["created_at"],
            started_at=row["started_at"],
            updated_at=row["updated_at"],
            finished_at=row["finished_at"],
            detached=bool(row["detached"]),
            priority=row["priority"],
            not_before=row["not_before"],
            after=row["after_id"],
            credential=row["credential"],
            interruptions=row["interruptions"],
            stop_asked=bool(row["stop_asked"]),
            avatar=avatar,
        )


def _project(row: sqlite3.Row) -> Project:
    return Project(**row)
