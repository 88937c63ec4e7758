"""Which avatars a list asks for."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from avatar_creator.domain.age_ranges import read_years
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.choices import member
from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.tags import clean_tags
from avatar_creator.domain.text import clean_line, clean_number, expect, shown
from avatar_creator.errors import InvalidInput

_AGES = re.compile(
    r"(?P<one>\d{1,3})|(?P<least>\d{1,3})? ?(?:-|\.\.) ?(?P<most>\d{1,3})?|(?P<above>\d{1,3}) ?\+", re.ASCII
)
_BOUND = re.compile(r"(?P<sign>[<>]=?) ?(?P<age>\d{1,3})", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-") | {0x2264: "<=", 0x2265: ">="}
_AGES_LONGEST = 50
_MOMENT = re.compile(
    r"(?P<second>[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T[0-2]\d:[0-5]\d:[0-5]\d)(?:\.(?P<part>\d+))?Z",
    re.ASCII,
)
_AGE_LIMIT = 1000  # no span that makes sense is refused
_TEXT_LONGEST = 10_000  # longer than all texts of an avatar together
_VALUE_LONGEST = 100  # as long as the longest name that can be stored
_PROMPT_LONGEST = 2000
# By the names of `domain.fields`, which a list need not import. Names, ids and words are the same in any case, of a
# personality it is one trait, and of longer texts a part.
FILTERED: Mapping[str, type] = {
    **dict.fromkeys(("avatar_name", "persona_name", "persona_id", "personality", "background", "prompt"), str),
    **dict.fromkeys(("format", "model", "art_style", "provider", "preset"), str),
    **dict.fromkeys(("seed", "width", "height"), int),
}
MANY = frozenset(["personality"])  # of which an avatar has several: it has all that are given
_WHOLE_MOST = 2**63 - 1  # what SQLite can compare


class Sort(StrEnum):
    """What avatars are sorted by; each has the order that is asked for most, and its reverse."""

    CREATED = "created"  # newest first
    NAME = "name"
    AGE = "age"  # youngest first, and those without an age last
    USED = "used"  # most used first
    UPDATED = "updated"  # latest first


@dataclass(frozen=True, slots=True)
class AgeSpan:
    """Ages in years, both ends included."""

    least: int
    most: int

    def __post_init__(self) -> None:
        clean_number("least age", self.least, least=0, most=_AGE_LIMIT)
        clean_number("most age", self.most, least=0, most=_AGE_LIMIT)

    @classmethod
    def parse(cls, text: str) -> "AgeSpan":
        """Read ``32``, ``30-40``, ``30+``, ``<18``, or words such as ``late 20s``. Raises InvalidInput."""
        expect("age", text, str, "an age or a span as a text")
        ages = _ages(text)
        if ages is None:
            raise InvalidInput(f"age is {shown(text)}.", hint="Give an age or a span: 32, 30-40, 30+ or <18.")
        least, most = (clean_number("age", age, least=AGE_LEAST, most=AGE_MOST) for age in ages)
        if least > most:
            raise InvalidInput(f"age is {shown(text)}, which is empty.", hint=f"Try {most}-{least}.")
        return cls(least, most)


def _ages(text: str) -> tuple[int, int] | None:
    """Return the least and the most age that a text says, None if it says none."""
    if len(text) > _AGES_LONGEST:
        return None
    line = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()  # digits of any width
    if found := _BOUND.fullmatch(line):
        age, excluded = int(found["age"]), "=" not in found["sign"]
        if found["sign"][0] == "<":
            return AGE_LEAST, min(age - excluded, AGE_MOST)
        return max(age + excluded, AGE_LEAST), AGE_MOST
    if (found := _AGES.fullmatch(line)) and any(found.groups()):
        least, most = found["one"] or found["least"] or found["above"], found["one"] or found["most"]
        return int(least or AGE_LEAST), int(most or AGE_MOST)
    years = read_years(line)
    return None if years is None else (max(years.least, AGE_LEAST), years.most)


@dataclass(frozen=True, slots=True)
class AvatarFilter:
    """All conditions must hold; of several values for one of them one is enough.

    ``attributes`` compare by what they say: see `synonyms`. ``text`` are words, all of which are in the names, the
    persona, the prompt, the alt text or the tags, and phrases in quotes. ``fields`` are others, those of `FILTERED`, by
    their names. An avatar has each trait of ``personality``, all ``tags`` and none of ``without_tags``. ``used``: a use
    of it is recorded. ``since`` and ``until`` are the times between which it was made, as they are stored: RFC 3339
    in UTC.
    Raises InvalidInput for texts that are empty, too long or hold control characters.
    """

    project_id: str | Sequence[str] | None = None
    age: AgeSpan | Sequence[AgeSpan] | None = None
    engine: str | Sequence[str] | None = None
    source_type: SourceType | Sequence[SourceType] | None = None
    text: str | None = None
    attributes: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, str | int | Sequence[str | int]] = field(default_factory=dict)
    tags: Sequence[str] = ()
    without_tags: Sequence[str] = ()
    starred: bool | None = None
    since: str | None = None
    until: str | None = None
    used: bool | None = None

    def __post_init__(self) -> None:
        known = {attribute.name: attribute.label for attribute in ATTRIBUTES}
        expect("attributes", self.attributes, Mapping, "a dict of values by attribute")
        for name in self.attributes:
            if name not in known:
                raise InvalidInput(f"There is no attribute {shown(name)}.", hint=f"Attributes: {', '.join(known)}.")
        self._clean("age", _span)
        self._clean("source_type", partial(member, SourceType, "source_type"))
        for name in ("project_id", "engine"):
            self._clean(name, partial(clean_line, name, longest=_VALUE_LONGEST))
        if self.text is not None:
            object.__setattr__(self, "text", clean_line("text", self.text, longest=_TEXT_LONGEST))
        cleaned = {
            name: _cleaned(known[name], value, partial(clean_line, known[name], longest=_VALUE_LONGEST))
            for name, value in self.attributes.items()
        }
        object.__setattr__(self, "attributes", cleaned)
        self._clean_marks()
        expect("fields", self.fields, Mapping, "a dict of values by field")
        object.__setattr__(self, "fields", {name: _values(name, value) for name, value in self.fields.items()})

    def _clean(self, name: str, check: Callable[[Any], object]) -> None:
        if getattr(self, name) is not None:
            object.__setattr__(self, name, _cleaned(name, getattr(self, name), check))

    def _clean_marks(self) -> None:
        for name in ("tags", "without_tags"):
            object.__setattr__(self, name, clean_tags(getattr(self, name)))
        for name in ("starred", "used"):
            if getattr(self, name) is not None:
                expect(name, getattr(self, name), bool, "True or False")
        for name in ("since", "until"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _moment(name, getattr(self, name)))


def several(given: Any) -> Sequence[Any]:
    """Return the values that a condition of a filter is given, of which one has to hold."""
    if given is None:
        return ()
    return given if isinstance(given, Sequence) and not isinstance(given, str) else (given,)


def _cleaned(label: str, given: Any, check: Callable[[Any], object]) -> tuple[object, ...]:
    values = several(given)
    if not values:
        raise InvalidInput(f"{label} has no value.", hint=f"Give {label} a value, or leave it out.")
    return tuple(dict.fromkeys(map(check, values)))


def _span(given: AgeSpan) -> AgeSpan:
    expect("age", given, AgeSpan, "an AgeSpan, such as AgeSpan(30, 40)")
    return given


def _moment(name: str, given: str) -> str:
    expect(name, given, str, "a time as a text")
    found = _MOMENT.fullmatch(given)
    if found is None:
        raise InvalidInput(
            f"{name} is {shown(given)}, which is no time in UTC.", hint="Give one: 2026-11-23T02:00:00Z."
        )
    return f"{found['second']}.{(found['part'] or '')[:6]:0<6}Z"


def _values(name: str, given: object) -> tuple[object, ...]:
    if name not in FILTERED:
        raise InvalidInput(f"There is no field {shown(name)}.", hint=f"Fields: {', '.join(FILTERED)}.")
    label = name.replace("_", " ")
    if FILTERED[name] is int:
        return _cleaned(label, given, partial(clean_number, label, least=0, most=_WHOLE_MOST))
    if name == "format":
        return _cleaned(label, given, _format)
    return _cleaned(label, given, partial(clean_line, label, longest=_PROMPT_LONGEST))


def _format(given: str) -> str:
    text = clean_line("format", given, longest=_VALUE_LONGEST).lower()
    return "jpeg" if text == "jpg" else text
