"""Avatars side by side: what their records say, and where they differ."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from avatar_creator.domain.records import Avatar


class Comparison(NamedTuple):
    """Avatars, or versions of them, and for each field what each of them has; None: nothing."""

    avatars: tuple[Avatar, ...]
    values: Mapping[str, Sequence[Any]]

    @property
    def differing(self) -> Mapping[str, Sequence[Any]]:
        """Only the fields in which they are not all the same."""
        return {name: values for name, values in self.values.items() if any(each != values[0] for each in values)}

    def as_json(self) -> dict[str, Any]:
        named = [{"id": each.id, "version": each.version, "name": each.name} for each in self.avatars]
        return {"avatars": named, "same": [each for each in self.values if each not in self.differing]} | {
            "differing": {name: list(values) for name, values in self.differing.items()}
        }


def compare(avatars: Sequence[Avatar]) -> Comparison:
    """Return what each of them has, by field; fields that none has are left out."""
    facts = [_facts(avatar) for avatar in avatars]
    names = dict.fromkeys(name for each in facts for name, value in each.items() if value not in (None, [], ""))
    return Comparison(tuple(avatars), {name: [each.get(name) for each in facts] for name in names})


def _facts(avatar: Avatar) -> dict[str, Any]:
    persona, options = avatar.persona, avatar.recipe.get("options", {})
    return {
        "id": avatar.id,
        "version": avatar.version,
        "name": avatar.name,
        "project": avatar.project_name,
        "persona_id": avatar.persona_id,
        "persona_name": persona.name,
        "persona_age": persona.age,
        "personality": list(persona.personality),
        "background": persona.background,
        **avatar.attributes.as_json(),
        "preset": avatar.preset,
        "prompt": avatar.prompt,
        "full_prompt": avatar.full_prompt,
        "negative_prompt": avatar.negative_prompt,
        "seed": avatar.seed,
        "engine": avatar.engine,
        "model": avatar.model,
        **(options if isinstance(options, dict) else {}),
        "width_px": avatar.width_px,
        "height_px": avatar.height_px,
        "format": avatar.format,
        **{f"drawn_{part}": said for part, said in (avatar.drawn or {}).items()},
        "tags": list(avatar.tags),
        "cost_usd": avatar.cost_usd,
        "sha256": avatar.sha256,
    }
