"""Texts read whole: what is known of the words, what each color is of, and what is refused."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from avatar_creator.engines.offline.grammar.ages import Age, ages_in_prompt
from avatar_creator.engines.offline.grammar.colors import bind_colors
from avatar_creator.engines.offline.grammar.context import fits_in
from avatar_creator.engines.offline.grammar.phrases import Phrase, find_phrases
from avatar_creator.engines.offline.grammar.refusals import find_refused
from avatar_creator.engines.offline.grammar.subjects import find_others, is_person
from avatar_creator.engines.offline.grammar.tokens import STOPS, Text, tokenize
from avatar_creator.engines.offline.words.function_words import (
    COLORED,
    DETERMINERS,
    LINKS,
    NEGATING_PREFIXES,
    NEGATIONS,
    STOP_WORDS,
)
from avatar_creator.engines.offline.words.topics import Topic

_PROMPT_TOPICS = (
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
_REFUSING = NEGATIONS | DETERMINERS | {"any"}


class Prompt(NamedTuple):
    """What a prompt says of the person who is shown, and the words about ``others``."""

    phrases: list[Phrase]
    ages: list[Age]
    others: list[str]


def read_value(text: str, topics: Sequence[Topic], color_of: str = "") -> list[Phrase]:
    """Return what a text about some topics says, and its unknown words. ``color_of`` is what a bare color is of."""
    tokens = tokenize(text)
    return _without_weaker(
        _said(tokens, bind_colors([*_without_kinds_of_beards([*find_phrases(tokens.words, topics)])], color_of))
    )


def read_prompt(text: str) -> Prompt:
    """Return what a text about anything says of the person it shows."""
    tokens = tokenize(text)
    ages = ages_in_prompt(tokens.words)
    tokens, others = _without_others(_without_ages(tokens, ages))
    phrases = find_phrases(tokens.words, _PROMPT_TOPICS, fits_in(tokens))
    return Prompt(_without_weaker(_said(tokens, bind_colors([*_without_kinds_of_beards([*phrases])]))), ages, others)


def _without_ages(text: Text, ages: Sequence[Age]) -> Text:
    """Return a text without its ages; a word stays for a refused one, so that "not an old woman" is a woman."""
    words = list(text.words)
    taken = {at for age in ages for at in range(age.start, age.end) if not is_person(words[at])}
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


def _said(text: Text, phrases: Iterator[Phrase]) -> Iterator[Phrase]:
    refused = find_refused(text)
    for phrase in phrases:
        before = text.words[phrase.start - 1] if phrase.start else ""
        is_left_out = refused[phrase.start] and phrase.text in COLORED and before in _REFUSING  # "no background"
        if phrase.meanings or is_left_out or _is_content(phrase.text):
            is_a_person = phrase.topic is Topic.GENDER and before not in _REFUSING  # "not an old woman" is a woman
            yield phrase._replace(refused=refused[phrase.start] and not is_a_person)


def _without_kinds_of_beards(phrases: Sequence[Phrase]) -> Iterator[Phrase]:
    """Yield phrases, those of hair and dress before a beard as words: "long mustache", "corporate beard"."""
    for at, one in enumerate(phrases):
        following = phrases[at + 1] if at + 1 < len(phrases) else None
        is_of_beard = following is not None and following.topic is Topic.BEARD and one.end == following.start
        yield one._replace(meanings={}) if is_of_beard and one.topic in {Topic.HAIR, Topic.DRESS} else one


def _without_weaker(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Return phrases without a smile where there is a laugh: "not only smiling but laughing"."""
    found = list(phrases)
    laughs = any(one.meaning == "laugh" and not one.refused for one in found)
    return [one for one in found if not (laughs and one.meaning == "smile" and not one.refused)]


def _is_content(word: str) -> bool:
    return word not in STOPS and word not in STOP_WORDS | NEGATIONS | NEGATING_PREFIXES | {"none"}
