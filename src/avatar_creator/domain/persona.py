"""Who the picture shows: a persona."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from avatar_creator.domain.text import clean_line, clean_number

NAME_LONGEST = 100
AGE_LEAST, AGE_MOST = 1, 120
TRAITS_MOST = 10
TRAIT_LONGEST = 50
BACKGROUND_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Persona:
    """A person who may not exist; every part may be left out.

    Raises InvalidInput for an age outside 1..120 years, more than 10 traits or a text over its length.
    """

    name: str | None = None
    age: int | None = None
    personality: tuple[str, ...] = ()
    background: str | None = None

    def __post_init__(self) -> None:
        if self.name is not None:
            _set(self, "name", clean_line("persona name", self.name, longest=NAME_LONGEST))
        if self.age is not None:
            clean_number("persona age", self.age, least=AGE_LEAST, most=AGE_MOST)
        traits = tuple(clean_line("personality", t, longest=TRAIT_LONGEST) for t in self.personality)
        clean_number("number of personality traits", len(traits), least=0, most=TRAITS_MOST)
        _set(self, "personality", traits)
        if self.background is not None:
            _set(
                self,
                "background",
                clean_line("persona background", self.background, longest=BACKGROUND_LONGEST),
            )

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "age": self.age,
            "personality": list(self.personality),
            "background": self.background,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["name"], data["age"], tuple(data["personality"]), data["background"])


def _set(persona: Persona, field: str, value: object) -> None:
    object.__setattr__(persona, field, value)  # a frozen dataclass can be cleaned in no other way
