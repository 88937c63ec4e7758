"""A preset: a persona, what it looks like and how its picture is asked for, under one name."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.choices import member
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import SIDE_LEAST_PX, SIDE_MOST_PX
from avatar_creator.domain.prompt import PromptStyle, clean_prompt
from avatar_creator.domain.request import says_who
from avatar_creator.domain.text import clean_line, clean_number, expect, fold, nearest, shown
from avatar_creator.errors import InvalidInput

NAME_LONGEST = 50
TITLE_LONGEST = 100
DESCRIPTION_LONGEST = 300
CATEGORIES = (
    "professional",
    "casual",
    "sports",
    "fashion",
    "traditional",
    "creative",
    "healthcare",
    "education",
    "business",
    "lifestyle",
)
OWN = "own"  # the category of a preset that is given none
# What a preset may say beside whom it shows, by the arguments of `Library.request`.
CHOICES = (
    "negative_prompt",
    "quality_terms",
    "name_in_prompt",
    "prompt_style",
    "art_style",
    "width_px",
    "height_px",
)
_CLEARED = {"title": "", "category": OWN, "description": None}
_WORD = frozenset("LMN")  # categories of Unicode: letters, marks on them, numbers
_EXAMPLE = "Give letters and digits, with hyphens between words, such as business-woman."


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What `--preset NAME` stands for.

    ``name`` and ``category`` are words with hyphens between them, in lower case. ``choices`` are those of `CHOICES`
    that it makes. Raises InvalidInput for a value beyond its limits, and where nothing says who the picture shows.
    """

    name: str
    title: str = ""
    category: str = OWN
    description: str | None = None
    persona: Persona = field(default_factory=Persona)
    attributes: Attributes = field(default_factory=Attributes)
    prompt: str | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        expect("persona", self.persona, Persona, "a Persona, such as Persona('Sarah')")
        expect("attributes", self.attributes, Attributes, "Attributes, such as Attributes(gender='female')")
        _set(self, "name", clean_word("preset name", self.name))
        _set(self, "category", clean_word("category", self.category))
        expect("title", self.title, str, "a text")
        title = self.title if self.title.strip() else _title_of(self.name)
        _set(self, "title", clean_line("title", title, longest=TITLE_LONGEST))
        if self.description is not None:
            _set(self, "description", clean_line("description", self.description, longest=DESCRIPTION_LONGEST))
        _set(self, "prompt", clean_prompt("prompt", self.prompt))
        expect("options", self.choices, Mapping, "a dict of options by name")
        _set(self, "choices", {name: _clean_choice(name, value) for name, value in sorted(self.choices.items())})
        if not says_who(self.persona, self.attributes, self.prompt):
            raise InvalidInput(
                f"Nothing in the preset {self.name} says who the picture shows.",
                hint="Give at least one of a name, an age, a trait, an attribute and a prompt.",
            )

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "category": self.category,
            "description": self.description,
            "persona": self.persona.as_json(),
            "attributes": self.attributes.as_json(),
            "prompt": self.prompt,
            "options": dict(self.choices),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return a preset as `as_json` has it. Raises InvalidInput for what is none."""
        expect("preset", data, Mapping, "a dict")
        options = data.get("options") or {}
        expect("options", options, Mapping, "a dict of options by name")
        return cls(
            name=data.get("name") or "",
            title=data.get("title") or "",
            category=data.get("category") or OWN,
            description=data.get("description"),
            persona=Persona.from_json(data.get("persona") or {}),
            attributes=Attributes.from_json(data.get("attributes") or {}),
            prompt=data.get("prompt"),
            choices={name: value for name, value in options.items() if name in CHOICES},  # a newer version knows more
        )


def changed(
    preset: Preset,
    *,
    persona: Persona,
    attributes: Attributes,
    prompt: str | None,
    choices: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
    cleared: Collection[str] = (),
) -> Preset:
    """Return a preset with what is given in place of what it says, and without what is ``cleared``.

    ``texts`` are its name, title, category and description; those cleared are named as arguments are: ``hair_color``,
    ``age``, ``width_px``. Raises InvalidInput as `Preset` does.
    """
    own: dict[str, Any] = {name: empty for name, empty in _CLEARED.items() if name in cleared} | dict(texts or {})
    if preset.title == _title_of(preset.name):  # it follows another name
        own = {"title": ""} | own
    of_persona = _overlaid(preset.persona.as_json(), persona.as_json(), cleared)
    return replace(
        preset,
        persona=Persona(**{**of_persona, "personality": tuple(of_persona["personality"] or ())}),
        attributes=Attributes(**_overlaid(preset.attributes.as_json(), attributes.as_json(), cleared)),
        prompt=_overlaid({"prompt": preset.prompt}, {"prompt": prompt}, cleared)["prompt"],
        choices={name: value for name, value in {**preset.choices, **choices}.items() if name not in cleared},
        **own,
    )


def _overlaid(old: Mapping[str, Any], new: Mapping[str, Any], cleared: Collection[str]) -> dict[str, Any]:
    return {name: new[name] or (None if name in cleared else value) for name, value in old.items()}


class PresetEntry(NamedTuple):
    """A preset as it is listed: whether it comes with avatar, and how often generations were made from it."""

    preset: Preset
    is_built_in: bool
    uses: int = 0
    last_used_at: str | None = None

    @property
    def id(self) -> str:
        return self.preset.name

    def as_json(self) -> dict[str, Any]:
        used = {"built_in": self.is_built_in, "uses": self.uses, "last_used_at": self.last_used_at}
        return self.preset.as_json() | used


class PersonaExample(NamedTuple):
    """A person to begin with: whom a picture of that category may show."""

    name: str
    category: str
    persona: Persona
    attributes: Attributes
    display_order: int

    @property
    def preset(self) -> Preset:
        """The preset that stands for this person; it says nothing else."""
        name = self.name.lower().replace(" ", "-")
        return Preset(
            name=name, title=self.name, category=self.category, persona=self.persona, attributes=self.attributes
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "category": self.category,
            "persona": self.persona.as_json(),
            "attributes": self.attributes.as_json(),
            "display_order": self.display_order,
        }


def clean_word(label: str, value: str) -> str:
    """Return a name as presets have it: words in lower case, with hyphens between them. Raises InvalidInput."""
    line = clean_line(label, value, longest=NAME_LONGEST)
    word = fold(line)
    bad = next((each for each in word if each != "-" and unicodedata.category(each)[0] not in _WORD), None)
    if bad is None and all(word.split("-")):
        return word
    slug = "-".join("".join(c if unicodedata.category(c)[0] in _WORD else " " for c in word).split())
    why = f"which holds {shown(bad)}" if bad else "where a hyphen is between no words"
    raise InvalidInput(f"{label} is {shown(line)}, {why}.", hint=f"Did you mean {slug}?" if slug else _EXAMPLE)


def _title_of(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _clean_choice(name: str, value: Any) -> Any:
    label = name.removesuffix("_px").replace("_", " ")
    if name not in CHOICES:
        near = nearest(name, CHOICES)
        raise InvalidInput(
            f"{shown(name)} is no option of a preset.",
            hint=f"Did you mean {near}?" if near else f"Options: {', '.join(CHOICES)}.",
        )
    if name == "negative_prompt":
        return clean_prompt(label, value)
    if name == "prompt_style":
        return member(PromptStyle, label, value).value
    if name == "art_style":
        return clean_line(label, value, longest=NAME_LONGEST).lower()
    if name in {"width_px", "height_px"}:
        return clean_number(label, value, least=SIDE_LEAST_PX, most=SIDE_MOST_PX)
    expect(label, value, bool, "true or false")
    return value


def _set(preset: Preset, part: str, value: object) -> None:
    object.__setattr__(preset, part, value)  # a frozen dataclass can be cleaned in no other way
