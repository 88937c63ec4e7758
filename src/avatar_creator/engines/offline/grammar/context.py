"""Whether a known phrase of a prompt is about the person: words can be about anything, as in "water polo"."""

from collections.abc import Callable, Mapping, Sequence

from avatar_creator.engines.offline.grammar.phrases import Fits, meaning_of
from avatar_creator.engines.offline.grammar.subjects import is_person
from avatar_creator.engines.offline.grammar.tokens import Text, word_at
from avatar_creator.engines.offline.words.function_words import (
    ADVERBS,
    ATTIRE,
    CLAUSE_BOUNDARIES,
    COLORED,
    COMPOUND_TAILS,
    COMPOUNDS_OF_THINGS,
    DETERMINERS,
    FACE_PARTS,
    FACES,
    HAIR_NOUNS,
    ORIGIN_THINGS,
    PERSON_MODIFIERS,
    PHRASE_ENDS,
    STOP_WORDS,
    UNSURE,
    UNSURE_BODIES,
    WEAK_ORIGINS,
    WEARING,
)
from avatar_creator.engines.offline.words.tables import COLORS
from avatar_creator.engines.offline.words.topics import Topic

_UNSURE_GENDERS = frozenset({"f", "m", "they", "other", "neither", "unisex"})  # as in "f/1.8", "no other people"
_LENGTHS = frozenset({"short", "medium", "long"})
# Hair styles that a prompt can name in a word of their own; "short" or "messy" may be about anything.
_CUTS = frozenset({"afro", "bald", "balding", "braids", "buns", "dreadlocks", "mohawk", "pigtails", "ponytail"})
_BEFORE_NOUNS = frozenset({"a", "an", "his", "her", "their", "the"})
_AHEAD = 5  # words
_BEHIND = 8
_HAIR_ENDS = frozenset({".", ";", "with", "wearing"})
_LINKS_OF_LISTS = frozenset({"is", "was", "are", ":"})
_SAID = frozenset({"is", "looks", "looking", "seems", "feeling", "very", "quite", "and", ","})
_WORN_TOPICS = (Topic.GARMENT, Topic.HEADWEAR, Topic.GLASSES, Topic.EARRINGS)


def fits_in(text: Text) -> Fits:
    """Return what tells of the phrases of a prompt whether they are about the person."""

    def fits(words: Sequence[str], topic: Topic, start: int, end: int) -> bool:
        rule = _RULES.get(topic)
        return rule is None or rule(Text(words, text.joined), start, end)

    return fits


def _is_gender(text: Text, start: int, end: int) -> bool:
    return end - start > 1 or text.words[start] not in _UNSURE_GENDERS


def _is_hair(text: Text, start: int, end: int) -> bool:
    """Return whether a phrase says a cut, or stands beside the word hair: "long red hair", "hair in a bun"."""
    words = text.words
    meaning = meaning_of(" ".join(words[start:end]), Topic.HAIR)
    if meaning in _CUTS or (end - start > 1 and meaning not in _LENGTHS):
        return True
    return _names_hair(words, start, end) or _leads_to_hair(words, end) or _follows_hair(words, start)


def _names_hair(words: Sequence[str], start: int, end: int) -> bool:
    """Return whether a noun is one of hair by what stands before it: "a purple bob", not "Bob the builder"."""
    if words[start] not in HAIR_NOUNS or not _may_end(word_at(words, end)):
        return False
    before = start - 1
    while word_at(words, before) in _BEFORE_NOUNS:
        before -= 1
    is_with = word_at(words, before) == "with" and not meaning_of(word_at(words, before - 1), Topic.GARMENT)
    return is_with or (before == start - 1 and _is_of_hair(word_at(words, before)))


def _leads_to_hair(words: Sequence[str], end: int) -> bool:
    is_unknown_between = False
    for at in range(end, min(end + _AHEAD, len(words))):
        word = words[at]
        if COLORED.get(word) == "hair" or word in HAIR_NOUNS:
            return True
        if word in {",", "and"}:
            if is_unknown_between or not _is_of_hair(word_at(words, at + 1)):
                return False
        elif word in PHRASE_ENDS or word in COLORED or is_person(word):
            return False
        elif not _is_of_hair(word):
            is_unknown_between = True
    return False


def _follows_hair(words: Sequence[str], start: int) -> bool:
    """Return whether hair stands before a word, with a link where a list lies between: "hair is long, wavy"."""
    listed = False
    for at in range(start - 1, max(-1, start - 1 - _BEHIND), -1):
        word = words[at]
        if COLORED.get(word) == "hair":
            return not listed or words[at + 1] in _LINKS_OF_LISTS
        listed = listed or word == ","
        is_within = word == "," or word in _SAID | _LINKS_OF_LISTS or _is_of_hair(word)
        if (listed and not is_within) or word in _HAIR_ENDS or is_person(word):
            return False
    return False


def _is_of_hair(word: str) -> bool:
    return any(meaning_of(word, topic) is not None for topic in (Topic.HAIR, Topic.HAIR_COLOR))


