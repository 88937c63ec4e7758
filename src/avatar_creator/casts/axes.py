"""The axes that a cast can be balanced over: age, locale and the visual attributes."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from avatar_creator.casts.appearance import years_of
from avatar_creator.domain.age_ranges import read_years
from avatar_creator.domain.attributes import ATTRIBUTE_LONGEST, ATTRIBUTES, Attributes
from avatar_creator.domain.quotas import AGE
from avatar_creator.domain.text import clean_line, fold, nearest, shown
from avatar_creator.errors import InvalidInput

LOCALE = "locale"
_ALIKE = 0.8  # from which on a word is another one with letters wrong
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


_SAME = {
    "age_range": AGE, "ages": AGE, "age_group": AGE, "sex": "gender", "race": "ethnicity",
    "racial_and_ethnic": "ethnicity", "race_ethnicity": "ethnicity", "name_locale": LOCALE,
}  # fmt: skip
AXES = _axes()  # in the order in which they are allocated, whatever order they are given in


def axis_called(name: str) -> Axis:
    """Return the axis of a name as people write it: "hair-color", "Hair color", "age range".

    Raises InvalidInput for one that is not known.
    """
    called = fold(name).strip().replace("-", "_").replace(" ", "_")
    called = _SAME.get(called, called)
    if called in AXES:
        return AXES[called]
    near = nearest(called, list(AXES)) if len(called) <= ATTRIBUTE_LONGEST else None
    known = ", ".join(AXES)
    hint = f"Did you mean {near}? Known: {known}." if near else f"Known: {known}."
    raise InvalidInput(f"There is no axis {shown(name)} that people can be balanced over.", hint=hint)


@lru_cache(maxsize=1024)
def value_called(axis: str, text: str) -> str:
    """Return a value of an axis as the axis spells it, "East Asian" as "east-asian"; any other text as it is.

    Raises InvalidInput for what says no age, for what is no attribute, and for what is a known value but for a slip.
    """
    if axis == AGE:
        return _age(text)
    if axis == LOCALE:
        return clean_line(axis, text, longest=ATTRIBUTE_LONGEST)
    known = {_squashed(value): value for value in _known(axis)}
    if _squashed(text) in known:
        return known[_squashed(text)]
    value: str | None = getattr(Attributes(**{axis: text}), axis)
    if value is None:
        raise InvalidInput(f"{axis} is {shown(text)}, which says nothing.", hint=_such_as(axis))
    meant = next((each for each in _known(axis) if _is_slip(axis, value, each)), None)
    if meant:
        raise InvalidInput(f"{axis} is {shown(text)}, which is not known.", hint=f"Did you mean {meant}?")
    return value


def _age(text: str) -> str:
    value = " ".join(text.replace("\u2013", "-").split())
    if len(value) > ATTRIBUTE_LONGEST or read_years(value) is None:
        raise InvalidInput(f"{AGE} is {shown(text)}, which is no age.", hint=_such_as(AGE))
    years_of(value)
    return value.lower() if value.lower() in AXES[AGE].values else value


def _known(axis: str) -> tuple[str, ...]:
    attribute = next(each for each in ATTRIBUTES if each.name == axis)
    return attribute.known


def _squashed(text: str) -> str:
    return fold(text).replace("-", "").replace("_", "").replace(" ", "")


def _is_slip(axis: str, text: str, known: str) -> bool:
    """Return whether a text is a known value with letters wrong: "femlae", "southast-asian", but not "west-asian".

    A word that lacks its end may be another form of it, as "blond" is, but no gender is: names would be of another one.
    """
    words, others = fold(text).replace("-", " ").split(), known.replace("-", " ").split()
    if len(words) != len(others):
        return False
    pairs = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    return all(
        nearest(word, [other], alike=_ALIKE)
        and (axis == "gender" or not (other.startswith(word) or word.startswith(other)))
        for word, other in pairs
    )


def _such_as(axis: str) -> str:
    return f"Such as: {', '.join(AXES[axis].values)}" + (", 18-24, 65+." if axis == AGE else ".")
