"""What is meant by words behind `avatar cast 24`, as options: "women", "nurses", "German"."""

import shlex
from collections.abc import Collection, Iterator, Sequence

from avatar_creator.casts.appearance import side_of
from avatar_creator.casts.axes import LOCALE
from avatar_creator.casts.tables.locales import locale_meant
from avatar_creator.domain.age_ranges import read_years
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.fields import squashed
from avatar_creator.domain.quotas import AGE
from avatar_creator.domain.text import visible

_GENDERS = ("female", "male")
_FILLING = frozenset(["a", "an", "and", "avatars", "faces", "of", "people", "persons", "the", "users", "with"])


def options_meant(words: Sequence[str], presets: Collection[str]) -> str | None:
    """Return options that say what words do, the first of each; what is no value of one is a prompt."""
    found: dict[str, str] = {}
    unknown = []
    for word in words:
        if word.lower() in _FILLING:
            continue
        option = option_meant(word, presets)
        if option is None:
            unknown.append(word)
        else:
            found.setdefault(*option)
    if unknown:
        found["prompt"] = " ".join(unknown)
    return " ".join(f"--{name} {shlex.quote(visible(value))}" for name, value in found.items()) or None


def option_meant(word: str, presets: Collection[str] = ()) -> tuple[str, str] | None:
    """Return the option and its value that a word says, in the singular or in the plural."""
    for said in _numbers(word):
        if side_of(said) in _GENDERS:
            return "gender", side_of(said)
        if read_years(said) is not None:
            return AGE, said
        if said in presets:
            return "preset", said
        for attribute in ATTRIBUTES:
            value = next((each for each in attribute.known if squashed(each) == squashed(said)), None)
            if value is not None:
                return attribute.name.replace("_", "-"), value
    locale = locale_meant(word)
    return None if locale is None else (LOCALE, locale)


def _numbers(word: str) -> Iterator[str]:
    yield word.lower()
    if word.lower().endswith("s"):
        yield word.lower().removesuffix("s")
