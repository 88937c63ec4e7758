"""What a preset says where nothing else does, and what of it is left out beside what else is said."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.lint import lint
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.text import fold

if TYPE_CHECKING:
    from avatar_creator.domain.preset import Preset

# Which are left out where they contradict what is said, in this order.
_GIVES_WAY = ("age_range", "persona_age", "hair_color", "hair_style")
_BEARD = r"(?i)\b(beard(ed)?|stubble|mou?staches?|mou?stached|goatee|sideburns|clean[- ]shaven)\b"
_REMEMBERED_MOST = 4096  # many rows of a file look alike


class _Shown(NamedTuple):
    """What a picture shows of somebody. ``is_other``: of another gender than in the preset."""

    age: int | None
    attributes: Attributes
    prompt: str | None
    is_other: bool


class PresetDefaults:
    """Gives rows the values of a preset where they say nothing.

    A field is either the row's or the preset's; ``cleared`` are those that are neither, by their names. What
    contradicts the row is left out: name, life and beard of another gender, colors of another ethnicity, and what
    `lint` says.
    """

    def __init__(self, preset: "Preset", cleared: Collection[str] = ()) -> None:
        self._preset = preset
        self._cleared = frozenset(cleared)
        choices = preset.choices.items()
        self._choices = {name: value for name, value in choices if name.removesuffix("_px") not in self._cleared}
        self._shown = lru_cache(_REMEMBERED_MOST)(self._shown_beside)

    def apply(self, row: PersonaRow) -> PersonaRow:
        said, own, cleared = row.persona, self._preset.persona, self._cleared
        seen = self._shown(said.age, row.attributes, row.prompt)
        persona = Persona.stored(
            said.name or (None if seen.is_other or "persona_name" in cleared else own.name),
            seen.age,
            said.personality or (() if "personality" in cleared else own.personality),
            said.background or (None if seen.is_other or "background" in cleared else own.background),
        )
        choices = {**self._choices, **row.choices, "preset": self._preset.name}
        if persona.name is None:
            choices.setdefault("name", self._preset.title)
        return row._replace(persona=persona, attributes=seen.attributes, prompt=seen.prompt, choices=choices)

    def _shown_beside(self, age: int | None, attributes: Attributes, prompt: str | None) -> _Shown:
        said = _values(age, attributes, prompt)
        offered = _values(self._preset.persona.age, self._preset.attributes, self._preset.prompt)
        other = {name for name, value in said.items() if name in offered and _word(value) != _word(offered[name])}
        follows = {attribute.name: attribute.follows for attribute in ATTRIBUTES}
        taken = {
            name: value
            for name, value in offered.items()
            if name not in said and name not in self._cleared and follows.get(name) not in other
        }
        is_other = "gender" in other
        if is_other and "prompt" in taken:
            taken["prompt"] = _without_beard(taken["prompt"])
        values = {**said, **_fitting(said, taken)}
        return _Shown(values.get("persona_age"), Attributes.from_json(values), values.get("prompt"), is_other)


def of_many(preset: "Preset", gender: str | None) -> tuple[str | None, str | None]:
    """Return the style of dress and the prompt of a preset as they are for many people, all of ``gender`` if given."""
    own = preset.attributes.gender
    is_own = own is None or (gender is not None and _word(gender) == _word(own))
    return preset.attributes.style, preset.prompt if is_own or not preset.prompt else _without_beard(preset.prompt)


def _without_beard(prompt: str) -> str | None:
    """Return a prompt without the parts that say something of a beard."""
    parts = [part.strip() for part in prompt.split(",")]
    return ", ".join(part for part in parts if not re.search(_BEARD, part)) or None


def _values(age: int | None, attributes: Attributes, prompt: str | None) -> dict[str, Any]:
    """Return what is given, by the names of fields."""
    values = {"persona_age": age, **attributes.as_json(), "prompt": prompt}
    return {name: value for name, value in values.items() if value is not None}


def _word(value: object) -> str:
    return fold(str(value)).replace("-", " ").replace("_", " ")


def _fitting(said: Mapping[str, Any], taken: dict[str, Any]) -> dict[str, Any]:
    """Return those of the values taken that do not contradict what is said."""
    wrong = _lint({**said, **taken})
    for name in _GIVES_WAY if wrong else ():
        fewer = {other: value for other, value in taken.items() if other != name}
        left = _lint({**said, **fewer})
        if len(left) < len(wrong):
            wrong, taken = left, fewer
    return taken


def _lint(values: Mapping[str, Any]) -> list[str]:
    return lint(Persona(age=values.get("persona_age")), Attributes.from_json(values), values.get("prompt"))
