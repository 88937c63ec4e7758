"""Names of people by locale and gender: Faker's lists, which none of Faker's own chance reads."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

import faker.providers.person as base

from avatar_creator.casts.tables.appearance import FEMALE, MALE, NON_BINARY
from avatar_creator.casts.tables.locales import locale_meant
from avatar_creator.domain.text import fold, nearest, shown, trimmed
from avatar_creator.errors import InvalidInput

DEFAULT_LOCALE = "en_US"
_SIDES = (FEMALE, MALE)
_NOT_BY_GENDER = "not by gender"
_ORDER = re.compile(r"\{\{last_name[^{}]*\}\}(\s*)\{\{(?:first|given)_name[^{}]*\}\}")
# In Iceland people are called after a parent. Faker has the parents' names, and methods that add this.
_AFTER_A_PARENT = {FEMALE: "dóttir", MALE: "son"}
# What Faker has of the census of the United States, which knew one capital letter: McLean, O'Brien, De la Cruz.
_CENSUS = re.compile(r"(?P<mac>Mc|O(?=brien|connell|connor|donnell|neal|neill))(?P<first>[a-z])")
_CENSUS_WORDS = {"Delacruz": "De la Cruz", "Deleon": "De León", "Leblanc": "LeBlanc", "Macdonald": "MacDonald"}


class Names(NamedTuple):
    """The given names and the family names of a locale, by gender, and how both make a full name."""

    locale: str
    given: Mapping[str, tuple[str, ...]]
    family: Mapping[str, tuple[str, ...]]
    family_first: bool
    between: str

    def full(self, given: Iterable[str], family: str) -> str:
        first = self.between.join(given)
        return self.between.join((family, first) if self.family_first else (first, family))


def locale_called(text: str) -> str:
    """Return a locale as it is called here: "EN-us" is en_US. Raises InvalidInput as `names_of` does."""
    return names_of(text).locale


@lru_cache(maxsize=256)
def names_of(locale: str) -> Names:
    """Return the names of a locale. Raises InvalidInput for a locale without names of its own, or not by gender."""
    called = fold(locale).strip().replace("-", "_").partition(".")[0]
    module = next((each for each in _modules() if each.casefold() == called), None)
    names = None if module is None else _read(module)
    if isinstance(names, Names):
        return names
    problem = f"has names that are {names}" if names else "has no names of its own"
    usable = [each for each in _modules() if isinstance(_read(each), Names)]
    language = called.partition("_")[0]
    same = [each for each in usable if each.partition("_")[0] == language]
    there = [each for each in usable if each.partition("_")[2].casefold() == called.rpartition("_")[2]]
    near = locale_meant(called) or nearest(called, same or there or usable) or next(iter(same or there), None)
    near = near if called else None
    is_locale = names or "_" in called
    hint = f"The nearest that has them: {near}. " if near and is_locale else f"Did you mean {near}? " if near else ""
    raise InvalidInput(f"Locale {shown(locale)} {problem}.", hint=f"{hint}Known: {', '.join(usable)}.")


@lru_cache
def _modules() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in iter_modules(base.__path__)))


@lru_cache
def _read(module: str) -> Names | str | None:
    """Return the names of a provider of Faker, why they cannot be used, or None where they are not its own."""
    provider = import_module(f"{base.__name__}.{module}").Provider
    given = {side: _own(provider, f"first_names_{side}") for side in _SIDES}
    family = _family(provider)
    if not all(family.values()):
        return None
    if not all(given.values()):
        return _NOT_BY_GENDER if _own(provider, "first_names") else None
    both = _own(provider, "first_names_nonbinary") or _joined(given.values())
    formats = [each for each in getattr(provider, "formats_female", None) or provider.formats if "last_name" in each]
    order = [found for each in formats if (found := _ORDER.search(each))]
    return Names(
        module,
        given | {NON_BINARY: both},
        family | {NON_BINARY: _joined(family.values())},
        family_first=bool(formats) and len(order) == len(formats),
        between=order[0][1] if order and len(order) == len(formats) else " ",
    )


def _family(provider: Any) -> dict[str, tuple[str, ...]]:
    parents = _own(provider, "last_names_without_suffix")
    if parents:
        return {side: tuple(parent + ending for parent in parents) for side, ending in _AFTER_A_PARENT.items()}
    of_all = _own(provider, "last_names_unisex") or _own(provider, "unisex_last_names")
    by_gender = {side: _joined((_own(provider, f"last_names_{side}"), of_all)) for side in _SIDES}
    if all(by_gender.values()):
        return by_gender
    return dict.fromkeys(_SIDES, _own(provider, "last_names"))


def _own(provider: Any, attribute: str) -> tuple[str, ...]:
    """Return a list of a provider, each name once; nothing where it is that of no locale: "John", "Jane" and "Doe"."""
    listed = getattr(provider, attribute, ())
    if listed is getattr(base.Provider, attribute, None) or not isinstance(listed, list | tuple | dict):
        return ()
    names = filter(None, map(trimmed, listed))
    is_census = provider.__module__.endswith(".en_US") and attribute == "last_names"
    return tuple(dict.fromkeys(map(_in_full, names) if is_census else names))


def _in_full(name: str) -> str:
    """Return a name of the census as its bearers write it."""
    if name in _CENSUS_WORDS:
        return _CENSUS_WORDS[name]
    found = _CENSUS.match(name)
    if found is None:
        return name
    start = "O'" if found["mac"] == "O" else found["mac"]
    return start + found["first"].upper() + name[found.end() :]


def _joined(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in lists for name in each))
