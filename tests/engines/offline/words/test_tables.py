"""The tables of words: nothing is said twice, and everything leads to something that is drawn."""

from collections import Counter

import pytest

from avatar_creator.engines.offline.ancestry import ANCESTRIES
from avatar_creator.engines.offline.art import ART_STYLES
from avatar_creator.engines.offline.art.style import ArtStyle
from avatar_creator.engines.offline.grammar.tokens import tokenize
from avatar_creator.engines.offline.variants import nearest
from avatar_creator.engines.offline.words.colors import NAMED
from avatar_creator.engines.offline.words.tables import COLOR_SYNONYMS, COLORS, DRAWABLE, NEAREST, PHRASES
from avatar_creator.engines.offline.words.topics import Topic

TABLES = [*PHRASES.items(), *COLOR_SYNONYMS.items()]
TOPICS = [str(topic) for topic, _ in TABLES]


def phrases_of(table: dict[str, str]) -> list[str]:
    return [phrase for phrases in table.values() for phrase in phrases.split(", ") if phrase]


@pytest.mark.parametrize(("topic", "table"), TABLES, ids=TOPICS)
def test_no_phrase_has_two_meanings(topic: Topic, table: dict[str, str]) -> None:
    # What a topic calls its colors counts more than the names that all topics share.
    names = COLORS[topic].keys() - NAMED.keys() if topic in COLORS else table
    assert [
        phrase
        for phrase, times in Counter([*phrases_of(table), *(name.replace("-", " ") for name in names)]).items()
        if times > 1
    ] == []


@pytest.mark.parametrize(("topic", "table"), TABLES, ids=TOPICS)
def test_phrases_are_written_as_texts_are_read(topic: Topic, table: dict[str, str]) -> None:
    assert [phrase for phrase in phrases_of(table) if " ".join(tokenize(phrase).words) != phrase] == []
    if topic in COLORS:
        assert table.keys() <= COLORS[topic].keys()


def test_a_word_has_one_nearest_meaning() -> None:
    names = Counter(name for table in DRAWABLE.values() for name in table)
    assert [name for name, times in names.items() if times > 1] == []
    assert {near for near in NEAREST.values() if near} <= names.keys()


def test_every_trait_is_an_expression() -> None:
    assert PHRASES[Topic.TRAIT].keys() <= PHRASES[Topic.EXPRESSION].keys()


@pytest.mark.parametrize("style", ART_STYLES.values(), ids=ART_STYLES)
def test_every_hair_style_leads_to_one_that_is_drawn(style: ArtStyle) -> None:
    drawn = {feature for features in style.hair.values() for feature in features.split()}
    lost = [name for name in PHRASES[Topic.HAIR] if nearest(name, frozenset(drawn)) is None]
    assert lost == []


def test_every_origin_has_weights() -> None:
    named = {origin for joined in PHRASES[Topic.ETHNICITY] if joined for origin in joined.split(" + ")}
    assert named == ANCESTRIES.keys()
