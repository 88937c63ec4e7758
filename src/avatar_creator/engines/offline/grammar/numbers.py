"""Numbers in words and digits: "thirty-five" is 35, "thirties" 30s, "a hundred and two" 102."""

from collections.abc import Sequence

from avatar_creator.engines.offline.words.ages import ONES, TENS

_TEN = 10
_HUNDRED = "100"
_MOST_DIGITS = 3
_DIGITS = "0123456789"


def in_digits(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the words with numbers in digits, and the place in ``words`` of each.

    The places end with that behind the last word.
    """
    written: list[str] = []
    places: list[int] = []
    for at, word in enumerate(words):
        digit = ONES.get(word, 0)
        if 0 < digit < _TEN and at and words[at - 1] in TENS:
            written[-1] = str(int(written[-1]) + digit)
            continue
        if word == "hundred" and written[-1:] in (["a"], ["1"]):
            written[-1] = _HUNDRED
            continue
        above = ONES.get(word) or TENS.get(word)
        if above and written[-1:] == ["and"] and written[-2:-1] == [_HUNDRED]:
            del written[-1], places[-1]
        if above and written[-1:] == [_HUNDRED]:
            written[-1] = str(int(_HUNDRED) + above)
            continue
        places.append(at)
        written.append(_in_digits(word))
    return written, [*places, len(words)]


def _in_digits(word: str) -> str:
    number = ONES.get(word) or TENS.get(word)
    if number:
        return str(number)
    for ending, tail in (("ies", "s"), ("something", "something"), ("somethings", "something"), ("ish", "ish")):
        stem = word.removesuffix(ending)
        tens = TENS.get(stem) or TENS.get(f"{stem}y") if stem != word else None
        if tens:
            return f"{tens}{tail}"
    return word


def split_number(word: str) -> tuple[int | None, str]:
    """Return the number that a word begins with, None if there is none or it is no age, and the rest: "52yo"."""
    tail = word.lstrip(_DIGITS)
    digits = word[: len(word) - len(tail)]
    return (int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else None), tail
