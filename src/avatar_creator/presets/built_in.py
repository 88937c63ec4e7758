"""The presets and persona examples that come with avatar. Their texts are our own; docs/presets.md shows them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from avatar_creator.documents.yaml_values import yaml_documents
from avatar_creator.domain.preset import CATEGORIES, PersonaExample, Preset
from avatar_creator.presets.reading import example_of, preset_of

_HERE = Path(__file__).parent


def find_built_in(name: str) -> Preset | None:
    """Return the preset of exactly this name, None if none that comes with avatar has it."""
    for category in CATEGORIES:
        if f"- name: {name}\n" in _text(category):  # only one of ten files is worth reading as YAML
            return next((each for each in _of(category) if each.name == name), None)
    return None


def read_built_in() -> list[Preset]:
    """Return all that come with avatar, category after category."""
    return [preset for category in CATEGORIES for preset in _of(category)]


def built_in_names() -> list[str]:
    return [
        line.removeprefix("- name: ")
        for category in CATEGORIES
        for line in _text(category).splitlines()
        if line.startswith("- name: ")
    ]


def find_persona_examples(category: str | None = None) -> list[PersonaExample]:
    """Return the persona examples of a category, or all, in their order."""
    examples = map(example_of, _items((_HERE / "persona_examples.yaml").read_text("utf-8")))
    wanted = (each for each in examples if category in {None, each.category})
    return sorted(wanted, key=lambda example: example.display_order)


@cache
def _text(category: str) -> str:
    return (_HERE / "data" / f"{category}.yaml").read_text("utf-8")


@cache
def _of(category: str) -> tuple[Preset, ...]:
    return tuple(preset_of(values, category) for values in _items(_text(category)))


def _items(text: str) -> Iterator[Any]:
    for document in yaml_documents(text, []):
        yield from document.value
