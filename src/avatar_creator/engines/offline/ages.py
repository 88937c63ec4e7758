"""Ages in free text: as numbers, as decades and as words, where they are said of the person who is shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from avatar_creator.engines.offline.words import (
    AGES,
    AGES_OF_PERSONS,
    AGES_OF_RANGES,
    BEHIND_CHILDREN,
    CHILDREN,
    CLAUSE_ENDS,
    COMPOUNDS,
    DETERMINERS,
    FILLERS,
    LINKS,
    ONES,
    PERSONS,
    PICTURES,
    PREPOSITIONS,
    REFUSALS,
    ROLES,
    TENS,
)

_OLDEST = 120
_INTO_DECADE = {"early": 2, "mid": 5, "late": 8}  # years
_MIDDLE = 5
_REFUSED_WITHIN = 3  # words: "not a very old man"
_LONGEST = 3  # words in a phrase of age
_HINTS = frozenset(["age", "aged", "ages", "early", "mid", "late", *ONES, *TENS])
_DECADES = {f"{word.removesuffix('y')}ies": years for word, years in TENS.items()}
_WHO = PERSONS | ROLES


class Age(NamedTuple):
    """``years`` that the tokens from ``start`` to before ``end`` say."""

    years: int
    start: int
    end: int
    refused: bool


def ages_in_prompt(tokens: Sequence[str]) -> list[Age]:
    """Return the ages that are said of the person who is shown. A bare number is none: most count other things."""
    ages = [age for age in _written(tokens) if not _is_of_another(tokens, age.start)]
    taken = {at for age in ages for at in range(age.start, age.end)}
    ages += [
        age for age in _worded(tokens, _in_prompts()) if age.start not in taken and _is_of_who_is_shown(tokens, age)
    ]
    return sorted(ages, key=lambda age: age.start)


def age_in_range(tokens: Sequence[str]) -> int | None:
    """Return the middle of the ages in a text about nothing else: "25-34", "mid 30s", "under 18", "elderly"."""
    numbers = [age.years for age in _written(tokens)] or [*_bare(tokens)]
    words = [age for age in _worded(tokens, _in_ranges()) if not age.refused]
    ages = numbers or [age.years for age in words]
    return max(1, sum(ages) // len(ages)) if ages else None


# -- numbers


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what reads an age in a prompt, and what reads a decade or number in an age range."""
    ones, tens, decades = ("|".join(names) for names in (ONES, TENS, _DECADES))
    number = rf"(?:\d{{1,3}}|(?:{tens})(?: (?:{ones}))?|(?:{ones}))"
    span = rf"{number}(?: (?:to |or |and )?{number})?"
    unit = r"(?:years?|yrs?|y)"
    part = r"(?:early|mid|late)(?: (?:to|or) (?:early|mid|late))?"
    some = rf"(?:[2-9]0|{tens}) ?somethings?\b"
    decade = rf"(?:[2-9]0 ?s\b|(?:{decades})\b|{some})"
    ways = (
        rf"(?P<old>{span}) ?(?:yo|{unit}(?: \.)? ?(?:old|of age|o))\b",
        rf"(?P<months>{number}) (?:months?|weeks?|days?) old\b",
        rf"age[ds]?(?: (?:of|about|around|approximately|between|is|:))* (?P<aged>{span})\b(?: {unit}\b)?(?: old\b)?",
        rf"(?:{'|'.join(PERSONS)}) of (?P<of>{span}) {unit}\b(?! of)",
        rf"(?:(?:his|her|their|my|your) (?:{part} )?|(?<!the ){part} )(?P<decade>{decade})",
        rf"(?P<some>{some})",
    )
    loose = (
        rf"(?:{part} )?(?P<decade>{decade})",
        rf"(?P<under>under|below) (?P<most>{number})\b",
        rf"(?P<number>{number})(?: \. \d+)?\b",
    )
    return re.compile(rf"\b(?:{'|'.join(ways)})"), re.compile(rf"\b(?:{'|'.join(loose)})")


