"""The fields: what can be said of an avatar that is asked for, and every name that each has.

A field has one canonical name, by which columns of persona files, `--map`, `--set` and patterns of `--output` call it.
Its flag, its place in JSON and its argument in Python follow from this table, and so does docs/names.md.
"""

import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST, ATTRIBUTES, Attribute, flag_of
from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST, BACKGROUND_LONGEST, NAME_LONGEST, TRAIT_LONGEST
from avatar_creator.domain.picture import (
    COUNT_MOST,
    SEED_LEAST,
    SEED_MOST,
    SIDE_LEAST_PX,
    SIDE_MOST_PX,
    Embed,
    PictureFormat,
)
from avatar_creator.domain.prompt import PROMPT_LONGEST, PromptStyle
from avatar_creator.domain.text import fold, is_given, nearest, shown
from avatar_creator.errors import InvalidInput

_YES = frozenset(["yes", "y", "true", "t", "on", "1"])
_LARGEST = sys.float_info.max
_NO = frozenset(["no", "n", "false", "f", "off", "0"])
_BRITISH = (("colour", "color"), ("licence", "license"))


class Part(Enum):
    """What a field is about; of a persona and attributes also whose argument it is in Python."""

    PERSONA = "Persona"
    ATTRIBUTES = "Attributes"
    PROMPT = "Prompt"
    WORDING = "Wording of the prompt"
    CHOICES = "Picture and avatar"  # all else that decides the picture, and what its avatar is called
    OPTIONS = "Options of engines"
    ROW = "Rows of a file"  # nothing that is generated: which row it is


