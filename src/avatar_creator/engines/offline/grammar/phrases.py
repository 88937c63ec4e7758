"""Known phrases of a text, and its other words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from avatar_creator.engines.offline.grammar.color_names import color_named
from avatar_creator.engines.offline.words.colors import MODIFIERS
from avatar_creator.engines.offline.words.function_words import NEGATIONS
from avatar_creator.engines.offline.words.tables import COLOR_SYNONYMS, COLORS, PHRASES
from avatar_creator.engines.offline.words.topics import Topic

_LONGEST = 4  # words in a phrase
_NOT_SAID = frozenset({"", "none"})  # "none" is the meaning of "clean-shaven": alone it may be of anything
_COUNTED = frozenset({Topic.BEARD, Topic.HEADWEAR, Topic.GARMENT})  # "no hats"

Meanings = Mapping[Topic, str]
_Indexes = Sequence[tuple[Topic, Mapping[str, str]]]


class Phrase(NamedTuple):
    """The words from ``start`` to before ``end``: what they mean by topic, a color in several; unknown ones nothing.

    ``role`` is what a color is of, ``thing`` where that begins if it is named; ``refused``: by the text.
    """

    text: str
    start: int
    end: int
    meanings: Meanings = MappingProxyType({})
    role: str = ""
    thing: int = -1
    refused: bool = False

    @property
    def topic(self) -> Topic | None:
        return next(iter(self.meanings), None)

    @property
    def meaning(self) -> str:
        return next(iter(self.meanings.values()), "")

    @property
    def is_color(self) -> bool:
        return self.topic in COLORS


Fits = Callable[[Sequence[str], Topic, int, int], bool]


def find_phrases(words: Sequence[str], topics: Sequence[Topic], fits: Fits | None = None) -> Iterator[Phrase]:
    """Yield all of a text: phrases about some topics, colors, and single words.

    The longest phrase wins; of two topics that know a phrase, the first where it ``fits``. The colors of a thing
    may stand within its phrase: "round red glasses"; they are yielded behind it.
    """
    indexes = [(topic, _index_of(topic)) for topic in topics]
    if len(words) == 1:  # as most values are: to know what begins a color takes the tables of all colors
        yield _longest(words, indexes, 0, fits, may_be_color=True)
        return
    may_be_color = [_begins_color(word) for word in words]
    at = 0
    while at < len(words):
        phrase = _longest(words, indexes, at, fits, may_be_color=may_be_color[at])
        if not phrase.is_color and any(may_be_color[at + 1 : at + _LONGEST]):
            phrase = _around_colors(words, indexes, at, fits, phrase.end - at) or phrase
        yield phrase
        if not phrase.is_color and phrase.end - at > 1:
            yield from _colors_in(words, phrase)
        at = phrase.end


def find_colors(words: Sequence[str], topic: Topic) -> Iterator[Phrase]:
    """Yield the words of a color as one topic knows them: "navy blue" of eyes is blue, and navy a word."""
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            text = " ".join(words[at : at + length])
            meaning = meaning_of(text, topic)
            if meaning or length == 1:
                yield Phrase(text, at, at + length, {topic: meaning} if meaning else {})
                at += length
                break


def meaning_of(text: str, topic: Topic) -> str | None:
    """Return what a phrase means for a topic, a color as #rrggbb."""
    index = _index_of(topic)
    return color_named(text.split(), index) if topic in COLORS else _known(text, topic, index)


def _known(text: str, topic: Topic, index: Mapping[str, str]) -> str | None:
    meaning = index.get(text)
    if meaning is None and text[-1] == "s" and topic in _COUNTED:
        meaning = index.get(text[:-1])
    return meaning


def _longest(words: Sequence[str], indexes: _Indexes, at: int, fits: Fits | None, *, may_be_color: bool) -> Phrase:
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        text = " ".join(words[at : at + length])
        for topic, index in indexes:
            meaning = _known(text, topic, index)
            if meaning is not None and (fits is None or fits(words, topic, at, at + length)):
                return Phrase(text, at, at + length, {topic: meaning})
        colors = {topic: color for topic in COLORS if (color := meaning_of(text, topic))} if may_be_color else None
        if colors:
            return Phrase(text, at, at + length, colors)
    return Phrase(words[at], at, at + 1)


def _around_colors(words: Sequence[str], indexes: _Indexes, at: int, fits: Fits | None, shorter: int) -> Phrase | None:
    """Return a phrase with colors between its words, "long gray beard", and of more words than it has without."""
    if words[at] in NEGATIONS:  # "no red hair" is not "no hair"
        return None
    near = range(at + 1, min(at + 2 * _LONGEST, len(words)))
    places = [at, *(place for place in near if not _begins_color(words[place]))]
    for length in range(min(_LONGEST, len(places)), shorter, -1):
        start, end = at, places[length - 1] + 1
        text = " ".join(words[place] for place in places[:length])
        for topic, index in indexes if end - start > length else ():
            meaning = _known(text, topic, index)
            if meaning is not None and (fits is None or fits(words, topic, start, end)):
                return Phrase(text, start, end, {topic: meaning})
    return None


def _colors_in(words: Sequence[str], phrase: Phrase) -> Iterator[Phrase]:
    """Yield the colors that a phrase of several words holds: "black" of "black rimmed glasses"."""
    at = phrase.start
    while at < phrase.end:
        found = _longest(words[at : phrase.end], (), 0, None, may_be_color=_begins_color(words[at]))
        if found.is_color:
            yield found._replace(start=at, end=at + found.end)
        at += found.end


def _begins_color(word: str) -> bool:
    return word in _color_words() or word.startswith("#") or word.endswith("ish")


@cache
def _color_words() -> frozenset[str]:
    """Return the words that the names of colors begin with."""
    names = (name for topic in COLORS for name in _index_of(topic))
    return frozenset(name.partition(" ")[0] for name in names) | MODIFIERS.keys()


def _index(meanings: Mapping[str, str], phrases: Mapping[str, str]) -> Mapping[str, str]:
    index = {name.replace("-", " "): meaning for name, meaning in meanings.items()}
    for name, others in phrases.items():
        index.update(dict.fromkeys(others.split(", "), meanings[name]))
    for phrase in _NOT_SAID:
        index.pop(phrase, None)
    return index


@cache
def _index_of(topic: Topic) -> Mapping[str, str]:
    """Return the phrases about a topic, made when it is first asked for: a request is about few of them."""
    if topic in COLORS:
        return _index(COLORS[topic], COLOR_SYNONYMS[topic])
    return _index({name: name for name in PHRASES[topic]}, PHRASES[topic])
