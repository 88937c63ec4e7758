"""Values read whole."""

from avatar_creator.engines.offline.grammar.reading import read_value
from avatar_creator.engines.offline.words.topics import Topic


def test_a_length_before_a_beard_is_not_that_of_the_hair() -> None:
    found = read_value("very long mustache", (Topic.HAIR, Topic.BEARD))
    assert [one.topic for one in found if one.topic] == [Topic.BEARD]
