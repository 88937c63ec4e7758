"""Colors that are mixed of known ones: "reddish brown", "pale blue-green", "ash blonde"."""

from collections.abc import Mapping, Sequence

from avatar_creator.engines.offline.palette import distance, mix
from avatar_creator.engines.offline.words.colors import BASIC, MODIFIERS

_TINT, _KIND, _HALF = 0.3, 0.25, 0.5  # how much of the other color is in a mixture
_UNMIXED = 75.0  # colors further apart than this, "red-green", are two
_NEVER_MIXED = frozenset({"black", "white"})  # beside another color they are a second one: "black-red"


def color_named(words: Sequence[str], names: Mapping[str, str]) -> str | None:
    """Return the color, #rrggbb, that all of the ``words`` name together; ``names`` are the known colors."""
    if not words:
        return None
    if words[0].startswith("#"):
        return _in_six_digits(words[0]) if len(words) == 1 else None
    return names.get(" ".join(words)) or _modified(words[0], words[1:], names) or _mixed(words, names)


def _modified(word: str, words: Sequence[str], names: Mapping[str, str]) -> str | None:
    """Return what "light" or "reddish" makes of the color behind it; "reddish" alone is red."""
    modifier = MODIFIERS.get(word)
    tint = None if modifier else _tint(word, names)
    if modifier is None and tint is None:
        return None
    color = color_named(words, names)
    if color is None:
        return None if words else tint
    other, share = modifier or (tint or color, _TINT)
    return mix(color, other, share)


def _tint(word: str, names: Mapping[str, str]) -> str | None:
    """Return the color of "reddish", "bluish" or "grayish"."""
    stem = word.removesuffix("ish")
    if stem == word:
        return None
    return names.get(stem) or names.get(f"{stem}e") or names.get(stem[:-1])


def _mixed(words: Sequence[str], names: Mapping[str, str]) -> str | None:
    """Return the color of two names: "blue-green" lies between them, "coral pink" is a kind of pink."""
    for at in range(1, len(words)):
        name, kind = " ".join(words[:at]), " ".join(words[at:])
        one, other = names.get(name), names.get(kind)
        if one and other and _NEVER_MIXED.isdisjoint((name, kind)) and distance(one, other) < _UNMIXED:
            return mix(one, other, _KIND if kind in BASIC and name not in BASIC else _HALF)
    return None


def _in_six_digits(color: str) -> str:
    return color if len(color) == len("#rrggbb") else "#" + "".join(2 * digit for digit in color[1:])
