"""Who the picture shows: a persona."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from avatar_creator.domain.text import clean_line, clean_number, expect, is_given, shown
from avatar_creator.errors import InvalidInput

NAME_LONGEST = 100
AGE_LEAST, AGE_MOST = 1, 120
TRAITS_MOST = 10
TRAIT_LONGEST = 50
BACKGROUND_LONGEST = 500
_PARTS = ("name", "age", "personality", "background")


@dataclass(frozen=True, slots=True)
class Persona:
    """A person who may not exist; every part may be left out.

    A text that says nothing, as "nan" does, counts as left out, and stands in ``blanks``.

    Raises InvalidInput for an age outside 1..120 years, more than 10 traits or a text over its length.
    """

    name: str | None = None
    age: int | None = None
    personality: tuple[str, ...] = ()
    background: str | None = None
    blanks: tuple[str, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.name is not None:
            expect("persona name", self.name, str, "a text")
            given = self._is_given("persona name", self.name, name=True)
            _set(self, "name", clean_name(self.name) if given else None)
        if self.age is not None:
            clean_number("persona age", self.age, least=AGE_LEAST, most=AGE_MOST)
        # A text is a sequence too: of letters, each of which would be a trait.
        if not isinstance(self.personality, list):  # which does as well
            expect("personality", self.personality, tuple, 'a tuple of traits, such as ("friendly",)')
        for trait in self.personality:
            expect("personality", trait, str, "each trait as a text")
        given_traits = [trait for trait in self.personality if self._is_given("personality", trait)]
        traits = tuple(clean_line("personality", t, longest=TRAIT_LONGEST) for t in given_traits)
        clean_number("number of personality traits", len(traits), least=0, most=TRAITS_MOST)
        _set(self, "personality", traits)
        if self.background is not None:
            expect("persona background", self.background, str, "a text")
            given = self._is_given("persona background", self.background)
            _set(self, "background", clean_background(self.background) if given else None)

    def _is_given(self, part: str, value: str, *, name: bool = False) -> bool:
        given = is_given(value, name=name)
        if not given and value.strip():
            _set(self, "blanks", (*self.blanks, f"{part} {shown(value)}"))
        return given

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "age": self.age,
            "personality": list(self.personality),
            "background": self.background,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return a persona as it was stored; what is missing is None. Raises InvalidInput for other types."""
        expect("persona", data, Mapping, "a dict")
        name, age, traits, background = (data.get(part) for part in _PARTS)
        for part, value, kind in (("name", name, str), ("age", age, int), ("background", background, str)):
            _expect_stored(f"persona {part}", value, kind, type(None))
        _expect_stored("personality", traits, list, type(None))
        for trait in traits or ():
            _expect_stored("personality", trait, str)
        return cls.stored(name, age, tuple(traits or ()), background)

    @classmethod
    def stored(cls, name: str | None, age: int | None, personality: tuple[str, ...], background: str | None) -> Self:
        """Return a persona as it was stored: what was allowed then is not refused now."""
        persona = object.__new__(cls)
        for part, value in zip(_PARTS, (name, age, personality, background), strict=True):
            _set(persona, part, value)
        _set(persona, "blanks", ())
        return persona


def clean_name(name: str) -> str:
    """Return a name as a persona has it. Raises InvalidInput as `Persona` does."""
    return clean_line("persona name", name, longest=NAME_LONGEST)


def clean_background(text: str) -> str:
    """Return a background as a persona has it. Raises InvalidInput as `Persona` does."""
    return clean_line("persona background", text, longest=BACKGROUND_LONGEST)


def _expect_stored(part: str, value: object, *kinds: type) -> None:
    if type(value) not in kinds:  # isinstance() would take a bool for a whole number
        raise InvalidInput(f"{part} is of type {type(value).__name__}, and has to be {kinds[0].__name__}.")


def _set(persona: Persona, part: str, value: object) -> None:
    object.__setattr__(persona, part, value)  # a frozen dataclass can be cleaned in no other way
