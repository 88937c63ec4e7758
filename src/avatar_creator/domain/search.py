"""Words of texts as an index has them, and what is searched for by them.

Letters are folded: case, accents, and forms of one letter are the same. Where scripts put spaces between words, a word
is one token, and the start of it finds it. Of all other scripts each two letters that follow each other are a token, so
that any part is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from avatar_creator.domain.text import fold, joined

BREAK = "="  # a token that no search has: phrases end there
_ASCII_WORD = re.compile(r"[0-9a-z]+")
_QUOTED = re.compile(r'"([^"]*)"?|(\S[^\s"]*)')
_OTHER_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'))
# Letters that Unicode does not decompose, and what is typed where a keyboard lacks them.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ـ": None}
)
# Accents, and the vowel points of Hebrew and Arabic. Others, as of Thai and Japanese, make another letter.
_ACCENT_CLASSES = frozenset((*range(10, 37), *range(202, 241)))
# Latin, Greek, Cyrillic, Armenian; Georgian; Ethiopic, Cherokee; and what was added of the first three.
_SPACED = ((0x0000, 0x058F), (0x10A0, 0x10FF), (0x1200, 0x13FF), (0x1C80, 0x1CBF), (0x1D00, 0x1FFF), (0x2C00, 0x2DFF))
_SPACED_LATER = ((0xA640, 0xA69F), (0xA720, 0xA7FF), (0xAB30, 0xABBF))


class Phrase(NamedTuple):
    """Tokens that follow each other; of one that is ``open`` the last is the start of a token."""

    tokens: tuple[str, ...]
    open: bool


def tokens_of(texts: Iterable[str | None]) -> str:
    """Return the tokens of texts as an index takes them. No phrase goes from one text to the next."""
    return f" {BREAK} ".join(" ".join(_tokens(text)) for text in dict.fromkeys(texts) if text)


def phrases_of(text: str) -> list[Phrase]:
    """Return what has to be found, all of it: each word, and what stands in quotes as a phrase."""
    found: dict[Phrase, None] = {}
    for quoted, word in _QUOTED.findall(text.translate(_OTHER_QUOTES)):
        phrase = phrase_of(quoted or word, exact=bool(quoted))
        if phrase is not None:
            found[phrase] = None
    return list(found)


def phrase_of(text: str, *, exact: bool = True) -> Phrase | None:
    """Return a text as a phrase, None if it has nothing to search for; ``exact`` has its last word end there."""
    runs = list(_runs(text))
    if not runs:
        return None
    *before, (last, is_word) = runs
    tokens = [token for run, spaced in before for token in _tokens_of(run, is_word=spaced)]
    if is_word:
        return Phrase((*tokens, last), open=not exact)
    if len(last) == 1:
        return Phrase((*tokens, last), open=True)
    return Phrase((*tokens, *map("".join, pairwise(last))), open=False)


def fact(name: str, value: object) -> str:
    """Return the token of a value that compares as a whole. Other values may have the same one."""
    folded = "".join(c if c.isalnum() or ord(c) > 127 else "_" for c in joined(str(value)))  # noqa: PLR2004 - ASCII
    return f"{BREAK}{name}{BREAK}{folded}"


def sort_key(name: str) -> str:
    """Return what names sort by: their letters without case and accents."""
    return fold(name) if name.isascii() else _folded(name)


def _tokens(text: str) -> Iterator[str]:
    if text.isascii():
        yield from _ASCII_WORD.findall(text.lower())
        return
    for run, is_word in _runs(text):
        yield from _tokens_of(run, is_word=is_word)


def _tokens_of(run: str, *, is_word: bool) -> Iterator[str]:
    if is_word:
        yield run
        return
    yield from map("".join, pairwise(run))
    yield run[-1]


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield letters that follow each other, and whether they are a word. A symbol, as emoji are, stands alone."""
    run, run_is_word = "", False
    for character in text.lower() if text.isascii() else _folded(text):
        kind = _kind(character)
        if run and (kind is not run_is_word or kind is None):
            yield run, run_is_word
            run = ""
        if kind is not None:
            run, run_is_word = run + character, kind
    if run:
        yield run, run_is_word


def _kind(character: str) -> bool | None:
    """Return whether it is of a script with words; None for what is no letter, digit, mark or symbol."""
    code = ord(character)
    category = unicodedata.category(character)
    if category[0] not in "LNM" and category not in {"So", "Co"}:
        return None
    if "\ufe00" <= character <= "\ufe0f":  # a look of the character before
        return None
    spaced = any(first <= code <= last for first, last in _SPACED)
    return spaced or any(first <= code <= last for first, last in _SPACED_LATER)


def _folded(text: str) -> str:
    marked = unicodedata.normalize("NFKD", fold(text))
    plain = "".join(c for c in marked if unicodedata.combining(c) not in _ACCENT_CLASSES)
    return fold(unicodedata.normalize("NFC", plain)).translate(_PLAIN)
