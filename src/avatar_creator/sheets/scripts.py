"""Which writing a character is of, and which package has a font for it."""

import sys
import unicodedata
from collections.abc import Iterable

# First words of the names that Unicode gives characters, and how people call their writing where that is another.
_CALLED = {
    "CJK": "Chinese",
    "KANGXI": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "BOPOMOFO": "Chinese",
}
_EAST_ASIAN = frozenset({"Chinese", "Japanese", "Korean"})
EMOJI, _SYMBOLS = "emoji", "symbols"
_EMOJI_LEAST = 0x1F000
# Letters of these change with their neighbours, or run from right to left: Pillow can only do so with libraqm.
_SIMPLE = frozenset({"Latin", "Cyrillic", "Greek", "Armenian", "Georgian", "Ethiopic", EMOJI, _SYMBOLS, *_EAST_ASIAN})
_JOINERS = "\u200c\u200d\u200e\u200f"
_LOOKS = range(0xFE00, 0xFE10)


def shows_nothing(character: str) -> bool:
    """Return whether it needs no glyph: joiners, and what says how the character before it looks."""
    return character in _JOINERS or ord(character) in _LOOKS


def script_of(character: str) -> str:
    """Return the name of a character's writing, as people call it."""
    if not character.isalpha() and unicodedata.category(character)[0] in "SC":
        return EMOJI if ord(character) >= _EMOJI_LEAST else _SYMBOLS
    first = unicodedata.name(character, "SYMBOL").split(" ", 1)[0].partition("-")[0]
    if first in {"COMBINING", "MODIFIER", "SYMBOL", "FULLWIDTH", "DIGIT"}:
        return _SYMBOLS
    return _CALLED.get(first, first.title())


def is_simple(script: str) -> bool:
    """Return whether its letters are drawn one after the other, from left to right."""
    return script in _SIMPLE


def advice(scripts: Iterable[str]) -> str:
    """Say how to get fonts for these."""
    if sys.platform != "linux":
        return "Install a font that has them, or give one: --font FILE"
    packages = dict.fromkeys(map(_package, sorted(scripts)))
    return f"Install {' '.join(packages)} (on Debian and Ubuntu), or give a font: --font FILE"


def _package(script: str) -> str:
    if script in _EAST_ASIAN:
        return "fonts-noto-cjk"
    return "fonts-noto-color-emoji" if script == EMOJI else "fonts-noto-core"
