"""What an art style can draw: the description each one is written in."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from avatar_creator.domain.license import License, Terms

COVERED = "Covered"  # ends the name of a drawing of hair that headwear is drawn over
Definition = dict[str, Any]
"""A DiceBear style: its parsed JSON file."""


class Part(NamedTuple):
    """Drawings for one part of an appearance.

    ``drawings`` maps a word of `Appearance.parts` to names of drawings, those drawn at any other word stand at "".
    A name said twice is drawn twice as often, "m:x" is drawn for men alone, "fn:x" not for them.
    A ``component`` "a/b" takes drawings "x/y", "-" for none.
    A ``name`` may be a component that was drawn before: then the words are its drawings.
    """

    name: str
    component: str
    drawings: Mapping[str, str]


class ArtStyle(NamedTuple):
    """One style of DiceBear's, and how it shows an appearance.

    ``terms`` are those that its definition states.
    ``hair`` maps a drawing of ``hair_component`` to what it is like, with f, m and n for who wears it unasked, and
    F, M and N for who does rather than others if it is asked for.
    ``parts`` are drawn in order, a later one in the place of an earlier one of the same component.
    ``colors`` maps the style's names of colors to roles of `Appearance.colors`; the others keep their color.
    ``covering`` names the headwear that is drawn over hair, of which the style has drawings for that.
    ``garments`` says what drawings of clothes show, where the words that they are drawn for do not.
    """

    name: str
    terms: Terms
    hair_component: str
    hair: Mapping[str, str]
    parts: tuple[Part, ...]
    colors: Mapping[str, str]
    fixed: Mapping[str, str] = MappingProxyType({})
    covering: frozenset[str] = frozenset()
    garments: Mapping[str, str] = MappingProxyType({})
    extend: Callable[[Definition], Definition] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def model(self) -> str:
        """What is said to have made a picture in this style."""
        return f"dicebear/{self.name}"

    @property
    def license(self) -> License:
        return self.terms.of(self.model)

    def shows(self, color: str) -> str:
        """Return whose color the style's color of that name is: "eyes" for bare eyes, too."""
        return self.colors[color].removeprefix("bare ")

    @property
    def cannot(self) -> tuple[str, ...]:
        """What this style cannot express, for help and documentation."""
        drawn = {part.name for part in self.parts} | {self.shows(name) for name in self.colors}
        words = {word for part in self.parts for word in part.drawings}
        return (
            *(said for key, said in _EXPRESSED.items() if key not in drawn),
            *(word for word in ("hijab", "turban") if "headwear" in drawn and word not in words),
        )


_EXPRESSED = {
    "body type": "body type",
    "age": "children",
    "eyes": "eye color",
    "age lines": "lines of age",
    "attire": "style of dress",
    "facial hair": "facial hair",
    "glasses": "glasses",
    "headwear": "headwear",
    "earrings": "earrings",
    "hair": "hair color",
    "skin": "skin tone",
}
