"""Rows as the records that the rest of the program knows."""

import json
import sqlite3
from pathlib import Path

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar, Failure, Generation, SourceType, Stage, Status
from avatar_creator.storage.pictures.paths import kept_path


def avatar_of(row: sqlite3.Row, pictures: Path) -> Avatar:
    """Return a row of avatars, with its project's name; ``pictures`` is the folder that its paths are relative to."""
    return Avatar(
        id=row["id"],
        generation_id=row["generation_id"],
        project_id=row["project_id"],
        project_name=row["project_name"],
        name=row["name"],
        image_path=kept_path(pictures, row["image_path"]),
        thumbnail_path=kept_path(pictures, row["thumbnail_path"]),
        source_type=SourceType(row["source_type"]),
        persona=Persona.kept(
            row["persona_name"],
            row["persona_age"],
            tuple(json.loads(row["persona_personality"])),
            row["persona_background"],
        ),
        attributes=Attributes.from_json(dict(row)),
        engine=row["engine"],
        model=row["model"],
        prompt=row["prompt"],
        full_prompt=row["full_prompt"],
        negative_prompt=row["negative_prompt"],
        seed=row["seed"],
        width_px=row["width_px"],
        height_px=row["height_px"],
        format=row["format"],
        bytes=row["bytes"],
        sha256=row["sha256"],
        recipe=json.loads(row["recipe"]),
        credit=row["credit"],
        usage_count=row["usage_count"],
        last_used_at=row["last_used_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def generation_of(row: sqlite3.Row, avatar: Avatar | None) -> Generation:
    """Return a row of generations, and the avatar that it made."""
    request = json.loads(row["request"])  # of another version it may lack what this one writes
    failed = row["error_code"] is not None
    return Generation(
        id=row["id"],
        project_id=row["project_id"],
        avatar_id=avatar.id if avatar else None,
        status=Status(row["status"]),
        stage=row["stage"],
        progress=row["progress"],
        attempt=row["attempt"],
        waiting_for=row["waiting_for"],
        waiting_until=row["waiting_until"],
        seed=row["seed"],
        engine=row["engine"],
        model=row["model"],
        provider=row["provider"],
        pictures=row["pictures"],
        prompt=request.get("prompt"),
        full_prompt=request.get("full_prompt", ""),
        negative_prompt=request.get("negative_prompt", ""),
        width_px=request.get("width_px", 0),
        height_px=request.get("height_px", 0),
        error=Failure(row["error_code"], row["error_message"], row["error_hint"]) if failed else None,
        created_at=row["created_at"],
        started_at=row["started_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
        detached=bool(row["detached"]),
        priority=row["priority"],
        not_before=row["not_before"],
        after=row["after_id"],
        credential=row["credential"],
        interruptions=row["interruptions"],
        stop_asked=bool(row["stop_asked"]),
        avatar=avatar,
    )


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
        detached=None,
        priority=None,
        not_before=None,
        after=None,
        credential=None,
        interruptions=None,
        stop_asked=False,
        avatar=avatar,
    )