def _written(tokens: Sequence[str]) -> Iterator[Age]:
    """Read "35-year-old", "52 y/o", "aged 42", "a person of 30 years", "in her late 40s"."""
    if not any(_may_count(word) for word in tokens):
        return
    text = " ".join(tokens)
    for found in _patterns()[0].finditer(text):
        start = text.count(" ", 0, found.start())
        said = found["old"] or found["aged"] or found["of"]
        decade = found["decade"] or found["some"]
        if decade:
            years = _of_decade(found[0], decade)
        elif said:
            numbers = _numbers(said)
            years = sum(numbers) // len(numbers)
        else:
            years = _numbers(found["months"])[0] // 12 if "month" in found[0] else 1
        if years <= _OLDEST:
            end = text.count(" ", 0, found.end()) + 1
            yield Age(max(1, years), start, end, _is_refused(tokens, start))


def _bare(tokens: Sequence[str]) -> Iterator[int]:
    for found in _patterns()[1].finditer(" ".join(tokens)):
        if found["decade"]:
            years = _of_decade(found[0], found["decade"])
        elif found["under"]:
            years = _numbers(found["most"])[0] - 1
        else:
            years = _numbers(found["number"])[0]
        if years <= _OLDEST:
            yield years


def _may_count(word: str) -> bool:
    return word[0].isdecimal() or word in _HINTS or word in _DECADES or word.endswith("something")


def _of_decade(text: str, decade: str) -> int:
    years = next((years for word, years in (*_DECADES.items(), *TENS.items()) if decade.startswith(word)), None)
    if years is None:
        years = int(decade[:2])
    parts = [into for part, into in _INTO_DECADE.items() if part in text]
    return years + (sum(parts) // len(parts) if parts else _MIDDLE)


def _numbers(text: str) -> list[int]:
    """Return the numbers in a text of digits and number words: "twenty five to 34" is 25 and 34."""
    numbers: list[int] = []
    tens = 0
    for word in text.split():
        if word in TENS:
            tens = TENS[word]
            numbers.append(tens)
        elif word in ONES and tens and ONES[word] < min(TENS.values()) // 2:
            numbers[-1] += ONES[word]
            tens = 0
        elif word in ONES or word.isdecimal():
            numbers.append(ONES.get(word) or int(word))
            tens = 0
    return numbers


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
                yield Age(known[phrase], at, at + length, _is_refused(tokens, at))
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
    described = _until(tokens[age.end :], CLAUSE_ENDS | PREPOSITIONS | {"a", "an"})
    if described:
        return not _WHO.isdisjoint(described)
    before = _until(reversed(tokens[: age.start]), CLAUSE_ENDS - {"with", "has"})
    return _WHO.union(FILLERS, REFUSALS, DETERMINERS).issuperset(before)


def _is_of_another(tokens: Sequence[str], at: int) -> bool:
    """Tell whether somebody was named before, and what follows is with, of or for this person: "a man and his"."""
    if _WHO.isdisjoint(tokens[:at]):
        return False
    while at and tokens[at - 1] in DETERMINERS:
        at -= 1
    return _links(tokens, at - 1)


def _is_linked(tokens: Sequence[str], at: int) -> bool:
    before = _until(reversed(tokens[:at]), CLAUSE_ENDS - LINKS)
    return any(_links(tokens, at - 1 - index) for index in range(len(before)))


def _links(tokens: Sequence[str], at: int) -> bool:
    """Tell whether a token links to somebody else: all but the "of" in "portrait of"."""
    return at >= 0 and tokens[at] in LINKS and not (tokens[at] == "of" and at and tokens[at - 1] in PICTURES)


def _is_refused(tokens: Sequence[str], at: int) -> bool:
    before = _until(reversed(tokens[:at]), CLAUSE_ENDS)
    return not REFUSALS.isdisjoint(before[:_REFUSED_WITHIN])


def _until(tokens: "Iterator[str] | Sequence[str]", ends: frozenset[str]) -> list[str]:
    taken: list[str] = []
    for token in tokens:
        if token in ends:
            break
        taken.append(token)
    return taken
