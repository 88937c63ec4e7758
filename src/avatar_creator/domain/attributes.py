"""What the picture looks like: the visual attributes.

The fields of `Attributes` are the one table of them. Options, help, completion, validation, prompt phrases
and the prompt's order are read off it; a test holds the database's columns against it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Self

from avatar_creator.domain.text import clean_line, expect, is_given, shown

ATTRIBUTE_LONGEST = 50


def flag_of(name: str) -> str:
    """Return the option of a field: ``hair_color`` has --hair-color."""
    return "--" + name.replace("_", "-")


class Attribute(NamedTuple):
    """One row of the table.

    ``known`` are the values that help and completion list; any other text is allowed. ``phrase`` is how
    the prompt says a value; attributes that follow each other with the same ``joined`` share one phrase. A value
    that ends with one of ``nouns`` says itself what the last words of the phrase would say again. One that ``follows``
    another fits the value that this one has, as a rule.
    """

    name: str
    help: str
    known: tuple[str, ...]
    phrase: str
    spoken: Mapping[str, str]
    joined: str | None
    nouns: frozenset[str]
    follows: str

    @property
    def label(self) -> str:
        """The name as people read it: ``hair_color`` is "hair color"."""
        return self.name.replace("_", " ")

    @property
    def flag(self) -> str:
        return flag_of(self.name)


def _attribute(
    help_: str,
    phrase: str,
    *known: str,
    spoken: Mapping[str, str] | None = None,
    joined: str | None = None,
    nouns: str = "",
    follows: str = "",
) -> Any:
    metadata = {
        "help": help_,
        "known": known,
        "phrase": phrase,
        "spoken": spoken or {},
        "joined": joined,
        "nouns": frozenset(nouns.split()),
        "follows": follows,
    }
    return field(default=None, metadata=metadata)


_HAIR = "hair haired"
_ATTIRE = (
    "attire clothes clothing outfit wear dress gown suit blazer jacket coat shirt t-shirt blouse sweater hoodie "
    "uniform scrubs kimono sari swimsuit bikini overalls dungarees jeans skirt tie vest apron robe tuxedo turtleneck "
    "cardigan jumpsuit tracksuit hat cap beanie beret turban hijab headscarf scarf glasses sunglasses earrings necklace"
)


# fmt: off
@dataclass(frozen=True, slots=True)
class Attributes:
    """The visual attributes, in the order the prompt names them; each free text of 1..50 characters.

    Blank texts and what stands for no value ("nan", "N/A", "None") count as not given, and stand in ``blanks``. Raises
    InvalidInput when a value shows nothing, is too long or holds control characters.
    """

    gender: str | None = _attribute(
        "Gender", "{}", "female", "male", "non-binary")
    age_range: str | None = _attribute(
        "Age range, where no exact age is given", "{}", "young", "adult", "mature",
        spoken={
            "young": "young adult (20-30 years old)",
            "adult": "middle-aged adult (30-50 years old)",
            "mature": "mature adult (50+ years old)",
        })
    ethnicity: str | None = _attribute(
        "Ethnicity", "{} ethnicity",
        "asian", "east-asian", "southeast-asian", "south-asian", "black", "african", "caucasian", "white",
        "hispanic", "middle-eastern", "indigenous", "pacific-islander", "mixed",
        nouns="ethnicity descent ancestry heritage origin")
    body_type: str | None = _attribute(
        "Body type", "{} body type", "slim", "average", "athletic", "curvy", "heavy",
        nouns="type build body physique figure")
    hair_style: str | None = _attribute(
        "Hair style", "{} hair",
        "short", "medium", "long", "straight", "long straight", "wavy", "curly", "afro", "braids",
        "dreadlocks", "bun", "ponytail", "bob", "pixie", "buzz", "undercut", "mullet", "balding", "bald",
        joined="hair", nouns=_HAIR)
    hair_color: str | None = _attribute(
        "Hair color", "{} hair",
        "black", "dark-brown", "brown", "light-brown", "auburn", "red", "blonde", "platinum", "gray",
        "white", joined="hair", nouns=_HAIR, follows="ethnicity")
    eye_color: str | None = _attribute(
        "Eye color", "{} eyes", "brown", "dark-brown", "hazel", "green", "blue", "gray", "amber",
        nouns="eyes eye eyed", follows="ethnicity")
    skin_tone: str | None = _attribute(
        "Skin tone", "{} skin tone",
        "very-light", "light", "light-medium", "medium-light", "medium", "medium-dark", "dark", "deep",
        nouns="tone complexion skin", follows="ethnicity")
    style: str | None = _attribute(
        "Style of dress", "wearing {} attire",
        "casual", "smart-casual", "business-casual", "business", "professional", "formal", "sporty",
        "workwear", "creative", "traditional",
        nouns=_ATTIRE)
    # fmt: on
    blanks: tuple[str, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for attribute in ATTRIBUTES:
            value = getattr(self, attribute.name)
            if value is not None:
                expect(attribute.label, value, str, "a text")
                given = is_given(value)
                cleaned = clean_line(attribute.label, value, longest=ATTRIBUTE_LONGEST) if given else None
                object.__setattr__(self, attribute.name, cleaned)
                if not given and value.strip():
                    object.__setattr__(self, "blanks", (*self.blanks, f"{attribute.label} {shown(value)}"))

    def given(self) -> Iterator[tuple[Attribute, str]]:
        """Yield each attribute that has a value, with it, in prompt order."""
        for attribute in ATTRIBUTES:
            value = getattr(self, attribute.name)
            if value is not None:
                yield attribute, value

    def as_json(self) -> dict[str, str | None]:
        return {attribute.name: getattr(self, attribute.name) for attribute in ATTRIBUTES}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return attributes as they were stored: what was allowed then is not refused now, and what is missing is None.

        Raises InvalidInput for other types.
        """
        expect("attributes", data, Mapping, "a dict")
        attributes = object.__new__(cls)
        object.__setattr__(attributes, "blanks", ())
        for attribute in ATTRIBUTES:
            value = data.get(attribute.name)
            if value is not None:
                expect(attribute.label, value, str, "a text")
            object.__setattr__(attributes, attribute.name, value)
        return attributes


ATTRIBUTES: tuple[Attribute, ...] = tuple(Attribute(f.name, **f.metadata) for f in fields(Attributes) if f.metadata)
