"""Generations that several engines share: whichever is free and allowed makes one.

A row names one of them. Each of the others is an entry at the head of its `fallback`: a JSON object of the columns that
the row has where that engine makes it. `shared` of the first names all of them, each with the credential that it pays
with: the index of kinds has it (claiming.py).
"""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avatar_creator.storage.database import Connection

_COLUMNS = ("engine", "model", "provider", "credential", "paid", "price_usd")
_ASKED = ("options", "licenses")  # of a request: what is an engine's own


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


def shared_of(fallback: str | None) -> list[Mapping[str, Any]]:
    """Return the entries of those that share a row, of the JSON that it has."""
    return [each for each in json.loads(fallback or "[]") if is_shared(each)]
