"""Generations that several engines share: whichever is free and allowed makes one.

A row names one of them. Each of the others is an entry at the head of its `fallback`: a JSON object of the columns that
the row has where that engine makes it. `shared` of the first names all of them, each with the credential that it pays
with: an index has it, so that nobody reads a million rows to find none.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from avatar_creator.storage.database import Connection

_COLUMNS = ("engine", "model", "provider", "credential", "paid", "price_usd")
_ASKED = ("options", "licenses")  # of a request: what is an engine's own
IS_SHARED = "json_extract(fallback, '$[0].shared') IS NOT NULL"
# Nothing was paid for it yet, and no service is asked for it: then another engine may make it.
MAY_MOVE = f"(attempt = 0 AND {IS_SHARED})"
CAN_OTHER = (
    f"({MAY_MOVE} AND EXISTS (SELECT 1 FROM json_each(fallback) s WHERE json_extract(s.value, '$.shared') IS NOT NULL"
    " AND json_extract(s.value, '$.engine') NOT IN (SELECT value FROM json_each(:without))"
    " AND json_extract(s.value, '$.engine') NOT IN (SELECT value FROM json_each(:down))"
    " AND NOT (json_extract(s.value, '$.paid') AND json_extract(s.value, '$.engine') IN"
    "  (SELECT value FROM json_each(:over)))"
    " AND (:credentials IS NULL OR json_extract(s.value, '$.credential') IS NULL"
    "  OR json_extract(s.value, '$.credential') IN (SELECT value FROM json_each(:credentials)))))"
)
_FIRST = "json_extract(fallback, '$[0].shared')"
_WAIT = f"FROM generations INDEXED BY generations_shared WHERE status = 'pending' AND {IS_SHARED}"
WAITING = (
    f"WITH RECURSIVE kinds (name) AS (SELECT min({_FIRST}) {_WAIT} UNION ALL"
    f" SELECT (SELECT min({_FIRST}) {_WAIT} AND {_FIRST} > k.name) FROM kinds k WHERE k.name IS NOT NULL)"
    " SELECT name FROM kinds WHERE name IS NOT NULL"
)


class Claims(NamedTuple):
    """What decides who may make a row: engines that are busy, ``over`` a limit or ``down``, and ``credentials``.

    Without credentials whoever owns the row pays with what it has.
    """

    without: Collection[str] = ()
    over: Collection[str] = ()
    down: Collection[str] = ()
    credentials: Collection[str] | None = None

    def as_values(self) -> dict[str, str | None]:
        """Return the values of the SQL."""
        return {name: None if value is None else json.dumps(list(value)) for name, value in self._asdict().items()}

    def is_any_free(self, shared: str) -> bool:
        """Return whether one of those that `shared` of an entry names may make a row now."""
        return any(self._may(*_parted(name), paid=True) for name in shared.split(","))

    def choose(self, row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the entry of the one that is to make a row that was just claimed; None: the one that it names.

        What is free goes before what is paid for.
        """
        entries = [] if row["attempt"] else _shared(row["fallback"])
        able = [each for each in entries if self._may(each["engine"], each["credential"], paid=bool(each["paid"]))]
        own = row["engine"]
        is_able = self._may(own, row["credential"], paid=bool(row["reserved"])) or not able
        if is_able and (not row["paid"] or all(each["paid"] for each in able)):
            return None
        return min(able, key=lambda each: bool(each["paid"]))

    def _may(self, engine: str, credential: str | None, *, paid: bool) -> bool:
        if engine in self.without or engine in self.down or (paid and engine in self.over):
            return False
        return credential is None or self.credentials is None or credential in self.credentials


def entry(
    *,
    engine: str,
    model: str,
    request: Mapping[str, Any],
    provider: str | None = None,
    credential: str | None = None,
    paid: bool = False,
    price_usd: float | None = None,
) -> dict[str, Any]:
    """Return what a row has where an engine makes it; ``request`` is what its request has of that engine."""
    own = {name: request[name] for name in _ASKED if name in request}
    columns = {"engine": engine, "model": model, "provider": provider, "credential": credential}
    return columns | {"paid": paid, "price_usd": price_usd, "request": own, "shared": ""}


def listed(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return entries as a `fallback` has them: those that share first, then those that are fallen back to."""
    found = list(map(dict, entries))
    shared = [each for each in found if is_shared(each)]
    names = ",".join(" ".join(filter(None, (each["engine"], each["credential"]))) for each in shared)
    return [*(each | {"shared": names} for each in shared), *(each for each in found if not is_shared(each))]


def moved(row: Mapping[str, Any], request: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changes in a row so that the ``chosen`` engine makes it, and the others may if it waits again.

    ``request`` is what is asked for there.
    """
    own = entry(**{name: row[name] for name in _COLUMNS}, request=request)
    own["paid"] = bool(own["paid"])
    others = [each for each in json.loads(row["fallback"]) if each["engine"] != chosen["engine"]]
    return {
        **{name: chosen[name] for name in _COLUMNS},
        "reserved": chosen["paid"],
        "request": json.dumps({**request, **chosen["request"]}, ensure_ascii=False, sort_keys=True),
        "fallback": json.dumps(listed([own, *others])),
    }


def asked_of_next(request: Mapping[str, Any], chosen: Mapping[str, Any], why: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request of a row whose engine failed, as the ``chosen`` entry's engine is asked; ``why`` it failed.

    What is said of those that share it is said only of a picture that none of them made.
    """
    failed, fell_back = [*request.get("failed", ()), why], request.get("fell_back", ())
    said = {"failed": failed} if is_shared(chosen) else {"fell_back": [*fell_back, *failed]}
    return {**{name: value for name, value in request.items() if name != "failed"}, **chosen["request"], **said}


def stop_sharing(connection: "Connection", generation_id: str) -> None:
    """Have the engine that a row names make it, and none that shares it: a service has answered it already."""
    row = connection.execute("SELECT fallback FROM generations WHERE id = ?", (generation_id,)).fetchone()
    entries = json.loads(row["fallback"] or "[]")
    rest = [each for each in entries if not is_shared(each)]
    if len(rest) < len(entries):
        given = json.dumps(rest) if rest else None
        connection.execute("UPDATE generations SET fallback = ? WHERE id = ?", (given, generation_id))


def is_shared(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry is of an engine that shares a row, and not of one that is fallen back to."""
    return "shared" in entry


def _shared(fallback: str | None) -> list[Mapping[str, Any]]:
    return [each for each in json.loads(fallback or "[]") if is_shared(each)]


def _parted(name: str) -> tuple[str, str | None]:
    engine, _, credential = name.partition(" ")
    return engine, credential or None
