"""Which avatars a list asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from avatar_creator.domain.persona import AGE_LEAST, AGE_MOST
from avatar_creator.domain.records import SourceType
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput

_AGES = re.compile(r"(?P<one>\d{1,3})|(?P<least>\d{1,3})?-(?P<most>\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AgeSpan:
    """Ages in years, both ends included."""

    least: int
    most: int

    @classmethod
    def parse(cls, text: str) -> "AgeSpan":
        """Read ``32``, ``30-40``, ``30-`` or ``-40``. Raises InvalidInput."""
        found = _AGES.fullmatch(text.strip())
        if found is None or text.strip() == "-":
            raise InvalidInput(f"age is {shown(text)}.", hint="Give an age or a span: 32, 30-40, 30- or -40.")
        if found["one"]:
            return cls(int(found["one"]), int(found["one"]))
        span = cls(int(found["least"] or AGE_LEAST), int(found["most"] or AGE_MOST))
        if span.least > span.most:
            raise InvalidInput(f"age is {shown(text)}, which is empty.", hint=f"Try {span.most}-{span.least}.")
        return span


@dataclass(frozen=True, slots=True)
class AvatarFilter:
    """All conditions must hold.

    ``attributes`` compare without regard to case; ``text`` is looked for in the avatar's and the persona's name.
    """

    project_id: str | None = None
    age: AgeSpan | None = None
    engine: str | None = None
    source_type: SourceType | None = None
    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
