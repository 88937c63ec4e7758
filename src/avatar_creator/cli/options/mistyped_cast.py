"""What was meant by a command line of `avatar cast` that does not fit: an option, and the value that a word says."""

import re
import shlex
from collections.abc import Sequence
from typing import Any

from avatar_creator import domain, library
from avatar_creator.domain.text import visible
from avatar_creator.errors import InvalidInput

# Where people are from: that decides names alone, and how they look is said by what they look like.
_FROM = (
    r"countr(y|ies)|culture|from|lang(uage)?s?|location|names?-(from|locale|origin)|names|nation(ality)?|origin|region"
)
_EXTRA = re.compile(r"extra argument\S* \((.*)\)", re.DOTALL)
_NUMBER = "24"


def no_such_cast(error: Any, argv: Sequence[str], option: str) -> InvalidInput | None:
    """Return what a cast has in place of an option that there is not, or of words behind the number."""
    if option.isdecimal():
        return InvalidInput(f"number of people is -{option}, which is none.", hint="Such as: avatar cast 24")
    if option:
        return _of_option(error, argv, option)
    extra = _EXTRA.search(error.message)
    if extra is None:
        return None
    given = [word for word in argv[1:2] if not word.startswith("-")] + extra[1].split()
    number = next((word for word in given if word.isascii() and word.isdecimal()), _NUMBER)
    words = [word for word in given if not word.isdecimal()]
    opened = library.open_library()
    meant = opened.casts.options_meant(words, opened.presets.names())
    if meant is None and not words:
        return None
    return InvalidInput(error.message, hint=f"Did you mean: {' '.join(filter(None, ('avatar cast', number, meant)))}?")


def _of_option(error: Any, argv: Sequence[str], option: str) -> InvalidInput | None:
    value = _value_of(option, argv)
    opened = library.open_library()
    casts = opened.casts
    if re.fullmatch(_FROM, option, re.IGNORECASE):
        locale = casts.locale_meant(value or "") or "de_DE"
        return InvalidInput(
            error.message,
            hint=f"Where names are from: --locale {locale}; how people look: --ethnicity south-asian, for one.",
        )
    name = domain.fields.FIELDS.normalised(option) or domain.fields.FIELDS.normalised(option.removesuffix("s"))
    if name == "persona_age":
        return InvalidInput(error.message, hint=f"Did you mean --age {_shown(value, '25-34')}?")
    if name is not None:
        field = domain.fields.FIELDS[name]
        if field.part is domain.fields.Part.PERSONA:
            hint = f"People of a cast have names and lives of their own. For one: avatar generate --{option}"
            return InvalidInput(error.message, hint=hint)
        if field.part is domain.fields.Part.ATTRIBUTES:
            return InvalidInput(error.message, hint=f"Did you mean {field.flag} {_shown(value, 'VALUE')}?")
    presets = opened.presets.names()
    meant = casts.options_meant([option], presets) if casts.is_value(option, presets) else None
    return None if meant is None else InvalidInput(error.message, hint=f"Did you mean {meant}?")


def _value_of(option: str, argv: Sequence[str]) -> str | None:
    at = next((at for at, word in enumerate(argv) if word.partition("=")[0].lstrip("-") == option), len(argv))
    value = argv[at].partition("=")[2] if at < len(argv) else ""
    if not value and at + 1 < len(argv) and not argv[at + 1].startswith("-"):
        value = argv[at + 1]
    return value or None


def _shown(value: str | None, instead: str) -> str:
    return instead if value is None else shlex.quote(visible(value))
