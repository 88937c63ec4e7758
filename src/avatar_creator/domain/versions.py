"""The pictures that an avatar has had, and what each was asked for otherwise than the one before."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.records import Avatar


class Version(NamedTuple):
    """One picture of an avatar, which is the present one if ``is_current``.

    ``avatar`` is as it was with this picture. ``changed`` is what it was asked for otherwise than the one before, by
    the names of fields, None where something was left out.
    """

    avatar: Avatar
    is_current: bool
    changed: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        avatar = self.avatar
        return {
            "version": avatar.version,
            "is_current": self.is_current,
            "picture_at": avatar.picture_at,
            "generation_id": avatar.generation_id,
            "engine": avatar.engine,
            "model": avatar.model,
            "seed": avatar.seed,
            "image_path": str(avatar.image_path),
            "thumbnail_path": str(avatar.thumbnail_path),
            "sha256": avatar.sha256,
            "changed": dict(self.changed),
        }


def versions_of(current: Avatar, others: Iterable[Avatar]) -> Iterator[Version]:
    """Yield the versions of an avatar in their order."""
    before: dict[str, Any] | None = None
    for avatar in sorted((current, *others), key=lambda each: each.version):
        asked = _asked(avatar)
        changed = (
            {}
            if before is None
            else {name: asked.get(name) for name in before | asked if _differs(name, before, asked)}
        )
        yield Version(avatar, avatar.version == current.version, changed)
        before = asked


def _differs(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return before.get(name) != after.get(name)


def _asked(avatar: Avatar) -> dict[str, Any]:
    """Return what a picture was asked for."""
    persona = avatar.persona
    return {
        "persona_name": persona.name,
        "persona_age": persona.age,
        "personality": list(persona.personality) or None,
        **avatar.attributes.as_json(),
        "prompt": avatar.prompt,
        "negative_prompt": avatar.negative_prompt,
        "seed": avatar.seed,
        "engine": avatar.engine,
        "model": avatar.model,
        "width_px": avatar.width_px,
        "height_px": avatar.height_px,
        "format": avatar.format,
        **avatar.recipe.get("options", {}),
    }


def made_by(engine: str | None, model: str | None, avatar: Avatar | None) -> str | None:
    """Say which engine makes a picture, and in place of which; None of one that nobody knows."""
    failed = avatar.recipe.get("fallback") if avatar else None
    instead = f", instead of {failed['engine']}, which failed" if failed else ""
    return f"{engine} ({model}){instead}" if engine else None
