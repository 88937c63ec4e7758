"""How presets are shown: their tab-separated lines, and their table and card on a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.cli.render.widgets import age, card, row, short, table
from avatar_creator.domain.preset import PresetEntry

if TYPE_CHECKING:
    from rich.console import RenderableType

    from avatar_creator.jobs.plan import Plan


class ShownPreset(NamedTuple):
    """A preset as `preset show` shows it: with what would be made of it."""

    entry: PresetEntry
    plan: "Plan"

    @property
    def id(self) -> str:
        return self.entry.id

    def as_json(self) -> dict[str, Any]:
        request = self.plan.request
        made = {"engine": request.engine, "full_prompt": request.prompt.full, "warnings": list(self.plan.warnings)}
        return self.entry.as_json() | made


def preset_line(entry: PresetEntry) -> Sequence[object]:
    preset = entry.preset
    return (
        preset.name,
        preset.category,
        preset.title,
        preset.persona.name,
        preset.persona.age,
        entry.uses,
        entry.last_used_at,
        "built-in" if entry.is_built_in else "own",
    )


def shown_line(shown: ShownPreset) -> Sequence[object]:
    return preset_line(shown.entry)


def preset_table(entries: Sequence[PresetEntry]) -> "RenderableType":
    rows = table("name", "category", "person", ">age", "gender", ">uses")
    for entry in entries:
        preset = entry.preset
        category = preset.category if entry.is_built_in else f"{preset.category} *"
        person = short(preset.persona.name or preset.title)
        row(rows, preset.name, category, person, preset.persona.age, preset.attributes.gender, entry.uses or "")
    if any(not entry.is_built_in for entry in entries):
        rows.caption = "* your own"
        rows.caption_justify = "left"
    return rows


def preset_card(entry: PresetEntry) -> "RenderableType":
    return card(*_facts(entry))


def shown_card(shown: ShownPreset) -> "RenderableType":
    request = shown.plan.request
    return card(
        *_facts(shown.entry),
        None,
        ("engine", request.engine),
        ("full prompt", request.prompt.full),
        *(("mind", warning) for warning in shown.plan.warnings),
    )


def _facts(entry: PresetEntry) -> list[tuple[str, Any] | None]:
    preset = entry.preset
    persona = preset.persona
    return [
        ("preset", preset.name),
        ("title", preset.title),
        ("category", preset.category),
        ("description", preset.description),
        ("source", "comes with avatar" if entry.is_built_in else "your own"),
        ("used", f"{entry.uses} times, last {age(entry.last_used_at)}" if entry.last_used_at else None),
        None,
        ("persona", persona.name),
        ("age", persona.age),
        ("personality", ", ".join(persona.personality)),
        ("background", persona.background),
        None,
        *((attribute.label, value) for attribute, value in preset.attributes.given()),
        None,
        ("prompt", preset.prompt),
        *((name.removesuffix("_px").replace("_", " "), value) for name, value in preset.choices.items()),
    ]