class Field(NamedTuple):
    """One row of the table.

    ``flag`` is its option of `avatar generate`, empty where it has none. ``json_path`` is its place in the JSON of an
    avatar or of a generation, ``argument`` its name in Python. ``known`` are the values that are offered, and all that
    are taken if ``only_known``. ``limits`` are those of a number, ``longest`` of a text, in characters; ``many``: a
    list of texts. ``is_negated``: its flag says no to what the field says yes to.
    """

    name: str
    help: str
    part: Part
    kind: type = str
    flag: str = ""
    argument: str = ""
    json_path: str = ""
    spellings: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    only_known: bool = False
    limits: tuple[float, float] | None = None
    longest: int | None = None
    many: bool = False
    is_negated: bool = False

    @property
    def label(self) -> str:
        """The name as people read it: ``hair_color`` is "hair color"."""
        return self.name.replace("_", " ")

    def read(self, value: object) -> Any:
        """Return a cell, or what an option was set to, as a value of the field's kind; None where it says nothing.

        Whole numbers may be written as spreadsheets write them (29.0), known values in any case. A list of texts is
        left to whoever knows how the file separates them. Raises InvalidInput for what has no such meaning; limits are
        checked by whoever takes the value.
        """
        if value is None or value != value or (isinstance(value, str) and not self._says_something(value)):  # noqa: PLR0124  NaN
            return None
        if self.kind is bool:
            return self._truth(value)
        if self.kind in {int, float}:
            return self._number(value)
        return self._text(value)

    def _says_something(self, text: str) -> bool:
        # "none" is a word that some fields know: --embed none.
        return is_given(text, name=self.name in _NAMES) or text.strip().casefold() in self.known

    def _text(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._wrong(value, "Give a text.")
        text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
        if not self.only_known:
            return text
        word = text.strip().casefold()
        word = "jpeg" if (self.name, word) == ("format", "jpg") else word
        if word not in self.known:
            raise self._wrong(value, f"Known: {', '.join(self.known)}.")
        return word

    def _number(self, value: object) -> float | int:
        number = value
        if isinstance(value, str):
            try:
                number = float(value.strip().replace(",", "."))
            except ValueError:
                number = None
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise self._wrong(value, self._limits_hint())
        if self.kind is float:
            if abs(number) <= _LARGEST:
                return number
            return math.inf if number > 0 else -math.inf  # no whole number of hundreds of digits can be a float
        if number != number or number in {float("inf"), float("-inf")} or number != int(number):  # noqa: PLR0124
            raise self._wrong(value, self._limits_hint())
        if isinstance(value, str) and value.strip().lstrip("+-").isdecimal():
            return int(value)  # exact, however long
        return int(number)

    def _truth(self, value: object) -> bool:
        word = str(value).strip().casefold().removesuffix(".0")
        if word not in _YES | _NO:
            raise self._wrong(value, "Give yes or no.")
        return word in _YES

    def _limits_hint(self) -> str:
        whole = "a whole number" if self.kind is int else "a number"
        return f"Give {self.label} {whole}" + (" from {:g} to {:g}.".format(*self.limits) if self.limits else ".")

    def _wrong(self, value: object, hint: str) -> InvalidInput:
        what = {int: "no whole number", float: "no number", bool: "neither yes nor no"}.get(self.kind)
        return InvalidInput(
            f"{self.label} is {shown(value)}, which is {what or ('not known' if self.only_known else 'no text')}.",
            hint=hint,
        )


def _attribute(attribute: Attribute) -> Field:
    name = attribute.name
    return Field(
        name,
        f"{attribute.help}.",
        Part.ATTRIBUTES,
        flag=attribute.flag,
        argument=name,
        json_path=f"attributes.{name}",
        spellings=_ATTRIBUTES_TOO.get(name, ()),
        known=attribute.known,
        longest=ATTRIBUTE_LONGEST,
    )


_ATTRIBUTES_TOO = {"gender": ("sex",), "ethnicity": ("race",)}
_NAMES = frozenset(["persona_name", "avatar_name"])
_SEEDS, _SIDES = (SEED_LEAST, SEED_MOST), (SIDE_LEAST_PX, SIDE_MOST_PX)


def _persona(name: str, help_: str, argument: str, *spellings: str, flag: str = "", **kind: Any) -> Field:
    return Field(
        name,
        help_,
        Part.PERSONA,
        flag=flag or flag_of(name),
        argument=argument,
        json_path=f"persona.{argument}",
        spellings=(argument, *spellings),
        **kind,
    )


def _choice(name: str, help_: str, part: Part = Part.CHOICES, *spellings: str, **more: Any) -> Field:
    more = {"flag": flag_of(name), "argument": name, "json_path": name} | more
    return Field(name, help_, part, spellings=spellings, **more)


_FIELDS = (
    _persona("persona_name", "Name of the persona.", "name", "full_name", longest=NAME_LONGEST),
    _persona("persona_age", "Age in years.", "age", kind=int, limits=(AGE_LEAST, AGE_MOST)),
    _persona(
        "personality",
        "Traits, up to 10.",
        "personality",
        "persona_personality",
        "personality_traits",
        "traits",
        many=True,
        longest=TRAIT_LONGEST,
    ),
    _persona(
        "background",
        "Life story; kept, never sent.",
        "background",
        "persona_background",
        longest=BACKGROUND_LONGEST,
    ),
    *map(_attribute, ATTRIBUTES),
    _choice("prompt", "What else to see.", Part.PROMPT, longest=PROMPT_LONGEST),
    _choice(
        "negative_prompt",
        "What not to see; replaces the usual terms.",
        Part.WORDING,
        "negative",
        longest=PROMPT_LONGEST,
    ),
    _choice(
        "quality_terms",
        "Whether the prompt has the terms of a studio portrait.",
        Part.WORDING,
        kind=bool,
        flag="--no-quality-terms",
        is_negated=True,
        json_path="",
    ),
    _choice("name_in_prompt", "Whether the prompt says the name.", Part.WORDING, kind=bool, json_path=""),
    _choice(
        "prompt_style",
        "How the prompt is worded.",
        Part.WORDING,
        known=tuple(PromptStyle),
        only_known=True,
    ),
    _choice("engine", "Who makes the picture."),
    _choice("width", "In pixels.", Part.CHOICES, kind=int, limits=_SIDES, argument="width_px", json_path="width_px"),
    _choice("height", "In pixels.", Part.CHOICES, kind=int, limits=_SIDES, argument="height_px", json_path="height_px"),
    _choice("seed", "The same seed makes the same picture.", Part.CHOICES, kind=int, limits=_SEEDS),
    _choice("count", "How many pictures, with different seeds.", kind=int, limits=(1, COUNT_MOST), json_path=""),
    _choice("format", "Format of the file.", Part.CHOICES, "image_format", known=tuple(PictureFormat), only_known=True),
    _choice("embed", "What the file says of itself.", known=tuple(Embed), only_known=True),
    _choice("commercial", "Refuse what has no licence for commercial use.", kind=bool),
    _choice(
        "avatar_name", "Name of the avatar.", flag="--name", argument="name", json_path="name", longest=NAME_LONGEST
    ),
    _choice("project", "Project, by name or id.", json_path="project_name"),
    _choice("preset", "Whom to begin with; what else is said replaces what it says.", longest=NAME_LONGEST),
    Field(
        "persona_id",
        "Id of the row, by which its avatar is found again.",
        Part.ROW,
        json_path="persona_id",
        spellings=("id",),
    ),
)


class Fields:
    """Fields, by name and by every spelling of their names."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._by_name: dict[str, Field] = {field.name: field for field in fields}
        self._by_spelling: dict[str, str] | None = None

    def __iter__(self) -> Iterator[Field]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def extended(self, fields: Iterable[Field]) -> "Fields":
        """Return a table of these fields and of others, of which one of a known name replaces it."""
        return Fields((self._by_name | {field.name: field for field in fields}).values())

    def normalised(self, spelling: str) -> str | None:
        """Return the name of the field that is meant, in whatever way it is written; None if there is none.

        "persona_name", "persona-name", "personaName", "Persona Name", "persona.name" and "--persona-name" are the same.
        """
        return self.spellings.get(squashed(spelling))

    def nearest(self, spelling: str) -> str | None:
        """Return the name of the field whose name is most like a spelling that means none."""
        known = self.spellings
        found = nearest(squashed(spelling), list(known), alike=0.75)
        return known[found] if found else None

    @property
    def spellings(self) -> Mapping[str, str]:
        """Return the names of fields by all their spellings, of which only the letters and digits are left."""
        if self._by_spelling is None:
            # A field's own name goes before what others may be called.
            others = {squashed(each): f.name for f in self for each in _spellings(f)}
            self._by_spelling = others | {squashed(field.name): field.name for field in self}
            self._by_spelling.pop("", None)
        return self._by_spelling


def _spellings(field: Field) -> Iterator[str]:
    yield from field.spellings
    if field.name != "avatar_name":  # "name" alone is the persona's
        yield from (field.argument, field.json_path, "" if field.is_negated else field.flag)


def squashed(spelling: str) -> str:
    """Return the letters and digits of a name: "Hair colour", "hairColor" and "hair_color" are one."""
    text = "".join(character for character in fold(spelling) if character.isalnum())
    for british, american in _BRITISH:
        text = text.replace(british, american)
    return text


FIELDS = Fields(_FIELDS)
