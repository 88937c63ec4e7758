"""Phrases of a text read together: what is known of the words, what each color is of, and what is refused."""

from collections.abc import Iterable, Iterator, Sequence

from avatar_creator.engines.offline.grammar.colors import bind_colors
from avatar_creator.engines.offline.grammar.phrases import Phrase, find_phrases
from avatar_creator.engines.offline.grammar.refusals import find_refused
from avatar_creator.engines.offline.grammar.tokens import STOPS, Text, tokenize
from avatar_creator.engines.offline.words.function_words import (
    COLORED,
    DETERMINERS,
    NEGATING_PREFIXES,
    NEGATIONS,
    STOP_WORDS,
    WEARING,
)
from avatar_creator.engines.offline.words.topics import Topic

_LEFT_OUT = COLORED.keys() - WEARING
_REFUSING = NEGATIONS | DETERMINERS | {"any"}


def read_value(text: str, topics: Sequence[Topic], color_of: str = "") -> list[Phrase]:
    """Return what a text about some topics says, and its unknown words. ``color_of`` is what a bare color is of."""
    tokens = tokenize(text)
    return read_phrases(tokens, find_phrases(tokens.words, topics), color_of)


def read_phrases(text: Text, phrases: Iterable[Phrase], color_of: str = "") -> list[Phrase]:
    """Return what the phrases of a text say: what each color is of, and what is refused."""
    return _without_weaker(_said(text, bind_colors([*_without_kinds_of_beards([*phrases])], color_of)))


def _said(text: Text, phrases: Iterator[Phrase]) -> Iterator[Phrase]:
    refused = find_refused(text)
    for phrase in phrases:
        before = text.words[phrase.start - 1] if phrase.start else ""
        is_left_out = refused[phrase.start] and phrase.text in _LEFT_OUT and before in _REFUSING  # "no background"
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
