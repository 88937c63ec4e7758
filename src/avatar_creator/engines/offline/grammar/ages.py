"""Ages in free text: as numbers, as decades and as words, where they are said of the person who is shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from avatar_creator.engines.offline.words.ages import (
    AGES,
    AGES_OF_PERSONS,
    AGES_OF_RANGES,
    CHILDREN,
    COMPOUNDS,
    ONES,
    PERSONS,
    ROLES,
    TENS,
)
from avatar_creator.engines.offline.words.function_words import (
    BEHIND_CHILDREN,
    CLAUSE_BOUNDARIES,
    DETERMINERS,
    LINKS,
    NEGATIONS,
    PICTURES,
    PREPOSITIONS,
    STOP_WORDS,
)

_OLDEST = 120
_INTO_DECADE = {"early": 2, "mid": 5, "late": 8}  # years
_MIDDLE = 5
_NEGATED_WITHIN = 3  # words: "not a very old man"
_LONGEST = 3  # words in a phrase of age
_TEN = 10
_SPAN = r"\d{1,3}(?: (?:to |or |and )?\d{1,3})?"
_UNIT = r"(?:years?|yrs?|y)"
_DECADE = r"[2-9]0 ?(?:s|somethings?)\b"
_WHO = PERSONS | ROLES
_BEFORE_THINGS = PREPOSITIONS - {"of"}
_HUNDRED = "100"


class Age(NamedTuple):
    """``years`` that the tokens from ``start`` to before ``end`` say."""

    years: int
    start: int
    end: int
    negated: bool


def ages_in_prompt(tokens: Sequence[str]) -> list[Age]:
    """Return the ages that are said of the person who is shown. A bare number is none: most count other things."""
    ages = [age for age, whose in _written(tokens) if not _is_of_another(tokens, whose)]
    taken = {at for age in ages for at in range(age.start, age.end)}
    ages += [
        age for age in _worded(tokens, _in_prompts()) if age.start not in taken and _is_of_who_is_shown(tokens, age)
    ]
    return sorted(ages, key=lambda age: age.start)


def age_in_range(tokens: Sequence[str]) -> int | None:
    """Return the middle of the ages in a text about nothing else: "25-34", "mid 30s", "under 18", "elderly"."""
    numbers = [age.years for age, _ in _written(tokens)] or [*_bare(tokens)]
    words = [age for age in _worded(tokens, _in_ranges()) if not age.negated]
    ages = numbers or [age.years for age in words]
    return max(1, sum(ages) // len(ages)) if ages else None


# -- numbers


@cache
def _ways() -> re.Pattern[str]:
    """Return what reads the ways in which ages are written, compiled when the first number is met."""
    part = r"(?:early|mid|late)(?: (?:to|or) (?:early|mid|late))?"
    return re.compile(
        rf"\b(?:(?P<old>{_SPAN}) ?(?:yo|{_UNIT}(?: \.)? ?(?:old|young|of age|o))\b"
        r"|(?P<months>\d+) (?:months?|weeks?|days?) old\b"
        rf"|age[ds]?(?: (?:of|about|around|approximately|between|is|:))* (?P<aged>{_SPAN})\b(?: {_UNIT}\b)?(?: old\b)?"
        rf"|of (?P<of>{_SPAN})(?: {_UNIT}\b(?: old\b)?(?! of)|(?= ?$| [,.;!?]))"
        rf"|(?:(?:his|her|their|my|your) (?:{part} )?|(?<!the ){part} )(?P<decade>{_DECADE})"
        r"|(?P<some>[2-9]0) ?somethings?\b)"
    )


def _written(tokens: Sequence[str]) -> Iterator[tuple[Age, int]]:
    """Read "35-year-old", "52 y/o", "aged 42", "in her late 40s", and yield where what is of that age stands, too."""
    words, places = _in_digits(tokens)
    if not any(word[0].isdecimal() for word in words):
        return
    text = " ".join(words)
    for found in _ways().finditer(text):
        first = text.count(" ", 0, found.start())
        years = _years_of(found)
        whose = first
        if found["of"]:
            if first and words[first - 1] in PERSONS:
                whose = first - 1
            elif found[0].endswith("old"):  # "portrait of 35 years old"
                whose = first = first + 1
            else:
                continue
        if years <= _OLDEST:
            start, end = places[first], places[text.count(" ", 0, found.end()) + 1]
            yield Age(max(1, years), start, end, _is_negated(tokens, start)), places[whose]


def _years_of(found: re.Match[str]) -> int:
    if found["months"]:
        return int(found["months"]) // 12 if "month" in found[0] else 1
    decade = found["decade"] or found["some"]
    if decade:
        return _of_decade(found[0], decade)
    numbers = [int(number) for number in re.findall(r"\d+", found["old"] or found["aged"] or found["of"])]
    return sum(numbers) // len(numbers)


def _bare(tokens: Sequence[str]) -> Iterator[int]:
    """Read the numbers and decades of a text that is about an age: "25-34", "mid 30s", "under 18"."""
    text = " ".join(_in_digits(tokens)[0])
    part = r"(?:(?:early|mid|late)(?: to (?:early|mid|late))? )?"
    for found in re.finditer(
        rf"\b(?:{part}(?P<decade>{_DECADE})|(?P<under>under |below )?(?P<number>\d+)(?: \. \d+)?\b)", text
    ):
        if found["decade"]:
            years = _of_decade(found[0], found["decade"])
        else:
            years = int(found["number"]) - bool(found["under"])
        if years <= _OLDEST:
            yield years


def _in_digits(tokens: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return a text with its number words as digits, "thirties" as "30s", and at which token each word begins.

    The places end with that behind the last token.
    """
    words: list[str] = []
    places: list[int] = []
    for at, token in enumerate(tokens):
        digit = ONES.get(token, 0)
        if 0 < digit < _TEN and at and tokens[at - 1] in TENS:
            words[-1] = str(int(words[-1]) + digit)
            continue
        if words and f"{words[-1]} {token}" in ("a hundred", "1 hundred"):
            words[-1] = _HUNDRED
            continue
        above = ONES.get(token) or TENS.get(token)
        if above and words[-1:] == ["and"] and words[-2:-1] == [_HUNDRED]:
            del words[-1], places[-1]
        if above and words[-1:] == [_HUNDRED]:
            words[-1] = str(int(_HUNDRED) + above)
            continue
        places.append(at)
        stem = token.removesuffix("something")
        number = ONES.get(token) or TENS.get(stem) or TENS.get(f"{token.removesuffix('ies')}y")
        end = "something" if stem != token else "s" if token.endswith("ies") else ""
        words.append(f"{number}{end}" if number else token)
    return words, [*places, len(tokens)]


