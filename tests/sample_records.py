"""An avatar and a generation for tests that only want one: each names what matters to it."""

from pathlib import Path
from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar, Generation, SourceType, Status

AT = "2025-01-02T03:04:05.000006Z"


def an_avatar(**changes: Any) -> Avatar:
    facts: dict[str, Any] = {
        "id": "av_1",
        "generation_id": "gen_1",
        "project_id": "prj_1",
        "project_name": "default",
        "name": "Sarah",
        "image_path": Path("/pictures/00/av_1.jpg"),
        "thumbnail_path": Path("/pictures/00/av_1.thumb.jpg"),
        "source_type": SourceType.TEXT_TO_IMAGE,
        "persona": Persona("Sarah", 32, ("kind",)),
        "attributes": Attributes(gender="female"),
        "engine": "offline",
        "model": "avataaars",
        "prompt": None,
        "full_prompt": "Sarah",
        "negative_prompt": "ugly",
        "seed": 42,
        "width_px": 64,
        "height_px": 64,
        "format": "jpeg",
        "bytes": 10,
        "sha256": "00",
        "recipe": {"seed": 42},
        "credit": None,
        "usage_count": 0,
        "last_used_at": None,
        "created_at": AT,
        "updated_at": AT,
    }
    return Avatar(**facts | changes)


def a_generation(**changes: Any) -> Generation:
    facts: dict[str, Any] = {
        "id": "gen_1",
        "project_id": "prj_1",
        "avatar_id": "av_1",
        "status": Status.COMPLETED,
        "stage": "done",
        "progress": 100,
        "attempt": 1,
        "waiting_for": None,
        "waiting_until": None,
        "seed": 42,
        "engine": "offline",
        "model": "avataaars",
        "provider": None,
        "pictures": 0,
        "prompt": None,
        "full_prompt": "Sarah",
        "negative_prompt": "ugly",
        "width_px": 64,
        "height_px": 64,
        "error": None,
        "created_at": AT,
        "started_at": AT,
        "updated_at": AT,
        "finished_at": AT,
        "detached": False,
        "priority": 0,
        "not_before": None,
        "after": None,
        "credential": None,
        "interruptions": 0,
        "stop_asked": False,
        "avatar": an_avatar(),
    }
    return Generation(**facts | changes)
