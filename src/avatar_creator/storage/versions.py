"""The pictures of an avatar that was made anew: its row has the current one, ``avatar_versions`` the others.

A version has columns of its own for what is searched for and for its files. All else that a picture decides is its
record, as JSON: a column that a later version of the tables adds is in it as soon as the row has it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.attributes import ATTRIBUTES

if TYPE_CHECKING:
    import sqlite3

_FILES = ("image_path", "thumbnail_path", "bytes", "thumbnail_bytes")
_OWN = ("version", "generation_id", "recipe_hash", "picture_at", *_FILES)  # columns of both tables
# What is true of an avatar whichever picture it has. The last two are no columns, but what queries add.
_STAYS = frozenset(
    (
        *("id", "project_id", "persona_id", "usage_count", "last_used_at", "created_at", "updated_at", "starred"),
        *("copy_path", "project_name", "tags"),
    )
)
# What is known of whom an avatar shows: a picture that takes the place of another one leaves it as it is.
_WHOSE = (
    *("name", "persona_name", "persona_age", "persona_personality", "persona_background", "details_hash"),
    *("preset", "source_type"),
    *(attribute.name for attribute in ATTRIBUTES),
)


def highest(avatar_id: str) -> str:
    """Return as SQL the highest version of an avatar, among its pictures and those that are asked for; else 0.

    ``avatar_id`` is a column of the statement's own table, with its name.
    """
    return (
        "(SELECT coalesce(max(version), 0) FROM ("
        f"SELECT version FROM avatars a WHERE a.id = {avatar_id} UNION ALL"
        f" SELECT max(v.version) FROM avatar_versions v WHERE v.avatar_id = {avatar_id} UNION ALL"
        f" SELECT max(g.version) FROM generations g INDEXED BY generations_by_avatar WHERE g.avatar_id = {avatar_id}))"
    )


# Of the avatars ?1 those that would be shown with another recipe when what is under way is made.
OUTRANKED = (
    "id IN (SELECT value FROM json_each(?1)) AND EXISTS (SELECT 1 FROM generations g INDEXED BY generations_by_avatar"
    " WHERE g.avatar_id = avatars.id AND g.version > avatars.version AND g.status IN ('pending', 'processing')"
    " AND g.recipe_hash IS NOT avatars.recipe_hash)"
)


def outrank(connection: "sqlite3.Connection", avatar_ids: Sequence[str]) -> None:
    """Give the pictures of avatars higher versions than those have that are under way."""
    connection.execute(
        f"UPDATE avatars SET version = {highest('avatars.id')} + 1 WHERE {OUTRANKED}", (json.dumps(avatar_ids),)
    )


def overlaid(avatar: "sqlite3.Row", version: "sqlite3.Row") -> dict[str, Any]:
    """Return an avatar's row as it is with one of its other pictures."""
    record = json.loads(version["record"])
    decided = {name: record.get(name) for name in _decided(avatar)}
    return dict(avatar) | decided | {name: version[name] for name in _OWN}


def add(
    connection: "sqlite3.Connection", new: Mapping[str, Any], at: str, *, is_replacement: bool = False
) -> tuple[str, ...]:
    """Give an avatar the picture of the row that it would have as ``new``; return files that no row names.

    The row is inserted where there is none, as when it was deleted meanwhile. A picture that was asked for before the
    current one is not shown in its place. One with the same bytes is not stored once more. With ``is_replacement``
    whom the avatar shows stays as its row says.
    """
    row = connection.execute("SELECT * FROM avatars WHERE id = ?", (new["id"],)).fetchone()
    if row is None:
        _insert(connection, "avatars", new)
        return ()
    new = {**new, "picture_at": at} | ({name: row[name] for name in _WHOSE} if is_replacement else {})
    is_earlier, is_same = new["version"] < row["version"], new["sha256"] == row["sha256"]
    if is_same:
        unnamed = tuple(str(new[name]) for name in _FILES[:2] if new[name] != row[name])
        if not is_earlier:
            _update(connection, dict(row) | _picture(new) | {name: row[name] for name in (*_FILES, "picture_at")}, at)
        return unnamed
    if is_earlier:
        _insert(connection, "avatar_versions", version_of(dict(row) | _picture(new), at))
        return ()
    _insert(connection, "avatar_versions", version_of(dict(row), at))
    _update(connection, dict(row) | _picture(new), at)
    return ()


def restore(
    connection: "sqlite3.Connection", avatar_id: str, version: int, at: str, *, is_replacement: bool = False
) -> bool:
    """Make an earlier picture the current one again; False if there is none of this version. No file is touched.

    With ``is_replacement`` whom the avatar shows stays as its row says, instead of as it was then.
    """
    row = connection.execute("SELECT * FROM avatars WHERE id = ?", (avatar_id,)).fetchone()
    if row is None:
        return False
    if row["version"] == version:
        outrank(connection, [avatar_id])
        return True
    which = (avatar_id, version)
    found = connection.execute("SELECT * FROM avatar_versions WHERE avatar_id = ? AND version = ?", which).fetchone()
    if found is None:
        return False
    connection.execute("DELETE FROM avatar_versions WHERE avatar_id = ? AND version = ?", which)
    _insert(connection, "avatar_versions", version_of(dict(row), at))
    whose = {name: row[name] for name in _WHOSE} if is_replacement else {}
    _update(connection, overlaid(row, found) | whose, at)
    outrank(connection, [avatar_id])
    return True


def _decided(avatar: "sqlite3.Row | Mapping[str, Any]") -> list[str]:
    """Return the columns of a version's record."""
    return [name for name in avatar.keys() if name not in _STAYS and name not in _OWN]  # noqa: SIM118 - a row has no other


def _picture(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in _STAYS}


def version_of(avatar: Mapping[str, Any], at: str) -> dict[str, object]:
    """Return the row that an avatar's picture has as one of its versions, from the time ``at`` on."""
    record = {name: avatar[name] for name in _decided(avatar)}
    return {
        **{name: avatar[name] for name in _OWN},
        "avatar_id": avatar["id"],
        "project_id": avatar["project_id"],
        "record": json.dumps(record, ensure_ascii=False),
        "picture_at": avatar["picture_at"] or avatar["created_at"],
        "replaced_at": at,
    }


def _insert(connection: "sqlite3.Connection", table: str, values: Mapping[str, object]) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))


def _update(connection: "sqlite3.Connection", values: Mapping[str, object], at: str) -> None:
    new = _picture(values) | {"updated_at": at}
    assignments = ", ".join(f"{name} = ?" for name in new)
    connection.execute(f"UPDATE avatars SET {assignments} WHERE id = ?", (*new.values(), values["id"]))
