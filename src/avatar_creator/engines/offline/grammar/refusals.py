"""What a text refuses: "no glasses or beard", "not blonde", "anything but a hat", but not "not only smiling"."""

from collections.abc import Sequence

from avatar_creator.engines.offline.grammar.tokens import Text
from avatar_creator.engines.offline.words.function_words import (
    AFFIRMING_PHRASES,
    CLAUSE_BOUNDARIES,
    DETERMINERS,
    NEGATING_PREFIXES,
    NEGATIONS,
    REFUSAL_ENDS,
    REFUSING_PHRASES,
)

_LONGEST = 3  # words in a phrase that refuses
_LISTED = 3  # words in a part of a list
_LONGEST_LIST = 20  # words
_ABSENT = frozenset({"none", "no", "without"})
# Behind these a word in -ing is what is refused: "not a smiling man"; behind others it begins what is seen.
_LEADING = DETERMINERS | NEGATIONS | frozenset({"any", "or", "nor", "and", "too", "very", "really", "be", "even"})


def find_refused(text: Text) -> list[bool]:
    """Return for each word of a text whether it is refused."""
    words = text.words
    refused = [False] * len(words)
    at = 0
    while at < len(words):
        if length := _length_of(words, at, AFFIRMING_PHRASES):
            at += length
            continue
        word = words[at]
        if at + 1 in text.joined and word in (NEGATIONS | NEGATING_PREFIXES):
            refused[at + 1] = True  # "no-nonsense", "non-white": the joined word, and no more
            at += 2
        elif word in NEGATING_PREFIXES:
            refused[at + 1 : at + 2] = [True] * len(words[at + 1 : at + 2])
            at += 2
        elif length := int(word in NEGATIONS) or _length_of(words, at, REFUSING_PHRASES):
            start = at + length
            at = max(start, _end_of_refusal(words, start))
            refused[start:at] = [True] * (at - start)
        else:
            at += 1
    _refuse_before(text, refused)
    return refused


def _length_of(words: Sequence[str], at: int, phrases: frozenset[str]) -> int:
    return next((n for n in range(2, _LONGEST + 1) if "_".join(words[at : at + n]) in phrases), 0)


def _end_of_refusal(words: Sequence[str], start: int) -> int:
    """Return the place behind the refused words."""
    at = start + (words[start : start + 1] != [","])  # "not wearing", "without any", "not in"
    while at < len(words):
        word = words[at]
        if word == ",":
            if not _lists(words, at + 1):
                return at
        elif word == "and":
            if not _is_alone(words, at + 1):
                return at
        elif (
            word in NEGATIONS
            or (word in REFUSAL_ENDS and words[at - 1] not in _LEADING)
            or (word.endswith("ing") and words[at - 1] not in _LEADING and not words[at - 1].endswith("ly"))
        ):
            return at
        at += 1
    return min(at, len(words))


def _lists(words: Sequence[str], at: int) -> bool:
    """Return whether behind a comma a list goes on to its "or": "without glasses, beard or hat", "…, beard, or hat"."""
    length = 0
    for place in range(at, min(at + _LONGEST_LIST, len(words))):
        word = words[place]
        if word in {"or", "nor"}:
            last = [one for one in words[place + 1 : place + 4] if one not in _LEADING]
            is_listed = 0 < length <= _LISTED or words[place - 1] == ","
            return is_listed and (len(last) < 2 or last[1] in CLAUSE_BOUNDARIES)  # noqa: PLR2004
        if word == ",":
            if not 0 < length <= _LISTED:
                return False
            length = 0
        elif word in CLAUSE_BOUNDARIES or word in NEGATIONS or length > _LISTED:
            return False
        else:
            length += 1
    return False


def _is_alone(words: Sequence[str], at: int) -> bool:
    """Return whether one word alone stands behind an "and": "no beard and glasses", but not "and long hair"."""
    after = words[at + 1] if at + 1 < len(words) else "."
    alone = at < len(words) and words[at] not in DETERMINERS | CLAUSE_BOUNDARIES and not words[at].endswith("ing")
    return alone and (after in CLAUSE_BOUNDARIES or after in {"or", "and"})


def _refuse_before(text: Text, refused: list[bool]) -> None:
    """Refuse what stands before its refusal: "glasses: none", "beard-free"."""
    words = text.words
    for at in range(1, len(words)):
        if words[at] == "free" and at in text.joined:
            refused[at - 1] = True
        if (
            words[at] in _ABSENT
            and words[at - 1] == ":"
            and (at + 1 == len(words) or words[at + 1] in CLAUSE_BOUNDARIES)
        ):
            first = at - 1
            while first and words[first - 1] not in CLAUSE_BOUNDARIES:
                first -= 1
            refused[first : at - 1] = [True] * (at - 1 - first)
