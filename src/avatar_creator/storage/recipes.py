"""What a project has of the pictures that a batch asks for: each recipe is made once.

Whoever looks and then adds does both within one `together()`, so that nobody adds the same in between. Each method is
a few statements, however many it is asked for. Indexes are named: SQLite could choose one that reads a whole project.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from avatar_creator.domain.records import Status
from avatar_creator.domain.row_key import details_hash
from avatar_creator.errors import NotFound
from avatar_creator.storage import shared_rows, versions
from avatar_creator.storage.database import Connection, now, translated
from avatar_creator.storage.generations import AGAIN
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.spending import ReadLimits, Spending
from avatar_creator.storage.writing import Writer

if TYPE_CHECKING:
    import sqlite3

_Key = TypeVar("_Key")


def _found(table: str, by: str) -> str:
    """Return what follows the columns: rows ``r`` of a table in the project ?1 with one of the values ?2."""
    index = f"{table}_by_{by.partition('_')[0]}"
    return f"FROM json_each(?2) j CROSS JOIN {table} r INDEXED BY {index} WHERE r.project_id = ?1 AND r.{by} = j.value"


def _of_avatar(table: str, column: str, index: str = "") -> str:
    """Return the same for the pairs ?1 of an avatar and a recipe."""
    pairs = f"r.{column} = json_extract(j.value, '$[0]') AND r.recipe_hash = json_extract(j.value, '$[1]')"
    return f"FROM json_each(?1) j CROSS JOIN {table} r {index} WHERE {pairs}"


# Whether the avatar of an earlier picture has another of the same person now: a photograph in place of a drawing.
_REPLACED = "EXISTS (SELECT 1 FROM avatars a WHERE a.id = r.avatar_id AND a.replaces AND a.version > r.version)"


def _known(generations: str, earlier: str, avatars: str, *, replaced: str = "0") -> tuple[str, ...]:
    """Return statements for all rows that have a recipe, with the fields of `Known`. Of several the last one counts."""
    made = "'completed', NULL, NULL, 0"
    then = "json_extract(r.record, '$.fell_back')"
    return (
        (
            "SELECT r.recipe_hash, r.avatar_id, r.version, 0, r.id, r.status, r.owner, r.error_code, r.error_ends_run,"
            f" NULL {generations} AND r.status != 'completed'"
            " ORDER BY r.status = 'processing', r.status = 'pending', r.id"
        ),
        (
            f"SELECT r.recipe_hash, r.avatar_id, r.version, {replaced}, r.generation_id, {made}, {then}"
            f" {earlier} ORDER BY r.avatar_id DESC, r.version"
        ),
        f"SELECT r.recipe_hash, r.id, r.version, 1, r.generation_id, {made}, r.fell_back {avatars} ORDER BY r.id DESC",
    )


_BY_RECIPE = _known(
    *(_found(table, "recipe_hash") for table in ("generations", "avatar_versions", "avatars")), replaced=_REPLACED
)
_BY_AVATAR = _known(
    _of_avatar("generations", "avatar_id", "INDEXED BY generations_by_avatar"),
    _of_avatar("avatar_versions", "avatar_id"),
    _of_avatar("avatars", "id"),
)
_BY_PERSONA = (
    (
        "SELECT r.persona_id, r.avatar_id"
        f" {_found('generations', 'persona_id')} AND r.status != 'completed' ORDER BY r.id"
    ),
    f"SELECT r.persona_id, r.id {_found('avatars', 'persona_id')}",
)
# What a generation that is made after all has of the one that was to be added in its place.
_AS_WANTED = (
    *("engine", "model", "request", "provider", "paid", "price_usd", "unasked", "owner", "batch_id", "credential"),
    *("output_path", "output_folder", "output_replace", "replaces", "fallback", "preset", "updated_at"),
)
# What was ordered for the worker before stays so where nothing else is ordered now.
_AS_ORDERED = (
    "priority = coalesce(:ordered_priority, priority), not_before = coalesce(:not_before, not_before),"
    " after_id = coalesce(:after_id, iif(:owner IS NULL, after_id, NULL)),"
    " on_done = coalesce(:on_done, iif(:owner IS NULL, on_done, NULL))"
)


class Known(NamedTuple):
    """What a project has of a recipe.

    It is an avatar's picture, or a generation that has no avatar (yet). ``is_current``: the avatar has it now, or one
    that `upgrade` has put in its place. ``status`` says how a generation stands; with ``ends_run`` it failed as every
    other would have. ``fell_back`` is None of a picture by the engine that was asked. Another one made it where that
    failed: for all if this is true. A generation has that of the picture which its avatar has meanwhile.
    """

    avatar_id: str
    version: int
    is_current: bool = False
    generation_id: str | None = None
    status: Status = Status.COMPLETED
    owner: str | None = None
    error_code: str | None = None
    ends_run: bool = False
    fell_back: bool | None = None


class Details(NamedTuple):
    """What a row says and no picture shows."""

    name: str
    background: str | None


class Recipes(Writer):
    """Finds what was made or is asked for already, and has that used once more.

    What is paid for is not tried again beyond ``limits``.
    """

    def __init__(self, connection: Connection, path: Path, limits: ReadLimits | None = None) -> None:
        super().__init__(connection, path)
        self._spending = Spending(connection, path, limits)

    def find(self, project_id: str, hashes: Sequence[str], *, unmade: bool = False) -> dict[str, Known]:
        """Return those of the recipes that the project knows; of ``unmade`` pictures alone if that is wanted.

        A picture that an avatar has now counts before an earlier one of an avatar, that before a generation under way,
        and that before one that failed or was cancelled, of which the newest counts.
        """
        given = json.dumps(list(hashes))
        selects = _BY_RECIPE[:1] if unmade else _BY_RECIPE
        rows = (row for select in selects for row in self._rows(select, project_id, given))
        return _counting((row["recipe_hash"], _known_of(row)) for row in rows)

    def find_of(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
        """Return what is known of recipes of one avatar each, as `find` does, by avatar and recipe."""
        given = json.dumps(list(pairs))
        known = ((row["recipe_hash"], _known_of(row)) for select in _BY_AVATAR for row in self._rows(select, given))
        return _counting(((each.avatar_id, recipe_hash), each) for recipe_hash, each in known)

    def find_made_again(
        self, project_id: str, hashes: Sequence[str], unmade: Sequence[str], *, by: str | None = None
    ) -> dict[str, str]:
        """Return those of the recipes that an unfinished batch has made once more, each with that batch.

        One is unfinished as long as anything of it waits, is made, was cancelled, or failed as ``unmade``, which are
        codes, or as all others would have. The batch ``by`` counts as unfinished.
        """
        made = self._rows(
            f"SELECT r.recipe_hash, r.batch_id {_found('generations', 'recipe_hash')}"
            " AND r.again AND r.status = 'completed' AND r.batch_id IS NOT NULL",
            *(project_id, json.dumps(list(hashes))),
        )
        batches = list({batch_id for _, batch_id in made})
        rows = self._rows(
            "SELECT j.value FROM json_each(?1) j WHERE j.value = ?3 OR EXISTS ("
            " SELECT 1 FROM generations g INDEXED BY generations_by_batch WHERE g.batch_id = j.value"
            " AND (g.status IN ('pending', 'processing', 'cancelled') OR (g.status = 'failed'"
            "  AND (g.error_ends_run OR g.error_code IN (SELECT value FROM json_each(?2))))))",
            *(json.dumps(batches), json.dumps(list(unmade)), by),
        )
        unfinished = {batch_id for (batch_id,) in rows}
        return {recipe: batch_id for recipe, batch_id in made if batch_id in unfinished}

    def find_avatars(self, project_id: str, persona_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Return the avatar of each persona, and its highest version, for those that have one.

        A generation that is under way or failed counts too: whatever is made of a persona is one avatar.
        """
        given = json.dumps(list(persona_ids))
        avatars = dict(tuple(row) for select in _BY_PERSONA for row in self._rows(select, project_id, given))
        highest = self.find_versions(avatars.values())
        return {persona_id: (avatar_id, highest[avatar_id]) for persona_id, avatar_id in avatars.items()}

    def find_versions(self, avatar_ids: Iterable[str]) -> dict[str, int]:
        """Return the highest version of each avatar, among its pictures and those that are asked for; 0 without any."""
        rows = self._rows(
            f"SELECT j.value, {versions.highest('j.value')} FROM json_each(?) j", json.dumps(list(avatar_ids))
        )
        return dict(map(tuple, rows))

    def find_persona_names(self, avatar_ids: Sequence[str]) -> dict[str, str]:
        """Return the names of the people that avatars are of, for those of which one is known."""
        select = "SELECT id, persona_name FROM avatars WHERE id IN (SELECT value FROM json_each(?))"
        return {id_: name for id_, name in self._rows(select, json.dumps(list(avatar_ids))) if name}

    def find_engines(self, avatar_ids: Sequence[str]) -> dict[str, str]:
        """Return the engines of the pictures that avatars have now."""
        select = "SELECT id, engine FROM avatars WHERE id IN (SELECT value FROM json_each(?))"
        return dict(map(tuple, self._rows(select, json.dumps(list(avatar_ids)))))

    def outrank(self, avatar_ids: Iterable[str]) -> None:
        """Have avatars stay with their pictures, which are asked for once more, when others under way are made.

        Their versions are renumbered for that: of two pictures the one of the higher version was asked for later. One
        that is made once more with the recipe that it has is left alone. Most often there is none: then no lock is
        taken.
        """
        given = json.dumps(list(avatar_ids))
        outranked = [row["id"] for row in self._rows(f"SELECT id FROM avatars WHERE {versions.OUTRANKED}", given)]
        if outranked:
            with self._change():
                versions.outrank(self._connection, outranked)

    def restore(self, avatar_id: str, version: int, *, is_replacement: bool = False) -> None:
        """Make an earlier picture of an avatar its current one, with all that was known with it.

        The current one becomes an earlier one; files stay as they are. It stays the current one when others under way
        are made. With ``is_replacement`` whom the avatar shows stays as its row says. Raises NotFound.
        """
        with self._change():
            if not versions.restore(self._connection, avatar_id, version, now(), is_replacement=is_replacement):
                raise NotFound(
                    f"There is no version {version} of the avatar {avatar_id}.", hint=f"See: avatar show {avatar_id}"
                )

    def adopt(
        self, generation_id: str, wanted: NewGeneration, *, priority: int | None = None, has_response: bool = False
    ) -> bool:
        """Have a generation that failed or was cancelled wait again, in place of ``wanted``; False if it did not.

        It is made as that one would be: of the same recipe, another service may be asked now, or a copy be wanted.
        What was ordered for it before stays so unless something else is now; ``priority`` is None where none is. One
        that ``has_response`` saved is made of that, and nothing paid twice. If others of its avatar were asked for
        since, it gets a higher version than they have. Raises LimitReached.
        """
        highest = versions.highest("generations.avatar_id")
        if has_response:
            self._stay_with_service(generation_id, wanted)
        values = wanted.values(now())
        assignments = ", ".join(f"{name} = :{name}" for name in _AS_WANTED)
        with self._change():
            done = self._connection.execute(
                f"UPDATE generations SET {AGAIN}, {assignments}, {_AS_ORDERED},"
                f" version = {highest} + (version < {highest}),"
                " fell_back = NULL, output_written = 0, output_error = NULL"
                " WHERE id = :adopted AND status IN ('failed', 'cancelled')",
                {**values, "ordered_priority": priority, "adopted": generation_id},
            ).rowcount
            if done:
                self._note(generation_id, "queued", "to be tried again")
                self._spending.renew(generation_id, has_response=has_response, unasked=wanted.unasked)
            return done > 0

    def _stay_with_service(self, generation_id: str, wanted: NewGeneration) -> None:
        """Have the service that has answered a generation make it, of those that share what is ``wanted``."""
        row = self._rows("SELECT engine FROM generations WHERE id = ?", generation_id)
        entries = list(wanted.fallback or ())
        for each in entries:
            if shared_rows.is_shared(each) and row and each["engine"] == row[0]["engine"]:
                wanted.give_to(each)
        rest = [each for each in entries if not shared_rows.is_shared(each)]
        if len(rest) < len(entries):
            wanted.fallback = rest or None

    def take_over(self, generation_ids: Sequence[str], owner: str) -> list[str]:
        """Have generations that wait for a worker be made by the process ``owner``; return those that still waited."""
        with self._change():
            rows = self._connection.execute(
                "UPDATE generations SET owner = ?2 WHERE id IN (SELECT value FROM json_each(?1))"
                " AND +status = 'pending' AND owner IS NULL RETURNING id",
                (json.dumps(list(generation_ids)), owner),
            ).fetchall()
            for row in rows:
                self._note(row["id"], "taken over", "as no worker could be started")
            return [row["id"] for row in rows]

    def reorder(
        self, generation_ids: Iterable[str], *, priority: int | None, not_before: str | None, on_done: str | None
    ) -> None:
        """Have generations that wait for a worker be made as it is ordered now; what is None stays as it was."""
        with self._change():
            self._connection.execute(
                "UPDATE generations SET priority = coalesce(?2, priority), not_before = coalesce(?3, not_before),"
                " on_done = coalesce(?4, on_done) WHERE id IN (SELECT value FROM json_each(?1))"
                " AND +status = 'pending' AND owner IS NULL",
                (json.dumps(list(generation_ids)), priority, not_before, on_done),
            )

    def update_details(self, details: Mapping[str, Details]) -> int:
        """Have avatars, by their ids, say what their rows say now; return how many changed.

        One that its user edited stays as it is until its row changes.
        """
        with self._change():
            return self._connection.executemany(
                "UPDATE avatars SET name = ?2, persona_background = ?3, details_hash = ?4, updated_at = ?5"
                " WHERE id = ?1 AND details_hash IS NOT ?4",
                [(id_, *each, details_hash(*each), now()) for id_, each in details.items()],
            ).rowcount

    def _rows(self, sql: str, *values: object) -> "list[sqlite3.Row]":
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()


def _known_of(row: "sqlite3.Row") -> Known:
    _, avatar_id, version, is_current, generation_id, status, owner, error_code, ends_run, fell_back = row
    return Known(
        avatar_id,
        version,
        bool(is_current),
        generation_id,
        Status(status),
        owner,
        error_code,
        bool(ends_run),
        None if fell_back is None else bool(fell_back),
    )


def _counting(known: Iterable[tuple[_Key, Known]]) -> dict[_Key, Known]:
    """Return by key the one that counts: the last, but one that fell back only where there is no other."""
    found = dict[_Key, Known]()
    for key, each in known:
        before = found.get(key)
        if each.fell_back is None or before is None:
            found[key] = each
        elif before.status is not Status.COMPLETED:
            found[key] = before._replace(fell_back=each.fell_back, is_current=each.is_current)
        elif before.fell_back is not None:
            found[key] = each
    return found
