"""Ages in free text, in numbers and in words, where they are said of the person who is shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from avatar_creator.engines.offline.grammar.subjects import find_others, is_person
from avatar_creator.engines.offline.grammar.tokens import word_at
from avatar_creator.engines.offline.grammar.written_ages import find_numbers, find_written_ages
from avatar_creator.engines.offline.words.ages import (
    AGES,
    AGES_OF_PERSONS,
    AGES_OF_RANGES,
    CHILDREN,
    COMPOUNDS,
    GENERATIONS,
    YEAR,
)
from avatar_creator.engines.offline.words.function_words import (
    BEHIND_CHILDREN,
    CLAUSE_BOUNDARIES,
    DETERMINERS,
    HAIR_COLORED,
    LINKS,
    NEGATIONS,
    PICTURES,
    PREPOSITIONS,
    REFUSING_PHRASES,
    STOP_WORDS,
)

_NEGATED_WITHIN = 3  # words: "not a very old man"
_NEAR = 12  # words
_LONGEST = 3  # words in a phrase of age
_BEFORE_THINGS = PREPOSITIONS - {"of"}
_DESCRIBED_UNTIL = CLAUSE_BOUNDARIES | PREPOSITIONS | {"a", "an"}


class Age(NamedTuple):
    """``years`` that the words from ``start`` to before ``end`` say."""

    years: int
    start: int
    end: int
    negated: bool


def ages_in_prompt(words: Sequence[str]) -> list[Age]:
    """Return the ages that are said of the person who is shown, numbers first."""
    reader = _PromptReader(words)
    return [*reader.written(), *reader.worded()]


def age_in_range(words: Sequence[str]) -> int | None:
    """Return the middle of the ages in a text about nothing else: "25-34", "mid 30s", "under 18", "elderly"."""
    numbers = [age.years for age in find_written_ages(words)] or [*find_numbers(words)]
    ages = numbers or [age.years for age in _worded(words, _in_ranges()) if not age.negated]
    return max(1, sum(ages) // len(ages)) if ages else None


class _PromptReader:
    """Finds the ages in the words of a prompt."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._others = find_others(words)
        self._first_person = next((at for at, word in enumerate(words) if is_person(word)), len(words))
        self._taken: set[int] = set()

    def written(self) -> Iterator[Age]:
        for age in find_written_ages(self._words):
            if not self._is_of_another(age.whose):
                self._taken.update(range(age.start, age.end))
                yield Age(age.years, age.start, age.end, _is_negated(self._words, age.start))

    def worded(self) -> Iterator[Age]:
        for age in _worded(self._words, _in_prompts()):
            if age.start not in self._taken and self._is_of_who_is_shown(age):
                yield age

    def _is_of_who_is_shown(self, age: Age) -> bool:
        phrase = " ".join(self._words[age.start : age.end])
        following = word_at(self._words, age.end)
        if phrase in _children():
            is_whole = following in BEHIND_CHILDREN or following.endswith("ing") or following[0].isdecimal()
            return is_whole and self._first_person >= age.start and not self._is_linked(age.start)
        if self._is_of_another(age.start) or following in COMPOUNDS:
            return False
        return phrase not in _of_persons() or self._is_said_of_a_person(age)

    def _is_said_of_a_person(self, age: Age) -> bool:
        """Tell whether "old" stands before a person, or alone; "an old town" and "an old photo of a man" do neither."""
        described = _until(self._words[age.end : age.end + _NEAR], _DESCRIBED_UNTIL)
        if described:
            return any(is_person(word) or word in HAIR_COLORED for word in described)
        before = _until(self._before(age.start), CLAUSE_BOUNDARIES - {"with", "has"})
        return all(is_person(word) or word in STOP_WORDS | NEGATIONS | DETERMINERS for word in before)

    def _is_of_another(self, at: int) -> bool:
        """Tell whether words are about somebody else, or about a thing: "a man wearing a 30-year-old jacket"."""
        if self._others[at] or self._first_person >= at:
            return self._others[at]
        first = at
        while first and self._words[first - 1] in DETERMINERS:
            first -= 1
        before = word_at(self._words, first - 1)
        is_of_a_thing = first < at and (before in _BEFORE_THINGS or before.endswith("ing"))
        return is_of_a_thing or self._links(first - 1)

    def _is_linked(self, at: int) -> bool:
        before = _until(self._before(at), CLAUSE_BOUNDARIES - LINKS)
        return any(self._links(at - 1 - index) for index in range(len(before)))

    def _links(self, at: int) -> bool:
        """Tell whether a word links to somebody else: all but the "of" in "portrait of"."""
        word, before = word_at(self._words, at), word_at(self._words, at - 1)
        return word in LINKS and not (word == "of" and before in PICTURES)

    def _before(self, at: int) -> Iterable[str]:
        return reversed(self._words[max(0, at - _NEAR) : at])


@cache
def _of_persons() -> Mapping[str, int]:
    return _by_phrase(AGES_OF_PERSONS)


@cache
def _children() -> Mapping[str, int]:
    return _by_phrase(CHILDREN)


@cache
def _in_prompts() -> Mapping[str, int]:
    born = {YEAR - (first + last) // 2: names for (first, last), names in GENERATIONS.items()}
    return {**_of_persons(), **_children(), **_by_phrase(AGES), **_by_phrase(born)}


@cache
def _in_ranges() -> Mapping[str, int]:
    return {**_in_prompts(), **_by_phrase(AGES_OF_RANGES)}


def _by_phrase(table: Mapping[int, str]) -> dict[str, int]:
    return {phrase: years for years, phrases in table.items() for phrase in phrases.split(", ")}


def _worded(words: Sequence[str], known: Mapping[str, int]) -> Iterator[Age]:
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in known:
                yield Age(known[phrase], at, at + length, _is_negated(words, at))
                at += length - 1
                break
        at += 1


def _is_negated(words: Sequence[str], at: int) -> bool:
    before = _until(reversed(words[max(0, at - _NEAR) : at]), CLAUSE_BOUNDARIES - {"but"})[:_NEGATED_WITHIN]
    pairs = {"_".join(pair) for pair in pairwise(reversed(before))}  # "anyone but an old man"
    is_ended = "but" in before and REFUSING_PHRASES.isdisjoint(pairs)
    return not is_ended and not (NEGATIONS.isdisjoint(before) and REFUSING_PHRASES.isdisjoint(pairs))


def _until(words: Iterable[str], ends: frozenset[str]) -> list[str]:
    taken: list[str] = []
    for word in words:
        if word in ends:
            break
        taken.append(word)
    return taken
