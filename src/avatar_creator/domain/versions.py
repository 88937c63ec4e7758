"""The pictures that an avatar has had, and what each was asked for otherwise than the one before."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.records import Avatar


class Version(NamedTuple):
    """One picture of an avatar, which is the current one if ``is_current``.

    ``avatar`` is as it was with this picture. ``changed`` is what it was asked for otherwise than the one before, by
    the names of fields, None where something was left out; options of engines only where both are by the same one.
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
    before: Avatar | None = None
    for avatar in sorted((current, *others), key=lambda each: each.version):
        changed = {} if before is None else _changed(before, avatar)
        yield Version(avatar, avatar.version == current.version, changed)
        before = avatar


def _changed(before: Avatar, after: Avatar) -> dict[str, Any]:
    first, then = _asked(before), _asked(after)
    if before.engine == after.engine:
        first |= before.recipe.get("options", {})
        then |= after.recipe.get("options", {})
    return {name: then.get(name) for name in first | then if first.get(name) != then.get(name)}


def _asked(avatar: Avatar) -> dict[str, Any]:
    """Return what a picture was asked for, whoever makes it."""
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
    }


def made_by(engine: str | None, model: str | None, avatar: Avatar | None) -> str | None:
    """Say which engine makes a picture, and in place of which; None of one that nobody knows."""
    failed = avatar.recipe.get("fallback") if avatar else None
    instead = f", instead of {failed['engine']}, which failed" if failed else ""
    return f"{engine} ({model}){instead}" if engine else None
