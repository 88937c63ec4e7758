"""Prompts read whole: what is said of the person who is shown, and what of somebody else."""

from collections.abc import Sequence
from typing import NamedTuple

from avatar_creator.engines.offline.grammar.ages import Age, ages_in_prompt
from avatar_creator.engines.offline.grammar.context import fits_in
from avatar_creator.engines.offline.grammar.phrases import Phrase, find_phrases, meaning_of
from avatar_creator.engines.offline.grammar.reading import read_phrases
from avatar_creator.engines.offline.grammar.subjects import find_others, is_person
from avatar_creator.engines.offline.grammar.tokens import Text, tokenize
from avatar_creator.engines.offline.words.function_words import DETERMINERS, LINKS, OTHERS, PRONOUNS
from avatar_creator.engines.offline.words.topics import Topic

_TOPICS = (
    Topic.BEARD,
    Topic.GLASSES,
    Topic.HEADWEAR,
    Topic.EARRINGS,
    Topic.GARMENT,
    Topic.EXPRESSION,
    Topic.ETHNICITY,
    Topic.GENDER,
    Topic.HAIR,
    Topic.DRESS,
    Topic.BODY,
)
_AGE = "years"  # says nothing by itself
_OWNED_WITHIN = 3  # words


class Prompt(NamedTuple):
    """What a prompt says of the person who is shown, and the words about ``others``.

    ``pronoun`` is the gender that words such as "her" say, which count where no other word says one.
    """

    phrases: list[Phrase]
    ages: list[Age]
    others: list[str]
    pronoun: str | None


def read_prompt(text: str) -> Prompt:
    """Return what a text about anything says of the person it shows."""
    tokens = tokenize(text)
    ages, pronoun = ages_in_prompt(tokens.words), _pronoun(tokens.words)
    tokens, others = _without_others(_without_ages(tokens, ages))
    phrases = find_phrases(tokens.words, _TOPICS, fits_in(tokens))
    return Prompt(read_phrases(tokens, phrases), ages, others, pronoun)


def _pronoun(words: Sequence[str]) -> str | None:
    """Return the gender that the first pronoun says of who is shown: "a doctor, her hair", but not "her old boss"."""
    is_named = False
    for at, word in enumerate(words):
        is_named = is_named or is_person(word)
        owned = words[at + 1 : at + 1 + _OWNED_WITHIN]
        if word in PRONOUNS and (is_named or not any(is_person(one) or one in OTHERS for one in owned)):
            return PRONOUNS[word]
    return None


def _without_ages(text: Text, ages: Sequence[Age]) -> Text:
    """Return a text without its ages; a word stays for a refused one, so that "not an old woman" is a woman.

    So does the one who is of the age: "she" in "she is 30".
    """
    words = list(text.words)
    of_ages = [at for age in ages for at in range(age.start, age.end)]
    taken = {at for at in of_ages if not (is_person(words[at]) or meaning_of(words[at], Topic.GENDER))}
    for age in ages:
        if age.negated:
            words[age.start] = _AGE
            taken.discard(age.start)
    return Text(words, text.joined).without(frozenset(taken))


def _without_others(text: Text) -> tuple[Text, list[str]]:
    """Return a text without the words about somebody else, and those words."""
    others = find_others(text.words)
    chunks: list[str] = []
    removed: set[int] = set()
    words = list(text.words)
    for at, is_other in enumerate(others):
        if not is_other:
            continue
        if at and others[at - 1]:
            chunks[-1] += f" {words[at]}"
            removed.add(at)
        else:
            chunks.append(words[at])
            words[at] = "."
    return Text(words, text.joined).without(frozenset(removed)), [_without_article(chunk) for chunk in chunks]


def _without_article(chunk: str) -> str:
    """Return "blonde wife" of "and his blonde wife"."""
    words = chunk.split()
    while words[1:] and words[0] in LINKS | DETERMINERS:
        del words[0]
    return " ".join(words)
