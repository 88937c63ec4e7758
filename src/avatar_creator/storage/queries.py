"""What commands read: one record, or page after page.

Plain SQL over the standard sqlite3, because importing SQLModel costs more than five times a whole `avatar status`.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from avatar_creator.domain.records import Avatar, Event, Generation, Project, Standing, Status
from avatar_creator.domain.text import fold, shown, trimmed, visible
from avatar_creator.errors import InvalidInput, NotFound
from avatar_creator.storage.conditions import IS_DUE, in_any_case
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.ids import AVATAR, BATCH, GENERATION, PROJECT
from avatar_creator.storage.records import AVATAR_COLUMNS, avatar_of, forgotten, generation_of, request_of
from avatar_creator.storage.versions import overlaid
from avatar_creator.storage.waiting import find_turns

_AFTER_ANY = "\U0010ffff"  # sorts after every id that goes on from a prefix
_PAGE = 500  # rows
_LATEST = 20  # generations of an engine, for a mean
_SEARCHED = 1000  # generations of any engine, to find those: it takes 2 ms
_CANDIDATES = 5  # ids that an ambiguous prefix's error lists

_AVATARS = f"SELECT {AVATAR_COLUMNS} FROM avatars a JOIN projects p ON p.id = a.project_id"
_BEGINS = "{0} >= ?1 AND {0} < ?2"
_GENERATION_IDS = (
    f"SELECT id FROM generations WHERE {_BEGINS.format('id')}"
    f" UNION SELECT generation_id FROM avatars WHERE {_BEGINS.format('generation_id')}"
    f" UNION SELECT generation_id FROM avatar_versions WHERE {_BEGINS.format('generation_id')}"
)
_PENDING = "SELECT g.* FROM ({turns}) CROSS JOIN generations g ON g.rowid = row"
_PROJECTS = (
    "SELECT p.*, coalesce(t.avatars, 0) AS avatars FROM projects p LEFT JOIN avatar_tally t ON t.project_id = p.id"
)


class Queries:
    """Questions to an open database; ``pictures`` is the folder that picture paths are relative to."""

    def __init__(self, connection: sqlite3.Connection, path: Path, pictures: Path) -> None:
        self._connection = connection
        self._path = path
        self._pictures = pictures

    # -- projects

    def get_project(self, name_or_id: str) -> Project:
        """Return the project of that name, in any case, else of that id or unique id prefix.

        Raises NotFound, and InvalidInput if several have the name: earlier versions distinguished ß from ss.
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

    def get_avatar_ids(self, given: Sequence[str]) -> list[str]:
        """Return the whole ids of avatars, each once, that `get_avatar` returns. Raises NotFound."""
        rows = self._rows("SELECT id FROM avatars WHERE id IN (SELECT value FROM json_each(?))", json.dumps(given))
        whole = {row["id"] for row in rows}
        return list(dict.fromkeys(id_ if id_ in whole else self.get_avatar(id_).id for id_ in given))

    def has_avatar(self, id_: str) -> bool:
        """Return whether there is an avatar of exactly this id."""
        return self._one("SELECT 1 FROM avatars WHERE id = ?", id_) is not None

    def get_pictures(self, avatar_id: str) -> tuple[Avatar, list[Avatar]]:
        """Return an avatar as it is, and once with each of its other pictures. Raises NotFound."""
        return self.get_avatar(avatar_id), self._versions("avatar_id", [avatar_id])

    def find_avatars_by_ids(self, ids: Sequence[str]) -> dict[str, Avatar]:
        """Return those of the avatars that there are, by id."""
        rows = self._rows(f"{_AVATARS} WHERE a.id IN (SELECT value FROM json_each(?))", json.dumps(ids)) if ids else ()
        return {row["id"]: self._avatar(row) for row in rows}

    def find_original(self, project_id: str, original_sha256: str) -> Avatar | None:
        """Return the avatar that was uploaded into the project from a file with these bytes, if any."""
        row = self._one(f"{_AVATARS} WHERE a.project_id = ? AND a.original_sha256 = ?", project_id, original_sha256)
        return self._avatar(row) if row else None

    def find_picture_files(self, ids: Sequence[str]) -> dict[str, tuple[Path, str | None]]:
        """Return where the pictures of those of the avatars are that there are, and the hash of their details."""
        rows = self._rows(
            "SELECT id, image_path, details_hash FROM avatars WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(ids),
        )
        return {row["id"]: (self._pictures / row["image_path"], row["details_hash"]) for row in rows}

    # -- generations

    def get_generation(self, id_: str) -> Generation:
        """Return the generation with that id or unique id prefix. Raises NotFound.

        One whose details are forgotten is found as long as its avatar is there.
        """
        found = next(self.find_by_ids([self.get_generation_id(id_)]), None)
        if found is None:  # deleted between the two queries
            raise NotFound(f"There is no generation {shown(id_)}.", hint="Run: avatar status")
        return found

    def get_generation_id(self, id_: str) -> str:
        """Return the whole id of the generation with that id or unique id prefix. Raises NotFound."""
        return self._id(_GENERATION_IDS, GENERATION, id_, "generation", "avatar status")

    def get_batch_id(self, id_: str) -> str:
        """Return the whole id of the batch with that id or unique id prefix. Raises NotFound."""
        select = f"SELECT DISTINCT batch_id AS id FROM generations WHERE {_BEGINS.format('batch_id')}"
        return self._id(select, BATCH, id_, "batch", "avatar status")

    def find_generations(self, *, limit: int | None) -> Iterator[Generation]:
        """Yield the generations, newest first; all of them when ``limit`` is None."""
        select = "SELECT * FROM generations WHERE id < ? ORDER BY id DESC LIMIT ?"
        for rows in self._pages(select, (), limit=limit):
            yield from self._generations(rows)

    def find_by_ids(self, generation_ids: Sequence[str]) -> Iterator[Generation]:
        """Yield the generations of exactly these ids, in their order, but for those gone with their avatars."""
        for first in range(0, len(generation_ids), _PAGE):
            page = generation_ids[first : first + _PAGE]
            select = "SELECT * FROM generations WHERE id IN (SELECT value FROM json_each(?))"
            found = {each.id: each for each in self._generations(self._rows(select, json.dumps(page)))}
            if len(found) < len(page):
                found |= {each.id: each for each in self._forgotten([id_ for id_ in page if id_ not in found])}
            yield from (found[id_] for id_ in page if id_ in found)

    def find_processing(self) -> Iterator[Generation]:
        """Yield the generations that are made, in the order in which the worker takes them up."""
        rows = self._rows("SELECT id FROM generations WHERE status = 'processing' ORDER BY priority DESC, id")
        found = self.find_by_ids([row["id"] for row in rows])
        return (each for each in found if each.status is Status.PROCESSING)

    def find_pending(self, *, limit: int | None) -> Iterator[Generation]:
        """Yield the generations that wait, in the order in which the worker takes them up.

        A page begins behind the last one's end: with OFFSET, or one condition for both, SQLite would read all before.
        """
        last: dict[str, Any] = {}
        while limit is None or limit > 0:
            page = _PAGE if limit is None else min(limit, _PAGE)
            rows = self._pending(page, "priority = :priority AND id > :id", last) if last else []
            if len(rows) < page:
                rows += self._pending(page - len(rows), "priority < :priority" if last else "TRUE", last)
            yield from self._generations(rows)
            if len(rows) < page:
                return
            last = {"priority": rows[-1]["priority"], "id": rows[-1]["id"]}
            limit = None if limit is None else limit - page

    def _pending(self, most: int, condition: str, values: dict[str, Any]) -> list[sqlite3.Row]:
        with translated(self._path):
            return find_turns(self._connection, "rowid AS row", most, condition, _PENDING, **values)

    def find_owned(self, *, limit: int | None) -> Iterator[Generation]:
        """Yield the generations that wait for the processes that own them."""
        rows = self._rows(
            "SELECT id FROM generations INDEXED BY generations_owned WHERE status = 'pending' AND owner IS NOT NULL"
            " ORDER BY owner, id LIMIT ?",
            -1 if limit is None else limit,
        )
        found = self.find_by_ids([row["id"] for row in rows])
        return (each for each in found if each.status is Status.PENDING)

    def find_first_pending(self, most: int) -> list[sqlite3.Row]:
        """Return priority, id and whether it is due of the first ``most`` generations that wait, in their order."""
        with translated(self._path):
            return find_turns(self._connection, "not_before IS NULL OR not_before <= :now", most, now=now())

    def find_status(self, generation_id: str) -> Status | None:
        """Return the status of the generation of exactly this id, None if there is none."""
        row = self._one("SELECT status FROM generations WHERE id = ?", generation_id)
        return Status(row["status"]) if row else None

    def find_progress(self, generation_ids: Sequence[str]) -> dict[str, Standing]:
        """Return how far those of the generations are that are there.

        One of whose picture a copy is still to be written is not completed for whoever waits.
        """
        rows = self._rows(
            f"SELECT id, CASE WHEN {IS_DUE} THEN 'processing' ELSE status END, progress, stage, attempt, waiting_for,"
            " waiting_until, error_ends_run FROM generations WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(generation_ids)),
        )
        return {id_: Standing._make((Status(status), *rest, bool(last))) for id_, status, *rest, last in rows}

    def count_generations(self, most: int | None = None) -> int:
        """Return how many generations there are, or ``most`` if there are more."""
        total = "SELECT count(*) FROM (SELECT 1 FROM generations LIMIT ?)"
        return int(self._rows(total, -1 if most is None else most)[0][0])

    def count_pending(self, *, for_worker: bool = False) -> int:
        """Return how many generations wait, all or those ``for_worker``.

        The tally knows: to count a million rows takes as long as a `status`.
        """
        pending = "SELECT coalesce(sum(generations), 0) FROM generation_tally WHERE status = 'pending'"
        owned = (
            "SELECT count(*) FROM generations INDEXED BY generations_owned"
            " WHERE status = 'pending' AND owner IS NOT NULL"
        )
        # In one statement, since others write between two.
        return int(self._rows(f"SELECT ({pending}) - ({owned})" if for_worker else pending)[0][0])

    def count_processing(self) -> int:
        """Return how many generations are made now."""
        return int(self._rows("SELECT count(*) FROM generations WHERE status = 'processing'")[0][0])

    def is_any_held(self) -> bool:
        """Return whether a process makes a generation, owns one that waits, or is to write the copy of one."""
        return bool(
            self._rows(
                "SELECT EXISTS (SELECT 1 FROM generations WHERE status = 'processing') OR EXISTS (SELECT 1"
                " FROM generations INDEXED BY generations_owned WHERE status = 'pending' AND owner IS NOT NULL)"
                f" OR EXISTS (SELECT 1 FROM generations INDEXED BY generations_outputs WHERE {IS_DUE})"
            )[0][0]
        )

    def mean_seconds(self, engine: str) -> float | None:
        """Return how long the engine's latest pictures took on average, None if it made none of the latest 1000."""
        row = self._one(
            "SELECT avg((julianday(finished_at) - julianday(started_at)) * 86400) AS seconds FROM"
            " (SELECT started_at, finished_at FROM"
            "  (SELECT engine, started_at, finished_at FROM generations WHERE status = 'completed'"
            "   ORDER BY finished_at DESC LIMIT ?)"
            "  WHERE engine = ? LIMIT ?)",
            _SEARCHED,
            engine,
            _LATEST,
        )
        return row["seconds"] if row else None

    def get_request(self, generation_id: str) -> dict[str, Any]:
        """Return what a generation was asked with, as its row has it; {} if it is gone."""
        row = self._one("SELECT request FROM generations WHERE id = ?", generation_id)
        return request_of(row["request"]) if row else {}

    def find_events(self, generation_id: str, *, after: int = 0) -> list[Event]:
        """Return what happened to a generation, oldest first, but for the first ``after``."""
        rows = self._rows(
            "SELECT at, event, said FROM generation_events WHERE generation_id = ? ORDER BY rowid LIMIT -1 OFFSET ?",
            generation_id,
            after,
        )
        return [Event(**row) for row in rows]

    def find_made_by(self, generation_id: str) -> Avatar | None:
        """Return the avatar of a generation, that may be forgotten since, with the picture that it made."""
        if visible(generation_id) != generation_id:  # what SQLite cannot be given is among that
            return None
        return next(iter(self._made_by([generation_id])), None)

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
        row = self._one(
            select, self._id(f"SELECT id FROM {table} WHERE {_BEGINS.format('id')}", prefix, given, noun, listing)
        )
        if row is None:  # deleted between the two queries
            raise NotFound(f"There is no {noun} {shown(given)}.", hint=f"Run: {listing}")
        return row

    def _id(self, select: str, prefix: str, given: str, noun: str, listing: str) -> str:
        given = trimmed(given)
        if visible(given) != given:  # lone surrogates among them, which SQLite cannot be given
            raise NotFound(f"There is no {noun} {shown(given)}.", hint=f"Run: {listing}")
        start = given if given.startswith(prefix) else prefix + given
        rows = self._rows(f"{select} ORDER BY id LIMIT ?3", start, start + _AFTER_ANY, _CANDIDATES + 1)
        found = [row["id"] for row in rows]
        if not found or not given:
            named = self._named(given) if noun == "avatar" else None
            raise NotFound(f"There is no {noun} {shown(given)}.", hint=named or f"Run: {listing}")
        if len(found) > 1 and found[0] != start:
            more = ", …" if len(found) > _CANDIDATES else ""
            raise InvalidInput(
                f"The {noun} id {shown(given)} fits more than one: {', '.join(found[:_CANDIDATES])}{more}",
                hint="Give more characters of the id.",
            )
        return str(found[0])

    def _named(self, name: str) -> str | None:
        """Return the hint that names the ids of the avatars of that name, in any case; None where there are none."""
        same = f"{in_any_case('name')} OR {in_any_case('persona_name')}"
        rows = self._rows(
            f"SELECT id FROM avatars WHERE {same} ORDER BY id DESC LIMIT ?", fold(name), fold(name), _CANDIDATES + 1
        )
        if not rows:
            return None
        ids = [row["id"] for row in rows]
        more = ", …" if len(ids) > _CANDIDATES else ""
        return f"{visible(name)} is {', '.join(ids[:_CANDIDATES])}{more}; run: avatar show {ids[0]}"

    def _avatar(self, row: sqlite3.Row) -> Avatar:
        return avatar_of(row, self._pictures)

    def _versions(self, column: str, values: Sequence[str]) -> list[Avatar]:
        """Return avatars with those of their earlier pictures that have one of the values in a column."""
        found = self._rows(
            f"SELECT * FROM avatar_versions WHERE {column} IN (SELECT value FROM json_each(?))", json.dumps(values)
        )
        select = f"{_AVATARS} WHERE a.id IN (SELECT value FROM json_each(?))"
        avatars = self._rows(select, json.dumps([each["avatar_id"] for each in found])) if found else ()
        by_id = {row["id"]: row for row in avatars}  # one may have been deleted between the two queries
        shown = [(by_id[each["avatar_id"]], each) for each in found if each["avatar_id"] in by_id]
        return [avatar_of(overlaid(avatar, version), self._pictures) for avatar, version in shown]

    def _made_by(self, generation_ids: Sequence[str]) -> list[Avatar]:
        """Return the avatars that generations made, with the pictures that they made."""
        select = f"{_AVATARS} WHERE a.generation_id IN (SELECT value FROM json_each(?))"
        found = list(map(self._avatar, self._rows(select, json.dumps(generation_ids))))
        return found if len(found) == len(generation_ids) else found + self._versions("generation_id", generation_ids)

    def _generations(self, rows: Sequence[sqlite3.Row]) -> list[Generation]:
        """Return the generations of some rows; their avatars are asked for together."""
        completed = [row["avatar_id"] for row in rows if row["status"] == Status.COMPLETED]
        avatars = self.find_avatars_by_ids(completed)
        current = {avatar.generation_id for avatar in avatars.values()}
        earlier = [row["id"] for row in rows if row["avatar_id"] in avatars and row["id"] not in current]
        pictures = {each.generation_id: each for each in self._versions("generation_id", earlier)} if earlier else {}
        return [generation_of(row, pictures.get(row["id"]) or avatars.get(row["avatar_id"])) for row in rows]

    def _forgotten(self, generation_ids: Sequence[str]) -> list[Generation]:
        """Return those that are known by their avatars alone."""
        return list(map(forgotten, self._made_by(generation_ids)))


def _project(row: sqlite3.Row) -> Project:
    return Project(**row)
