"""Which avatar of a project has a picture that looks like another one."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class Alike(NamedTuple):
    """An avatar, and in how many bits the perceptual hash of its picture differs."""

    id: str
    name: str
    bits: int


def nearest(connection: "sqlite3.Connection", project_id: str, avatar_id: str, hash_: str | None) -> Alike | None:
    """Return the other avatar of a project whose picture has the hash that differs least; None without any."""
    if hash_ is None:
        return None
    rows = connection.execute(
        "SELECT id, name, perceptual_hash FROM avatars"
        " WHERE project_id = ? AND id != ? AND length(perceptual_hash) = ?",
        (project_id, avatar_id, len(hash_)),
    )
    own = int(hash_, 16)
    return min((Alike(id_, name, _bits(own, other)) for id_, name, other in rows), key=_by_bits, default=None)


def nearest_of(connection: "sqlite3.Connection", project_id: str, avatar_id: str) -> Alike | None:
    """Return the same for an avatar that is there."""
    row = connection.execute("SELECT perceptual_hash FROM avatars WHERE id = ?", (avatar_id,)).fetchone()
    return nearest(connection, project_id, avatar_id, row[0] if row else None)


def _bits(own: int, other: str) -> int:
    try:
        return (own ^ int(other, 16)).bit_count()
    except ValueError:  # another program has written it
        return 4 * len(other)


def _by_bits(alike: Alike) -> int:
    return alike.bits
