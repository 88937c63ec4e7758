"""Whole avatars as rows, on their way out of a library and into another one. Files are for who asks for them."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator.storage.database import now, translated
from avatar_creator.storage.migrations import MIGRATIONS
from avatar_creator.storage.versions import highest, version_of
from avatar_creator.storage.writing import Writer

SCHEMA = len(MIGRATIONS)  # of the rows that are read
Row = Mapping[str, Any]

# What a row says of its own home alone: where its user has a copy of the picture.
_HOME_ONLY = ("copy_path",)


class AvatarRows(NamedTuple):
    """An avatar with all that is known of it, column by column: its other pictures, its tags, and who used it."""

    avatar: Row
    versions: Sequence[Row] = ()
    tags: Sequence[str] = ()
    uses: Sequence[Row] = ()


class Taken(NamedTuple):
    """What of the avatars of another library is here: that of their ids, and of each what its project has otherwise."""

    pictures: Mapping[str, frozenset[str]]  # of each avatar that is here, the SHA-256 of its pictures
    persona_ids: frozenset[tuple[str, str]]  # project and persona id
    originals: Mapping[tuple[str, str], str]  # the avatar of a project that was uploaded from the same file


class Exchange(Writer):
    """Reads rows as they are, and adds them as they are."""

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
                {**avatars[id_], **dict.fromkeys(_HOME_ONLY)},
                versions.get(id_, ()),
                [each["tag"] for each in tags.get(id_, ())],
                uses.get(id_, ()),
            )
            for id_ in avatar_ids
            if id_ in avatars
        ]

    def read_projects(self, ids: Iterable[str]) -> list[tuple[Row, Sequence[Row]]]:
        """Return projects, each with its casts."""
        wanted = json.dumps(list(ids))
        with translated(self._path):
            casts = _grouped(self._of("casts", "project_id", wanted, then="seed"), by="project_id")
            projects = [_plain(row) for row in self._of("projects", "id", wanted)]
        return [(project, casts.get(project["id"], ())) for project in projects]

    def read_presets(self, names: Iterable[str] | None = None) -> list[Row]:
        """Return the user's own presets of these names, or all of them."""
        with translated(self._path):
            if names is None:
                return [_plain(row) for row in self._connection.execute("SELECT * FROM presets ORDER BY name")]
            return [_plain(row) for row in self._of("presets", "name", json.dumps(list(names)))]

    def taken(self, rows: Sequence[AvatarRows]) -> Taken:
        """Return what of avatars, whose project ids are those of this library, is here already."""
        ids = json.dumps([each.avatar["id"] for each in rows])
        persons = json.dumps([[each.avatar["project_id"], each.avatar.get("persona_id")] for each in rows])
        originals = json.dumps([[each.avatar["project_id"], each.avatar.get("original_sha256")] for each in rows])
        pairs = "FROM json_each(?) j CROSS JOIN avatars a ON a.project_id = json_extract(j.value, '$[0]')"
        with translated(self._path):
            pictures: dict[str, set[str]] = {}
            for row in self._of("avatars", "id", ids, columns="id, sha256"):
                pictures[row["id"]] = {row["sha256"]}
            columns = "avatar_id, json_extract(record, '$.sha256') AS sha256"
            for row in self._of("avatar_versions", "avatar_id", ids, columns=columns):
                pictures[row["avatar_id"]].add(row["sha256"])
            named = self._connection.execute(
                f"SELECT a.project_id, a.persona_id {pairs} AND a.persona_id = json_extract(j.value, '$[1]')",
                (persons,),
            )
            persona_ids = frozenset((row[0], row[1]) for row in named)
            uploaded = self._connection.execute(
                f"SELECT a.project_id, a.original_sha256, a.id {pairs}"
                " AND a.original_sha256 = json_extract(j.value, '$[1]')",
                (originals,),
            )
            same = {(row[0], row[1]): row[2] for row in uploaded}
        return Taken({id_: frozenset(found) for id_, found in pictures.items()}, persona_ids, same)

    def add_project(self, project: Row) -> None:
        """Add a project as it is. Raises StorageError where its id or name is taken."""
        with self._change():
            self._insert("projects", self._known("projects", project))

    def add_casts(self, casts: Sequence[Row]) -> None:
        """Add casts of a project that are not there."""
        self._add_missing("casts", casts)

    def add_presets(self, presets: Sequence[Row]) -> int:
        """Add presets whose names are not taken; return how many."""
        return self._add_missing("presets", presets)

    def add(self, rows: AvatarRows) -> None:
        """Add an avatar whose files are there, with all that is known of it."""
        with self._change():
            self._insert("avatars", self._known("avatars", rows.avatar))
            self._insert("avatar_versions", *(self._known("avatar_versions", each) for each in rows.versions))
            self._add_rest(rows)

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
                new = {**version, "version": number.fetchone()[0], "replaced_at": version.get("replaced_at") or now()}
                self._insert("avatar_versions", self._known("avatar_versions", new))
            return self._add_rest(rows, is_known=True) or bool(versions)

    def _add_rest(self, rows: AvatarRows, *, is_known: bool = False) -> bool:
        id_ = rows.avatar["id"]
        before = self._connection.total_changes
        tags = json.dumps(list(rows.tags))
        self._connection.execute(
            "INSERT OR IGNORE INTO avatar_tags (avatar_id, tag) SELECT ?, value FROM json_each(?)", (id_, tags)
        )
        has_tags, used = self._connection.total_changes != before, 0
        for use in rows.uses:
            names = list(self._known("usage_events", use))
            marks = ", ".join("?" * len(names))
            sql = f"INSERT OR IGNORE INTO usage_events ({', '.join(names)}) VALUES ({marks})"
            used += self._connection.execute(sql, [use[name] for name in names]).rowcount
        if is_known and used:  # the row of a new one counts them already
            self._connection.execute(
                "UPDATE avatars SET usage_count = usage_count + ?2, last_used_at = max(coalesce(last_used_at, ''), ?3)"
                " WHERE id = ?1",
                (id_, used, max(use["created_at"] for use in rows.uses)),
            )
        return has_tags or used > 0

    def _of(
        self, table: str, column: str, values: str, *, columns: str = "*", then: str | None = None
    ) -> list[sqlite3.Row]:
        wanted = f"{column} IN (SELECT value FROM json_each(?))"
        sql = f"SELECT {columns} FROM {table} WHERE {wanted} ORDER BY {then or column}"
        return self._connection.execute(sql, (values,)).fetchall()

    def _known(self, table: str, row: Row) -> dict[str, Any]:
        """Return a row without columns that this version has not: those of an earlier one had names of their own."""
        columns = {each["name"] for each in self._connection.execute(f"PRAGMA table_info({table})")}
        return {name: value for name, value in row.items() if name in columns}

    def _add_missing(self, table: str, rows: Sequence[Row]) -> int:
        with self._change():
            before = self._connection.total_changes
            for row in rows:
                known = self._known(table, row)
                marks = ", ".join("?" * len(known))
                sql = f"INSERT OR IGNORE INTO {table} ({', '.join(known)}) VALUES ({marks})"
                self._connection.execute(sql, tuple(known.values()))
            return self._connection.total_changes - before


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row)


def _grouped(rows: Iterable[sqlite3.Row], by: str = "avatar_id") -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(_plain(row))
    return groups
