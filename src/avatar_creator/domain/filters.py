"""Which avatars a list asks for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.tags import clean_tags
from avatar_creator.domain.text import clean_line, clean_number, expect, shown
from avatar_creator.errors import InvalidInput

_AGES = re.compile(r"(?P<one>\d{1,3})|(?P<least>\d{1,3})?-(?P<most>\d{1,3})?", re.ASCII)
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
        """Read ``32``, ``30-40``, ``30-`` or ``-40``. Raises InvalidInput."""
        expect("age", text, str, "an age or a span as a text")
        found = _AGES.fullmatch(text.strip())
        if found is None or text.strip() == "-":
            raise InvalidInput(f"age is {shown(text)}.", hint="Give an age or a span: 32, 30-40, 30- or -40.")
        least, most = found["one"] or found["least"], found["one"] or found["most"]
        span = cls(
            clean_number("age", int(least or AGE_LEAST), least=AGE_LEAST, most=AGE_MOST),
            clean_number("age", int(most or AGE_MOST), least=AGE_LEAST, most=AGE_MOST),
        )
        if span.least > span.most:
            raise InvalidInput(f"age is {shown(text)}, which is empty.", hint=f"Try {span.most}-{span.least}.")
        return span


@dataclass(frozen=True, slots=True)
class AvatarFilter:
    """All conditions must hold.

    ``attributes`` compare without regard to case; of several values one must be it. ``text`` are words, all of which
    are in the names, the persona, the prompt, the alt text or the tags, and phrases in quotes.
    ``fields`` are others, those of `FILTERED`, by their names. An avatar has all ``tags`` and none of ``without_tags``.
    ``since`` and ``until`` are the times between which it was made, as they are stored: RFC 3339 in UTC.
    Raises InvalidInput for texts that are empty, too long or hold control characters.
    """

    project_id: str | None = None
    age: AgeSpan | None = None
    engine: str | None = None
    source_type: SourceType | None = None
    text: str | None = None
    attributes: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, str | int] = field(default_factory=dict)
    tags: Sequence[str] = ()
    without_tags: Sequence[str] = ()
    starred: bool | None = None
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        known = {attribute.name: attribute.label for attribute in ATTRIBUTES}
        expect("attributes", self.attributes, Mapping, "a dict of values by attribute")
        if self.age is not None:
            expect("age", self.age, AgeSpan, "an AgeSpan, such as AgeSpan(30, 40)")
        if self.source_type is not None:
            object.__setattr__(self, "source_type", _source(self.source_type))
        for name in self.attributes:
            if name not in known:
                raise InvalidInput(f"There is no attribute {shown(name)}.", hint=f"Attributes: {', '.join(known)}.")
        for name in ("project_id", "engine", "text"):
            value = getattr(self, name)
            if value is not None:
                longest = _TEXT_LONGEST if name == "text" else _VALUE_LONGEST
                object.__setattr__(self, name, clean_line(name, value, longest=longest))
        cleaned = {name: _values(known[name], value) for name, value in self.attributes.items()}
        object.__setattr__(self, "attributes", cleaned)
        self._clean_marks()
        expect("fields", self.fields, Mapping, "a dict of values by field")
        object.__setattr__(self, "fields", {name: _cleaned(name, value) for name, value in self.fields.items()})

    def _clean_marks(self) -> None:
        for name in ("tags", "without_tags"):
            object.__setattr__(self, name, clean_tags(getattr(self, name)))
        if self.starred is not None:
            expect("starred", self.starred, bool, "True or False")
        for name in ("since", "until"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _moment(name, getattr(self, name)))


def _values(label: str, given: str | Sequence[str]) -> tuple[str, ...]:
    each = [given] if isinstance(given, str) else given
    expect(label, each, Sequence, "a text, or a list of them")
    if not each:
        raise InvalidInput(f"{label} has no value.", hint=f"Give {label} a value, or leave it out.")
    return tuple(dict.fromkeys(clean_line(label, value, longest=_VALUE_LONGEST) for value in each))


def _moment(name: str, given: str) -> str:
    expect(name, given, str, "a time as a text")
    found = _MOMENT.fullmatch(given)
    if found is None:
        raise InvalidInput(
            f"{name} is {shown(given)}, which is no time in UTC.", hint="Give one: 2026-11-23T02:00:00Z."
        )
    return f"{found['second']}.{(found['part'] or '')[:6]:0<6}Z"


def _cleaned(name: str, value: object) -> str | int:
    if name not in FILTERED:
        raise InvalidInput(f"There is no field {shown(name)}.", hint=f"Fields: {', '.join(FILTERED)}.")
    label = name.replace("_", " ")
    if FILTERED[name] is int:
        return clean_number(label, value, least=0, most=_WHOLE_MOST)  # type: ignore[arg-type]
    text = clean_line(label, value, longest=_PROMPT_LONGEST)  # type: ignore[arg-type]
    return "jpeg" if name == "format" and text.lower() == "jpg" else text


def _source(value: str) -> SourceType:
    try:
        return SourceType(value)
    except ValueError:
        raise InvalidInput(
            f"source_type is {shown(value)}, which does not exist.", hint=f"Known: {', '.join(SourceType)}."
        ) from None
