"""Cells as values of fields, checked as the same values are everywhere: by the domain."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.fields import Field, Fields, Part, squashed
from avatar_creator.domain.persona import BACKGROUND_LONGEST, Persona, clean_background, clean_name
from avatar_creator.domain.prompt import PROMPT_LONGEST, clean_prompt
from avatar_creator.domain.text import clean_line, clean_number, expect, shown
from avatar_creator.errors import InvalidInput
from avatar_creator.persona_files import cells
from avatar_creator.persona_files.shortening import shortened
from avatar_creator.persona_files.words import BIRTH_DATE

ID_LONGEST = 200  # as long as the names of files are
_TEXT_LONGEST = 500  # of a text whose field has no limit of its own: an id of the Hub, a URL
_REMEMBERED_MOST = 20_000  # values of a field
_REMEMBERED_LONGEST = 80  # characters: longer ones are rarely said twice
_WHOLE = re.compile(r"(\d+)\.0")  # as programs write whole numbers into CSV where a row has none
_CODE = re.compile(r"\d{1,2}(?:\.0)?|true|false", re.IGNORECASE)
_UNIQUE = ("persona_name", "persona_id", "background")  # next to no value is said twice


class Shortened(NamedTuple):
    """A value that says less than its cell."""

    value: Any


class Years(NamedTuple):
    """An age that is a range."""

    text: str


Read = Callable[[object], Any]


class Values:
    """What cells say. Each field's values are remembered, so that a million rows are read in seconds."""

    def __init__(self, fields: Fields, as_of: date) -> None:
        self._fields = fields
        self._as_of = as_of
        self._readers: dict[str, Read] = {}

    def reader(self, meaning: str) -> Read:
        """Return what reads cells of a field, or of a date of birth.

        It returns None for what says nothing, and an InvalidInput, which is not raised, for what cannot be used.
        """
        if meaning not in self._readers:
            read = _caught(self._read(meaning))
            self._readers[meaning] = read if meaning in _UNIQUE else _remembered(read)
        return self._readers[meaning]

    def _read(self, meaning: str) -> Read:
        if meaning == BIRTH_DATE:
            return lambda value: _age(cells.age_on(self._as_of, value))
        special = _SPECIAL.get(meaning)
        if special:
            return special
        field = self._fields[meaning]
        return partial(_attribute if field.part is Part.ATTRIBUTES else _choice, field)


def constants_of(given: Mapping[str, str], fields: Fields, as_of: date) -> Mapping[str, Any]:
    """Return values for all rows. Raises InvalidInput for a field that is not known, and for a bad value."""
    values = Values(fields, as_of)
    constants: dict[str, Any] = {}
    for said, text in given.items():
        field = field_called(said, fields)
        if field == "persona_id":
            raise InvalidInput("persona_id is what rows differ in: it cannot be set for all.", hint="Leave it out.")
        value = values.reader(field)(text)
        if isinstance(value, InvalidInput):
            raise value
        if isinstance(value, Years):
            field, value = "age_range", value.text
        constants[field] = value.value if isinstance(value, Shortened) else value
    return constants


def field_called(said: str, fields: Fields) -> str:
    """Return the name of a field in any spelling. Raises InvalidInput for one that is not known."""
    expect("field", said, str, "the name of a field as a text")
    field = fields.normalised(said)
    if field is None:
        near = fields.nearest(said)
        hint = f"Did you mean {near}?" if near else f"Fields: {', '.join(field.name for field in fields)}."
        raise InvalidInput(f"There is no field {shown(said)}.", hint=hint)
    return field


def _caught(read: Read) -> Read:
    def safely(value: object) -> Any:
        try:
            return read(value)
        except InvalidInput as error:
            return error

    return safely


def _remembered(read: Read) -> Read:
    known: dict[object, Any] = {}

    def quickly(value: object) -> Any:
        if type(value) is not int and (type(value) is not str or len(value) > _REMEMBERED_LONGEST):
            return read(value)  # True is 1, and 29.0 is 29, but neither is read as it
        try:
            return known[value]
        except KeyError:
            if len(known) >= _REMEMBERED_MOST:
                known.clear()
            known[value] = found = read(value)
            return found

    return quickly


def _name(value: object) -> str | None:
    name = cells.name(value)
    return None if name is None else clean_name(name)


def _age(value: int | str | None) -> int | Years | None:
    if isinstance(value, str):
        years = Attributes(age_range=value).age_range
        return Years(years) if years else None
    return None if value is None else Persona(age=value).age


def _personality(value: object) -> tuple[str, ...] | Shortened | None:
    traits, is_whole = cells.traits(value)
    checked = Persona(personality=traits).personality
    return (checked if is_whole else Shortened(checked)) or None


def _background(value: object) -> str | Shortened | None:
    return _long(value, BACKGROUND_LONGEST, clean_background)


def _prompt(value: object) -> str | Shortened | None:
    return _long(value, PROMPT_LONGEST, partial(clean_prompt, "prompt"))


def _long(value: object, longest: int, check: Callable[[str], str | None]) -> str | Shortened | None:
    text = cells.given_text(value)
    if text is None:
        return None
    short = shortened(text, longest)
    checked = check(short)
    return Shortened(checked) if len(short) < len(text) > longest else checked


def _id(value: object) -> str | None:
    text = cells.given_text(value)
    if text is None:
        return None
    whole = _WHOLE.fullmatch(text.strip())
    return clean_line("persona id", whole[1] if whole else text, longest=ID_LONGEST)


def _attribute(field: Field, value: object) -> str | None:
    text = cells.gender(value) if field.name == "gender" else field.read(cells.plain(value))
    if text is None:
        return None
    if field.name != "age_range" and _CODE.fullmatch(text):
        raise InvalidInput(f"{field.label} is {shown(text)}, a code. Write the word that it stands for.")
    known = next((known for known in field.known if squashed(known) == squashed(text)), text)  # "East Asian"
    checked: str | None = getattr(Attributes(**{field.name: known}), field.name)
    return checked


def _choice(field: Field, value: object) -> Any:
    read = field.read(cells.plain(value))
    if isinstance(read, str):
        return clean_line(field.label, read, longest=field.longest or _TEXT_LONGEST)
    if field.limits and field.kind is int and read is not None:
        return clean_number(field.label, read, least=int(field.limits[0]), most=int(field.limits[1]))
    if field.limits and read is not None and not field.limits[0] <= read <= field.limits[1]:
        raise InvalidInput(f"{field.label} is {read:g}, outside {field.limits[0]:g} to {field.limits[1]:g}.")
    return read


_SPECIAL: Mapping[str, Read] = {
    "persona_name": _name,
    "persona_age": lambda value: _age(cells.age(value)),
    "personality": _personality,
    "background": _background,
    "prompt": _prompt,
    "persona_id": _id,
}
