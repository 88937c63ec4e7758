"""Rows to put into a library: avatars whose pictures are not asked for, and generations."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.prompt import build_prompt
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.library import Library
from avatar_creator.storage import ids
from avatar_creator.storage.generations import Generations
from avatar_creator.storage.leases import Lease, Leases
from avatar_creator.storage.migrations import MIGRATIONS
from avatar_creator.storage.new_generation import NewGeneration
from avatar_creator.storage.pictures.images import StoredPicture
from avatar_creator.storage.rows import NewAvatar

SARAH = Persona("Sarah Johnson", 32, ("confident", "friendly"), "Runs a garage")
LOOKS = Attributes(gender="female", hair_style="long", hair_color="black")
RUNNER = ids.RUNNER + "0000000000000"


def stored_picture(bytes_: int = 1000, thumbnail_bytes: int = 100) -> StoredPicture:
    return StoredPicture("0a/x.jpg", "0a/x.thumb.jpg", PictureFormat.JPEG, 512, 640, bytes_, thumbnail_bytes, "00" * 32)


def new_avatar(project_id: str, **given: Any) -> NewAvatar:
    defaults: dict[str, Any] = {
        "id": ids.new_id(ids.AVATAR),
        "name": "Sarah",
        "persona": SARAH,
        "attributes": LOOKS,
        "source_type": SourceType.UPLOADED,
        "picture": stored_picture(),
    }
    return NewAvatar(project_id=project_id, **defaults | given)


def new_generation(project_id: str, *, engine: str = "offline", seed: int = 42, **orders: Any) -> NewGeneration:
    prompt = build_prompt(SARAH, LOOKS, "in an office")
    asked = GenerationRequest("default", engine, SARAH, LOOKS, prompt, seed, width_px=512, height_px=640)
    return NewGeneration(project_id, engine, "avataaars", seed, asked.as_json(), **orders)


def queued(library: Library, **given: Any) -> str:
    """Add a generation that waits for the worker, and return its id."""
    new = new_generation(library.app.generations.ensure_project("default"), **given)
    library.app.generations.add(new)
    return new.id


def ensure_project(leases: Leases, name: str = "default") -> str:
    return generations_of(leases).ensure_project(name)


def generations_of(leases: Leases) -> Generations:
    """Return generations of the same connection."""
    return Generations(leases._connection, leases._path)


def begin(leases: Leases, new: NewGeneration, runner: str) -> Lease:
    """Add a generation that a process owns, and have that one claim it."""
    generations_of(leases).add(replace(new, owner=runner))
    taken = leases.claim_owned(runner)
    assert taken is not None
    return taken.lease


def claimed(library: Library, **given: Any) -> Lease:
    """Add a generation and take it up."""
    id_ = queued(library, **given)
    taken = library.app.leases.claim(RUNNER, [], idle=True)
    assert taken is not None
    assert taken.lease.id == id_
    return taken.lease


def column(library: Library, id_: str, names: str) -> Any:
    """Return what the row of a generation says."""
    (values,) = rows(library.home.database, f"SELECT {names} FROM generations WHERE id = ?", id_)
    return values[0] if len(values) == 1 else values


def events(library: Library, id_: str) -> list[str]:
    return [event.event for event in library.app.queries.find_events(id_)]


def generated_avatar(project_id: str, lease: Lease, **given: Any) -> NewAvatar:
    """Return the avatar that a generation ends with."""
    facts = {"id": lease.avatar_id, "generation_id": lease.id, "source_type": SourceType.TEXT_TO_IMAGE}
    return new_avatar(project_id, **facts | {"engine": "offline", "model": "avataaars", "seed": 42} | given)


def add_avatar(library: Library, project_id: str, **given: Any) -> str:
    """Add an uploaded avatar and return its id."""
    new = new_avatar(project_id, **given)
    library.app.catalog.add_avatar(new)
    return new.id


def add_generated(library: Library, project_id: str, **given: Any) -> Lease:
    """Add an avatar as a generation does."""
    lease = begin(library.app.leases, new_generation(project_id), RUNNER)
    library.app.leases.complete(lease, generated_avatar(project_id, lease, **given))
    return lease


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, object]) -> None:
    """Insert a row, whatever the order of the table's columns is."""
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
    connection.execute(sql, tuple(values.values()))


def project_row(id_: str, name: str, at: str = "") -> dict[str, object]:
    return {"id": id_, "name": name, "created_at": at, "updated_at": at}


def make_tables(connection: sqlite3.Connection, schema: int = len(MIGRATIONS)) -> None:
    """Make the tables that a version of the schema had: its steps are never edited, so these are its files."""
    connection.executescript("".join(MIGRATIONS[:schema]))
    connection.execute(f"PRAGMA user_version = {schema}")


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Look into the file through a connection that knows nothing of this program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def rows(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with opened(path) as connection:
        return connection.execute(sql, values).fetchall()
