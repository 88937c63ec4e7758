"""Rows as the records that the rest of the program knows."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar, Failure, Generation, SourceType, Stage, Status
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput, StorageError

# What a record is made of: the columns of the table `a` of avatars, the name of its project `p`, and its tags.
AVATAR_COLUMNS = (
    "a.*, p.name AS project_name,"
    " (SELECT json_group_array(tag) FROM (SELECT tag FROM avatar_tags WHERE avatar_id = a.id ORDER BY tag)) AS tags"
)
# Columns whose values a record holds as they are, under the same name: all that are not named here.
_AVATAR_COLUMNS = tuple(
    name
    for name in Avatar._fields
    if name
    not in {
        *("image_path", "thumbnail_path", "source_type", "persona", "attributes", "recipe", "warnings", "picture_at"),
        *("copy_path", "tags", "starred"),
    }
)
_PERSONA = {"persona_name": str | None, "persona_age": int | None, "persona_background": str | None}
FORMATS = frozenset({"jpeg", "png", "webp"})  # as PictureFormat has them, which most commands need not load
_PARTS = ("made_with", "drawn", "fallback")  # of a recipe
_REQUESTED = ("prompt", "full_prompt", "negative_prompt", "width_px", "height_px")
_GENERATION_COLUMNS = tuple(
    name
    for name in Generation._fields
    if name
    not in {
        "avatar_id",
        "status",
        "error",
        "detached",
        "after",
        "stop_asked",
        "avatar",
        "not_shown",
        "paid",
        "cost_usd",
        "output_path",
        "name",
        "persona",
        "attributes",
        *_REQUESTED,
    }
)


def avatar_of(row: sqlite3.Row | Mapping[str, Any], pictures: Path) -> Avatar:
    """Return a row of avatars, with its project's name; ``pictures`` is the folder that its paths are relative to.

    Raises StorageError for one that another program made unreadable.
    """
    try:
        return _avatar(row, pictures)
    except (ValueError, TypeError, InvalidInput) as error:  # no JSON, or no value that this column has
        why = str(error).rstrip(".")
        raise StorageError(
            f"The row of the avatar {visible(str(row['id']))} was changed by another program,"
            f" and cannot be read: {why}.",
            hint="Put a copy of the database back (avatar backup list), or change the row as it was.",
        ) from error


def _avatar(row: sqlite3.Row | Mapping[str, Any], pictures: Path) -> Avatar:
    row = _by_name(row)
    columns = {column: row[column] for column in (*_AVATAR_COLUMNS, *_PERSONA)}
    _expect_types(tuple(map(type, columns.values())))
    name, age, background = (columns.pop(column) for column in _PERSONA)
    if columns["format"] not in FORMATS:
        raise ValueError(f"its format is {columns['format']}")
    return Avatar(
        **columns,
        image_path=stored_path(pictures, row["image_path"]),
        thumbnail_path=stored_path(pictures, row["thumbnail_path"]),
        source_type=SourceType(row["source_type"]),
        persona=Persona.stored(
            name,
            age,
            tuple(json.loads(row["persona_personality"])),
            background,
        ),
        attributes=Attributes.from_json(row),
        recipe=_recipe(row["recipe"]),
        picture_at=row["picture_at"] or row["created_at"],
        copy_path=None if row["copy_path"] is None else Path(row["copy_path"]),
        tags=tuple(json.loads(row["tags"])),
        starred=bool(row["starred"]),
    )


def _by_name(row: sqlite3.Row | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of a row by name: a Row looks through all names for each value."""
    return dict(zip(row.keys(), row, strict=True)) if isinstance(row, sqlite3.Row) else row


@lru_cache(1000)  # rows differ in which columns have no value, and hardly else
def _expect_types(types: tuple[type, ...]) -> None:
    """Raise TypeError where a column of an avatar has a value of another type: SQLite takes it."""
    known = get_type_hints(Avatar) | _PERSONA
    for column, given in zip((*_AVATAR_COLUMNS, *_PERSONA), types, strict=True):
        if not issubclass(given, known[column]):
            raise TypeError(f"{column} is of type {given.__name__}")


