"""New avatars as column values, for both doors to the avatars table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import SourceType

if TYPE_CHECKING:
    from avatar_creator.storage.pictures.images import StoredPicture


@dataclass(frozen=True, slots=True)
class NewAvatar:
    """An avatar whose row is not there yet."""

    id: str
    project_id: str
    name: str
    persona: Persona
    attributes: Attributes
    source_type: SourceType
    picture: "StoredPicture | None" = None  # set before the row is made
    generation_id: str | None = None
    engine: str | None = None
    model: str | None = None
    prompt: str | None = None
    full_prompt: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    original_sha256: str | None = None
    recipe: Mapping[str, Any] = field(default_factory=dict)
    credit: str | None = None
    alt_text: str | None = None
    details_hash: str | None = None
    preset: str | None = None

    def values(self, at: str) -> dict[str, Any]:
        """Return the row, column by column, as made at the time ``at``."""
        picture = self.picture
        assert picture is not None, "a row never points to a missing picture"  # noqa: S101
        return {
            "id": self.id,
            "project_id": self.project_id,
            "generation_id": self.generation_id,
            "name": self.name,
            **persona_values(self.persona),
            **self.attributes.as_json(),
            "source_type": self.source_type.value,
            "engine": self.engine,
            "model": self.model,
            "prompt": self.prompt,
            "full_prompt": self.full_prompt,
            "negative_prompt": self.negative_prompt,
            "seed": self.seed,
            "width_px": picture.width_px,
            "height_px": picture.height_px,
            "format": picture.format.value,
            "bytes": picture.bytes,
            "thumbnail_bytes": picture.thumbnail_bytes,
            "sha256": picture.sha256,
            "original_sha256": self.original_sha256,
            "perceptual_hash": picture.perceptual_hash,
            "image_path": picture.image_path,
            "thumbnail_path": picture.thumbnail_path,
            "recipe": json.dumps(self.recipe, ensure_ascii=False),  # in the order in which people read it
            "credit": self.credit,
            "alt_text": self.alt_text,
            "details_hash": self.details_hash,
            "preset": self.preset,
            "usage_count": 0,
            "last_used_at": None,
            "created_at": at,
            "updated_at": at,
        }


def persona_values(persona: Persona) -> dict[str, Any]:
    """Return a persona's columns."""
    return {
        "persona_name": persona.name,
        "persona_age": persona.age,
        "persona_personality": json.dumps(persona.personality, ensure_ascii=False),
        "persona_background": persona.background,
    }
