"""Whole avatars as rows, on their way out of a library and into another one. Files are for who asks for them."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from avatar_creator.domain.text import fold
from avatar_creator.storage.conditions import in_any_case
from avatar_creator.storage.database import now, translated
from avatar_creator.storage.migrations import MIGRATIONS
from avatar_creator.storage.versions import add, highest, version_of
from avatar_creator.storage.writing import Writer

SCHEMA = len(MIGRATIONS)  # of the rows that are read
Row = Mapping[str, Any]

# What a row says of its own home alone: where its user has a copy of the picture.
HOME_ONLY = ("copy_path",)


class AvatarRows(NamedTuple):
    """An avatar with all that is known of it, column by column: its other pictures, its tags, and who used it."""

    avatar: Row
    versions: Sequence[Row] = ()
    tags: Sequence[str] = ()
    uses: Sequence[Row] = ()


class Column(NamedTuple):
    """What a column of a table holds: texts, whole numbers or numbers."""

    kind: type[str] | type[int] | type[float]
    is_required: bool
    default: object  # of a row that has no such column: it was written by an earlier version


Tables = Mapping[str, Mapping[str, Column]]

_KINDS: Mapping[str, type[str] | type[int] | type[float]] = {"TEXT": str, "INTEGER": int, "REAL": float}
_TABLES = ("projects", "casts", "presets", "avatars", "avatar_versions", "usage_events", "rejects")


_SHA256S = (
    "SELECT sha256 FROM avatars WHERE id = ?1 UNION ALL"
    " SELECT json_extract(record, '$.sha256') FROM avatar_versions WHERE avatar_id = ?1"
)


class Taken(NamedTuple):
    """What of an avatar of another library is here already."""

    pictures: frozenset[str] | None  # the SHA-256 of its pictures; None: it is not here
    of_same_row: bool  # another avatar of its project has its persona id
    of_same_generation: bool
    of_same_file: str | None  # the id of another avatar of its project that was uploaded from the same file


class KnownReject(NamedTuple):
    """A reject that is here, and whose it is."""

    id: str
    avatar_id: str
    project_id: str


class Exchange(Writer):
    """Reads rows as they are, and adds them as they are."""

    @cached_property
    def tables(self) -> Tables:
        """What rows consist of in this version."""
        with translated(self._path):
            return {table: dict(self._columns(table)) for table in _TABLES}

    def _columns(self, table: str) -> Iterator[tuple[str, Column]]:
        for row in self._connection.execute(f"PRAGMA table_info({table})").fetchall():
            default = self._connection.execute(f"SELECT {row['dflt_value'] or 'NULL'}").fetchone()[0]
            yield row["name"], Column(_KINDS[row["type"]], bool(row["notnull"]), default)

    # -- on their way out

    def read(self, avatar_ids: Sequence[str]) -> list[AvatarRows]:
        """Return those of the avatars that there are, in this order."""
        ids = json.dumps(list(avatar_ids))
        with translated(self._path):
            avatars = {row["id"]: _plain(row) for row in self._of("avatars", "id", ids)}
            versions = _grouped(self._of("avatar_versions", "avatar_id", ids, then="avatar_id, version"))
            uses = _grouped(self._of("usage_events", "avatar_id", ids, then="id"))
            tags = _grouped(self._of("avatar_tags", "avatar_id", ids, then="tag"))
        return [
            AvatarRows(
                {**avatars[id_], **dict.fromkeys(HOME_ONLY)},
                versions.get(id_, ()),
                [each["tag"] for each in tags.get(id_, ())],
                uses.get(id_, ()),
            )
            for id_ in avatar_ids
            if id_ in avatars
        ]

    def read_projects(self, ids: Iterable[str] | None = None) -> list[tuple[Row, Sequence[Row]]]:
        """Return projects, each with its casts: those of these ids, or all of them."""
        with translated(self._path):
            if ids is None:
                ids = [row["id"] for row in self._connection.execute("SELECT id FROM projects ORDER BY id")]
            wanted = json.dumps(list(ids))
            casts = _grouped(self._of("casts", "project_id", wanted, then="seed"), by="project_id")
            projects = [_plain(row) for row in self._of("projects", "id", wanted)]
        return [(project, casts.get(project["id"], ())) for project in projects]

    def read_presets(self, names: Iterable[str] | None = None) -> list[Row]:
        """Return the user's own presets of these names, or all of them."""
        with translated(self._path):
            if names is None:
                return [_plain(row) for row in self._connection.execute("SELECT * FROM presets ORDER BY name")]
            return [_plain(row) for row in self._of("presets", "name", json.dumps(list(names)))]

    def find_rejects(self) -> list[KnownReject]:
        """Return all rejects, in the order in which they were made."""
        with translated(self._path):
            rows = self._connection.execute("SELECT id, avatar_id, project_id FROM rejects ORDER BY id")
            return [KnownReject(*row) for row in rows]

    def read_rejects(self, ids: Sequence[str]) -> list[Row]:
        """Return those of the rejects that there are, in the order in which they were made."""
        with translated(self._path):
            return [_plain(row) for row in self._of("rejects", "id", json.dumps(list(ids)))]

    # -- on their way in: a row has all columns of its table

    def taken(self, avatar: Row) -> Taken:
        """Return what of an avatar, whose project id is that of this library, is here already."""
        id_, project_id = avatar["id"], avatar["project_id"]
        of_project = "SELECT id FROM avatars WHERE project_id = ?1 AND id != ?3 AND"
        with translated(self._path):
            found = self.sha256s_of(id_)
            is_here = self._first("SELECT id FROM avatars WHERE id = ?", (id_,)) is not None
            same_row = self._first(f"{of_project} persona_id = ?2", (project_id, avatar["persona_id"], id_))
            same_file = self._first(f"{of_project} original_sha256 = ?2", (project_id, avatar["original_sha256"], id_))
            by_generation = "SELECT id FROM avatars WHERE generation_id = ? AND id != ?"
            same_generation = self._first(by_generation, (avatar["generation_id"], id_))
        return Taken(found if is_here else None, same_row is not None, same_generation is not None, same_file)

    def add_project(self, project: Row) -> str:
        """Return the id of the project that has this id here, or else this name; it is added if there is none."""
        with self._change():
            for where, value in (("id = ?", project["id"]), (in_any_case("name"), fold(project["name"]))):
                found = self._first(f"SELECT id FROM projects WHERE {where} ORDER BY id", (value,))
                if found is not None:
                    return found
            self._insert("projects", project)
        return str(project["id"])

    def add_casts(self, casts: Sequence[Row]) -> None:
        """Add casts of a project that are not there."""
        with self._change():
            self._add_missing("casts", casts)

    def add_presets(self, presets: Sequence[Row]) -> None:
        """Add presets whose names are not taken."""
        with self._change():
            self._add_missing("presets", presets)

    def add(self, rows: AvatarRows) -> None:
        """Add an avatar whose files are there, with all that is known of it."""
        with self._change():
            self._insert("avatars", {**rows.avatar, "usage_count": 0, "last_used_at": None})
            self._insert("avatar_versions", *rows.versions)
            self._add_tags(rows)
            self._add_uses(rows)

    def lacks_reject(self, reject: Row) -> bool:
        """Return whether a reject is not here, neither as one nor as a picture of its avatar."""
        here = (
            "SELECT id FROM rejects WHERE id = ?1 UNION ALL SELECT id FROM avatars WHERE id = ?2 AND sha256 = ?3"
            " UNION ALL SELECT avatar_id FROM avatar_versions"
            " WHERE avatar_id = ?2 AND json_extract(record, '$.sha256') = ?3"
        )
        with translated(self._path):
            return (
                self._first(here, (reject["id"], reject["avatar_id"], json.loads(reject["record"])["sha256"])) is None
            )

    def rejected_pictures(self, names: Collection[str]) -> set[tuple[str, str]]:
        """Return name and SHA-256 of the rejects here that have one of the names."""
        with translated(self._path):
            rows = self._connection.execute(
                "SELECT name, json_extract(record, '$.sha256') FROM rejects"
                " WHERE name IN (SELECT value FROM json_each(?))",
                (json.dumps([*names]),),
            )
            return {(name, sha256) for name, sha256 in rows}

    def add_reject(self, reject: Row) -> None:
        """Add a reject whose files are there."""
        with self._change():
            self._insert("rejects", reject)

    @staticmethod
    def as_version(avatar: Row) -> Row:
        """Return the row that an avatar's current picture has as one of its versions."""
        return version_of(avatar, now())

    def add_to(self, rows: AvatarRows, versions: Sequence[Row]) -> bool:
        """Add to an avatar that is here what it lacks: ``versions``, whose files are there, uses and tags.

        Versions get numbers of this library: what it shows stays. Return whether anything was added.
        """
        id_ = rows.avatar["id"]
        with self._change():
            for version in versions:
                number = self._connection.execute(f"SELECT {highest('i.id')} + 1 FROM (SELECT ? AS id) i", (id_,))
                self._insert("avatar_versions", {**version, "version": number.fetchone()[0]})
            has_tags, has_uses = self._add_tags(rows), self._add_uses(rows)
            return bool(versions) or has_tags or has_uses

    def paths_of(self, avatar_ids: Iterable[str]) -> set[str]:
        """Return the paths of all files that the rows of avatars name."""
        named = " UNION ALL ".join(
            f"SELECT {column} FROM {table} WHERE {id_} IN (SELECT value FROM json_each(?1))"
            for table, id_ in (("avatars", "id"), ("avatar_versions", "avatar_id"), ("rejects", "avatar_id"))
            for column in ("image_path", "thumbnail_path")
        )
        with translated(self._path):
            return {row[0] for row in self._connection.execute(named, (json.dumps(list(avatar_ids)),))}

    def add_picture(self, row: Row) -> bool:
        """Add a picture, of the version that its row has, to its avatar, or that avatar; return whether that is new.

        The highest version is shown. One of which there is a picture already is added as an earlier one.
        """
        id_, version = row["id"], row["version"]
        numbers = (
            "SELECT 1 FROM avatars WHERE id = ?1 AND version = ?2 UNION ALL"
            " SELECT 1 FROM avatar_versions WHERE avatar_id = ?1 AND version = ?2"
        )
        with self._change():
            if self._first(numbers, (id_, version)) is not None:
                self.add_to(AvatarRows(row), [version_of(row, now())])
                return False
            is_new = self.name_of(id_) is None
            add(self._connection, row, row["created_at"])
            return is_new

    def sha256s_of(self, avatar_id: str) -> frozenset[str]:
        """Return the SHA-256 of all pictures of an avatar; none if it is not here."""
        with translated(self._path):
            return frozenset(row[0] for row in self._connection.execute(_SHA256S, (avatar_id,)))

    def have_pictures(self, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return those of the pairs of an avatar and a SHA-256 of which the avatar has such a picture."""
        avatar_id, sha256 = "json_extract(j.value, '$[0]')", "json_extract(j.value, '$[1]')"
        sql = (
            f"SELECT r.id, r.sha256 FROM json_each(?1) j CROSS JOIN avatars r WHERE r.id = {avatar_id}"
            f" AND r.sha256 = {sha256} UNION ALL"
            " SELECT r.avatar_id, json_extract(r.record, '$.sha256') FROM json_each(?1) j CROSS JOIN avatar_versions r"
            f" WHERE r.avatar_id = {avatar_id} AND json_extract(r.record, '$.sha256') = {sha256}"
        )
        with translated(self._path):
            return set(map(tuple, self._connection.execute(sql, (json.dumps(list(pairs)),))))

    def ids_here(self, avatar_ids: Iterable[str]) -> set[str]:
        """Return those of the ids that avatars have here."""
        sql = "SELECT id FROM avatars WHERE id IN (SELECT value FROM json_each(?))"
        with translated(self._path):
            return {row[0] for row in self._connection.execute(sql, (json.dumps(list(avatar_ids)),))}

    def add_new(self, rows: Sequence[Row]) -> None:
        """Add avatars whose files are there, and of which nothing is here."""
        with self._change():
            self._insert("avatars", *rows)

    def recipes_here(self, recipes: Sequence[str], project_id: str | None) -> set[str]:
        """Return those of the recipes of which a picture is here: in a project, or in any."""
        projects = "SELECT id FROM projects WHERE ?2 IS NULL OR id = ?2"
        sql = " UNION ALL ".join(
            f"SELECT r.recipe_hash FROM ({projects}) p CROSS JOIN json_each(?1) j"
            f" CROSS JOIN {table} r INDEXED BY {table}_by_recipe WHERE r.project_id = p.id AND r.recipe_hash = j.value"
            for table in ("avatars", "avatar_versions")
        )
        with translated(self._path):
            return {row[0] for row in self._connection.execute(sql, (json.dumps(list(recipes)), project_id))}

    def name_of(self, avatar_id: str) -> str | None:
        """Return an avatar's name, None if it is not here."""
        with translated(self._path):
            return self._first("SELECT name FROM avatars WHERE id = ?", (avatar_id,))

    def find_pictures(self, sha256s: Iterable[str]) -> dict[str, str]:
        """Return the avatars that have pictures with one of these SHA-256, by that, those of rejects too."""
        sha256 = "json_extract(record, '$.sha256')"
        sql = (
            f"SELECT {sha256}, avatar_id FROM rejects WHERE {sha256} IN (SELECT value FROM json_each(?1)) UNION ALL"
            f" SELECT {sha256}, avatar_id FROM avatar_versions WHERE {sha256} IN (SELECT value FROM json_each(?1))"
            " UNION ALL SELECT sha256, id FROM avatars WHERE sha256 IN (SELECT value FROM json_each(?1))"
        )
        with translated(self._path):
            return {row[0]: row[1] for row in self._connection.execute(sql, (json.dumps(list(sha256s)),))}

    def find_originals(self, project_id: str, sha256s: Iterable[str]) -> dict[str, str]:
        """Return the avatars of a project that were uploaded from files with one of these SHA-256, by that."""
        sql = (
            "SELECT original_sha256, id FROM avatars"
            " WHERE project_id = ?1 AND original_sha256 IN (SELECT value FROM json_each(?2))"
        )
        with translated(self._path):
            found = self._connection.execute(sql, (project_id, json.dumps(list(sha256s))))
            return {row[0]: row[1] for row in found}

    def _add_tags(self, rows: AvatarRows) -> bool:
        before = self._connection.total_changes
        self._connection.execute(
            "INSERT OR IGNORE INTO avatar_tags (avatar_id, tag) SELECT ?, value FROM json_each(?)",
            (rows.avatar["id"], json.dumps(list(rows.tags))),
        )
        return self._connection.total_changes != before

    def _add_uses(self, rows: AvatarRows) -> bool:
        """Add the uses that are not here, and count them: what an avatar's row says of them is not believed."""
        used = self._add_missing("usage_events", rows.uses)
        if used:
            self._connection.execute(
                "UPDATE avatars SET usage_count = usage_count + ?2,"
                " last_used_at = max(coalesce(last_used_at, ''), ?3) WHERE id = ?1",
                (rows.avatar["id"], used, max(use["created_at"] for use in rows.uses)),
            )
        return used > 0

    def _add_missing(self, table: str, rows: Sequence[Row]) -> int:
        """Add rows whose keys are not taken, which have the same columns; return how many."""
        added = 0
        for first in rows[:1]:
            names, marks = ", ".join(first), ", ".join("?" * len(first))
            sql = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
            added = self._connection.executemany(sql, (tuple(row.values()) for row in rows)).rowcount
        return added

    def _first(self, sql: str, values: Sequence[object]) -> str | None:
        row = self._connection.execute(sql, values).fetchone()
        return None if row is None else str(row[0])

    def _of(
        self, table: str, column: str, values: str, *, columns: str = "*", then: str | None = None
    ) -> list[sqlite3.Row]:
        wanted = f"{column} IN (SELECT value FROM json_each(?))"
        sql = f"SELECT {columns} FROM {table} WHERE {wanted} ORDER BY {then or column}"
        return self._connection.execute(sql, (values,)).fetchall()


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row)


def _grouped(rows: Iterable[sqlite3.Row], by: str = "avatar_id") -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(_plain(row))
    return groups
