"""What each color of a text is of: a color belongs to the thing beside it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from avatar_creator.engines.offline.grammar.phrases import Phrase, find_colors
from avatar_creator.engines.offline.grammar.subjects import is_person
from avatar_creator.engines.offline.words.function_words import (
    COLOR_FILLERS,
    COLOR_LINKS,
    COLORED,
    DETERMINERS,
    HAIR_COLORED,
    MATERIALS,
    NECKWEAR,
    PHRASE_ENDS,
    STOP_WORDS,
)
from avatar_creator.engines.offline.words.topics import Topic

# Which colors a role knows.
TABLES: Mapping[str, Topic] = {
    "hair": Topic.HAIR_COLOR,
    "beard": Topic.HAIR_COLOR,
    "eyes": Topic.EYE_COLOR,
    "skin": Topic.SKIN,
    **dict.fromkeys(("clothes", "background", "headwear", "frames", "jewellery"), Topic.FABRIC),
}
_ROLES: Mapping[Topic | None, str] = {
    Topic.HAIR: "hair",
    Topic.BEARD: "beard",
    Topic.GLASSES: "frames",
    Topic.HEADWEAR: "headwear",
    Topic.EARRINGS: "jewellery",
    Topic.GARMENT: "clothes",
    Topic.DRESS: "clothes",
}
_BARE = frozenset({"hair", "eyes", "skin", "beard", "background"})  # a color may stand right behind these: "eyes blue"
_UNKNOWN = 2  # words that may stand between a color and its thing: "white medical coat"
_AHEAD = 12  # words behind a color among which its thing stands
_BEFORE = 8  # words before a color that may lead to its thing
_DRESSED_IN = frozenset({"in", "wearing", "wears", "wear", "dressed", "clad"})
_LISTS = frozenset({"and", "or", ","})
_BEFORE_LISTS = DETERMINERS | {"with", "has", "have", "having"}
_PASSED = COLOR_LINKS | COLOR_FILLERS | {"and", "not", "never"}


class _Thing(NamedTuple):
    """What a color is of: a role, and where the thing begins."""

    role: str
    at: int


_NOTHING = _Thing("", -1)


def bind_colors(phrases: Sequence[Phrase], default: str = "") -> Iterator[Phrase]:
    """Yield the phrases, each color as the thing that it is of knows it, or as a word without meaning.

    ``default`` is the role of a color that stands beside nothing.
    """
    for at, phrase in enumerate(phrases):
        if not phrase.is_color:
            yield phrase
            continue
        within = bool(at) and phrase.start < phrases[at - 1].end
        thing = _thing(phrases[at - 1]) if within else _thing_beside(phrases, at, default)
        for color in _resolved(phrase, thing):
            if color.meanings or not within:
                yield color


def _resolved(phrase: Phrase, thing: _Thing) -> Iterator[Phrase]:
    """Yield a color as its thing knows it."""
    if thing.role not in TABLES:
        yield phrase._replace(meanings={})
        return
    table = TABLES[thing.role]
    for part in find_colors(phrase.text.split(), table):
        start, end = phrase.start + part.start, phrase.start + part.end
        yield part._replace(start=start, end=end, role=thing.role, thing=thing.at)


def _thing(phrase: Phrase) -> _Thing:
    role = "tie" if phrase.text in NECKWEAR else _ROLES.get(phrase.topic) or COLORED.get(phrase.text)
    return _Thing(role, phrase.start) if role else _NOTHING


def _thing_beside(phrases: Sequence[Phrase], at: int, default: str) -> _Thing:
    things = (_ahead(phrases, at), _behind(phrases, at))
    no_roles = {""} if HAIR_COLORED.isdisjoint(phrases[at].text.split()) else {"", "eyes"}  # "a blue-eyed blonde"
    return next((thing for thing in things if thing.role not in no_roles), _Thing(_alone(phrases, at, default), -1))


def _ahead(phrases: Sequence[Phrase], at: int) -> _Thing:
    """Return the thing that a color stands before: "a red and white striped shirt"."""
    unknown = 0
    for place in range(at + 1, min(at + 1 + _AHEAD, len(phrases))):
        phrase = phrases[place]
        thing = _thing(phrase)
        if thing.role:
            return thing
        next_is_color = place + 1 < len(phrases) and phrases[place + 1].is_color
        if phrase.is_color or (phrase.text in _LISTS and next_is_color and not unknown):
            continue
        is_listed = phrase.text == "," and place == at + 1 and place + 1 < len(phrases)
        if is_listed and phrases[place + 1].topic is Topic.HAIR and at and phrases[at - 1].text in _BEFORE_LISTS:
            continue  # "with dark, curly hair"
        unknown += phrase.topic is None and phrase.text not in MATERIALS
        if phrase.text in PHRASE_ENDS or phrase.topic is Topic.GENDER or unknown > _UNKNOWN:
            break
    return _NOTHING


def _behind(phrases: Sequence[Phrase], at: int) -> _Thing:
    """Return the thing before a color: "hair dyed pink", "a sweater in navy", "her hair is long and red"."""
    linked = False
    for place in range(at - 1, max(-1, at - 1 - _BEFORE), -1):
        phrase = phrases[place]
        thing = _thing(phrase)
        if thing.role and (linked or (place == at - 1 and thing.role in _BARE)):
            return thing
        listed = phrase.text == "," and not linked  # "her hair is long, wavy and red"
        linked = linked or phrase.text in COLOR_LINKS
        passed = phrase.is_color or phrase.topic is Topic.HAIR or phrase.text in _PASSED or listed
        if not passed:
            break
    return _NOTHING


def _alone(phrases: Sequence[Phrase], at: int, default: str) -> str:
    """Return the role of a color beside nothing: "a woman in red", "a blonde", "a pale man"."""
    phrase = phrases[at]
    after = next((one for one in phrases[at + 1 : at + 4] if not one.is_color and one.text not in MATERIALS), None)
    is_whole = after is None or after.text in PHRASE_ENDS or after.text in STOP_WORDS or after.topic is not None
    if default:
        return default if is_whole else ""
    words = phrase.text.split()
    if not HAIR_COLORED.isdisjoint(words):
        return "hair"
    if words[-1] == "skinned":
        return "skin"
    before_person = after is not None and (is_person(after.text) or after.topic is Topic.GENDER)
    if before_person and Topic.FABRIC not in phrase.meanings:
        return "hair" if Topic.HAIR_COLOR in phrase.meanings else "skin" if Topic.SKIN in phrase.meanings else ""
    worn = next(
        (
            one
            for one in reversed(phrases[max(0, at - 4) : at])
            if one.text not in COLOR_FILLERS and not one.is_color and one.text != "and"
        ),
        None,
    )
    is_worn = worn is not None and worn.text in _DRESSED_IN and Topic.FABRIC in phrase.meanings
    return "clothes" if is_worn and is_whole and not before_person else ""
