"""Names of people, by locale and gender."""

from collections.abc import Mapping
from typing import NamedTuple

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput


class Names(NamedTuple):
    """The names of a locale: given names by gender, and family names."""

    locale: str
    given: Mapping[str, tuple[str, ...]]
    family: tuple[str, ...]


def names_of(locale: str) -> Names:
    """Return the names of a locale. Raises InvalidInput for a locale without names of its own."""
    if locale != "en_US":
        raise InvalidInput(f"There are no names for locale {shown(locale)}.", hint="Use --locale en_US.")
    return Names(locale, {"female": ("Mary", "Ann"), "male": ("John", "James")}, ("Smith", "Jones"))
