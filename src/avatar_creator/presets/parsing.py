"""Presets as people write them in YAML or JSON: what each key means, and what is said of one that means nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.fields import Field, Fields, Part, squashed
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import CHOICES, OWN, PersonaExample, Preset
from avatar_creator.domain.text import clean_number, expect, nearest, shown
from avatar_creator.engines.fields import FIELDS
from avatar_creator.errors import InvalidInput

WHAT = "a list of presets"
HINT = "See how one is written: avatar preset export business-woman"
PRESETS_MOST = 1000  # in one file
_PARTS = {"persona": Part.PERSONA, "attributes": Part.ATTRIBUTES, "options": None}
_OWN_KEYS = ("name", "title", "category", "description", "prompt", *_PARTS)
_OF_JSON = frozenset({"built_in", "uses", "last_used_at"})  # that `preset show --json` prints beside
_PROMPTS = frozenset({"prompt", "negative_prompt"})
_WHO = frozenset({Part.PERSONA, Part.ATTRIBUTES})
PRESET_FIELDS = Fields(
    field for field in FIELDS if field.part in _WHO or field.name == "prompt" or field.argument in CHOICES
)


def presets_of(document: object) -> list[Preset]:
    """Return the presets that a document holds: a list of maps, or a map that is one or has them as ``presets``.

    Raises InvalidInput for the first that is none, and for a name that stands twice.
    """
    if isinstance(document, Mapping):
        values = document.get("presets", [document]) if len(document) == 1 else [document]
    else:
        values = document
    if not isinstance(values, list) or not values:
        raise InvalidInput(f"There is {_kind(values)} instead of {WHAT}.", hint=HINT)
    if len(values) > PRESETS_MOST:
        raise InvalidInput(
            f"There are {len(values)} presets in one file, at most {PRESETS_MOST} are read.", hint="Split the file."
        )
    presets: dict[str, Preset] = {}
    for number, value in enumerate(values, start=1):
        preset = _named(number, value)
        if preset.name in presets:
            raise InvalidInput(
                f"Preset {number} is called {preset.name}, as another in the same file is.", hint="Rename one of them."
            )
        presets[preset.name] = preset
    return list(presets.values())


def preset_of(values: Mapping[Any, Any], category: str = OWN) -> Preset:
    """Return the preset that a map describes, of ``category`` unless it names one. Raises InvalidInput."""
    own, given = _sorted(values)
    return Preset(
        name=_text("name", own.get("name")) or "",
        title=_text("title", own.get("title")) or "",
        category=_text("category", own.get("category")) or category,
        description=_text("description", own.get("description")),
        persona=_persona(given),
        attributes=_attributes(given),
        prompt=given.get("prompt"),
        choices=_choices(given),
    )


def example_of(values: Mapping[str, Any]) -> PersonaExample:
    """Return the persona example that a map of ours describes."""
    _, given = _sorted({part: values[part] for part in ("persona", "attributes")})
    return PersonaExample(
        values["name"], values["category"], _persona(given), _attributes(given), values["display_order"]
    )


def written(preset: Preset) -> dict[str, Any]:
    """Return a preset as `preset_of` reads it, without what it does not say."""
    whole = preset.as_json()
    parts = {part: {key: each for key, each in whole[part].items() if each} for part in ("persona", "attributes")}
    return {key: value for key, value in (whole | parts).items() if value}


def _named(number: int, value: object) -> Preset:
    """Return the preset of a place in a list; errors say which it is."""
    if not isinstance(value, Mapping):
        raise InvalidInput(f"Preset {number} is {_kind(value)}, not names and values.", hint=HINT)
    try:
        return preset_of(value)
    except InvalidInput as error:
        called = f" ({shown(value['name'])})" if isinstance(value.get("name"), str) else ""
        raise InvalidInput(f"Preset {number}{called}: {error.message}", hint=error.hint) from error


def _sorted(values: Mapping[Any, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a map says of the preset itself, and what it says by the names of fields, each read as its field."""
    own: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for key, value in values.items():
        name = next((each for each in _OWN_KEYS if squashed(str(key)) == squashed(each)), None)
        if name in _PARTS:
            for inner, part_value in _within(name, value):
                _add(given, _field_within(name, inner), part_value)
        elif name is not None and name != "prompt":
            if name in own:
                raise InvalidInput(f"{name} is given twice.", hint="Write it once.")
            own[name] = value
        elif str(key) not in _OF_JSON:
            _add(given, _field(key), value)
    return own, given