def _of_decade(text: str, decade: str) -> int:
    parts = [into for part, into in _INTO_DECADE.items() if part in text]
    return int(decade[:2]) + (sum(parts) // len(parts) if parts else _MIDDLE)


# -- words


@cache
def _in_prompts() -> Mapping[str, int]:
    return _by_phrase(AGES_OF_PERSONS, CHILDREN, AGES)


@cache
def _in_ranges() -> Mapping[str, int]:
    return _by_phrase(AGES_OF_PERSONS, CHILDREN, AGES, AGES_OF_RANGES)


def _by_phrase(*tables: Mapping[int, str]) -> Mapping[str, int]:
    return {phrase: years for table in tables for years, phrases in table.items() for phrase in phrases.split(", ")}


def _worded(tokens: Sequence[str], known: Mapping[str, int]) -> Iterator[Age]:
    at = 0
    while at < len(tokens):
        for length in range(_LONGEST, 0, -1):
            phrase = " ".join(tokens[at : at + length])
            if phrase in known and at + length <= len(tokens):
                yield Age(known[phrase], at, at + length, _is_negated(tokens, at))
                at += length - 1
                break
        at += 1


def _is_of_who_is_shown(tokens: Sequence[str], age: Age) -> bool:
    phrase = " ".join(tokens[age.start : age.end])
    following = tokens[age.end] if age.end < len(tokens) else "."
    if phrase in _by_phrase(CHILDREN):
        is_whole = following in BEHIND_CHILDREN or following.endswith("ing")
        return is_whole and _WHO.isdisjoint(tokens[: age.start]) and not _is_linked(tokens, age.start)
    if _is_of_another(tokens, age.start) or following in COMPOUNDS:
        return False
    return phrase not in _by_phrase(AGES_OF_PERSONS) or _is_said_of_a_person(tokens, age)


def _is_said_of_a_person(tokens: Sequence[str], age: Age) -> bool:
    """Tell whether "old" stands before a person, or alone; "an old town" and "an old photo of a man" do neither."""
    described = _until(tokens[age.end :], CLAUSE_BOUNDARIES | PREPOSITIONS | {"a", "an"})
    if described:
        return not _WHO.isdisjoint(described)
    before = _until(reversed(tokens[: age.start]), CLAUSE_BOUNDARIES - {"with", "has"})
    return _WHO.union(STOP_WORDS, NEGATIONS, DETERMINERS).issuperset(before)


def _is_of_another(tokens: Sequence[str], at: int) -> bool:
    """Tell whether somebody was named before, and what follows is another's: "a man and his", "a man wearing a"."""
    if _WHO.isdisjoint(tokens[:at]):
        return False
    first = at
    while first and tokens[first - 1] in DETERMINERS:
        first -= 1
    before = tokens[first - 1] if first else "."
    is_of_a_thing = first < at and (before in _BEFORE_THINGS or before.endswith("ing"))
    return is_of_a_thing or _links(tokens, first - 1)


def _is_linked(tokens: Sequence[str], at: int) -> bool:
    before = _until(reversed(tokens[:at]), CLAUSE_BOUNDARIES - LINKS)
    return any(_links(tokens, at - 1 - index) for index in range(len(before)))


def _links(tokens: Sequence[str], at: int) -> bool:
    """Tell whether a token links to somebody else: all but the "of" in "portrait of"."""
    return at >= 0 and tokens[at] in LINKS and not (tokens[at] == "of" and at and tokens[at - 1] in PICTURES)


def _is_negated(tokens: Sequence[str], at: int) -> bool:
    before = _until(reversed(tokens[:at]), CLAUSE_BOUNDARIES)
    return not NEGATIONS.isdisjoint(before[:_NEGATED_WITHIN])


def _until(tokens: "Iterator[str] | Sequence[str]", ends: frozenset[str]) -> list[str]:
    taken: list[str] = []
    for token in tokens:
        if token in ends:
            break
        taken.append(token)
    return taken
