"""What a preset says where nothing else does, and what of it is left out beside what else is said."""

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.lint import lint
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.text import fold

if TYPE_CHECKING:
    from avatar_creator.domain.preset import Preset

# Which values of a preset do not fit another value of the field that they follow.
_FOLLOWS = {"persona_name": "gender", "background": "gender"}
_FOLLOWS |= {attribute.name: attribute.follows for attribute in ATTRIBUTES if attribute.follows}
_BEARD = r"(?i)\b(beard(ed)?|stubble|mou?staches?|mou?stached|goatee|sideburns|clean[- ]shaven)\b"
# Which are left out where they contradict what is said, in this order.
_GIVES_WAY = ("age_range", "persona_age", "hair_color", "hair_style")


def filled(row: PersonaRow, preset: "Preset", cleared: Collection[str] = ()) -> PersonaRow:
    """Return a row with the values of a preset where it says nothing.

    A field is either the row's or the preset's; ``cleared`` are those that are neither, by their names. What
    contradicts the row is left out: name, life and beard of another gender, colors of another ethnicity, and what
    `lint` says.
    """
    said, offered = _values(row.persona, row.attributes, row.prompt), _values(*_who(preset))
    taken = {
        name: value
        for name, value in offered.items()
        if name not in said and name not in cleared and not _is_other(_FOLLOWS.get(name), said, offered)
    }
    if "prompt" in taken and _is_other("gender", said, offered):
        taken["prompt"] = _without_beard(taken["prompt"])
    taken = _fitting(said, taken)
    persona, attributes, prompt = _parts(said | taken)
    choices = {name: value for name, value in preset.choices.items() if name.removesuffix("_px") not in cleared}
    choices = choices | dict(row.choices) | {"preset": preset.name}
    if persona.name is None:
        choices.setdefault("name", preset.title)
    return row._replace(persona=persona, attributes=attributes, prompt=prompt, choices=choices)


def of_many(preset: "Preset", gender: str | None) -> tuple[str | None, str | None]:
    """Return the style of dress and the prompt of a preset as they are for many people, all of ``gender`` if given."""
    own = preset.attributes.gender
    is_own = own is None or (gender is not None and _word(gender) == _word(own))
    return preset.attributes.style, preset.prompt if is_own or not preset.prompt else _without_beard(preset.prompt)


def _who(preset: "Preset") -> tuple[Persona, Attributes, str | None]:
    return preset.persona, preset.attributes, preset.prompt


def _values(persona: Persona, attributes: Attributes, prompt: str | None) -> dict[str, Any]:
    """Return what is given, by the names of fields."""
    values = {
        "persona_name": persona.name,
        "persona_age": persona.age,
        "personality": persona.personality or None,
        "background": persona.background,
        **attributes.as_json(),
        "prompt": prompt,
    }
    return {name: value for name, value in values.items() if value is not None}


def _parts(values: Mapping[str, Any]) -> tuple[Persona, Attributes, str | None]:
    persona = Persona.stored(
        values.get("persona_name"),
        values.get("persona_age"),
        values.get("personality", ()),
        values.get("background"),
    )
    return persona, Attributes.from_json(values), values.get("prompt")


def _is_other(leader: str | None, said: Mapping[str, Any], offered: Mapping[str, Any]) -> bool:
    """Return whether a field has another value than in the preset."""
    if leader is None or leader not in said or leader not in offered:
        return False
    return _word(said[leader]) != _word(offered[leader])


def _without_beard(prompt: str) -> str | None:
    parts = [part.strip() for part in prompt.split(",")]
    return ", ".join(part for part in parts if not re.search(_BEARD, part)) or None


def _word(value: str) -> str:
    return fold(value).replace("-", " ").replace("_", " ")


def _fitting(said: Mapping[str, Any], taken: dict[str, Any]) -> dict[str, Any]:
    """Return those of the values taken that do not contradict what is said."""
    wrong = lint(*_parts({**said, **taken}))
    for name in _GIVES_WAY if wrong else ():
        fewer = {other: value for other, value in taken.items() if other != name}
        left = lint(*_parts({**said, **fewer}))
        if len(left) < len(wrong):
            wrong, taken = left, fewer
    return taken
