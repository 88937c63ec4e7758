"""Whom the words of a text are about: the person who is shown, or somebody else."""

from collections.abc import Sequence

from avatar_creator.engines.offline.grammar.phrases import meaning_of
from avatar_creator.engines.offline.grammar.tokens import word_at
from avatar_creator.engines.offline.words.ages import PERSONS, ROLES
from avatar_creator.engines.offline.words.function_words import (
    ANIMALS,
    CLAUSE_BOUNDARIES,
    DETERMINERS,
    LINKS,
    OTHERS,
    PICTURES,
    PREPOSITIONS,
)
from avatar_creator.engines.offline.words.topics import Topic

_ENDINGS = ("woman", "person", "ologist", "ographer", "ician", "keeper")  # of what people are by what they do
_MODIFIERS = 5  # words between "and his" and "wife"
_STOPS = frozenset(".;!?")
_AGE_UNITS = frozenset({"year", "years", "yr", "yrs", "month", "months"})
_GOING_ON = frozenset({"who", "whose", "aged", "both"})  # "with her son, who has red hair"


def is_person(word: str) -> bool:
    """Return whether a word names a person."""
    return word in PERSONS or word in ROLES or word.endswith(_ENDINGS)


def find_others(words: Sequence[str]) -> list[bool]:
    """Return for each word whether it is about another than the first person who is named."""
    others = [False] * len(words)
    first = next((at for at, word in enumerate(words) if is_person(word) or word in OTHERS), None)
    if first is None:
        animal = next((at for at, word in enumerate(words) if word in ANIMALS), None)
        if animal is None:
            return others
        first = next((at for at in range(animal, -1, -1) if _begins_with_animal(words[at])), -1)
        if first < 0:
            return [True] * len(words)
        others[first:animal] = [True] * (animal - first)
        first = animal - 1
    at = first + 1
    while at < len(words):
        if words[at] in ANIMALS or (words[at] in LINKS and _leads_to_another(words, at, first)):
            end = _end_of_another(words, at)
            others[at:end] = [True] * (end - at)
            at = end
        else:
            at += 1
    return others


def _begins_with_animal(word: str) -> bool:
    """Return whether an animal is only with the person behind a word: "a hat, with a parrot", "riding a horse"."""
    return word in LINKS or word in PREPOSITIONS or word.endswith("ing")


def _leads_to_another(words: Sequence[str], link: int, first: int) -> bool:
    """Return whether a link leads to somebody: "and his blonde wife", "with her 5-year-old son", not "of a doctor"."""
    if words[link] == "of" and words[link - 1] in PICTURES:
        return False
    determined = False
    for at in range(link + 1, min(link + 2 + _MODIFIERS, len(words))):
        word = words[at]
        if word in DETERMINERS:
            determined = True
        elif word in CLAUSE_BOUNDARIES or word in LINKS or word in PREPOSITIONS:
            return False
        elif word in OTHERS or word in ANIMALS:
            return not is_person(word_at(words, at + 1))  # "by a child psychologist" may be anybody
        elif is_person(word):
            return determined or _differ(words[first], word)
        elif word == "old" and words[at - 1] in _AGE_UNITS and word_at(words, at + 1) in CLAUSE_BOUNDARIES:
            return True  # "mother of a 5-year-old"
    return False


def _end_of_another(words: Sequence[str], at: int) -> int:
    """Return the place where it is over what is said of somebody else."""
    for end in range(at + 1, len(words)):
        following = word_at(words, end + 1)
        goes_on = following in _GOING_ON or (words[end - 1] in ANIMALS and following.isdecimal())
        if words[end] in _STOPS or (words[end] == "," and not goes_on):
            return end
    return len(words)


def _differ(one: str, other: str) -> bool:
    genders = {meaning_of(one, Topic.GENDER), meaning_of(other, Topic.GENDER)} - {None}
    return len(genders) > 1
