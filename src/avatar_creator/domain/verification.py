"""What is found out of a picture that is verified."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from avatar_creator.domain.records import Avatar


class Verdict(StrEnum):
    """How far a picture is proved; ``is_damage`` says that what was saved is not there any more."""

    OK = "ok"
    INTACT = "intact"
    DIFFERS = "differs"
    CHANGED = "changed"
    MISSING = "missing"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]

    @property
    def is_damage(self) -> bool:
        return self in {Verdict.CHANGED, Verdict.MISSING}


_MEANINGS = {
    Verdict.OK: "its bytes are those that were saved, and its recipe makes it again",
    Verdict.INTACT: "its bytes are those that were saved; nothing proves that its recipe makes it again",
    Verdict.DIFFERS: "its bytes are those that were saved, and its recipe makes another picture today",
    Verdict.CHANGED: "a file, or what its row says of it, was changed",
    Verdict.MISSING: "a file is gone, or cannot be read",
}


class Verified(NamedTuple):
    """One picture of an avatar: the current one, or an earlier version. ``said`` is a sentence or several."""

    avatar: Avatar
    verdict: Verdict
    said: str
    is_current: bool = True

    @property
    def id(self) -> str:
        return self.avatar.id

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.avatar.name,
            "version": self.avatar.version,
            "is_current": self.is_current,
            "result": self.verdict.value,
            "said": self.said,
            "image_path": str(self.avatar.image_path),
        }


def doubts(recipe: Mapping[str, Any]) -> str:
    """Return in sentences why nobody can prove that a recipe makes the picture of a model again."""
    made_with = recipe.get("made_with")
    facts = made_with if isinstance(made_with, Mapping) else {}
    provider = recipe.get("provider") or facts.get("provider")
    revision, lora = facts.get("model_version"), facts.get("lora")
    said = [f"It was made by the model {recipe.get('model')}, and is not made again: that is charged for."]
    if provider:
        said.append(f"The provider {provider} may run the model otherwise today than then.")
    if revision:
        said.append(f"The revision {str(revision)[:12]} was the newest then; nothing proves that it was the one used.")
    else:
        said.append("Which revision of the model it was, is not known.")
    if lora:
        said.append(f"The LoRA {lora} may have changed.")
    if facts.get("rerolled_seeds"):
        said.append("Its seed is a later one: the first gave a blank picture.")
    return " ".join(said)


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return what two pictures of one recipe were made with differently, as a phrase; '' if nothing is known."""
    names = [
        name for name in dict.fromkeys((*before, *now)) if before.get(name) != now.get(name) and name != "licenses"
    ]
    return ", ".join(f"{_shown(name)}{_step(before.get(name), now.get(name))}" for name in names)


def _shown(name: str) -> str:
    return name.replace("_", " ")


def _step(before: object, now: object) -> str:
    """Say the two values where they are short."""
    plain = all(each is None or isinstance(each, str | int | float) for each in (before, now))
    return f" ({before or 'none'} then, {now or 'none'} now)" if plain else ""
