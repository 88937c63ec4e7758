"""Known phrases in the words of a text."""

import pytest

from avatar_creator.engines.offline.grammar.phrases import find_colors, find_phrases, meaning_of
from avatar_creator.engines.offline.palette import EYES, FABRIC
from avatar_creator.engines.offline.words.topics import Topic


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("long gray beard", [("long beard", "long beard"), ("gray", "")]),
        ("round red glasses", [("round glasses", "round glasses"), ("red", "")]),
        ("a blue hat", [("a", ""), ("blue", ""), ("hat", "hat")]),
        ("no hats", [("no", ""), ("hats", "hat")]),
    ],
)
def test_the_longest_phrase_wins_with_colors_between_its_words(text: str, found: list[tuple[str, str]]) -> None:
    phrases = find_phrases(text.split(), (Topic.BEARD, Topic.GLASSES, Topic.HEADWEAR))
    assert [(one.text, "" if one.is_color else one.meaning) for one in phrases] == found


def test_a_phrase_counts_where_it_fits() -> None:
    assert [one.topic for one in find_phrases(["hat"], (Topic.HEADWEAR,), lambda *_: False)] == [None]


def test_a_color_is_known_by_its_topic() -> None:
    assert meaning_of("navy blue", Topic.FABRIC) == FABRIC["navy"]
    parts = [(one.text, one.meaning) for one in find_colors(["foggy", "blue"], Topic.EYE_COLOR)]
    assert parts == [("foggy", ""), ("blue", EYES["blue"])]