def _is_worn(text: Text, start: int, end: int) -> bool:
    """Return whether a thing is one that somebody wears: not "water polo", "a coat of paint", "a dress code"."""
    words = text.words
    following = word_at(words, end)
    if end - start > 1 or words[start] not in UNSURE:
        return following not in COMPOUND_TAILS - {"of"}
    if f"{word_at(words, start - 1)}_{words[start]}" in COMPOUNDS_OF_THINGS or following == "of":
        return False
    if start in text.joined or not _may_end(following):
        return False
    return words[start] not in ADVERBS or not WEARING.isdisjoint(words[max(0, start - 3) : start])


def _is_shown_by_face(text: Text, start: int, end: int) -> bool:
    """Return whether a mood is the person's: not "user-friendly", "a content creator", "a calm lake"."""
    words = text.words
    if start in text.joined:
        return False
    if words[end - 1].endswith("ing"):  # "smiling"
        return True
    following = word_at(words, end)
    if words[start] in ADVERBS:
        return (
            is_person(following) or following in FACES or (word_at(words, start - 1) in _SAID and _may_end(following))
        )
    if _may_end(following) or following.endswith("ly"):
        return True
    ahead = _until_end(words, end)
    return any(is_person(word) or word in FACES or word in FACE_PARTS for word in ahead)


def _is_style_of_dress(text: Text, start: int, end: int) -> bool:
    """Return whether a style is that of clothes: "business attire", "a casual blue shirt", not "business person"."""
    words = text.words
    if words[end - 1].endswith("wear") or word_at(words, start - 1) == "dressed":
        return True
    ahead = _until_end(words, end)
    return any(
        word in ATTIRE or any(meaning_of(" ".join(ahead[at : at + n]), Topic.GARMENT) for n in (1, 2))
        for at, word in enumerate(ahead)
    )


def _is_origin(text: Text, start: int, end: int) -> bool:
    """Return whether an origin is that of a person: "an Indian woman", "of Japanese descent", not "Indian food"."""
    words = text.words
    phrase = " ".join(words[start:end])
    if not meaning_of(phrase, Topic.ETHNICITY):  # "American" says nothing about looks
        return False
    is_weak = phrase in WEAK_ORIGINS
    before, following = word_at(words, start - 1), word_at(words, end)
    unknown = 0
    for at in range(end, min(end + _AHEAD, len(words))):
        word = words[at]
        if is_person(word):
            return True
        if word in FACE_PARTS:
            return not (is_weak and word in COLORED)
        if word in ORIGIN_THINGS or (word in PHRASE_ENDS and not _joins_origins(words, at)):
            break
        if word not in PERSON_MODIFIERS and not _is_modifier(word):
            unknown += 1
            if unknown > (0 if is_weak else 1):
                break
    if is_weak or following not in PHRASE_ENDS | {"."}:
        return False
    return before in DETERMINERS | CLAUSE_BOUNDARIES | {"is", "from", "being"}


def _is_body(text: Text, start: int, end: int) -> bool:
    """Return whether a body is that of a person: "a muscular man", "of slim build", not "a thin line"."""
    words = text.words
    if end - start > 1 and meaning_of(" ".join(words[start : end - 1]), Topic.BODY):  # "slim build"
        return True
    if words[start] in UNSURE_BODIES:
        return False
    for word in _until_end(words, end):
        if is_person(word):
            return True
        if word not in PERSON_MODIFIERS and not _is_modifier(word):
            return False
    return False


def _joins_origins(words: Sequence[str], at: int) -> bool:
    return words[at] == "and" and meaning_of(word_at(words, at + 1), Topic.ETHNICITY) is not None


def _is_modifier(word: str) -> bool:
    """Return whether a word between an origin and a person is about the person, too: "an Indian bald man"."""
    topics = (Topic.ETHNICITY, Topic.HAIR, Topic.EXPRESSION, Topic.TRAIT, Topic.BEARD, Topic.DRESS, *COLORS)
    return any(meaning_of(word, topic) is not None for topic in topics)


def _may_end(following: str) -> bool:
    """Return whether a thing or a mood may end before a word: it is no part of another thing's name."""
    return following in PHRASE_ENDS or following in STOP_WORDS or following.endswith("ing") or is_person(following)


def _until_end(words: Sequence[str], start: int) -> list[str]:
    ahead: list[str] = []
    for word in words[start : start + _AHEAD]:
        if word in PHRASE_ENDS:
            break
        ahead.append(word)
    return ahead


_RULES: Mapping[Topic, Callable[[Text, int, int], bool]] = {
    Topic.GENDER: _is_gender,
    Topic.HAIR: _is_hair,
    Topic.EXPRESSION: _is_shown_by_face,
    Topic.DRESS: _is_style_of_dress,
    Topic.ETHNICITY: _is_origin,
    Topic.BODY: _is_body,
    **dict.fromkeys(_WORN_TOPICS, _is_worn),
}
