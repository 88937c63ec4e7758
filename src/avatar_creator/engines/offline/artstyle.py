"""What an art style can draw: the description each one is written in."""

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from avatar_creator.engines.offline.garments import GARMENTS

Definition = dict[str, Any]
"""A DiceBear style: its parsed JSON file."""

# What stands for something that an art style has no drawing of.
_NEAREST = {
    **{name: garment.nearest for name, garment in GARMENTS.items()},
    "round glasses": "glasses",
    "rectangular glasses": "glasses",
    "thick glasses": "glasses",
    "full beard": "beard",
    "long beard": "full beard",
    "goatee": "beard",
    "handlebar": "moustache",
    "beanie": "hat",
    "hard hat": "cap",
    "cap": "beanie",
    "hoop": "stud",
    "sporty": "casual",
    "workwear": "casual",
    "creative": "casual",
    "traditional": "tunic",
    "formal": "smart-casual",
    "smart-casual": "shirt",
    "laugh": "smile",
    "braids": "dreadlocks",
    "dreadlocks": "coily",
    "afro": "coily",
    "coily": "curly",
    "curly": "wavy",
    "pigtails": "ponytail",
    "ponytail": "bun",
    "bun": "long",
    "pixie": "short",
    "buzz": "short",
    "side-part": "short",
    "quiff": "short",
    "spiky": "shaggy",
    "shaggy": "wavy",
    "mohawk": "undercut",
    "undercut": "short",
    "mullet": "medium",
    "fringe": "bob",
    "bob": "medium",
    "balding": "bald",
}


class Part(NamedTuple):
    """Drawings for one part of an appearance.

    ``drawings`` maps a word of `Appearance.parts` to names of drawings, those drawn at any other word stand at "".
    A name said twice is drawn twice as often. A ``component`` "a/b" takes drawings "x/y", "-" for none.
    """

    name: str
    component: str
    drawings: Mapping[str, str]


class ArtStyle(NamedTuple):
    """One style of DiceBear's, and how it shows an appearance.

    ``hair`` maps a drawing of ``hair_component`` to what it is like, with f, m and n for who wears it unasked.
    ``parts`` are drawn in order, a later one in the place of an earlier one of the same component.
    ``colors`` maps the style's names of colors to roles of `Appearance.colors`; the others keep their color.
    """

    name: str
    hair_component: str
    hair: Mapping[str, str]
    parts: tuple[Part, ...]
    colors: Mapping[str, str]
    fixed: Mapping[str, str] = MappingProxyType({})
    extend: Callable[[Definition], Definition] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    def shows(self, color: str) -> str:
        """Return whose color the style's color of that name is: "eyes" for bare eyes, too."""
        return self.colors[color].removeprefix("bare ")

    @property
    def cannot(self) -> tuple[str, ...]:
        """What this style cannot express, for help and documentation."""
        drawn = {part.name for part in self.parts} | {self.shows(name) for name in self.colors}
        words = {word for part in self.parts for word in part.drawings}
        return (
            "body type",  # of all that is asked for, heads and shoulders show none
            *(said for key, said in _EXPRESSED.items() if key not in drawn),
            *(word for word in ("hijab", "turban") if "headwear" in drawn and word not in words),
        )


_EXPRESSED = {
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


def nearest(word: str, known: frozenset[str]) -> str | None:
    """Return the word, or the one nearest to it, that is known; None if none is."""
    following: str | None = word
    while following is not None and following not in known:
        following = _NEAREST.get(following)
    return following


def weighted(drawings: str) -> Mapping[str, int]:
    """Return the names in ``drawings``, each with how often it is said."""
    return Counter(drawings.split())
