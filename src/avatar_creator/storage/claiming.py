"""Which generation is claimed next, and by which engine.

A million may wait that cannot be made now: their engine is busy, or nobody has what pays for them. So what waits for
the worker is indexed by its kind, which says all that this depends on. There are few kinds: the first of each that can
be made is found by the index, and the first of those is claimed.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.storage.followers import FOLLOWS
from avatar_creator.storage.shared_rows import shared_of
from avatar_creator.storage.waiting import KIND, WAITING, find_texts

if TYPE_CHECKING:
    import sqlite3

_OF_KIND = f"{WAITING} AND {KIND} = :kind"
_FIRST = (
    f"SELECT id, priority, engine, interruptions {_OF_KIND} AND (:own OR attempt = 0)"
    f" AND (NOT :due OR ((not_before IS NULL OR not_before <= :now) AND {FOLLOWS})) ORDER BY priority DESC, id LIMIT 1"
)
_ANY = f"SELECT request, fallback {_OF_KIND} LIMIT 1"
_OWNED = (
    f"SELECT id, attempt, {KIND} AS kind FROM generations INDEXED BY generations_owned"
    " WHERE status = 'pending' AND owner = ? ORDER BY id"
)


class Maker(NamedTuple):
    """An engine that may make a row, and the fingerprint of what it pays with."""

    engine: str
    credential: str | None


class Kind(NamedTuple):
    """What decides who may make a row: whom it names, whether one more picture is reserved, and who shares it."""

    text: str  # as the index has it
    own: Maker
    reserved: bool
    others: tuple[Maker, ...]

    @property
    def makers(self) -> tuple[Maker, ...]:
        return (self.own, *self.others)

    @classmethod
    def of(cls, text: str) -> "Kind":
        engine, credential, reserved, shared = text.split(" ", 3)
        parted = (each.partition(" ") for each in shared.split(",") if each)
        others = tuple(Maker(other, fingerprint or None) for other, _, fingerprint in parted)
        return cls(text, Maker(engine, credential or None), reserved == "1", others)


class Claims(NamedTuple):
    """Who may make rows now: not an engine that is busy (``without``), ``over`` a limit or ``down``.

    One that is down, as it fails for all pictures, makes nothing that others share. Without ``credentials`` whoever
    owns the row pays with what it has.
    """

    without: Collection[str] = ()
    over: Collection[str] = ()
    down: Collection[str] = ()
    credentials: Collection[str] | None = None

    def is_for_own(self, kind: Kind) -> bool:
        """Return whether the engine that such rows name may make them."""
        return self._may(kind.own, paid=kind.reserved, shares=bool(kind.others))

    def is_for_other(self, kind: Kind) -> bool:
        """Return whether another one may, if no service was asked for the picture yet."""
        return any(self._may(other, paid=True, shares=True) for other in kind.others)

    def is_for_any(self, kind: Kind) -> bool:
        return self.is_for_own(kind) or self.is_for_other(kind)

    def choose(self, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the entry of the one that is to make a row that was just claimed; None: the one that it names.

        What is free goes before what is paid for.
        """
        entries = [] if row["attempt"] else shared_of(row["fallback"])
        able = [each for each in entries if self._may_share(each, paid=bool(each["paid"]))]
        is_able = self._may_share(row, paid=bool(row["reserved"])) or not able
        if is_able and (not row["paid"] or all(each["paid"] for each in able)):
            return None
        return min(able, key=lambda each: bool(each["paid"]))

    def _may_share(self, row: Mapping[str, Any], *, paid: bool) -> bool:
        return self._may(Maker(row["engine"], row["credential"]), paid=paid, shares=True)

    def _may(self, maker: Maker, *, paid: bool, shares: bool) -> bool:
        engine, credential = maker
        if engine in self.without or (paid and engine in self.over) or (shares and engine in self.down):
            return False
        return credential is None or self.credentials is None or credential in self.credentials


def find_kinds(connection: "sqlite3.Connection") -> list[Kind]:
    """Return each kind of what waits for the worker."""
    return list(map(Kind.of, find_texts(connection)))


def find_first(
    connection: "sqlite3.Connection", kinds: Iterable[Kind], claims: Claims, at: str, *, due: bool = True
) -> "sqlite3.Row | None":
    """Return what is to be claimed first of some kinds; ``due``: of what may be begun ``at`` that time."""
    found: list[sqlite3.Row] = []
    for kind in filter(claims.is_for_any, kinds):
        values = {"kind": kind.text, "own": claims.is_for_own(kind), "due": due, "now": at}
        found += connection.execute(_FIRST, values)
    return min(found, key=lambda row: (-row["priority"], row["id"]), default=None)


def find_first_owned(connection: "sqlite3.Connection", owner: str, claims: Claims) -> str | None:
    """Return the id of what is to be claimed first by the process that owns it."""
    for row in connection.execute(_OWNED, (owner,)):
        kind = Kind.of(row["kind"])
        if claims.is_for_own(kind) or (claims.is_for_other(kind) and not row["attempt"]):
            return str(row["id"])
    return None


def find_any(connection: "sqlite3.Connection", kind: Kind) -> "sqlite3.Row | None":
    """Return request and fallback of a row of that kind."""
    row: sqlite3.Row | None = connection.execute(_ANY, {"kind": kind.text}).fetchone()
    return row
