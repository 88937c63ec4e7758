"""Texts that run from right to left, or in both directions, in the order in which they stand on a line.

The Unicode Bidirectional Algorithm without what one line of visible text has no use for: no embeddings and isolates.
https://www.unicode.org/reports/tr9/
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

_LEFT, _RIGHT, _DIGITS, _NEUTRAL = "L", "R", "D", "N"
_CLASSES = {"L": _LEFT, "R": _RIGHT, "AL": _RIGHT, "EN": _DIGITS, "AN": _DIGITS}
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_JOIN_DIGITS = {"CS", "ES"}  # between two digits they belong to the number

_Part = TypeVar("_Part")


def visual(text: str) -> list[tuple[str, bool]]:
    """Return the parts of a text from left to right, and whether each runs from right to left."""
    if text.isascii():
        return [(text, False)] if text else []
    levels = _levels(text)
    parts = [
        (level, "".join(text[at] for at, _ in found)) for level, found in groupby(enumerate(levels), key=lambda e: e[1])
    ]
    return [(part, level % 2 == 1) for level, part in _reordered(parts)]


def _levels(text: str) -> list[int]:
    """Return the level of each character: those of even ones run from left to right."""
    classes = _classes(text)
    base = next((each for each in classes if each in {_LEFT, _RIGHT}), _LEFT)
    strong = base
    for at, each in enumerate(classes):
        if each in {_LEFT, _RIGHT}:
            strong = each
        elif each == _DIGITS and strong == _LEFT:
            classes[at] = _LEFT
    _resolve_brackets(text, classes, base)
    resolved, at = list(classes), 0
    while at < len(classes):
        end = at
        while end < len(classes) and classes[end] == _NEUTRAL:
            end += 1
        if end > at:
            before, after = (_side(classes[n]) if 0 <= n < len(classes) else base for n in (at - 1, end))
            resolved[at:end] = [before if before == after else base] * (end - at)
        at = end + 1
    of = {_LEFT: 0, _RIGHT: 1, _DIGITS: 2} if base == _LEFT else {_LEFT: 2, _RIGHT: 1, _DIGITS: 2}
    return [of[each] for each in resolved]


def _classes(text: str) -> list[str]:
    kinds = [unicodedata.bidirectional(each) for each in text]
    classes = [_CLASSES.get(kind, _NEUTRAL) for kind in kinds]
    for at, kind in enumerate(kinds):
        if kind in {"NSM", "BN"} and at:  # a mark belongs to its letter
            classes[at] = classes[at - 1]
        elif kind in _JOIN_DIGITS and 0 < at < len(kinds) - 1 and classes[at - 1] == classes[at + 1] == _DIGITS:
            classes[at] = _DIGITS
    return classes


def _resolve_brackets(text: str, classes: list[str], base: str) -> None:
    """Give both brackets of a pair the direction of what stands in them, where that is the same as around them."""
    waiting: list[int] = []
    for at, character in enumerate(text):
        if character in _BRACKETS:
            waiting.append(at)
        elif waiting and character == _BRACKETS[text[waiting[-1]]]:
            first = waiting.pop()
            inside = {_side(each) for each in classes[first + 1 : at] if each != _NEUTRAL}
            if not inside:
                continue
            before = next((_side(each) for each in reversed(classes[:first]) if each != _NEUTRAL), base)
            classes[first] = classes[at] = base if base in inside else before


def _side(each: str) -> str:
    return _LEFT if each == _LEFT else _RIGHT


def _reordered(parts: Sequence[tuple[int, _Part]]) -> list[tuple[int, _Part]]:
    """Reverse each sequence of parts of a level and above, beginning with the highest."""
    ordered = list(parts)
    for level in range(max((level for level, _ in parts), default=0), 0, -1):
        at = 0
        while at < len(ordered):
            end = at
            while end < len(ordered) and ordered[end][0] >= level:
                end += 1
            ordered[at:end] = reversed(ordered[at:end])
            at = end + 1
    return ordered
