"""Known phrases in free text, and whether they are negated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from avatar_creator.engines.offline.grammar.color_names import color_named
from avatar_creator.engines.offline.words import COLOR_SYNONYMS, COLORS, PHRASES
from avatar_creator.engines.offline.words.function_words import (
    CLAUSE_BOUNDARIES,
    NEGATING_PREFIXES,
    NEGATIONS,
    STOP_WORDS,
)
from avatar_creator.engines.offline.words.topics import Topic


class Phrase(NamedTuple):
    """A known phrase of a text (``meaning`` is what it stands for), or an unknown word without topic."""

    text: str
    topic: Topic | None
    meaning: str
    negated: bool


_SPELLINGS = (("grey", "gray"), ("colour", "color"), ("'", ""), ("\u2019", ""))
_TOKEN = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|[^\W_]+|[,.;:!?]")
_LONGEST = 4  # words in a phrase


def tokenize(text: str) -> list[str]:
    """Return the words and stops of a text, lower-case, British spellings and apostrophes made one."""
    text = text.casefold()
    for spelling, meant in _SPELLINGS:
        text = text.replace(spelling, meant)
    return _TOKEN.findall(text)


def find_phrases(text: str | Sequence[str], *topics: Topic) -> Iterator[Phrase]:
    """Yield what a text, or its tokens, says about some topics, and its words that say nothing about them.

    The longest phrase wins; of two topics that know a phrase, the first. Colors are given as #rrggbb.
    """
    tokens = tokenize(text) if isinstance(text, str) else text
    at, negated = 0, False
    while at < len(tokens):
        word = tokens[at]
        match = _match(tokens[at : at + _LONGEST], topics)
        if match:
            length, topic, meaning = match
            words = " ".join(tokens[at : at + length])
            yield Phrase(words, topic, meaning, negated or (at > 0 and tokens[at - 1] in NEGATING_PREFIXES))
            at += length
            continue
        if word in NEGATIONS:
            negated = True
        elif at and tokens[at - 1] in NEGATIONS:
            pass  # "not wearing", "without any": still negated
        elif word in CLAUSE_BOUNDARIES or (word == "and" and tokens[at + 1 : at + 2] in (["a"], ["an"])):
            negated = False
        elif word not in STOP_WORDS and word not in NEGATING_PREFIXES and word[0].isalnum():
            yield Phrase(word, None, "", negated)
        at += 1


def _match(tokens: Sequence[str], topics: tuple[Topic, ...]) -> tuple[int, Topic, str] | None:
    """Return how many tokens the longest known phrase has, its topic and its meaning."""
    for length in range(len(tokens), 0, -1):
        phrase = " ".join(tokens[:length])
        for topic in topics:
            known = _index_of(topic)
            meaning = color_named(tokens[:length], known) if topic in COLORS else known.get(phrase)
            if meaning is not None:
                return length, topic, meaning
    return None


def _index(meanings: Mapping[str, str], phrases: Mapping[str, str]) -> Mapping[str, str]:
    index = {name.replace("-", " "): meaning for name, meaning in meanings.items()}
    for name, others in phrases.items():
        index.update(dict.fromkeys(others.split(", "), meanings[name]))
    index.pop("", None)
    return index


@cache
def _index_of(topic: Topic) -> Mapping[str, str]:
    """Return the phrases about a topic, made when it is first asked for: a request is about few of them."""
    if topic in COLORS:
        return _index(COLORS[topic], COLOR_SYNONYMS[topic])
    return _index({name: name for name in PHRASES[topic]}, PHRASES[topic])