def _recipe(stored: str) -> Mapping[str, Any]:
    recipe = json.loads(stored)
    if not isinstance(recipe, dict):
        raise TypeError("its recipe is none")
    for part in _PARTS:
        if not isinstance(recipe.get(part), dict | None):
            raise TypeError(f"its recipe has a {part} that is none")
    return recipe


def is_inside(relative: str) -> bool:
    """Return whether a row's path, with ``/`` on every system, stays in the folder of pictures.

    One that leads out was written by another program.
    """
    parts = {*str.split(relative, "/")} - {"", "."}  # a path of the library would take ten times as long
    return bool(parts) and relative[0] != "/" and ".." not in parts and not any(each in relative for each in "\\:\0")


def stored_path(pictures: Path, relative: str) -> Path:
    """Return where a row's file is; for a path that leads out, a path in the folder at which no file is."""
    return pictures / (relative if is_inside(relative) else "outside-of-the-pictures")


def request_of(stored: str) -> dict[str, Any]:
    """Return what a generation was asked with; of another version it may lack anything, and {} is no request at all."""
    try:
        request = json.loads(stored)
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


def generation_of(row: sqlite3.Row, avatar: Avatar | None) -> Generation:
    """Return a row of generations, and the avatar that it made."""
    columns = _by_name(row)
    request = request_of(columns["request"])
    failed = columns["error_code"] is not None
    return Generation(
        **{column: columns[column] for column in _GENERATION_COLUMNS},
        avatar_id=avatar.id if avatar else None,
        status=Status(columns["status"]),
        prompt=request.get("prompt"),
        full_prompt=request.get("full_prompt", ""),
        negative_prompt=request.get("negative_prompt", ""),
        width_px=request.get("width_px", 0),
        height_px=request.get("height_px", 0),
        error=Failure(columns["error_code"], columns["error_message"], columns["error_hint"]) if failed else None,
        detached=columns["owner"] is None,
        after=columns["after_id"],
        stop_asked=bool(columns["stop_asked"]),
        avatar=avatar,
        not_shown=tuple(json.loads(columns["not_shown"])) if columns["not_shown"] else (),
        paid=bool(columns["paid"]),
        cost_usd=columns["cost_usd"] if columns["pictures"] else 0.0,
        output_path=None if columns["output_error"] or columns["output_path"] is None else Path(columns["output_path"]),
        **_whose(request),
    )


def _whose(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return whom a generation is to show, as far as its request says that in a way this version understands."""
    name = request.get("name")
    whose: dict[str, Any] = {"name": name if isinstance(name, str) else None}
    for part, kind in (("persona", Persona), ("attributes", Attributes)):
        with suppress(InvalidInput):
            whose[part] = kind.from_json(request.get(part) or {})
    return whose


def forgotten(avatar: Avatar) -> Generation:
    """Return the generation of an avatar, whose row was pruned: as far as the avatar knows it."""
    assert avatar.generation_id is not None  # noqa: S101 - it was found by it
    return Generation(
        id=avatar.generation_id,
        project_id=avatar.project_id,
        avatar_id=avatar.id,
        status=Status.COMPLETED,
        stage=Stage.DONE.value,
        progress=Stage.DONE.percent,
        attempt=None,
        waiting_for=None,
        waiting_until=None,
        seed=avatar.seed or 0,
        engine=avatar.engine or "",
        model=avatar.model or "",
        provider=avatar.recipe.get("provider"),
        pictures=None,
        prompt=avatar.prompt,
        full_prompt=avatar.full_prompt or "",
        negative_prompt=avatar.negative_prompt or "",
        width_px=avatar.width_px,
        height_px=avatar.height_px,
        error=None,
        created_at=avatar.created_at,
        started_at=None,
        updated_at=avatar.created_at,
        finished_at=avatar.created_at,
        avatar=avatar,
        not_shown=avatar.not_shown,
        cost_usd=avatar.cost_usd,
        name=avatar.name,
        persona=avatar.persona,
        attributes=avatar.attributes,
        persona_id=avatar.persona_id,
        preset=avatar.preset,
    )
