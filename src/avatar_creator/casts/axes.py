"""The axes that a cast can be balanced over: age, locale and the visual attributes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.text import fold, nearest, shown
from avatar_creator.errors import InvalidInput

AGE, LOCALE = "age", "locale"
# Of these, no value is a case of another: an even quota over "asian" and "east-asian" would count one person twice.
_DISJOINT = {
    "ethnicity": (
        "black", "east-asian", "hispanic", "indigenous", "middle-eastern", "south-asian", "southeast-asian", "white"
    ),
    "hair_style": (
        "short", "bob", "long straight", "wavy", "curly", "afro", "braids", "dreadlocks", "bun", "ponytail", "bald"
    ),
    "hair_color": ("black", "dark-brown", "light-brown", "auburn", "red", "blonde", "gray", "white"),
    "eye_color": ("brown", "hazel", "green", "blue", "gray", "amber"),
    "skin_tone": ("very-light", "light", "light-medium", "medium", "medium-dark", "dark", "deep"),
    "style": ("casual", "smart-casual", "business", "formal", "sporty", "workwear", "creative", "traditional"),
}  # fmt: skip


class Axis(NamedTuple):
    """What a cast can be balanced over, and the values that an even quota has.

    The values of ``age`` are age ranges; those of ``locale`` are given by whoever asks for it.
    """

    name: str
    values: tuple[str, ...]


def _axes() -> Mapping[str, Axis]:
    names = [AGE if attribute.name == "age_range" else attribute.name for attribute in ATTRIBUTES]
    usual = [_DISJOINT.get(attribute.name, attribute.known) for attribute in ATTRIBUTES]
    axes = {name: Axis(name, values) for name, values in zip(names, usual, strict=True)}
    return MappingProxyType(axes | {LOCALE: Axis(LOCALE, ())})


AXES = _axes()  # in the order in which they are dealt, whatever order they are given in


def axis_called(name: str) -> Axis:
    """Return the axis of a name as people write it: "hair-color", "Hair color", "age range".

    Raises InvalidInput for one that is not known.
    """
    called = fold(name).strip().replace("-", "_").replace(" ", "_")
    called = AGE if called in {"age_range", "ages", "age_group"} else called
    if called in AXES:
        return AXES[called]
    near = nearest(called, list(AXES))
    known = ", ".join(AXES)
    hint = f"Did you mean {near}? Known: {known}." if near else f"Known: {known}."
    raise InvalidInput(f"There is no axis {shown(name)} that people can be balanced over.", hint=hint)
