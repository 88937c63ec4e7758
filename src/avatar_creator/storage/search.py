"""The functions by which triggers write the index that avatars are found by. SQLite calls them: see `FUNCTIONS`."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from avatar_creator import domain  # loaded when an avatar is written, which most commands do not

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # of ids
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_LENGTH = 13
_SIGN = 2**63
# Values of a recipe that filters compare with, each by the name of its fact: all it says under one of these keys.
_RECIPE = (("model", "options", "model"), ("provider", "options", "provider"), ("art_style", "options", "art_style"))


def number_of(avatar_id: str) -> int:
    """Return the number that an avatar has in the index; numbers sort as ids do."""
    number = 0
    for digit in avatar_id.partition("_")[2][:_LENGTH].ljust(_LENGTH, "0"):
        number = number * len(_DIGITS) + _VALUES.get(digit, 0)
    return min(number, 2 * _SIGN - 1) - _SIGN


def _name(name: str) -> str:
    return domain.search.sort_key(name)


def _words(
    name: str, persona_name: str | None, traits: str, background: str | None, prompt: str | None, alt_text: str | None
) -> str:
    known: list[str] = json.loads(traits)
    return domain.search.tokens_of((name, persona_name, *known, background, prompt, alt_text))


def _tags(lines: str | None) -> str:
    tags = (lines or "").splitlines()
    return " ".join([domain.search.tokens_of(tags), *(domain.search.fact("tag", tag) for tag in tags)])


def _facts(recipe: str, *pairs: object) -> str:
    """Return the facts of names and values in turn, and those of a recipe."""
    facts = {
        domain.search.fact(str(name), value): None
        for name, value in zip(pairs[::2], pairs[1::2], strict=True)
        if value is not None
    }
    with suppress(ValueError):
        made = json.loads(recipe)
        facts |= {
            domain.search.fact(name, made[part][key]): None
            for name, part, key in _RECIPE
            if made.get(part, {}).get(key)
        }
        if made.get("provider"):
            facts[domain.search.fact("provider", made["provider"])] = None
    return " ".join(facts)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "search_number": number_of,
    "search_name": _name,
    "search_words": _words,
    "search_tags": _tags,
    "search_facts": _facts,
}
