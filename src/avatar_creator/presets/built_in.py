"""The presets and persona examples that come with avatar. Their texts are our own; docs/presets.md shows them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from avatar_creator import documents
from avatar_creator.domain.preset import CATEGORIES, PersonaExample, Preset
from avatar_creator.presets.parsing import example_of, preset_of

_HERE = Path(__file__).parent


def find_built_in(name: str) -> Preset | None:
    """Return the preset or persona example of exactly this name, None if none that comes with avatar has it."""
    for category in CATEGORIES:
        if f"- name: {name}\n" in _text(category):  # only one of ten files is worth reading as YAML
            return next((each for each in _of(category) if each.name == name), None)
    return next((each.preset for each in find_persona_examples() if each.preset.name == name), None)


def read_built_in() -> list[Preset]:
    """Return all that come with avatar, category after category."""
    return [preset for category in CATEGORIES for preset in _of(category)]


def built_in_names() -> list[str]:
    """Return the names of presets, then those of persona examples."""
    texts = (*map(_text, CATEGORIES), _examples_text())
    lines = (line for text in texts for line in text.splitlines() if line.startswith("- name: "))
    return [line.removeprefix("- name: ").lower().replace(" ", "-") for line in lines]


def find_persona_examples(category: str | None = None) -> list[PersonaExample]:
    """Return the persona examples of a category, or all, in their order."""
    examples = map(example_of, _items(_examples_text()))
    wanted = (each for each in examples if category in {None, each.category})
    return sorted(wanted, key=lambda example: example.display_order)


@cache
def _text(category: str) -> str:
    return (_HERE / "data" / f"{category}.yaml").read_text("utf-8")


@cache
def _examples_text() -> str:
    return (_HERE / "persona_examples.yaml").read_text("utf-8")


@cache
def _of(category: str) -> tuple[Preset, ...]:
    return tuple(preset_of(values, category) for values in _items(_text(category)))


def _items(text: str) -> Iterator[Any]:
    for document in documents.yaml_values.yaml_documents(text, []):
        yield from document.value
