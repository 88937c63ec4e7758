"""A text as words: lower-case, without accents, British spellings and apostrophes made one."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

STOPS = ",.;:!?"
_SPELLINGS = (
    ("grey", "gray"),
    ("colour", "color"),
    ("jewellery", "jewelry"),
    ("w/o ", "without "),
    ("w/ ", "with "),
    ("&", " and "),
    ("\u2014", " , "),
    ("|", " , "),
    ("'", ""),
    ("\u2019", ""),
)
_ACCENTS = r"(?<=[a-z])[\u0300-\u036f]+"
_INVISIBLE = "Cf"
_DASH = r"(?<!\d) [-\u2013] | [-\u2013] (?!\d)"  # "a man - bald", not "25 - 34"
_PICTURES = "\u2190-\u2bff\U0001f000-\U0001faff"  # arrows, signs and emoji: words that nobody knows
# A hyphen before a word joins it to the one before.
_TOKEN = rf"(?:(?<=[^\W_])([-\u2010\u2011]))?(#[0-9a-f]{{6}}\b|#[0-9a-f]{{3}}\b|[^\W_]+|[{_PICTURES}]+|[{STOPS}])"


class Text(NamedTuple):
    """``words`` of a text with its stops; ``joined`` are the places of those that a hyphen joins to the word before."""

    words: Sequence[str]
    joined: frozenset[int] = frozenset()

    def without(self, places: frozenset[int]) -> "Text":
        """Return the text without the words at some places."""
        left = [at for at in range(len(self.words)) if at not in places]
        joined = frozenset(new for new, at in enumerate(left) if at in self.joined and at - 1 not in places)
        return Text([self.words[at] for at in left], joined)


def word_at(words: Sequence[str], at: int) -> str:
    """Return a word, a stop outside of the text."""
    return words[at] if 0 <= at < len(words) else "."


def tokenize(text: str) -> Text:
    """Return the words and stops of a text."""
    text = text.casefold()
    if not text.isascii():
        text = _folded(text)
    for spelling, meant in _SPELLINGS:
        text = text.replace(spelling, meant)
    words = text.split()
    if text.isascii() and all(map(str.isalpha, words)):  # as most values are: to compile the pattern takes longer
        return Text(words)
    tokens = re.findall(_TOKEN, re.sub(_DASH, " , ", text))
    return Text([word for _, word in tokens], frozenset(at for at, (hyphen, _) in enumerate(tokens) if hyphen))


def _folded(text: str) -> str:
    """Return a text with Latin letters without accents, wide and styled letters as plain ones, and nothing invisible.

    Other scripts stay as they are: there a mark makes another letter.
    """
    plain = re.sub(_ACCENTS, "", unicodedata.normalize("NFKD", text).casefold())
    shown = "".join(character for character in plain if unicodedata.category(character) != _INVISIBLE)
    return unicodedata.normalize("NFC", shown)