def _within(name: str, value: object) -> Iterator[tuple[Any, Any]]:
    if value is None:
        return
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{name} is {_kind(value)}, not names and values.", hint=HINT)
    yield from value.items()


def _field_within(part: str, key: object) -> Field:
    name = PRESET_FIELDS.normalised(f"{part}.{key}") or PRESET_FIELDS.normalised(str(key))
    field = PRESET_FIELDS[name] if name else None
    wanted = _PARTS[part]
    fits = field is not None and (field.part is wanted if wanted else field.argument in CHOICES)
    if field is None or not fits:
        known = [f for f in PRESET_FIELDS if (f.part is wanted if wanted else f.argument in CHOICES)]
        names = {squashed(name): f for f in known for name in (f.name, f.argument)}
        raise _unknown(key, part, {name: f.argument for name, f in names.items()})
    return field


def _field(key: object) -> Field:
    name = PRESET_FIELDS.normalised(str(key))
    if name is None:
        known = {squashed(each): each for each in (*_OWN_KEYS, *(field.name for field in PRESET_FIELDS))}
        raise _unknown(key, "a preset", known)
    return PRESET_FIELDS[name]


def _unknown(key: object, part: str, known: Mapping[str, str]) -> InvalidInput:
    near = nearest(squashed(str(key)), list(known))
    names = ", ".join(dict.fromkeys(known.values()))
    return InvalidInput(
        f"{shown(key)} is no key of {part}.", hint=f"Did you mean {known[near]}?" if near else f"Known: {names}."
    )


def _add(given: dict[str, Any], field: Field, value: object) -> None:
    if field.name in given:
        raise InvalidInput(f"{field.label} is given twice.", hint="Write it once.")
    if isinstance(value, Mapping) or (isinstance(value, list) and not field.many):
        raise InvalidInput(f"{field.label} is {_kind(value)}.", hint=f"Give {field.label} one value.")
    if field.many:
        given[field.name] = _traits(field, value)
    elif field.name in _PROMPTS and isinstance(value, str):
        given[field.name] = value if value.strip() else None  # "none" is a prompt, as good as any
    else:
        given[field.name] = field.read(value)


def _traits(field: Field, value: object) -> tuple[str, ...]:
    traits = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    if any(isinstance(each, Mapping | list) for each in traits):
        raise InvalidInput("personality is a list of lists.", hint="Give a list of traits: [friendly, curious]")
    return tuple(text for text in (field.read(each) for each in traits) if text is not None)


def _persona(given: Mapping[str, Any]) -> Persona:
    return Persona(
        given.get("persona_name"), given.get("persona_age"), given.get("personality", ()), given.get("background")
    )


def _attributes(given: Mapping[str, Any]) -> Attributes:
    return Attributes(**{f.argument: given.get(f.name) for f in PRESET_FIELDS if f.part is Part.ATTRIBUTES})


def _choices(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a preset says of its picture, by the arguments of `Library.request`."""
    choices = {}
    for field in PRESET_FIELDS:
        value = given.get(field.name)
        if value is not None and field.argument in CHOICES:
            if field.limits:
                clean_number(field.label, value, least=int(field.limits[0]), most=int(field.limits[1]))
            choices[field.argument] = value
    return choices


def check_art_style(preset: Preset) -> None:
    """Raise InvalidInput for an art style that is not known: the domain knows none."""
    style = preset.choices.get("art_style")
    if style is not None:
        PRESET_FIELDS["art_style"].read(style)


def _text(label: str, value: object) -> str | None:
    if value is None or type(value) is int:
        return None if value is None else str(value)
    expect(label, value, str, "a text")
    return str(value)


def _kind(value: object) -> str:
    kinds = {dict: "a map", list: "a list", str: f"the text {shown(value)}", bool: "true or false"}
    if value is None or value == []:
        return "nothing"
    return kinds.get(type(value), f"the number {shown(value)}")
