"""Libraries of any number of avatars, made in bulk through the real schema and kept for the next run."""

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from avatar_creator import Attributes, Persona, open_library
from avatar_creator.storage.database import Connection, connect, transaction
from avatar_creator.storage.index import Index
from avatar_creator.storage.migrations import MIGRATIONS
from avatar_creator.storage.shared_rows import entry, listed

PROJECTS = 100
CLAIMED = 100  # that an engine which is not full can make
DAYS = 730  # over which the avatars were made, up to today
_KEPT_S = 6 * 86400  # `stats` counts the last 7 days: an older library has none
_BATCH = 100_000
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"

_GENDERS = ("female", "male", "non-binary")
_ETHNICITIES = ("black", "east-asian", "hispanic", "south-asian", "white")
_HAIR_COLORS = ("black", "brown", "blonde", "red", "gray", "auburn")


class Libraries:
    """The homes that benchmarks read, kept below ``cache``."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def of(self, count: int) -> Path:
        """Return the home of a library of that many avatars, made now if it is missing or old."""
        return self.made(f"library-{count}", lambda new: _build(new, count))

    def people(self, count: int) -> Path:
        """Return the home of a library with one project of that many people of all kinds, made now if it is missing."""
        return self.made(f"people-{count}", lambda new: _build(new, count, projects=1))

    def made(self, name: str, build: Callable[[Path], None]) -> Path:
        """Return the home of that name, built now if it is missing or old."""
        schema = hashlib.sha256("".join(MIGRATIONS).encode()).hexdigest()[:8]
        home = self._cache / f"{name}-{schema}"
        database = home / "library.db"
        if database.exists() and time.time() - database.stat().st_mtime < _KEPT_S:
            return home
        print(f"making {name} ...", file=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
        new = home.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        build(new)
        new.rename(home)
        return home

    def pending(self, count: int) -> Path:
        """Return the home of a library in which that many generations wait for the worker, made now if missing."""
        return self.made(f"pending-{count}", lambda new: _build_pending(new, count))

    def full(self, count: int) -> Path:
        """Return the home of a library in which that many wait for engines that are full, and a few for a third."""
        return self.made(f"full-{count}", lambda new: _build_full(new, count))

    def generation(self, count: int) -> tuple[Path, str]:
        """Return that home, and the id of a generation in the middle of its library."""
        home = self.of(count)
        with open_library(home) as library:
            generations = list(library.app.queries.find_generations(limit=count // 2))
        return home, generations[-1].id


def _build(home: Path, count: int, projects: int = PROJECTS) -> None:
    """Draw a few avatars as users do, then insert their rows again and again under new ids."""
    with open_library(home) as library:
        for age, gender in enumerate(_GENDERS * len(_HAIR_COLORS), start=20):
            persona = Persona(f"Persona of {age}", age, ("warm", "curious"), "Grew up by the sea.")
            attributes = Attributes(gender=gender, hair_color=_HAIR_COLORS[age % len(_HAIR_COLORS)], style="casual")
            library.generate(persona=persona, attributes=attributes, seed=age)
        database, backups = library.home.database, library.home.backups
    connection = connect(database, backups)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        _multiply(connection, count, projects)
        Index(connection, database).update()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _build_pending(home: Path, count: int) -> None:
    _build_waiting(home, ({} for _ in range(count)))


def _build_full(home: Path, count: int) -> None:
    """Half of those that wait are a service's, and half are shared by it with a card of one's own."""
    paid: dict[str, Any] = {"engine": "huggingface", "model": "flux", "credential": "abc", "paid": True}
    shares = entry(**paid, request={"options": {"steps": 28}, "licenses": []})
    service = paid | {"reserved": 1}
    shared = {"engine": "local", "model": "klein", "fallback": json.dumps(listed([shares]))}
    _build_waiting(home, ({} if n >= count else (service, shared)[n % 2] for n in range(count + CLAIMED)))


def _build_waiting(home: Path, differ: Iterator[dict[str, Any]]) -> None:
    """Draw one avatar, then insert its generation again and again, as it was when it waited, but for what differs."""
    with open_library(home) as library:
        library.generate(persona=Persona("Sarah", 30), seed=1)
        database, backups = library.home.database, library.home.backups
    with closing(connect(database, backups)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        made = dict(connection.execute("SELECT * FROM generations").fetchone())
        made |= {"status": "pending", "stage": "queued", "progress": 0, "attempt": 0, "fence": 0, "owner": None}
        made |= {"runner": None, "started_at": None, "finished_at": None}

        def row(n: int, own: dict[str, Any]) -> dict[str, Any]:
            return made | own | {"id": _id("gen_", n), "avatar_id": _id("av_", n), "seed": n + 1}

        with transaction(connection):
            _insert(connection, "generations", (row(n, own) for n, own in enumerate(differ)))
            connection.execute(
                "INSERT INTO generation_events SELECT id, created_at, 'queued', NULL FROM generations"
                " WHERE status = 'pending'"
            )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _multiply(connection: Connection, count: int, number: int) -> None:
    def rows(table: str) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")]

    avatars, generations = rows("avatars"), rows("generations")
    project, *_ = rows("projects")
    projects = [project | {"id": _id("prj_", n), "name": f"Project {n}"} for n in range(number)]
    with transaction(connection):
        for table in ("avatars", "generations", "projects"):
            connection.execute(f"DELETE FROM {table}")
        _insert(connection, "projects", iter(projects))

    def at(n: int) -> str:
        made = begun + timedelta(days=DAYS) * (n / count)
        return made.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def own(n: int) -> dict[str, Any]:
        times = {name: at(n) for name in ("created_at", "updated_at")}
        return {"project_id": projects[n % number]["id"], "seed": n + 1, **times}

    def generation(n: int) -> dict[str, Any]:
        return generations[n % len(generations)] | own(n) | {"id": _id("gen_", n), "avatar_id": _id("av_", n)}

    def avatar(n: int) -> dict[str, Any]:
        ids = {"id": _id("av_", n), "generation_id": _id("gen_", n)}
        name = f"{avatars[n % len(avatars)]['name']}, no. {n}"
        who = {"persona_age": 18 + n // 3 % 70, "ethnicity": _ETHNICITIES[n // 210 % len(_ETHNICITIES)]}
        used = {"usage_count": n % 50, "last_used_at": at(n)} if n % 10 == 0 else {}
        return avatars[n % len(avatars)] | own(n) | ids | used | who | {"name": name}

    begun = datetime.now(UTC) - timedelta(days=DAYS)
    for first in range(0, count, _BATCH):
        batch = range(first, min(first + _BATCH, count))
        with transaction(connection):
            _insert(connection, "generations", map(generation, batch))
            _insert(connection, "avatars", map(avatar, batch))


def _insert(connection: Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    marks = ", ".join(f":{name}" for name in first)
    statement = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"
    connection.execute(statement, first)
    connection.executemany(statement, rows)


def _id(prefix: str, n: int) -> str:
    """Return an id as long as real ones, sorted by ``n``."""
    digits = ""
    for _ in range(13):
        n, digit = divmod(n, 32)
        digits = _DIGITS[digit] + digits
    return prefix + digits
